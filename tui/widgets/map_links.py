"""The layer of the map that seldom changes: frame, links and legend. It is drawn once and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style
from textual.geometry import Size

from tui.frame import LinkFace
from tui.kinds import Legend
from tui.look import Look
from tui.paper import Paper
from tui.theme import ink, mix
from tui.widgets.cells import panel
from tui.widgets.map_geometry import Geometry, Point

CROWD = 9
"""From so many servers on, only links where something is or could be going on are drawn."""

BADGE_SPOTS = (0.5, 0.4, 0.6, 0.32, 0.68, 0.25, 0.75)
"""Where along a link its badge may stand."""

Links = tuple[LinkFace, ...]
Badge = tuple[int, int, str, Style]
"""Column, row, words and their style."""

Dots = dict[tuple[int, int], tuple[int, str]]
"""By row and column: the bits of a cell and its colour."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a link is drawn: a dot every `gap` dots. Higher `rank` is drawn over lower."""

    rank: int
    gap: int
    color: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """The page, the dots on it (messages add theirs), and badges, which stand above tails and below heads."""

    page: Paper
    dots: Dots
    badges: tuple[Badge, ...]


@lru_cache(maxsize=8)
def links_layer(
    geometry: Geometry,
    links: Links,
    down: frozenset[str],
    leader: str,
    chosen: tuple[str, str] | None,
    legend: Legend,
    look: Look,
) -> Layer:
    """`down` nodes' links are faint, the leader's stand out, `chosen` is selected, `legend` is what can be on them."""
    page = panel(Size(geometry.width, geometry.height), look, "", ground=look.palette.ground)
    crowd = len({name for link in links for name in (link.a, link.b)}) > CROWD
    strokes = [(_stroke(link, down, leader, chosen, look), link) for link in links]
    dots: Dots = {}
    for stroke, link in sorted(strokes, key=lambda each: each[0].rank):
        if stroke.rank > 1 or not crowd:
            _draw(dots, geometry, link, stroke)
    for (row, column), (bits, color) in dots.items():
        page.text(column, row, chr(0x2800 + bits) if look.glyphs.braille else ".", ink(color, look.palette.ground))
    _legend(page, legend, look)
    return Layer(page, dots, tuple(_badges(geometry, links, look)))


def _stroke(link: LinkFace, down: frozenset[str], leader: str, chosen: tuple[str, str] | None, look: Look) -> Stroke:
    colors = look.palette
    blocked = link.there_blocked or link.back_blocked
    if chosen is not None and {link.a, link.b} == set(chosen):
        return Stroke(5, 1, colors.vermilion if blocked else colors.bright, blocked)
    if blocked:
        return Stroke(4, 2, colors.vermilion, True)
    if link.badge:
        return Stroke(3, 4, mix(colors.gold, colors.ground, 0.4))
    if link.a in down or link.b in down:
        return Stroke(0, 8, colors.link_dead)
    if leader in (link.a, link.b):
        return Stroke(2, 2, colors.link_hot)
    return Stroke(1, 4, colors.link)


def _draw(dots: Dots, geometry: Geometry, link: LinkFace, stroke: Stroke) -> None:
    lane = geometry.lane(link.a, link.b, 0.0)
    middle = (len(lane) * 0.44, len(lane) * 0.56)
    covered: set[tuple[int, int]] = set()
    for number, (row, column, bit) in enumerate(lane):
        if number % stroke.gap or (stroke.dashed and (number // 4 % 2 or middle[0] < number < middle[1])):
            continue
        cell = (row, column)
        old = dots.get(cell)
        fresh = old is None or (stroke.rank > 2 and cell not in covered)
        covered.add(cell)
        dots[cell] = (bit if fresh or old is None else old[0] | bit, stroke.color)


# ---------------------------------------------------------------- badges and legend


def _badges(geometry: Geometry, links: Links, look: Look) -> Iterator[Badge]:
    taken: list[tuple[int, int, int]] = []
    for link in links:
        text, color = badge(link, look)
        lane = geometry.lane(link.a, link.b, 0.0)
        spot = _spot(text, lane, taken, geometry) if text and lane else None
        if spot is not None:
            x, y = spot
            taken.append((x, y, len(text)))
            only_slashes = not text.strip(f"{look.glyphs.slash} ")
            ground = look.palette.ground if only_slashes else look.tint(look.palette.ground, color, 0.14)
            yield x, y, text, ink(color, ground, bold=True)


def badge(link: LinkFace, look: Look) -> tuple[str, str]:
    """What stands in the middle of a link, and its colour: slashes for a cut, words for the rest."""
    colors, glyphs = look.palette, look.glyphs
    if link.there_blocked and link.back_blocked:
        return f"{glyphs.slash} {glyphs.slash}", colors.vermilion
    words = f" {link.badge}" if link.badge else ""
    if link.there_blocked or link.back_blocked:
        source, target = (link.a, link.b) if link.there_blocked else (link.b, link.a)
        return f" {source}{glyphs.slash}{glyphs.arrow}{target}{words} ", colors.vermilion
    return (f"{words} ", colors.gold) if words else ("", "")


def _spot(
    text: str, lane: tuple[Point, ...], taken: list[tuple[int, int, int]], geometry: Geometry
) -> tuple[int, int] | None:
    """The first place along the lane where a badge hides neither a card nor another badge."""
    for share in BADGE_SPOTS:
        row, column, _ = lane[min(len(lane) - 1, int(len(lane) * share))]
        x = max(1, min(geometry.width - 1 - len(text), column - len(text) // 2))
        others = any(row == y and x < other + size + 1 and other < x + len(text) + 1 for other, y, size in taken)
        cards = any(geometry.node_at(each, row) for each in range(x, x + len(text)))
        if not others and not cards:
            return x, row
    return None


def _legend(page: Paper, legend: Legend, look: Look) -> None:
    """As many kinds as fit into the lower edge; what is lost always."""
    colors, glyphs = look.palette, look.glyphs
    ground = colors.ground
    x, y = 3, page.height - 1
    lost = len(" x lost ")
    for group in legend:
        word = group[0].value
        if x + len(word) + len(group) + 3 + lost > page.width - 3:
            break
        x = page.text(x, y, " ", ink(colors.dim, ground))
        for kind in group:
            x = page.text(x, y, glyphs.kinds[kind], ink(look.kind(kind), ground, bold=True))
        x = page.text(x, y, f" {word} ", ink(colors.dim, ground))
    x = page.text(x, y, f" {glyphs.lost}", ink(colors.vermilion, ground, bold=True))
    page.text(x, y, " lost ", ink(colors.dim, ground))
