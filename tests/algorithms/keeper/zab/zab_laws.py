"""What Zab promises (Junqueira, Reed, Serafini 2011, section 3), watched while it works.

The law: a law is checked at the very delivery that breaks it. Laws see all servers at once, also through their crashes.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.keeper.zab.messages import Epochs
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record


class Broken(AssertionError):
    """One of Zab's properties does not hold."""


Delivered = tuple[tuple[Zxid, Record], ...]


class Laws:
    """`holders` tells which voters have a transaction durably; `quorum` is how many there must be of them."""

    def __init__(self, quorum: int, holders: Callable[[Zxid], list[str]]) -> None:
        self.quorum = quorum
        self.holders = holders
        self.broadcasts: dict[Zxid, Record] = {}
        self.order: list[tuple[Zxid, Record]] = []
        """The one sequence of which everybody delivers a prefix."""
        self.established: dict[int, str] = {}
        self.epochs: dict[str, Epochs] = {}

    def was_broadcast(self, name: str, zxid: Zxid, txn: Record) -> None:
        """Zxids never come twice, and the primary of an epoch is the only one to broadcast in it, upwards."""
        if zxid in self.broadcasts:
            raise Broken(f"Zxid: {name} broadcasts {zxid} for the second time")
        if zxid.counter > 1 and Zxid(zxid.epoch, zxid.counter - 1) not in self.broadcasts:
            raise Broken(f"Zxid: {name} broadcasts {zxid}, and nobody the one before it")
        if self.established.get(zxid.epoch) != name:
            raise Broken(f"Primary: {name} broadcasts in epoch {zxid.epoch}, which it does not lead")
        self.broadcasts[zxid] = txn

    def was_delivered(self, name: str, before: Delivered, zxid: Zxid, txn: Record) -> None:
        """`before` is what this server had delivered until now."""
        if self.broadcasts.get(zxid) != txn:
            raise Broken(f"Integrity: {name} delivers {zxid}, which was not broadcast so")
        if before and before[-1][0] >= zxid:
            raise Broken(f"Primary order: {name} delivers {zxid} behind {before[-1][0]}")
        place = len(before)
        if place == len(self.order):
            self._first(name, zxid, txn)
        elif place > len(self.order) or self.order[place] != (zxid, txn):
            raise Broken(f"Total order: {name} delivers {zxid} as number {place}, others {self.order[place][0]}")

    def _first(self, name: str, zxid: Zxid, txn: Record) -> None:
        """Nobody has delivered it before, so now is when it must be safe for ever."""
        holders = self.holders(zxid)
        if len(holders) < self.quorum:
            raise Broken(f"Durability: {name} delivers {zxid}, which only {holders} have on disk")
        self.order.append((zxid, txn))

    def has_established(self, name: str, epoch: int, delivered: Delivered) -> None:
        """At most one primary an epoch, and it has delivered all that primaries before it have (primary integrity)."""
        if epoch in self.established:
            raise Broken(f"Primary: {self.established[epoch]} and {name} are established in epoch {epoch}")
        self.established[epoch] = name
        earlier = [each for each in self.order if each[0].epoch < epoch]
        if list(delivered[: len(earlier)]) != earlier:
            raise Broken(f"Primary integrity: {name} begins epoch {epoch} without all that was delivered before")

    def has_restored(self, name: str, zxid: Zxid, delivered: Delivered) -> None:
        """What comes as a snapshot is a prefix like any other."""
        if list(delivered) != self.order[: len(delivered)] or (delivered[-1][0] if delivered else ZERO) != zxid:
            raise Broken(f"Total order: {name} becomes {zxid} with another history")

    def has_booted(self, name: str, epochs: Epochs) -> None:
        """This is what its disk had; what it had only wished to save, nobody was told."""
        self.epochs[name] = epochs

    def has_saved(self, name: str, epochs: Epochs) -> None:
        """Promises never go back, and the log is never of a newer epoch than is accepted."""
        last = self.epochs.get(name, Epochs())
        if epochs.accepted < last.accepted or epochs.current < last.current or epochs.current > epochs.accepted:
            raise Broken(f"Epochs: {name} goes from {last} to {epochs}")
        self.epochs[name] = epochs
