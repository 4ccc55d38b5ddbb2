"""One scenario under many seeds, in many processes.

The law: a seed's verdict does not depend on its neighbours, and every failure is told with the line that repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from algorithms.machine import Record
from nodes.world import MachineFailed
from playground.checks.command import deadline
from playground.run import RunResult, run
from playground.scenario import Scenario, load

CHUNK = 4
"""Seeds that one process gets at a time."""


JUDGING = 60.0
"""Wall seconds that the search for a linearization may take for one seed; then it says unknown, which is no pass."""


class SeedResult(Record, frozen=True):
    """What one seed came to; `broken` is the report of a machine that failed."""

    seed: int
    result: RunResult | None
    broken: str = ""

    @property
    def passed(self) -> bool:
        """Every check held."""
        return self.result is not None and self.result.verdict == "pass"

    @property
    def complaint(self) -> str:
        """What was wrong, in a line."""
        if self.result is None:
            return self.broken.splitlines()[0]
        return "; ".join(f"{check.name}: {check.detail}" for check in self.result.checks if check.verdict != "pass")


def sweep(name: str, seeds: range, jobs: int) -> Iterator[SeedResult]:
    """Run every seed; results come in the order of the seeds. Raises BadInput if there is no such scenario."""
    load(name)
    if jobs == 1:
        yield from (_one((name, seed)) for seed in seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        try:
            yield from pool.map(_one, ((name, seed) for seed in seeds), chunksize=CHUNK)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_loaded: dict[str, Scenario] = {}
"""Each process reads a scenario once."""


def _one(task: tuple[str, int]) -> SeedResult:
    name, seed = task
    scenario = _loaded.get(name) or _loaded.setdefault(name, load(name))
    try:
        return SeedResult(seed, run(scenario, seed, lambda: deadline(JUDGING)))
    except MachineFailed as error:
        return SeedResult(seed, None, str(error))
