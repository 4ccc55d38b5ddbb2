"""Judges of whatever keeps a store on a replicated log: whether stores agree, and whether clients saw one copy."""

from __future__ import annotations

from collections.abc import Callable

from nodes.observation import Observer
from nodes.world import World
from playground.checks.agreement import SAME_STORE, Agreement
from playground.checks.verdict import LINEARIZABLE, CheckResult, linearizability_result
from playground.history import HistoryRecorder


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
