"""Histories as JSON lines, in Jepsen's shape: one line for each invocation and one for each completion.

The law: lines are in the order in which things happened; `time` (nanoseconds) is for people. The invocation
carries the arguments (a cas as [old, new]), a get's `ok` what was read; other completions' values do not matter.
A process does one thing at a time. After an `info` its operation stays open for ever, and it may go on, under the
same name or another. What is not so is refused with its line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from playground.errors import BadInput, nearest
from playground.history import Compound, Key, Operation, Process, Value

TYPES = ("invoke", "ok", "fail", "info")
FIELDS = ("process", "type", "f", "key", "value", "time")


class Line(msgspec.Struct, gc=False):
    """One line of a history; `refused` is ours: the cas failed because it found another value."""

    process: int | float | str
    type: str
    f: str
    key: int | float | str
    value: Any = msgspec.UNSET
    time: int | float | None = None
    refused: bool = False


class _Call:
    """An invocation that has no completion yet; `place` is where its operation goes."""

    __slots__ = ("argument", "at", "f", "key", "line", "place")

    def __init__(self, line: int, place: int, f: str, key: Key, argument: Any, at: int | None) -> None:
        self.line = line
        self.place = place
        self.f = f
        self.key = key
        self.argument = argument
        self.at = at


def read_lines(source: BinaryIO, name: str, allowed: Collection[str]) -> list[Operation]:
    """The operations of a history, by invocation; their positions are line numbers.

    Raises `BadInput` naming the file (`name`), the line and what is wrong with it. `allowed` are the `f`s.
    """
    return _Reader(name, allowed).read(source)


class _Reader:
    def __init__(self, name: str, allowed: Collection[str]) -> None:
        self.name = name
        self.allowed = tuple(allowed)
        self.number = 0
        self.open: dict[Process, _Call] = {}
        self.operations: list[Operation | None] = []

    def read(self, source: BinaryIO) -> list[Operation]:
        decode = msgspec.json.Decoder(Line).decode
        for number, text in enumerate(source, 1):
            self.number = number
            try:
                line = decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                if text.strip():
                    raise self.bad(_what_is_wrong(text, error)) from None
                continue
            if line.type == "invoke":
                self._invoke(line)
            else:
                self._complete(line)
        for process, call in self.open.items():
            self._put(call, process, "info", None, None, None)
        return [operation for operation in self.operations if operation is not None]

    def bad(self, what: str) -> BadInput:
        return BadInput(f"{self.name}, line {self.number}: {what}.")

    def _invoke(self, line: Line) -> None:
        if line.f not in self.allowed:
            raise self.bad(
                f'"f" is "{line.f}", and this model knows {_list(self.allowed)}{nearest(line.f, self.allowed)}'
            )
        earlier = self.open.get(line.process)
        if earlier is not None:
            raise self.bad(
                f"process {_show(line.process)} invokes {line.f} while its {earlier.f} of line {earlier.line} is open"
            )
        call = _Call(self.number, len(self.operations), line.f, line.key, self._argument(line), _micros(line.time))
        self.open[line.process] = call
        self.operations.append(None)

    def _argument(self, line: Line) -> Value | tuple[Value, Value]:
        value = line.value
        if line.f == "get":
            return None
        if value is msgspec.UNSET:
            raise self.bad(f'an invocation of {line.f} needs a "value"')
        if line.f == "cas":
            if value.__class__ is not list or len(value) != 2:
                raise self.bad(f'a cas needs "value": [old, new], not {_show(value)}')
            return _value(value[0]), _value(value[1])
        if line.f == "append" and value.__class__ is not str:
            raise self.bad(f'an append needs a string as "value", not {_show(value)}')
        return _value(value)

    def _complete(self, line: Line) -> None:
        if line.type not in TYPES:
            raise self.bad(f'"type" is "{line.type}", and it must be {_list(TYPES)}{nearest(line.type, TYPES)}')
        call = self.open.pop(line.process, None)
        if call is None:
            raise self.bad(f"process {_show(line.process)} ends a {line.f} ({line.type}) and has none open")
        if line.f != call.f or line.key != call.key:
            raise self.bad(
                f"process {_show(line.process)} ends {line.f} of {_show(line.key)}, "
                f"but began {call.f} of {_show(call.key)} in line {call.line}"
            )
        outcome = "refused" if line.refused and line.type == "fail" and line.f == "cas" else line.type
        self._put(call, line.process, outcome, self._result(line), self.number, _micros(line.time))

    def _result(self, line: Line) -> Value:
        if line.f != "get" or line.type != "ok":
            return None
        if line.value is msgspec.UNSET:
            raise self.bad('an ok of a get needs the "value" that was read (null if the key was never written)')
        return _value(line.value)

    def _put(
        self, call: _Call, process: Process, outcome: str, result: Value, ended: int | None, ended_at: int | None
    ) -> None:
        self.operations[call.place] = Operation(
            process, call.f, call.key, call.argument, outcome, result, call.line, ended, call.at, ended_at
        )


def _micros(time: int | float | None) -> int | None:
    return None if time is None else int(time) // 1_000


def _value(value: Any) -> Value:
    """A JSON value as one that can be compared and shared."""
    if value.__class__ is list or value.__class__ is dict:
        return Compound(msgspec.json.encode(_plain(value), order="sorted").decode())
    return value  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """The same JSON with every whole number written without a point."""
    if value.__class__ is list:
        return [_plain(each) for each in value]
    if value.__class__ is dict:
        return {key: _plain(each) for key, each in value.items()}
    if value.__class__ is float and value.is_integer():
        return int(value)
    return value


def _show(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _list(words: Collection[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


# ---------------------------------------------------------------- saying what is wrong with a line


def _what_is_wrong(text: bytes, error: Exception) -> str:
    """Why `text` is not a line of a history, in words; `error` is the decoder's opinion."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"this is not JSON ({str(error).rstrip('.')})"
    if not isinstance(found, dict):
        return 'this is no JSON object like {"process": 0, "type": "invoke", "f": "get", "key": "x", "value": null}'
    for field in FIELDS[:4]:
        if field not in found:
            return f'"{field}" is missing{_mistaken(field, found)}'
    return _wrong_field(found, str(error))


