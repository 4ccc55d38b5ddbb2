"""Reads: R replicas tell what they hold, and the join of that is the answer (Dynamo 4.5; read repair, 5).

The law: a read changes nothing but what it repairs, so a read without an answer has failed and nothing else.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from algorithms.ring import coordinating
from algorithms.ring.messages import Fetch, Store
from algorithms.ring.operation import Operation
from algorithms.ring.tombstones import is_over
from algorithms.ring.versions import NOTHING, Versions, join

if TYPE_CHECKING:
    from algorithms.ring.state import State

QUORUM = "Dynamo 4.5"
REPAIR = -1
"""What stands for an operation in the messages that repair; nobody waits for their answers."""


def ask(state: State, operation: Operation) -> None:
    """The first N nodes that seem to be alive stand for the preference list; strictly, only its own nodes are asked."""
    for home in operation.homes:
        if state.is_alive(home):
            _send(state, operation, home)
        elif state.settings.sloppy_quorum:
            _instead_of(state, operation, home)
    _ask_coming(state, operation)


def _ask_coming(state: State, operation: Operation) -> None:
    """While ranges move, enough of those who will own the key must be heard as well: for all we know they own it by
    now, and were written to without any of the others. Whoever of them knows the newer ring says so."""
    alive = [node for node in operation.coming if state.is_alive(node)]
    if state.settings.sloppy_quorum and len(alive) < min(operation.wanted, len(operation.coming)):
        operation.coming = ()
        return
    for node in alive:
        if node not in operation.asked:
            _send(state, operation, node)


def ask_others(state: State, operation: Operation) -> None:
    """Too few have answered in time: ask the next ones on the ring as well; strictly, those that seemed dead."""
    if state.settings.sloppy_quorum:
        operation.coming = ()
        missing = operation.wanted - operation.count_in(operation.homes)
        for home in [home for home in operation.homes if not operation.count_in((home,))][:missing]:
            _instead_of(state, operation, home)
    else:
        for node in (*operation.homes, *operation.coming):
            if node not in operation.asked:
                _send(state, operation, node)
    heard(state, operation)


def heard(state: State, operation: Operation) -> None:
    """Answer as soon as enough have; repair when all have."""
    if not operation.answered and operation.has_quorum:
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
        have = operation.count_in(operation.homes)
        reason = f"ReadTimeoutException: {have} of {operation.wanted} replicas answered"
        if have >= operation.wanted:
            reason = "ReadTimeoutException: too few of the nodes that are coming answered"
        coordinating.finish(state, operation, "refused", NOTHING, reason)


def _send(state: State, operation: Operation, node: str) -> None:
    operation.asked[node] = None
    state.send_at_once(node, Fetch(state.ring.epoch, operation.number, operation.key))


def _instead_of(state: State, operation: Operation, home: str) -> None:
    """The next node on the ring that seems to be alive is asked in its place (4.6): it may keep hints for it."""
    concerned = {**dict.fromkeys(operation.homes), **operation.stand_ins}
    node = next((node for node in state.walk(operation.key) if node not in concerned and state.is_alive(node)), None)
    if node is not None:
        operation.stand_ins[node] = home
        if node not in operation.asked:
            _send(state, operation, node)


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
    if is_over(state, found):  # Who has forgotten a deleted key in its time is not reminded of it.
        behind = [node for node in behind if operation.responses[node] != NOTHING]
    for node in behind:
        state.read_repairs += 1
        state.send(node, Store(state.ring.epoch, REPAIR, operation.key, found))
    if behind:
        state.note(f"repairs {operation.key} on {' '.join(behind)}", "Dynamo 5")
