"""Learners that have missed something, and the answers to them (Paxos Made Simple 2.3; Paxos Made Live 5.5).

The law: any server may teach what it knows to be chosen; the learner asks, part by part, until it knows as much. A
leader learns only from its own ballot, so that where its word reaches, its own proposal is the chosen one.
"""

from __future__ import annotations

from algorithms.paxos.leadership import lead
from algorithms.paxos.learning import ask, learn
from algorithms.paxos.messages import CatchUp, Chosen, InstallSnapshot, Promise
from algorithms.paxos.newcomers import look_around
from algorithms.paxos.preparing import ask_the_others, is_prepared, take_promise
from algorithms.paxos.roles import become_follower
from algorithms.paxos.snapshots import receive_part, send_part
from algorithms.paxos.state import State


def catch_up(state: State, source: str, message: CatchUp) -> None:
    """Teach: from the log, or from the snapshot if the log begins behind the question."""
    first, acceptor = message.first_slot, state.acceptor
    if first <= acceptor.base_slot:
        send_part(state, source, message)
        return
    last = min(state.commit_index, first + state.settings.max_batch - 1)
    if first <= last:
        state.send_at_once(source, Chosen(tuple(acceptor.proposals(first, last)), state.commit_index))


def chosen(state: State, source: str, message: Chosen) -> None:
    """Learn; and ask on, if there is more and this was news."""
    if state.leading is None and learn(state, message.proposals):
        if message.commit_index > state.commit_index:
            ask(state, source)
        _has_learned(state)


def install_snapshot(state: State, source: str, message: InstallSnapshot) -> None:
    """Another part; ask on, if it was the next one."""
    if state.leading is None and receive_part(state, source, message):
        ask(state, source)
        _has_learned(state)


def _has_learned(state: State) -> None:
    """It may be what we lacked to lead, or tell that we count; and nobody shall be in our way while we get on."""
    state.effects.append(state.election_timer)
    if state.preparation is not None:
        try_to_lead(state)


def promise(state: State, source: str, message: Promise) -> None:
    """Phase 1b has come back."""
    whole = take_promise(state, source, message)
    leading, preparation = state.leading, state.preparation
    if not whole or preparation is None:
        return
    if leading is None:
        try_to_lead(state)
    else:
        look_around(state, leading)


def try_to_lead(state: State) -> None:
    """What is found may say that more have to promise; if nobody has to, we lead."""
    preparation = state.preparation
    assert preparation is not None, "only who prepares can lead"
    ask_the_others(state, preparation)
    if not state.may_count():
        become_follower(state, "it has learned that it is no acceptor any more", "Paxos Made Simple 3")
    elif is_prepared(state, preparation):
        lead(state, preparation)