def _mistaken(field: str, found: dict[str, Any]) -> str:
    close = nearest(field, [each for each in found if each not in FIELDS])
    return close.replace("did you mean", "this line has") if close else ""


def _wrong_field(found: dict[str, Any], error: str) -> str:
    kinds = {"process": "a number or a string", "key": "a string or a number", "type": "a string", "f": "a string"}
    for field, kind in (kinds | {"time": "a number of nanoseconds", "refused": "true or false"}).items():
        if f"$.{field}" in error:
            return f'"{field}" must be {kind}, not {_show(found[field])}'
    return error.rstrip(".")


# ---------------------------------------------------------------- writing


def write_lines(operations: Iterable[Operation]) -> Iterator[str]:
    """The lines of a history, without line ends; `read_lines` gives the same operations back.

    An operation without an end gets no completion; positions become line numbers.
    """
    events: list[tuple[int, bool, Operation]] = []
    for operation in operations:
        events.append((operation.began, False, operation))
        if operation.ended is not None:
            events.append((operation.ended, True, operation))
    events.sort(key=lambda event: event[0])
    for _, ends, operation in events:
        yield _line(operation, ends)


def write_histories(histories: dict[str, tuple[Operation, ...]]) -> Iterator[str]:
    """The lines of one history; of several services each line has its `service`, one service after the other.

    Of a ring, the value of a get's `ok` is the list of what was found; it is empty if nothing was.
    """
    for service, operations in histories.items():
        for line in write_lines(operations):
            yield f'{line[:-1]},"service":{msgspec.json.encode(service).decode()}}}' if len(histories) > 1 else line


def _line(operation: Operation, ends: bool) -> str:
    refused = ends and operation.outcome == "refused"
    value: Any = operation.argument
    if ends and operation.f == "get":
        value = operation.result
    at = operation.ended_at if ends else operation.invoked_at
    line: dict[str, Any] = {
        "process": operation.process,
        "type": ("fail" if refused else operation.outcome) if ends else "invoke",
        "f": operation.f,
        "key": operation.key,
        "value": _json(value),
    }
    if refused:
        line["refused"] = True
    if at is not None:
        line["time"] = at * 1_000
    return msgspec.json.encode(line).decode()


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    return msgspec.Raw(value.text.encode()) if isinstance(value, Compound) else value
