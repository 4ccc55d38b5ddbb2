"""Whether every acknowledged write is still there, or was replaced by one that is: Jepsen's set-full, for registers.

The law: it is judged by what clients were told and what disks hold. A write is *lost* if neither it nor what replaced
it is at its homes; *stale* if it was missed by a read behind its acknowledgement and came through after all; *never
read* if nobody looked; else *stable*.
"""

from __future__ import annotations

from algorithms.ring.versions import Versions
from playground.checks.ring.dots import knows
from playground.checks.ring.evidence import Evidence
from playground.checks.ring.ledger import Written
from playground.checks.ring.replicas import CONVERGE_WITHIN
from playground.checks.ring.words import counted, moment, more, names, version
from playground.checks.verdict import CheckResult

ACKNOWLEDGED_WRITES = "acknowledged-writes"
PROMISE = "Dynamo 4.5: R + W > N"


def acknowledged_writes(evidence: Evidence) -> CheckResult:
    """The verdict as of now. A write that was replaced by an acknowledged one is judged by that one."""
    found = Findings(evidence)
    for known in evidence.ledger.writes.values():
        for written in known.values():
            if written.acked_at is not None:
                found.judge(written)
    return found.result()


def watch_for_drops(evidence: Evidence, node: str, key: str, held: Versions) -> None:
    """Where the last write wins, note which acknowledged write is lost by what this node holds now.

    Looking in the end would be too late: whoever reads what has won seems to know of what has lost, and replaces both.
    """
    for written in evidence.ledger.frontier.get(key, ()):
        if not written.dropped and not written.replaced and knows(held.clock, written.dot):
            if evidence.covered(written, held.siblings) or not held.siblings:
                continue
            winner = version(key, held.siblings[-1])
            written.dropped = (
                f"{node} had dropped it by {moment(evidence.world.now)} for {winner}, which did not know it"
            )


class Findings:
    """What became of each write."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.counts = {"stable": 0, "stale": 0, "never read": 0}
        self.lost: list[Written] = []
        self.under_way: list[Written] = []
        self.unpromised = 0

    def judge(self, written: Written) -> None:
        """Put one acknowledged write where it belongs."""
        if not written.meets_reads:
            self.unpromised += 1
        elif written.dropped:
            self.lost.append(written)
        elif not written.replaced and not self.evidence.covered(written, self.evidence.held(written.key)):
            (self.under_way if self._may_come(written) else self.lost).append(written)
        else:
            self.counts["stale" if written.stale else "stable" if written.read else "never read"] += 1

    def _may_come(self, written: Written) -> bool:
        """Somebody else still holds it, and has not had its time to hand it on."""
        calm = self.evidence.calm_since
        soon = calm is None or self.evidence.world.now - calm < CONVERGE_WITHIN
        return soon and bool(_others(self.evidence, written))

    def result(self) -> CheckResult:
        """In a sentence."""
        total = sum(self.counts.values()) + len(self.lost) + len(self.under_way)
        shares = ", ".join(f"{count:,} {what}" for what, count in self.counts.items())
        size = f"{counted(total, 'acknowledged write')}: {shares}"
        if self.unpromised:
            size += f" ({self.unpromised:,} more with R+W≤N, which promise nothing)"
        if self.lost:
            return CheckResult(ACKNOWLEDGED_WRITES, "fail", f"{self._tell(self.lost)}; {size} [{PROMISE}]")
        if self.under_way:
            return CheckResult(ACKNOWLEDGED_WRITES, "unknown", f"{self._tell(self.under_way)}; {size}")
        return CheckResult(ACKNOWLEDGED_WRITES, "pass", size)

    def _tell(self, missing: list[Written]) -> str:
        """The first of them."""
        written = missing[0]
        word = "lost" if missing is self.lost else "still on its way"
        assert written.acked_at is not None, "only acknowledged writes are judged"
        return (
            f"{len(missing):,} {word}: {version(written.key, written.version)}, acknowledged to {written.client} by "
            f"{written.coordinator} at {moment(written.acked_at)}, {written.dropped or self._missing(written)}"
            f"{more(len(missing))}"
        )

    def _missing(self, written: Written) -> str:
        others = _others(self.evidence, written)
        where = f"; {names(others)} has it" if others else ""
        homes = names(self.evidence.tables.homes(written.key))
        return f"is not at its homes {homes}, nor is anything that replaced it{where}"


def _others(evidence: Evidence, written: Written) -> list[str]:
    """Who holds it and should not, with how."""
    homes = evidence.tables.homes(written.key)
    return [
        f"{node}{how}"
        for node, how, held in evidence.holdings.elsewhere(written.key, homes)
        if any(each.dot == written.dot for each in held.siblings)
    ]
