"""How the ring's judges say things. The law: a sentence names the key, the nodes and the moment, as a person would."""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.placement.ring import Member
from algorithms.ring.table import Ring
from algorithms.ring.versions import Chunk, Manifest, Value, Version
from playground.checks.model import value_text

SECOND = 1_000_000
LONGEST = 40
"""Characters of a value that a sentence shows."""


def moment(at: int) -> str:
    """A virtual time (us) as `12.345 s`."""
    return f"{at / SECOND:.3f} s"


def names(nodes: Iterable[str]) -> str:
    """`n1, n2 and n3`; `nobody` if there is none."""
    found = list(nodes)
    if not found:
        return "nobody"
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))


def value(what: Value) -> str:
    """A value for a sentence."""
    match what:
        case Chunk(sha256, size):
            return f"a chunk of {size:,} bytes ({sha256[:8]}…)"
        case Manifest(size=size, chunks=chunks):
            return f"a file of {size:,} bytes in {len(chunks)} chunks"
        case _:
            text = value_text(what)
            return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def version(key: str, what: Version) -> str:
    """`k1 = "a"`, or `the delete of k1`."""
    return f"the delete of {key}" if what.deleted else f"{key} = {value(what.value)}"


def found(siblings: Iterable[Version]) -> str:
    """What a read came back with: `"a" | "b"`, `nothing`."""
    return " | ".join(value(each.value) for each in siblings if not each.deleted) or "nothing"


def table(ring: Ring) -> str:
    """`n1 n2 n3`, and what is coming."""
    coming = f", coming: {_members(ring.coming)}" if ring.coming else ""
    return f"{_members(ring.members)}{coming}"


def _members(members: tuple[Member, ...]) -> str:
    return " ".join(each.name if each.weight == 1 else f"{each.name}×{each.weight:g}" for each in members)


def counted(number: int, what: str) -> str:
    """`1 read`, `2 reads`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def more(count: int) -> str:
    """How many findings are not told, behind the one that is."""
    return f" ({count - 1:,} more)" if count > 1 else ""
