"""A node's disk: cells and journals, of which a part may not be synced yet.

The law: what was synced survives everything but a wipe; a crash of the process loses nothing that was written;
a power loss leaves of the unsynced writes a prefix, the record behind it perhaps torn. A lying disk says that it
has synced and has not.
"""

from __future__ import annotations

from random import Random

from algorithms.machine import Append, Cell, Erase, Journal, Record, Save, Saved, Torn, Trim

CACHE = 1_000
"""Writes the operating system keeps unsynced before it writes the oldest ones back by itself."""

Write = tuple[str, Save | Append | Trim | Erase]
"""A service's name with what it wrote."""


class StoredJournal:
    """The records of one journal; `first` is the number of `records[0]`."""

    __slots__ = ("first", "records")

    def __init__(self, first: int, records: list[Record] | None = None) -> None:
        self.first = first
        self.records: list[Record] = records or []

    @property
    def end(self) -> int:
        """The number behind the last record."""
        return self.first + len(self.records)

    def append(self, index: int, records: tuple[Record, ...]) -> None:
        """Write `records` from `index` on; there must be no gap before it."""
        assert self.first <= index <= self.end, (
            f"An append at {index} does not touch a journal of {self.first}..{self.end - 1}."
        )
        del self.records[index - self.first :]
        self.records.extend(records)

    def trim(self, first: int) -> None:
        """Forget what stands before `first`."""
        del self.records[: max(0, first - self.first)]
        self.first = max(first, self.first)


class Image:
    """The contents of a disk as its writes left them."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], Record] = {}
        self.journals: dict[tuple[str, str], StoredJournal] = {}

    def copy(self) -> Image:
        """An image that can be written to without changing this one."""
        other = Image()
        other.cells = dict(self.cells)
        other.journals = {k: StoredJournal(j.first, list(j.records)) for k, j in self.journals.items()}
        return other

    def do(self, service: str, write: Save | Append | Trim | Erase) -> None:
        """Carry out one write."""
        match write:
            case Save(cell, value):
                self.cells[service, cell] = value
            case Erase(cell):
                self.cells.pop((service, cell), None)
            case Append(journal, index, records):
                self._journal(service, journal, index).append(index, records)
            case Trim(journal, first):
                self._journal(service, journal, first).trim(first)

    def _journal(self, service: str, name: str, first: int) -> StoredJournal:
        found = self.journals.get((service, name))
        if found is None:
            found = self.journals[service, name] = StoredJournal(first)
        return found

    def saved(self, service: str) -> Saved:
        """What the machine of `service` finds when it starts, sorted by name."""
        cells = sorted(self.cells.items(), key=_by_name)
        journals = sorted(self.journals.items(), key=_by_name)
        return Saved(
            tuple(Cell(name, value) for (owner, name), value in cells if owner == service),
            tuple(Journal(name, j.first, tuple(j.records)) for (owner, name), j in journals if owner == service),
        )


def _by_name(item: tuple[tuple[str, str], object]) -> tuple[str, str]:
    return item[0]


class Disk:
    """What is durable, what is merely written, and how long a sync takes (microseconds)."""

    def __init__(self, sync_latency: int) -> None:
        self.durable = Image()
        self.unsynced: list[Write] = []
        self.written = 0
        """Writes so far."""
        self.synced = 0
        """Writes the disk has said are durable; a lying disk says so too early."""
        self.usual_latency = sync_latency
        self.latency = sync_latency
        self.lying = False
        self.fails_next = False
        self.syncing = False

    def write(self, service: str, write: Save | Append | Trim | Erase) -> None:
        """Hand one write to the operating system."""
        self.written += 1
        self.unsynced.append((service, write))
        if len(self.unsynced) > CACHE:
            self.durable.do(*self.unsynced.pop(0))

    def sync(self, writes: int) -> None:
        """Make the first `writes` writes (of all there ever were) durable, or only say so."""
        if not self.lying:
            count = len(self.unsynced) - (self.written - writes)
            for service, write in self.unsynced[: max(0, count)]:
                self.durable.do(service, write)
            del self.unsynced[: max(0, count)]
        self.synced = max(self.synced, writes)

    def lied_about(self) -> list[Write]:
        """The writes that the disk has called durable and that are not."""
        return self.unsynced[: max(0, len(self.unsynced) - (self.written - self.synced))]

    def lose_power(self, dice: Random) -> None:
        """Keep a prefix of the unsynced writes; the write behind it may be cut in the middle."""
        kept = int(dice.random() * (len(self.unsynced) + 1))
        for service, write in self.unsynced[:kept]:
            self.durable.do(service, write)
        if kept < len(self.unsynced):
            self._tear(*self.unsynced[kept], dice)
        self.unsynced.clear()
        self.synced = self.written

    def _tear(self, service: str, write: Save | Append | Trim | Erase, dice: Random) -> None:
        if isinstance(write, Append) and write.records and dice.random() < 0.5:
            whole = int(dice.random() * len(write.records))
            self.durable.do(service, Append(write.journal, write.index, (*write.records[:whole], Torn())))

    def recover(self) -> None:
        """A booting system syncs what the last life only wrote, before it trusts it."""
        self.syncing = False
        self.sync(self.written)

    def saved(self, service: str) -> Saved:
        """What the machine of `service` reads: also what is only written, for the operating system has it."""
        image = self.durable
        if self.unsynced:
            image = image.copy()
            for owner, write in self.unsynced:
                image.do(owner, write)
        return image.saved(service)

    def wipe(self) -> None:
        """Forget everything."""
        self.durable = Image()
        self.unsynced.clear()

    def mend(self) -> None:
        """Honest and as quick as usual again."""
        self.latency, self.lying, self.fails_next = self.usual_latency, False, False
