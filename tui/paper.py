"""A page of terminal cells. The law: drawing is pure, and a later text covers an earlier one, cell by cell.

Cells are two parallel lists a row, characters and styles; style objects are shared, so that rows can be compared and
joined into spans by identity.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.glyphs import Border

Row = tuple[list[str], list[Style]]
"""Characters and styles of one line. The second cell of a wide character holds the empty string."""

NEAR = 6
"""Two changed spans with fewer unchanged cells between them are repainted as one."""


class Paper:
    """`width` x `height` cells; what falls outside is cut off."""

    __slots__ = ("chars", "height", "styles", "width")

    def __init__(self, width: int, height: int, style: Style) -> None:
        self.width, self.height = width, height
        self.chars = [[" "] * width for _ in range(height)]
        self.styles = [[style] * width for _ in range(height)]

    def copy(self) -> Paper:
        """Another page that looks the same."""
        other = object.__new__(Paper)
        other.width, other.height = self.width, self.height
        other.chars = [row.copy() for row in self.chars]
        other.styles = [row.copy() for row in self.styles]
        return other

    def text(self, x: int, y: int, text: str, style: Style, until: int | None = None) -> int:
        """Write `text` from column `x` on and at most up to `until`; returns the column behind it."""
        if not 0 <= y < self.height:
            return x + cell_len(text)
        end = self.width if until is None else min(until, self.width)
        if (text.isascii() and text.isprintable()) or _is_narrow(text):
            self._plain(x, y, text, style, end)
            return x + len(text)
        for char in text:
            x = self._char(x, y, char, style, end)
        return x

    def _plain(self, x: int, y: int, text: str, style: Style, end: int) -> None:
        shown = text[max(0, -x) : max(0, end - x)]
        begin = max(0, x)
        self.chars[y][begin : begin + len(shown)] = shown
        self.styles[y][begin : begin + len(shown)] = [style] * len(shown)

    def _char(self, x: int, y: int, char: str, style: Style, end: int) -> int:
        width = get_character_cell_size(char) if char.isprintable() else 1
        if width == 0:
            return x
        if x < 0 or x + width > end:
            return x + width
        self.chars[y][x] = char if char.isprintable() else "·"
        self.styles[y][x] = style
        if width == 2:
            self.chars[y][x + 1] = ""
            self.styles[y][x + 1] = style
        return x + width

    def fill(self, x: int, y: int, width: int, style: Style) -> None:
        """Spaces."""
        self.text(x, y, " " * width, style)

    def box(self, x: int, y: int, width: int, height: int, border: Border, style: Style) -> None:
        """A frame with nothing in it."""
        inner = width - 2
        self.text(x, y, border.upper_left + border.top * inner + border.upper_right, style)
        for line in range(y + 1, y + height - 1):
            self.text(x, line, border.side + " " * inner + border.side, style)
        self.text(x, y + height - 1, border.lower_left + border.bottom * inner + border.lower_right, style)

    def rows(self) -> Iterator[Row]:
        """From top to bottom."""
        return zip(self.chars, self.styles, strict=True)

    def plain(self) -> str:
        """Only the characters, without spaces at the ends of lines."""
        return "\n".join("".join(row).rstrip() for row in self.chars)


@lru_cache(maxsize=8192)
def _is_narrow(text: str) -> bool:
    """Each of its characters takes one cell."""
    return all(char.isprintable() and get_character_cell_size(char) == 1 for char in text)


def clip(text: str, width: int, ellipsis: str = "…") -> str:
    """`text`, or as much of it as fits into `width` cells with an ellipsis at the end."""
    if (len(text) <= width and text.isascii()) or cell_len(text) <= width:
        return text
    shown = text[: max(0, width - 1)]
    while cell_len(shown) > width - 1 and shown:
        shown = shown[:-1]
    return shown + ellipsis if width > 0 else ""


def strip_of(row: Row) -> Strip:
    """A row as what Textual paints."""
    chars, styles = row
    width = len(chars)
    segments = []
    begin = 0
    while begin < width:
        style = styles[begin]
        end = begin + 1
        while end < width and styles[end] is style:
            end += 1
        segments.append(Segment("".join(chars[begin:end]), style))
        begin = end
    return Strip(segments, width)


def changed_spans(old: Row | None, new: Row) -> list[tuple[int, int]]:
    """Where the rows differ, as (begin, end) columns; near ones are one."""
    width = len(new[0])
    if old is None or len(old[0]) != width:
        return [(0, width)]
    if old[0] == new[0] and old[1] == new[1]:
        return []
    spans: list[tuple[int, int]] = []
    for x, (a, b, c, d) in enumerate(zip(old[0], new[0], old[1], new[1], strict=True)):
        if a == b and c is d:
            continue
        if spans and x - spans[-1][1] < NEAR:
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return [_whole(old[0], new[0], *span) for span in spans]


def _whole(old: list[str], new: list[str], begin: int, end: int) -> tuple[int, int]:
    """A span never cuts a wide character of either row in two."""
    while begin > 0 and (old[begin] == "" or new[begin] == ""):
        begin -= 1
    while end < len(new) and (old[end] == "" or new[end] == ""):
        end += 1
    return begin, end
