"""Reads: R replicas tell what they hold, and the join of that is the answer (Dynamo 4.5; read repair, 5).

The law: a read changes nothing but what it repairs, so a read without an answer has failed and nothing else.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from algorithms.ring import coordinating
from algorithms.ring.messages import Fetch, Store
from algorithms.ring.operation import Operation
from algorithms.ring.versions import NOTHING, Versions, join

if TYPE_CHECKING:
    from algorithms.ring.state import State

QUORUM = "Dynamo 4.5"
REPAIR = -1
"""What stands for an operation in the messages that repair; nobody waits for their answers."""


def ask(state: State, operation: Operation) -> None:
    """The first N nodes that seem to be alive stand for the preference list; strictly, only its own nodes are asked."""
    alive = [node for node in operation.homes if state.is_alive(node)]
    if state.settings.sloppy_quorum:
        others = (node for node in state.walk(operation.key) if node not in operation.homes and state.is_alive(node))
        alive += [node for node, _ in zip(others, range(len(operation.homes) - len(alive)), strict=False)]
    for node in alive if len(alive) >= operation.wanted else operation.homes:
        _send(state, operation, node)


def ask_others(state: State, operation: Operation) -> None:
    """Too few have answered in time: ask the next ones on the ring as well, or those that seemed dead."""
    missing = operation.wanted - len(operation.responses)
    others = state.walk(operation.key) if state.settings.sloppy_quorum else iter(operation.homes)
    asked = [node for node in others if node not in operation.asked][:missing]
    for node in asked:
        _send(state, operation, node)


def heard(state: State, operation: Operation) -> None:
    """Answer as soon as enough have; repair when all have."""
    if not operation.answered and len(operation.responses) >= operation.wanted:
        found = _found(state, operation)
        coordinating.finish(state, operation, "ok", found)
        state.note(f"read {operation.key} from {' '.join(operation.responses)}{_siblings(found)}", QUORUM)
    if operation.answered and not operation.silent:
        _repair(state, operation)
        coordinating.end(state, operation)


def give_up(state: State, operation: Operation) -> None:
    """Repair those who have answered; say so if they were too few."""
    _repair(state, operation)
    if not operation.answered:
        reason = f"ReadTimeoutException: {len(operation.responses)} of {operation.wanted} replicas answered"
        coordinating.finish(state, operation, "refused", NOTHING, reason)


def _send(state: State, operation: Operation, node: str) -> None:
    operation.asked[node] = None
    state.send_at_once(node, Fetch(state.ring.epoch, operation.number, operation.key))


def _found(state: State, operation: Operation) -> Versions:
    return reduce(lambda one, other: join(one, other, state.last_write_wins), operation.responses.values(), NOTHING)


def _siblings(found: Versions) -> str:
    return f": {len(found.siblings)} siblings" if len(found.siblings) > 1 else ""


def _repair(state: State, operation: Operation) -> None:
    """Whoever owns the key and knew less is told the rest."""
    if not state.settings.read_repair:
        return
    found = _found(state, operation)
    behind = [node for node in operation.homes if operation.responses.get(node, found) != found]
    for node in behind:
        state.read_repairs += 1
        state.send(node, Store(state.ring.epoch, REPAIR, operation.key, found))
    if behind:
        state.note(f"repairs {operation.key} on {' '.join(behind)}", "Dynamo 5")
