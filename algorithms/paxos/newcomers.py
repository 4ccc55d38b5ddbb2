"""Acceptors to be: they learn what is chosen, and promise, before they are proposed (Lamport, Malkhi, Zhou 2010).

The law: a leader never lacks a quorum of phase 1 of a configuration that it has proposed.
"""

from __future__ import annotations

from algorithms.machine import SetTimer
from algorithms.paxos.alpha import propose_change
from algorithms.paxos.leading import Caller, Change, Leading, Progress
from algorithms.paxos.members import speak_to_members
from algorithms.paxos.messages import Configuration
from algorithms.paxos.preparing import ask_one, has_promised
from algorithms.paxos.rounds import begin_round
from algorithms.paxos.state import State

RECONFIGURING = "Lamport, Malkhi, Zhou 2010"


def begin_change(state: State, leading: Leading, caller: Caller, acceptors: tuple[str, ...]) -> None:
    standing = state.configurations.newest.configuration.acceptors
    learning = tuple(name for name in acceptors if name not in standing)
    leading.change = Change(caller, acceptors, learning)
    if not learning:
        propose_change(state, leading, leading.change)
        return
    state.note(f"{' '.join(learning)} shall learn what is chosen before they count", RECONFIGURING)
    speak_to_members(state, leading)
    begin_round(state, leading)
    _watch(state)


def _watch(state: State) -> None:
    """Learners that make no progress in this time are given up."""
    patience = state.settings.election_timeout_longest * 4
    state.effects.append(SetTimer("catch_up", patience, patience))


def look_around(state: State, leading: Leading) -> None:
    """Somebody has got further, or a heartbeat is due: newcomers that are up to date shall promise our ballot; and when
    all have, the change is proposed."""
    change, preparation = leading.change, state.preparation
    if change is None or change.proposed or preparation is None:
        return
    missing = [name for name in change.learning if name not in preparation.promised]
    for name in missing:
        if _is_up_to_date(state, leading.progress[name]):
            ask_one(state, preparation, name, preparation.asked.get(name) or leading.next_slot)
    if not missing and has_promised(state, preparation, Configuration(change.acceptors)):
        propose_change(state, leading, change)


def _is_up_to_date(state: State, progress: Progress) -> bool:
    return progress.round > 0 and progress.commit_index + state.settings.alpha > state.commit_index


def look_after_learners(state: State, leading: Leading) -> None:
    """The timer `catch_up` ran out."""
    change = leading.change
    if change is None or change.proposed:
        return
    seen = tuple(leading.progress[name].commit_index for name in change.learning)
    if seen != change.seen:
        change.seen = seen
        _watch(state)
        return
    leading.change = None
    reason = f"{' '.join(change.learning)} could not be reached, or did not catch up"
    state.note(f"gives up making {' '.join(change.acceptors)} the acceptors: {reason}", RECONFIGURING)
    speak_to_members(state, leading)
    state.reply(change.caller, "refused", reason=reason)
