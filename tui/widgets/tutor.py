"""The lesson beside the cluster. The law: it only shows a `LessonPlayer` and says what the person wants of it."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Markdown, Static

from playground.lessons import Goal, LessonPlayer, Predict, Run, Stage, code


class Tutor(Vertical, can_focus=True):
    """Text above, what there is to do below."""

    class Answered(Message):
        """The person says what will happen."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The person wants the keyboard elsewhere."""

    def __init__(self, player: LessonPlayer, id: str | None = None) -> None:
        super().__init__(id=id)
        self._player = player
        self._shown: tuple[int, int] | None = None
        self._hint = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="lesson-page", can_focus=False):
            yield Markdown("", id="lesson-text")
        yield Static("", id="lesson-task")
        answer = Input(placeholder="your answer, or ?", compact=True, id="lesson-answer")
        answer.cursor_blink = False
        yield answer
        yield Static("", id="lesson-keys")

    def on_mount(self) -> None:
        """The first page."""
        self.show()

    @property
    def plain(self) -> str:
        """Text and task, for tests."""
        return f"{_page(self._player)}\n{_task(self._player, self._hint).plain}"

    def show(self) -> None:
        """The step as it stands now."""
        player = self._player
        place = (player.number, len(player.said))
        if place != self._shown:
            self._hint = self._hint if self._shown and self._shown[0] == player.number else ""
            self._shown = place
            self.border_title = f"lesson: {player.lesson.title} {player.number + 1}/{len(player.lesson.steps)}"
            self.query_one(Markdown).update(_page(player))
            self.query_one("#lesson-page", VerticalScroll).scroll_home(animate=False)
        self.query_one("#lesson-task", Static).update(_task(player, self._hint))
        self.query_one("#lesson-keys", Static).update(_keys(player))
        self.query_one("#lesson-answer").display = player.asked is not None and not player.asked.options

    def show_hint(self, hint: str) -> None:
        """A hint for the goal stays until the next step."""
        self._hint = hint
        self.show()

    def begin_answer(self) -> None:
        """Let the person type, if there is something to type."""
        if self._player.asked is not None and not self._player.asked.options:
            self.query_one("#lesson-answer", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: that is the answer."""
        event.stop()
        event.input.value = ""
        self.post_message(self.Answered(event.value))

    def on_key(self, event: events.Key) -> None:
        """Escape leaves the answer's line."""
        if event.key == "escape" and self.query_one("#lesson-answer").has_focus:
            event.stop()
            self.post_message(self.Left())

    def complain(self, sentence: str) -> None:
        """The answer was none."""
        self.query_one("#lesson-keys", Static).update(Content.styled(sentence, "$text-error"))


def _page(player: LessonPlayer) -> str:
    """What was found out, then the text, and what the lesson is about to do."""
    said = [f"> {sentence}" for sentence in player.said]
    task = player.step.task
    deeds = [code(task.lines)] if isinstance(task, Run) else []
    return "\n\n".join([*said, player.step.text, *deeds])


def _task(player: LessonPlayer, hint: str) -> Content:
    match player.step.task:
        case Predict() as asked if player.stage is Stage.ASKING:
            return _question(asked)
        case Goal(wish) if player.goal_reached:
            return Content.assemble(("Done: ", "bold $success"), wish)
        case Goal(wish):
            shown = f"\nHint: {hint}" if hint else ""
            return Content.assemble(("Your turn: ", "bold $accent"), wish, (shown, "$text-muted"))
        case _:
            return Content("")


def _question(asked: Predict) -> Content:
    lines = [Content.assemble(("Before you go on: ", "bold $accent"), asked.question)]
    options = enumerate(asked.options, 1)
    lines += [Content.assemble((f" {place} ", "bold $accent"), option.text) for place, option in options]
    return Content("\n").join(lines)


def _keys(player: LessonPlayer) -> Content:
    """What can be pressed now."""
    match player.stage:
        case Stage.READING:
            keys = [("n", "go on")]
        case Stage.ASKING:
            options = len(player.asked.options) if player.asked else 0
            keys = [(f"1-{options}" if options else "n", "answer"), ("?", "help")]
        case Stage.RUNNING:
            keys = [("", "the lesson acts: watch")]
        case Stage.TRYING:
            keys = [("i", "hint"), ("g", "show me"), ("n", "is it so?")]
        case Stage.OVER:
            keys = [("", "the lesson is over; the cluster is yours")]
    return Content.assemble(*(Content.assemble((key, "bold $accent"), f" {label}   ") for key, label in keys))
