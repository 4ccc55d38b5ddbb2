"""The ring itself: a round band where there is room for it, else unrolled into a ribbon.

The law: whose a piece is, is told by its owner's mark as well as by colour; what moves is striped; and a key that has
just been written stands beside the band for a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.frame import Frame
from tui.look import Look
from tui.paper import Paper, clip
from tui.ring_frame import Circle, RingFrame
from tui.theme import ink, mix
from tui.widgets.map_geometry import BRAILLE
from tui.widgets.ring_geometry import BAND, BandCell, Round, Slice, labelled, ribbon_slices, round_of, round_slices

MARKS_OUT = 2.6
WALK_IN = -BAND - 2.4
"""Dots from the outer edge of the band: of marks, and of the walk to the chosen key's replicas."""

RIBBON_ROWS = 3
"""Marks, the band, and the chosen key's name."""

QUIETER = 0.72
"""How strong the pieces of other nodes are beside those of the selected one."""


@dataclass(frozen=True, slots=True)
class Hues:
    """Mark and colour of every node of the ring."""

    marks: dict[str, str]
    colors: dict[str, str]

    def of(self, node: str) -> tuple[str, str]:
        """Of one node; one that nobody knows is grey."""
        return self.marks.get(node, "?"), self.colors.get(node, "#808080")


def hues_of(frame: Frame, ring: RingFrame, look: Look) -> Hues:
    """Loud for the selected node, faint for those that are down."""
    colors = {}
    for row in ring.loads:
        strength = 0.4 if not row.up else 1.0 if row.node == frame.selected else QUIETER
        colors[row.node] = mix(look.palette.panel, look.hue(row.ring.hue), strength)
    return Hues({row.node: row.ring.mark for row in ring.loads}, colors)


# ---------------------------------------------------------------- round


def draw_round(page: Paper, x: int, y: int, columns: int, rows: int, frame: Frame, ring: RingFrame, look: Look) -> None:
    """The circle in a box of so many cells, the upper left of them at `x`, `y`."""
    if ring.circle is None:
        return
    round_ = round_of(columns, rows)
    hues = hues_of(frame, ring, look)
    slices = round_slices(round_, ring.circle, ring.coming)
    if look.glyphs.braille:
        for cell in round_.band:
            _band_cell(page, x, y, cell, slices[cell.x, cell.y], hues, look)
    pieces = [slices[cell.x, cell.y] for cell in round_.path]
    named = labelled(tuple(piece.owner + piece.coming for piece in pieces))
    for cell, piece, label in zip(round_.path, pieces, named, strict=True):
        if label or not look.glyphs.braille:
            _label(page, x + cell.x, y + cell.y, piece, hues, look)
    _middle(page, x, y, round_, ring, look)
    _walk(page, x, y, round_, ring, hues, look)
    for place, glyph, color in _marks(ring, look):
        column, row = round_.cell(place, MARKS_OUT)
        page.text(x + column, y + row, glyph, look.on_panel(color, bold=True))


def _band_cell(page: Paper, x: int, y: int, cell: BandCell, piece: Slice, hues: Hues, look: Look) -> None:
    panel = look.palette.panel
    char, color, ground = chr(0x2800 + cell.bits), hues.of(piece.owner)[1], panel
    if piece.coming:
        char, ground = look.glyphs.stripe, mix(panel, color, 0.45)
        color = hues.of(piece.coming)[1]
    page.text(x + cell.x, y + cell.y, char, ink(color, ground))


def _label(page: Paper, x: int, y: int, piece: Slice, hues: Hues, look: Look) -> None:
    """The mark of the owner, or underlined that of who takes it over."""
    mark, color = hues.of(piece.coming or piece.owner)
    moves = bool(piece.coming)
    page.text(x, y, mark, ink(look.palette.ink, color, bold=moves, underline=moves))


