"""Values, sizes and outcomes of the ring store in words."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.commands import (
    AddNode,
    Delete,
    Found,
    GetFile,
    PutFile,
    Read,
    RemoveNode,
    RingCommand,
    SetWeight,
    Write,
)
from algorithms.ring.versions import Chunk, Manifest, Value, Versions

SIZES = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))

LONGEST = 24
"""Characters of one value."""


def size_words(size: float) -> str:
    """`312 B`, `12 kB`, `3.1 MB`: two or three digits and the unit a person would take."""
    for unit, name in SIZES:
        if size >= unit:
            amount = size / unit
            return f"{amount:.1f} {name}" if amount < 10 else f"{amount:,.0f} {name}"
    return f"{size:.0f} B"


def counted(count: int, noun: str) -> str:
    """`1 key`, `3 keys`."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def value_words(value: Value) -> str:
    """As one would type it, but not longer than a line bears."""
    match value:
        case Chunk(sha256, size):
            return f"chunk {sha256[:8]} of {size_words(size)}"
        case Manifest(size=size, chunks=chunks):
            return f"file of {size_words(size)} in {counted(len(chunks), 'chunk')}"
        case str() if len(value) > LONGEST:
            return f'"{value[:LONGEST]}…" ({size_words(len(value.encode()))})'
        case str():
            return f'"{value}"'
        case None:
            return "null"
        case _:
            return str(value)


def command_words(command: RingCommand) -> str:
    """A wish as one would type it."""
    match command:
        case Read(key):
            return f"get {key}"
        case Write(key, value):
            return f"put {key} {value_words(value)}"
        case Delete(key):
            return f"delete {key}"
        case AddNode(node, weight):
            return f"add node {node}" + (f" --weight {weight:g}" if weight != 1 else "")
        case RemoveNode(node):
            return f"remove node {node}"
        case SetWeight(node, weight):
            return f"weight {node} {weight:g}"
        case PutFile(name):
            return f"file put {name}"
        case GetFile(name):
            return f"file get {name}"


def sibling_words(versions: Versions) -> tuple[str, ...]:
    """The siblings' values in the order of their dots; a tombstone is told as such."""
    return tuple("deleted" if each.deleted else value_words(each.value) for each in versions.siblings)


def result_words(outcome: Record) -> str:
    """What a read found; empty for outcomes that other services have as well."""
    match outcome:
        case Found(()):
            return "nothing found"
        case Found((value,)):
            return f"found {value_words(value)}"
        case Found(values):
            return f"found {counted(len(values), 'sibling')}: {' | '.join(map(value_words, values))}"
        case _:
            return ""
