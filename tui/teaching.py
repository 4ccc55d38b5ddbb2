"""A lesson as a story. The law: only who opens a lesson imports this, because it takes a while to load."""

from __future__ import annotations

from playground.lessons import Lesson, LessonPlayer, Stage
from tui.live import LiveRun
from tui.opening import fresh
from tui.pace import Pace
from tui.story import Story


def taught(lesson: Lesson, pace: Pace) -> tuple[LiveRun, LessonPlayer]:
    """A lesson's cluster, and the lesson."""
    run = fresh(lesson.spec, lesson.seed, pace)
    player = LessonPlayer(lesson, run.session)
    run.story = Taught(player)
    return run, player


class Taught:
    """A lesson."""

    def __init__(self, player: LessonPlayer) -> None:
        self.player = player

    def due(self) -> int | None:
        """See `Story`."""
        return self.player.wants_at

    def play(self) -> None:
        """See `Story`."""
        self.player.look()

    def holds(self) -> bool:
        """While one reads or is asked; when it is over, the cluster is a person's own."""
        return not self.player.time_goes_on and self.player.stage is not Stage.OVER

    def after_deed(self) -> Story:
        """It may have been what the goal asks for."""
        self.player.look()
        return self

    def can_go_back(self) -> bool:
        """A lesson has its own order."""
        return False
