"""Who holds what of one key of a ring store, read from the disks. The law: reading changes nothing.

Disks tell it of nodes that are down as well, and a machine holds nothing that it has not written.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from algorithms.machine import Erase, Record, Save
from algorithms.placement.ring import HashRing
from algorithms.ring.hints import Hint
from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import NOTHING, Versions, join
from nodes.node import Node
from tui.ring_frame import Copy, KeyFace, Replica
from tui.ring_log import KEY_CELL
from tui.ring_words import sibling_words

HINT_CELL = "hint/"

TOP = 1 << 64
"""Positions on the ring."""


class Cells:
    """What one service has in its cells on a node's disk, with what is only written."""

    def __init__(self, node: Node, service: str) -> None:
        self._service = service
        self._durable = node.disk.durable.cells
        self._fresh: dict[str, Record | None] = {}
        for owner, write in node.disk.unsynced:
            if owner == service and isinstance(write, Save | Erase):
                self._fresh[write.cell] = write.value if isinstance(write, Save) else None

    def get(self, name: str) -> Record | None:
        """The value of this cell, None if there is none."""
        return self._fresh[name] if name in self._fresh else self._durable.get((self._service, name))

    def names(self) -> Iterator[str]:
        """All cells."""
        yield from (name for name, value in self._fresh.items() if value is not None)
        yield from (name for owner, name in self._durable if owner == self._service and name not in self._fresh)

    def versions(self, key: str) -> Versions:
        """What it holds of a key as its own."""
        found = self.get(f"{KEY_CELL}{key}")
        return found if isinstance(found, Versions) else NOTHING

    def hint(self, target: str, key: str) -> Versions:
        """What it keeps of a key for another node."""
        found = self.get(f"{HINT_CELL}{target}/{key}")
        return found.versions if isinstance(found, Hint) else NOTHING


def key_face(
    key: str, nodes: dict[str, Node], service: str, settings: RingSettings, ring: HashRing, coming: HashRing | None
) -> KeyFace:
    """The key with its homes in the order of the walk, then whoever else has something of it."""
    disks = {name: Cells(node, service) for name, node in nodes.items()}
    held = {name: disk.versions(key) for name, disk in disks.items()}
    hints = [(name, to, disk.hint(to, key)) for name, disk in disks.items() for to in nodes]
    hints = [each for each in hints if each[2].siblings]
    lww = settings.conflicts == "last_write_wins"
    all_ = reduce(lambda a, b: join(a, b, lww), [*held.values(), *(each[2] for each in hints)], NOTHING)
    homes = ring.preference_list_at(ring.range_of(ring.position(key)), settings.n)
    later = coming.preference_list_at(coming.range_of(coming.position(key)), settings.n) if coming else ()
    tokens = tokens_of(ring, ring.position(key), homes)
    replicas = [
        Replica(home, _copy(held.get(home, NOTHING), all_, nodes.get(home)), _values(held, home), token / TOP)
        for home, token in zip(homes, tokens, strict=True)
    ]
    replicas += [
        Replica(name, _other(versions, all_, name in later), sibling_words(versions))
        for name, versions in held.items()
        if name not in homes and versions.clock != NOTHING.clock
    ]
    replicas += [Replica(name, Copy.HINT, sibling_words(found), target=to) for name, to, found in hints]
    return KeyFace(key, ring.position(key) / TOP, sibling_words(all_), tuple(replicas), later if later != homes else ())


def _values(held: dict[str, Versions], name: str) -> tuple[str, ...]:
    return sibling_words(held.get(name, NOTHING))


def _copy(versions: Versions, all_: Versions, node: Node | None) -> Copy:
    if node is None or not node.up:
        return Copy.DOWN
    if versions == all_:
        return Copy.WHOLE
    return Copy.BEHIND if versions.clock != NOTHING.clock else Copy.NOTHING


def _other(versions: Versions, all_: Versions, gains: bool) -> Copy:
    """Whoever is no home yet, or no longer."""
    if not gains:
        return Copy.STRAY
    return Copy.WHOLE if versions == all_ else Copy.BEHIND


def tokens_of(ring: HashRing, position: int, homes: tuple[str, ...]) -> tuple[int, ...]:
    """Where the walk from here meets each of these nodes for the first time."""
    first = ring.range_of(position)
    count = len(ring.bounds)
    found: dict[str, int] = {}
    for step in range(count):
        number = (first + step) % count
        found.setdefault(ring.owner_of_range(number), ring.bounds[number])
        if all(home in found for home in homes):
            break
    return tuple(found[home] for home in homes)
