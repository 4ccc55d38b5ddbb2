"""The panes of Paxos: who has accepted what can be read without colour, and a sentence says what is missing."""

from __future__ import annotations

import pytest
from demo_paxos import BROKEN, CALM, CHOSEN, DUEL, PAXOS, SYNOD, log_frame, synod
from screen_pictures import looks_like
from textual.geometry import Size

from tui.frame import Frame
from tui.glyphs import ASCII, in_ascii
from tui.look import Look
from tui.paper import Paper
from tui.paxos_frame import PaxosFrame
from tui.synod_frame import SynodFrame
from tui.theme import CONTRAST, DARK, LIGHT
from tui.widgets.cluster_map import paint_map
from tui.widgets.paxos_pane import draw_paxos, paint_paxos
from tui.widgets.synod_pane import draw_synod, paint_synod

SIZES = {"narrow": Size(80, 18), "normal": Size(46, 16), "wide": Size(84, 23)}
MAPS = {"normal": Size(74, 18), "wide": Size(114, 42)}


def line_of(page: Paper, begin: str) -> str:
    return next(line for line in page.plain().splitlines() if begin in line)


def as_ascii(page: Paper) -> Paper:
    page.chars = [[in_ascii(char) for char in row] for row in page.chars]
    return page


@pytest.mark.parametrize("size", SIZES)
def test_the_paxos_pane_looks_as_it_should(size: str) -> None:
    assert looks_like(f"paxos-{size}", paint_paxos(log_frame(), SIZES[size], Look()))


@pytest.mark.parametrize("size", SIZES)
def test_the_synod_pane_looks_as_it_should(size: str) -> None:
    assert looks_like(f"paxos-synod-{size}", paint_synod(synod(), SIZES[size], Look()))


def test_a_duel_for_the_log_looks_as_it_should() -> None:
    assert looks_like("paxos-duel", paint_paxos(log_frame(DUEL), SIZES["normal"], Look()))


def test_a_chosen_value_looks_as_it_should() -> None:
    assert looks_like("paxos-synod-chosen", paint_synod(synod(CHOSEN), SIZES["normal"], Look()))


@pytest.mark.parametrize("size", MAPS)
def test_the_map_of_a_paxos_log_looks_as_it_should(size: str) -> None:
    assert looks_like(f"paxos-map-{size}", paint_map(log_frame(), MAPS[size], Look()))


def test_both_panes_are_plain_in_ascii() -> None:
    page = as_ascii(paint_paxos(log_frame(), SIZES["wide"], Look(DARK, ASCII)))
    assert page.plain().isascii()
    assert looks_like("paxos-ascii", page)
    assert as_ascii(paint_synod(synod(), SIZES["wide"], Look(DARK, ASCII))).plain().isascii()


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST])
def test_every_palette_paints_the_same_slots(palette: object) -> None:
    look = Look(palette)  # type: ignore[arg-type]
    assert (
        paint_paxos(log_frame(), SIZES["wide"], look).plain() == paint_paxos(log_frame(), SIZES["wide"], Look()).plain()
    )


@pytest.mark.parametrize("size", [Size(1, 1), Size(5, 2), Size(20, 3), Size(24, 6), Size(40, 14), Size(300, 80)])
@pytest.mark.parametrize("paxos", [None, PaxosFrame(), PAXOS, CALM, DUEL])
def test_the_paxos_pane_takes_any_size(size: Size, paxos: PaxosFrame | None) -> None:
    page = paint_paxos(log_frame(paxos) if paxos else Frame(), size, Look())
    assert [len(row) for row in page.chars] == [size.width] * size.height


@pytest.mark.parametrize("size", [Size(1, 1), Size(5, 2), Size(20, 3), Size(24, 6), Size(40, 14), Size(300, 80)])
@pytest.mark.parametrize("made", [None, SynodFrame(), SYNOD, CHOSEN, BROKEN])
def test_the_synod_pane_takes_any_size(size: Size, made: SynodFrame | None) -> None:
    page = paint_synod(synod(made) if made else Frame(), size, Look())
    assert [len(row) for row in page.chars] == [size.width] * size.height


# ---------------------------------------------------------------- slots


def test_each_server_s_mark_tells_what_it_has_in_a_slot() -> None:
    page = paint_paxos(log_frame(), SIZES["wide"], Look())
    assert line_of(page, " 41✓").split()[1:7] == ["41✓", "7.n3", "✓", "✓", "✓", "░"]
    assert line_of(page, " 44 ").split()[1:7] == ["44", "7.n3", "✓", "·", "✓", "·"]


def test_a_hole_and_an_open_slot_say_what_they_lack() -> None:
    page = paint_paxos(log_frame(), SIZES["normal"], Look())
    assert "hole" in line_of(page, " 45 ")
    assert "needs 1" in line_of(page, " 44 ")
    assert "slot 44: 1 more accept of 7.n3 chooses" in page.plain()


def test_a_no_op_is_told_apart_in_the_strip() -> None:
    assert "-5777777··" in line_of(paint_paxos(log_frame(), SIZES["wide"], Look()), "▸n1")


def test_a_log_with_nothing_open_says_so() -> None:
    assert "every slot up to 43 is chosen" in paint_paxos(log_frame(CALM), SIZES["wide"], Look()).plain()


def test_the_first_open_slot_is_always_among_those_shown() -> None:
    page = paint_paxos(log_frame(), Size(46, 13), Look())
    assert " 44 " in page.plain()


def test_a_click_on_a_server_finds_it() -> None:
    spots = draw_paxos(log_frame(), SIZES["wide"], Look())[1]
    assert {"n1", "n2", "n3", "n4", "n5"} <= {spot.node for spot in spots}
    assert {"n1", "n5"} <= {spot.node for spot in draw_synod(synod(), SIZES["wide"], Look())[1]}


# ---------------------------------------------------------------- the synod


def test_a_duel_is_seen_as_ballots_that_climb() -> None:
    text = paint_synod(synod(), SIZES["wide"], Look()).plain()
    assert "1.n3 2.n2 3.n3 4.n2 5.n3 6.n2 7.n3 8.n2" in text
    assert "ballot 8.n2 · 2 proposers duel" in text


def test_each_promise_and_accept_has_a_mark() -> None:
    assert "✓·✓✓· 3/3  ✓·✓·· 2/3  blue" in paint_synod(synod(), SIZES["wide"], Look()).plain()


def test_acceptors_are_never_left_out_before_sentences() -> None:
    text = paint_synod(synod(), Size(46, 14), Look()).plain()
    assert all(f"{name}   " in text for name in ("n1", "n2", "n3", "n4", "n5"))


def test_two_chosen_values_are_loud() -> None:
    text = paint_synod(synod(BROKEN), SIZES["wide"], Look()).plain()
    assert "agreement is broken: blue and red are both chosen" in text
    assert "2 values chosen" in text
