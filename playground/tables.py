"""Tables of a TOML file, read with care.

The law: every key is either used or a mistake, and a mistake is told with file, line, and the nearest valid key or
value. Times are texts with a unit ("150ms") and become microseconds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from algorithms.machine import Microseconds, Record
from playground.commands.amounts import read_duration, read_share, read_size, write_duration
from playground.errors import BadInput, nearest

Settings = TypeVar("Settings", bound=Record)


def read_toml(source: str, where: str) -> Table:
    """The whole file as a table. Raises BadInput."""
    try:
        return Table(tomllib.loads(source), where, source)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where} is no TOML: {error}") from None


class Table:
    """One table. What has been read is remembered, so that `finish` can tell what nobody wanted."""

    def __init__(self, values: dict[str, Any], where: str, source: str = "", path: tuple[str, ...] = ()) -> None:
        self.values, self.where, self.source, self.path = values, where, source, path
        self._read: dict[str, None] = {}

    # ------------------------------------------------------------ mistakes

    def wrong(self, key: str, sentence: str) -> BadInput:
        """A mistake at `key`."""
        line = self.line_of(key)
        return BadInput(f"{self.where}{f', line {line}' if line else ''}: {sentence}")

    def line_of(self, key: str) -> int:
        """The line (1-based) where `key` of this table stands; 0 if it cannot be found."""
        inside = not self.path
        for number, line in enumerate(self.source.splitlines(), 1):
            header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
            if header:
                names = tuple(part.strip().strip("\"'") for part in header[1].split("."))
                if names == (*self.path, key):
                    return number
                inside = names == self.path
            elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*(=|\.)", line):
                return number
        return 0

    def finish(self) -> None:
        """Raise BadInput if there is a key that nobody has asked for."""
        for key in self.values:
            if key not in self._read:
                name = ".".join((*self.path, key))
                raise self.wrong(key, f'there is no setting "{name}"{nearest(key, self._read) or self._all()}')

    def _all(self) -> str:
        return f"; here can stand {', '.join(self._read)}"

    # ------------------------------------------------------------ values

    def has(self, key: str) -> bool:
        """Whether the key is there; it counts as wanted."""
        self._read[key] = None
        return key in self.values

    def _value(self, key: str, kind: type | tuple[type, ...], what: str, default: Any) -> Any:
        if not self.has(key):
            if default is None:
                self._blame_misspelling(key)
                raise BadInput(f'{self.where}: "{".".join((*self.path, key))}" is missing; it is {what}')
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, f'"{key}" must be {what}, not {value!r}')
        return value

    def _blame_misspelling(self, key: str) -> None:
        """A key that is missing may stand there under a name that looks like it."""
        strange = [each for each in self.values if each not in self._read and nearest(each, (key,))]
        if strange:
            raise self.wrong(strange[0], f'there is no setting "{strange[0]}"{nearest(strange[0], (key,))}')

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        return str(self._value(key, str, "a text in quotes", default))

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        return int(self._value(key, int, "a whole number", default))

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        return bool(self._value(key, bool, "true or false", default))

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        found = self._value(key, list | tuple, 'a list of texts, like ["a", "b"]', default)  # type: ignore[arg-type]
        if not all(isinstance(each, str) for each in found):
            raise self.wrong(key, f'"{key}" must be a list of texts, like ["a", "b"]')
        return tuple(found)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """One of `known`."""
        found = self.text(key, default)
        if found not in known:
            raise self.wrong(key, f'"{key}" cannot be "{found}"{nearest(found, known) or _these(known)}')
        return found

    def all_of(self, key: str, known: Iterable[str], default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of some of `known`."""
        found = self.texts(key, default)
        for each in found:
            if each not in known:
                raise self.wrong(key, f'"{key}" knows no "{each}"{nearest(each, known) or _these(known)}')
        return found

    def amount(self, key: str, read: Callable[[str], Any], what: str, default: Any = None) -> Any:
        """Something with a unit, as a text."""
        found = self._value(key, str, what, default)
        if not isinstance(found, str):
            return found
        try:
            return read(found)
        except BadInput as error:
            raise self.wrong(key, f'"{key}": {error}') from None

    def duration(self, key: str, default: int | None = None) -> int:
        """A time in microseconds, not below 0."""
        found = int(self.amount(key, read_duration, 'a time with its unit, like "150ms"', default))
        if found < 0:
            raise self.wrong(key, f'"{key}" cannot be below 0')
        return found

    def share(self, key: str, default: float | None = None) -> float:
        """A probability, written as "20%"."""
        return float(self.amount(key, read_share, 'a share, like "20%"', default))

    # ------------------------------------------------------------ tables in it

    def table(self, key: str) -> Table:
        """The table `key`; an empty one if it is not there."""
        found = self._value(key, dict, f"a table, written as [{'.'.join((*self.path, key))}]", {})
        return Table(found, self.where, self.source, (*self.path, key))

    def settings(
        self, kind: type[Settings], usual: Settings | None = None, least: Mapping[str, int] | None = None
    ) -> Settings:
        """The whole table as a record of settings: what does not stand in it is as in `usual`.

        Counts and times are not below what `least` says of them; of what it does not name, not below 0.
        """
        hints = get_type_hints(kind, include_extras=True)
        fields = msgspec.structs.fields(kind)
        found = {each.name: self._setting(each.name, hints[each.name]) for each in fields if self.has(each.name)}
        self.finish()
        for key, value in found.items():
            if isinstance(value, int) and value < (bound := (least or {}).get(key, 0)):
                text = write_duration(bound) if isinstance(self.values[key], str) else bound
                raise self.wrong(key, f'"{key}" must be at least {text}, not {self.values[key]}')
        return msgspec.structs.replace(usual or kind(), **found)

    def _setting(self, key: str, kind: Any) -> Any:
        if kind is bool:
            return self.flag(key)
        if get_origin(kind) is Literal:
            return self.one_of(key, get_args(kind))
        if get_origin(kind) is tuple:
            return self.texts(key)
        if kind is float:
            return self._fraction(key)
        if kind == Microseconds:
            return self._time(key)
        if kind is int:
            return self._number(key)
        return self.text(key)

    def _fraction(self, key: str) -> float:
        """A plain number, or a share in per cent."""
        if isinstance(self.values[key], str):
            return self.share(key)
        return float(self._value(key, (int, float), 'a number, or a share like "20%"', 0.0))

    def _time(self, key: str) -> int:
        """A time with its unit, or 0; any other bare number would be a trap."""
        return 0 if self.values[key] in (0, 0.0) and not isinstance(self.values[key], bool) else self.duration(key)

    def _number(self, key: str) -> int:
        """A count, or a size with its unit."""
        found = self.values[key]
        if isinstance(found, str) and found.endswith("B"):
            return int(self.amount(key, read_size, "a size"))
        return self.whole(key)


def _these(known: Iterable[str]) -> str:
    return f"; there are {', '.join(known)}"
