"""Which names of a cluster could stand next: its nodes, keys, files, topics, groups, and the questions about them.

The law: which names make sense depends on the words before, and is guessed from them alone.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from lark import Token

from nodes.world import World
from playground.commands.build_wishes import INPUT
from playground.commands.grammar import is_bare
from playground.commands.steps import HOLDINGS
from playground.commands.table import QUESTIONS, ROLES, SELECTORS
from playground.commands.write_keeper import ZNODE
from playground.services import kind_of

if TYPE_CHECKING:
    from playground.spec import Spec


OF_ZNODES = (
    "CREATE", "SET", "EXISTS", "STAT", "LS", "ACL", "SYNC", "WATCH", "UNWATCH", "LOCK", "UNLOCK", "RESIGN", "ENTER",
    "LEAVE", "ENQUEUE", "DEQUEUE", "JOIN", "MEMBERSHIP", "GUARDED", "CHECK",
)  # fmt: skip
"""Words of the grammar behind which a znode is meant."""


def names(tokens: list[Token], accepted: set[str], cluster: Cluster) -> list[str]:
    """The names that could stand behind `tokens`."""
    if not accepted & {"NAME", "PATH", "ZNODE"}:
        return []
    last = [each.type for each in tokens[-4:]]
    for among in (_of_files, _of_znodes, _of_brokers, _of_conditions, _of_keys):
        found = among(last, tokens, cluster)
        if found is not None:
            return found
    if tokens and ("COLON" in accepted or "INTEGER" in accepted):
        return []
    return _nodes(accepted, cluster)


def _of_files(last: list[str], tokens: list[Token], cluster: Cluster) -> list[str] | None:
    match last:
        case [*_, "FILE", "GET"]:
            return cluster.files()
        case [*_, "FILE", "PUT"]:
            return [INPUT]
        case _:
            return None


def _of_znodes(last: list[str], tokens: list[Token], cluster: Cluster) -> list[str] | None:
    match last:
        case [*_, "GET" | "DELETE"]:
            return [*cluster.keys(), *cluster.znodes()]
        case [*_, "ELECT"]:
            return [*cluster.partitions(), *cluster.znodes()]
        case [*_, word] if word in OF_ZNODES:
            return cluster.znodes()
        case [*_, "RECONNECT"]:
            return list(cluster.nodes)
        case [*_, "AUTH"]:
            return ["digest"]
        case [*_, "AUTH", "NAME"] | [*_, "AUTH", "NAME", "COLON"]:
            return []
        case _:
            return None


def _of_brokers(last: list[str], tokens: list[Token], cluster: Cluster) -> list[str] | None:
    match last:
        case [*_, "TOPIC", "DELETE" | "ALTER"] | [*_, "PRODUCE"] | [*_, "GROUP", "NAME", "ADD", "NAME"]:
            return cluster.topics()
        case [*_, "CONSUME"] | [*_, "CONSUME", "NAME"]:
            return [*cluster.topics(), *cluster.partitions()]
        case [*_, "TOPIC", "CREATE"] | [*_, "PRODUCE", _]:
            return []
        case [*_, "REASSIGN" | "ELECT"]:
            return cluster.partitions()
        case [*_, "GROUP"]:
            return cluster.groups()
        case [*_, "GROUP", "NAME", "ADD" | "REMOVE"]:
            return list(cluster.spec.clients)
        case _:
            return None


def _of_conditions(last: list[str], tokens: list[Token], cluster: Cluster) -> list[str] | None:
    match last:
        case [*_, "LPAR"]:
            return _arguments(str(tokens[-2]), cluster)
        case [*_, "UNTIL" | "EXPECT" | "AND" | "OR" | "NOT"]:
            return [*cluster.roles, *(f"{each.name}(" for each in QUESTIONS)]
        case [*_, "SHOW"]:
            return [HOLDINGS, *(f"{each.name}(" for each in QUESTIONS)]
        case [*_, "COMPARISON"]:
            return [*cluster.nodes, *ROLES]
        case _:
            return None


def _of_keys(last: list[str], tokens: list[Token], cluster: Cluster) -> list[str] | None:
    match last:
        case [*_, "ON"]:
            return list(cluster.spec.clients)
        case [*_, "PUT" | "CAS" | "APPEND"]:
            return cluster.keys()
        case [*_, "ADD", "NODE"]:
            return [cluster.free_name()]
        case [*_, "LET" | "AS"]:
            return []
        case _:
            return None


def _nodes(accepted: set[str], cluster: Cluster) -> list[str]:
    """At the beginning of a command a name can only be a service."""
    if "RANDOM" not in accepted:
        return [f"{service}:" for service in cluster.services] if "KILL" in accepted else list(cluster.nodes)
    return [*cluster.nodes, *cluster.spec.clients, *cluster.roles, *(f"{place}(" for place in cluster.places)]


def _arguments(function: str, cluster: Cluster) -> list[str]:
    """By the first argument in the question's form."""
    forms = [(each.name, each.form) for each in QUESTIONS] + [(each.verb, each.form) for each in SELECTORS]
    form = next((form for name, form in forms if name == function), "")
    match form.partition("(")[2].split(",")[0].split("[")[0].strip(" )"):
        case "KEY":
            return cluster.keys()
        case "PATH":
            return cluster.znodes()
        case "CLIENT":
            return list(cluster.spec.clients)
        case "TOPIC/N":
            return cluster.partitions()
        case "TOPIC":
            return cluster.topics()
        case "GROUP":
            return cluster.groups()
        case "NODE":
            return [*cluster.nodes, *cluster.spec.clients]
        case "ROLE(SERVICE":
            return list(cluster.roles)
        case "SERVICE | NODE":
            return [*cluster.services, *cluster.nodes]
        case "NAME":
            return cluster.files()
        case _:
            return [each.name for each in cluster.spec.services if function not in ROLES or kind_of(each.kind).roles]


