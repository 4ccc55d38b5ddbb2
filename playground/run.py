"""A scenario, run and judged.

The law: first the steps, then everything heals and the cluster must make progress, then the judges. A scenario that
shows a weakness on purpose names the checks that must fail; then it is the passing of those that is the failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from algorithms.machine import Ok, Record
from playground.checks.agreement import SAME_STORE, Agreement
from playground.checks.search import never
from playground.checks.verdict import (
    LINEARIZABLE,
    CheckResult,
    invariant_results,
    linearizability_result,
    rule_name,
)
from playground.checks.violation import Rule
from playground.commands import write_duration
from playground.digest import Digest
from playground.errors import BadInput, nearest
from playground.history import HistoryRecorder, Operation
from playground.scenario import Scenario
from playground.script import Script
from playground.services import kind_of
from playground.session import Recording, Session
from playground.standing import in_role, raft_views
from playground.statistics import Led, Statistics, Stats

SECOND = 1_000_000
LOOK = 100_000
"""Virtual time between two looks at the progress, microseconds."""
GRID = 5_000
"""Virtual time between two looks at whether the cluster has settled, microseconds."""
RETRY = 250_000
"""Virtual time after which a fresh write is tried again, microseconds."""

LIVENESS = "liveness"
STEPS = "steps"


class RunResult(Record, frozen=True):
    """What came of a run. `verdict` is `pass` or `fail`; times are microseconds of virtual time."""

    scenario: str
    title: str
    seed: int
    verdict: str
    digest: str
    turns: int
    messages: int
    virtual_time: int
    checks: tuple[CheckResult, ...]
    stats: Stats
    leaders: tuple[Led, ...]
    because: str = ""
    interrupted: bool = False
    typed: str = ""
    """What `playground run` finds the scenario by."""


class Run:
    """One scenario under one seed. Iterate over `go_on()` to its end, then ask for the `result()`."""

    def __init__(self, scenario: Scenario, seed: int | None = None) -> None:
        refuse_unknown_checks(scenario)
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        self.service = scenario.spec.services[0].name
        self._digest = Digest()
        self._history = HistoryRecorder(self.service, scenario.spec.clients)
        self._statistics = Statistics(self.service)
        observers = (self._digest.observe, self._history.observe, self._statistics.observe)
        self.session = Session(scenario.spec, self.seed, observers)
        self._invariants = kind_of(scenario.spec.services[0].kind).invariants(self.session.world, self.service)
        self.session.world.add_observer(self._invariants.observe)
        self._script = Script(self.session, scenario.lines, scenario.where, scenario.storm(self.seed))
        self._agreement = Agreement(self.service)
        self._liveness: CheckResult | None = None

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The history of the clients so far."""
        return self._history.operations

    @property
    def recording(self) -> Recording:
        """The run as spec, seed and interventions."""
        return self.session.recording()

    def go_on(self) -> Iterator[int]:
        """Run to the end; now and then yields the virtual time, microseconds."""
        while (at := self._script.next_at()) is not None:
            while self._now + LOOK < at:
                self.session.run_until(self._now + LOOK)
                self._agreement.look(self.session.world)
                yield self._now
            self.session.run_until(at)
            self._script.advance()
        yield self._now
        self.session.do("calm", "the settle phase")
        yield from self._settle()

    @property
    def _now(self) -> int:
        return self.session.world.now

    # ------------------------------------------------------------ liveness

    def _settle(self) -> Iterator[int]:
        """A leader, a fresh write that commits, and everybody up to it, all within the stated time."""
        began, limit = self._now, self._now + self.scenario.expect.settle
        written, reached = False, 0
        request_id, asked_at = None, -RETRY
        while self._now < limit:
            if not written:
                if request_id is None and self._now >= asked_at + RETRY:
                    request_id, asked_at = self._write(), self._now
                outcome = self.session.outcome(request_id) if request_id is not None else None
                if outcome is not None:
                    request_id = None
                    written = isinstance(outcome, Ok)
                    reached = self._commit_index()
            elif self._everybody_has(reached):
                detail = (
                    f"a fresh write was on every server {write_duration(self._now - began)} after everything healed"
                )
                self._liveness = CheckResult(LIVENESS, "pass", detail)
                return
            self.session.run_until(min(self._now + GRID, limit))
            self._agreement.look(self.session.world)
            yield self._now
        self._liveness = CheckResult(LIVENESS, "fail", self._why_not(written))

    def _write(self) -> int | None:
        return self.session.do(f'put settled "{self._now}"', "the settle phase").request_id

    def _commit_index(self) -> int:
        return max((view.commit_index for view in raft_views(self.session.world, self.service).values()), default=0)

    def _everybody_has(self, index: int) -> bool:
        views = raft_views(self.session.world, self.service)
        leaders = in_role(self.session.world, self.service, "leader")
        voters = views[leaders[0]].configuration.voters if leaders else ()
        return bool(voters) and all(name in views and views[name].last_applied >= index for name in voters)

    def _why_not(self, written: bool) -> str:
        within = write_duration(self.scenario.expect.settle)
        leaders = in_role(self.session.world, self.service, "leader")
        if not leaders:
            return f"{within} after everything healed there is no leader"
        if not written:
            return f"{within} after everything healed no client has been told ok, though {leaders[0]} leads"
        return f"{within} after everything healed not every server has the leader's log"

    # ------------------------------------------------------------ judging

    def result(self, expired: Callable[[], bool] = never, interrupted: bool = False) -> RunResult:
        """The verdict on what has happened so far; `expired` may end the search for a linearization."""
        world, expect = self.session.world, self.scenario.expect
        found = [
            *invariant_results(self._invariants.violations),
            self._agreement.result(),
            linearizability_result(self.operations, expired),
            self._liveness or CheckResult(LIVENESS, "unknown", "the run did not come to its end"),
            self._steps(),
        ]
        checks = tuple(expected(check, expect.fails, expect.may_fail) for check in found)
        good = all(check.verdict == "pass" for check in checks)
        return RunResult(
            self.scenario.name,
            self.scenario.title,
            self.seed,
            "pass" if good else "fail",
            self._digest.hexdigest(),
            world.turns,
            world.messages,
            world.now,
            checks,
            self._statistics.stats(world.messages, self.operations),
            tuple(self._statistics.leaders),
            expect.because,
            interrupted,
            self.scenario.typed,
        )

    def _steps(self) -> CheckResult:
        claims = self._script.claims
        wrong = [each for each in claims if not each.held]
        if wrong:
            first = wrong[0]
            where = f"{self.scenario.where}, line {first.line}"
            return CheckResult(STEPS, "fail", f"{where}: {first.text} ({first.detail}), at {write_duration(first.at)}")
        return CheckResult(STEPS, "pass", f"{len(claims)} of {len(claims)} expectations came true")


