"""Five services on five nodes as a person finds them: the overview is there, and a kill is seen in every column."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from playground.spec import BROKER, KEEPER, PAXOS, RING, ServiceSpec, Spec
from tui.aim import Aim
from tui.app import PlaygroundApp
from tui.config import Config
from tui.framing import take
from tui.glyphs import Role
from tui.opening import fresh
from tui.overview_frame import OLD
from tui.pace import Pace
from tui.screens.main import MainScreen

SECOND = 1_000_000
FIVE = Spec(services=(RING, ServiceSpec(), PAXOS, BROKER, KEEPER), clients=("c1", "c2"))
SIZES = [(80, 24), (120, 36), (200, 60)]


@asynccontextmanager
async def opened(spec: Spec, size: tuple[int, int], **config: str) -> AsyncIterator[tuple[PlaygroundApp, Pilot[int]]]:
    """Standing still after a second."""
    app = PlaygroundApp(MainScreen(fresh(spec, 7, Pace(1.0), paused=True), Config(**config)))  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        app.main.run.run_to(SECOND)
        app.main.paint()
        await pilot.pause()
        yield app, pilot


def shown(app: PlaygroundApp) -> str:
    """The screen as text."""
    return "\n".join(row.text for row in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_overview_is_there_at_every_size(size: tuple[int, int]) -> None:
    async with opened(FIVE, size) as (app, pilot):
        assert ("✓ keeper" in shown(app)) is (size != (80, 24))
        await pilot.press("o")
        await pilot.pause()
        assert app.main.pane == "overview"
        for words in ("✓ ring", "✓ raft", "✓ paxos", "✓ broker", "✓ keeper"):
            assert words in shown(app)


async def test_o_hides_the_overview_and_brings_it_back() -> None:
    async with opened(FIVE, (120, 36)) as (app, pilot):
        await pilot.press("o", "o")
        await pilot.pause()
        assert app.main.pane == "map"
        assert "✓ keeper" not in shown(app)
        await pilot.press("o")
        await pilot.pause()
        assert "✓ keeper" in shown(app)
        assert "cluster map" in shown(app)


async def test_with_one_service_there_is_no_overview() -> None:
    async with opened(Spec(services=(KEEPER,)), (120, 36)) as (app, pilot):
        await pilot.press("o")
        await pilot.pause()
        assert app.main.pane == "map"
        assert "keeper is the only service" in shown(app)


async def test_two_services_share_an_overview_that_has_to_be_asked_for() -> None:
    async with opened(Spec(services=(PAXOS, KEEPER)), (120, 36)) as (app, pilot):
        assert "overview ─" not in shown(app)
        await pilot.press("o")
        await pilot.pause()
        assert "overview ─" in shown(app)


async def test_a_full_overview_has_the_news_of_each_service() -> None:
    async with opened(FIVE, (120, 36)) as (app, pilot):
        await pilot.press("o", "F")
        await pilot.pause()
        assert "ago: " in shown(app)
        assert "cluster map" not in shown(app)


async def test_everything_is_plain_in_ascii() -> None:
    async with opened(FIVE, (120, 36), glyphs="ascii") as (app, pilot):
        for _ in range(5):
            await pilot.press("v")
            await pilot.pause()
            rows = shown(app).splitlines()[:-2]
            assert all(row.isascii() for row in rows)


def test_one_kill_is_seen_in_every_service_at_once() -> None:
    run = fresh(FIVE, 7, Pace(1.0), paused=True)
    aim = Aim("ring", "n1", FIVE.clients, FIVE.services, FIVE.nodes)
    run.run_to(2 * SECOND)
    before = take(run.session.world, run.log, aim)
    again = take(run.session.world, run.log, aim, before)
    assert again.overview is not None
    assert all(each.age == OLD for line in again.overview.servers for each in line.squares)
    assert all(each.well for each in again.services)
    victim = next(row.node for row in before.keeper.rows if row.role is Role.LEADING)  # type: ignore[union-attr]
    run.do(f"kill {victim}")
    run.run_to(run.now + 1_000)
    dead = take(run.session.world, run.log, aim, again).overview
    assert dead is not None
    line = next(each for each in dead.servers if each.node == victim)
    assert [each.role for each in line.squares] == [Role.DOWN] * 5
    assert all(each.age < OLD for each in line.squares)
    run.run_to(run.now + 3 * SECOND)
    healed = take(run.session.world, run.log, aim)
    assert all(each.well for each in healed.services)
    assert healed.overview is not None
    assert all(news.text for news in healed.overview.news)
    run.close()
