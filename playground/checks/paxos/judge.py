"""The judge of Multi-Paxos: the rules while a run goes on, their verdicts when it is over."""

from __future__ import annotations

from collections.abc import Callable

from nodes.observation import Observation
from nodes.world import World
from playground.checks.paxos.rules import NAMES, SOURCES, PaxosRules
from playground.checks.search import never
from playground.checks.verdict import CheckResult


class PaxosJudge:
    """All rules of one service; see `Judge`."""

    names = NAMES

    def __init__(self, world: World, service: str) -> None:
        self.rules = PaxosRules(world, service)

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        self.rules.observe(observation)

    def look(self, world: World) -> None:
        """It is told of every turn instead."""

    def results(self, world: World, expired: Callable[[], bool] = never) -> tuple[CheckResult, ...]:
        """See `Judge`."""
        return tuple(self.rules.findings.result(name, SOURCES[name]) for name in NAMES)
