"""What could stand at the cursor: the words of the grammar, and the names of this cluster.

The law: every completion, put in place of the word at the cursor, leaves the beginning of a sentence.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from lark import Token
from lark.exceptions import UnexpectedInput

from nodes.world import World
from playground.commands.build_wishes import INPUT
from playground.commands.grammar import is_bare, literals, parser
from playground.commands.steps import HOLDINGS
from playground.commands.table import COMMANDS, PLACES, QUESTIONS, ROLES, STEPS
from playground.services import kind_of

if TYPE_CHECKING:
    from playground.spec import Spec

WORD = re.compile(r"[^\s()|,:]*$")

SAMPLES: dict[str, tuple[str, ...]] = {
    "ARROW": ("->", "--"),
    "COMPARISON": ("==", "!=", ">=", ">", "<=", "<"),
    "DURATION": ("10ms", "50ms", "200ms", "1s", "5s"),
    "SIGNED_DURATION": ("+150ms", "-150ms"),
    "PPM": ("+500ppm", "-500ppm"),
    "PERCENT": ("10%", "20%", "50%"),
    "RATE": ("10kB/s", "100kB/s"),
    "SIZE": ("64kB",),
    "WEIGHT_FLAG": ("--weight 2",),
}
"""What is offered where any amount could stand."""

VERBS = tuple(dict.fromkeys(each.verb for each in (*COMMANDS, *STEPS)))


def complete(text: str, cursor: int, spec: Spec, world: World | None = None, start: str = "command") -> list[str]:
    """Words that could take the place of the one before `cursor` (a count of characters), the likeliest first.

    `start` is what the sentence is: `command`, `step` or `condition`. With `world`, keys of its stores are offered.
    """
    word = WORD.search(text[:cursor])
    begun = word.group() if word else ""
    before = text[: cursor - len(begun)]
    try:
        accepted, tokens = _accepted(before, start)
    except UnexpectedInput:
        return []
    names = _names(tokens, accepted, _Cluster(spec, world))
    offers = [*names, *_fixed(accepted), *_samples(accepted), *_flags(tokens, accepted)]
    return [each for each in dict.fromkeys(offers) if each.startswith(begun) and each != begun]


def _accepted(before: str, start: str) -> tuple[set[str], list[Token]]:
    interactive = parser().parse_interactive(before, start=start)
    tokens = list(interactive.exhaust_lexer())
    return set(interactive.accepts()), tokens  # type: ignore[no-untyped-call]


def _fixed(accepted: set[str]) -> list[str]:
    """Reserved words in the order of help, then signs."""
    words = [literals()[each] for each in accepted if each in literals()]
    return sorted(words, key=lambda word: (VERBS.index(word) if word in VERBS else len(VERBS), word))


def _samples(accepted: set[str]) -> list[str]:
    return [sample for kind, samples in SAMPLES.items() if kind in accepted for sample in samples]


def _flags(tokens: list[Token], accepted: set[str]) -> list[str]:
    """Those that the verb knows and that are not there yet."""
    if "REACH_FLAG" not in accepted:
        return []
    reading = any(each.type == "GET" for each in tokens)
    return [flag for flag in ("--n 3", "--r 1" if reading else "--w 1") if flag[:3] not in tokens]


# ---------------------------------------------------------------- names


def _names(tokens: list[Token], accepted: set[str], cluster: _Cluster) -> list[str]:
    """Which names make sense depends on the words before."""
    if "NAME" not in accepted:
        return []
    last = [each.type for each in tokens[-2:]]
    if last[:1] == ["FILE"] and last[1:] in (["GET"], ["PUT"]):
        return cluster.files() if last[-1] == "GET" else [INPUT]
    match last[-1] if last else "":
        case "LPAR":
            return _arguments(str(tokens[-2]), cluster)
        case "ON":
            return list(cluster.spec.clients)
        case "PUT" | "GET" | "CAS" | "APPEND" | "DELETE":
            return cluster.keys()
        case "UNTIL" | "EXPECT" | "AND" | "OR" | "NOT":
            return _questions(cluster)
        case "SHOW":
            return [HOLDINGS, *(f"{each.name}(" for each in QUESTIONS)]
        case "COMPARISON":
            return [*cluster.nodes, *ROLES]
        case "NODE" if last[0] == "ADD":
            return [cluster.free_name()]
        case "LET" | "AS":
            return []
    if tokens and ("COLON" in accepted or "INTEGER" in accepted):
        return []
    return _questions(cluster) if "INTEGER" in accepted else _nodes(accepted, cluster)


def _nodes(accepted: set[str], cluster: _Cluster) -> list[str]:
    """At the beginning of a command a name can only be a service."""
    if "RANDOM" not in accepted:
        return [f"{service}:" for service in cluster.services] if "KILL" in accepted else list(cluster.nodes)
    places = [f"{place}(" for place in PLACES] if cluster.has_places else []
    return [*cluster.nodes, *cluster.spec.clients, *cluster.roles, *places]


def _questions(cluster: _Cluster) -> list[str]:
    return [*cluster.roles, *(f"{each.name}(" for each in QUESTIONS)]


def _arguments(function: str, cluster: _Cluster) -> list[str]:
    """By the first argument in the question's form."""
    if function in PLACES:
        return cluster.keys()
    form = next((each.form for each in QUESTIONS if each.name == function), "")
    match form.partition("(")[2].split(",")[0].split("[")[0].strip(" )"):
        case "KEY":
            return cluster.keys()
        case "NODE":
            return [*cluster.nodes, *cluster.spec.clients]
        case "ROLE(SERVICE":
            return cluster.roles
        case "SERVICE | NODE":
            return [*cluster.services, *cluster.nodes]
        case "NAME":
            return cluster.files()
        case _:
            return [each.name for each in cluster.spec.services if function not in ROLES or kind_of(each.kind).roles]


class _Cluster:
    """What there is to name; of the stores only if there is a world."""

    def __init__(self, spec: Spec, world: World | None) -> None:
        self.spec, self.world = spec, world
        self.services = [each.name for each in spec.services]
        names = world.names if world else spec.nodes
        self.nodes = [name for name in names if name not in spec.clients]
        leading = [each.name for each in spec.services if kind_of(each.kind).roles]
        self.roles = [f"{role}({service})" for role in ROLES for service in leading]
        self.has_places = len(leading) < len(self.services)

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

    def free_name(self) -> str:
        """The next one in the manner of the others."""
        return next(name for number in count(1) if (name := f"n{number}") not in (*self.nodes, *self.spec.clients))
