"""The screen driven by keys, with Textual's pilot: what a key does can be seen in the cluster itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from playground.session import load
from playground.spec import DEFAULT_SPEC, Spec
from playground.standing import in_role
from tui.app import PlaygroundApp
from tui.config import Config
from tui.opening import fresh
from tui.pace import LADDER, Pace
from tui.screens.help import Help
from tui.screens.main import MainScreen
from tui.screens.menu import Menu

SECOND = 1_000_000


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 36), at: int = SECOND, spec: Spec = DEFAULT_SPEC
) -> AsyncIterator[tuple[PlaygroundApp, Pilot[int]]]:
    """The app standing still at the instant `at`, so that nothing depends on how fast this machine is."""
    app = PlaygroundApp(MainScreen(fresh(spec, 7, Pace(1.0), paused=True), Config()))
    async with app.run_test(size=size) as pilot:
        app.main.run.run_to(at)
        app.main.paint()
        await pilot.pause()
        yield app, pilot


def leader(app: PlaygroundApp) -> str:
    return in_role(app.main.run.session.world, app.main.service, "leader")[0]


def texts(app: PlaygroundApp) -> list[str]:
    return [each.text for each in app.main.run.session.interventions]


async def select(app: PlaygroundApp, pilot: Pilot[int], node: str) -> None:
    while app.main.selected != node:
        await pilot.press("tab")


async def test_a_leader_is_killed_by_key_and_another_one_is_elected() -> None:
    async with opened() as (app, pilot):
        old = leader(app)
        await select(app, pilot, old)
        await pilot.press("x")
        assert not app.main.run.session.world.node(old).up
        assert texts(app) == [f"kill {old}"]
        app.main.run.run_to(3 * SECOND)
        assert leader(app) != old
        await pilot.press("x")
        assert app.main.run.session.world.node(old).up


async def test_a_key_that_cannot_act_says_why() -> None:
    async with opened() as (app, pilot):
        await pilot.press("x", "z")
        assert app.main.status.plain == f"{app.main.selected} is down: press x to restart it"
        await select(app, pilot, leader(app))
        await pilot.press("e")
        assert app.main.status.plain == f"{leader(app)} leads already"


async def test_freezing_and_resuming_a_node() -> None:
    async with opened() as (app, pilot):
        await pilot.press("z")
        assert app.main.run.session.world.node("n1").paused
        await pilot.press("z")
        assert not app.main.run.session.world.node("n1").paused


async def test_the_selected_node_can_be_elected() -> None:
    async with opened() as (app, pilot):
        wanted = next(name for name in DEFAULT_SPEC.nodes if name != leader(app))
        await select(app, pilot, wanted)
        await pilot.press("e")
        app.main.run.run_to(2 * SECOND)
        assert leader(app) == wanted


async def test_a_link_is_cut_and_healed_through_two_small_menus() -> None:
    async with opened() as (app, pilot):
        await pilot.press("l")
        assert isinstance(app.screen, Menu)
        await pilot.press("1", "c")
        await pilot.pause()
        assert texts(app) == ["cut n1 -- n2"]
        assert app.main.run.session.world.network.blocked("n1", "n2")
        await pilot.press("H")
        assert not app.main.run.session.world.network.blocked("n1", "n2")


async def test_esc_leaves_a_menu_and_nothing_happens() -> None:
    async with opened() as (app, pilot):
        await pilot.press("p", "escape")
        await pilot.pause()
        assert app.screen is app.main
        assert texts(app) == []


async def test_the_network_is_split_by_a_menu() -> None:
    async with opened() as (app, pilot):
        await pilot.press("p", "i")
        await pilot.pause()
        blocked = app.main.run.session.world.network.blocked
        assert all(blocked("n1", other) and blocked(other, "n1") for other in DEFAULT_SPEC.nodes[1:])


async def test_space_lets_time_go_on_and_stops_it() -> None:
    async with opened() as (app, pilot):
        await pilot.press("space")
        assert not app.main.run.paused
        await pilot.press("space")
        stood = app.main.run.now
        await pilot.pause(0.1)
        assert app.main.run.now == stood


async def test_a_step_is_one_event() -> None:
    async with opened() as (app, pilot):
        before = app.main.run.session.world.turns
        await pilot.press(".")
        assert before < app.main.run.session.world.turns <= before + 5


async def test_plus_and_minus_go_up_and_down_the_ladder() -> None:
    async with opened() as (app, pilot):
        await pilot.press("plus")
        assert app.main.run.pace.speed == 2.0
        assert "1 s here = 2 s there" in app.main.status.plain
        await pilot.press("minus", "minus")
        assert app.main.run.pace.speed == LADDER[LADDER.index(1.0) - 1]


async def test_the_mouse_selects_a_node_and_presses_a_key_of_the_footer() -> None:
    async with opened() as (app, pilot):
        x, y = next(
            (x, y)
            for y in range(30)
            for x in range(70)
            if app.main.query_one("#map")._node_at(_At(x, y)) == "n3"  # type: ignore[attr-defined]
        )
        await pilot.click("#map", offset=(x, y))
        assert app.main.selected == "n3"
        place = next(begin for begin, _, key in app.main.query_one("#keys")._places if key.action == "kill")  # type: ignore[attr-defined]
        await pilot.click("#keys", offset=(place, 0))
        await pilot.pause()
        assert texts(app) == ["kill n3"]


class _At:
    """Where the mouse would be."""

    def __init__(self, x: int, y: int) -> None:
        self.x, self.y = x, y


async def test_going_back_in_time_and_doing_something_else() -> None:
    async with opened(at=2 * SECOND) as (app, pilot):
        await pilot.press("x")
        app.main.go_to("time")
        await pilot.press("left")
        assert app.main.run.now < 2 * SECOND
        assert app.main.run.session.world.node("n1").up
        await pilot.press("right")
        assert app.main.run.now == 2 * SECOND
        assert not app.main.run.session.world.node("n1").up


async def test_help_is_searched_and_enter_does_what_it_says() -> None:
    async with opened() as (app, pilot):
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        await pilot.press(*"restart it if", "enter")
        await pilot.pause()
        assert app.screen is app.main
        assert texts(app) == ["kill n1"]


async def test_the_palette_knows_the_keys() -> None:
    async with opened() as (app, pilot):
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"heal every", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert texts(app) == ["heal"]


async def test_a_saved_run_is_the_three_things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with opened() as (app, pilot):
        await pilot.press("x", "S", "s")
        saved = sorted((tmp_path / "cluster-playground" / "saved").iterdir())
        assert [path.suffix for path in saved] == [".json", ".svg"]
        recording = load(saved[0].read_bytes(), "test")
        assert recording == app.main.run.session.recording()


async def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cluster-playground").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with opened() as (app, pilot):
        await pilot.press("S")
        assert "cannot be written" in app.main.status.plain
