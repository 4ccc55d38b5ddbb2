"""What could stand at the cursor: the words of the grammar, and the names of this cluster.

The law: every completion, put in place of the word at the cursor, leaves the beginning of a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark import Token
from lark.exceptions import UnexpectedInput

from nodes.world import World
from playground.commands.grammar import is_bare, literals, parser
from playground.commands.table import COMMANDS, QUESTIONS, ROLES, STEPS
from playground.standing import raft_views

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
    offers = [*_names(tokens, accepted, spec, world), *_fixed(accepted), *_samples(accepted)]
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


# ---------------------------------------------------------------- names


def _names(tokens: list[Token], accepted: set[str], spec: Spec, world: World | None) -> list[str]:
    """Which names make sense depends on the word before."""
    if "NAME" not in accepted:
        return []
    services = [each.name for each in spec.services]
    match tokens[-1].type if tokens else "":
        case "LPAR":
            return _arguments(str(tokens[-2]), spec, world)
        case "ON":
            return list(spec.clients)
        case "PUT" | "GET" | "CAS" | "APPEND":
            return _keys(world, services)
        case "UNTIL" | "EXPECT" | "AND" | "OR" | "NOT":
            return _questions(services)
        case "COMPARISON":
            return [*spec.nodes, *ROLES]
        case "LET":
            return []
    if tokens and ("COLON" in accepted or "INTEGER" in accepted):
        return []
    return _questions(services) if "INTEGER" in accepted else _nodes(accepted, spec, services)


def _nodes(accepted: set[str], spec: Spec, services: list[str]) -> list[str]:
    """At the beginning of a command a name can only be a service."""
    if "RANDOM" not in accepted:
        return [f"{service}:" for service in services] if "KILL" in accepted else list(spec.nodes)
    return [*spec.nodes, *spec.clients, *(f"{role}({service})" for role in ROLES for service in services)]


def _questions(services: list[str]) -> list[str]:
    roles = [f"{role}({service})" for role in ROLES for service in services]
    return [*roles, *(f"{each.name}(" for each in QUESTIONS)]


def _arguments(function: str, spec: Spec, world: World | None) -> list[str]:
    services = [each.name for each in spec.services]
    match function:
        case "value":
            return _keys(world, services)
        case "up" | "paused" | "linked" | "role" | "voter":
            return [*spec.nodes, *spec.clients]
        case "count":
            return [f"{role}({service})" for role in ROLES for service in services]
        case "term" | "commit" | "applied" | "last" | "snapshot":
            return [*services, *spec.nodes]
        case _:
            return services


def _keys(world: World | None, services: list[str]) -> list[str]:
    if world is None:
        return []
    views = [view for service in services for view in raft_views(world, service).values()]
    return sorted({pair.key for view in views for pair in view.store.pairs if is_bare(pair.key)})
