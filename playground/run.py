"""A scenario, run and judged.

The law: first the steps, then everything heals and the cluster must make progress, then the judges. A scenario that
shows a weakness on purpose names the checks that must fail; then it is the passing of those that is the failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from algorithms.machine import Record
from playground.checks.search import never
from playground.checks.verdict import CheckResult
from playground.commands import write_duration
from playground.commands.steps import asks_for_input
from playground.digest import Digest
from playground.errors import BadInput, nearest
from playground.history import HistoryRecorder, Operation
from playground.kinds.kind import Judge, Kind, Section
from playground.scenario import Scenario
from playground.scoreboard import Tally, scoreboard
from playground.script import Script
from playground.services import kind_of
from playground.session import Recording, Session
from playground.showing import Shown
from playground.spec import Spec
from playground.statistics import Led, Statistics, Stats

SECOND = 1_000_000
LOOK = 100_000
"""Virtual time between two looks at the progress, microseconds."""
GRID = 5_000
"""Virtual time between two looks at whether the cluster has settled, microseconds."""

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
    given: str = ""
    """The path of the file that the run was given."""
    sections: tuple[Section, ...] = ()
    """What there is to say of single services."""
    shown: tuple[Shown, ...] = ()
    """What steps wanted shown."""
    files: tuple[str, ...] = ()
    """How the reading of each file ended."""


class Judged:
    """One service of a run, with its history and its judges."""

    def __init__(self, name: str, kind: Kind, history: HistoryRecorder) -> None:
        self.name, self.kind, self.history = name, kind, history
        self.judges: tuple[Judge, ...] = ()


class Run:
    """One scenario under one seed. Iterate over `go_on()` to its end, then ask for the `result()`.

    `given` is the path of the file that its steps call `input`; empty, one is made from the seed.
    """

    def __init__(self, scenario: Scenario, seed: int | None = None, given: str = "") -> None:
        refuse_unknown_checks(scenario)
        if given:
            _refuse_useless_input(scenario, given)
        self.scenario = scenario
        self.given = given
        self.seed = scenario.seed if seed is None else seed
        self._digest = Digest()
        spec = scenario.spec
        self._services = [_judged(spec, each.name, kind_of(each.kind)) for each in spec.services]
        self._statistics = Statistics(next((each.name for each in self._services if each.kind.roles), ""))
        histories = (each.history.observe for each in self._services)
        named = self._services if scenario.compare else []
        self._tallies = tuple(Tally(each.name, each.kind, spec.clients) for each in named)
        tallies = (each.observe for each in self._tallies)
        observers = (self._digest.observe, *histories, self._statistics.observe, *tallies)
        self.session = Session(spec, self.seed, observers, given)
        self._appoint_judges()
        self._script = Script(self.session, scenario.lines, scenario.where, scenario.storm(self.seed))
        self._liveness: CheckResult | None = None
        self._looked_at = 0

    def _appoint_judges(self) -> None:
        """They are told of everything behind the boot."""
        world, spec = self.session.world, self.scenario.spec
        for service, each in zip(spec.services, self._services, strict=True):
            each.judges = each.kind.judges(world, service, spec.clients, each.history)
            for judge in each.judges:
                if judge.observe is not None:
                    world.add_observer(judge.observe)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The history of the clients so far, of one service after the other."""
        return tuple(operation for each in self._services for operation in each.history.operations)

    @property
    def histories(self) -> dict[str, tuple[Operation, ...]]:
        """The history of the clients so far, by service."""
        return {each.name: each.history.operations for each in self._services}

    @property
    def recording(self) -> Recording:
        """The run as spec, seed and interventions."""
        return self.session.recording()

    def go_on(self) -> Iterator[int]:
        """Run to the end; now and then yields the virtual time, microseconds."""
        while (at := self._script.next_at()) is not None:
            while self._now + LOOK < at:
                self.session.run_until(self._now + LOOK)
                self._look()
                yield self._now
            self.session.run_until(at)
            if self._now >= self._looked_at + LOOK:
                self._look()
            self._script.advance()
        yield self._now
        self.session.do("calm", "the settle phase")
        yield from self._settle()

    @property
    def _now(self) -> int:
        return self.session.world.now

    # ------------------------------------------------------------ liveness

    def _settle(self) -> Iterator[int]:
        """Every service must make progress again and be calm, all within the stated time."""
        began, limit = self._now, self._now + self.scenario.expect.settle
        waiting = {each.name: each.kind.settling(self.session, each.name) for each in self._services}
        found: dict[str, str] = {}
        while self._now < limit:
            for name in [each for each in waiting if each not in found]:
                if detail := waiting[name].look():
                    found[name] = f"{detail} {write_duration(self._now - began)} after everything healed"
            if len(found) == len(waiting):
                self._liveness = CheckResult(LIVENESS, "pass", self._told(found))
                return
            self.session.run_until(min(self._now + GRID, limit))
            self._look()
            yield self._now
        within = write_duration(self.scenario.expect.settle)
        late = {name: waiting[name].why_not() for name in waiting if name not in found}
        self._liveness = CheckResult(LIVENESS, "fail", f"{within} after everything healed {self._told(late)}")

    def _told(self, sentences: dict[str, str]) -> str:
        """By service, where there are several."""
        if len(self._services) == 1:
            return next(iter(sentences.values()))
        return "; ".join(f"{name}: {sentence}" for name, sentence in sentences.items())

    def _look(self) -> None:
        self._looked_at = self._now
        for service in self._services:
            for judge in service.judges:
                judge.look(self.session.world)

    # ------------------------------------------------------------ judging

    def result(self, expired: Callable[[], bool] = never, interrupted: bool = False) -> RunResult:
        """The verdict on what has happened so far; `expired` may end the search for a linearization."""
        world, expect = self.session.world, self.scenario.expect
        found = [
            *self._verdicts(expired),
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
            self.given,
            tuple(filter(None, map(self._section, self._services))),
            (*self._script.shown, *self._compared()),
            self.session.file_sentences(),
        )

    def _section(self, service: Judged) -> Section | None:
        return service.kind.section(self.session.world, service.name, self.session.ledgers.get(service.name))

    def _compared(self) -> tuple[Shown, ...]:
        return (scoreboard(self._tallies, self.histories, self._now),) if self._tallies else ()

    def _verdicts(self, expired: Callable[[], bool]) -> Iterator[CheckResult]:
        """Under the names that `check_names` gives them."""
        judges = (judge for service in self._services for judge in service.judges)
        found = (check for judge in judges for check in judge.results(self.session.world, expired))
        for name, check in zip(check_names(self.scenario.spec), found, strict=False):
            assert name.endswith(check.name), f"The judge of {name} has judged {check.name}."
            yield CheckResult(name, check.verdict, check.detail)

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


