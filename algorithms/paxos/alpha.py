"""Bringing a configuration into force, by alpha (Paxos Made Simple, section 3, end; Lamport, Malkhi, Zhou 2010,
"Reconfiguring a State Machine").

The law: a configuration that is chosen in slot i counts from slot i + alpha on; and the old one is needed until a
quorum of the new has it on disk that all before that slot is chosen.
"""

from __future__ import annotations

from algorithms.machine import CancelTimer
from algorithms.paxos.leading import Change, Leading
from algorithms.paxos.members import speak_to_members
from algorithms.paxos.messages import Configuration, TakeOver
from algorithms.paxos.proposing import assign, propose, send_open
from algorithms.paxos.reads import forget_lease
from algorithms.paxos.roles import become_follower
from algorithms.paxos.rounds import begin_round
from algorithms.paxos.state import State
from algorithms.paxos.words import describe, span
from algorithms.replicated.messages import NoOp

ALPHA = "Paxos Made Simple 3"


def propose_change(state: State, leading: Leading, change: Change) -> None:
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
