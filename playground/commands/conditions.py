"""Conditions as values: what a scenario waits for and expects, and what a lesson asks a person to bring about.

The law: a condition is a question about the world at one instant; `playground.predicates` answers it.
"""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Record


class Word(Record, frozen=True):
    """A bare word: a node, a service, a role, a key."""

    text: str


class Constant(Record, frozen=True):
    """A number, a quoted text, true or false."""

    value: kv.Value


class Call(Record, frozen=True):
    """`leader(raft)`, `value(x)`: something to look up."""

    function: str
    arguments: tuple[Term, ...]


class Compared(Record, frozen=True):
    """`operator` is one of == != < <= > >=."""

    operator: str
    left: Term
    right: Term


class Negated(Record, frozen=True):
    """`not`."""

    condition: Condition


class Both(Record, frozen=True):
    """All of them hold: `and`."""

    conditions: tuple[Condition, ...]


class Either(Record, frozen=True):
    """One of them holds: `or`."""

    conditions: tuple[Condition, ...]


Term = Word | Constant | Call
Condition = Term | Compared | Negated | Both | Either
