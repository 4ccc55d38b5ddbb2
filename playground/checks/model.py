"""What the four operations mean on one key, and which values matter.

The law: equality is JSON's. `true` is not `1` and `"1"` is not `1`, but `1` and `1.0` are the same number, because
JSON has one kind of number. A key never written is null; an append takes null for the empty string and any other
value for its JSON text.

A state that no operation can tell from another unobservable one is `DEAD`: it equals no value that some get
returned or some cas expected, and, where appends happen, begins none of them. All dead states behave alike
(every such get and cas fails on them, an append leaves them dead), so a search may take them for one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from enum import Enum

import msgspec

from playground.history import Compound, Operation

MODELS: dict[str, tuple[str, ...]] = {
    "register": ("get", "put"),
    "cas": ("get", "put", "cas"),
    "append": ("get", "put", "append"),
    "kv": ("get", "put", "cas", "append"),
}
"""Each model with the operations that it knows."""


class Special(Enum):
    """States that are no values."""

    DEAD = "a value that nobody ever read"
    IMPOSSIBLE = "the operation cannot take effect here"


DEAD, IMPOSSIBLE = Special.DEAD, Special.IMPOSSIBLE

Atom = str | int | float | Compound | None
"""A value whose Python equality is JSON's."""

State = Atom | Special

TRUE, FALSE = Compound("true"), Compound("false")


def atom(value: object) -> Atom:
    """`value` in the form in which Python's `==` and `hash` agree with JSON: booleans are no numbers."""
    if value is True:
        return TRUE
    if value is False:
        return FALSE
    return value  # type: ignore[return-value]


def text_of(value: Atom) -> str:
    """What an append finds: the value's JSON text, a string as it is, nothing for null."""
    match value:
        case str():
            return value
        case None:
            return ""
        case Compound(text):
            return text
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def value_text(value: State | bool) -> str:
    """The value as JSON, for people."""
    match value:
        case Compound(text):
            return text
        case Special():
            return value.value
        case _:
            return msgspec.json.encode(value).decode()


def arguments(operation: Operation) -> tuple[Atom, Atom]:
    """A cas's old and new value; for a put or an append, None and its value."""
    argument = operation.argument
    if isinstance(argument, tuple):
        return atom(argument[0]), atom(argument[1])
    return None, atom(argument)


def changes(operation: Operation) -> bool:
    """Whether it may change the state."""
    return operation.f != "get" and operation.outcome in ("ok", "info")


def observes(operation: Operation) -> bool:
    """Whether it can tell one value from others (an append sees a value, but only passes it on)."""
    if operation.f == "get":
        return operation.outcome == "ok"
    return operation.f == "cas" and operation.outcome != "fail"


def expected(operation: Operation) -> Atom:
    """The value that an operation which `observes` asks for: a get its result, a cas its old value."""
    return atom(operation.result) if operation.f == "get" else arguments(operation)[0]


class Needs:
    """The values that the operations on one key can tell apart.

    `appends` says that something is appended, so that what values begin with counts too.
    """

    def __init__(self, operations: Iterable[Operation], appends: bool, tell_all_apart: bool = False) -> None:
        self._tell_all_apart = tell_all_apart
        self.values = {expected(operation) for operation in operations if observes(operation)}
        self._texts = sorted(value for value in self.values if isinstance(value, str)) if appends else []

    def seen(self, state: Atom) -> State:
        """The state `state`, or `DEAD` if nobody could tell."""
        if self._tell_all_apart or state in self.values:
            return state
        return state if self._texts and self._begins(text_of(state)) else DEAD

    def contain(self, text: str) -> bool:
        """Whether `text` is a part of some value that an operation asks for."""
        return any(text in value for value in self._texts)

    def _begins(self, text: str) -> bool:
        place = bisect_left(self._texts, text)
        return place < len(self._texts) and self._texts[place].startswith(text)
