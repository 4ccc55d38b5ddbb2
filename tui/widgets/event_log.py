"""The event log: what the machines say about themselves and what was done to them, the newest at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.geometry import Size

from tui.frame import Frame, Happening
from tui.glyphs import Sort
from tui.look import Look
from tui.paper import Paper, clip
from tui.theme import ink, mix
from tui.widgets.cells import CellWidget, EventPicked, panel

LOUD = (Sort.LEADER, Sort.ELECTION, Sort.DOWN, Sort.UP, Sort.TROUBLE, Sort.LOST, Sort.WRONG, Sort.HEALED)
NEW = 4
"""Flashes that a line stays tinted."""


@dataclass(frozen=True, slots=True)
class Scroll:
    """How far back one has scrolled: so many lines are newer than the last one shown. `picked` is a line's number."""

    back: int = 0
    picked: int = 0


NEWEST = Scroll()

MOST_NAMES = 4

ROOM_FOR_SERVICE = 70
"""Columns from which on a line names its service."""

INDENT = 11
"""Columns before the node: the time and the glyph."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: a line of the log, or the rest of one whose first `part` pieces stand above."""

    line: Happening
    text: str
    part: int


def visible(frame: Frame, size: Size, scroll: Scroll) -> tuple[Shown, ...]:
    """The rows that are shown, from top to bottom."""
    rows = max(0, size.height - 2)
    lines = frame.happenings.lines
    shown: list[Shown] = []
    for line in reversed(lines[: max(min(rows, len(lines)), len(lines) - scroll.back)]):
        if len(shown) >= rows:
            break
        parts = _parts(line, size.width - 2, scroll.picked == line.number, _tag(line, frame, size.width - 2))
        shown += [Shown(line, text, part) for part, text in reversed(list(enumerate(parts)))]
    return tuple(reversed(shown[:rows]))


def _tag(line: Happening, frame: Frame, width: int) -> str:
    """Whose machine speaks, where there are several and there is room to say it."""
    return f"{line.service} " if line.service and len(frame.services) > 1 and width >= ROOM_FOR_SERVICE else ""


def _parts(line: Happening, width: int, picked: bool, tag: str) -> list[str]:
    """What is loud or picked is told in full, the rest is cut."""
    if line.sort not in LOUD and not picked:
        return [line.text]
    room = width - INDENT - (len(names(line)) + 1 if line.node else 0) - len(tag)
    return _wrapped(line.text, max(12, room), width - INDENT)


def names(line: Happening) -> str:
    """Who says it: the first few of many are named, the rest counted."""
    nodes = line.node.split()
    return (
        line.node if len(nodes) <= MOST_NAMES else f"{' '.join(nodes[: MOST_NAMES - 1])} +{len(nodes) - MOST_NAMES + 1}"
    )


def _wrapped(text: str, first: int, others: int) -> list[str]:
    """Words on lines of `first` and then `others` columns."""
    lines, room = [""], first
    for word in text.split():
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(word) > room:
            lines.append(word)
            room = others
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def paint_events(frame: Frame, size: Size, look: Look, scroll: Scroll = NEWEST) -> Paper:
    """The whole pane."""
    happenings = frame.happenings
    title = f"events with {happenings.filter!r}" if happenings.filter else "events"
    page = panel(size, look, title, f"{happenings.total:,}")
    for y, shown in enumerate(visible(frame, size, scroll), 1):
        draw_row(page, 1, y, size.width - 1, shown, frame, look, picked=shown.line.number == scroll.picked)
    if happenings.filter and not happenings.lines:
        words = "nothing yet has these words"
        page.text(2, 1, clip(words, size.width - 4), look.on_panel(look.palette.dim))
    if scroll.back:
        page.text(2, size.height - 1, f" {scroll.back} newer below · end ", look.on_panel(look.palette.gold))
    return page


