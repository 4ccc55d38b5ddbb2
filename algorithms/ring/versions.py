"""What a replica holds of one key: the versions nobody has replaced yet, and the dots it has ever seen.

The law: `join` is commutative, associative and idempotent, so replicas may be told in any order and any number of
times, and whoever was told the same holds the same. (Dynamo 4.4 has vector clocks; these are exact ones, which know
each dot they contain: Preguiça and others, "Dotted Version Vectors", 2010; Almeida and others, "Delta State
Replicated Data Types", 2018, causal contexts.)
"""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Record
from algorithms.ring.clocks import Dot, Interval, VectorClock, add, covers, union

__all__ = [
    "NOTHING", "Chunk", "Dot", "Interval", "Manifest", "Value", "VectorClock", "Version", "Versions", "delta", "join",
    "live_values", "size_of",
]  # fmt: skip


class Chunk(Record, frozen=True):
    """A piece of a file: its SHA-256 as hex digits, and its size in bytes. The bytes lie with who runs the cluster."""

    sha256: str
    size: int


class Manifest(Record, frozen=True):
    """A whole file: its size in bytes, its SHA-256, and its pieces in order."""

    size: int
    sha256: str
    chunks: tuple[Chunk, ...]


Value = kv.Value | Chunk | Manifest


class Version(Record, frozen=True):
    """One value that was written. `written_at` is the client's own clock (us), which may be wrong."""

    dot: Dot
    value: Value
    written_at: int
    deleted: bool = False
    """A tombstone: the key was deleted; `value` is None."""


class Versions(Record, frozen=True):
    """The state of one key: `siblings` sorted by dot (several only if they were written without knowing of each
    other), and the `clock` of every dot that is in them or was replaced."""

    clock: VectorClock = VectorClock()
    siblings: tuple[Version, ...] = ()


def size_of(value: Value) -> int:
    """The bytes of a value: of a text in UTF-8, of a chunk the bytes it stands for."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    if isinstance(value, Chunk):
        return value.size
    return 80 * len(value.chunks) + 80 if isinstance(value, Manifest) else 8


NOTHING = Versions()


def join(one: Versions, other: Versions, last_write_wins: bool = False) -> Versions:
    """What both together hold. With `last_write_wins` only the latest by its writer's clock stays (ties by dot)."""
    if one == other or not other.clock.intervals:
        return one
    if not one.clock.intervals:
        return other
    clock = union(one.clock, other.clock)
    if last_write_wins:
        every = (*one.siblings, *other.siblings)
        return Versions(clock, (max(every, key=_lateness),) if every else ())
    ours = [each for each in one.siblings if each in other.siblings or not covers(other.clock, each.dot)]
    theirs = [each for each in other.siblings if each not in one.siblings and not covers(one.clock, each.dot)]
    return Versions(clock, tuple(sorted((*ours, *theirs), key=_by_dot)))


def delta(context: VectorClock, version: Version) -> Versions:
    """What a write says: it replaces everything in `context` (Dynamo 4.4)."""
    return Versions(add(context, version.dot), (version,))


def live_values(versions: Versions) -> tuple[Value, ...]:
    """The values of the siblings that are no tombstones, each once, in the order of their dots."""
    values: list[Value] = []
    for each in versions.siblings:
        if not each.deleted and not any(_same(each.value, value) for value in values):
            values.append(each.value)
    return tuple(values)


def _same(one: Value, other: Value) -> bool:
    """As in JSON: `true` is not `1`."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _by_dot(version: Version) -> tuple[str, int]:
    return version.dot.actor, version.dot.counter


def _lateness(version: Version) -> tuple[int, str, int]:
    return version.written_at, version.dot.actor, version.dot.counter
