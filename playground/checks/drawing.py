"""A violation of linearizability as text: the operations as bars over time, and why they cannot be ordered.

The law: nothing here decides anything.
"""

from __future__ import annotations

from playground.checks.model import value_text
from playground.checks.witness import Witness
from playground.history import Operation, Value

COLUMNS = 60
"""Width of the bars together."""


def words(operation: Operation) -> str:
    """The operation in a few words, its result behind an arrow."""
    argument = operation.argument
    match operation.f:
        case "cas" if isinstance(argument, tuple):
            done = f"cas {_short(argument[0])} to {_short(argument[1])}"
        case "get":
            done = "get"
        case _:
            done = f"{operation.f} {'' if isinstance(argument, tuple) else _short(argument)}"
    return done + _outcome(operation)


def _outcome(operation: Operation) -> str:
    if operation.outcome == "ok":
        return f" -> {_short(operation.result)}" if operation.f == "get" else ""
    return {"refused": " -> refused", "info": " -> ?"}.get(operation.outcome, " -> failed")


def _short(value: Value) -> str:
    text = value_text(value)
    return text if len(text) <= 32 else f"{text[:14]}...{text[-14:]}"


def draw(witness: Witness) -> str:
    """The whole story of a witness, in lines."""
    count = len(witness.operations)
    return "\n".join((_headline(witness, count), "", *_bars(witness), "", *_reasons(witness)))


def _headline(witness: Witness, count: int) -> str:
    which = f"these {count} operations" if count > 1 else "this operation"
    return f"Key {value_text(witness.key)} is not linearizable: no order of {which} is possible with one copy of it."


def _bars(witness: Witness) -> list[str]:
    operations = witness.operations
    ticks = {at: rank for rank, at in enumerate(sorted({at for each in operations for at in _ends(each)}))}
    width = max(1, min(4, (COLUMNS - 1) // max(1, len(ticks) - 1)))
    names = [value_text(each.process) for each in operations]
    calls = [words(each) for each in operations]
    widest, longest = max(7, *map(len, names)), max(map(len, calls))
    where = [f"{each.began}-{each.ended if _known(each) else '?'}" for each in operations]
    place = max(len("lines"), *map(len, where))
    lines = [f"  {'lines':<{place}}  {'process':<{widest}}  operation"]
    for index, each in enumerate(operations):
        bar = _bar(each, ticks, width)
        mark = "  <- cannot be placed" if each == witness.last else ""
        lines.append(f"  {where[index]:<{place}}  {names[index]:<{widest}}  {calls[index]:<{longest}}  {bar}{mark}")
    return lines


def _known(operation: Operation) -> bool:
    return operation.ended is not None and operation.outcome != "info"


def _ends(operation: Operation) -> tuple[int, ...]:
    return (operation.began, operation.ended or 0) if _known(operation) else (operation.began,)


def _bar(operation: Operation, ticks: dict[int, int], width: int) -> str:
    start = ticks[operation.began] * width
    if not _known(operation):
        return " " * start + "├" + "─" * max(1, (len(ticks) - 1) * width - start) + "┄"
    end = ticks[operation.ended or 0] * width
    return " " * start + "├" + "─" * (end - start - 1) + "┤"


def _reasons(witness: Witness) -> list[str]:
    last, key = witness.last, value_text(witness.key)
    possible = f"can only have been {_either(witness.possible)}" if witness.possible else "can have had no value"
    alone = "this operation" if len(witness.operations) == 1 else "these operations"
    lines = [f"  By {alone} alone, {key} {possible} while the {words(last)} of line {last.began} ran."]
    shortest = "None of these operations can be left out." if witness.minimal else "Time ran out before all was tried."
    lines.append(
        f"  Up to line {witness.ends - 1} the history of {key} is linearizable; with line {witness.ends} "
        f"({witness.prefix:,} operations) it is not. {shortest}"
    )
    return lines


def _either(values: tuple[str, ...]) -> str:
    *most, last = (value if len(value) <= 32 else f"{value[:14]}...{value[-14:]}" for value in values[:8])
    if len(values) > 8:
        last = f"{last} or one of {len(values) - 8} others"
        return ", ".join((*most, last))
    return f"{', '.join(most)} or {last}" if most else last
