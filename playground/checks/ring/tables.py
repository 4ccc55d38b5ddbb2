"""The tables of the ring that nodes believe in and write down, and whether each epoch has one.

The law: one owner for each range at each epoch. Of what is seen the newest table says where a key belongs; of two with
one epoch (which should not be) the later proposer's, as the nodes themselves decide.
"""

from __future__ import annotations

from algorithms.placement.ring import HashRing, Member
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, placement
from playground.checks.ring.words import counted, moment, more, table
from playground.checks.verdict import CheckResult

ONE_OWNER = "one-owner"
WHOLE = 1 << 64
"""Positions on the ring."""


class Tables:
    """Every table that was seen."""

    def __init__(self, settings: RingSettings) -> None:
        self.settings = settings
        self.newest: Ring | None = None
        self._hash_ring: HashRing | None = None
        self._first: dict[int, tuple[str, int, Ring]] = {}
        """By epoch: who was first seen with a table of it, when, and the table."""
        self._believed: dict[str, Ring] = {}
        self._conflict = ""
        self._conflicts: dict[int, None] = {}

    def saw(self, node: str, ring: Ring, at: int) -> bool:
        """`node` has this table; whether it is newer than all before."""
        if self._believed.get(node) is ring:
            return False
        self._believed[node] = ring
        first = self._first.setdefault(ring.epoch, (node, at, ring))
        if first[2] != ring and not _same(first[2], ring):
            self._differ(first, node, ring, at)
        newest = self.newest
        if newest is not None and (ring.epoch, ring.proposer) <= (newest.epoch, newest.proposer):
            return False
        self.newest = ring
        self._hash_ring = placement(ring.members, self.settings)
        return True

    def homes(self, key: str) -> tuple[str, ...]:
        """Whose the key is by the newest table; nobody's while none is known."""
        ring = self._hash_ring
        return _list(ring, key, self.settings.n) if ring is not None else ()

    def _differ(self, first: tuple[str, int, Ring], node: str, ring: Ring, at: int) -> None:
        self._conflicts[ring.epoch] = None
        if self._conflict:
            return
        who, when, other = first
        a, b = (other.members, ring.members) if other.members != ring.members else (other.goal, ring.goal)
        self._conflict = (
            f"epoch {ring.epoch} has two tables: {who} had {table(other)} at {moment(when)}, {node} has {table(ring)} "
            f"at {moment(at)}; {share_apart(a, b, self.settings):.0%} of the ring would have two owners"
        )

    def result(self) -> CheckResult:
        """The verdict on everything seen so far."""
        if self._conflict:
            return CheckResult(ONE_OWNER, "fail", f"{self._conflict}{more(len(self._conflicts))}")
        if self.newest is None:
            return CheckResult(ONE_OWNER, "unknown", "no table of the ring was seen")
        epochs = len(self._first)
        newest = f", up to {self.newest.epoch}" if self.newest.epoch != epochs else ""
        each = " each" if epochs > 1 else ""
        return CheckResult(ONE_OWNER, "pass", f"{counted(epochs, 'epoch')}{newest}, one table{each}")


def _same(one: Ring, other: Ring) -> bool:
    """Whether they give every range to the same owners, whoever proposed them."""
    return sorted(one.members, key=_name) == sorted(other.members, key=_name) and sorted(
        one.coming, key=_name
    ) == sorted(other.coming, key=_name)


def _name(member: Member) -> str:
    return member.name


def _list(ring: HashRing, key: str, n: int) -> tuple[str, ...]:
    return ring.preference_list_at(ring.range_of(ring.position(key)), n)


def share_apart(one: tuple[Member, ...], other: tuple[Member, ...], settings: RingSettings) -> float:
    """The share of the ring that these members' rings give to different owners."""
    a, b = placement(one, settings), placement(other, settings)
    bounds = sorted({*a.bounds, *b.bounds})
    apart = sum(
        (last - first) % WHOLE
        for first, last in zip((bounds[-1], *bounds), bounds, strict=False)
        if a.owner_of_range(a.range_of(last)) != b.owner_of_range(b.range_of(last))
    )
    return apart / WHOLE
