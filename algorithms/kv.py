"""The toy state machine that Raft and Paxos carry: a map of keys to values.

The law: `apply` is deterministic and total; a refused compare-and-set is a result, never an exception.
"""

from __future__ import annotations

from algorithms.machine import Record

Value = str | int | float | bool | None


class Put(Record, frozen=True):
    """Set `key` to `value`; the result is None."""

    key: str
    value: Value


class Get(Record, frozen=True):
    """Read `key`; the result is its value, None if it was never written."""

    key: str


class CompareAndSet(Record, frozen=True):
    """Set `key` to `new` if it is `old` now; the result is whether it was."""

    key: str
    old: Value
    new: Value


class Append(Record, frozen=True):
    """Put `value` behind the text at `key`; the result is None.

    A key never written is the empty text; a value that is no text counts as its JSON text.
    """

    key: str
    value: str


Command = Put | Get | CompareAndSet | Append


class Pair(Record, frozen=True):
    """One key with its value."""

    key: str
    value: Value


class Pairs(Record, frozen=True):
    """A whole store as a value, sorted by key: what a snapshot holds."""

    pairs: tuple[Pair, ...] = ()


def same(one: Value, other: Value) -> bool:
    """Equality as in JSON: `true` is not `1`, and `1` is `1.0`."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def text_of(value: Value) -> str:
    """The value as JSON writes it, a text as it is, nothing for None."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


class Store:
    """The map itself. One writer applies commands in log order; onlookers read `snapshot()`."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}

    def apply(self, command: Command) -> Value:
        """Do `command` and return its result."""
        match command:
            case Put(key, value):
                self._values[key] = value
                return None
            case Get(key):
                return self._values.get(key)
            case CompareAndSet(key, old, new):
                return self._compare_and_set(key, old, new)
            case Append(key, value):
                self._values[key] = text_of(self._values.get(key)) + value
                return None

    def _compare_and_set(self, key: str, old: Value, new: Value) -> bool:
        if not same(self._values.get(key), old):
            return False
        self._values[key] = new
        return True

    def snapshot(self) -> Pairs:
        """The whole map as a value."""
        return Pairs(tuple(Pair(key, self._values[key]) for key in sorted(self._values)))

    def restore(self, pairs: Pairs) -> None:
        """Become what `snapshot()` returned."""
        self._values = {pair.key: pair.value for pair in pairs.pairs}
