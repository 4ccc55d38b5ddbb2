"""What keys do to the cluster and to its time: everything goes through `act`, as a sentence of the command language."""

from __future__ import annotations

from tui import acts
from tui.acts import CannotNow, Choice
from tui.config import Config
from tui.live import LiveRun
from tui.opening import earlier
from tui.screens.menu import Menu
from tui.screens.running import RunningScreen
from tui.story import Remembered
from tui.widgets.cells import InstantPicked


class ActingScreen(RunningScreen):
    """`selected` is the node that keys act on, `pane` where the keyboard is."""

    def __init__(self, run: LiveRun, config: Config) -> None:
        super().__init__(run, config)
        self.selected = run.session.spec.nodes[0]
        self.service = run.session.spec.services[0].name
        self.pane = "map"

    def of_kind(self, kind: str) -> str:
        """The service of this kind that keys act on: the one looked at, else the first; empty if there is none."""
        found = [each.name for each in self.run.session.spec.services if each.kind == kind]
        return self.service if self.service in found else next(iter(found), "")

    @property
    def with_leader(self) -> str:
        """The service whose leader can be asked to hand over: the one looked at if it can, else the first of Raft or
        Paxos; empty if there is none."""
        found = [name for name in (self.of_kind("raft"), self.of_kind("paxos")) if name]
        return self.service if self.service in found else next(iter(found), "")

    # ------------------------------------------------------------ for the class above

    def action_console(self, text: str = "") -> None:
        """Open the console with `text` typed already."""

    # ------------------------------------------------------------ acting on the cluster

    def action_kill(self) -> None:
        """Or restart."""
        self.attempt(lambda: self.act(acts.kill_or_restart(self.run.session.world, self.selected)))

    def action_freeze(self) -> None:
        """Or resume."""
        self.attempt(lambda: self.act(acts.pause_or_resume(self.run.session.world, self.selected)))

    def action_elect(self) -> None:
        """By asking the leader."""
        self.attempt(lambda: self.act(acts.elect(self.run.session.world, self.with_leader, self.selected)))

    def action_grow(self) -> None:
        """The next free name joins the ring."""
        clients = self.run.session.spec.clients
        self.attempt(lambda: self.act(acts.add_node(self.run.session.world, self.of_kind("ring"), clients)))

    def action_shrink(self) -> None:
        """The selected node leaves the ring."""
        self.attempt(lambda: self.act(acts.remove_node(self.run.session.world, self.of_kind("ring"), self.selected)))

    def action_heal(self) -> None:
        """Every link."""
        self.act("heal")

    def action_calm(self) -> None:
        """Everything."""
        self.act("calm")

    def action_links(self) -> None:
        """First the other end, then what is to happen to the link."""
        others = acts.other_ends(self.run.session.world, self.selected)
        self.app.push_screen(Menu(f"a link of {self.selected}", others), self._link_picked)

    def _link_picked(self, choice: Choice | None) -> None:
        if choice is not None and choice.command is not None:
            self.open_link(self.selected, choice.command)

    def open_link(self, source: str, target: str) -> None:
        """The menu of what can be done to one link."""
        self.app.push_screen(Menu(f"{source} and {target}", acts.link_choices(source, target)), self._picked)

    def action_partition(self) -> None:
        """A menu of ways to split the network."""
        self.app.push_screen(Menu("split the network", acts.partition_choices(self.selected)), self._picked)

    def _picked(self, choice: Choice | None) -> None:
        if choice is None:
            return
        if choice.command is None:
            self.action_console("partition ")
        else:
            self.act(choice.command)

    # ------------------------------------------------------------ going back in time

    def action_back(self) -> None:
        """On the timeline to the event before, elsewhere to the node before."""
        if self.pane == "time":
            self.attempt(lambda: self.go_back(self._mark_before(self.run.now)))
        else:
            self._select_by(-1)

    def action_forth(self) -> None:
        """On the timeline to the event after, elsewhere to the next node."""
        if self.pane == "time":
            self.attempt(self._go_forth)
        else:
            self._select_by(1)

    def _mark_before(self, now: int) -> int:
        return max((at for at, _ in self.run.log.marks_of(self.service) if at < now), default=0)

    def _go_forth(self) -> None:
        """Only what has been seen already can be run through at once."""
        known = [each.at for each in self.run.story.left] if isinstance(self.run.story, Remembered) else []
        later = [at for at in (*known, self.run.end) if at > self.run.now]
        if not later:
            raise CannotNow("this is the newest moment: space goes on, . steps")
        self.run.run_to(min(later))
        self.run.paused = True
        self.go_or_stand()

    def go_back(self, at: int) -> None:
        """Look at an earlier moment; who acts there gets another future."""
        if self.run.story is not None and not self.run.story.can_go_back():
            raise CannotNow("a scenario or lesson cannot be gone back in: leave it and begin again")
        if at >= self.run.now:
            raise CannotNow("that has not happened yet: space goes on, . steps")
        past = earlier(self.run, at)
        if self.selected not in past.session.world.names:
            self.selected = past.session.spec.nodes[0]  # It came later.
        self.continue_with(past)
        self.say(f"back at {at / 1e6:.3f} s: space plays it again, and whatever you do makes another future")

    def on_instant_picked(self, event: InstantPicked) -> None:
        """A click on the timeline."""
        self.attempt(lambda: self.go_back(event.at))

    # ------------------------------------------------------------ selecting

    def select(self, node: str) -> None:
        """Make this the node that keys act on."""
        self.selected = node
        self.paint()

    def action_select_next(self) -> None:
        """In the spec's order."""
        self._select_by(1)

    def action_select_previous(self) -> None:
        """In the spec's order."""
        self._select_by(-1)

    def _select_by(self, distance: int) -> None:
        names = self.run.session.world.names
        self.select(names[(names.index(self.selected) + distance) % len(names)])
