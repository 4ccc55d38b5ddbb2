"""Mistakes of a person, told in one sentence. The law: what, where, and the nearest valid thing; never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class BadInput(Exception):
    """What a person gave cannot be used; the message is one sentence for that person. Exit code 2."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "..."?` with the known word that looks most like `word`, or nothing if none does."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f'; did you mean "{close[0]}"?' if close else ""
