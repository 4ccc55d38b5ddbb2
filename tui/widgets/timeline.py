"""The whole run from its beginning: how much was said when, what happened, and who led.

The law: the scale is doubled whenever the run outgrows it, so everything there ever was can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Size

from tui.frame import Course, Frame
from tui.look import Look
from tui.pace import duration
from tui.paper import Paper
from tui.theme import ink, mix
from tui.widgets.cells import CellWidget, InstantPicked, panel

HEAD = 17
"""Columns before the first instant: whether time goes on, what time it is, how fast it goes."""

NICE = (1, 2, 5)
BETWEEN_TICKS = 12
FULL = 0.92
"""How much of the width a run may fill before the scale doubles."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Column `left` is instant 0, and each of `columns` columns is `each` microseconds."""

    left: int
    columns: int
    each: int

    def column(self, at: int) -> int:
        """Where an instant stands."""
        return self.left + min(self.columns - 1, at // self.each)

    def instant(self, column: int) -> int:
        """What stands in a column, its beginning."""
        return max(0, column - self.left) * self.each


def scale_of(frame: Frame, width: int) -> Scale:
    """The finest one that holds the run."""
    columns = max(1, width - HEAD - 2)
    each = frame.course.width
    while max(frame.now, frame.course.end) > columns * FULL * each:
        each *= 2
    return Scale(HEAD, columns, each)


def paint_timeline(frame: Frame, size: Size, look: Look) -> Paper:
    """With two rows inside, rate over events; with one, only the events."""
    page = panel(size, look, "timeline", f"{frame.messages:,} messages")
    scale = scale_of(frame, size.width)
    last = size.height - 2
    _clock(page, frame, look, two_rows=last > 1)
    if last > 1:
        _rate(page, frame, scale, last - 1, look)
    _line(page, frame, scale, last, look)
    _marks(page, frame, scale, last, look)
    _ticks(page, scale, look)
    return page


def _clock(page: Paper, frame: Frame, look: Look, two_rows: bool) -> None:
    colors, glyphs = look.palette, look.glyphs
    icon, color = (glyphs.paused, colors.gold) if frame.paused else (glyphs.playing, colors.mint)
    x = page.text(2, 1, f"{icon} ", look.on_panel(color, bold=True))
    page.text(x, 1, f"{frame.now / 1e6:>9.3f} s", look.on_panel(colors.text, bold=True), HEAD - 1)
    if two_rows:
        past = frame.course.end > frame.now
        page.text(2, 2, "past" if past else frame.pace, look.on_panel(colors.gold if past else colors.dim), HEAD - 1)


def _rate(page: Paper, frame: Frame, scale: Scale, y: int, look: Look) -> None:
    """Messages received, as blocks."""
    colors, sparks = look.palette, look.glyphs.sparks
    counts = rates(frame.course, scale)
    most = max(counts, default=0) or 1
    for number, count in enumerate(counts):
        height = max(1, round(count / most * (len(sparks) - 1))) if count else 0
        page.text(scale.left + number, y, sparks[height],
                  look.on_panel(mix(colors.panel, colors.sky, 0.35 + 0.5 * count / most)))  # fmt: skip


def rates(course: Course, scale: Scale) -> list[int]:
    """The buckets, joined into columns."""
    joined = max(1, scale.each // course.width)
    buckets = course.buckets[: joined * scale.columns]
    return [sum(buckets[place : place + joined]) for place in range(0, len(buckets), joined)]


def _line(page: Paper, frame: Frame, scale: Scale, y: int, look: Look) -> None:
    """The run: heavy where somebody led, in the colour of the term; thin where nobody did."""
    colors, glyphs = look.palette, look.glyphs
    now, end = scale.column(frame.now), scale.column(max(frame.now, frame.course.end))
    page.text(scale.left, y, glyphs.past * (end + 1 - scale.left), look.on_panel(colors.link_hot))
    page.text(end + 1, y, glyphs.future * (scale.left + scale.columns - end - 1), look.on_panel(colors.line))
    reigns = frame.course.reigns
    for number, reign in enumerate(reigns):
        until = reigns[number + 1].since if number + 1 < len(reigns) else max(frame.now, frame.course.end)
        first, behind = scale.column(reign.since), scale.column(until) + 1
        if reign.node:
            style = look.on_panel(mix(colors.panel, look.hue(reign.term), 0.75))
            page.text(first, y, glyphs.bar_full * (behind - first), style)
            words = f" {reign.node} {reign.title or f'T{reign.term}'} "
            if behind - first > len(words) + 2:
                page.text(_free(frame, scale, first + 2, behind - 1, len(words)), y, words, style)
        else:
            page.text(first, y, glyphs.future * (behind - first), look.on_panel(colors.dim))
    for row in range(1, y):
        page.text(now, row, glyphs.needle, look.on_panel(colors.bright, bold=True))


def _free(frame: Frame, scale: Scale, first: int, behind: int, columns: int) -> int:
    """Where so many columns between these have no mark in them; if nowhere, the first."""
    taken = sorted({scale.column(at) for at, _ in frame.course.marks})
    begin = first
    for column in taken:
        if begin <= column < begin + columns:
            begin = column + 2
    return begin if begin + columns <= behind else first


def _marks(page: Paper, frame: Frame, scale: Scale, y: int, look: Look) -> None:
    """Events that matter, and where we are."""
    for at, sort in frame.course.marks:
        page.text(scale.column(at), y, look.glyphs.sorts[sort], look.on_panel(look.sort(sort), bold=True))
    page.text(scale.column(frame.now), y, look.glyphs.head, look.on_panel(look.palette.bright, bold=True))


def _ticks(page: Paper, scale: Scale, look: Look) -> None:
    """The ruler in the lower edge."""
    step = tick(scale.each * BETWEEN_TICKS)
    colors, y = look.palette, page.height - 1
    for number in range(scale.columns * scale.each // step + 1):
        words = duration(number * step) if number else "0"
        x = scale.column(number * step)
        if number * step < scale.columns * scale.each and x + len(words) + 3 < page.width:
            page.text(x, y, look.glyphs.tick, look.on_panel(colors.line))
            page.text(x + 1, y, words, ink(colors.faint, colors.panel))


def tick(least: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, ... that is not less."""
    power = 1
    while True:
        for digit in NICE:
            if digit * power >= least:
                return digit * power
        power *= 10


class TimePane(CellWidget):
    """A click or a drag picks an instant."""

    _dragging = False

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_timeline`."""
        return paint_timeline(frame, size, look)

    def _pick(self, column: int) -> None:
        if self.frame is not None:
            scale = scale_of(self.frame, self.size.width)
            if column >= scale.left:
                self.post_message(InstantPicked(scale.instant(column)))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to scrub."""
        self._dragging = True
        self.capture_mouse()
        self._pick(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrub."""
        if self._dragging:
            self._pick(event.x)

    def on_mouse_up(self, _: events.MouseUp) -> None:
        """That was it."""
        self._dragging = False
        self.release_mouse()
