"""Raft's judges: its invariants, whether stores agree, and whether clients saw one copy of the data."""

from __future__ import annotations

from collections.abc import Callable

from nodes.observation import Observer
from nodes.world import World
from playground.checks.agreement import SAME_STORE
from playground.checks.raft import RaftInvariants
from playground.checks.verdict import (
    LINEARIZABLE,
    CheckResult,
    invariant_results,
    rule_name,
)
from playground.checks.violation import Rule

RULES = tuple(map(rule_name, Rule))
CHECKS = (*RULES, SAME_STORE, LINEARIZABLE)


class AlwaysTrue:
    """Figure 3, watched after every turn that could break it."""

    names = RULES

    def __init__(self, invariants: RaftInvariants) -> None:
        self._invariants = invariants
        self.observe: Observer | None = invariants.observe

    def look(self, world: World) -> None:
        """It is told of every turn instead."""

    def results(self, world: World, expired: Callable[[], bool]) -> tuple[CheckResult, ...]:
        """See `Judge`."""
        return invariant_results(self._invariants.violations)