def draw_row(
    page: Paper, x: int, y: int, end: int, shown: Shown, frame: Frame, look: Look, picked: bool = False
) -> None:
    """Time, sort, node and words; new lines glow for a moment."""
    line, colors, width = shown.line, look.palette, end - x
    color = look.sort(line.sort)
    ground = _ground(line, frame, color, picked, look)
    page.fill(x, y, end - x, ink(colors.dim, ground))
    words = ink(color if line.sort in LOUD else mix(ground, colors.text, 0.75), ground)
    if shown.part:
        page.text(x + INDENT, y, shown.text, words, end)
        return
    x = page.text(x, y, f"{line.at / 1e6:>8.3f} ", ink(colors.dim if picked else colors.faint, ground))
    x = page.text(x, y, look.glyphs.sorts[line.sort], ink(color, ground, bold=True)) + 1
    if line.node:
        x = page.text(x, y, f"{names(line)} ", ink(colors.text, ground, bold=True), end)
    x = page.text(x, y, _tag(line, frame, width), ink(colors.faint, ground), end)
    more = f"  +{line.more}" if line.more and not shown.part else ""
    x = page.text(x, y, clip(shown.text, end - x - len(more), look.glyphs.ellipsis), words, end)
    x = page.text(x, y, more, ink(colors.dim, ground), end)
    if line.source and len(line.source) + 2 <= end - x:
        page.text(end - len(line.source), y, line.source, ink(colors.faint, ground))


def _ground(line: Happening, frame: Frame, color: str, picked: bool, look: Look) -> str:
    if picked:
        return look.tint(look.palette.panel, look.palette.sky, 0.25)
    age = frame.now - line.at
    period = frame.flash * NEW
    if not 0 <= age < period:
        return look.palette.panel
    return look.tint(look.palette.panel, color, 0.16 * (4 - age * 4 // period) / 4)


class EventsPane(CellWidget):
    """The wheel and the arrow keys scroll; a click picks a line. It stays at the newest until one scrolls back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "back(1)", "Older"),
        ("down", "back(-1)", "Newer"),
        ("pageup", "page(1)", "Older page"),
        ("pagedown", "page(-1)", "Newer page"),
        ("home", "oldest", "Oldest"),
        ("end", "newest", "Newest"),
    ]

    _scroll = NEWEST

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_events`."""
        return paint_events(frame, size, look, self._scroll)

    def show(self, frame: Frame) -> None:
        """While one has scrolled back, the lines stay where they are and new ones come below."""
        if self._scroll.back and self.frame is not None and frame.happenings.filter == self.frame.happenings.filter:
            self._look_back(self._scroll.back + frame.happenings.total - self.frame.happenings.total, frame)
        super().show(frame)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """New lines, or old ones that still glow."""
        if old.happenings != new.happenings:
            return True
        last = new.happenings.lines[-1].at if new.happenings.lines else -1
        return old.now != new.now and old.now - last < NEW * max(old.flash, new.flash)

    def _look_back(self, back: int, frame: Frame) -> None:
        most = max(0, len(frame.happenings.lines) - max(1, self.size.height - 2))
        self._scroll = Scroll(max(0, min(back, most)), self._scroll.picked)

    def action_back(self, lines: int) -> None:
        """So many lines towards the past."""
        if self.frame is not None:
            self._look_back(self._scroll.back + lines, self.frame)
            self.repaint()

    def action_page(self, pages: int) -> None:
        """So many pages towards the past."""
        self.action_back(pages * max(1, self.size.height - 3))

    def action_oldest(self) -> None:
        """As far back as lines are kept."""
        self.action_back(1_000_000)

    def action_newest(self) -> None:
        """Follow what comes."""
        self.action_back(-1_000_000)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Towards the past."""
        event.stop()
        self.action_back(3)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Towards now."""
        event.stop()
        self.action_back(-3)

    def on_click(self, event: events.Click) -> None:
        """Pick a line."""
        if self.frame is None:
            return
        lines = visible(self.frame, self.size, self._scroll)
        if 0 < event.y <= len(lines):
            line = lines[event.y - 1].line
            self._scroll = Scroll(self._scroll.back, line.number)
            self.repaint()
            self.post_message(EventPicked(line.number, line.at, line.node))
