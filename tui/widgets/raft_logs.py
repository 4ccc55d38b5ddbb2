"""The logs of all servers below each other: one digit an entry, its term; committed entries are solid."""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from tui.frame import Frame, LogRow
from tui.glyphs import Role
from tui.look import Look
from tui.paper import Paper
from tui.theme import ink, mix
from tui.widgets.cells import CellWidget, NodePicked
from tui.widgets.service_tabs import ServicePicked, tab_at, tabbed_panel, wants_tabs

HEAD = 18
"""Columns before the first entry: name, role, term, commit index."""

BELIEFS = 20
"""Columns for what the leader believes of each follower, where there is room for them."""

ROOM_FOR_BELIEFS = 74

FIRST_ROW = 2


def paint_logs(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    term = max((row.term for row in frame.logs), default=0)
    known = 1 + sum(bool(row.peer) for row in frame.logs)  # The leader, and those it replicates to.
    servers = known if known > 1 else len(frame.logs)
    voters = f" · quorum {frame.quorum} of {servers}" if frame.quorum and size.width > 56 else ""
    page = tabbed_panel(frame, size, look, "raft logs", f"term {term}{voters}")
    beliefs = size.width >= ROOM_FOR_BELIEFS
    columns = size.width - HEAD - 2 - (BELIEFS if beliefs else 0)
    last = max((row.last_index for row in frame.logs), default=0)
    first = max(1, last - columns + 1)
    _ruler(page, first, min(last, first + columns - 1), look)
    rows = size.height - FIRST_ROW - 1
    legend = rows > len(frame.logs)
    for number, row in enumerate(shown_rows(frame, size.height)):
        _row(page, FIRST_ROW + number, row, row.name == frame.selected, first, last, columns, look)
        if beliefs:
            ground = row_ground(row, row.name == frame.selected, look)
            page.text(size.width - BELIEFS, FIRST_ROW + number, row.peer, ink(look.palette.dim, ground), size.width - 1)
    if legend:
        _legend(page, size.height - 2, look)
    elif len(frame.logs) > rows > 0:
        page.text(2, size.height - 2, f"and {len(frame.logs) - rows + 1} more", look.on_panel(look.palette.dim))
    return page


def shown_rows(frame: Frame, height: int) -> tuple[LogRow, ...]:
    """As many servers as fit, the selected one among them; the last line then counts the rest."""
    rows = height - FIRST_ROW - 1
    if len(frame.logs) <= rows:
        return frame.logs
    names = [row.name for row in frame.logs]
    place = names.index(frame.selected) if frame.selected in names else 0
    first = max(0, place - rows + 2)
    return frame.logs[first : first + max(0, rows - 1)]


def _ruler(page: Paper, first: int, last: int, look: Look) -> None:
    style = look.on_panel(look.palette.faint)
    page.text(8, 1, "term cmt", style)
    free = HEAD
    marks = [first, *range((first // 10 + 1) * 10, last + 1, 10)]
    for index in marks if last >= first else []:
        x = HEAD + index - first
        if x >= free and x + len(str(index)) < page.width - 1:
            free = page.text(x, 1, str(index), style) + 1


def _row(page: Paper, y: int, row: LogRow, selected: bool, first: int, last: int, columns: int, look: Look) -> None:
    colors = look.palette
    color = look.role(row.role)
    ground = row_ground(row, selected, look)
    if selected:
        page.fill(1, y, page.width - 2, ink(colors.dim, ground))
        page.text(1, y, look.glyphs.pointer, ink(colors.gold, ground, bold=True))
    up = row.role is not Role.DOWN
    page.text(2, y, row.name[:4], ink(colors.text if up else colors.grey, ground, bold=selected), 6)
    page.text(6, y, look.glyphs.roles[row.role], ink(color, ground, bold=True))
    page.text(8, y, f"T{row.term}", ink(colors.dim, ground), 12)
    page.text(12, y, f"{row.commit_index:>4}" if up else "   -", ink(color if up else colors.dim, ground), 16)
    page.text(16, y, look.glyphs.separator, ink(colors.line, ground))
    for index in range(first, min(last, first + columns - 1) + 1):
        _entry(page, HEAD + index - first, y, row, index, ground, look)


def row_ground(row: LogRow, selected: bool, look: Look) -> str:
    """Tinted for the selected node."""
    panel_color = look.palette.panel
    return look.tint(panel_color, look.role(row.role), 0.16) if selected else panel_color


def _entry(page: Paper, x: int, y: int, row: LogRow, index: int, ground: str, look: Look) -> None:
    """One cell: a digit on a solid ground, an underlined one that is not committed, or what is missing."""
    colors = look.palette
    place = index - row.first
    if place < 0 and index <= row.snapshot_index:
        page.text(x, y, look.glyphs.compacted, ink(mix(ground, colors.dim, 0.6), ground))
    elif not 0 <= place < len(row.terms):
        page.text(x, y, look.glyphs.missing, ink(colors.faint, ground))
    else:
        term = row.terms[place]
        hue = colors.grey if row.role is Role.DOWN else look.hue(term)
        if row.role is Role.DOWN or index <= row.commit_index:
            solid = mix(ground, hue, 0.88 if index % 2 else 0.8)
            page.text(x, y, str(term % 10), ink(colors.ink, solid))
        else:
            page.text(x, y, str(term % 10), ink(hue, look.tint(ground, hue, 0.18), italic=True, underline=True))


def _legend(page: Paper, y: int, look: Look) -> None:
    colors = look.palette
    x = page.text(2, y, "5", ink(colors.ink, mix(colors.panel, colors.sky, 0.85)))
    x = page.text(x, y, " committed   ", look.on_panel(colors.faint))
    x = page.text(x, y, "5", ink(colors.sky, colors.panel, italic=True, underline=True))
    x = page.text(x, y, f" not yet   {look.glyphs.missing} missing   ", look.on_panel(colors.faint))
    if x + 12 < page.width:
        page.text(x, y, f"{look.glyphs.compacted} snapshot", look.on_panel(colors.faint))


class LogsPane(CellWidget):
    """A click on a row selects its node."""

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_logs`."""
        return paint_logs(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Only logs and the selection are shown."""
        return (old.logs, old.selected, old.service, old.tabs) != (new.logs, new.selected, new.service, new.tabs)

    def on_click(self, event: events.Click) -> None:
        """A tab, or the node of this row."""
        if self.frame is not None and event.y == 0 and wants_tabs(self.frame):
            self.post_message(ServicePicked(tab_at(self.frame, event.x, self.size.width)))
            return
        row = event.y - FIRST_ROW
        rows = shown_rows(self.frame, self.size.height) if self.frame is not None else ()
        if 0 <= row < len(rows):
            self.post_message(NodePicked(rows[row].name, opened=event.chain == 2))
