"""Becoming a follower, from whatever one was.

The law: a ballot ends as a whole. What never got further than a slot's number was surely not done and is turned away;
of what was sent to an acceptor nobody can say yet what will become of it, so nothing is said.
"""

from __future__ import annotations

from algorithms.machine import CancelTimer
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.leading import Leading
from algorithms.paxos.state import PROPOSERS_TIMERS, State


def become_follower(state: State, why: str, source: str) -> None:
    """The election timer runs on, or begins to."""
    was, leading = state.role, state.leading
    if state.preparation is None:
        if was == "probing":
            state.role = "follower"
        return
    state.role, state.leader, state.preparation, state.leading = "follower", None, None, None
    what = "stops leading" if was == "leader" else "gives up"
    state.note(f"{what} in ballot {state.ballot}: {why}", source)
    state.effects.extend([CancelTimer(name) for name in PROPOSERS_TIMERS])
    state.effects.append(state.election_timer)
    if leading is not None:
        _end(state, leading)


def _end(state: State, leading: Leading) -> None:
    for slot, caller in leading.waiting.items():
        if slot > leading.sent:
            state.turn_away(caller)
    for read in (*leading.reads.held, *leading.reads.waiting):
        state.turn_away(read.caller)
    change, transfer = leading.change, leading.transfer
    if change is not None and not change.proposed:
        state.turn_away(change.caller)
    if transfer is not None:
        state.reply(transfer.caller, "not_leader", hint=transfer.target)


def see(state: State, ballot: Ballot) -> None:
    """Remember how high ballots are by now."""
    if ballot.round > state.highest_round:
        state.highest_round = ballot.round


def promise_ballot(state: State, ballot: Ballot) -> None:
    """Promise to accept nothing below, in any slot; on disk before it is told (Paxos Made Simple, section 2.2)."""
    see(state, ballot)
    state.acceptor.promised = ballot
    state.promised_at = state.now
    state.save_acceptor()
