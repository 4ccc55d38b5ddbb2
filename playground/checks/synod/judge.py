"""The judge of Paxos for one value: the rules while a run goes on, their verdicts when it is over.

The law: watching changes nothing. It belongs to this world and is not pickled with it.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.paxos.view import Quorums
from nodes.observation import Observation
from nodes.world import World
from playground.checks.search import never
from playground.checks.synod.rules import NAMES, SOURCES, SynodRules
from playground.checks.verdict import CheckResult


class SynodJudge:
    """All checks of one service; `world.add_observer(judge.observe)`."""

    names = NAMES

    def __init__(self, world: World, service: str, quorums: Quorums) -> None:
        self.rules = SynodRules(world, service, quorums)

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        self.rules.observe(observation)

    def look(self, world: World) -> None:
        """See `Judge.look`."""
        self.rules.look()

    def results(self, world: World, expired: Callable[[], bool] = never) -> tuple[CheckResult, ...]:
        """See `Judge.results`."""
        self.rules.look()
        return tuple(self.rules.findings.result(name, SOURCES[name]) for name in NAMES)
