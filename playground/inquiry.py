"""The questions that conditions ask, and who answers them: the world, a log, a ring, brokers, a keeper, the session.

The law: looking changes nothing. A question names nodes and services that there are, or it is bad input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms import kv
from algorithms.machine import Record
from algorithms.raft.view import RaftView
from nodes.world import World
from playground.commands.naming import no_such
from playground.errors import BadInput
from playground.standing import LogView, in_role, last_of, log_views, snapshot_of, term_of, voters_of

if TYPE_CHECKING:
    from playground.session import Session


class Nodes(Record, frozen=True):
    """Nodes that have one role. Of several leaders only the first, with the newest term, equals a name."""

    names: tuple[str, ...]
    single: bool = False

    def __str__(self) -> str:
        return ", ".join(self.names) or "nobody"


Value = kv.Value | Nodes

OF_RINGS = (
    "epoch", "moving", "member", "alive", "owner", "keys", "holds", "replicas", "siblings", "hints", "strays",
    "converged", "weight",
)  # fmt: skip
"""Questions that only a ring answers."""

OF_BROKERS = (
    "topics", "partition-leader", "leader-epoch", "isr", "elr", "assigned", "high-watermark", "log-end", "log-start",
    "records", "generation", "group-state", "group-size", "owned", "committed", "lag", "consumed", "produced", "lost",
    "doubled", "stopped", "fenced", "controller",
)  # fmt: skip
"""Questions that only brokers answer."""


OF_SYNODS = ("chosen", "ballot", "promised", "accepted", "acceptors", "phase", "no-ops")
"""Questions that only Paxos for one value answers."""


OF_KEEPERS = (
    "znode", "data", "version", "children", "zxid", "logged", "reign", "sessions", "expired", "session", "server-of",
    "lock-holder", "believers", "watches", "notified", "resource", "rejected", "overwritten",
)  # fmt: skip
"""Questions that only a keeper answers."""


def tell(value: Value) -> str:
    """A value as a person reads it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


