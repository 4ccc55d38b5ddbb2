"""Widgets made of cells.

The law: a pane paints a frame as a pure function, and only what has changed goes to the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from tui.frame import Bar, Frame
from tui.glyphs import UNICODE, Glyphs, in_ascii
from tui.look import Look
from tui.paper import Paper, Row, changed_spans, clip, strip_of
from tui.theme import ink, mix, palette_of


class NodePicked(Message):
    """The mouse (or Enter) has picked a node; `opened` if it wants to know more or do something."""

    def __init__(self, node: str, opened: bool = False) -> None:
        super().__init__()
        self.node = node
        self.opened = opened


class LinkPicked(Message):
    """The mouse has picked the link between two nodes (a drag: from `source` to `target`)."""

    def __init__(self, source: str, target: str, opened: bool = False) -> None:
        super().__init__()
        self.source = source
        self.target = target
        self.opened = opened


class EventPicked(Message):
    """The mouse has picked the line `number` of the event log, that happened at `at` on `node` (may be empty)."""

    def __init__(self, number: int, at: int, node: str) -> None:
        super().__init__()
        self.number = number
        self.at = at
        self.node = node


class InstantPicked(Message):
    """The mouse has picked an instant on the timeline."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


class CellWidget(Widget):
    """Give it frames with `show`; subclasses say with `paint` how one looks."""

    can_focus = True

    def __init__(self, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self._frame: Frame | None = None
        self._rows: list[Row] = []
        self._strips: list[Strip] = []

    # ------------------------------------------------------------ for subclasses

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """The page for this frame. Pure."""
        raise NotImplementedError

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Whether anything that this pane shows may differ between the frames."""
        return old is not new

    # ------------------------------------------------------------ showing

    @property
    def frame(self) -> Frame | None:
        """The last one shown."""
        return self._frame

    def show(self, frame: Frame) -> None:
        """Show this frame; only what changed is repainted."""
        old, self._frame = self._frame, frame
        if old is None or not self._strips or self.concerns(old, frame):
            self.repaint()

    def repaint(self) -> None:
        """Paint the last frame anew, after something besides the frame has changed."""
        size = self.size
        if self._frame is None or not size.area or not self.is_attached:
            return
        page = self.paint(self._frame, size, self.look)
        if self.glyphs is not UNICODE:
            page.chars = [[in_ascii(char) for char in row] for row in page.chars]
        self._put(page)

    @property
    def look(self) -> Look:
        """Palette and glyphs of this moment."""
        return Look(palette_of(self.app.current_theme), self.glyphs, self.has_focus)

    def _put(self, page: Paper) -> None:
        if len(self._strips) != page.height or (self._rows and len(self._rows[0][0]) != page.width):
            self._rows = list(page.rows())
            self._strips = [strip_of(row) for row in self._rows]
            self.refresh()
            return
        dirty: list[Region] = []
        for y, row in enumerate(page.rows()):
            spans = changed_spans(self._rows[y], row)
            if spans:
                self._rows[y] = row
                self._strips[y] = strip_of(row)
                dirty.extend(Region(begin, y, end - begin, 1) for begin, end in spans)
        if dirty:
            self.refresh(*dirty)

    def render_line(self, y: int) -> Strip:
        """What Textual asks for."""
        if y < len(self._strips):
            return self._strips[y]
        palette = palette_of(self.app.current_theme)
        return Strip.blank(self.size.width, ink(palette.text, palette.panel))

    # ------------------------------------------------------------ when else to paint

    def on_mount(self) -> None:
        """A change of theme changes every cell."""
        self.app.theme_changed_signal.subscribe(self, self._on_theme)

    def _on_theme(self, _: Theme) -> None:
        self.repaint()

    def on_resize(self, _: events.Resize) -> None:
        self.repaint()

    def watch_has_focus(self, has_focus: bool) -> None:
        """The frame is brighter with the keyboard on it. (Events of focus come before Textual counts it as focused.)"""
        super().watch_has_focus(has_focus)
        self.repaint()


# ---------------------------------------------------------------- what panes have in common


def panel(size: Size, look: Look, title: str, right: str = "", color: str = "", ground: str = "") -> Paper:
    """An empty pane with its frame, a title in it and a remark at the right. `color` is the title's and the frame's."""
    palette = look.palette
    ground = ground or palette.panel
    page = Paper(size.width, size.height, ink(palette.dim, ground))
    page.box(0, 0, size.width, size.height, look.glyphs.panel, frame_style(look, ground, color))
    end = page.text(2, 0, f" {clip(title, size.width - 6)} ", ink(color or palette.text, ground, bold=True))
    if right and size.width - len(right) - 4 > end:
        page.text(size.width - len(right) - 4, 0, f" {right} ", ink(palette.dim, ground))
    return page


def frame_style(look: Look, ground: str, color: str = "") -> Style:
    """Of a pane's border: brighter with the keyboard on it."""
    palette = look.palette
    if look.focused:
        return ink(color or palette.sky, ground)
    return ink(mix(palette.line, color, 0.45) if color else palette.line, ground)


LAST = 0.2
"""The share of a timer that is nearly nothing."""

Span = tuple[str, Style]
"""A piece of a line."""


def timer_bar(width: int, timer: Bar, color: str, ground: str, look: Look) -> tuple[Span, Span, Span]:
    """What is left of a timer; the last fifth of a wait for an election is vermilion."""
    ends = timer.name == "election" and timer.fraction < LAST
    return bar(width, timer.fraction, look.palette.vermilion if ends else color, ground, look)


def bar(width: int, share: float, color: str, ground: str, look: Look) -> tuple[Span, Span, Span]:
    """A line of which `share` is full."""
    glyphs = look.glyphs
    exact = max(0.0, min(1.0, share)) * width
    full = int(exact)
    half = full < width and exact - full > 0.4
    strong = ink(mix(ground, color, 0.85), ground)
    weak = ink(mix(ground, color, 0.28), ground)
    return (
        (glyphs.bar_full * full, strong),
        (glyphs.bar_half * half, strong),
        (glyphs.bar_rest * (width - full - half), weak),
    )


def draw_spans(page: Paper, x: int, y: int, spans: Iterable[Span], until: int | None = None) -> int:
    """One after the other; returns the column behind them."""
    for text, style in spans:
        x = page.text(x, y, text, style, until)
    return x
