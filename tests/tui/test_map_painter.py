"""The cluster map: nothing overlaps, every state is told without colour, messages are where they are."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import combinations

import pytest
from demo_frames import LinkFace, PacketFace, demo_frame, links
from demo_ring import ring_frame
from rich.cells import get_character_cell_size
from screen_pictures import looks_like
from textual.geometry import Size

from tui.frame import Frame, NodeFace
from tui.glyphs import ASCII, SETS, UNICODE, Glyphs, Kind, Role, in_ascii
from tui.look import Look
from tui.paper import Paper
from tui.ring_frame import RingFace
from tui.theme import CONTRAST, DARK, LIGHT
from tui.widgets.cluster_map import geometry_of, paint_map
from tui.widgets.map_geometry import Card, lay_out

SIZES = {"narrow": Size(80, 16), "normal": Size(74, 28), "wide": Size(114, 50)}

EMOJI_FORMS = set("▶◀⏸⏹⏺✔✖☑⚡⚠♟◼◻◾◽▪▫↔↕↖↗☀☁★☎✂✈✉✏✒✳✴❄❇❗❤➡⬅⬆⬇⭐⭕‼⁉")
"""Characters that some terminals draw as a coloured picture, two cells wide."""


def rows(page: Paper) -> list[str]:
    return ["".join(row) for row in page.chars]


def painted(size: Size = SIZES["normal"], look: Look | None = None, **more: object) -> Paper:
    return paint_map(demo_frame(**more), size, look or Look())


@pytest.mark.parametrize("size", SIZES)
def test_the_map_looks_as_it_should(size: str) -> None:
    assert looks_like(f"map-{size}", painted(SIZES[size]))


def test_the_map_looks_as_it_should_in_ascii() -> None:
    page = painted(look=Look(DARK, ASCII))
    page.chars = [[in_ascii(char) for char in row] for row in page.chars]
    assert page.plain().isascii()
    assert looks_like("map-ascii", page)


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("size", [(80, 16), (74, 28), (114, 50), (40, 10), (160, 45)])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 9, 15])
@pytest.mark.parametrize("clients", [0, 1, 3])
def test_no_card_hides_another_or_leaves_the_map(size: tuple[int, int], count: int, clients: int) -> None:
    width, height = size
    geometry = lay_out(tuple(f"n{i}" for i in range(count)), tuple(f"c{i}" for i in range(clients)), width, height)
    assert sum(name.startswith("n") for name in geometry.places) == count
    for place in geometry.places.values():
        assert place.x >= 1
        assert place.y >= 1
        assert place.x + place.width <= width - 1
        assert place.y + place.height <= height - 1
    if max(count, clients) <= 9:
        for a, b in combinations(geometry.places.values(), 2):
            assert max(a.gap(b)) >= 0, (a, b)


def test_cards_are_as_large_as_there_is_room_for() -> None:
    cards = [geometry_of(demo_frame(), size).places["n1"].card for size in (*SIZES.values(), Size(52, 13), Size(40, 9))]
    assert cards == [Card.NORMAL, Card.NORMAL, Card.LARGE, Card.CHIP, Card.DOT]


def test_requests_and_replies_do_not_hide_each_other() -> None:
    geometry = geometry_of(demo_frame(), SIZES["normal"])
    for a, b in (("n1", "n4"), ("n2", "n7"), ("n3", "n6")):
        there = {point[:2] for point in geometry.lane(a, b)}
        back = {point[:2] for point in geometry.lane(b, a)}
        assert len(there & back) <= len(there) // 4


def test_a_lane_runs_from_card_to_card() -> None:
    geometry = geometry_of(demo_frame(), SIZES["wide"])
    lane = geometry.lane("n1", "n4")
    assert not any(geometry.node_at(column, row) in ("n1", "n4") for row, column, _ in lane)
    assert lane[0][0] == geometry.places["n1"].y + geometry.places["n1"].height
    assert lane[-1][0] == geometry.places["n4"].y - 1


# ---------------------------------------------------------------- states


STATES = {
    "leader": NodeFace("n1", Role.LEADER, term=5),
    "follower": NodeFace("n1", Role.FOLLOWER, term=5),
    "candidate": NodeFace("n1", Role.CANDIDATE, term=5),
    "pre-candidate": NodeFace("n1", Role.PRE_CANDIDATE, term=5),
    "learner": NodeFace("n1", Role.LEARNER, term=5),
    "down": NodeFace("n1", Role.DOWN, term=5),
    "frozen": NodeFace("n1", Role.FOLLOWER, term=5, frozen=True),
    "isolated": NodeFace("n1", Role.FOLLOWER, term=5, isolated=True),
}

RING_STATES = {
    role.value: NodeFace("n1", role, ring=RingFace("1", keys=12, load=0.5))
    for role in (Role.MEMBER, Role.JOINING, Role.LEAVING, Role.OUTSIDE, Role.DOWN)
} | {"frozen": NodeFace("n1", Role.MEMBER, frozen=True, ring=RingFace("1", keys=12, load=0.5))}


@pytest.mark.parametrize("glyphs", SETS.values(), ids=list(SETS))
@pytest.mark.parametrize("size", [SIZES["normal"], SIZES["wide"], Size(48, 10)])
@pytest.mark.parametrize("states", [STATES, RING_STATES], ids=["raft", "ring"])
def test_every_state_is_told_without_colour(size: Size, glyphs: Glyphs, states: dict[str, NodeFace]) -> None:
    pictures = {
        name: paint_map(Frame(nodes=(face, NodeFace("n2", Role.OTHER))), size, Look(DARK, glyphs)).plain()
        for name, face in states.items()
    }
    assert len(set(pictures.values())) == len(states)


@pytest.mark.parametrize("size", SIZES)
def test_the_map_of_a_ring_looks_as_it_should(size: str) -> None:
    assert looks_like(f"map-ring-{size}", paint_map(ring_frame(), SIZES[size], Look()))


def test_the_selected_node_has_a_heavy_border() -> None:
    assert "┏━ n3 ━ ● ━┓" in painted().plain()
    assert "┏━ n3" not in painted(selected="n1").plain()


def test_a_broken_rule_makes_the_frame_vermilion() -> None:
    loud = painted(verdict=replace(demo_frame().verdict, violation="election safety: two leaders in term 5"))
    assert loud.styles[5][0].color is not None
    assert loud.styles[5][0].color.name == DARK.vermilion


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST])
def test_every_palette_paints_the_same_characters(palette: object) -> None:
    assert painted(look=Look(palette)).plain() == painted().plain()  # type: ignore[arg-type]


# ---------------------------------------------------------------- links and messages


def test_a_cut_is_told_by_slashes_and_one_way_by_an_arrow() -> None:
    text = painted().plain()
    assert "╱ ╱" in text
    assert "n2╱→n4" in text
    assert "+20 ms" in text


def test_badges_do_not_hide_each_other() -> None:
    cut = tuple(LinkFace(link.a, link.b, badge=f"{link.a}{link.b}") for link in links())
    text = painted(SIZES["wide"], links=cut, packets=()).plain()
    shown = [link for link in cut if f" {link.badge} " in text]
    assert len(shown) >= len(cut) - 3


def test_the_selected_link_stands_out() -> None:
    plain, chosen = painted(packets=()), painted(packets=(), selected_link=("n4", "n7"))
    assert plain.plain() != chosen.plain()


def head(page: Paper, glyph: str) -> tuple[int, int]:
    inner = [(row, column) for row in range(1, page.height - 1) for column in range(1, page.width - 1)]
    found = [at for at in inner if page.chars[at[0]][at[1]] == glyph]
    assert len(found) == 1, found
    return found[0]


def test_a_message_goes_from_source_to_target_as_time_goes_on() -> None:
    way = [
        head(painted(links=(), packets=(PacketFace(Kind.SNAPSHOT, "n6", "n3", share),)), "■")[1]
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    assert way == sorted(set(way))
    places = geometry_of(demo_frame(), SIZES["normal"]).places
    assert places["n6"].x + places["n6"].width <= way[0]
    assert way[-1] < places["n3"].x


def test_a_message_that_is_lost_flashes_where_it_is_lost() -> None:
    def flash(age: float) -> Paper:
        return painted(links=(), packets=(PacketFace(Kind.APPEND, "n6", "n3", 0.5, lost=age),), nodes=NODES_UP)

    assert head(flash(0.1), "✕") == head(flash(0.9), "×")


NODES_UP = tuple(node for node in demo_frame().nodes if node.name != "n5")


def test_every_kind_of_message_has_a_shape_of_its_own() -> None:
    for glyphs in SETS.values():
        shapes = [*glyphs.kinds.values(), glyphs.lost]
        assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("glyphs", SETS.values(), ids=list(SETS))
def test_every_glyph_is_one_cell_wide_and_never_an_emoji(glyphs: Glyphs) -> None:
    values = [*glyphs.roles.values(), *glyphs.kinds.values(), glyphs.frozen, glyphs.isolated, glyphs.lost, glyphs.logo]
    values += [*glyphs.sparks, glyphs.head, glyphs.slash, glyphs.pointer, glyphs.block, *glyphs.playing]
    values += [glyphs.paused[0], *glyphs.sorts.values()]
    for value in values:
        assert len(value) == 1
        assert get_character_cell_size(value) == 1
        assert value not in EMOJI_FORMS, unicodedata.name(value)


def test_a_tiny_map_still_names_every_node() -> None:
    text = paint_map(demo_frame(), Size(18, 5), Look(DARK, UNICODE)).plain()
    assert all(node.name in text for node in demo_frame().nodes)


def test_nothing_is_drawn_outside_whatever_the_size() -> None:
    for width in range(1, 60, 7):
        for height in range(1, 30, 5):
            page = painted(Size(width, height))
            assert [len(row) for row in page.chars] == [width] * height
