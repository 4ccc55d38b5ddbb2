"""A server's picture for onlookers. The law: looking changes nothing."""

from __future__ import annotations

from algorithms.paxos.ballot import NO_BALLOT
from algorithms.paxos.state import State
from algorithms.paxos.view import PaxosView, SlotView
from algorithms.paxos.words import describe

WINDOW = 64


def view_of(state: State) -> PaxosView:
    """Its three roles, and the end of the log."""
    acceptor, preparation, slot = state.acceptor, state.preparation, state.commit_index + 1
    last = max(acceptor.last_slot, state.commit_index)
    first = max(acceptor.base_slot + 1, last - WINDOW + 1)
    return PaxosView(
        name=state.name,
        role=role_of(state),
        promised=acceptor.promised,
        ballot=state.ballot,
        leader=state.leader,
        promises=tuple(sorted(preparation.promised)) if preparation is not None else (),
        commit_index=state.commit_index,
        last_applied=state.last_applied,
        first_slot=acceptor.base_slot + 1,
        last_slot=last,
        snapshot_slot=state.snapshot_index,
        slots=tuple(_slot(state, each) for each in range(first, last + 1)),
        acceptors=state.configuration_for(slot).acceptors,
        quorums=state.quorums_for(slot),
        store=state.store.snapshot(),
    )


def role_of(state: State) -> str:
    """`leader`, `preparing` (or asking whether it may), `follower` or `outsider`."""
    if state.role == "leader":
        return "leader"
    if not state.may_count():
        return "outsider"
    return "follower" if state.role == "follower" else "preparing"


def _slot(state: State, slot: int) -> SlotView:
    proposal, leading = state.acceptor.accepted.get(slot), state.leading
    accepts = tuple(sorted(leading.accepts.get(slot, ()))) if leading is not None else ()
    ballot = proposal.ballot if proposal is not None else NO_BALLOT
    value = describe(proposal.value) if proposal is not None else ""
    chosen = slot <= state.commit_index or (leading is not None and slot in leading.decided)
    return SlotView(slot, ballot, value, accepts, chosen)