def expected(check: CheckResult, fails: tuple[str, ...], may_fail: tuple[str, ...]) -> CheckResult:
    """What a check's finding means for a scenario that shows a weakness on purpose."""
    if check.name in fails:
        if check.verdict == "fail":
            return CheckResult(check.name, "pass", f"fails, as it must here: {check.detail}")
        return CheckResult(check.name, "fail", f"this scenario must break it, and it held: {check.detail}")
    if check.name in may_fail and check.verdict == "fail":
        return CheckResult(check.name, "pass", f"fails, as it may here: {check.detail}")
    return check


def run(
    scenario: Scenario, seed: int | None = None, patience: Callable[[], Callable[[], bool]] = lambda: never
) -> RunResult:
    """Run and judge in one go; `patience()`, asked when the judging begins, says whether to give that up."""
    running = Run(scenario, seed)
    for _ in running.go_on():
        pass
    return running.result(patience())


KNOWN_CHECKS = (*map(rule_name, Rule), SAME_STORE, LINEARIZABLE, LIVENESS, STEPS)
"""The names of the checks that judge a run."""


def refuse_unknown_checks(scenario: Scenario) -> None:
    """Raise BadInput if `fails` or `may_fail` name a check that there is not."""
    for name in (*scenario.expect.fails, *scenario.expect.may_fail):
        if name not in KNOWN_CHECKS:
            hint = nearest(name, KNOWN_CHECKS) or f"; there are {', '.join(KNOWN_CHECKS)}"
            raise BadInput(f'{scenario.where}: there is no check "{name}"{hint}')


def as_json(result: RunResult, wall_seconds: float) -> bytes:
    """The report as one JSON object."""
    return msgspec.json.encode(
        {
            "scenario": result.scenario,
            "seed": result.seed,
            "verdict": result.verdict,
            "digest": result.digest,
            "turns": result.turns,
            "messages": result.messages,
            "virtual_seconds": result.virtual_time / SECOND,
            "wall_seconds": round(wall_seconds, 6),
            "checks": [
                {"name": check.name, "verdict": check.verdict, "detail": check.detail} for check in result.checks
            ],
            "stats": msgspec.structs.asdict(result.stats),
        }
    )
