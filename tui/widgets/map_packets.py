"""Messages on the map: a head whose shape is the kind, and a tail like a comet's along its lane."""

from __future__ import annotations

from rich.style import Style

from tui.frame import PacketFace
from tui.glyphs import Kind
from tui.kinds import QUIET
from tui.look import Look
from tui.paper import Paper
from tui.theme import ink, mix
from tui.widgets.map_geometry import Geometry, Point
from tui.widgets.map_links import Dots, Layer

TAIL = 13
SHORT_TAIL = 5
"""Dots."""

FADES = 5
"""Steps from a tail's end to its head."""

Head = tuple[int, int, str, Style]


def draw_packets(page: Paper, geometry: Geometry, layer: Layer, packets: tuple[PacketFace, ...], look: Look) -> None:
    """Tails first, then badges, then heads, so that no head is hidden by a tail."""
    tails: dict[tuple[int, int], tuple[int, str, int]] = {}
    heads: list[Head] = []
    for packet in packets:
        lane = geometry.lane(packet.source, packet.target)
        if not lane:
            continue
        at = min(len(lane) - 1, int(packet.progress * len(lane)))
        if packet.lost is not None:
            heads.append(_flash(lane[at], packet.lost, look))
            continue
        if packet.kind is not Kind.PULL:
            _tail(tails, lane, at, packet.kind, layer.dots, look)
        color = ink(look.kind(packet.kind), look.palette.ground, bold=True)
        heads.append((lane[at][0], lane[at][1], look.glyphs.kinds[packet.kind], color))
    _put_tails(page, tails, look)
    for x, y, text, style in layer.badges:
        page.text(x, y, text, style)
    for row, column, glyph, style in heads:
        page.chars[row][column] = glyph
        page.styles[row][column] = style


def _tail(
    tails: dict[tuple[int, int], tuple[int, str, int]],
    lane: tuple[Point, ...],
    at: int,
    kind: Kind,
    dots: Dots,
    look: Look,
) -> None:
    """Add the dots behind `at`; where tails cross, the brighter one gives the colour."""
    length = SHORT_TAIL if kind in QUIET else TAIL
    color = look.kind(kind)
    first = max(0, at - length)
    for place in range(first, at):
        row, column, bit = lane[place]
        fade = (place - at + length) * FADES // length
        cell = (row, column)
        old = tails.get(cell)
        if old is None:
            below = dots.get(cell)
            tails[cell] = (bit | below[0] if below else bit, color, fade)
        elif fade > old[2]:
            tails[cell] = (old[0] | bit, color, fade)
        else:
            tails[cell] = (old[0] | bit, old[1], old[2])


def _put_tails(page: Paper, tails: dict[tuple[int, int], tuple[int, str, int]], look: Look) -> None:
    ground = look.palette.ground
    for (row, column), (bits, color, fade) in tails.items():
        page.chars[row][column] = chr(0x2800 + bits) if look.glyphs.braille else look.glyphs.thin
        page.styles[row][column] = ink(mix(ground, color, 0.24 + 0.14 * fade), ground)


def _flash(point: Point, age: float, look: Look) -> Head:
    """Where a packet was lost: bright first, then it fades."""
    row, column, _ = point
    colors, glyphs = look.palette, look.glyphs
    strength = 1.0 if age < 0.4 else 0.75 if age < 0.7 else 0.5
    ground = look.tint(colors.ground, colors.vermilion, 0.35 if age < 0.4 else 0.0)
    return (
        row,
        column,
        glyphs.lost if age < 0.7 else glyphs.lost_faint,
        ink(mix(colors.ground, colors.vermilion, strength), ground, bold=age < 0.7),
    )
