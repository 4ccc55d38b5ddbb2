"""Heartbeat rounds: a leader's sign of life, and the answers that prove that it still led (dissertation 6.4).

The law: who answers a round has promised no higher ballot by then. So if a quorum of phase 2 has answered one, no other
leader had a quorum of phase 1 when it began.
"""

from __future__ import annotations

from algorithms.machine import Send
from algorithms.paxos.leading import Leading
from algorithms.paxos.messages import Heartbeat
from algorithms.paxos.state import State


def begin_round(state: State, leading: Leading) -> None:
    """A heartbeat to everybody."""
    leading.round += 1
    if state.settings.reads == "lease":
        leading.reads.rounds_begun.append((leading.round, state.now))
    heartbeat = Heartbeat(state.ballot, state.commit_index, leading.round)
    for name, _ in leading.peers:
        state.effects.append(Send(name, heartbeat, True))


def confirmed_round(state: State, leading: Leading) -> int:
    """The latest round that a quorum has answered, of those who count for the next slot. The leader answers itself."""
    slot = state.commit_index + 1
    progress, name = leading.progress, state.name
    rounds = [
        leading.round if each == name else progress[each].round
        for each in state.configuration_for(slot).acceptors
        if each == name or each in progress
    ]
    needed = state.quorums_for(slot).phase_2
    return sorted(rounds)[-needed] if len(rounds) >= needed else 0
