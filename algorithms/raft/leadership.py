"""Coming to lead, and staying in office: the no-op, heartbeats, CheckQuorum (Figure 2; dissertation 6.2, 6.4).

The law: a leader speaks up at once when it is elected, goes on doing so, and leaves when it hears no majority.
"""

from __future__ import annotations

from algorithms.machine import SetTimer
from algorithms.raft.leading import Leading
from algorithms.raft.majorities import has_majority, tally
from algorithms.raft.reads import confirm
from algorithms.raft.replication import append_entry, begin_round
from algorithms.raft.roles import become_follower
from algorithms.raft.state import CANCEL_ELECTION, State
from algorithms.raft.transfer import target_advanced
from algorithms.replicated.messages import NoOp


def become_leader(state: State) -> None:
    """Leaders: upon election, send AppendEntries to all, with a no-op of the new term (dissertation 6.4)."""
    votes, configuration = tally(state.configuration, state.votes), state.configuration
    state.note(f"wins term {state.current_term} with {votes} votes", "Raft 5.2")
    state.role, state.leader = "leader", state.name
    leading = state.leading = Leading(state.name, configuration, state.log.last_index)
    state.effects += [CANCEL_ELECTION, state.heartbeat_timer]
    if state.settings.check_quorum:
        _watch_quorum(state)
    if state.settings.no_op_on_election:
        leading.round = 1
        append_entry(state, leading, NoOp())
    else:
        begin_round(state, leading)


def heartbeat_is_due(state: State) -> None:
    """Leaders: repeat during idle periods, so that nobody's election timer runs out."""
    leading = state.leading
    if leading is None:
        return
    state.effects.append(state.heartbeat_timer)
    begin_round(state, leading)
    if leading.reads.waiting or leading.reads.rounds_begun:
        confirm(state, leading)
    if leading.transfer is not None:
        target_advanced(state, leading)


def check_quorum(state: State) -> None:
    """A leader that has heard no majority for an election timeout leads nobody (dissertation 6.2)."""
    leading = state.leading
    if leading is None:
        return
    heard = {name: progress.active for name, progress in leading.peers} | {state.name: True}
    if has_majority(state.configuration, heard):
        for _, progress in leading.peers:
            progress.active = False
        _watch_quorum(state)
    else:
        why = f"it has heard only {tally(state.configuration, heard)} for an election timeout"
        become_follower(state, state.current_term, why, "dissertation 6.2")


def _watch_quorum(state: State) -> None:
    patience = state.settings.election_timeout_longest
    state.effects.append(SetTimer("check_quorum", patience, patience))
