"""A lesson's Markdown, cut into front matter, prose and fenced blocks.

The law: every line keeps its number in the file (1-based), so that a mistake can be shown where it was made.
"""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.machine import Record
from playground.errors import BadInput, nearest
from playground.tables import Table, read_toml

EDGE = "+++"
FENCE = "```"
KINDS = ("run", "predict", "goal", "solution", "claim")
"""Blocks that mean something; every other one is shown as it is."""
SHOWN = ("", "text", "console", "toml", "python")


class Written(Record, frozen=True):
    """One line of a block, without the blanks around it."""

    number: int
    text: str


class Prose(Record, frozen=True):
    """Markdown to read, `line` being its first."""

    line: int
    text: str


class Block(Record, frozen=True):
    """A fenced block of one of `KINDS`, its empty lines left out. `line` is that of the opening fence."""

    line: int
    kind: str
    lines: tuple[Written, ...]


def front_matter(text: str, where: str) -> Table:
    """The TOML between the two lines of `+++` with which a lesson begins."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != EDGE or EDGE not in (line.strip() for line in lines[1:]):
        raise BadInput(f"{where}, line 1: a lesson begins with its title and so on between two lines of {EDGE}")
    return read_toml("\n".join(["", *lines[1 : _end(lines)]]), where)


def _end(lines: list[str]) -> int:
    """Where the second edge stands, counted from 0."""
    return next(i for i, line in enumerate(lines) if i and line.strip() == EDGE)


def blocks(text: str, where: str) -> Iterator[Prose | Block]:
    """What follows the front matter, in order; prose of nothing but blanks is left out."""
    lines = text.splitlines()
    prose: list[Written] = []
    at = _end(lines) + 1
    while at < len(lines):
        kind = _opens(lines[at], where, at + 1)
        end = at if kind is None else _closes(lines, at, where)
        if kind in KINDS:
            yield from _prose(prose)
            prose = []
            yield Block(at + 1, kind or "", tuple(_written(lines, at + 1, end)))
        else:
            prose += [Written(i + 1, lines[i]) for i in range(at, end + 1)]
        at = end + 1
    yield from _prose(prose)


def _opens(line: str, where: str, number: int) -> str | None:
    """The kind of the block that this line opens, or None if it opens none."""
    if not line.startswith(FENCE):
        return None
    kind = line.removeprefix(FENCE).strip()
    if kind not in KINDS and kind not in SHOWN:
        hint = nearest(kind, (*KINDS, *SHOWN)) or f"; there are {', '.join(KINDS)}"
        raise BadInput(f'{where}, line {number}: there is no block called "{kind}"{hint}')
    return kind


def _closes(lines: list[str], opened: int, where: str) -> int:
    for at in range(opened + 1, len(lines)):
        if lines[at].strip() == FENCE:
            return at
    raise BadInput(f"{where}, line {opened + 1}: this block is never closed; a line of {FENCE} ends it")


def _written(lines: list[str], start: int, end: int) -> Iterator[Written]:
    return (Written(i + 1, lines[i].strip()) for i in range(start, end) if lines[i].strip())


def _prose(lines: list[Written]) -> Iterator[Prose]:
    text = "\n".join(line.text for line in lines)
    if text.strip():
        first = next(line.number for line in lines if line.text.strip())
        yield Prose(first, text.strip("\n"))