class Cluster:
    """What there is to name; of the stores only if there is a world."""

    def __init__(self, spec: Spec, world: World | None) -> None:
        self.spec, self.world = spec, world
        self.services = [each.name for each in spec.services]
        names = world.names if world else spec.nodes
        self.nodes = [name for name in names if name not in spec.clients]
        kinds = {each.name: kind_of(each.kind) for each in spec.services}
        self.roles = [f"{role}({name})" for role in ROLES for name in kinds if role in kinds[name].roles]
        self.places = [place for each in spec.services for place in kind_of(each.kind).places]

    def keys(self) -> list[str]:
        """Those that can stand unquoted."""
        if self.world is None:
            return []
        found = (key for each in self.spec.services for key in kind_of(each.kind).keys(self.world, each.name))
        return sorted({key for key in found if is_bare(key)})

    def files(self) -> list[str]:
        """Names of the files that were put."""
        if self.world is None:
            return []
        found = (name for each in self.spec.services for name in kind_of(each.kind).files(self.world, each.name))
        return sorted({name for name in found if is_bare(name)})

    def topics(self) -> list[str]:
        """Topics of its brokers."""
        return sorted(dict.fromkeys(each.partition("/")[0] for each in self.partitions()))

    def znodes(self) -> list[str]:
        """Znodes of its keepers."""
        return [each for each in self._named_by("znodes") if ZNODE.fullmatch(each)]

    def partitions(self) -> list[str]:
        """Partitions of its brokers, as `orders/0`."""
        return self._named_by("partitions")

    def groups(self) -> list[str]:
        """Consumer groups of its brokers."""
        return self._named_by("groups")

    def _named_by(self, what: str) -> list[str]:
        if self.world is None:
            return []
        return [name for each in self.spec.services for name in kind_of(each.kind).names(self.world, each.name, what)]

    def free_name(self) -> str:
        """The next one in the manner of the others."""
        return next(name for number in count(1) if (name := f"n{number}") not in (*self.nodes, *self.spec.clients))
