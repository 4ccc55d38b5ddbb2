"""Writes: a delta, and W replicas that have it on disk (Dynamo 4.5, 4.6).

The law: a write goes to every home of its key, and to those that will be while ranges move. With a sloppy quorum the
word of a stand-in counts for the home that it stands for; with a strict one only homes count, and hints are only kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from algorithms.ring import coordinating, hints
from algorithms.ring.messages import Store
from algorithms.ring.operation import Operation
from algorithms.ring.versions import Versions

if TYPE_CHECKING:
    from algorithms.ring.state import State

QUORUM = "Dynamo 4.5"
HANDOFF = "Dynamo 4.6"


def ask(state: State, operation: Operation) -> None:
    """Send it to every home that seems to be alive, and to somebody else for each of the others."""
    for home in dict.fromkeys((*operation.homes, *operation.coming)):
        if state.is_alive(home):
            _send(state, operation, home)
        else:
            _instead_of(state, operation, home)


def ask_others(state: State, operation: Operation) -> None:
    """Homes that do not answer get stand-ins now."""
    for node in operation.silent:
        if node not in operation.stand_ins:
            _instead_of(state, operation, node)


def heard(state: State, operation: Operation) -> None:
    """Acknowledge it as soon as enough replicas have it; be done when all have."""
    if not operation.answered and operation.has_quorum:
        coordinating.finish(state, operation, "ok", Versions(operation.delta.clock))
        state.note(f"wrote {operation.key} on {' '.join(operation.responses)}", QUORUM)
    if operation.answered and not operation.silent:
        coordinating.end(state, operation)


def give_up(state: State, operation: Operation) -> None:
    """Keep hints for the homes that have not answered; say so if that leaves no quorum."""
    silent = dict.fromkeys(operation.stand_ins.get(node, node) for node in operation.silent)
    for home in silent if state.settings.hinted_handoff else ():
        if not operation.count_in((home,)):
            _keep(state, operation, home)
    if not operation.answered:
        have = operation.count_in(operation.homes)
        reason = f"WriteTimeoutException: {have} of {operation.wanted} replicas have it"
        if have >= operation.wanted:
            reason = "WriteTimeoutException: too few of the nodes that are coming have it"
        coordinating.finish(state, operation, "uncertain", Versions(operation.delta.clock), reason)


# ---------------------------------------------------------------- stand-ins and hints: 4.6


def _send(state: State, operation: Operation, node: str, hint_for: str = "") -> None:
    operation.asked[node] = None
    state.send_at_once(node, Store(state.ring.epoch, operation.number, operation.key, operation.delta, hint_for))


def _instead_of(state: State, operation: Operation, home: str) -> None:
    """The next node on the ring stands in for `home`; if there is none, or only homes count, we keep a hint."""
    if not state.settings.hinted_handoff:
        return
    stand_in = next(_others(state, operation), None) if state.settings.sloppy_quorum else None
    if stand_in is None:
        _keep(state, operation, home)
    else:
        operation.stand_ins[stand_in] = home
        _send(state, operation, stand_in, home)
        state.note(f"{home} does not answer: {stand_in} keeps {operation.key} for it", HANDOFF)


def _others(state: State, operation: Operation) -> Iterator[str]:
    """Who can stand in: alive, and not concerned yet."""
    concerned = {**dict.fromkeys((*operation.homes, *operation.coming)), **operation.asked}
    return (node for node in state.walk(operation.key) if node not in concerned and state.is_alive(node))


def _keep(state: State, operation: Operation, home: str) -> None:
    if home != state.name:
        hints.keep(state, home, operation.key, operation.delta)
        state.note(f"keeps {operation.key} for {home}, which does not answer", HANDOFF)
