"""The log: transactions in the order of their zxids, of which the oldest may be in a snapshot only.

The law: places in the journal are numbered densely, zxids are not; zxids only grow. Nothing here touches the disk.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from algorithms.keeper.zab.messages import Transaction
from algorithms.keeper.zxid import ZERO, Zxid

Order = tuple[int, int]


def _order(zxid: Zxid) -> Order:
    return (zxid.epoch, zxid.counter)


class Log:
    """Transactions numbered `first_index`.. in the journal. `floor` is the oldest zxid behind which it has all."""

    __slots__ = ("_orders", "first_index", "floor", "transactions")

    def __init__(self) -> None:
        self.reset(1, ZERO)

    def reset(self, first_index: int, floor: Zxid) -> None:
        """Begin anew, empty: the next transaction follows `floor` and gets the number `first_index`."""
        self.first_index = first_index
        self.floor = floor
        self.transactions: list[Transaction] = []
        self._orders: list[Order] = []

    @property
    def next_index(self) -> int:
        """The number of the next transaction."""
        return self.first_index + len(self.transactions)

    @property
    def first_zxid(self) -> Zxid:
        """Of the oldest transaction that is here; `ZERO` if there is none."""
        return self.transactions[0].zxid if self.transactions else ZERO

    @property
    def last_zxid(self) -> Zxid:
        """Of the newest transaction, which may be in a snapshot only."""
        return self.transactions[-1].zxid if self.transactions else self.floor

    def append(self, transactions: Sequence[Transaction]) -> None:
        """Put them behind the last one."""
        for each in transactions:
            assert self.last_zxid < each.zxid, f"{each.zxid} does not come behind {self.last_zxid}"
            self.transactions.append(each)
            self._orders.append(_order(each.zxid))

    def truncate(self, zxid: Zxid) -> int:
        """Drop all behind `zxid`; returns the number of the first that is gone."""
        place = self._behind(zxid)
        del self.transactions[place:], self._orders[place:]
        return self.next_index

    def compact(self, zxid: Zxid, keep: int) -> None:
        """Forget those up to `zxid` (a snapshot has them), except for the last `keep` of them."""
        place = self._behind(zxid) - keep
        if place > 0:
            self.floor = self.transactions[place - 1].zxid
            self.first_index += place
            del self.transactions[:place], self._orders[:place]

    def index_of(self, zxid: Zxid) -> int:
        """The number of the last transaction up to `zxid`; one less than `first_index` if none is here."""
        return self.first_index + self._behind(zxid) - 1

    def between(self, after: Zxid, last: Zxid) -> tuple[Transaction, ...]:
        """Those behind `after`, up to `last`."""
        return tuple(self.transactions[self._behind(after) : self._behind(last)])

    def at_or_before(self, zxid: Zxid) -> Zxid:
        """The newest zxid that is not above `zxid`; `floor` if none is here."""
        place = self._behind(zxid)
        return self.transactions[place - 1].zxid if place else self.floor

    def knows(self, zxid: Zxid) -> bool:
        """Whether this history has `zxid`, as far as the log can tell."""
        return self.at_or_before(zxid) == zxid

    def _behind(self, zxid: Zxid) -> int:
        return bisect_right(self._orders, _order(zxid))
