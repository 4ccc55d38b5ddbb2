"""Changing who accepts, by alpha (Paxos Made Simple, section 3, end; Lamport, Malkhi, Zhou 2010, "Reconfiguring a
State Machine").

The law: a configuration that is chosen in slot i counts from slot i + alpha on. Before it is proposed, its newcomers
have learned what is chosen and have promised our ballot, so that a leader never lacks a quorum of phase 1; and one
change is made at a time.
"""

from __future__ import annotations

from algorithms.machine import CancelTimer, SetTimer
from algorithms.paxos.leading import Caller, Change, Leading, Progress
from algorithms.paxos.messages import Configuration, TakeOver
from algorithms.paxos.preparing import ask_one, has_promised
from algorithms.paxos.proposing import assign, propose, send_open
from algorithms.paxos.quorums import why_broken
from algorithms.paxos.reads import forget_lease
from algorithms.paxos.roles import become_follower
from algorithms.paxos.rounds import begin_round
from algorithms.paxos.state import State
from algorithms.paxos.words import describe, span
from algorithms.replicated.messages import ChangeConfiguration, NoOp

ALPHA = "Paxos Made Simple 3"
RECONFIGURING = "Lamport, Malkhi, Zhou 2010"


def speak_to_members(state: State, leading: Leading) -> None:
    """Our peers are all who count, or will, or may; who is to count; and who counted, until it knows that it does not
    any more."""
    proposed = [each for each in leading.values.values() if isinstance(each, Configuration)]
    configurations = (*state.configurations.since(state.commit_index + 1), *proposed)
    names = {name: None for configuration in configurations for name in configuration.acceptors}
    if leading.change is not None:
        names.update(dict.fromkeys(leading.change.learning))
    names.update(leading.leaving)
    names.pop(state.name, None)
    leading.speak_to(tuple(sorted(names)))


# ---------------------------------------------------------------- the wish


def change_configuration(state: State, leading: Leading, source: str, wish: ChangeConfiguration) -> None:
    """An administrator's wish. A retry of the one under way only says where the answer shall go."""
    caller = Caller(source, wish.client_id, wish.sequence)
    acceptors = tuple(sorted(dict.fromkeys(wish.voters)))
    change = leading.change
    if change is not None and change.caller[1:] == caller[1:] and change.acceptors == acceptors:
        change.caller = caller
    elif reason := _why_not(state, leading, acceptors):
        state.note(f"refuses to make {' '.join(acceptors)} the acceptors: {reason}", ALPHA)
        state.reply(caller, "refused", reason=reason)
    elif state.configurations.newest.configuration.acceptors == acceptors:
        state.reply(caller, "ok")
    else:
        _begin(state, leading, caller, acceptors)


def _why_not(state: State, leading: Leading, acceptors: tuple[str, ...]) -> str:
    """What forbids a change now; empty if nothing does."""
    if not acceptors:
        return "somebody must accept"
    if leading.change is not None or is_changing(state, leading):
        return "another change is under way"
    if state.commit_index < leading.settled:
        return f"slot {leading.settled}, from an earlier ballot, is not decided yet"
    if state.settings.allow_broken_quorums:
        return ""
    return why_broken(len(acceptors), state.quorums_among(Configuration(acceptors)))


def is_changing(state: State, leading: Leading) -> bool:
    """Whether a configuration is proposed, or is chosen and does not count yet, or is about to send us away."""
    newest = state.configurations.newest
    if newest.slot > state.commit_index + 1 or state.name not in newest.configuration.acceptors:
        return True
    return any(isinstance(each, Configuration) for each in leading.values.values())


# ---------------------------------------------------------------- newcomers learn and promise


def _begin(state: State, leading: Leading, caller: Caller, acceptors: tuple[str, ...]) -> None:
    standing = state.configurations.newest.configuration.acceptors
    learning = tuple(name for name in acceptors if name not in standing)
    leading.change = Change(caller, acceptors, learning)
    if not learning:
        _propose(state, leading, leading.change)
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
        _propose(state, leading, change)


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


# ---------------------------------------------------------------- alpha


def _propose(state: State, leading: Leading, change: Change) -> None:
    change.proposed = True
    state.effects.append(CancelTimer("catch_up"))
    configuration = Configuration(change.acceptors)
    slot = propose(state, leading, configuration)
    state.note(f"proposes {describe(configuration)} in slot {slot}, to count from {slot + state.settings.alpha}", ALPHA)


def after_choice(state: State, leading: Leading, before: int) -> None:
    """The commit index has moved from `before` on. A configuration that is chosen and does not count yet is brought
    into force with no-ops; an heir does so too."""
    newest = state.configurations.newest
    if state.commit_index + 1 < newest.slot:
        _fill(state, leading, newest.slot - 1)
    elif before + 1 < newest.slot:
        _counts_now(state, leading, newest.slot)


def _fill(state: State, leading: Leading, last: int) -> None:
    if leading.next_slot > last:
        return
    state.note(f"fills {span(leading.next_slot, last)} with no-ops, so that the configuration may count", ALPHA)
    while leading.next_slot <= last:
        assign(leading, NoOp())
    send_open(state, leading)
    speak_to_members(state, leading)


def _counts_now(state: State, leading: Leading, first: int) -> None:
    old, new = state.configuration_for(first - 1).acceptors, state.configuration_for(first).acceptors
    leading.leaving.update(dict.fromkeys(name for name in old if name not in new and name != state.name))
    forget_lease(leading)
    speak_to_members(state, leading)
    begin_round(state, leading)
    settle(state, leading)


def settle(state: State, leading: Leading) -> None:
    """Once a quorum of the new configuration has it on disk that all before its first slot is chosen, nobody needs the
    old one any more: the change is done, and whoever does not count leaves."""
    newest, commit_index = state.configurations.newest, state.commit_index
    last = newest.slot - 1
    if commit_index < last:
        return
    for name in list(leading.leaving):
        if leading.progress[name].commit_index >= last:
            del leading.leaving[name]
            speak_to_members(state, leading)
    know = [name for name in newest.configuration.acceptors if _knows(state, leading, name, last)]
    if len(know) >= state.quorums_among(newest.configuration).phase_2:
        _done(state, leading, know)


def _knows(state: State, leading: Leading, name: str, slot: int) -> bool:
    return name == state.name or (name in leading.progress and leading.progress[name].commit_index >= slot)


def _done(state: State, leading: Leading, know: list[str]) -> None:
    change, newest = leading.change, state.configurations.newest
    if change is not None and change.proposed and change.acceptors == newest.configuration.acceptors:
        leading.change = None
        state.note(f"the change is done: {describe(newest.configuration)}", ALPHA)
        state.reply(change.caller, "ok")
    if state.name not in newest.configuration.acceptors:
        state.send(know[0], TakeOver(state.ballot))
        become_follower(state, "the configuration that counts is without it", ALPHA)
