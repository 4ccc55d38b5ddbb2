"""The services by name, where one of them has to be chosen: in the upper edge of their panes.

The law: with one service there is nothing to choose, and nothing of this is there.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.message import Message

from tui.frame import Frame
from tui.look import Look
from tui.paper import Paper
from tui.theme import ink
from tui.widgets.cells import panel

FIRST = 2
"""The column of the first tab in a pane's edge."""


class ServicePicked(Message):
    """The mouse has picked a service."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service


def tab_at(frame: Frame, x: int, width: int = 1_000, first: int = FIRST) -> str:
    """The service whose tab is in this column of a pane of so many; empty if none is."""
    for begin, end, service in _tabs(frame, width, first):
        if begin <= x < end:
            return service
    return ""


def _tabs(frame: Frame, width: int, first: int) -> list[tuple[int, int, str]]:
    """Where each name stands, with a space before and behind it. If not all fit, those around the chosen one do."""
    names = [each.name for each in frame.services]
    shown = names
    while len(shown) > 1 and first + sum(len(name) + 3 for name in shown) > width - 1:
        shown = shown[1:] if frame.service in shown[(len(shown) + 1) // 2 :] else shown[:-1]
    places = []
    for name in shown:
        end = first + len(name) + 2
        places.append((first, end, name))
        first = end + 1
    return places


def tabbed_panel(frame: Frame, size: Size, look: Look, title: str, right: str = "", color: str = "") -> Paper:
    """An empty pane as `panel` makes it; with several services their names stand for the title, and what does not fit
    beside them gives way."""
    if not wants_tabs(frame):
        return panel(size, look, title, right, color)
    end = _tabs(frame, size.width, FIRST)[-1][1]
    page = panel(size, look, "", right if end + len(right) + 5 <= size.width else "", color)
    draw_tabs(page, 0, frame, look, look.palette.panel)
    return page


def draw_tabs(page: Paper, y: int, frame: Frame, look: Look, ground: str, first: int = FIRST) -> int:
    """All names, the chosen one bright; returns the column behind them."""
    colors, end = look.palette, first
    for begin, end, service in _tabs(frame, page.width, first):
        chosen = service == frame.service
        if begin > first:
            page.text(begin - 1, y, look.glyphs.separator, ink(colors.line, ground))
        style = ink(colors.gold if chosen else colors.dim, ground, bold=chosen, underline=chosen)
        page.text(begin, y, " ", ink(colors.dim, ground))
        page.text(begin + 1, y, service, style)
        page.text(end - 1, y, " ", ink(colors.dim, ground))
    return end


def wants_tabs(frame: Frame) -> bool:
    """Whether panes name the services in their edge."""
    return frame.tabs and len(frame.services) > 1
