"""The leader-epoch cache: at which offset each leader's records begin (KIP-101).

The law: epochs and their start offsets both grow. An epoch ends where the next one begins, the last one at the log's
end.
"""

from __future__ import annotations

from algorithms.broker.messages.data import EpochEnd
from algorithms.machine import Record


class EpochStart(Record, frozen=True):
    """One line of Kafka's leader-epoch-checkpoint."""

    epoch: int
    start_offset: int


class EpochCache:
    """The epochs of one log, oldest first."""

    __slots__ = ("entries",)

    def __init__(self, entries: tuple[EpochStart, ...] = ()) -> None:
        self.entries: list[EpochStart] = list(entries)

    @property
    def latest(self) -> int:
        """The newest epoch; -1 if there is none."""
        return self.entries[-1].epoch if self.entries else -1

    def assign(self, epoch: int, start_offset: int) -> bool:
        """The record at `start_offset` is of `epoch`. Whether that is a new epoch."""
        if epoch <= self.latest:
            return False
        while self.entries and self.entries[-1].start_offset >= start_offset:
            self.entries.pop()
        self.entries.append(EpochStart(epoch, start_offset))
        return True

    def end_of(self, epoch: int, log_end_offset: int) -> EpochEnd | None:
        """The largest epoch not above `epoch`, and the offset behind it (KIP-279); None if there is none."""
        for place in range(len(self.entries) - 1, -1, -1):
            if self.entries[place].epoch <= epoch:
                last = place + 1 == len(self.entries)
                return EpochEnd(
                    self.entries[place].epoch, log_end_offset if last else self.entries[place + 1].start_offset
                )
        return None

    def end_before_279(self, epoch: int, log_end_offset: int) -> int:
        """KIP-101's first answer: where the first epoch above `epoch` begins, whether `epoch` is known or not."""
        above = (entry.start_offset for entry in self.entries if entry.epoch > epoch)
        return next(above, log_end_offset)

    def truncate_from_end(self, end_offset: int) -> None:
        """The log ends at `end_offset` now."""
        while self.entries and self.entries[-1].start_offset >= end_offset:
            self.entries.pop()

    def truncate_from_start(self, start_offset: int) -> None:
        """The log begins at `start_offset` now."""
        while len(self.entries) > 1 and self.entries[1].start_offset <= start_offset:
            self.entries.pop(0)
        if self.entries and self.entries[0].start_offset < start_offset:
            self.entries[0] = EpochStart(self.entries[0].epoch, start_offset)
