"""Raft's judges: its invariants, whether stores agree, and whether clients saw one copy of the data."""

from __future__ import annotations

from collections.abc import Callable

from nodes.observation import Observer
from nodes.world import World
from playground.checks.agreement import SAME_STORE, Agreement
from playground.checks.raft import RaftInvariants
from playground.checks.verdict import (
    LINEARIZABLE,
    CheckResult,
    invariant_results,
    linearizability_result,
    rule_name,
)
from playground.checks.violation import Rule
from playground.history import HistoryRecorder

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


class SameStore:
    """Servers that have applied the same entries hold the same store."""

    names = (SAME_STORE,)
    observe: Observer | None = None

    def __init__(self, service: str) -> None:
        self._agreement = Agreement(service)

    def look(self, world: World) -> None:
        """See `Judge`."""
        self._agreement.look(world)

    def results(self, world: World, expired: Callable[[], bool]) -> tuple[CheckResult, ...]:
        """See `Judge`."""
        return (self._agreement.result(),)


class OneCopy:
    """What the clients were told could have come from one copy of the data."""

    names = (LINEARIZABLE,)
    observe: Observer | None = None

    def __init__(self, history: HistoryRecorder) -> None:
        self._history = history

    def look(self, world: World) -> None:
        """The history has it all."""

    def results(self, world: World, expired: Callable[[], bool]) -> tuple[CheckResult, ...]:
        """See `Judge`."""
        return (linearizability_result(self._history.operations, expired),)
