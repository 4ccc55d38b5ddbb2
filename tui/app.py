"""The program with a screen. The law: whatever happens, the terminal and the thread are given back, and a bug of ours
is told as a sentence with what it takes to see it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import App, SystemCommand
from textual.command import Provider
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES

from playground.errors import BadInput, nearest
from playground.scenario import Scenario
from playground.side_by_side import working
from playground.spec import Spec
from tui.acts import CannotNow
from tui.config import Config, load, over
from tui.keeping import keep_recording
from tui.live import LiveRun
from tui.opening import fresh, staged
from tui.pace import Pace, gentle
from tui.palette import PlaygroundCommands
from tui.screens.main import MainScreen
from tui.screens.running import RunFailed
from tui.theme import OWN, themes

if TYPE_CHECKING:
    from playground.lessons import Lesson

FAILED = 70
"""The exit code after a bug of ours; the command line has the same."""

STORY_SPEED = 0.02
"""A lesson or scenario has more to show than its messages."""


class PlaygroundApp(App[int]):
    """One cluster on the screen. It closes the run that it was given, or whichever came after it."""

    TITLE = "cluster playground"
    COMMANDS: ClassVar[set[type[Provider]]] = {PlaygroundCommands}  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True
    CSS = """
    .plain #console, .plain #tutor, .plain #menu, .plain #help { border: ascii $primary; }
    .plain OptionList, .plain VerticalScroll { scrollbar-size: 0 0; }
    """

    def __init__(self, main: MainScreen) -> None:
        super().__init__()
        self.main = main
        self.set_class(main.config.glyphs == "ascii", "plain")
        for theme in themes():
            self.register_theme(theme)
        self.theme = main.config.theme or next(iter(OWN))

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(self.main)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's own, what our entries do not have already."""
        yield SystemCommand("Theme", "Change the colours.", self.action_change_theme)

    def action_help_quit(self) -> None:
        """Ctrl-C, which means "copy" where there is something to copy: say how one leaves here."""
        self.notify("q leaves the playground; ctrl+q does so from everywhere.")

    def on_run_failed(self, event: RunFailed) -> None:
        """A bug of ours: leave, and say on the terminal what it was."""
        self.exit(FAILED, return_code=FAILED, message=Text(sentence(self.main.run, event.failure)))

    def close(self) -> None:
        """Give the thread back. Closing twice is fine."""
        self.main.run.close()

    def on_unmount(self) -> None:
        """However the screen ended."""
        self.close()


def sentence(run: LiveRun, failure: BaseException) -> str:
    """What went wrong, and what to send to somebody who is to mend it."""
    try:
        again = f"To see it again: playground replay {keep_recording(run.session)}"
    except CannotNow as reason:
        again = f"The run, which began with seed {run.session.seed}, could not be kept: {reason}"
    return f"playground: this is a bug in a machine of ours. {failure}\n{again}"


def play(
    spec: Spec | None = None,
    seed: int | str = 1,
    speed: float | None = None,
    scenario: Scenario | None = None,
    lesson: Lesson | None = None,
    glyphs: str | None = None,
) -> int:
    """Open the screen on a cluster, a scenario's or a lesson's; the result is the exit code.

    `speed` is virtual seconds a real second, None for a gentle one. Raises BadInput if a setting is wrong.
    """
    config = _settings(speed, glyphs)
    app = _open(spec or working(), seed, config, scenario, lesson)
    try:
        app.run()
    finally:
        app.close()
    return app.return_code or 0


def _settings(speed: float | None, glyphs: str | None) -> Config:
    flags = {"speed": (speed, "--speed"), "glyphs": (glyphs, "--glyphs")}
    config = over(load(os.environ), {name: flag for name, flag in flags.items() if flag[0] is not None})
    known = (*OWN, *BUILTIN_THEMES)
    if config.theme and config.theme not in known:
        raise BadInput(f'there is no theme "{config.theme}"{nearest(config.theme, known)}')
    return config


def _open(
    spec: Spec, seed: int | str, config: Config, scenario: Scenario | None, lesson: Lesson | None
) -> PlaygroundApp:
    if lesson is not None:
        return PlaygroundApp(_lesson_screen(lesson, config))
    if scenario is not None:
        run = staged(scenario, seed, pace(scenario.spec, config, STORY_SPEED), config.paused)
        return PlaygroundApp(MainScreen(run, config, scenario.title))
    return PlaygroundApp(MainScreen(fresh(spec, seed, pace(spec, config), config.paused), config))


def _lesson_screen(lesson: Lesson, config: Config) -> MainScreen:
    """Imported here because a lesson's Markdown takes a tenth of a second to load, and most runs have none."""
    from tui.screens.lesson import LessonScreen
    from tui.teaching import taught

    return LessonScreen(*taught(lesson, pace(lesson.spec, config, STORY_SPEED)), config)


def pace(spec: Spec, config: Config, least: float = 0.0) -> Pace:
    """As fast as the settings say, or so gently that one sees messages cross, but not slower than `least`."""
    return Pace(config.speed or max(gentle(spec.network.latency), least), config.hurry)
