"""The leader in phase 2: values get slots, and are sent to the acceptors (Paxos Made Simple, section 3).

The law: slots are given out without a gap, and one slot gets one value a ballot. No more than alpha slots are
undecided, for nobody knows yet who counts behind that.
"""

from __future__ import annotations

from algorithms.machine import Send
from algorithms.paxos.leading import Leading
from algorithms.paxos.messages import Accept, Accepted, Proposal, Value
from algorithms.paxos.state import State


def assign(leading: Leading, value: Value) -> int:
    """Give `value` the next slot. Nothing is sent yet."""
    slot = leading.next_slot
    leading.next_slot = slot + 1
    leading.values[slot] = value
    return slot


def propose(state: State, leading: Leading, value: Value) -> int:
    """Give `value` the next slot, and send it as soon as alpha allows. Returns the slot."""
    slot = assign(leading, value)
    send_open(state, leading)
    return slot


def send_open(state: State, leading: Leading) -> None:
    """Phase 2a for every slot that has a value, as far as alpha allows. The acceptors get it in parallel with our own
    disk, and our own acceptance counts like any other's: when it is durable."""
    last = min(leading.next_slot - 1, state.commit_index + state.settings.alpha)
    while leading.sent < last:
        first = leading.sent + 1
        _send(state, leading, first, min(last, leading.sent + state.settings.max_batch))


def _send(state: State, leading: Leading, first: int, last: int) -> None:
    ballot, values, slots = state.ballot, leading.values, range(first, last + 1)
    message = Accept(ballot, first, tuple([values[slot] for slot in slots]), state.commit_index)
    for name, _ in leading.peers:
        state.effects.append(Send(name, message, True))
    state.write(tuple([Proposal(slot, ballot, values[slot]) for slot in slots]))
    state.effects.append(Send(state.name, Accepted(ballot, first, last)))
    for slot in slots:
        leading.accepts[slot] = {}
    leading.sent = last


# ---------------------------------------------------------------- what was lost on the way


def repeat_overdue(state: State, leading: Leading) -> None:
    """With each heartbeat: whoever has not accepted what was sent before the last one gets it again."""
    if leading.sent_before > state.commit_index:
        for name, _ in leading.peers:
            _repeat(state, leading, name)
    leading.sent_before = leading.sent


def _repeat(state: State, leading: Leading, name: str) -> None:
    run: list[int] = []
    for slot in range(state.commit_index + 1, leading.sent_before + 1):
        if not _is_missing(state, leading, slot, name):
            continue
        if run and (slot != run[-1] + 1 or len(run) == state.settings.max_batch):
            _send_again(state, leading, name, run)
            run = []
        run.append(slot)
    if run:
        _send_again(state, leading, name, run)


def _is_missing(state: State, leading: Leading, slot: int, name: str) -> bool:
    if slot in leading.decided or name in leading.accepts[slot]:
        return False
    return name in state.configuration_for(slot).acceptors


def _send_again(state: State, leading: Leading, name: str, run: list[int]) -> None:
    values = tuple([leading.values[slot] for slot in run])
    state.send_at_once(name, Accept(state.ballot, run[0], values, state.commit_index))