def _middle(page: Paper, x: int, y: int, round_: Round, ring: RingFrame, look: Look) -> None:
    """What the ring is, in the hole of it."""
    colors = look.palette
    n, r, w = ring.quorum
    tokens = len(ring.circle.bounds) if ring.circle else 0
    lines = [(f"epoch {ring.epoch}", colors.text), (f"{len(ring.members)} nodes", colors.dim),
             (f"{tokens} tokens", colors.dim), (f"n{n} r{r} w{w}", colors.dim)]  # fmt: skip
    room = int(round_.radius - BAND - 3)
    if len(lines) * 4 > room * 1.4:
        lines = lines[:1]
    top = round_.rows // 2 - len(lines) // 2
    for row, (words, color) in enumerate(lines):
        shown = clip(words, room, look.glyphs.ellipsis)
        page.text(x + (round_.columns - len(shown)) // 2, y + top + row, shown, look.on_panel(color))


def _walk(page: Paper, x: int, y: int, round_: Round, ring: RingFrame, hues: Hues, look: Look) -> None:
    """Inside the band, from the chosen key clockwise to the tokens that give its replicas (Dynamo 4.3)."""
    tokens = [(each.token, each.node) for each in ring.key.replicas if each.token is not None] if ring.key else []
    if ring.key is None or not tokens:
        return
    end = max((token - ring.key.place) % 1.0 for token, _ in tokens if token is not None)
    steps = max(1, int(end * round_.radius * 7))
    dots: dict[tuple[int, int], int] = {}
    for step in range(steps + 1):
        column, row, bit = _dot_of(round_, ring.key.place + end * step / steps)
        dots[column, row] = dots.get((column, row), 0) | bit
    for (column, row), bits in dots.items():
        char = chr(0x2800 + bits) if look.glyphs.braille else look.glyphs.thin
        page.text(x + column, y + row, char, look.on_panel(look.palette.bright))
    for token, node in reversed(tokens):
        column, row = round_.cell(token or 0.0, WALK_IN - 2.5)
        page.text(x + column, y + row, hues.of(node)[0], look.on_panel(hues.of(node)[1], bold=True))


def _dot_of(round_: Round, place: float) -> tuple[int, int, int]:
    x, y = round_.dot(place, WALK_IN)
    return int(x) >> 1, int(y) >> 2, BRAILLE[int(y) & 3][int(x) & 1]


def _marks(ring: RingFrame, look: Look) -> Iterator[tuple[float, str, str]]:
    """Keys that were just written, then the chosen one: place, glyph and colour."""
    colors, glyphs = look.palette, look.glyphs
    for landing in sorted(ring.landings, key=lambda each: -each.age):
        glyph = glyphs.landed if landing.age < 0.5 else glyphs.landed_faint
        yield landing.place, glyph, mix(colors.panel, colors.gold, 1.0 - 0.6 * landing.age)
    if ring.key is not None:
        yield ring.key.place, glyphs.chosen, colors.bright


# ---------------------------------------------------------------- unrolled


def draw_ribbon(page: Paper, x: int, y: int, columns: int, frame: Frame, ring: RingFrame, look: Look) -> None:
    """`RIBBON_ROWS` rows from `y` on."""
    if ring.circle is None:
        return
    hues = hues_of(frame, ring, look)
    pieces = ribbon_slices(columns, ring.circle, ring.coming)
    named = labelled(tuple(piece.owner + piece.coming for piece in pieces))
    for column, (piece, label) in enumerate(zip(pieces, named, strict=True)):
        _piece(page, x + column, y + 1, piece, label, hues, look)
    page.text(x, y, "0", look.on_panel(look.palette.faint))
    for place, glyph, color in _marks(ring, look):
        page.text(x + int(place * columns), y, glyph, look.on_panel(color, bold=True))
    _key_below(page, x, y + 2, columns, ring, hues, look)


def _piece(page: Paper, x: int, y: int, piece: Slice, label: bool, hues: Hues, look: Look) -> None:
    if not piece.coming or label:
        _label(page, x, y, piece, hues, look)
        return
    ground = mix(look.palette.panel, hues.of(piece.owner)[1], 0.45)
    page.text(x, y, look.glyphs.stripe, ink(hues.of(piece.coming)[1], ground))


def _key_below(page: Paper, x: int, y: int, columns: int, ring: RingFrame, hues: Hues, look: Look) -> None:
    """The chosen key under its place, with its homes."""
    if ring.key is None:
        return
    homes = [each.node for each in ring.key.replicas if each.token is not None]
    column = min(columns - 1, int(ring.key.place * columns))
    width = len(ring.key.key) + 2 + sum(len(home) + 1 for home in homes)
    left = column + 1 + width > columns
    at = x + max(0, column - width) if left else x + column
    if not left:
        at = page.text(at, y, "└", look.on_panel(look.palette.dim))
    at = page.text(at, y, clip(ring.key.key, columns, look.glyphs.ellipsis), look.on_panel(look.palette.bright, True))
    at = page.text(at, y, " ", look.on_panel(look.palette.dim))
    for home in homes:
        at = page.text(at, y, f"{home} ", look.on_panel(hues.of(home)[1]), x + columns)
    if left:
        page.text(x + column, y, "┘", look.on_panel(look.palette.dim))


def owner_at(circle: Circle | None, place: float) -> str:
    """Whose this place is; empty if nobody's."""
    return circle.owner_at(place) if circle else ""