def _judged(spec: Spec, name: str, kind: Kind) -> Judged:
    return Judged(name, kind, HistoryRecorder(name, spec.clients, kind.reading))


def run(
    scenario: Scenario,
    seed: int | None = None,
    patience: Callable[[], Callable[[], bool]] = lambda: never,
    given: str = "",
) -> RunResult:
    """Run and judge in one go; `patience()`, asked when the judging begins, says whether to give that up."""
    running = Run(scenario, seed, given)
    for _ in running.go_on():
        pass
    return running.result(patience())


def check_names(spec: Spec) -> tuple[str, ...]:
    """The names of the checks that judge a run, in the order of its report.

    Where two services have a check of one name, that of each begins with its service's: `raft2:same-store`.
    """
    own = [(service.name, name) for service in spec.services for name in kind_of(service.kind).checks]
    names = [name for _, name in own]
    told = (name if names.count(name) == 1 else f"{service}:{name}" for service, name in own)
    return (*told, LIVENESS, STEPS)


def refuse_unknown_checks(scenario: Scenario) -> None:
    """Raise BadInput if `fails` or `may_fail` name a check that there is not."""
    known = check_names(scenario.spec)
    for name in (*scenario.expect.fails, *scenario.expect.may_fail):
        if name not in known:
            hint = nearest(name, known) or f"; there are {', '.join(known)}"
            raise BadInput(f'{scenario.where}: there is no check "{name}"{hint}')


def _refuse_useless_input(scenario: Scenario, given: str) -> None:
    """Raise BadInput if the scenario does nothing with a file, or this is none."""
    from playground.spool import check_file

    if not any(asks_for_input(line.step) for line in scenario.lines):
        raise BadInput(f'{scenario.name} puts no file anywhere; --input is for scenarios with "file put input"')
    check_file(given)


def as_json(result: RunResult, wall_seconds: float) -> bytes:
    """The report as one JSON object. What only some runs have stands behind what all have."""
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
            **_further(result),
        }
    )


def _further(result: RunResult) -> dict[str, Any]:
    """Of single services, of what was shown, and of files: only where there is any."""
    found = {
        "services": {each.service: plain(each.facts) for each in result.sections},
        "shown": [plain(each) for each in result.shown],
        "files": list(result.files),
    }
    return {key: value for key, value in found.items() if value}


def plain(value: Any) -> Any:
    """A record as a JSON object without the name of its type."""
    if isinstance(value, Record):
        return {key: plain(each) for key, each in msgspec.structs.asdict(value).items()}
    return [plain(each) for each in value] if isinstance(value, tuple) else value
