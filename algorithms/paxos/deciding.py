"""What a leader makes of the answers: a slot is chosen when a quorum of phase 2 has accepted (Paxos Made Simple 2.2).

The law: the acceptors that count are those of the slot's own configuration, and each has it on disk when it says so;
the leader's own disk counts like any other.
"""

from __future__ import annotations

from algorithms.paxos.alpha import after_choice, settle
from algorithms.paxos.leading import Leading
from algorithms.paxos.learning import advance
from algorithms.paxos.messages import Accepted, HeartbeatReply
from algorithms.paxos.newcomers import look_around
from algorithms.paxos.proposing import send_open
from algorithms.paxos.reads import confirm, release_held
from algorithms.paxos.state import State
from algorithms.paxos.transfer import target_advanced

CHOSEN = "Paxos Made Simple 2.2"
REMEMBERED = 64
"""Who has accepted is remembered for so many chosen slots, for onlookers."""


def accepted(state: State, source: str, message: Accepted) -> None:
    """Count; a slot that has enough is decided."""
    leading = state.leading
    if leading is None or message.ballot != state.ballot:
        return
    progress = leading.progress.get(source)
    if progress is not None:
        progress.active = True
    news = False
    for slot in range(message.first_slot, message.last_slot + 1):
        accepts = leading.accepts.get(slot)
        if accepts is None or source in accepts:
            continue
        accepts[source] = None
        if slot > state.commit_index and slot not in leading.decided and is_chosen(state, slot, accepts):
            leading.decided[slot] = None
            news = True
    if news:
        _conclude(state, leading)


def is_chosen(state: State, slot: int, accepts: dict[str, None]) -> bool:
    """Whether a quorum of phase 2 has accepted."""
    configuration = state.configurations.at(slot)
    needed = state.quorums_among(configuration).phase_2
    if len(accepts) < needed:
        return False
    return sum(name in accepts for name in configuration.acceptors) >= needed


def _conclude(state: State, leading: Leading) -> None:
    """Apply what is decided without a hole before it; and what waited for alpha may be sent."""
    before = slot = state.commit_index
    while slot + 1 in leading.decided:
        slot += 1
        del leading.decided[slot], leading.values[slot]
        leading.accepts.pop(slot - REMEMBERED, None)
    if slot == before:
        last = next(reversed(leading.decided))
        state.note(f"slot {last} is chosen, and waits for slot {slot + 1}", "Paxos Made Simple 3")
        return
    state.note(f"commit index -> {slot}: a quorum has accepted it, on disk", CHOSEN)
    advance(state, slot)
    after_choice(state, leading, before)
    if state.leading is leading:
        send_open(state, leading)
        release_held(state, leading)
        if leading.transfer is not None:
            target_advanced(state, leading)


def heartbeat_reply(state: State, source: str, message: HeartbeatReply) -> None:
    """A server follows us still, and has learned so much."""
    leading = state.leading
    if leading is None or message.ballot != state.ballot:
        return
    progress = leading.progress.get(source)
    if progress is None:
        return
    progress.active = True
    if message.round < progress.round:
        return
    progress.round = message.round
    progress.commit_index = message.commit_index
    if leading.reads.waiting or leading.reads.rounds_begun:
        confirm(state, leading)
    if leading.change is not None or leading.leaving or leading.transfer is not None:
        _advanced(state, leading)


def _advanced(state: State, leading: Leading) -> None:
    look_around(state, leading)
    settle(state, leading)
    if state.leading is leading and leading.transfer is not None:
        target_advanced(state, leading)
