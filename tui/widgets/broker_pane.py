"""The pane of a broker cluster: partitions as a grid, then who reads and writes them.

The law: it paints a frame; which partition is chosen is somebody else's, who is told with `PartitionPicked`.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message

from tui.broker_frame import BrokerFrame, PartitionFace, ReplicaFace
from tui.broker_words import offset_words
from tui.frame import Frame
from tui.glyphs import Role
from tui.look import Look
from tui.paper import Paper
from tui.ring_words import counted, size_words
from tui.widgets.broker_grid import grid_lines, shape_of, words_of
from tui.widgets.broker_groups import reader_lines
from tui.widgets.cells import CellWidget, NodePicked
from tui.widgets.lines import Line, Piece, Spot, draw_lines
from tui.widgets.service_tabs import ServicePicked, tab_at, tabbed_panel, wants_tabs

BESIDE = 128
"""Columns from which on readers stand beside the grid."""

LEAST_READERS, READERS = 54, 0.4
"""Columns for them there, and their share of a wider pane."""


class PartitionPicked(Message):
    """The mouse or the arrows have picked a partition; empty: none any more."""

    def __init__(self, partition: str) -> None:
        super().__init__()
        self.partition = partition


def draw_broker(frame: Frame, size: Size, look: Look) -> tuple[Paper, list[Spot]]:
    """The whole pane, and what of it can be clicked."""
    broker = frame.broker
    page = tabbed_panel(frame, size, look, "broker", _right(broker, size.width), _loud(broker, look))
    if broker is None or size.width < 20 or size.height < 3:
        return page, []
    width, rows = size.width - 4, size.height - 2
    if size.width >= BESIDE:
        beside = max(LEAST_READERS, int(width * READERS))
        left = width - beside - 3
        for y in range(1, rows + 1):
            page.text(2 + left + 1, y, look.glyphs.separator, look.on_panel(look.palette.line))
        spots = draw_lines(page, 2, 1, left, rows, _left(frame, broker, left, rows, look), look)
        readers = cut(reader_lines(broker, beside, look), rows, look)
        return page, [*spots, *draw_lines(page, 2 + left + 3, 1, beside, rows, readers, look)]
    return page, draw_lines(page, 2, 1, width, rows, _below_each_other(frame, broker, width, rows, look), look)


def paint_broker(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    return draw_broker(frame, size, look)[0]


def _loud(broker: BrokerFrame | None, look: Look) -> str:
    """The colour of the pane's frame: only trouble has one."""
    return look.palette.vermilion if broker is not None and broker.ails else ""


def _right(broker: BrokerFrame | None, width: int) -> str:
    """What is most worth knowing, at the right of the title."""
    if broker is None or not broker.known:
        return ""
    if broker.offline or not broker.controller:
        return f"{broker.offline} offline" if broker.offline else "no controller"
    if broker.lacking or broker.moving:
        found = [f"{broker.lacking} under-replicated"] * bool(broker.lacking)
        return " · ".join(found + [f"{broker.moving} moving"] * bool(broker.moving))
    controls = f"{broker.controller} controls"
    count = counted(sum(len(topic.partitions) for topic in broker.topics if not topic.internal), "partition")
    return f"{controls} · epoch {broker.controller_epoch} · {count}" if width > 60 else controls


# ---------------------------------------------------------------- which lines


