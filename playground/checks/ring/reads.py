"""Whether reads saw what they had to see, and nothing that was gone.

The law: with R + W > N, a read that begins behind a write's acknowledgement has a replica in common with it and sees
it, or what replaced it (Dynamo 4.5). If it only missed it, that is a *stale* read. If it comes back with something that
an acknowledged write or delete had replaced, and that write is known to the read or forgotten by the store, that is a
*resurrection*.
"""

from __future__ import annotations

from algorithms.ring.messages import RingResponse
from algorithms.ring.versions import Version, Versions
from playground.checks.ring.dots import knows
from playground.checks.ring.evidence import Evidence
from playground.checks.ring.ledger import Asking, Written
from playground.checks.ring.words import counted, found, moment, more, names, version
from playground.checks.verdict import CheckResult

FRESH_READS = "fresh-reads"
NO_RESURRECTION = "no-resurrection"


class Reads:
    """Takes every read that came back."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.count = self.stale = self.resurrections = 0
        self._first_stale = self._first_resurrection = ""

    def came_back(self, asking: Asking, source: str, response: RingResponse, at: int) -> None:
        """Judge one read against what was acknowledged when it began."""
        self.count += 1
        versions, stale = response.versions, False
        for written in asking.frontier:
            promised = asking.r + written.w > max(asking.n, written.n)
            if self.evidence.covered(written, versions.siblings):
                written.read = True
            else:
                written.stale = True
                stale = stale or promised
                if promised and not self._first_stale:
                    self._first_stale = _stale(asking, source, versions, at, written)
            self._look_for_the_dead(asking, source, versions, at, written)
        self.stale += stale

    # ------------------------------------------------------------ what was gone

    def _look_for_the_dead(self, asking: Asking, source: str, versions: Versions, at: int, by: Written) -> None:
        for each in versions.siblings:
            if each.dot != by.dot and knows(by.clock, each.dot) and self._is_a_resurrection(versions, by):
                self.resurrections += 1
                if not self._first_resurrection:
                    who = f"{asking.client} read it through {source} at {moment(at)}"
                    self._first_resurrection = f"{_replaced(each, by)}, and {who}{self._why(by)}"

    def _is_a_resurrection(self, versions: Versions, by: Written) -> bool:
        """If what replaced it is remembered and the read only missed it, that is a stale read and no more."""
        return by.forgotten or knows(versions.clock, by.dot) or not self._remembered(by)

    def _remembered(self, by: Written) -> bool:
        return any(knows(held.clock, by.dot) for _, _, held in self.evidence.holdings.cells_of(by.key))

    def _why(self, by: Written) -> str:
        if by.forgotten:
            return "; its tombstone had been collected before every replica had it"
        return "" if self._remembered(by) else "; no disk remembers what replaced it"

    # ------------------------------------------------------------ verdicts

    def fresh_reads(self) -> CheckResult:
        """In a sentence."""
        if self.stale:
            share = f"{self.stale:,} of {counted(self.count, 'read')} stale"
            return CheckResult(FRESH_READS, "fail", f"{share}: {self._first_stale}{more(self.stale)}")
        size = f"{counted(self.count, 'read')}, none missed an acknowledged write that R+W>N promised it"
        return CheckResult(FRESH_READS, "pass", size)

    def no_resurrection(self) -> CheckResult:
        """In a sentence, with what the homes hold now."""
        at_the_end = self._at_the_end()
        count = self.resurrections + len(at_the_end)
        if count:
            first = self._first_resurrection or at_the_end[0]
            return CheckResult(NO_RESURRECTION, "fail", f"{first}{more(count)}")
        replaced = sum(each.replaced for known in self.evidence.ledger.writes.values() for each in known.values())
        size = f"{counted(replaced, 'replaced write')}, none came back"
        return CheckResult(NO_RESURRECTION, "pass", size)

    def _at_the_end(self) -> list[str]:
        """What the homes hold and should not."""
        evidence, said = self.evidence, []
        for key, frontier in evidence.ledger.frontier.items():
            there = evidence.held(key)
            for by in frontier:
                for each in there:
                    if each.dot != by.dot and knows(by.clock, each.dot):
                        where = f"it is on {names(_holders(evidence.at_home(key), each))}"
                        said.append(
                            f"{_replaced(each, by)}, and {where} at {moment(evidence.world.now)}{self._why(by)}"
                        )
        return said


def _stale(asking: Asking, source: str, versions: Versions, at: int, written: Written) -> str:
    assert written.acked_at is not None, "a read must only see what was acknowledged"
    return (
        f"{asking.client} read {asking.key} through {source} from {moment(asking.at)} to {moment(at)} and found "
        f"{found(versions.siblings)}, not {version(written.key, written.version)}, acknowledged to {written.client} by "
        f"{written.coordinator} at {moment(written.acked_at)}, nor what replaced it "
        f"(R+W>N: {asking.r}+{written.w}>{max(asking.n, written.n)})"
    )


def _holders(copies: dict[str, Versions], version: Version) -> list[str]:
    return [node for node, held in copies.items() if version in held.siblings]


def _replaced(dead: Version, by: Written) -> str:
    assert by.acked_at is not None, "only an acknowledged write replaces for good"
    what = version(by.key, by.version)
    return f"{version(by.key, dead)} was replaced by {what}, acknowledged to {by.client} at {moment(by.acked_at)}"
