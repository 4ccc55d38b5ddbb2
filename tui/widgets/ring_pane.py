"""The pane of the ring store: the circle, whose keys are where, what moves, and one key in full.

The law: it paints a frame; which key is chosen is somebody else's, who is told with `KeyPicked`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message

from tui.frame import Frame
from tui.look import Look
from tui.paper import Paper
from tui.ring_frame import RingFrame
from tui.ring_words import counted
from tui.widgets.cells import CellWidget, NodePicked
from tui.widgets.lines import Spot, draw_lines
from tui.widgets.ring_circle import RIBBON_ROWS, draw_ribbon, draw_round, owner_at
from tui.widgets.ring_geometry import round_of
from tui.widgets.ring_lines import lines_of
from tui.widgets.service_tabs import ServicePicked, tab_at, tabbed_panel, wants_tabs

LEAST_CIRCLE = 12
"""Rows of a circle that one can still read."""

LEAST_TEXT = 34
"""Columns beside a circle."""


class KeyPicked(Message):
    """The mouse or the arrows have picked a key of the ring."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things are in the pane: the circle's box (no columns: a ribbon above all), and the text's."""

    circle_columns: int
    circle_rows: int
    x: int
    y: int
    width: int
    rows: int


def plan_of(size: Size) -> Plan:
    """A circle at the left if text finds room beside it, or above the text if the pane is high; else a ribbon."""
    width, rows = size.width - 4, size.height - 2
    if rows >= LEAST_CIRCLE and width - 2 * rows - 1 >= LEAST_TEXT:
        return Plan(2 * rows, rows, 2 * rows + 3, 1, width - 2 * rows - 1, rows)
    above = min(width // 2, rows - 12)
    if above >= LEAST_CIRCLE:
        return Plan(2 * above, above, 2, 1 + above, width, rows - above)
    return Plan(0, 0, 2, 1 + RIBBON_ROWS, width, rows - RIBBON_ROWS)


def draw_ring(frame: Frame, size: Size, look: Look) -> tuple[Paper, list[Spot]]:
    """The whole pane, and what of it can be clicked."""
    ring = frame.ring
    page = tabbed_panel(frame, size, look, "ring", _right(ring, size.width))
    if ring is None or size.width < 12 or size.height < 4:
        return page, []
    plan = plan_of(size)
    if plan.circle_columns:
        left = 2 if plan.x > 2 else max(2, (size.width - plan.circle_columns) // 2)
        draw_round(page, left, 1, plan.circle_columns, plan.circle_rows, frame, ring, look)
    else:
        draw_ribbon(page, 2, 1, max(1, plan.width), frame, ring, look)
    lines = lines_of(frame, ring, plan.width, plan.rows, look)
    return page, draw_lines(page, plan.x, plan.y, plan.width, plan.rows, lines, look)


def _right(ring: RingFrame | None, width: int) -> str:
    """What is most worth knowing, at the right of the title."""
    if ring is None or ring.circle is None:
        return ""
    if ring.moves:
        done, whole = sum(move.ranges_done for move in ring.moves), sum(move.ranges for move in ring.moves)
        return f"{done}/{whole} ranges moved"
    balance = f"max/mean {ring.imbalance:.2f}" if ring.imbalance else counted(len(ring.members), "node")
    n, r, w = ring.quorum
    return f"epoch {ring.epoch} · n{n} r{r} w{w} · {balance}" if width > 60 else balance


def paint_ring(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    return draw_ring(frame, size, look)[0]


class RingPane(CellWidget):
    """Up and down choose a key, and so does a click on one; a click on a piece of the circle selects its owner."""

    BINDINGS: ClassVar[list[BindingType]] = [("up", "choose(-1)", "Key before"), ("down", "choose(1)", "Next key")]

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_ring`."""
        return paint_ring(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Only the ring and the selection are shown."""
        return (old.ring, old.selected, old.service, old.tabs) != (new.ring, new.selected, new.service, new.tabs)

    def action_choose(self, by: int) -> None:
        """The next key of the list, or the one before."""
        ring = self.frame.ring if self.frame else None
        if ring is None or not ring.keys:
            return
        chosen = ring.key.key if ring.key else ""
        place = ring.keys.index(chosen) + by if chosen in ring.keys else 0
        self.post_message(KeyPicked(ring.keys[place % len(ring.keys)]))

    def on_click(self, event: events.Click) -> None:
        """A tab, a key, a node, or a piece of the circle."""
        if self.frame is None or self.frame.ring is None:
            return
        if event.y == 0 and wants_tabs(self.frame):
            self.post_message(ServicePicked(tab_at(self.frame, event.x, self.size.width)))
            return
        spots = draw_ring(self.frame, self.size, self.look)[1]
        found = next((s for s in spots if s.y == event.y and s.x <= event.x < s.x + s.width), None)
        if found is not None and found.key:
            self.post_message(KeyPicked(found.key))
            return
        node = found.node if found else self._owner_at(self.frame.ring, event.x, event.y)
        if node:
            self.post_message(NodePicked(node, opened=event.chain == 2))

    def _owner_at(self, ring: RingFrame, x: int, y: int) -> str:
        """Whose piece of the circle or ribbon is here."""
        plan = plan_of(self.size)
        if not plan.circle_columns:
            return owner_at(ring.circle, (x - 1.5) / plan.width) if y == 2 and 2 <= x < 2 + plan.width else ""
        left = 2 if plan.x > 2 else max(2, (self.size.width - plan.circle_columns) // 2)
        cell = round_of(plan.circle_columns, plan.circle_rows).nearest(x - left, y - 1)
        return owner_at(ring.circle, cell.place) if cell else ""
