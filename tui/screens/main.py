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
from tui.framing import Aim, take
from tui.glyphs import SETS
from tui.history import TypedLines
from tui.keeping import keep_picture, keep_recording
from tui.keys import BY_ACTION, KEYS
from tui.live import LiveRun
from tui.panes import PANES
from tui.screens.acting import ActingScreen
from tui.screens.help import Asked, Help
from tui.widgets.brief import BriefPane
from tui.widgets.broker_pane import BrokerPane, PartitionPicked
from tui.widgets.cells import CellWidget, EventPicked, LinkPicked, NodePicked
from tui.widgets.cluster_map import MapPane
from tui.widgets.console import Console
from tui.widgets.event_log import EventsPane
from tui.widgets.filter import FilterLine
from tui.widgets.inspector import InspectPane
from tui.widgets.keybar import KeyBar, StatusLine
from tui.widgets.raft_logs import LogsPane
from tui.widgets.ring_pane import KeyPicked, RingPane
from tui.widgets.service_tabs import ServicePicked
from tui.widgets.timeline import TimePane
from tui.widgets.top_bar import TopPane

NARROW = (100, 30)
WIDE = (170, 45)
"""Columns and rows: below the first there is one pane at a time, from the second on everything at once."""

KINDS = {"logs": "raft", "ring": "ring", "broker": "broker"}
"""The panes that show one kind of service."""

SIDE_PANES = tuple(about.name for about in PANES if about.name not in ("map", "time", "console"))


