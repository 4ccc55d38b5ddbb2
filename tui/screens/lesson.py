"""The main screen with a lesson beside the cluster. The law: the lesson decides when time goes on; this shows it."""

from __future__ import annotations

from textual import events

from playground.errors import BadInput
from playground.lessons import LessonPlayer, Stage
from tui.acts import CannotNow
from tui.config import Config
from tui.live import LiveRun
from tui.screens.main import MainScreen
from tui.widgets.tutor import Tutor

DIGITS = "123456789"


class LessonScreen(MainScreen):
    """`player` and `run` must have one session."""

    def __init__(self, run: LiveRun, player: LessonPlayer, config: Config) -> None:
        super().__init__(run, config, player.lesson.title, Tutor(player, id="tutor"))
        self.player = player
        self.add_class("lesson")

    @property
    def tutor(self) -> Tutor:
        """The pane of the lesson."""
        return self.query_one(Tutor)

    def show(self, everything: bool) -> None:
        """The lesson changes with the world, too."""
        super().show(everything)
        if everything:
            self.tutor.show()

    def pace_in_words(self) -> str:
        """Time may wait for the person."""
        if self.run.standing and not self.run.paused:
            return "time waits for you: the lesson's last line says what to press"
        return super().pace_in_words()

    def labels(self) -> dict[str, str]:
        """While it goes on, n is its key."""
        return super().labels() | ({} if self.player.stage is Stage.OVER else {"grow": "Go on"})

    # ------------------------------------------------------------ its keys

    def action_tutor(self) -> None:
        """Hide or show it."""
        self.toggle_class("lesson")

    def action_grow(self) -> None:
        """Go on, or begin to answer; when the lesson is over, what it is elsewhere."""
        if self.player.stage is Stage.OVER:
            super().action_grow()
        else:
            self.attempt(self._next)

    def _next(self) -> None:
        asked = self.player.asked
        if asked is not None and not asked.options:
            self.tutor.begin_answer()
            return
        if why_not := self.player.advance():
            raise CannotNow(why_not)
        self._go_on()

    def action_lesson_hint(self) -> None:
        """For the goal at hand."""
        self.attempt(self._hint)

    def _hint(self) -> None:
        hint = self.player.hint()
        if not hint:
            raise CannotNow("there is no hint here")
        self.tutor.show_hint(hint)

    def action_lesson_solution(self) -> None:
        """The lesson does it."""
        self.attempt(self._show_solution)

    def _show_solution(self) -> None:
        if self.player.stage is not Stage.TRYING:
            raise CannotNow("there is no goal to reach just now")
        self.player.give_up()
        self._go_on()

    # ------------------------------------------------------------ answers

    def on_tutor_answered(self, event: Tutor.Answered) -> None:
        """Typed into the lesson."""
        self._answer(event.text)

    def on_tutor_left(self) -> None:
        """Out of the answer's line."""
        self.go_to("map")

    def on_key(self, event: events.Key) -> None:
        """A digit answers a question that has numbered answers."""
        asked = self.player.asked
        if asked is not None and asked.options and event.character and event.character in DIGITS:
            event.stop()
            self._answer(event.character)

    def _answer(self, text: str) -> None:
        try:
            self.run.settle()
            self.player.answer(text)
        except BadInput as mistake:
            self.tutor.complain(str(mistake))
            return
        self.go_to("map")
        self._go_on()

    def _go_on(self) -> None:
        """What the lesson waits for has changed; time goes on if that is what it wants."""
        self.run.paused = False
        self.go_or_stand()
