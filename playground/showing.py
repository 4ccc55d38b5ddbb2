"""What a scenario puts into its report on the way. The law: looking changes nothing; what is shown was true then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.machine import Record
from playground.commands import write_term
from playground.commands.conditions import Word
from playground.commands.steps import HOLDINGS, Show
from playground.errors import BadInput
from playground.predicates import Bound, look_up, tell
from playground.services import kind_of

if TYPE_CHECKING:
    from playground.kinds.kind import Holdings
    from playground.session import Session


class Shown(Record, frozen=True):
    """A table (or none) and lines, as of `at` (microseconds of the scenario)."""

    at: int
    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]


class Showing:
    """Shows things of one session, each holdings compared with those shown before."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: dict[str, Holdings] = {}
        """By service."""

    def show(self, step: Show, at: int, bound: Bound) -> list[Shown]:
        """What the step wants shown. Raises BadInput if there is nothing of the sort."""
        if step.what == Word(HOLDINGS):
            return self._holdings(step.label, at)
        label = step.label or write_term(step.what)
        return [Shown(at, label, (), (), (f"{label}: {tell(look_up(step.what, self._session, bound))}",))]

    def _holdings(self, label: str, at: int) -> list[Shown]:
        shown = []
        for service in self._session.spec.services:
            name, kind = service.name, kind_of(service.kind)
            found = kind.holdings(self._session.world, name, self._before.get(name))
            if found is not None:
                self._before[name] = found
                shown.append(Shown(at, label or f"holdings of {name}", found.columns, found.rows, found.lines))
        if not shown:
            raise BadInput("there are no holdings to show: no ring has a server that is up")
        return shown
