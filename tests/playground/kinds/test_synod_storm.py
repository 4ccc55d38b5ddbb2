"""Storms over the synod: one value whatever happens, and a storm finds what is planted."""

from __future__ import annotations

import pytest

from algorithms.paxos.synod.proposer import Proposer
from playground.run import RunResult, run
from playground.scenario import read_scenario

STORM = '''
title = "Everybody proposes, and everything happens"
steps = """
every 300ms for 4s propose red at n1 on c1
every 410ms for 4s propose green at n3 on c2
every 530ms for 4s propose blue at n5 on c1
every 700ms for 4s learn on c2
"""
[cluster]
services = ["synod"]
clients = 2
[cluster.network]
latency = "1ms..40ms"
[cluster.synod]
backoff_shortest = "10ms"
backoff_longest = "100ms"
[chaos]
start = "200ms"
duration = "4s"
gap = "100ms"
'''


def result_of(seed: int) -> RunResult:
    return run(read_scenario(STORM, "storm", "storm.toml"), seed)


def failed(result: RunResult) -> list[tuple[str, str]]:
    return [(check.name, check.detail) for check in result.checks if check.verdict != "pass"]


@pytest.mark.parametrize("seed", range(6))
def test_one_value_is_chosen_whatever_happens(seed: int) -> None:
    assert failed(result_of(seed)) == []


def test_a_storm_finds_a_proposer_that_takes_its_own_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Proposer, "choice", lambda self: self.wanted)
    found = {name for seed in range(10) for name, _ in failed(result_of(seed))}
    assert "agreement" in found
