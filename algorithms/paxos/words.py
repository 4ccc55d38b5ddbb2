"""What a slot holds, as a person reads it."""

from __future__ import annotations

from algorithms.paxos.messages import Configuration, Value
from algorithms.replicated.client_request import words
from algorithms.replicated.messages import Carried, ClientCommand, NoOp


def describe(value: Value) -> str:
    """`put x 1`, `no-op`, `acceptors n1 n2 n3`."""
    match value:
        case ClientCommand():
            return words(value.command)
        case NoOp():
            return "no-op"
        case Configuration(acceptors):
            return f"acceptors {' '.join(acceptors)}"
        case Carried(record):
            return type(record).__name__


def span(first: int, last: int) -> str:
    """`slot 7`, `slots 7-9`."""
    return f"slot {first}" if first == last else f"slots {first}-{last}"
