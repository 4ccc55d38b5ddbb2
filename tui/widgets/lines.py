"""Lines of text in a pane, made of pieces that can be clicked.

The law: a line knows nothing of where it stands; whoever draws it says what can be clicked where.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap

from rich.style import Style

from tui.look import Look
from tui.paper import Paper
from tui.theme import ink


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; a click on it picks `key` (a key of a ring store, a partition of a broker cluster) or
    `node`."""

    text: str
    style: Style
    key: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces from left to right; `ground` is filled behind them, if there is one."""

    pieces: tuple[Piece, ...]
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a click picks something."""

    x: int
    y: int
    width: int
    key: str = ""
    node: str = ""


def draw_lines(page: Paper, x: int, y: int, width: int, rows: int, lines: Iterable[Line], look: Look) -> list[Spot]:
    """As many lines as there are rows; the result is what can be clicked."""
    spots: list[Spot] = []
    for row, line in enumerate(lines):
        if row >= rows:
            break
        if line.ground:
            page.fill(x, y + row, width, ink(look.palette.dim, line.ground))
        at = x
        for piece in line.pieces:
            end = page.text(at, y + row, piece.text, piece.style, x + width)
            if piece.key or piece.node:
                spots.append(Spot(at, y + row, end - at, piece.key, piece.node))
            at = end
    return spots


def wrapped(text: str, width: int, style: Style, indent: str = "  ") -> list[Line]:
    """A sentence over as many lines as it takes, broken between words only; `indent` is before all but the first."""
    parts = wrap(text, max(8, width), subsequent_indent=indent, break_long_words=True)
    return [Line((Piece(part, style),)) for part in parts]
