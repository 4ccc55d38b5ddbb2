"""The services by name, where one of them has to be chosen: in the upper edge of their panes.

The law: with one service there is nothing to choose, and nothing of this is there.
"""

from __future__ import annotations

from textual.message import Message

from tui.frame import Frame
from tui.look import Look
from tui.paper import Paper
from tui.theme import ink

FIRST = 2
"""The column of the first tab in a pane's edge."""


class ServicePicked(Message):
    """The mouse has picked a service."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service


def tab_at(frame: Frame, x: int, first: int = FIRST) -> str:
    """The service whose tab is in this column; empty if none is."""
    for begin, end, service in _tabs(frame, first):
        if begin <= x < end:
            return service
    return ""


def _tabs(frame: Frame, first: int) -> list[tuple[int, int, str]]:
    """Where each name stands, with a space before and behind it."""
    places = []
    for service in frame.services:
        end = first + len(service.name) + 2
        places.append((first, end, service.name))
        first = end + 1
    return places


def draw_tabs(page: Paper, y: int, frame: Frame, look: Look, ground: str, first: int = FIRST) -> int:
    """All names, the chosen one bright; returns the column behind them."""
    colors, end = look.palette, first
    for begin, end, service in _tabs(frame, first):
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
