"""A server's picture for onlookers. The law: looking changes nothing."""

from __future__ import annotations

from algorithms.raft.majorities import members
from algorithms.raft.progress import Progress
from algorithms.raft.state import State
from algorithms.raft.view import Peer, RaftView

WINDOW = 256


def view_of(state: State) -> RaftView:
    """Figure 2, and the end of the log."""
    log = state.log
    entries = log.entries[-WINDOW:]
    return RaftView(
        name=state.name,
        role=state.role,
        current_term=state.current_term,
        voted_for=state.voted_for,
        leader=state.leader,
        commit_index=state.commit_index,
        last_applied=state.last_applied,
        first_index=log.first_index,
        last_index=log.last_index,
        last_term=log.last_term,
        snapshot_index=state.snapshot_index,
        window_first=log.last_index - len(entries) + 1,
        window_terms=tuple(entry.term for entry in entries),
        configuration=log.configuration,
        peers=_peers(state),
        store=state.store.snapshot(),
    )


def _peers(state: State) -> tuple[Peer, ...]:
    if state.leading is not None:
        return tuple(_peer(name, progress) for name, progress in state.leading.peers)
    if state.role == "follower":
        return ()
    others = [name for name in members(state.configuration) if name != state.name]
    return tuple(Peer(name, vote=state.votes.get(name)) for name in others)


def _peer(name: str, progress: Progress) -> Peer:
    transmission = progress.transmission
    offset = transmission.offset if transmission is not None else None
    next_index, match_index, in_flight = progress.next_index, progress.match_index, len(progress.in_flight)
    return Peer(name, next_index, match_index, in_flight, snapshot_offset=offset)
