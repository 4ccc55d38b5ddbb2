"""Conditions answered by the world: what scenarios wait for and expect, and lessons ask a person to bring about.

The law: looking changes nothing, a node that is down has no standing, and a comparison with what is not there (the
term of a dead node, the leader of a leaderless cluster) is never true, neither with == nor with !=. Who hands in a
session instead of its world can also ask how what was asked for has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, assert_never

from nodes.world import World
from playground.commands.conditions import (
    Both,
    Call,
    Compared,
    Condition,
    Constant,
    Either,
    Negated,
    Term,
    Word,
)
from playground.commands.write import write_term
from playground.errors import BadInput
from playground.inquiry import Inquiry, Nodes, Value, tell

if TYPE_CHECKING:
    from playground.session import Session

__all__ = ["Bound", "Nodes", "Value", "evaluate", "explain", "look_up", "tell"]

Bound = Mapping[str, tuple[str, ...]]
"""Names that a scenario has given, with the nodes they stand for."""


def evaluate(condition: Condition, where: World | Session, bound: Bound | None = None) -> bool:
    """Whether the condition holds now. Raises BadInput if it names a node that does not exist."""
    match condition:
        case Either(parts):
            return any(evaluate(part, where, bound) for part in parts)
        case Both(parts):
            return all(evaluate(part, where, bound) for part in parts)
        case Negated(part):
            return not evaluate(part, where, bound)
        case Compared(operator, left, right):
            return _compare(operator, look_up(left, where, bound), look_up(right, where, bound))
        case Word() | Constant() | Call():
            return _is_there(look_up(condition, where, bound))
        case _:
            assert_never(condition)


def look_up(term: Term, where: World | Session, bound: Bound | None = None) -> Value:
    """What the term is now; None if there is no such thing at the moment."""
    match term:
        case Word(text):
            return _word(text, bound or {})
        case Constant(value):
            return value
        case Call(function, arguments):
            return _ask(function, arguments, where, bound)
        case _:
            assert_never(term)


def explain(condition: Condition, where: World | Session, bound: Bound | None = None) -> str:
    """What everything is now that the condition asks for: `leader(raft) is n2, term(raft) is 4`."""
    calls = dict.fromkeys(_calls(condition))
    return ", ".join(f"{write_term(call)} is {tell(look_up(call, where, bound))}" for call in calls)


def _ask(function: str, arguments: tuple[Term, ...], where: World | Session, bound: Bound | None) -> Value:
    """Arguments are words, quoted texts or, for `count`, a call of their own."""
    world, session = (where, None) if isinstance(where, World) else (where.world, where)
    found = [look_up(each, where, bound) for each in arguments]
    return Inquiry(world, session).answer(function, found)


def _calls(condition: Condition) -> Iterator[Call]:
    match condition:
        case Either(parts) | Both(parts):
            for part in parts:
                yield from _calls(part)
        case Negated(part):
            yield from _calls(part)
        case Compared(_, left, right):
            yield from (each for each in (left, right) if isinstance(each, Call))
        case Call():
            yield condition
        case Word() | Constant():
            pass
        case _:
            assert_never(condition)


def _word(text: str, bound: Bound) -> str:
    nodes = bound.get(text, (text,))
    if len(nodes) != 1:
        raise BadInput(f'"{text}" means {len(nodes)} nodes, and one is wanted here')
    return nodes[0]


# ---------------------------------------------------------------- comparing


def _is_there(value: Value) -> bool:
    match value:
        case bool():
            return value
        case Nodes(names):
            return bool(names)
        case _:
            return value is not None


def _compare(operator: str, left: Value, right: Value) -> bool:
    if not (_exists(left) and _exists(right)):
        return False
    if operator in ("==", "!="):
        return _same(left, right) == (operator == "==")
    return _in_order(operator, left, right)


def _exists(value: Value) -> bool:
    return bool(value.names) if isinstance(value, Nodes) else value is not None


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, Nodes):
        return right in (left.names[:1] if left.single else left.names)
    if isinstance(right, Nodes):
        return _same(right, left)
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _in_order(operator: str, left: Value, right: Value) -> bool:
    """Only numbers have an order."""
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return False
    match operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case _:
            raise AssertionError(f"The grammar has no operator {operator}.")
