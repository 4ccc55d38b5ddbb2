"""A broker cluster as a person finds it: its pane, the chosen partition, and a broker that dies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from playground.spec import BROKER, RING, ServiceSpec, Spec
from tui.app import PlaygroundApp
from tui.config import Config
from tui.framing import Aim, take
from tui.opening import fresh
from tui.pace import Pace
from tui.screens.main import MainScreen

SECOND = 1_000_000
ALONE = Spec(services=(BROKER,), clients=("c1", "c2"))
TOGETHER = Spec(services=(ServiceSpec(), RING, BROKER), clients=("c1", "c2"))


@asynccontextmanager
async def opened(spec: Spec, size: tuple[int, int]) -> AsyncIterator[tuple[PlaygroundApp, Pilot[int]]]:
    """A topic with a record in it and a reader, standing still after three seconds."""
    app = PlaygroundApp(MainScreen(fresh(spec, 7, Pace(1.0), paused=True), Config()))
    async with app.run_test(size=size) as pilot:
        run = app.main.run
        run.run_to(SECOND)
        run.do("topic create orders --partitions 3 --replicas 3")
        run.run_to(2 * SECOND)
        run.do("consume orders --group g on c2")
        run.do("produce orders k v on c1")
        run.run_to(3 * SECOND)
        app.main.paint()
        await pilot.pause()
        yield app, pilot


def shown(app: PlaygroundApp) -> str:
    """The screen as text."""
    return "\n".join(row.text for row in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_broker_s_pane_is_there_at_every_size(size: tuple[int, int]) -> None:
    async with opened(ALONE, size) as (app, pilot):
        await pilot.press("right_square_bracket")
        await pilot.pause()
        for words in ("orders/0", "orders/2", "g  Stable", "c2"):
            assert words in shown(app)


async def test_up_and_down_choose_a_partition() -> None:
    async with opened(ALONE, (120, 36)) as (app, pilot):
        await pilot.press("right_square_bracket", "down", "down")
        await pilot.pause()
        assert app.main.partition == "orders/1"
        assert "▸ orders/1" in shown(app)


async def test_beside_other_services_the_pane_comes_with_its_service() -> None:
    async with opened(TOGETHER, (120, 36)) as (app, pilot):
        assert "orders/0" not in shown(app)
        await pilot.press("v", "v")
        await pilot.pause()
        assert "orders/0" in shown(app)
        assert "raft logs" not in shown(app)


def test_when_a_leader_dies_its_partitions_change_hands_on_the_screen() -> None:
    run = fresh(ALONE, 7, Pace(1.0), paused=True)
    aim = Aim("broker", "n1", ALONE.clients, ALONE.services, ALONE.nodes)
    run.run_to(SECOND)
    run.do("topic create orders --partitions 5 --replicas 3")
    run.run_to(2 * SECOND)
    before = take(run.session.world, run.log, aim).broker
    assert before is not None
    victim = next(row.node for row in before.brokers if row.broker.led and not row.broker.controller)
    run.do(f"kill {victim}")
    run.run_to(2 * SECOND + 100_000)
    stranded = take(run.session.world, run.log, aim).broker
    assert stranded is not None
    assert any(each.stranded for each in stranded.partitions)
    run.run_to(4 * SECOND)
    after = take(run.session.world, run.log, aim).broker
    assert after is not None
    assert not any(each.stranded or each.offline for each in after.partitions)
    assert {each.name for each in after.partitions if each.age < 1.0} == {
        each.name for each in before.partitions if each.leader == victim
    }
    run.close()
