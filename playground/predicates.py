"""Conditions answered by the world: what scenarios wait for and expect, and lessons ask a person to bring about.

The law: looking changes nothing, a node that is down has no standing, and a comparison with what is not there (the
term of a dead node, the leader of a leaderless cluster) is never true, neither with == nor with !=.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from algorithms import kv
from algorithms.machine import Record
from algorithms.raft.view import RaftView
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
from playground.commands.naming import no_such
from playground.commands.write import write_term
from playground.errors import BadInput
from playground.standing import in_role, raft_views


class Nodes(Record, frozen=True):
    """Nodes that have one role. Of several leaders only the first, with the newest term, equals a name."""

    names: tuple[str, ...]
    single: bool = False

    def __str__(self) -> str:
        return ", ".join(self.names) or "nobody"


Value = kv.Value | Nodes
Bound = Mapping[str, tuple[str, ...]]
"""Names that a scenario has given, with the nodes they stand for."""


def evaluate(condition: Condition, world: World, bound: Bound | None = None) -> bool:
    """Whether the condition holds now. Raises BadInput if it names a node that does not exist."""
    match condition:
        case Either(parts):
            return any(evaluate(part, world, bound) for part in parts)
        case Both(parts):
            return all(evaluate(part, world, bound) for part in parts)
        case Negated(part):
            return not evaluate(part, world, bound)
        case Compared(operator, left, right):
            return _compare(operator, look_up(left, world, bound), look_up(right, world, bound))
        case Word() | Constant() | Call():
            return _is_there(look_up(condition, world, bound))
        case _:
            assert_never(condition)


def look_up(term: Term, world: World, bound: Bound | None = None) -> Value:
    """What the term is now; None if there is no such thing at the moment."""
    match term:
        case Word(text):
            return _word(text, bound or {})
        case Constant(value):
            return value
        case Call(function, arguments):
            return _Inquiry(world, bound or {}).answer(function, arguments)
        case _:
            assert_never(term)


def explain(condition: Condition, world: World, bound: Bound | None = None) -> str:
    """What everything is now that the condition asks for: `leader(raft) is n2, term(raft) is 4`."""
    calls = dict.fromkeys(_calls(condition))
    return ", ".join(f"{write_term(call)} is {tell(look_up(call, world, bound))}" for call in calls)


def tell(value: Value) -> str:
    """A value as a person reads it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


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


# ---------------------------------------------------------------- asking the world


class _Inquiry:
    """One call. Arguments are words, quoted texts or, for `count`, a call of their own."""

    def __init__(self, world: World, bound: Bound) -> None:
        self.world, self.bound = world, bound

    def answer(self, function: str, arguments: tuple[Term, ...]) -> Value:
        if function == "count":
            counted = look_up(arguments[0], self.world, self.bound)
            return len(counted.names) if isinstance(counted, Nodes) else None
        first, *others = [tell(look_up(each, self.world, self.bound)) for each in arguments]
        match function:
            case "role":
                view = self._view(first, others)
                return view.role if view else None
            case "term" | "commit" | "applied" | "last" | "snapshot":
                return self._number(function, first, others)
            case "value":
                return self._value(first, others)
            case "up":
                return self.world.node(self._node(first)).up
            case "paused":
                return self.world.node(self._node(first)).paused
            case "linked":
                return not self.world.network.blocked(self._node(first), self._node(others[0]))
            case "voter":
                return self._is_voter(self._node(first), others)
            case "logs-equal":
                return self._logs_equal(first)
            case role:
                return Nodes(in_role(self.world, self._service(first), role), role == "leader")

    def _node(self, name: str) -> str:
        if name not in self.world.names:
            raise BadInput(no_such("node", name, self.world.names, self.world.names))
        return name

    def _services(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(service for name in self.world.names for service in self.world.node(name).factories))

    def _service(self, name: str) -> str:
        if name not in self._services():
            raise BadInput(no_such("service", name, self._services(), self._services()))
        return name

    def _view(self, node: str, others: list[str]) -> RaftView | None:
        """The node's machine of the service that is named, or of its first."""
        service = self._service(others[0]) if others else next(iter(self.world.node(self._node(node)).factories))
        view = self.world.view(self._node(node), service)
        return view if isinstance(view, RaftView) else None

    def _number(self, function: str, subject: str, others: list[str]) -> int | None:
        if subject in self.world.names:
            view = self._view(subject, others)
            return _number(function, view) if view else None
        known = (*self._services(), *self.world.names)
        if subject not in self._services():
            raise BadInput(no_such("service or node", subject, known, known))
        return max((_number(function, view) for view in raft_views(self.world, subject).values()), default=None)

    def _value(self, key: str, others: list[str]) -> kv.Value:
        if others:
            views = [self._view(others[0], [])]
        else:
            views = [view for service in self._services() for view in raft_views(self.world, service).values()]
        found = [view for view in views if view is not None]
        if not found:
            return None
        furthest = max(found, key=lambda view: view.last_applied)
        return next((pair.value for pair in furthest.store.pairs if pair.key == key), None)

    def _is_voter(self, node: str, others: list[str]) -> bool:
        """As the leader sees it, whose configuration is the newest; while it is joint, old and new ones count."""
        service = self._service(others[0]) if others else next(iter(self.world.node(node).factories))
        leaders = in_role(self.world, service, "leader")
        if not leaders:
            return False
        configuration = raft_views(self.world, service)[leaders[0]].configuration
        return node in configuration.voters or node in configuration.old_voters

    def _logs_equal(self, service: str) -> bool:
        views = list(raft_views(self.world, self._service(service)).values())
        return bool(views) and all(_end(view) == _end(views[0]) for view in views)


def _end(view: RaftView) -> tuple[int, int, int, kv.Pairs]:
    return view.last_index, view.last_term, view.commit_index, view.store


def _number(function: str, view: RaftView) -> int:
    match function:
        case "term":
            return view.current_term
        case "commit":
            return view.commit_index
        case "applied":
            return view.last_applied
        case "last":
            return view.last_index
        case "snapshot":
            return view.snapshot_index
        case _:
            raise AssertionError(f"There is no number called {function}.")
