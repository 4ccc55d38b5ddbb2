"""For narrow screens, below the map: the selected node in one line, and the newest events."""

from __future__ import annotations

from rich.cells import cell_len
from textual.geometry import Size

from tui.frame import Details, Frame
from tui.look import Look
from tui.pace import duration
from tui.paper import Paper, clip
from tui.theme import ink
from tui.widgets.cells import CellWidget, Span, draw_spans, timer_bar
from tui.widgets.event_log import Shown, draw_row
from tui.widgets.map_nodes import marks_of

BAR = 10


def paint_brief(frame: Frame, size: Size, look: Look) -> Paper:
    """One line of the inspector, then as many events as there is room for."""
    page = Paper(size.width, size.height, ink(look.palette.dim, look.palette.panel))
    if frame.details is not None:
        draw_spans(page, 1, 0, _node(frame.details, size.width - 2, look), size.width - 1)
    rows = size.height - 1
    for y, line in enumerate(frame.happenings.lines[-rows:] if rows > 0 else (), 1):
        draw_row(page, 0, y, size.width, Shown(line, line.text, 0), frame, look)
    return page


def _node(details: Details, width: int, look: Look) -> list[Span]:
    node, colors = details.node, look.palette
    dim, text = look.on_panel(colors.dim), look.on_panel(colors.text)
    spans = [(f"{look.glyphs.pointer}{node.name} ", look.on_panel(colors.bright, bold=True)),
             (f"{marks_of(node, look)} {node.word}", look.on_panel(look.node(node), bold=True))]  # fmt: skip
    for name, value in details.facts[:2]:
        spans += [(f"  {name} ", dim), (value, text)]
    if node.timer is not None and not node.frozen:
        spans += [("  ", dim), *timer_bar(BAR, node.timer, look.node(node), colors.panel, look),
                  (f" {duration(max(0, node.timer.left // 1000 * 1000))}", text)]  # fmt: skip
    if details.troubles:
        room = width - sum(cell_len(words) for words, _ in spans)
        troubles = clip(f"  {look.glyphs.slash} {' · '.join(details.troubles)}", room, look.glyphs.ellipsis)
        spans.append((troubles, look.on_panel(colors.vermilion)))
    return spans


class BriefPane(CellWidget):
    """It takes no keys."""

    can_focus = False

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_brief`."""
        return paint_brief(frame, size, look)
