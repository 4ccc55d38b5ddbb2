"""What a sentence may mention, and what to say when it mentions something else."""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.machine import Record
from playground.errors import nearest

MOST_NODES = 50
"""Nodes of one sort that a cluster may have: messages grow with their square."""

IT = "it"
"""Whom the command before concerned."""


class Names(Record, frozen=True):
    """The nodes (with names that a scenario gave them) and the services that there are."""

    nodes: tuple[str, ...]
    services: tuple[str, ...]


def no_such(what: str, word: str, words: Iterable[str], known: Iterable[str]) -> str:
    """One sentence: there is no such thing, but perhaps one of `words` was meant, else these are all."""
    hint = nearest(word, words) or f"; there are {', '.join(known)}"
    return f'there is no {what} "{word}"{hint}'
