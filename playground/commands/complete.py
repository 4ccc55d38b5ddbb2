"""What could stand at the cursor: the words of the grammar, and the names of this cluster.

The law: every completion, put in place of the word at the cursor, leaves the beginning of a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark import Token
from lark.exceptions import UnexpectedInput

from nodes.world import World
from playground.commands.grammar import literals, parser
from playground.commands.names_offered import Cluster, names
from playground.commands.table import COMMANDS, STEPS

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

FLAGS: dict[str, tuple[str, ...]] = {
    "CREATE": ("--partitions 6", "--replicas 3", "--min-isr 2", "--cleanup compact", "--retention 10s"),
    "ALTER": ("--partitions 8", "--min-isr 2", "--retention 10s", "--unclean true"),
    "PRODUCE": ("--acks all", "--partition 0"),
    "CONSUME": ("--group g", "--offset 0"),
    "REASSIGN": ("--throttle 100kB/s",),
}
"""What is offered behind a verb of brokers, by its word in the grammar."""

AMOUNTS: dict[str, tuple[str, ...]] = {
    "--partitions": ("6",),
    "--replicas": ("3",),
    "--min-isr": ("2",),
    "--cleanup": ("delete", "compact", "compact-delete"),
    "--retention": ("10s", "1min"),
    "--retention-bytes": ("64kB",),
    "--segment-bytes": ("4kB",),
    "--max-bytes": ("4kB",),
    "--flush": ("1",),
    "--unclean": ("true", "false"),
    "--acks": ("all", "1", "0"),
    "--partition": ("0",),
    "--offset": ("0",),
    "--group": ("g",),
    "--throttle": ("10kB/s", "100kB/s"),
}
"""What is offered behind these flags, and nothing else."""
FLAGS_OF_ZNODES: dict[str, tuple[str, ...]] = {
    "CREATE": ("--ephemeral", "--sequential", "--container", "--ttl 2s", '--acl "world:anyone:r"'),
    "SET": ("--version 0",),
    "DELETE": ("--version 0",),
    "CHECK": ("--version 0",),
    "GET": ("--watch",),
    "EXISTS": ("--watch",),
    "LS": ("--watch",),
    "WATCH": ("--recursive",),
    "ACL": ('--acl "world:anyone:r"', "--version 0"),
    "LOCK": ("--shared", "--herd", "--no-guid"),
}
"""What is offered behind a verb of keepers, by its word in the grammar."""

AMOUNTS_OF_ZNODES: dict[str, tuple[str, ...]] = {
    "--version": ("0", "1"),
    "--ttl": ("1s", "2s"),
    "--acl": ('"world:anyone:r"', '"auth::cdrwa"'),
}

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
    offers = _offers(tokens, accepted, Cluster(spec, world))
    return [each for each in dict.fromkeys(offers) if each.startswith(begun) and each != begun]


def _offers(tokens: list[Token], accepted: set[str], cluster: Cluster) -> list[str]:
    if tokens and tokens[-1].type == "KEEPER_FLAG":
        return list(AMOUNTS_OF_ZNODES[str(tokens[-1])])
    if tokens and tokens[-1].type == "BROKER_FLAG":
        groups = cluster.groups() if tokens[-1] == "--group" else []
        return [*groups, *AMOUNTS[str(tokens[-1])]]
    found = names(tokens, accepted, cluster)
    fixed = [word for word in _fixed(accepted) if f"{word}(" not in found]
    return [*found, *fixed, *_samples(accepted), *_flags(tokens, accepted)]


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
    there = [str(each).split()[0] for each in tokens if each.type.endswith(("_FLAG", "_SWITCH"))]
    offers: tuple[str, ...] = ()
    if "REACH_FLAG" in accepted:
        reading = any(each.type == "GET" for each in tokens)
        offers = ("--n 3", "--r 1" if reading else "--w 1")
    elif "BROKER_FLAG" in accepted:
        verbs = [each.type for each in tokens if each.type in FLAGS]
        offers = FLAGS[verbs[-1]] if verbs else ()
        if verbs[-1:] == ["CONSUME"]:
            offers = offers[1:] if any(each.type == "PATH" for each in tokens) else offers[:1]
    elif "KEEPER_FLAG" in accepted:
        offers = _flags_of_znodes(tokens, there)
    elif "UNCLEAN_FLAG" in accepted:
        offers = ("--unclean",)
    return [flag for flag in offers if flag.split()[0] not in there]


KINDS_OF_ZNODES = ("--ephemeral", "--container", "--ttl")


def _flags_of_znodes(tokens: list[Token], there: list[str]) -> tuple[str, ...]:
    """A znode is of one kind, a container takes no number, and a version is one of the ACL that is set."""
    verbs = [each.type for each in tokens if each.type in FLAGS_OF_ZNODES]
    missing = set(KINDS_OF_ZNODES) if set(there) & set(KINDS_OF_ZNODES) else set()
    missing |= {"--sequential"} if "--container" in there else set()
    missing |= {"--container"} if "--sequential" in there else set()
    missing |= {"--version"} if verbs[-1:] == ["ACL"] and "--acl" not in there else set()
    return tuple(each for each in FLAGS_OF_ZNODES[verbs[-1]] if each.split()[0] not in missing) if verbs else ()
