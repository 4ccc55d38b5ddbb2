"""Where everything on the circle of a ring is, and who owns what each cell shows. The law: pure numbers, made once.

Dots are 2 x 4 to a cell and about square, so a circle of dots is round.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

from tui.ring_frame import Circle
from tui.widgets.map_geometry import BRAILLE

BAND = 4.2
"""How thick the band is, in dots."""

OUTSIDE = 4.6
"""Dots left free around it, for marks."""

STRIPED = 0.25
"""The share of a cell's slice that must move for it to be striped."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one cell shows: who owns most of it, and whose most of what moves in it will be (empty: little moves)."""

    owner: str
    coming: str = ""


@dataclass(frozen=True, slots=True)
class BandCell:
    """A cell of the band: its dots, and its place on the ring (a fraction of a turn)."""

    x: int
    y: int
    bits: int
    place: float


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """A circle of so many columns and rows. `path` are the cells in the middle of the band, clockwise from the top."""

    columns: int
    rows: int
    radius: float
    band: tuple[BandCell, ...]
    path: tuple[BandCell, ...] = field(default=())

    def cell(self, place: float, outwards: float) -> tuple[int, int]:
        """Column and row of the cell so many dots outside (or, negative, inside) of the band's outer edge."""
        x, y = self.dot(place, outwards)
        return max(0, min(self.columns - 1, int(x) >> 1)), max(0, min(self.rows - 1, int(y) >> 2))

    def dot(self, place: float, outwards: float) -> tuple[float, float]:
        """The same in dots."""
        return _dot(self.columns, self.rows, self.radius + outwards, place)

    def nearest(self, x: int, y: int) -> BandCell | None:
        """The band's cell here or beside it."""
        best = min(self.band, key=lambda cell: abs(cell.x - x) + 2 * abs(cell.y - y))
        return best if abs(best.x - x) + 2 * abs(best.y - y) <= 2 else None


def _dot(columns: int, rows: int, radius: float, place: float) -> tuple[float, float]:
    angle = place * 2 * math.pi
    return columns - 0.5 + radius * math.sin(angle), rows * 2 - 0.5 - radius * math.cos(angle)


@lru_cache(maxsize=8)
def round_of(columns: int, rows: int) -> Round:
    """The largest circle that fits."""
    radius = max(2.0, min(columns * 2, rows * 4) / 2 - OUTSIDE)
    return Round(columns, rows, radius, _band(columns, rows, radius), _path(columns, rows, radius))


def _band(columns: int, rows: int, radius: float) -> tuple[BandCell, ...]:
    bits: dict[tuple[int, int], int] = {}
    for y in range(rows * 4):
        for x in range(columns * 2):
            if radius - BAND <= math.hypot(x - columns + 0.5, y - rows * 2 + 0.5) <= radius:
                cell = (x >> 1, y >> 2)
                bits[cell] = bits.get(cell, 0) | BRAILLE[y & 3][x & 1]
    return tuple(BandCell(x, y, dots, _place(columns, rows, x, y)) for (x, y), dots in bits.items())


def _path(columns: int, rows: int, radius: float) -> tuple[BandCell, ...]:
    steps = int(radius * 8)
    cells: dict[tuple[int, int], None] = {}
    for step in range(steps):
        x, y = _dot(columns, rows, radius - BAND / 2, step / steps)
        cells[int(x) >> 1, int(y) >> 2] = None
    return tuple(BandCell(x, y, 0xFF, _place(columns, rows, x, y)) for x, y in cells)


def _place(columns: int, rows: int, x: int, y: int) -> float:
    """Where on the ring the middle of a cell is."""
    return math.atan2(x * 2 + 1 - columns, rows * 2 - (y * 4 + 2)) / (2 * math.pi) % 1.0


# ---------------------------------------------------------------- whose it is


@lru_cache(maxsize=8)
def round_slices(round_: Round, circle: Circle, coming: Circle | None) -> dict[tuple[int, int], Slice]:
    """What every cell of the band shows, by column and row."""
    width = 1.0 / max(1, len(round_.path))
    cells = (*round_.band, *round_.path)
    return {(cell.x, cell.y): slice_at(circle, coming, cell.place - width / 2, width) for cell in cells}


@lru_cache(maxsize=8)
def ribbon_slices(columns: int, circle: Circle, coming: Circle | None) -> tuple[Slice, ...]:
    """The ring unrolled, from left to right."""
    return tuple(slice_at(circle, coming, column / columns, 1.0 / columns) for column in range(columns))


def slice_at(circle: Circle, coming: Circle | None, begin: float, width: float) -> Slice:
    """Who owns most of the slice, and who gains most in it if enough of it moves."""
    owner = _most(circle, begin, width)[0]
    if coming is None:
        return Slice(owner)
    gained: dict[str, float] = {}
    at = begin
    for size, new in coming.arcs(begin, begin + width):
        for part, old in circle.arcs(at, at + size):
            if old != new:
                gained[new] = gained.get(new, 0.0) + part
        at += size
    moves = sum(gained.values()) >= STRIPED * width
    return Slice(owner, max(gained, key=lambda node: gained[node]) if moves else "")


def _most(circle: Circle, begin: float, width: float) -> tuple[str, float]:
    widths: dict[str, float] = {}
    for size, owner in circle.arcs(begin, begin + width):
        widths[owner] = widths.get(owner, 0.0) + size
    best = max(widths, key=lambda owner: widths[owner])
    return best, widths[best]


def labelled(owners: tuple[str, ...]) -> tuple[bool, ...]:
    """Which of neighbouring cells bear their owner's mark: the middle one of those with the same owner."""
    shown = [False] * len(owners)
    first = 0
    for place in range(1, len(owners) + 1):
        if place == len(owners) or owners[place] != owners[first]:
            shown[(first + place - 1) // 2] = True
            first = place
    return tuple(shown)
