"""Paxos and the keeper as a person finds them: their panes at every size, a lock, a znode, and a leader that dies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from playground.spec import KEEPER, PAXOS, Spec
from tui.aim import Aim
from tui.app import PlaygroundApp
from tui.config import Config
from tui.framing import take
from tui.glyphs import Role
from tui.opening import fresh
from tui.pace import Pace
from tui.screens.main import MainScreen

SECOND = 1_000_000
ALONE = Spec(services=(KEEPER,), clients=("c1", "c2"))
LOG = Spec(services=(PAXOS,), clients=("c1",))
SIZES = [(80, 24), (120, 36), (200, 60)]


@asynccontextmanager
async def opened(spec: Spec, size: tuple[int, int], *commands: str) -> AsyncIterator[tuple[PlaygroundApp, Pilot[int]]]:
    """After a second, each of these commands with a quarter of a second behind it; then it stands still."""
    app = PlaygroundApp(MainScreen(fresh(spec, 7, Pace(1.0), paused=True), Config()))
    async with app.run_test(size=size) as pilot:
        run = app.main.run
        run.run_to(SECOND)
        for command in commands:
            run.do(command)
            run.run_to(run.now + SECOND // 4)
        app.main.paint()
        await pilot.pause()
        yield app, pilot


def shown(app: PlaygroundApp) -> str:
    """The screen as text."""
    return "\n".join(row.text for row in app.screen._compositor.render_strips())


LOCKED = ("create /locks", "create /config fast", "lock /locks/a on c1", "lock /locks/a on c2")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_keeper_s_pane_is_there_at_every_size(size: tuple[int, int]) -> None:
    async with opened(ALONE, size, *LOCKED) as (app, pilot):
        await pilot.press("right_square_bracket")
        await pilot.pause()
        for words in ("leads epoch 1", "c1 holds", "← c2", "config", "following"):
            assert words in shown(app)


async def test_up_and_down_choose_a_znode() -> None:
    async with opened(ALONE, (80, 24), *LOCKED) as (app, pilot):
        await pilot.press("right_square_bracket", "F", "down", "down")
        await pilot.pause()
        assert app.main.path == "/config"
        assert "version 0" in shown(app)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_paxos_pane_is_there_at_every_size(size: tuple[int, int]) -> None:
    async with opened(LOG, size, "put x 1", "put y 2") as (app, pilot):
        await pilot.press("right_square_bracket")
        await pilot.pause()
        for words in ("leads in ballot", "put x 1", "put y 2", "every slot up to"):
            assert words in shown(app)


async def test_e_asks_the_leader_of_paxos_to_hand_over() -> None:
    async with opened(LOG, (120, 36)) as (app, pilot):
        before = take(app.main.run.session.world, app.main.run.log, app.main._aim()).paxos
        assert before is not None
        other = next(name for name in LOG.nodes if name != before.leader)
        app.main.select(other)
        await pilot.press("e")
        app.main.run.run_to(app.main.run.now + SECOND)
        after = take(app.main.run.session.world, app.main.run.log, app.main._aim()).paxos
        assert after is not None
        assert after.leader == other


def test_when_the_leader_dies_the_timeline_and_the_roles_tell_it() -> None:
    run = fresh(ALONE, 7, Pace(1.0), paused=True)
    aim = Aim("keeper", "n1", ALONE.clients, ALONE.services, ALONE.nodes)
    run.run_to(SECOND)
    leader = take(run.session.world, run.log, aim).keeper
    assert leader is not None
    run.do(f"kill {leader.leader}")
    run.run_to(3 * SECOND)
    frame = take(run.session.world, run.log, aim)
    assert frame.keeper is not None
    assert frame.keeper.epoch == 2
    assert [(each.node, each.title) for each in frame.course.reigns] == [
        (leader.leader, "epoch 1"), ("", ""), (frame.keeper.leader, "epoch 2"),
    ]  # fmt: skip
    assert frame.leader is not None
    assert frame.leader.role is Role.LEADING
    assert frame.details is not None
    assert frame.details.facts[0][0] == "logged"
    run.close()


def test_a_new_leader_of_paxos_begins_a_reign_with_its_ballot() -> None:
    run = fresh(LOG, 7, Pace(1.0), paused=True)
    aim = Aim("paxos", "n1", LOG.clients, LOG.services, LOG.nodes)
    run.run_to(SECOND)
    first = take(run.session.world, run.log, aim).paxos
    assert first is not None
    run.do(f"kill {first.leader}")
    run.run_to(3 * SECOND)
    frame = take(run.session.world, run.log, aim)
    assert frame.paxos is not None
    assert [each.title for each in frame.course.reigns] == [
        f"ballot {first.ballot}",
        "",
        f"ballot {frame.paxos.ballot}",
    ]
    run.close()
