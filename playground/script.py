"""A scenario's steps, carried out on a session at their times.

The law: sans-IO and deterministic. The script says when it wants to look next; whoever drives it lets the session
run until then and calls `advance`. Steps follow each other like lines on a page; an `every` and a storm of chaos go on
beside them, each firing as a thread of its own. Threads due at one instant take turns in the order they were begun.

A wait looks at its condition when it begins and then at the first instant at which anything can have changed, but
not more often than once a millisecond; so does `expect ... for`.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from random import Random
from typing import TYPE_CHECKING, assert_never

from algorithms.machine import Record
from playground.commands import bind, concerned, parse, resolve_node, write_duration, write_step
from playground.commands.conditions import Condition
from playground.commands.naming import IT
from playground.commands.steps import (
    After,
    At,
    Deeds,
    Every,
    Expect,
    ExpectFor,
    Let,
    Now,
    Show,
    Step,
    Wait,
    WaitUntil,
)
from playground.commands.values import Group, Named, Who
from playground.errors import BadInput
from playground.predicates import evaluate, explain
from playground.showing import Showing, Shown

if TYPE_CHECKING:
    from playground.session import Session

GRID = 1_000
"""A waiting step looks at most so often (microseconds of virtual time)."""


class Line(Record, frozen=True):
    """One step and where it stands; `number` is the line of its file, 0 for one that was made up."""

    number: int
    step: Step


class Claim(Record, frozen=True):
    """What a step found: whether it could be done or what it expects was so. `at` is the time of the scenario."""

    line: int
    text: str
    at: int
    held: bool
    detail: str = ""


Thread = Generator[int, None, None]
"""It yields the instant at which it wants to go on."""


class Script:
    """`lines` one after another and `storm` all at once, from the session's present on."""

    def __init__(
        self,
        session: Session,
        lines: tuple[Line, ...],
        where: str,
        storm: tuple[Line, ...] = (),
        names: dict[str, Group] | None = None,
    ) -> None:
        self.session = session
        self.where = where
        self.start = session.world.now
        self.claims: list[Claim] = []
        """One for each `wait until` and `expect`, and one for each step that could not be done."""
        self.left_out = 0
        """Deeds of storms that made no sense when their time came."""
        self.shown: list[Shown] = []
        """What steps have put into the report."""
        self._showing = Showing(session)
        self._dice = Random(f"{session.seed}:script")
        self._names: dict[str, Group] = {} if names is None else names
        """What `let` has named, and `it`; who hands in a dict finds them there afterwards."""
        self._threads: list[tuple[int, int, Thread]] = []
        self._tickets = 0
        self._begin(self.start, self._lines(lines))
        for line in storm:
            self._begin(self.start, self._gust(line))

    # ------------------------------------------------------------ being driven

    def next_at(self) -> int | None:
        """The instant (true time) at which `advance` is to be called; None when everything has been done."""
        return self._threads[0][0] if self._threads else None

    def advance(self) -> None:
        """Do what is due at the session's present."""
        while self._threads and self._threads[0][0] <= self.now:
            _, _, thread = heappop(self._threads)
            at = next(thread, None)
            if at is not None:
                self._begin(at, thread)

    def play(self) -> None:
        """Drive the session to the end of the script, at full speed."""
        while (at := self.next_at()) is not None:
            self.session.run_until(at)
            self.advance()

    @property
    def now(self) -> int:
        """True time."""
        return self.session.world.now

    def _begin(self, at: int, thread: Thread) -> None:
        self._tickets += 1
        heappush(self._threads, (at, self._tickets, thread))

    # ------------------------------------------------------------ threads

    def _lines(self, lines: tuple[Line, ...]) -> Thread:
        for line in lines:
            try:
                yield from self._step(line)
            except BadInput as error:
                self._claim(line, False, str(error))

    def _gust(self, line: Line) -> Thread:
        """One line of a storm."""
        assert isinstance(line.step, At), f"A storm is made of times and deeds, not of {line.step}."
        yield max(self.now, self.start + line.step.at)
        yield from self._tolerant(line.step.deeds)

    def _storm(self, step: Every) -> Thread:
        """Each firing is on its own, so that a long one does not hold up the next."""
        begin = self.now
        for at in range(begin + step.period, begin + step.duration + 1, step.period):
            yield at
            self._begin(self.now, self._tolerant(step.deeds))

    def _tolerant(self, deeds: Deeds) -> Thread:
        try:
            yield from self._deeds(deeds, dict(self._names))
        except BadInput:
            self.left_out += 1

    # ------------------------------------------------------------ steps

    def _step(self, line: Line) -> Thread:
        match line.step:
            case Now(deeds):
                yield from self._deeds(deeds, self._names)
            case At(at, deeds):
                yield max(self.now, self.start + at)
                yield from self._deeds(deeds, self._names)
            case After(delay, deeds):
                yield self.now + delay
                yield from self._deeds(deeds, self._names)
            case Every():
                self._begin(self.now, self._storm(line.step))
            case Wait(duration):
                yield self.now + duration
            case WaitUntil(condition, within):
                yield from self._wait_until(line, condition, within)
            case Expect(condition):
                self._claim(line, self._holds(condition), self._explain(condition))
            case ExpectFor(condition, duration):
                yield from self._expect_for(line, condition, duration)
            case Let(name, who):
                self._names[name] = (Named(self._meant(who)),)
            case Show():
                self.shown += self._showing.show(line.step, self.now - self.start, self._bound)
            case _:
                assert_never(line.step)

    def _deeds(self, deeds: Deeds, names: dict[str, Group]) -> Thread:
        for deed in deeds:
            if deed.delay:
                yield self.now + deed.delay
            done = self.session.do(bind(deed.command, names), self.where)
            whom = concerned(parse(done.text, self.where))
            if whom:
                names[IT] = whom

    def _meant(self, who: Who) -> str:
        known = self._names.get(who.name) if isinstance(who, Named) else None
        return resolve_node(known[0] if known else who, self.session.world, self.session.spec, self._dice)

    def _wait_until(self, line: Line, condition: Condition, within: int) -> Thread:
        begin = self.now
        while not self._holds(condition):
            if self.now >= begin + within:
                detail = f"not within {write_duration(within)}: {self._explain(condition)}"
                return self._claim(line, False, detail)
            yield self._next_look(begin + within)
        return self._claim(line, True, f"after {write_duration(self.now - begin)}")

    def _expect_for(self, line: Line, condition: Condition, duration: int) -> Thread:
        begin = self.now
        while self._holds(condition):
            if self.now >= begin + duration:
                return self._claim(line, True, f"for {write_duration(duration)}")
            yield self._next_look(begin + duration)
        return self._claim(line, False, f"not after {write_duration(self.now - begin)}: {self._explain(condition)}")

    def _next_look(self, latest: int) -> int:
        changes = [at for at in (self.session.world.next_at(), self.next_at()) if at is not None]
        return min(latest, max(self.now + GRID, min(changes, default=latest)))

    # ------------------------------------------------------------ claims

    @property
    def _bound(self) -> dict[str, tuple[str, ...]]:
        return named(self._names)

    def _holds(self, condition: Condition) -> bool:
        return evaluate(condition, self.session, self._bound)

    def _explain(self, condition: Condition) -> str:
        return explain(condition, self.session, self._bound)

    def _claim(self, line: Line, held: bool, detail: str) -> None:
        self.claims.append(Claim(line.number, write_step(line.step), self.now - self.start, held, detail))


def named(names: dict[str, Group]) -> dict[str, tuple[str, ...]]:
    """The nodes behind each name, as conditions want them."""
    return {name: tuple(who.name for who in group if isinstance(who, Named)) for name, group in names.items()}
