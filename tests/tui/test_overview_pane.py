"""The overview: a line a server, a column a service; trouble and news are told without colour, no word is cut."""

from __future__ import annotations

import re

import pytest
from demo_overview import OVERVIEW, SERVICES, overview
from screen_pictures import looks_like
from textual.geometry import Size

from tui.frame import Frame
from tui.glyphs import ASCII, in_ascii
from tui.look import Look
from tui.overview_frame import OverviewFrame
from tui.paper import Paper
from tui.theme import CONTRAST, DARK, LIGHT
from tui.widgets.overview_pane import draw_overview, paint_overview, rows_wanted
from tui.widgets.top_bar import paint_top

SIZES = {"narrow": Size(80, 18), "normal": Size(74, 12), "wide": Size(114, 20), "small": Size(46, 13)}
WORDS = {"down", "leader", "candidate", "controller", "fenced", "looking", "leading", "observing", "suspended", "keys",
         "leads", "epoch", "controls", "recovers", "no", "overview", "services", "ail", "of", "hints", "catches", "up",
         "broker", "ring", "raft", "paxos", "keeper"}  # fmt: skip


def painted(size: Size = SIZES["normal"], look: Look | None = None, **more: object) -> Paper:
    return paint_overview(overview(**more), size, look or Look())  # type: ignore[arg-type]


def line_of(page: Paper, begin: str) -> str:
    return next(line for line in page.plain().splitlines() if begin in line)


@pytest.mark.parametrize("size", SIZES)
def test_the_overview_looks_as_it_should(size: str) -> None:
    assert looks_like(f"overview-{size}", painted(SIZES[size]))


def test_the_overview_is_plain_in_ascii() -> None:
    page = painted(look=Look(DARK, ASCII))
    page.chars = [[in_ascii(char) for char in row] for row in page.chars]
    assert page.plain().isascii()
    assert looks_like("overview-ascii", page)


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST])
def test_every_palette_paints_the_same_overview(palette: object) -> None:
    assert painted(look=Look(palette)).plain() == painted().plain()  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [Size(1, 1), Size(5, 2), Size(20, 3), Size(24, 6), Size(40, 14), Size(300, 80)])
@pytest.mark.parametrize("made", [None, OverviewFrame(), OVERVIEW])
def test_the_overview_takes_any_size(size: Size, made: OverviewFrame | None) -> None:
    page = paint_overview(overview(made) if made and made.news else Frame(), size, Look())
    assert [len(row) for row in page.chars] == [size.width] * size.height


def test_one_fault_is_seen_in_every_service() -> None:
    assert line_of(painted(), "n2 ✕").count("✕ down") == 5
    assert line_of(painted(), "✕ raft").split()[1:] == [
        "✓", "ring", "✕", "raft", "✓", "paxos", "✓", "broker", "✕", "keeper", "│",
    ]  # fmt: skip


def test_the_usual_roles_have_numbers_and_the_others_words() -> None:
    line = line_of(painted(SIZES["narrow"]), " n1    ")
    assert "● 312 keys" in line
    assert "● T5 i42" in line
    assert "♛ controller" in line
    assert "◆ looking" in line


@pytest.mark.parametrize("width", range(40, 130, 3))
def test_no_word_is_ever_cut(width: int) -> None:
    text = painted(Size(width, 13)).plain()
    words = set(re.findall(r"[a-z]{2,}", text))
    assert words <= WORDS | {"member", "follower", "prospective", "pre", "in", "sync", "under", "replicated"}


def test_what_has_just_changed_is_underlined() -> None:
    page = painted()
    row = next(y for y, line in enumerate(page.plain().splitlines()) if "◆ candidate" in line)
    column = page.plain().splitlines()[row].index("◆ candidate")
    assert page.styles[row][column].underline
    assert not page.styles[row][10].underline


def test_each_service_tells_its_news_where_there_is_room() -> None:
    text = painted(SIZES["wide"]).plain()
    assert "✕ raft    no leader" in text
    assert "20 ms ago: n3 election timeout: becomes candidate in term 6" in text


def test_many_servers_are_counted_and_the_selected_one_is_there() -> None:
    assert "and 3 servers more" in painted(Size(74, 6)).plain()
    assert " ▸n3 " in painted(Size(74, 6)).plain()


def test_a_pane_of_the_wanted_height_has_everybody() -> None:
    text = painted(Size(74, rows_wanted(5, 3))).plain()
    assert all(f"{name} " in text for name in ("n1", "n2", "n3", "n4", "n5", "c1", "c2", "c3"))


def test_a_click_finds_services_and_nodes() -> None:
    spots = draw_overview(overview(), SIZES["normal"], Look())[1]
    assert {each.name for each in SERVICES} <= {spot.key for spot in spots}
    assert {"n1", "n5", "c1"} <= {spot.node for spot in spots}


# ---------------------------------------------------------------- the line at the top


def test_many_services_have_their_names_at_the_top() -> None:
    line = paint_top(overview(), Size(140, 1), Look()).plain()
    assert "ring ✓  raft no leader  paxos ✓  broker ✓  keeper n3 recovers" in line


def test_a_narrow_top_names_only_what_ails() -> None:
    line = paint_top(overview(), Size(80, 1), Look()).plain()
    assert "raft  keeper  3 well" in line
