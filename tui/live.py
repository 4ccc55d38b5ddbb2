"""One cluster while it is on the screen: its session, its pump, and how far it may go next.

The law: between two slices the world stands at its horizon, so that whatever a person does then is recorded at an
instant that has wholly happened and replays as such. Knows nothing of Textual.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import trio

from algorithms.machine import Record
from nodes.host import SteppingClock, open_host
from nodes.observation import Lost, Observation, Turn
from nodes.world import MachineFailed
from playground.commands import Command
from playground.services import kind_of
from playground.session import Done, Session
from tui.events import EventLog
from tui.frame import Verdict
from tui.kinds import is_quiet
from tui.pace import Pace
from tui.pump import Pump
from tui.story import Story

T = TypeVar("T")

SHORTEST_STRIDE = 100
LONGEST_STRIDE = 10_000_000
"""How far the horizon is raised at once, microseconds: as far as a slice can go in about half a millisecond."""

STRIDE_SECONDS = 0.0005

BLANK_STEPS = 1_000
"""A step skips so many agenda items that nobody can see (a timer that was set anew in the meantime)."""


class LiveRun:
    """Make it, `advance` it once a frame and `work` in between; `close` it always."""

    def __init__(self, session: Session, log: EventLog, pace: Pace, paused: bool = False) -> None:
        self.session = session
        self.log = log
        """What has happened, for the panes; it must have seen the session from its beginning."""
        self.story: Story | None = None
        self.end = 0
        """As far as this run has ever gone, if somebody has gone back in it."""
        self.pace = pace
        self.paused = paused
        self.real_speed = 0.0
        """Virtual seconds a real second over the last frame."""
        self.behind = False
        """The last frame's work was too much: virtual time goes slower than asked."""
        self.clock = SteppingClock(horizon=session.world.now, guest=True)
        self._goal: int | None = session.world.now
        self._frame_began_at = session.world.now
        self._stride = SHORTEST_STRIDE * 10
        self._happened = 0
        self._hurrying = False
        self._due: int | None = None
        """When the story wants to act, as it said before the horizon was raised to there."""
        self._open: dict[int, str] = {}
        self._failed: MachineFailed | None = None
        self.judges = [kind_of(each.kind).invariants(session.world, each.name) for each in session.spec.services]
        """They say at once if a rule of an algorithm is broken on the screen."""
        for judge in self.judges:
            session.world.add_observer(judge.observe)
        session.world.add_observer(self._count)
        self.pump = Pump(self._life, self.clock)
        self.pump.run()

    async def _life(self) -> None:
        async with open_host(self.session.world):
            await trio.sleep_forever()

    def _count(self, observation: Observation) -> None:
        self._happened += isinstance(observation, Turn | Lost)

    @property
    def verdict(self) -> Verdict:
        """What the judges have seen so far."""
        violations = [each for judge in self.judges for each in judge.violations]
        rules = sum(judge.rules for judge in self.judges)
        return Verdict(rules, str(violations[0]) if violations else "")

    @property
    def now(self) -> int:
        """True time, microseconds."""
        return self.session.world.now

    @property
    def failure(self) -> BaseException | None:
        """What ended the run, if anything did: a bug in a machine."""
        return self._failed or self.pump.failure

    # ------------------------------------------------------------ time

    def advance(self, seconds: float) -> None:
        """A frame of so many real seconds has passed: say how far `work` may go in the next one.

        What the last frame did not reach is not made up for: in overload virtual time is slower, not the keys.
        """
        world = self.session.world
        self.real_speed = (world.now - self._frame_began_at) / (seconds * 1e6) if seconds > 0 else 0.0
        self.behind = not self.standing and self._goal is not None and world.now < self._goal
        self._frame_began_at = world.now
        self._goal = self.horizon if self.standing else self._next_goal(seconds)

    @property
    def standing(self) -> bool:
        """Time does not go on: somebody has paused, or the story waits for a person."""
        return self.paused or (self.story is not None and self.story.holds())

    def _next_goal(self, seconds: float) -> int | None:
        waiting = self.waiting
        self._hurrying = waiting and self.pace.waiting_speed() > self.pace.speed
        distance = self.pace.distance(seconds, waiting)
        return None if distance is None else self.horizon + distance

    @property
    def waiting(self) -> bool:
        """Nothing is under way between two nodes but what never ceases: there is nothing to watch."""
        return all(each.source == each.target or is_quiet(each.message) for _, each in self.session.world.in_flight())

    def work(self, seconds: float) -> bool:
        """Go on towards the goal for so many real seconds; True when it is reached (or the run has ended)."""
        end = perf_counter() + seconds
        while not self.closed:
            began = perf_counter()
            if began >= end:
                return False
            if self.pump.run(end - began) and not self._go_on():
                return True
            self._learn(perf_counter() - began)
        return True

    def _go_on(self) -> bool:
        """The world stands at its horizon: let the story act there, then raise it. False at the goal."""
        if self.story and self._due is not None and self._due <= self.horizon:
            self._due = None
            self._guarded(self.story.play)
        self._due = self.story.due() if self.story else None
        if (self.story and self.story.holds()) or (self._hurrying and not self.waiting):
            self._goal = self.horizon
        before = self.horizon
        self.clock.horizon = self._next_horizon()
        return self.horizon > before or (self._due is not None and self._due <= before)

    @property
    def horizon(self) -> int:
        """Where the world stands, or will when the slice at hand is done."""
        assert self.clock.horizon is not None, "A screen's clock always has a horizon."
        return self.clock.horizon

    def _next_horizon(self) -> int:
        """One stride on, but not beyond the goal, what the story wants to do, or (in a hurry) the next thing to see."""
        next_at = self.session.world.next_at() if self._hurrying else None
        limits = [at for at in (self._goal, self._due, next_at) if at is not None]
        return max(self.horizon, min([self.horizon + self._stride, *limits]))

    def _learn(self, took: float) -> None:
        """Let the next stride take about as long as it should."""
        if took < STRIDE_SECONDS / 2:
            self._stride = min(self._stride * 2, LONGEST_STRIDE)
        elif took > STRIDE_SECONDS:
            self._stride = max(self._stride // 2, SHORTEST_STRIDE)

    def settle(self) -> None:
        """Finish what the horizon allows, so that the world stands at it."""
        self.pump.run()
        self._goal = self.horizon
        self._hurrying = False

    def step(self) -> bool:
        """Pause, and let the next thing happen that anybody can see; False if nothing ever will."""
        self.paused = True
        self.settle()
        before = self._happened
        for _ in range(BLANK_STEPS):
            next_at = self._next_at()
            if next_at is None or self.closed:
                return False
            self.run_to(next_at)
            if self._happened > before:
                return True
        return False

    def _next_at(self) -> int | None:
        due = self.story.due() if self.story else None
        return min((at for at in (self.session.world.next_at(), due) if at is not None), default=None)

    def run_to(self, at: int) -> None:
        """Let everything happen up to and including the instant `at`, however long that takes."""
        self._goal, self._hurrying = max(at, self.horizon), False
        while not self.work(1.0):
            pass

    # ------------------------------------------------------------ what a person does

    def do(self, command: str | Command, where: str = "console") -> Done:
        """Do it now; BadInput if it cannot be done. A request's result comes through `answers`."""
        self.settle()
        done = self._guarded(lambda: self.session.do(command, where))
        if done.request_id is not None:
            self._open[done.request_id] = done.text
        self.settle()
        if self.story:
            self.story, self.end = self._guarded(self.story.after_deed), 0
            self._due = None
        return done

    def _guarded(self, deed: Callable[[], T]) -> T:
        """A machine may fail in the middle of a deed too (while it boots): that ends the run all the same."""
        try:
            return deed()
        except MachineFailed as failure:
            self._failed = failure
            self.close()
            raise

    def answers(self) -> list[tuple[str, Record]]:
        """Requests that have ended since the last look: their command and their outcome."""
        found = [(number, self.session.outcome(number)) for number in self._open]
        return [(self._told(number), outcome) for number, outcome in found if outcome is not None]

    def _told(self, number: int) -> str:
        """The command; of a file that was read back, how its bytes compare."""
        text = self._open.pop(number)
        return self.session.file_sentence(number) or text

    @property
    def closed(self) -> bool:
        """Nothing will happen any more."""
        return self.pump.outcome is not None

    def close(self) -> None:
        """Give the thread back. Closing twice is fine."""
        self.session.world.remove_observer(self._count)
        self.pump.close()
