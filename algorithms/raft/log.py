"""The log: entries numbered from 1, of which the oldest may have been compacted into a snapshot.

The law: a configuration counts from the moment it is appended (paper 6), so it comes and goes with its entry;
here it cannot be otherwise, because `configuration` is read off the log. Nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.raft.messages import Configuration, Entry


class Log:
    """Entries `first_index`..`last_index`. `base_index` is the entry before them, of which only the term is known."""

    __slots__ = (
        "_configurations",
        "base_index",
        "base_term",
        "configuration",
        "configuration_index",
        "entries",
        "last_index",
        "last_term",
    )

    def __init__(self, configuration: Configuration) -> None:
        self.reset(0, 0, configuration)

    def reset(self, index: int, term: int, configuration: Configuration) -> None:
        """Begin anew behind a snapshot that ends at `index` and carries `configuration`."""
        self.base_index = index
        self.base_term = term
        self.entries: list[Entry] = []
        self._configurations = [(index, configuration)]
        self._refresh()

    @property
    def first_index(self) -> int:
        """The first entry that is still here; one more than `last_index` if there is none."""
        return self.base_index + 1

    def term_at(self, index: int) -> int:
        """The term of the entry at `index`; 0 if it is not here, or not any more."""
        if index > self.base_index:
            return self.entries[index - self.base_index - 1].term if index <= self.last_index else 0
        return self.base_term if index == self.base_index else 0

    def entry(self, index: int) -> Entry:
        """The entry at `index`, which must be here."""
        assert self.base_index < index <= self.last_index, f"the log has no entry {index}"
        return self.entries[index - self.base_index - 1]

    def slice(self, first: int, most: int) -> tuple[Entry, ...]:
        """At most `most` entries from `first` on."""
        position = first - self.base_index - 1
        return tuple(self.entries[position : position + most])

    # ------------------------------------------------------------ changing it

    def append(self, entries: Sequence[Entry]) -> None:
        """Put `entries` behind the last one."""
        for number, entry in enumerate(entries, self.last_index + 1):
            if entry.payload.__class__ is Configuration:
                self._configurations.append((number, entry.payload))
        self.entries.extend(entries)
        self._refresh()

    def truncate(self, index: int) -> None:
        """Drop the entry at `index` and all behind it. Their configurations go with them."""
        del self.entries[index - self.base_index - 1 :]
        while self._configurations[-1][0] >= index and len(self._configurations) > 1:
            self._configurations.pop()
        self._refresh()

    def compact(self, index: int) -> None:
        """Forget the entries up to `index` (a snapshot has them)."""
        if index <= self.base_index:
            return
        self.base_index, self.base_term, position = index, self.term_at(index), index - self.base_index
        del self.entries[:position]
        while len(self._configurations) > 1 and self._configurations[1][0] <= index:
            self._configurations.pop(0)
        self._refresh()

    def _refresh(self) -> None:
        self.last_index = self.base_index + len(self.entries)
        self.last_term = self.entries[-1].term if self.entries else self.base_term
        self.configuration_index, self.configuration = self._configurations[-1]

    # ------------------------------------------------------------ looking things up

    def configuration_at(self, index: int) -> Configuration:
        """The configuration that counted when `index` was the last entry."""
        return next(each for number, each in reversed(self._configurations) if number <= index)

    def configurations_since(self, index: int) -> tuple[Configuration, ...]:
        """The one that counted at `index` and those behind it."""
        index = max(index, self._configurations[0][0])
        later = tuple(each for number, each in self._configurations if number > index)
        return (self.configuration_at(index), *later)

    def is_up_to_date(self, last_index: int, last_term: int) -> bool:
        """A log that ends so is at least as new as this one (paper 5.4.1)."""
        return (last_term, last_index) >= (self.last_term, self.last_index)

    def first_of_term_at(self, index: int) -> int:
        """Where the run of entries begins that have the same term as the one at `index`."""
        term = self.term_at(index)
        while index > self.first_index and self.term_at(index - 1) == term:
            index -= 1
        return index

    def last_of_term(self, term: int, before: int) -> int | None:
        """The last index under `before` whose entry has `term`; None if there is none."""
        index = min(before - 1, self.last_index)
        while index > self.base_index and self.term_at(index) > term:
            index -= 1
        return index if term and self.term_at(index) == term else None
