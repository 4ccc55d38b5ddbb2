"""Whether every acknowledged write has a durable copy at every moment, its own or of what came after it.

The law: this looks at the disks, up or down, and at what a power loss would leave of them; a lying disk is taken at its
word until it is caught (as in `durability`). It looks when a copy comes to be needed or may go: at an acknowledgement,
at an erasure, at an overwriting, and when a disk has lost something.
"""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.machine import Save
from algorithms.ring.versions import Dot, Versions
from nodes.disk import Disk
from playground.checks.ring.dots import knows
from playground.checks.ring.evidence import Evidence
from playground.checks.ring.holdings import versions_in
from playground.checks.ring.ledger import Written
from playground.checks.ring.words import counted, moment, more, version
from playground.checks.verdict import CheckResult

DURABLE_COPIES = "durable-copies"


class DurableCopies:
    """Counts the acknowledged writes that had none."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.looked = 0
        self._gone: dict[Dot, str] = {}

    def acknowledged(self, written: Written) -> None:
        """A client believes in it now."""
        self._look(written, "at that moment")

    def changed(self, node: str, cell: str, key: str, before: Versions, now: Versions | None) -> None:
        """`node` wishes to write `now` (None: nothing) over what the cell had `before`."""
        if now is None and self.evidence.forgettable(before.siblings):
            return
        for written in self.evidence.ledger.frontier.get(key, ()):
            if knows(before.clock, written.dot) and (now is None or not knows(now.clock, written.dot)):
                does = f"{node} {'erases' if now is None else 'overwrites'} {cell}"
                self._look(written, f"when {does} at {moment(self.evidence.world.now)}", node, cell)

    def damaged(self, keys: Iterable[str], what: str) -> None:
        """Something has happened to a disk that held these keys."""
        for key in keys:
            for written in self.evidence.ledger.frontier.get(key, ()):
                self._look(written, f"since {what}")

    def _look(self, written: Written, when: str, node: str = "", cell: str = "") -> None:
        """Whether the write is durable in any other cell than this one (a node writes in order, so what it wrote in
        another cell before is durable when this is)."""
        self.looked += 1
        if written.dot in self._gone or self.evidence.forgettable((written.version,)):
            return
        service, nodes = self.evidence.service, self.evidence.world.nodes
        for holder, name, held in self.evidence.holdings.cells_of(written.key):
            if (holder, name) == (node, cell) or not knows(held.clock, written.dot):
                continue
            if holder == node or _durable_on(nodes[holder].disk, service, name, written.dot):
                return
        assert written.acked_at is not None, "only an acknowledged write must be durable"
        self._gone[written.dot] = (
            f"{version(written.key, written.version)}, acknowledged to {written.client} by {written.coordinator} at "
            f"{moment(written.acked_at)}, has no durable copy on any disk {when}"
        )

    def result(self) -> CheckResult:
        """The verdict so far."""
        if self._gone:
            first = next(iter(self._gone.values()))
            return CheckResult(DURABLE_COPIES, "fail", f"{first}{more(len(self._gone))}")
        size = f"looked {counted(self.looked, 'time')}, and what was acknowledged always had a durable copy"
        return CheckResult(DURABLE_COPIES, "pass", size)


def _durable_on(disk: Disk, service: str, cell: str, dot: Dot) -> bool:
    held = versions_in(disk.durable.cells.get((service, cell)))
    if held is not None and knows(held.clock, dot):
        return True
    for owner, write in disk.lied_about():
        if owner == service and isinstance(write, Save) and write.cell == cell:
            held = versions_in(write.value)
            if held is not None and knows(held.clock, dot):
                return True
    return False
