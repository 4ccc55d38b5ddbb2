"""The screen as a person finds it: console, filter, panes, three sizes, lessons, and an end that is always clean."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio
from textual.events import Key
from textual.pilot import Pilot

from nodes.world import MachineFailed
from playground.errors import BadInput
from playground.lessons import Stage, load
from playground.spec import DEFAULT_SPEC
from tui.app import FAILED, PlaygroundApp, pace, play
from tui.config import Config
from tui.opening import fresh
from tui.pace import Pace
from tui.screens.lesson import LessonScreen
from tui.screens.main import MainScreen
from tui.teaching import taught

SECOND = 1_000_000

NAMES = {" ": "space", ":": "colon"}


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 36), at: int = SECOND, config: Config | None = None
) -> AsyncIterator[tuple[PlaygroundApp, Pilot[int]]]:
    """The app standing still at the instant `at`."""
    app = PlaygroundApp(MainScreen(fresh(DEFAULT_SPEC, 7, Pace(1.0), paused=True), config or Config()))
    async with app.run_test(size=size) as pilot:
        app.main.run.run_to(at)
        app.main.paint()
        await pilot.pause()
        yield app, pilot


def shown(app: PlaygroundApp) -> str:
    """The screen as text."""
    rows = app.screen._compositor.render_strips()
    return "\n".join(row.text for row in rows)


# ---------------------------------------------------------------- the console


async def test_a_mistake_in_the_console_is_shown_in_the_console() -> None:
    async with opened() as (app, pilot):
        await pilot.press("colon", *"kil n3", "enter")
        await pilot.pause()
        assert 'did you mean "kill"' in app.main.console.plain
        assert app.main.run.session.interventions == []
        assert app.main.console.prompt.has_focus


async def test_a_result_is_shown_when_it_arrives() -> None:
    async with opened() as (app, pilot):
        await pilot.press("colon", *"get x", "enter")
        assert "get x on c1: null" not in app.main.console.plain
        app.main.run.run_to(SECOND + 200_000)
        await pilot.press(*"put x 41", "enter")
        app.main.run.run_to(SECOND + 500_000)
        await pilot.press(*"get x", "enter")
        app.main.run.run_to(2 * SECOND)
        app.main.paint()
        assert "get x on c1: null" in app.main.console.plain
        assert "put x 41 on c1: ok" in app.main.console.plain
        assert "get x on c1: 41" in app.main.console.plain


async def test_somebody_who_types_fast_is_understood() -> None:
    async with opened() as (app, pilot):
        for key in (":", *"heal", "enter", *"kil", "tab", *" n2", "enter", *"ca"):
            app.post_message(Key(NAMES.get(key, key), key if len(key) == 1 else None))
        await pilot.pause(0.1)
        assert [each.text for each in app.main.run.session.interventions] == ["heal", "kill n2"]
        assert app.main.console.prompt.value == "ca"


async def test_letters_typed_into_the_console_are_no_keys() -> None:
    async with opened() as (app, pilot):
        await pilot.press("colon", *"xzHCqc:/")
        assert app.main.run.session.interventions == []
        assert app.main.console.prompt.value == "xzHCqc:/"
        await pilot.press("escape")
        assert app.main.pane == "map"
        assert not app.main.has_class("typing")


async def test_tab_completes_and_goes_round() -> None:
    async with opened() as (app, pilot):
        await pilot.press("colon", *"kil", "tab", "space", "tab")
        first = app.main.console.prompt.value
        assert first == "kill n1"
        await pilot.press("tab")
        assert app.main.console.prompt.value == "kill n2"
        await pilot.press("shift+tab")
        assert app.main.console.prompt.value == first


async def test_up_brings_back_what_was_typed_in_an_earlier_run() -> None:
    async with opened() as (_, pilot):
        await pilot.press("colon", *"isolate n2", "enter")
    async with opened() as (app, pilot):
        await pilot.press("colon", "up")
        assert app.main.console.prompt.value == "isolate n2"


# ---------------------------------------------------------------- panes and sizes


@pytest.mark.parametrize(
    ("size", "narrow", "wide"), [((80, 24), True, False), ((120, 36), False, False), ((200, 60), False, True)]
)
async def test_there_are_three_sizes(size: tuple[int, int], narrow: bool, wide: bool) -> None:
    async with opened(size) as (app, _):
        assert (app.main.has_class("narrow"), app.main.has_class("wide")) == (narrow, wide)
        text = shown(app)
        assert "cluster map" in text
        assert ("raft logs" in text) is not narrow
        assert ("a command; tab" in text) is wide
        assert "n5" in text


async def test_at_a_narrow_size_brackets_go_from_pane_to_pane() -> None:
    async with opened((80, 24)) as (app, pilot):
        await pilot.press("]")
        await pilot.pause()
        assert "raft logs" in shown(app)
        assert "cluster map" not in shown(app)
        await pilot.press("[")
        await pilot.pause()
        assert "cluster map" in shown(app)


async def test_a_pane_can_have_it_all_and_esc_takes_it_back() -> None:
    async with opened() as (app, pilot):
        app.main.go_to("events")
        await pilot.press("F")
        await pilot.pause()
        assert "cluster map" not in shown(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert "cluster map" in shown(app)
        assert app.main.pane == "map"


async def test_the_filter_narrows_the_events_with_every_letter() -> None:
    async with opened() as (app, pilot):
        await pilot.press("slash", *"wins", "enter")
        await pilot.pause()
        lines = app.main.query_one("#map").frame.happenings.lines  # type: ignore[attr-defined]
        assert [line.text for line in lines] == ["wins term 1 with 3 of 5 votes"]
        await pilot.press("slash", "escape")
        await pilot.pause()
        assert app.main.filter == ""


async def test_plain_glyphs_are_plain() -> None:
    async with opened(config=Config(glyphs="ascii")) as (app, pilot):
        panes = [app.main.query_one(f"#{name}") for name in ("map", "logs", "events", "inspect", "time", "top")]
        for pane in panes:
            assert all(strip.text.isascii() for strip in pane._strips)  # type: ignore[attr-defined]
        for keys in (["colon"], ["escape", "l"], ["escape", "question_mark"]):
            await pilot.press(*keys)
            await pilot.pause()
            assert shown(app).isascii()


async def test_no_color_is_grey(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as (app, _):
        assert app.no_color


# ---------------------------------------------------------------- lessons


@asynccontextmanager
async def lesson(name: str) -> AsyncIterator[tuple[LessonScreen, Pilot[int]]]:
    run, player = taught(load(name), Pace(0.001, hurry=1.0))
    screen = LessonScreen(run, player, Config())
    async with PlaygroundApp(screen).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        yield screen, pilot


def let_it_run(screen: LessonScreen) -> None:
    """As the frames would, as fast as it goes."""
    screen.run.pace = Pace(1.0)
    while screen.player.stage is Stage.RUNNING:
        screen.run.advance(1.0)
        screen.run.work(10.0)
    screen.run.pace = Pace(0.001, hurry=1.0)
    screen.go_or_stand()


async def test_time_stands_still_while_one_reads() -> None:
    async with lesson("raft-election") as (screen, pilot):
        assert screen.run.standing
        await pilot.press("space")
        assert "time waits for you" in screen.status.plain
        assert screen.run.now == 0


async def test_a_lesson_goes_from_step_to_step_and_judges_a_prediction() -> None:
    async with lesson("raft-election") as (screen, pilot):
        await pilot.press("n")
        assert screen.player.stage is Stage.RUNNING
        let_it_run(screen)
        assert screen.player.stage is Stage.ASKING
        await pilot.press("n", "2", "enter")
        await pilot.pause()
        await pilot.press("n")
        let_it_run(screen)
        assert any("As you expected: 2" in sentence for sentence in screen.player.said)
        assert "As you expected: 2" in screen.tutor.plain


async def test_no_lesson_is_a_sentence() -> None:
    async with opened() as (app, pilot):
        await pilot.press("n")
        assert "playground learn" in app.main.status.plain


# ---------------------------------------------------------------- the end


async def _nothing() -> None:
    await trio.lowlevel.checkpoint()


async def test_leaving_gives_the_thread_back() -> None:
    async with opened() as (app, pilot):
        await pilot.press("q")
    assert app.return_code == 0
    assert app.main.run.closed


def test_trio_runs_again_after_the_screen() -> None:
    trio.run(_nothing)


async def test_a_bug_in_a_machine_ends_the_run_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as (app, pilot):
        machine = app.main.run.session.world.machine("n1", "raft")

        def fails(*_: object) -> None:
            raise ValueError("planted")

        monkeypatch.setattr(machine, "handle", fails)
        while app.main.run.failure is None:
            app.main.run.step()
        app.main.paint()
        await pilot.pause()
    assert isinstance(app.main.run.failure, MachineFailed)
    assert app.return_code == FAILED


def test_an_unknown_theme_is_answered_with_the_nearest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_THEME", "playground-ligth")
    with pytest.raises(BadInput, match='did you mean "playground-light"'):
        play()


def test_the_usual_pace_lets_a_person_see_a_message() -> None:
    assert pace(DEFAULT_SPEC, Config()).speed == 0.003
    assert pace(DEFAULT_SPEC, Config(speed=2.0)).speed == 2.0