class MainScreen(ActingScreen):
    """What a person plays on; `heading` says what it is. A `beside` pane stands first in the column at the right."""

    CSS_PATH = "main.tcss"
    AUTO_FOCUS = "#map"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in KEYS]

    def __init__(self, run: LiveRun, config: Config, heading: str = "", beside: Widget | None = None) -> None:
        super().__init__(run, config)
        self.heading = heading
        self.beside = beside
        self.link: tuple[str, str] | None = None
        self.filter = ""
        self.key = ""
        """The chosen key of the ring store; empty is always the newest."""
        self.partition = ""
        """The chosen partition of the broker cluster; empty is none."""
        self._requests = 0
        self._shown: Frame | None = None

    # ------------------------------------------------------------ what is on it

    def compose(self) -> ComposeResult:
        glyphs = SETS[self.config.glyphs]
        yield TopPane(glyphs, id="top")
        with Horizontal(id="body"):
            yield MapPane(glyphs, id="map")
            with Vertical(id="side"):
                if self.beside is not None:
                    yield self.beside
                if self.of_kind("raft"):
                    yield LogsPane(glyphs, id="logs")
                if self.of_kind("ring"):
                    yield RingPane(glyphs, id="ring")
                if self.of_kind("broker"):
                    yield BrokerPane(glyphs, id="broker")
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
        self.call_after_refresh(self.paint)

    # ------------------------------------------------------------ showing

    def show(self, everything: bool) -> None:
        """The map every time; the other panes less often."""
        world = self.run.session.world
        self._shown = take(world, self.run.log, self._aim(), self._shown, quick=not everything)
        self.query_one(MapPane).show(self._shown)
        if everything:
            self._show_panes(self._shown)

    def _aim(self) -> Aim:
        run = self.run
        return Aim(
            service=self.service,
            selected=self.selected,
            clients=run.session.spec.clients,
            services=run.session.spec.services,
            nodes=run.session.spec.nodes,
            key=self._chosen_key(),
            partition=self.partition,
            tabs=not self.has_class("wide") or bool(self.of_kind("broker")),
            selected_link=self.link,
            filter=self.filter,
            title=self.heading,
            paused=run.standing,
            pace=run.pace.short(),
            speed=run.pace.speed,
            real_speed=run.real_speed,
            end=run.end if run.end > run.now else 0,
            verdict=run.verdict,
        )

    def _chosen_key(self) -> str:
        """Whatever was asked for last or picked last."""
        log = self.run.log.ring(self.of_kind("ring"))
        if log.requests != self._requests:
            self._requests, self.key = log.requests, log.asked
        return self.key

    def _show_panes(self, frame: Frame) -> None:
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
        without = {"grow": self.of_kind("ring"), "shrink": self.of_kind("ring"), "elect": self.of_kind("raft")}
        hidden = [*(action for action, service in without.items() if not service), *(() if several else ("service",))]
        return named | dict.fromkeys(hidden, "")

    def say(self, text: str, style: str = "$text") -> None:
        """In the status line."""
        self.status.say(text, style)

    def tell(self, text: str, good: bool) -> None:
        """In the console, and in the status line because the console may be closed."""
        self.console.tell(text, good)
        self.say(text, "$text-success" if good else "$text-warning")

    # ------------------------------------------------------------ looking

    def action_next_pane(self) -> None:
        """Round and round."""
        self._pane_by(1)

    def action_previous_pane(self) -> None:
        """Round and round."""
        self._pane_by(-1)

    def _pane_by(self, distance: int) -> None:
        names = [about.name for about in PANES if about.name != "console" and self.query(f"#{about.name}")]
        self.go_to(names[(names.index(self.pane) + distance) % len(names)])

    def go_to(self, pane: str) -> None:
        """Let this pane have the keyboard, and the room at narrow sizes."""
        self.pane = pane
        if pane in KINDS:
            self.look_at(self.of_kind(KINDS[pane]))
        self.set_class(pane in SIDE_PANES, "away")
        for about in PANES:
            self.set_class(about.name == pane, f"at-{about.name}")
        self.query_one(f"#{pane}").focus()
        self.call_after_refresh(self.paint)

    def action_service(self) -> None:
        """Round and round."""
        names = [each.name for each in self.run.session.spec.services]
        if len(names) < 2:
            self.say(f"{names[0]} is the only service of this cluster", "$text-warning")
            return
        self.pick_service(names[(names.index(self.service) + 1) % len(names)])

    def pick_service(self, service: str) -> None:
        """Look at this one; if the keyboard is on another one's pane, it comes along."""
        self.look_at(service)
        pane = next((pane for pane, kind in KINDS.items() if self.of_kind(kind) == service), self.pane)
        if self.pane in KINDS:
            self.go_to(pane)
        self.paint()

    def look_at(self, service: str) -> None:
        """Let the map, the pane in the column and the inspector show this service."""
        self.service = service
        for kind in KINDS.values():
            self.set_class(self.of_kind(kind) == service, f"on-{kind}")
        self.set_class(sum(bool(self.of_kind(kind)) for kind in KINDS.values()) > 1, "both")

    def action_zoom(self) -> None:
        """Or back."""
        self.toggle_class("full")
        self.call_after_refresh(self.paint)

    def action_out(self) -> None:
        """One step out: the full pane, then back to the map."""
        if self.has_class("full"):
            self.action_zoom()
        elif self.pane != "map":
            self.go_to("map")

    def action_filter(self) -> None:
        """Show only some events."""
        self.add_class("filtering")
        if self.has_class("narrow"):
            self.go_to("events")
        self.set_focus(self.query_one(FilterLine))

    def on_filter_line_narrowed(self, event: FilterLine.Narrowed) -> None:
        """Every letter narrows at once; an empty line shows all."""
        self.filter = event.text
        self.set_class(bool(event.text) or not event.left, "filtering")
        if event.left:
            self.go_to("events" if event.text else "map")
        self.paint()

    # ------------------------------------------------------------ the mouse

    def on_node_picked(self, event: NodePicked) -> None:
        """A click selects; a second one shows more."""
        self.select(event.node)
        if event.opened:
            self.go_to("inspect")

    def on_link_picked(self, event: LinkPicked) -> None:
        """A click shows it; a second one, or a drag from node to node, opens its menu."""
        self.link = (event.source, event.target)
        self.say(f"link {event.source} -- {event.target}: click again to cut, slow or heal it")
        if event.opened:
            self.open_link(event.source, event.target)
        self.paint()

    def on_key_picked(self, event: KeyPicked) -> None:
        """Show who holds this key."""
        self.key = event.key
        self.paint()

    def on_partition_picked(self, event: PartitionPicked) -> None:
        """Show this partition in full, or none."""
        self.partition = event.partition
        self.paint()

    def on_service_picked(self, event: ServicePicked) -> None:
        """A click on a tab."""
        if event.service:
            self.pick_service(event.service)

    def on_event_picked(self, event: EventPicked) -> None:
        """Who was it?"""
        if event.node in self.run.session.world.names:
            self.select(event.node)

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