class Inquiry:
    """One question about a world, or about a session's. (`session` is None where nobody asks for anything.)"""

    def __init__(self, world: World, session: Session | None = None) -> None:
        self.world, self.session = world, session

    def answer(self, function: str, arguments: list[Value]) -> Value:
        """What the answer is now; None if there is no such thing. Raises BadInput."""
        if function == "count":
            counted = arguments[0]
            return len(counted.names) if isinstance(counted, Nodes) else None
        words = [tell(each) for each in arguments]
        if function == "moved":
            from playground.placement_share import moved

            return moved(*words)
        if function in OF_RINGS:
            from playground.kinds.ring_questions import answer

            return answer(self, function, words)
        if function in OF_BROKERS:
            from playground.kinds.broker_questions import answer as of_brokers

            return of_brokers(self, function, words)
        if function in OF_SYNODS:
            from playground.kinds.synod_questions import answer as of_synods

            return of_synods(self, function, words)
        if function in OF_KEEPERS:
            from playground.kinds.keeper_questions import answer as of_keepers

            return of_keepers(self, function, words)
        if function in ("answer", "file"):
            return self._of_requests(words)
        return self._of_raft_or_world(function, *words)

    def _of_raft_or_world(self, function: str, first: str, *others: str) -> Value:
        match function:
            case "role":
                view = self._view(first, others)
                return view.role if view else self._role_in_a_keeper(first, others)
            case "term" | "commit" | "applied" | "last" | "snapshot":
                return self._number(function, first, others)
            case "value":
                return self._value(first, others)
            case "up":
                return self.world.node(self.node(first)).up
            case "paused":
                return self.world.node(self.node(first)).paused
            case "linked":
                return not self.world.network.blocked(self.node(first), self.node(others[0]))
            case "voter":
                return self._is_voter(self.node(first), others)
            case "logs-equal":
                return self._logs_equal(first)
            case role:
                return Nodes(in_role(self.world, self.service(first), role), role == "leader")

    def _of_requests(self, words: list[str]) -> Value:
        """How the newest request ended, or how the reading of a file did."""
        if self.session is None:
            return None
        answers = self.session.answers
        answers.look(self.world)
        return answers.file(words[0], self.session.spool) if words else answers.newest()

    # ------------------------------------------------------------ names

    def node(self, name: str) -> str:
        """The name, if there is such a node. Raises BadInput."""
        if name not in self.world.names:
            raise BadInput(no_such("node", name, self.world.names, self.world.names))
        return name

    def services(self) -> tuple[str, ...]:
        """All services, in the order of the spec."""
        return tuple(dict.fromkeys(service for name in self.world.names for service in self.world.node(name).factories))

    def service(self, name: str) -> str:
        """The name, if there is such a service. Raises BadInput."""
        if name not in self.services():
            raise BadInput(no_such("service", name, self.services(), self.services()))
        return name

    def subject(self, name: str) -> str:
        """The name, if it is a service's or a node's. Raises BadInput."""
        known = (*self.services(), *self.world.names)
        if name not in known:
            raise BadInput(no_such("service or node", name, known, known))
        return name

    # ------------------------------------------------------------ replicated logs

    def _view(self, node: str, others: tuple[str, ...]) -> LogView | None:
        """The node's machine of the service that is named, or of its first Raft or Paxos."""
        services = (self.service(others[0]),) if others else tuple(self.world.node(self.node(node)).factories)
        views = (self.world.view(self.node(node), service) for service in services)
        return next((view for view in views if isinstance(view, LogView)), None)

    def _role_in_a_keeper(self, node: str, others: tuple[str, ...]) -> str | None:
        from playground.kinds.keeper_questions import role

        return role(self, self.node(node), self.service(others[0]) if others else "")

    def _number(self, function: str, subject: str, others: tuple[str, ...]) -> int | None:
        if self.subject(subject) in self.world.names:
            view = self._view(subject, others)
            return _number(function, view) if view else None
        return max((_number(function, view) for view in log_views(self.world, subject).values()), default=None)

    def _value(self, key: str, others: tuple[str, ...]) -> kv.Value:
        """Of the first service that knows the key."""
        where = self.subject(others[0]) if others else ""
        services = (where,) if where in self.services() else self.services()
        node = where if where in self.world.names else None
        found = (self._value_in(service, key, node) for service in services)
        return next((value for value in found if value is not None), None)

    def _value_in(self, service: str, key: str, node: str | None) -> kv.Value:
        views = log_views(self.world, service)
        if views:
            asked = [view for name, view in views.items() if node in (None, name)]
            furthest = max(asked, key=lambda view: view.last_applied, default=None)
            return next((pair.value for pair in furthest.store.pairs if pair.key == key), None) if furthest else None
        if not any(self.world.machine(name, service) for name in self.world.names):
            return None
        from playground.kinds.ring_questions import value

        return value(self.world, service, key, node)

    def _is_voter(self, node: str, others: tuple[str, ...]) -> bool:
        """As the leader sees it, whose configuration is the newest; while it is joint, old and new ones count."""
        services = (self.service(others[0]),) if others else tuple(self.world.node(node).factories)
        service, leaders = next(
            ((each, found) for each in services if (found := in_role(self.world, each, "leader"))), ("", ())
        )
        if not leaders:
            return False
        return node in voters_of(log_views(self.world, service)[leaders[0]])

    def _logs_equal(self, service: str) -> bool:
        views = list(log_views(self.world, self.service(service)).values())
        return bool(views) and all(_end(view) == _end(views[0]) for view in views)


def _end(view: LogView) -> tuple[int, int, int, kv.Pairs]:
    last_term = view.last_term if isinstance(view, RaftView) else 0
    return last_of(view), last_term, view.commit_index, view.store


def _number(function: str, view: LogView) -> int:
    match function:
        case "term":
            return term_of(view)
        case "commit":
            return view.commit_index
        case "applied":
            return view.last_applied
        case "last":
            return last_of(view)
        case "snapshot":
            return snapshot_of(view)
        case _:
            raise AssertionError(f"There is no number called {function}.")
