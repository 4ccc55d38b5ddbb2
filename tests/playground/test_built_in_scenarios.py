"""The stories that come with the playground are true, and a storm finds what is planted."""

from __future__ import annotations

import msgspec
import pytest

from algorithms.raft.settings import RaftSettings
from algorithms.replicated.client_settings import LogClientSettings
from playground.chaos import Chaos
from playground.run import Run, RunResult
from playground.scenario import Scenario, built_in, load
from playground.spec import ServiceSpec

SECOND = 1_000_000


def result_of(scenario: Scenario, seed: int | None = None) -> RunResult:
    run = Run(scenario, seed)
    for _ in run.go_on():
        pass
    return run.result()


def failed(result: RunResult) -> list[tuple[str, str]]:
    return [(check.name, check.detail) for check in result.checks if check.verdict != "pass"]


@pytest.mark.parametrize("name", [name for name in built_in() if name != "raft-random-chaos"])
def test_a_story_is_true(name: str) -> None:
    result = result_of(load(name))
    assert (result.verdict, failed(result)) == ("pass", [])


# ---------------------------------------------------------------- storms


def shortened(service: ServiceSpec, seconds: int = 15) -> Scenario:
    """The random chaos with another Raft, over sooner."""
    whole = load("raft-random-chaos")
    spec = msgspec.structs.replace(whole.spec, services=(service,))
    return msgspec.structs.replace(whole, spec=spec, chaos=Chaos(duration=seconds * SECOND))


SAFE = load("raft-random-chaos").spec.services[0]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_passes_where_nothing_is_planted(seed: int) -> None:
    result = result_of(shortened(SAFE), seed)
    assert (result.verdict, failed(result)) == ("pass", [])


@pytest.mark.parametrize(
    "service",
    [
        msgspec.structs.replace(SAFE, settings=RaftSettings(reads="local")),
        msgspec.structs.replace(SAFE, client=LogClientSettings(sessions=False)),
    ],
    ids=["reads that ask nobody", "retries without sessions"],
)
def test_a_storm_finds_a_planted_weakness(service: ServiceSpec) -> None:
    found = {name for seed in range(1, 6) for name, _ in failed(result_of(shortened(service), seed))}
    assert "linearizable" in found
