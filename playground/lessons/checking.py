"""Plays a lesson headless, with its own solutions, and says whether everything in it is true."""

from __future__ import annotations

from typing import NamedTuple

from playground.lessons.lesson import Goal, Lesson, Predict
from playground.lessons.library import load
from playground.lessons.player import LessonPlayer, Stage
from playground.lessons.prediction import NO_IDEA
from playground.session import Session


class Verdict(NamedTuple):
    """`ok` if nothing was untrue; `report` has a line for each thing that was looked at."""

    ok: bool
    report: str


def check(name: str) -> Verdict:
    """Check a shipped lesson, or the one in a file. Raises BadInput if it cannot be read."""
    return check_lesson(load(name))


def check_lesson(lesson: Lesson) -> Verdict:
    """Play `lesson` from its first step to its last."""
    checker = _Checker(LessonPlayer(lesson, Session(lesson.spec, lesson.seed)))
    checker.play()
    lines = [*checker.seen, *(f"UNTRUE: {each}" for each in checker.player.troubles)]
    good = not checker.player.troubles
    end = "everything in it is true" if good else f"{len(checker.player.troubles)} of it is untrue"
    return Verdict(good, "\n".join([f"{lesson.name}: {lesson.title}", *(f"  {line}" for line in lines), f"  {end}"]))


class _Checker:
    """The scripted pupil: knows nothing, gives up at once, and lets time go on."""

    def __init__(self, player: LessonPlayer) -> None:
        self.player = player
        self.seen: list[str] = []

    def play(self) -> None:
        """To the end of the lesson."""
        player = self.player
        while player.stage is not Stage.OVER:
            match player.stage:
                case Stage.ASKING if player.asked is not None:
                    self._predict(player.asked)
                case Stage.TRYING if player.goal is not None:
                    self._reach(player.goal)
                case Stage.RUNNING:
                    self._let_time_go_on()
                case _:
                    player.advance()

    def _let_time_go_on(self) -> None:
        at = self.player.wants_at
        assert at is not None, "A lesson that runs wants to look at some instant."
        self.player.session.run_until(at)
        self.player.look()

    def _predict(self, asked: Predict) -> None:
        """A good question has one answer."""
        truths = self.player.answer(NO_IDEA).truths
        self.seen.append(f"{asked.question} -> {' / '.join(truths) or 'none of the answers'}")
        if len(truths) != 1:
            self._trouble(f'"{asked.question}" has {len(truths)} right answers')

    def _reach(self, goal: Goal) -> None:
        """Not reached before anybody has done anything, and reached in time by the lesson's own solution."""
        self.player.look()
        if self.player.goal_reached:
            self._trouble(f'the goal "{goal.wish}" is reached before anybody has done anything')
            return
        self.player.give_up()
        while self.player.stage is Stage.RUNNING:
            self._let_time_go_on()
        deadline = self.player.session.world.now + goal.within
        while self.player.stage is Stage.TRYING and self.player.session.world.now < deadline:
            self._let_time_go_on()
        self._judge(goal)

    def _judge(self, goal: Goal) -> None:
        if self.player.goal_reached:
            self.seen.append(f"{goal.wish} -> reached")
            return
        self._trouble(f'the solution of the goal "{goal.wish}" does not reach it: {self.player.advance()}')
        self.player.skip()

    def _trouble(self, sentence: str) -> None:
        self.player.troubles.append(sentence)
