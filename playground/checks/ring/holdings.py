"""Who holds what of each key: the cells of all disks, written or durable, of nodes up or down.

The law: it follows what machines wish to write, and looks at the disk again whenever a disk may have lost something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from algorithms.machine import Erase, Record, Save
from algorithms.ring.hints import Hint
from algorithms.ring.versions import Versions
from nodes.disk import Disk

KEY, HINT = "key/", "hint/"


def key_of(cell: str) -> str | None:
    """The key that a cell is about, None if it is about something else."""
    if cell.startswith(KEY):
        return cell[len(KEY) :]
    return cell.split("/", 2)[2] if cell.startswith(HINT) else None


def versions_in(value: Record | None) -> Versions | None:
    """What a cell of a key or a hint says of its key."""
    if isinstance(value, Hint):
        return value.versions
    return value if isinstance(value, Versions) else None


class Holdings:
    """By key: each node's copy, and each hint."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.copies: dict[str, dict[str, Versions]] = {}
        """By key and node."""
        self.hints: dict[str, dict[tuple[str, str], Versions]] = {}
        """By key, and then by node and cell."""

    def put(self, node: str, cell: str, key: str, held: Versions | None) -> Versions | None:
        """The cell holds this now (None: nothing); what it held before."""
        if cell.startswith(KEY):
            copies = self.copies.setdefault(key, {})
            before = copies.pop(node, None)
            if held is not None:
                copies[node] = held
            return before
        hints = self.hints.setdefault(key, {})
        before = hints.pop((node, cell), None)
        if held is not None:
            hints[node, cell] = held
        return before

    def reread(self, node: str, disk: Disk) -> list[str]:
        """Take what is on this disk for what the node holds; the keys that are concerned."""
        concerned: dict[str, None] = {}
        for key, copies in self.copies.items():
            if copies.pop(node, None) is not None:
                concerned[key] = None
        for key, hints in self.hints.items():
            for place in [place for place in hints if place[0] == node]:
                del hints[place]
                concerned[key] = None
        for cell, value in cells_on(disk, self.service).items():
            about, held = key_of(cell), versions_in(value)
            if about is not None and held is not None:
                self.put(node, cell, about, held)
                concerned[about] = None
        return list(concerned)

    def elsewhere(self, key: str, homes: Iterable[str]) -> Iterator[tuple[str, str, Versions]]:
        """Copies that no home holds, and all hints: the node, how it has it, what it is."""
        at_home = tuple(homes)
        for node, held in self.copies.get(key, {}).items():
            if node not in at_home:
                yield node, "", held
        for (node, cell), held in self.hints.get(key, {}).items():
            yield node, f" as a hint for {cell.split('/', 2)[1]}", held

    def cells_of(self, key: str) -> Iterator[tuple[str, str, Versions]]:
        """Every cell about the key: its node, its name, what it says."""
        for node, held in self.copies.get(key, {}).items():
            yield node, KEY + key, held
        for (node, cell), held in self.hints.get(key, {}).items():
            yield node, cell, held


def cells_on(disk: Disk, service: str) -> dict[str, Record]:
    """All cells of the service as a boot of the process would find them."""
    cells = {cell: value for (owner, cell), value in disk.durable.cells.items() if owner == service}
    for owner, write in disk.unsynced:
        if owner == service and isinstance(write, Save):
            cells[write.cell] = write.value
        elif owner == service and isinstance(write, Erase):
            cells.pop(write.cell, None)
    return cells
