"""The ring pane: whose each piece is can be read without colour, what moves is striped, and a click finds its key."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from demo_ring import CALM, FACES, KEY, NAMES, RING, ROWS, circle, ring_frame
from hypothesis import given
from hypothesis import strategies as st
from screen_pictures import looks_like
from textual.geometry import Size

from tui.frame import Frame
from tui.glyphs import ASCII, in_ascii
from tui.look import Look
from tui.paper import Paper
from tui.ring_frame import Circle, Copy, Replica, marks_for
from tui.theme import CONTRAST, DARK, LIGHT
from tui.widgets.ring_geometry import labelled, ribbon_slices, round_of, slice_at
from tui.widgets.ring_pane import draw_ring, paint_ring, plan_of

SIZES = {
    "ring-narrow": Size(80, 18),
    "ring-normal": Size(46, 13),
    "ring-wide": Size(84, 17),
    "ring-full": Size(120, 33),
    "ring-tall": Size(46, 40),
}


def painted(size: Size = SIZES["ring-wide"], look: Look | None = None, **more: object) -> Paper:
    return paint_ring(ring_frame(**more), size, look or Look())


@pytest.mark.parametrize("name", SIZES)
def test_the_pane_looks_as_it_should(name: str) -> None:
    assert looks_like(name, painted(SIZES[name]))


def test_a_calm_ring_looks_as_it_should() -> None:
    assert looks_like("ring-calm", painted(ring=CALM))


def test_few_tokens_make_long_pieces() -> None:
    few = replace(RING, circle=circle(NAMES, 2), coming=circle((*NAMES, "n6"), 2))
    assert looks_like("ring-few-tokens", painted(SIZES["ring-full"], ring=few))


def test_the_pane_looks_as_it_should_in_ascii() -> None:
    page = painted(look=Look(DARK, ASCII))
    page.chars = [[in_ascii(char) for char in row] for row in page.chars]
    assert page.plain().isascii()
    assert looks_like("ring-ascii", page)


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST])
def test_every_palette_paints_the_same_characters(palette: object) -> None:
    assert painted(look=Look(palette)).plain() == painted().plain()  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [Size(1, 1), Size(5, 2), Size(12, 4), Size(20, 6), Size(40, 14), Size(300, 80)])
def test_the_pane_takes_any_size_and_an_empty_frame(size: Size) -> None:
    for frame in (Frame(), ring_frame(), ring_frame(ring=replace(CALM, circle=None, loads=(), key=None, keys=()))):
        page = paint_ring(frame, size, Look())
        assert [len(row) for row in page.chars] == [size.width] * size.height


# ---------------------------------------------------------------- whose it is


def test_a_place_belongs_to_the_first_token_at_or_behind_it() -> None:
    ring = Circle((0.25, 0.5), ("A", "B"))
    assert [ring.owner_at(place) for place in (0.1, 0.25, 0.3, 0.5, 0.51, 0.99)] == ["A", "A", "B", "B", "A", "A"]


@given(st.floats(0, 0.999), st.floats(0.001, 1.0), st.integers(1, 40))
def test_the_pieces_of_a_slice_are_the_whole_slice_and_belong_to_their_owners(
    begin: float, width: float, virtual_nodes: int
) -> None:
    ring = circle(NAMES, virtual_nodes)
    at = begin
    for size, owner in ring.arcs(begin, begin + width):
        assert owner == ring.owner_at(at + size / 2)
        at += size
    assert at == pytest.approx(begin + width)


def test_a_cell_shows_who_owns_most_of_it() -> None:
    ring = Circle((0.1, 0.4, 1.0), ("A", "B", "C"))
    assert slice_at(ring, None, 0.0, 0.3).owner == "B"
    assert slice_at(ring, None, 0.9, 0.15).owner == "C"


def test_a_cell_is_striped_when_enough_of_it_moves() -> None:
    old, new = Circle((0.5, 1.0), ("A", "B")), Circle((0.3, 0.5, 1.0), ("A", "C", "B"))
    assert [slice_at(old, new, begin, 0.1).coming for begin in (0.1, 0.25, 0.35, 0.6)] == ["", "C", "C", ""]


def test_who_takes_a_piece_over_is_underlined() -> None:
    page = painted(SIZES["ring-normal"])
    moving = [piece.coming for piece in ribbon_slices(42, RING.circle, RING.coming)]  # type: ignore[arg-type]
    for char, style, coming in zip(page.chars[2][2:44], page.styles[2][2:44], moving, strict=True):
        assert bool(style.underline) == (bool(coming) and char != "▞")


def test_neighbouring_cells_of_one_owner_bear_one_mark() -> None:
    assert labelled(("A", "A", "A", "B", "A")) == (False, True, False, True, True)


def test_on_the_ribbon_every_cell_bears_a_mark() -> None:
    ribbon = "".join(painted(SIZES["ring-normal"], ring=CALM).chars[2][2:44])
    owners = "".join(piece.owner[-1] for piece in ribbon_slices(42, circle(NAMES), None))
    assert ribbon == owners


def test_a_circle_is_round() -> None:
    round_ = round_of(32, 16)
    columns = {cell.x for cell in round_.band}
    rows = {cell.y for cell in round_.band}
    assert abs((max(columns) - min(columns)) - 2 * (max(rows) - min(rows))) <= 2
    assert (round_.path[0].place + 0.5) % 1.0 == pytest.approx(0.5, abs=0.02)
    places = [cell.place for cell in round_.path]
    assert sum(later < earlier for earlier, later in pairwise(places)) <= len(places) // 4


def test_nodes_are_marked_by_the_last_letter_of_their_names_as_long_as_that_is_free() -> None:
    assert marks_for(("n1", "n2", "A", "n10", "n11", "n12")) == {
        "n1": "1", "n2": "2", "A": "A", "n10": "0", "n11": "a", "n12": "b",
    }  # fmt: skip
    many = marks_for(tuple(f"n{number}" for number in range(1, 31)))
    assert len(set(many.values())) == 30


# ---------------------------------------------------------------- what it says


def test_what_moves_is_told_with_its_progress() -> None:
    text = painted().plain()
    assert "n6 takes 41/190 ranges  312 keys  12 kB" in text
    assert "41/190 ranges moved" in text
    assert "▞" in text
    assert "▞" not in painted(ring=CALM).plain()


def test_the_chosen_key_is_told_with_its_siblings_and_who_is_behind() -> None:
    behind = replace(KEY, replicas=(*KEY.replicas[:1], Replica("n4", Copy.BEHIND, ('"a"',), 0.47)))
    text = painted(ring=replace(CALM, key=behind)).plain()
    assert 'k3  2 siblings = "a" | "b"' in text
    assert "1 n1   ✓ has it" in text
    assert '2 n4   is behind  "a"' in text
    assert behind.behind == ("n4",)


def test_a_hint_names_whom_it_is_for() -> None:
    assert "keeps a hint for n5" in painted(ring=CALM).plain()


def test_two_rings_of_one_epoch_are_told() -> None:
    split = (("epoch 2, n1 n2", ("n1", "n2")), ("epoch 2, n3 n4 n5", ("n3", "n4")))
    assert "n3 n4: epoch 2, n3 n4 n5" in painted(ring=replace(CALM, believers=split)).plain()


def test_an_empty_ring_says_what_to_type() -> None:
    rows = tuple(replace(row, ring=replace(row.ring, keys=0)) for row in ROWS[:5])
    text = painted(ring=replace(CALM, loads=rows, key=None, keys=(), hottest=(), landings=())).plain()
    assert "no keys yet: put x 1 writes one" in text


def test_the_imbalance_is_the_fullest_over_the_mean_of_the_members() -> None:
    counts = [face.keys for name, face in FACES.items() if name != "n6"]
    assert RING.imbalance == max(counts) / (sum(counts) / len(counts))


def test_a_key_that_was_just_written_stands_beside_its_place_and_fades() -> None:
    landed = painted(ring=CALM).plain()
    assert ("◆" in landed, "◇" in landed) == (True, True)
    assert "◆" not in painted(ring=replace(CALM, landings=())).plain()


# ---------------------------------------------------------------- clicks


def test_keys_and_nodes_can_be_clicked_where_they_stand() -> None:
    page, spots = draw_ring(ring_frame(), SIZES["ring-wide"], Look())
    for spot in spots:
        text = "".join(page.chars[spot.y][spot.x : spot.x + spot.width])
        if spot.key and text.strip() and text.strip() not in ("412", "97", "12"):
            assert spot.key in text
    assert {spot.key for spot in spots if spot.key} == set(RING.keys)
    assert {spot.node for spot in spots if spot.node} == set(FACES)


def test_there_is_a_circle_where_there_is_room_for_one() -> None:
    assert plan_of(Size(46, 13)).circle_columns == 0
    assert plan_of(Size(84, 17)).circle_columns == 30
    assert plan_of(Size(80, 18)).circle_columns == 32
    assert plan_of(Size(46, 40)).circle_columns == 42
