"""Panes in a running app: they repaint only what has changed, and the mouse picks what is under it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from demo_frames import demo_frame
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.message import Message
from textual.pilot import Pilot

from tui.frame import Frame, Happenings
from tui.glyphs import ASCII
from tui.look import Look
from tui.paper import Paper
from tui.theme import LIGHT, themes
from tui.widgets.cells import CellWidget, EventPicked, InstantPicked, LinkPicked, NodePicked
from tui.widgets.cluster_map import MapPane, geometry_of
from tui.widgets.event_log import EventsPane
from tui.widgets.inspector import InspectPane
from tui.widgets.raft_logs import LogsPane
from tui.widgets.timeline import TimePane, scale_of


class Bench(App[None]):
    """One pane, as large as the screen, and what it says."""

    CSS = "CellWidget { width: 1fr; height: 1fr; }"

    def __init__(self, pane: CellWidget) -> None:
        super().__init__()
        self.pane = pane
        self.heard: list[Message] = []
        self.painted: list[Region] = []
        for theme in themes():
            self.register_theme(theme)
        self.theme = "playground"

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        refresh = self.pane.refresh

        def noting(*regions: Region, **more: bool) -> CellWidget:
            self.painted.extend(regions or [self.pane.size.region])
            return refresh(*regions, **more)  # type: ignore[return-value]

        self.pane.refresh = noting  # type: ignore[method-assign, assignment]

    def on_node_picked(self, event: NodePicked) -> None:
        self.heard.append(event)

    def on_link_picked(self, event: LinkPicked) -> None:
        self.heard.append(event)

    def on_event_picked(self, event: EventPicked) -> None:
        self.heard.append(event)

    def on_instant_picked(self, event: InstantPicked) -> None:
        self.heard.append(event)


@asynccontextmanager
async def bench(
    pane: CellWidget, frame: Frame | None = None, size: tuple[int, int] = (74, 28)
) -> AsyncIterator[tuple[Bench, Pilot[None]]]:
    app = Bench(pane)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        pane.show(frame or demo_frame())
        await pilot.pause()
        app.painted.clear()
        yield app, pilot


def screen_text(app: App[None]) -> str:
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("pane", [MapPane, LogsPane, EventsPane, InspectPane, TimePane])
async def test_the_same_frame_again_paints_nothing(pane: type[CellWidget]) -> None:
    async with bench(pane()) as (app, _):
        app.pane.show(demo_frame())
        assert app.painted == []


async def test_only_what_has_changed_is_painted() -> None:
    async with bench(MapPane()) as (app, _):
        packets = demo_frame().packets
        moved = replace(packets[0], progress=packets[0].progress + 0.1)
        app.pane.show(demo_frame(packets=(moved, *packets[1:])))
        assert 0 < sum(region.area for region in app.painted) < 60


@pytest.mark.parametrize("kind", [LogsPane, InspectPane, EventsPane])
async def test_a_pane_is_not_even_painted_when_nothing_in_it_can_have_changed(kind: type[CellWidget]) -> None:
    class Counting(kind):  # type: ignore[misc, valid-type]
        count = 0

        def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
            self.count += 1
            return super().paint(frame, size, look)

    pane = Counting()
    async with bench(pane) as (app, _):
        before = pane.count
        app.pane.show(demo_frame(packets=(), now=demo_frame().now + 1))
        assert pane.count == before


async def test_a_pane_shows_the_last_frame_when_it_becomes_visible() -> None:
    pane = LogsPane()
    pane.display = False
    async with bench(pane) as (app, pilot):
        pane.display = True
        await pilot.pause()
        assert "raft logs" in screen_text(app)
        assert "1122233333333" in screen_text(app)


async def test_another_size_is_another_picture() -> None:
    async with bench(MapPane()) as (app, pilot):
        await pilot.resize_terminal(114, 50)
        await pilot.pause()
        assert "♛ leader" in screen_text(app)


async def test_another_theme_repaints_everything() -> None:
    async with bench(MapPane()) as (app, pilot):
        app.theme = "playground-light"
        await pilot.pause()
        style = app.pane.render_line(5)._segments[0].style
        assert style is not None
        assert style.bgcolor is not None
        assert style.bgcolor.name == LIGHT.ground


@pytest.mark.parametrize("theme", ["textual-light", "nord", "ansi-dark"])
async def test_any_theme_of_textual_will_do(theme: str) -> None:
    async with bench(MapPane()) as (app, pilot):
        app.theme = theme
        await pilot.pause()
        assert "n1 ═ ♛" in screen_text(app)


async def test_an_ascii_pane_sends_nothing_but_ascii() -> None:
    async with bench(MapPane(ASCII)) as (app, _):
        assert screen_text(app).isascii()


# ---------------------------------------------------------------- the mouse


async def test_a_click_on_a_card_picks_the_node_and_a_double_click_opens_it() -> None:
    async with bench(MapPane()) as (app, pilot):
        place = geometry_of(demo_frame(), app.pane.size).places["n4"]
        spot = (place.x + 3, place.y + 1)
        await pilot.click(MapPane, offset=spot)
        await pilot.double_click(MapPane, offset=spot)
        picked = [(each.node, each.opened) for each in app.heard if isinstance(each, NodePicked)]
        assert picked[0] == ("n4", False)
        assert ("n4", True) in picked


async def test_a_click_on_a_link_picks_it() -> None:
    async with bench(MapPane()) as (app, pilot):
        lane = geometry_of(demo_frame(), app.pane.size).lane("n1", "n7", 0.0)
        row, column, _ = lane[len(lane) // 2]
        await pilot.click(MapPane, offset=(column, row))
        (picked,) = app.heard
        assert isinstance(picked, LinkPicked)
        assert (picked.source, picked.target) == ("n1", "n7")


async def test_a_click_on_nothing_picks_nothing() -> None:
    async with bench(MapPane()) as (app, pilot):
        await pilot.click(MapPane, offset=(72, 26))
        assert app.heard == []


async def test_a_drag_from_node_to_node_opens_their_link() -> None:
    async with bench(MapPane()) as (app, pilot):
        places = geometry_of(demo_frame(), app.pane.size).places
        await pilot.mouse_down(MapPane, offset=(places["n2"].x + 1, places["n2"].y + 1))
        await pilot.mouse_up(MapPane, offset=(places["n6"].x + 1, places["n6"].y + 1))
        picked = [each for each in app.heard if isinstance(each, LinkPicked)]
        assert [(each.source, each.target, each.opened) for each in picked] == [("n2", "n6", True)]


async def test_a_click_on_a_log_picks_its_node() -> None:
    async with bench(LogsPane(), size=(46, 11)) as (app, pilot):
        await pilot.click(LogsPane, offset=(10, 4))
        (picked,) = app.heard
        assert isinstance(picked, NodePicked)
        assert picked.node == "n3"


async def test_a_click_on_an_event_picks_it() -> None:
    async with bench(EventsPane(), size=(84, 12)) as (app, pilot):
        await pilot.click(EventsPane, offset=(10, 5))
        (picked,) = app.heard
        assert isinstance(picked, EventPicked)
        assert (picked.number, picked.at, picked.node) == (5, 9_511_000, "n5")


async def test_a_click_on_the_timeline_picks_an_instant() -> None:
    async with bench(TimePane(), size=(120, 4)) as (app, pilot):
        scale = scale_of(demo_frame(), 120)
        await pilot.click(TimePane, offset=(scale.column(5_000_000), 2))
        picked = app.heard[0]
        assert isinstance(picked, InstantPicked)
        assert abs(picked.at - 5_000_000) <= scale.each


# ---------------------------------------------------------------- scrolling


async def test_what_one_reads_stays_where_it_is_while_new_lines_come() -> None:
    lines = demo_frame().happenings.lines
    async with bench(EventsPane(), demo_frame(happenings=Happenings(lines[:8], 8)), (84, 6)) as (app, pilot):
        app.pane.focus()
        await pilot.press("up", "up")
        await pilot.pause()
        before = screen_text(app)
        assert "killed" in before
        app.pane.show(demo_frame(happenings=Happenings(lines, 10)))
        await pilot.pause()
        told = [line[2:40] for line in screen_text(app).splitlines()[1:-1]]
        assert told == [line[2:40] for line in before.splitlines()[1:-1]]
        await pilot.press("end")
        await pilot.pause()
        assert "append(15)" in screen_text(app)
