"""The panes around one live run and who is looked at in them: the keys and the mouse that look, and change nothing.

The law: what is chosen (a node, a link, a key, a partition, a znode) is known here; panes are told with each frame.
"""

from __future__ import annotations

from tui.aim import Aim
from tui.config import Config
from tui.frame import Frame
from tui.framing import take
from tui.live import LiveRun
from tui.panes import PANES
from tui.screens.acting import ActingScreen
from tui.widgets.broker_pane import PartitionPicked
from tui.widgets.cells import EventPicked, LinkPicked, NodePicked
from tui.widgets.cluster_map import MapPane
from tui.widgets.filter import FilterLine
from tui.widgets.keeper_pane import PathPicked
from tui.widgets.overview_pane import OverviewPane, rows_wanted
from tui.widgets.ring_pane import KeyPicked
from tui.widgets.service_tabs import ServicePicked

NARROW = (100, 30)
WIDE = (170, 45)
"""Columns and rows: below the first there is one pane at a time, from the second on everything at once."""

KINDS = {"logs": "raft", "ring": "ring", "paxos": "paxos", "synod": "synod", "broker": "broker", "keeper": "keeper"}
"""The panes that show one kind of service."""

SIDE_PANES = tuple(about.name for about in PANES if about.name not in ("map", "overview", "time", "console"))

MANY = 3
"""Services from which on the overview is on the screen without being asked for."""


class LookingScreen(ActingScreen):
    """`heading` says what is played."""

    def __init__(self, run: LiveRun, config: Config, heading: str = "") -> None:
        super().__init__(run, config)
        self.heading = heading
        self.link: tuple[str, str] | None = None
        self.filter = ""
        self.key = ""
        """The chosen key of the ring store; empty is always the newest."""
        self.partition = ""
        """The chosen partition of the broker cluster; empty is none."""
        self.path = ""
        """The chosen znode of the keeper; empty is none."""
        self._requests = 0
        self._shown: Frame | None = None
        self.set_class(len(run.session.spec.services) >= MANY, "overview")

    # ------------------------------------------------------------ for the class above

    def show_panes(self, frame: Frame) -> None:
        """All but the map."""

    # ------------------------------------------------------------ showing

    def show(self, everything: bool) -> None:
        """The map every time; the other panes less often."""
        world = self.run.session.world
        self._shown = take(world, self.run.log, self._aim(), self._shown, quick=not everything)
        self.query_one(MapPane).show(self._shown)
        if everything:
            self.show_panes(self._shown)

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
            path=self.path,
            tabs=not self.has_class("wide") or self._crowded,
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

    @property
    def _crowded(self) -> bool:
        """There is no room for a pane of each kind, however large the screen."""
        there = [pane for pane, kind in KINDS.items() if self.of_kind(kind)]
        return any(pane not in ("logs", "ring") for pane in there)

    def fit_overview(self) -> None:
        """As many rows as it needs, or all that there are."""
        for pane in self.query(OverviewPane):
            spec = self.run.session.spec
            servers = len(self.run.session.world.names) - len(spec.clients)
            alone = self.has_class("narrow") or self.has_class("full") or not self.has_class("overview")
            rows = rows_wanted(servers, len(spec.clients))
            wanted = "1fr" if alone else min(rows, max(6, self.size.height // 2))
            pane.styles.height = wanted

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
        self.fit_overview()
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
        self.set_class(self._crowded, "crowded")

    def action_overview(self) -> None:
        """All services on all nodes, with the keyboard on it; once more, and it is out of the way."""
        if not self.query(OverviewPane):
            name = self.run.session.spec.services[0].name
            self.say(f"{name} is the only service of this cluster: its own pane has it all", "$text-warning")
        elif self.pane == "overview":
            self.remove_class("overview")
            self.go_to("map")
        else:
            self.add_class("overview")
            self.go_to("overview")

    def action_zoom(self) -> None:
        """Or back."""
        self.toggle_class("full")
        self.fit_overview()
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

    def on_path_picked(self, event: PathPicked) -> None:
        """Show this znode in full, or none."""
        self.path = event.path
        self.paint()

    def on_service_picked(self, event: ServicePicked) -> None:
        """A click on a tab."""
        if event.service:
            self.pick_service(event.service)

    def on_event_picked(self, event: EventPicked) -> None:
        """Who was it?"""
        if event.node in self.run.session.world.names:
            self.select(event.node)