def _below_each_other(frame: Frame, broker: BrokerFrame, width: int, rows: int, look: Look) -> list[Line]:
    """The grid and the readers share the rows; what the one does not need, the other gets."""
    if not broker.topics:
        return [*_empty(broker, look), *cut(reader_lines(broker, width, look), rows - 2, look)]
    readers = reader_lines(broker, width, look)
    scarce = 1 + len(broker.partitions) > rows - len(readers)
    grid = grid_lines(frame, broker, width, max(rows - len(readers), rows * 3 // 5), look, fold=scarce)
    more = chosen_lines(broker, width, look)
    left = rows - len(grid) - len(readers)
    detail = [Line(()), *more] if more and left > len(more) + 1 else more[:1] if left > 0 else []
    left -= len(detail)
    gap = [Line(())] if left > 0 else []
    legend = [Line(()), _legend(look, width)] if left > 2 else []
    return [*grid, *detail, *gap, *cut(readers, rows - len(grid) - len(detail) - len(gap), look), *legend]


def _left(frame: Frame, broker: BrokerFrame, width: int, rows: int, look: Look) -> list[Line]:
    """The grid alone, with the chosen partition below it."""
    if not broker.topics:
        return _empty(broker, look)
    more = chosen_lines(broker, width, look)
    grid = grid_lines(frame, broker, width, max(rows // 2, rows - len(more) - 3), look)
    lines = [*grid, *([Line(()), *more] if more else ())]
    return [*lines, Line(()), _legend(look, width)] if rows - len(lines) > 1 else lines


def cut(lines: list[Line], rows: int, look: Look) -> list[Line]:
    """As many as fit; the last line counts the rest."""
    if len(lines) <= rows:
        return lines
    words = f"  and {counted(len(lines) - max(0, rows - 1), 'line')} more"
    return [*lines[: max(0, rows - 1)], Line((Piece(words, look.on_panel(look.palette.faint)),))]


def _empty(broker: BrokerFrame, look: Look) -> list[Line]:
    words = "no topics yet: topic create orders" if broker.known else "no broker is up that knows anything"
    return [Line((Piece(words, look.on_panel(look.palette.dim)),)), Line(())]


# ---------------------------------------------------------------- the chosen partition


def chosen_lines(broker: BrokerFrame, width: int, look: Look) -> list[Line]:
    """The chosen partition in full, a line for each replica; nothing if none is chosen."""
    face = broker.partition(broker.chosen)
    if face is None:
        return []
    colors = look.palette
    words, color = words_of(face, look)
    about = f"  {face.leader or 'nobody'} leads in epoch {face.leader_epoch}"
    logs = f"log {offset_words(face.start)} to {offset_words(face.end)}, {size_words(face.size)}"
    pieces = [
        Piece(f"{look.glyphs.chosen} {face.name}", look.on_panel(colors.bright, bold=True), key=face.name),
        Piece(about, look.on_panel(colors.vermilion if face.offline else colors.text)),
    ]
    for text, hue in ((words, color), (logs, colors.dim), (f"stable to {offset_words(face.stable)}", colors.dim)):
        if text and sum(len(each.text) for each in pieces) + len(text) + 2 <= width:
            pieces.append(Piece(f"  {text}", look.on_panel(hue)))
    return [Line(tuple(pieces)), *(_replica(face, each, look) for each in face.replicas)]


def _replica(face: PartitionFace, replica: ReplicaFace, look: Look) -> Line:
    colors = look.palette
    shape, color = shape_of(replica, look)
    missing = face.end - replica.end
    tells = "down" if not replica.up else f"{missing:,} behind" if replica.end >= 0 and missing > 0 else ""
    ways = "  comes" * replica.adding + "  goes" * replica.removing
    return Line(
        (
            Piece(f"  {shape} ", look.on_panel(color, bold=True), node=replica.node),
            Piece(f"{replica.node:<5}", look.on_panel(colors.text), node=replica.node),
            Piece(f"{replica.standing.value:<13}", look.on_panel(color)),
            Piece(f"end {offset_words(replica.end):>7}  {tells}{ways}", look.on_panel(colors.dim)),
        )
    )


def _legend(look: Look, width: int) -> Line:
    """What the shapes mean; the last ones go if there is no room."""
    roles = look.glyphs.roles
    found = (
        (roles[Role.LEADER], "leader", look.palette.gold),
        (roles[Role.FOLLOWER], "in sync", look.palette.mint),
        (roles[Role.OUTSIDE], "out of sync", look.palette.vermilion),
        (roles[Role.PRE_CANDIDATE], "eligible", look.palette.pink),
        (roles[Role.JOINING], "comes", look.palette.pink),
        (roles[Role.LEAVING], "goes", look.palette.pink),
        (look.glyphs.landed, "new leader", look.palette.gold),
    )
    pieces: list[Piece] = []
    for shape, words, color in found:
        if sum(len(each.text) for each in pieces) + len(words) + 4 > width:
            break
        pieces += [Piece(f"{shape} ", look.on_panel(color)), Piece(f"{words}  ", look.on_panel(look.palette.faint))]
    return Line(tuple(pieces))


# ---------------------------------------------------------------- the widget


class BrokerPane(CellWidget):
    """Up and down choose a partition, and so does a click on one; a second click lets it go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "choose(-1)", "Partition before"),
        ("down", "choose(1)", "Next partition"),
    ]

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_broker`."""
        return paint_broker(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Only the brokers and the selection are shown."""
        return (old.broker, old.selected, old.service, old.tabs) != (new.broker, new.selected, new.service, new.tabs)

    def action_choose(self, by: int) -> None:
        """The next partition of the list, or the one before."""
        broker = self.frame.broker if self.frame else None
        if broker is None or not broker.partitions:
            return
        names = [each.name for each in broker.partitions]
        place = names.index(broker.chosen) + by if broker.chosen in names else 0
        self.post_message(PartitionPicked(names[place % len(names)]))

    def on_click(self, event: events.Click) -> None:
        """A tab, a partition or a node."""
        if self.frame is None or self.frame.broker is None:
            return
        if event.y == 0 and wants_tabs(self.frame):
            self.post_message(ServicePicked(tab_at(self.frame, event.x, self.size.width)))
            return
        spots = draw_broker(self.frame, self.size, self.look)[1]
        found = next((s for s in spots if s.y == event.y and s.x <= event.x < s.x + s.width), None)
        if found is None:
            return
        if found.key:
            self.post_message(PartitionPicked("" if found.key == self.frame.broker.chosen else found.key))
        elif found.node:
            self.post_message(NodePicked(found.node, opened=event.chain == 2))
