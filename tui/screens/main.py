"""The main screen: panes around one live run, the console and the lesson, and the keys that look at them.

The law: every key of `tui.keys` has its action here or in `RunningScreen`; each frame is shown from scratch.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input

from playground.errors import BadInput
from tui.completion import completions
from tui.config import Config, state_folder
from tui.frame import Frame
from tui.glyphs import SETS
from tui.history import TypedLines
from tui.keeping import keep_picture, keep_recording
from tui.keys import BY_ACTION, KEYS
from tui.live import LiveRun
from tui.screens.help import Asked, Help
from tui.screens.looking import KINDS, NARROW, WIDE, LookingScreen
from tui.widgets.brief import BriefPane
from tui.widgets.broker_pane import BrokerPane
from tui.widgets.cells import CellWidget
from tui.widgets.cluster_map import MapPane
from tui.widgets.console import Console
from tui.widgets.event_log import EventsPane
from tui.widgets.filter import FilterLine
from tui.widgets.inspector import InspectPane
from tui.widgets.keeper_pane import KeeperPane
from tui.widgets.keybar import KeyBar, StatusLine
from tui.widgets.overview_pane import OverviewPane
from tui.widgets.paxos_pane import PaxosPane
from tui.widgets.raft_logs import LogsPane
from tui.widgets.ring_pane import RingPane
from tui.widgets.synod_pane import SynodPane
from tui.widgets.timeline import TimePane
from tui.widgets.top_bar import TopPane

PANE_OF: dict[str, type[CellWidget]] = {
    "logs": LogsPane, "ring": RingPane, "paxos": PaxosPane, "synod": SynodPane, "broker": BrokerPane,
    "keeper": KeeperPane,
}  # fmt: skip
"""The pane of each kind of service."""


class MainScreen(LookingScreen):
    """What a person plays on; `heading` says what it is. A `beside` pane stands first in the column at the right."""

    CSS_PATH = "main.tcss"
    AUTO_FOCUS = "#map"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in KEYS]

    def __init__(self, run: LiveRun, config: Config, heading: str = "", beside: Widget | None = None) -> None:
        super().__init__(run, config, heading)
        self.beside = beside

    # ------------------------------------------------------------ what is on it

    def compose(self) -> ComposeResult:
        glyphs = SETS[self.config.glyphs]
        yield TopPane(glyphs, id="top")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield MapPane(glyphs, id="map")
                if len(self.run.session.spec.services) > 1:
                    yield OverviewPane(glyphs, id="overview")
            with Vertical(id="side"):
                if self.beside is not None:
                    yield self.beside
                for pane, kind in KINDS.items():
                    if self.of_kind(kind):
                        yield PANE_OF[pane](glyphs, id=pane)
                yield EventsPane(glyphs, id="events")
                yield InspectPane(glyphs, id="inspect")
        yield BriefPane(glyphs, id="brief")
        yield TimePane(glyphs, id="time")
        yield Console(TypedLines(state_folder() / "console-history"), self._offer, id="console")
        yield FilterLine(id="filter")
        yield StatusLine(id="status")
        yield KeyBar(id="keys")

    def _offer(self, text: str) -> list[str]:
        return completions(text, self.run.session.spec, self.run.session.world)

    @property
    def console(self) -> Console:
        """Where one types."""
        return self.query_one(Console)

    @property
    def status(self) -> StatusLine:
        """Where what happened last is said."""
        return self.query_one(StatusLine)

    def on_mount(self) -> None:
        """The first picture. (The class above begins time, in its own `on_mount`.)"""
        self.look_at(self.service)
        self.go_to("map")
        self.paint()

    def on_resize(self, event: events.Resize) -> None:
        """Three sizes; TCSS does the rest."""
        narrow = event.size.width < NARROW[0] or event.size.height < NARROW[1]
        self.set_class(narrow, "narrow")
        self.set_class(event.size.width >= WIDE[0] and event.size.height >= WIDE[1], "wide")
        self.fit_overview()
        self.call_after_refresh(self.paint)

    # ------------------------------------------------------------ showing

    def show_panes(self, frame: Frame) -> None:
        for pane in self.query(CellWidget):
            if not isinstance(pane, MapPane):
                pane.show(frame)
        self.status.show_pace(self.pace_in_words(), "$text-warning" if self.run.behind else "$text-muted")
        self.query_one(KeyBar).show(self.labels())

    def pace_in_words(self) -> str:
        """How fast time goes, or why it does not."""
        run = self.run
        if run.paused:
            return "paused: space goes on, . steps"
        if run.behind:
            return f"{run.pace.words()} (too much to do: {run.real_speed:.3g}x)"
        hurries = run.pace.waiting_speed() > run.pace.speed
        return run.pace.words() + (", faster while nothing is under way" if hurries else "")

    def labels(self) -> dict[str, str]:
        """What some keys are called now; an empty name is no key at all."""
        node = self.run.session.world.node(self.selected)
        several = len(self.run.session.spec.services) > 1
        named = {
            "pause": "Go on" if self.run.standing else "Pause",
            "kill": "Kill" if node.up else "Restart",
            "freeze": "Resume" if node.paused else "Freeze",
        }
        without = {"grow": self.of_kind("ring"), "shrink": self.of_kind("ring"), "elect": self.with_leader}
        alone = () if several else ("service", "overview")
        hidden = [*(action for action, service in without.items() if not service), *alone]
        return named | dict.fromkeys(hidden, "")

    def say(self, text: str, style: str = "$text") -> None:
        """In the status line."""
        self.status.say(text, style)

    def tell(self, text: str, good: bool) -> None:
        """In the console, and in the status line because the console may be closed."""
        self.console.tell(text, good)
        self.say(text, "$text-success" if good else "$text-warning")

    # ------------------------------------------------------------ tools

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A colon or slash that is typed into a line is only a letter."""
        opens = action in BY_ACTION and BY_ACTION[action].opens
        return not (opens and isinstance(self.focused, Input))

    def action_console(self, text: str = "") -> None:
        """With `text` typed already."""
        self.add_class("typing")
        self.console.begin(text)

    def on_console_said(self, event: Console.Said) -> None:
        """Somebody typed a command: its answer, or what is wrong with it, stands in the console."""
        self.attempt(lambda: self._do_typed(event.text))

    def _do_typed(self, text: str) -> None:
        try:
            self.console.reply(f"{self.run.now / 1e6:.3f} s  {self.run.do(text).text}")
        except BadInput as mistake:
            self.console.complain(str(mistake))

    def on_console_left(self) -> None:
        """Out of the console."""
        self.remove_class("typing")
        self.go_to("map")

    def action_help(self) -> None:
        """For the pane that has the keyboard."""
        self.app.push_screen(Help(self.pane), self._asked)

    async def _asked(self, asked: Asked | None) -> None:
        if asked is None:
            return
        if asked.command:
            self.action_console(asked.command)
        elif asked.action in BY_ACTION:
            await self.run_action(asked.action)

    def action_screenshot(self) -> None:
        """As SVG."""
        self.attempt(self._screenshot)

    def _screenshot(self) -> None:
        path = keep_picture(self.app.export_screenshot(title="cluster playground"), self.run.session)
        self.say(f"picture saved: {path}", "$text-success")

    def action_save(self) -> None:
        """Everything that makes this run."""
        self.attempt(lambda: self.say(f"saved: {keep_recording(self.run.session)}", "$text-success"))

    def action_leave(self) -> None:
        """Out of the program."""
        self.app.exit(0)

    def action_palette(self) -> None:
        """Everything by name."""
        self.app.action_command_palette()

    # ------------------------------------------------------------ keys of lessons, where there is none

    def action_tutor(self) -> None:
        """See `LessonScreen`."""
        self.say("no lesson is open: `playground learn` lists them", "$text-warning")

    def action_lesson_hint(self) -> None:
        """See `LessonScreen`."""
        self.action_tutor()

    def action_lesson_solution(self) -> None:
        """See `LessonScreen`."""
        self.action_tutor()
