"""Whether every key lies where it belongs, and whether its replicas become equal once all is well.

The law: nothing is asked of replicas while something is broken. From the moment all is well each key has ten seconds
from whatever last happened to it: until then its replicas must have been equal once (equal versions of every key are
equal Merkle roots of every range, Dynamo 4.7).
"""

from __future__ import annotations

from algorithms.ring.versions import VectorClock, Versions
from playground.checks.ring.dots import within
from playground.checks.ring.evidence import Evidence
from playground.checks.ring.words import SECOND, counted, found, moment, more, names
from playground.checks.verdict import CheckResult

REPLICAS_PLACED = "replicas-placed"
REPLICAS_CONVERGE = "replicas-converge"

CONVERGE_WITHIN = 10 * SECOND
"""How long replicas may differ once all is well (us)."""
JUST_NOW = SECOND
"""A key that was written so shortly ago (us) may be on its way to its places."""


class Differing:
    """A key whose replicas have not been equal yet: since when, and what they had when somebody looked first."""

    __slots__ = ("clocks", "since", "written")

    def __init__(self, since: int) -> None:
        self.since = since
        self.clocks: tuple[VectorClock, ...] = ()
        self.written = False
        """It was written again behind that first look."""


class Convergence:
    """Waits for each key's replicas to be equal."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._differing: dict[str, Differing] = {}
        self._slow: dict[str, str] = {}
        """By key: in what way its replicas did not become equal in time."""
        self._longest = 0
        self._equal = 0

    def all_is_well(self) -> None:
        """From now on time counts, for every key there is."""
        self._differing = {key: Differing(self.evidence.world.now) for key in self.evidence.holdings.copies}

    def something_is_wrong(self) -> None:
        """Nothing is asked for until all is well again."""
        self._differing.clear()

    def written(self, key: str) -> None:
        """A node writes something about the key."""
        known = self._differing.get(key)
        if known is not None:
            known.written = True
        elif self.evidence.calm_since is not None:
            self._differing[key] = Differing(self.evidence.world.now)

    def look(self) -> None:
        """Let go of every key whose replicas are equal."""
        now = self.evidence.world.now
        for key, differing in list(self._differing.items()):
            copies = self._copies(key)
            if _equal(copies) or self.evidence.forgettable(version for each in copies for version in each.siblings):
                self._longest = max(self._longest, now - differing.since)
                self._equal += 1
                del self._differing[key]
            elif differing.written and differing.clocks and _all_have(copies, differing.clocks):
                # Written again and again, so that there is never a moment of rest: what there was is everywhere now.
                self._differing[key] = Differing(now)
            elif not differing.clocks:
                differing.clocks, differing.written = tuple(each.clock for each in copies), False
            elif now - differing.since > CONVERGE_WITHIN and key not in self._slow:
                self._slow[key] = self._tell(key, differing)

    def _copies(self, key: str) -> tuple[Versions, ...]:
        held = self.evidence.holdings.copies[key]
        return tuple(held.get(node, NOTHING) for node in self.evidence.tables.homes(key))

    def _tell(self, key: str, differing: Differing) -> str:
        held = self.evidence.holdings.copies[key]
        pieces = (f"{node} {_shown(held.get(node))}" for node in self.evidence.tables.homes(key))
        past = (self.evidence.world.now - differing.since) / SECOND
        return f"{key} differs on its replicas {past:.1f} s after {moment(differing.since)}: {', '.join(pieces)}"

    def result(self) -> CheckResult:
        """The verdict so far."""
        limit = f"{CONVERGE_WITHIN // SECOND} s"
        if self._slow:
            first = next(iter(self._slow.values()))
            return CheckResult(REPLICAS_CONVERGE, "fail", f"{first}, {limit} are allowed{more(len(self._slow))}")
        if self.evidence.calm_since is None:
            return CheckResult(REPLICAS_CONVERGE, "unknown", "the run ended before everything had healed")
        if self._differing:
            key, differing = next(iter(self._differing.items()))
            detail = f"{self._tell(key, differing)}{more(len(self._differing))}; the run ended before {limit} were over"
            return CheckResult(REPLICAS_CONVERGE, "unknown", detail)
        longest = self._longest / SECOND
        size = (
            f"{counted(self._equal, 'time')} a key was written or all had healed; its replicas were equal within "
            f"{longest:.1f} s ({limit} are allowed)"
        )
        return CheckResult(REPLICAS_CONVERGE, "pass", size)


NOTHING = Versions()


def _equal(copies: tuple[Versions, ...]) -> bool:
    return all(each is copies[0] or each == copies[0] for each in copies[1:])


def _all_have(copies: tuple[Versions, ...], clocks: tuple[VectorClock, ...]) -> bool:
    return all(within(clock, each.clock) for each in copies for clock in clocks)


def _shown(held: Versions | None) -> str:
    if held is None:
        return "has nothing"
    dots = sum(each.last - each.first + 1 for each in held.clock.intervals)
    return f"has {found(held.siblings)} ({counted(dots, 'dot')} known)"


# ---------------------------------------------------------------- where keys lie


def replicas_placed(evidence: Evidence) -> CheckResult:
    """Whether every key is on all its homes, in distinct zones where there are enough, and on no other node."""
    ring = evidence.tables.newest
    if ring is None or evidence.calm_since is None:
        return CheckResult(REPLICAS_PLACED, "unknown", "the run ended before everything had healed")
    if ring.coming:
        return CheckResult(REPLICAS_PLACED, "unknown", f"ranges were moving still at the end, in epoch {ring.epoch}")
    zones = {member.name: member.zone for member in ring.members}
    keys, wrong, busy = 0, [], 0
    for key, copies in evidence.holdings.copies.items():
        if not copies or evidence.forgettable(version for each in copies.values() for version in each.siblings):
            continue
        keys += 1
        fault = _misplaced(evidence.tables.homes(key), tuple(copies), zones, evidence.settings.n)
        if fault and evidence.world.now - evidence.last_write.get(key, 0) < JUST_NOW:
            busy += 1
        elif fault:
            wrong.append(f"{key} {fault}")
    if wrong:
        detail = f"at {moment(evidence.world.now)} {wrong[0]}{more(len(wrong))}"
        return CheckResult(REPLICAS_PLACED, "fail", detail)
    if busy:
        return CheckResult(REPLICAS_PLACED, "unknown", f"{busy:,} of {counted(keys, 'key')} on the way at the end")
    homes = counted(min(evidence.settings.n, len(zones)), "node")
    return CheckResult(REPLICAS_PLACED, "pass", f"{counted(keys, 'key')}, each on its {homes} and on no other")


def _misplaced(homes: tuple[str, ...], holders: tuple[str, ...], zones: dict[str, str], n: int) -> str:
    """What is wrong with where a key lies, "" if nothing."""
    if len(set(homes)) < min(n, len(zones)):
        return f"has the homes {names(homes)}, and not {min(n, len(zones))} nodes"
    far_apart = min(len(homes), len(set(zones.values())))
    if len({zones[node] for node in homes}) < far_apart:
        lie = names(f"{node} ({zones[node]})" for node in homes)
        return f"lies on {lie}, and could be in {far_apart} zones"
    if missing := [node for node in homes if node not in holders]:
        return f"is not on {names(missing)}; its homes are {names(homes)}"
    if extra := [node for node in holders if node not in homes]:
        return f"is on {names(extra)} too; its homes are {names(homes)}"
    return ""
