"""Whether a change of members moves no more than it must.

The law: the least possible is the bytes of every key whose homes gain a node, once for each node gained, as they stood
when the change began. A tenth more is allowed, and what is not the move's fault: writes under way meanwhile, keys whose
replicas differed (two of them may have to be taken), and one chunk, plus one for each life that ended on the way.
"""

from __future__ import annotations

from algorithms.placement.ring import HashRing
from algorithms.ring.table import Ring, placement
from algorithms.ring.versions import Version, Versions
from algorithms.ring.view import RingView
from playground.checks.ring.dots import together, value_bytes
from playground.checks.ring.evidence import Evidence
from playground.checks.ring.words import SECOND, counted, more
from playground.checks.verdict import CheckResult

LEAST_MOVED = "least-moved"
SHARE = 0.1
"""What may be moved beyond the least possible."""


class Change:
    """A change of members that is under way."""

    __slots__ = ("before", "began", "excuse", "gained", "gone", "least", "lives_ended", "old", "rings")

    def __init__(self, old: Ring, began: int) -> None:
        self.old, self.began = old, began
        self.rings: tuple[HashRing, HashRing] | None = None
        """Who owns and who will own."""
        self.least = 0
        """The fewest bytes of values."""
        self.excuse = 0
        """Bytes that are not the move's fault."""
        self.gained: dict[str, tuple[str, ...]] = {}
        """By key: the nodes that gain it."""
        self.before: dict[str, int] = {}
        """By node: what its counter stood at in the beginning."""
        self.gone: dict[str, int] = {}
        """By node: what its lives that have ended had taken over."""
        self.lives_ended = 0


class LeastMoved:
    """Follows the newest table from one settled epoch to the next."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.changes = 0
        self.least = self.taken = 0
        self._change: Change | None = None
        self._wrong: list[str] = []

    def table_changed(self, old: Ring | None, new: Ring) -> None:
        """There is a newer table than all before."""
        change = self._change
        if new.coming:
            if change is None and old is not None:
                change = self._change = Change(old, self.evidence.world.now)
                change.before = {name: self._counter(name) for name in self.evidence.world.names}
            if change is not None:
                self._more_to_gain(change, new)
        elif change is not None:
            self._change = None
            if old is not None and new.members == old.coming:
                self._judge(change, new)

    def _more_to_gain(self, change: Change, new: Ring) -> None:
        """Count what this goal makes nodes gain, beyond what an earlier goal of this change did."""
        settings = self.evidence.settings
        change.rings = placement(new.members, settings), placement(new.coming, settings)
        for key, copies in self.evidence.holdings.copies.items():
            owners, gainers = self._hands(change.rings, key)
            already = change.gained.get(key, ())
            gained = [node for node in gainers if node not in already]
            if gained:
                change.gained[key] = (*already, *gained)
                self._count(change, tuple(copies[node] for node in owners if node in copies), len(gained))

    def _hands(self, rings: tuple[HashRing, HashRing], key: str) -> tuple[tuple[str, ...], list[str]]:
        """Who owns the key, and who will and does not yet."""
        n, position = self.evidence.settings.n, rings[0].position(key)
        owners, coming = (ring.preference_list_at(ring.range_of(position), n) for ring in rings)
        return owners, [node for node in coming if node not in owners]

    def _count(self, change: Change, copies: tuple[Versions, ...], times: int) -> None:
        distinct = list(dict.fromkeys(copies)) if any(each is not copies[0] for each in copies) else copies[:1]
        least = value_bytes(together(distinct, self.evidence.last_write_wins))
        change.least += times * least
        if len(distinct) > 1:
            change.excuse += times * sum(value_bytes(each.siblings) for each in distinct)

    # ------------------------------------------------------------ meanwhile

    def written(self, key: str, version: Version) -> None:
        """A client writes; gainers may have to take that, or its key once more."""
        change = self._change
        if change is None or change.rings is None:
            return
        _, nodes = self._hands(change.rings, key)
        copies = self.evidence.holdings.copies.get(key, {})
        most = max((value_bytes(each.siblings) for each in copies.values()), default=0)
        change.excuse += len(nodes) * (value_bytes((version,)) + most)

    def ends(self, node: str) -> None:
        """A life ends now, and with it its counter."""
        change = self._change
        if change is None:
            return
        change.lives_ended += 1
        taken = self._counter(node) - change.before.get(node, 0)
        change.before[node] = 0
        change.gone[node] = change.gone.get(node, 0) + max(0, taken)

    def forgot(self, node: str) -> None:
        """The node has lost what it had taken over; it must take it again."""
        if self._change is not None:
            self._change.gone[node] = 0

    def _counter(self, node: str) -> int:
        view = self.evidence.world.view(node, self.evidence.service)
        return view.bytes_taken if isinstance(view, RingView) else 0

    # ------------------------------------------------------------ the end of a change

    def _judge(self, change: Change, new: Ring) -> None:
        now = sum(max(0, self._counter(name) - change.before.get(name, 0)) for name in self.evidence.world.names)
        taken = now + sum(change.gone.values())
        self.changes += 1
        self.least += change.least
        self.taken += taken
        chunks = self.evidence.settings.transfer_chunk * (1 + change.lives_ended)
        allowed = int((change.least + change.excuse) * (1 + SHARE)) + chunks
        if taken > allowed:
            self._wrong.append(
                f"epoch {new.epoch}: {_difference(change.old, new)}, and {taken:,} bytes of values moved in "
                f"{(self.evidence.world.now - change.began) / SECOND:.1f} s; the least possible was {change.least:,}, "
                f"and {allowed:,} are allowed (what was written meanwhile, a tenth, a chunk for each life)"
            )

    def result(self) -> CheckResult:
        """The verdict so far."""
        if self._wrong:
            return CheckResult(LEAST_MOVED, "fail", f"{self._wrong[0]}{more(len(self._wrong))}")
        if not self.changes:
            return CheckResult(LEAST_MOVED, "pass", "no change of members was completed")
        began = "it began" if self.changes == 1 else "they began"
        moved = f"{self.taken:,} bytes of values moved; when {began}, {self.least:,} were the least possible"
        return CheckResult(LEAST_MOVED, "pass", f"{counted(self.changes, 'change')} of members: {moved}")


def _difference(old: Ring, new: Ring) -> str:
    """`n6 joined`, `n2 left`, `n3 has another weight`."""
    before, after = ({member.name: member.weight for member in each.members} for each in (old, new))
    return ", ".join(
        [
            *(f"{name} joined" for name in after if name not in before),
            *(f"{name} left" for name in before if name not in after),
            *(f"{name} has weight {after[name]:g}" for name in after if name in before and after[name] != before[name]),
        ]
    )
