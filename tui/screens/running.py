"""A screen on which a cluster runs: frames, time, and acting on it.

The law: it holds no truth about the cluster, and whatever is done to the cluster goes through `act` or the console,
as a sentence of the command language. What is shown is the business of the class above.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from algorithms.machine import Failed, Ok, Record, Unknown
from algorithms.ring.commands import FileFound
from nodes.world import MachineFailed
from playground.errors import BadInput
from tui.acts import CannotNow
from tui.broker_words import outcome_words
from tui.config import Config
from tui.driver import Driver
from tui.live import LiveRun
from tui.pace import Pace
from tui.ring_words import result_words

SLOW_PANES = 3
"""The map is painted every frame, the other panes every third."""


class RunFailed(Message):
    """A bug of ours ended the run."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__()
        self.failure = failure


class RunningScreen(Screen[None]):
    """`run` may be replaced by another one, with `continue_with`."""

    def __init__(self, run: LiveRun, config: Config) -> None:
        super().__init__()
        self.run = run
        self.config = config
        self._frames = 0
        self._timer: Timer | None = None
        self._driver: Driver | None = None

    def on_mount(self) -> None:
        """Begin."""
        self._driver = Driver(self.run, asyncio.get_running_loop())
        self._timer = self.set_interval(1 / self.config.frames, self._frame, pause=self.run.paused)

    # ------------------------------------------------------------ for the class above

    def show(self, everything: bool) -> None:
        """Show the world as it is now; if not `everything`, only what moves."""

    def say(self, text: str, style: str = "$text") -> None:
        """Something happened, or cannot."""

    def tell(self, text: str, good: bool) -> None:
        """A request has ended."""

    # ------------------------------------------------------------ frames

    def _frame(self) -> None:
        """One frame has passed: say how far the world may go in the next, and show where it is."""
        assert self._driver is not None, "Frames begin when the screen is mounted."
        self._driver.frame()
        self._frames += 1
        if self.run.standing:
            self.go_or_stand()
        else:
            self.paint(everything=self._frames % SLOW_PANES == 0)

    def paint(self, everything: bool = True) -> None:
        """Show the world as it is now."""
        if self.run.failure is not None:
            self._end(self.run.failure)
            return
        for text, outcome in self.run.answers():
            self._tell(text, outcome)
        self.show(everything)

    def _end(self, failure: BaseException) -> None:
        if self._timer is not None:
            self._timer.stop()
        self.post_message(RunFailed(failure))

    def _tell(self, text: str, outcome: Record) -> None:
        match outcome:
            case Ok(value):
                nothing = "null" if text.split(": ")[-1].startswith("get ") else "ok"
                self.tell(f"{text}: {nothing if value is None else repr(value)}", True)
            case Failed(reason):
                self.tell(f"{text}: surely not done, {reason}", False)
            case Unknown(reason):
                self.tell(f"{text}: perhaps done, {reason}", False)
            case FileFound():
                self.tell(text, outcome.whole)
            case _:
                self.tell(f"{text}: {result_words(outcome) or outcome_words(outcome) or outcome}", True)

    # ------------------------------------------------------------ acting on the cluster

    def act(self, command: str) -> None:
        """Do what a key or a menu means, and say so."""
        self.attempt(lambda: self.say(self.run.do(command, "key").text))

    def attempt(self, deed: Callable[[], object]) -> None:
        """Do it, or say in one sentence why it cannot be done now."""
        try:
            deed()
        except CannotNow as reason:
            self.say(str(reason), "$text-warning")
        except BadInput as mistake:
            self.say(str(mistake), "$text-error")
        except MachineFailed:
            pass  # `paint` finds it and ends the run.
        self.paint()

    # ------------------------------------------------------------ time

    def action_pause(self) -> None:
        """Stand still, or go on."""
        self.attempt(self._pause)

    def _pause(self) -> None:
        self._refuse_if_held()
        self.run.paused = not self.run.paused
        self.go_or_stand()

    def _refuse_if_held(self) -> None:
        if self.run.story and self.run.story.holds():
            raise CannotNow("time waits for you: the lesson's last line says what to press")

    def go_or_stand(self) -> None:
        """Frames come only while time goes on: a paused screen costs nothing."""
        assert self._timer is not None, "Keys come when the screen is mounted."
        assert self._driver is not None, "Keys come when the screen is mounted."
        if self.run.standing:
            self.run.settle()
            self._timer.pause()
        else:
            self._driver.begin()
            self._timer.resume()
        self.paint()

    def action_step(self) -> None:
        """The next event, and no more."""
        self.attempt(self._step)

    def _step(self) -> None:
        self._refuse_if_held()
        if not self.run.step():
            raise CannotNow("nothing is left to happen")
        self.go_or_stand()

    def action_faster(self) -> None:
        """One step up the ladder."""
        self.set_pace(self.run.pace.faster())

    def action_slower(self) -> None:
        """One step down."""
        self.set_pace(self.run.pace.slower())

    def set_pace(self, pace: Pace) -> None:
        """Let time go that fast from now on."""
        self.run.pace = replace(pace, hurry=self.config.hurry)
        self.say(self.run.pace.words())
        self.paint()

    def continue_with(self, run: LiveRun) -> None:
        """From now on this run is on the screen; the one before must be closed."""
        self.run = run
        self._driver = Driver(run, asyncio.get_running_loop())
        self.go_or_stand()
