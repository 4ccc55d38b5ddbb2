"""All services of the cluster on all its nodes, so that one fault shows what each of them makes of it.

The law: it paints a frame. A click on a service looks at it, one on a node selects it.
"""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from tui.frame import Frame
from tui.look import Look
from tui.overview_frame import OverviewFrame, ServerLine
from tui.pace import duration
from tui.paper import Paper, clip
from tui.ring_words import counted
from tui.widgets.cells import CellWidget, NodePicked, panel
from tui.widgets.lines import Line, Piece, Spot, draw_lines
from tui.widgets.overview_grid import (
    client_line,
    columns_of,
    first_that_fits,
    heading_lines,
    health_words,
    server_line,
)
from tui.widgets.service_tabs import ServicePicked

AGO = 50_000
"""Microseconds after which it is told anew how long ago something was."""

LEAST_CLIENTS = 3
"""Lines for clients before each service's news."""

WORDS = 22
"""Columns for a service's health in its own line."""


def draw_overview(frame: Frame, size: Size, look: Look) -> tuple[Paper, list[Spot]]:
    """The whole pane, and what of it can be clicked."""
    ails = [service for service in frame.services if not service.well]
    right = _right(frame, len(ails)) if size.width > 40 else ""
    page = panel(size, look, "overview", right, look.palette.vermilion if ails else "")
    overview = frame.overview
    if overview is None or size.width < 20 or size.height < 3:
        return page, []
    width, rows = size.width - 4, size.height - 2
    return page, draw_lines(page, 2, 1, width, rows, _lines(frame, overview, width, rows, look), look)


def paint_overview(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    return draw_overview(frame, size, look)[0]


def _right(frame: Frame, ails: int) -> str:
    down = sum(not node.up and not node.client for node in frame.nodes)
    found = [f"{down} down"] * bool(down) + [f"{ails} of {len(frame.services)} services ail"] * bool(ails)
    return " · ".join(found) or f"{counted(len(frame.services), 'service')}, all well"


def rows_wanted(servers: int, clients: int) -> int:
    """Rows of a pane with everything in it but the news."""
    return 2 + 2 + servers + min(clients, LEAST_CLIENTS)


def _lines(frame: Frame, overview: OverviewFrame, width: int, rows: int, look: Look) -> list[Line]:
    """Servers first; then some clients, each service's words and its news, and all clients if there is room."""
    columns = columns_of(frame, overview, width)
    left = rows - 1 - len(overview.servers)
    words = left > 0
    left -= words
    clients = [client_line(line, columns, look) for line in overview.clients]
    told = len(frame.services) if left - min(len(clients), LEAST_CLIENTS) >= len(frame.services) else 0
    clients = _cut(clients, left - told, look)
    news = news_lines(frame, overview, width, look) if told else []
    gap = [Line(())] if news and left - told - len(clients) > 0 else []
    servers = [server_line(frame, line, columns, look) for line in _window(frame, overview, rows - 1)]
    hidden = len(overview.servers) - len(servers)
    more = [_more(hidden, "server", look)] if hidden else []
    return [*heading_lines(frame, columns, words, look), *servers, *more, *clients, *gap, *news]


def _cut(clients: list[Line], rows: int, look: Look) -> list[Line]:
    """As many as fit; the last line counts the rest."""
    if len(clients) <= rows:
        return clients
    return [*clients[: rows - 1], _more(len(clients) - rows + 1, "client", look)] if rows > 0 else []


def _window(frame: Frame, overview: OverviewFrame, rows: int) -> tuple[ServerLine, ...]:
    """As many servers as fit, the selected one among them; one line is for the count of the rest."""
    if len(overview.servers) <= rows:
        return overview.servers
    room = max(1, rows - 1)
    names = [line.node for line in overview.servers]
    place = names.index(frame.selected) if frame.selected in names else 0
    first = max(0, min(place - room // 2, len(names) - room))
    return overview.servers[first : first + room]


def _more(count: int, noun: str, look: Look) -> Line:
    return Line((Piece(f"  and {counted(count, noun)} more", look.on_panel(look.palette.faint)),))


def news_lines(frame: Frame, overview: OverviewFrame, width: int, look: Look) -> list[Line]:
    """A line a service: well or not, how it is, and what last happened to it."""
    colors, glyphs = look.palette, look.glyphs
    longest = max((len(service.name) for service in frame.services), default=0)
    most = min(max((len(service.words) for service in frame.services), default=0), max(WORDS, width // 3))
    lines = []
    for service, news in zip(frame.services, overview.news, strict=True):
        sign, color = (glyphs.good, colors.mint) if service.well else (glyphs.lost, colors.vermilion)
        head = f"{service.name:<{longest}}  "
        pieces = [
            Piece(f"{sign} ", look.on_panel(color, bold=True), key=service.name),
            Piece(head, look.on_panel(colors.text, bold=True), key=service.name),
            Piece(
                f"{first_that_fits(health_words(service), most):<{most}}  ",
                look.on_panel(colors.gold if service.well else colors.vermilion),
            ),
        ]
        room = width - sum(len(each.text) for each in pieces)
        ago = f"{duration(max(0, frame.now - news.at) // 10_000 * 10_000)} ago: " if news.text else ""
        if news.text and room > len(ago) + 12:
            text = clip(f"{ago}{news.node} {news.text}", room, glyphs.ellipsis)
            pieces.append(Piece(text, look.on_panel(colors.dim), node=news.node))
        lines.append(Line(tuple(pieces)))
    return lines


class OverviewPane(CellWidget):
    """A click on a service looks at it; one on a node selects it, a second one opens it."""

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_overview`."""
        return paint_overview(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """The overview, the services' words and the selection; how long ago news were is told anew now and then."""
        seen = (old.overview, old.services, old.selected, old.service, old.now // AGO)
        return seen != (new.overview, new.services, new.selected, new.service, new.now // AGO)

    def on_click(self, event: events.Click) -> None:
        """A service or a node."""
        if self.frame is None:
            return
        spots = draw_overview(self.frame, self.size, self.look)[1]
        found = next((s for s in spots if s.y == event.y and s.x <= event.x < s.x + s.width), None)
        if found is not None and found.key:
            self.post_message(ServicePicked(found.key))
        elif found is not None and found.node:
            self.post_message(NodePicked(found.node, opened=event.chain == 2))
