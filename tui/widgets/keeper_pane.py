"""The pane of a keeper: who leads, how far each server is, sessions, locks, and the tree.

The law: it paints a frame; which znode is chosen is somebody else's, who is told with `PathPicked`.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message

from tui.frame import Frame
from tui.keeper_frame import KeeperFrame
from tui.keeper_sentences import role_sentence
from tui.keeper_words import zxid_words
from tui.look import Look
from tui.paper import Paper
from tui.ring_words import counted
from tui.widgets.cells import CellWidget, NodePicked
from tui.widgets.keeper_servers import client_lines, proposal_lines, queue_lines, server_lines, session_lines
from tui.widgets.keeper_tree import stat_lines, tree_legend, tree_lines
from tui.widgets.lines import Line, Piece, Spot, draw_lines, wrapped
from tui.widgets.service_tabs import ServicePicked, tab_at, tabbed_panel, wants_tabs

BESIDE = 104
"""Columns from which on the tree stands beside the rest."""

LEAST_TREE = 4
SHARES = (("proposals", 2), ("queues", 2), ("sessions", 3))
"""Lines that each may have before the tree has its least."""


class PathPicked(Message):
    """The mouse or the arrows have picked a znode; empty: none any more."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


def draw_keeper(frame: Frame, size: Size, look: Look) -> tuple[Paper, list[Spot]]:
    """The whole pane, and what of it can be clicked."""
    keeper = frame.keeper
    loud = look.palette.vermilion if keeper is not None and not keeper.leader else ""
    page = tabbed_panel(frame, size, look, "keeper", _right(keeper, size.width), loud)
    if keeper is None or size.width < 20 or size.height < 3:
        return page, []
    width, rows = size.width - 4, size.height - 2
    if size.width < BESIDE:
        return page, draw_lines(page, 2, 1, width, rows, _below_each_other(frame, keeper, width, rows, look), look)
    left = width // 2 - 2
    right = width - left - 3
    for y in range(1, rows + 1):
        page.text(2 + left + 1, y, look.glyphs.separator, look.on_panel(look.palette.line))
    spots = draw_lines(page, 2, 1, left, rows, _tree(keeper, left, rows, look), look)
    return page, [
        *spots,
        *draw_lines(page, 2 + left + 3, 1, right, rows, _rest(frame, keeper, right, rows, look), look),
    ]


def paint_keeper(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    return draw_keeper(frame, size, look)[0]


def _right(keeper: KeeperFrame | None, width: int) -> str:
    """What is most worth knowing, at the right of the title."""
    if keeper is None or not keeper.rows:
        return ""
    if not keeper.leader:
        return f"{keeper.looking} looking" if keeper.looking else "no leader"
    zxid = f"zxid {zxid_words(keeper.newest)}"
    return f"{zxid} · leader {keeper.leader} · {counted(keeper.count, 'znode')}" if width > 60 else zxid


# ---------------------------------------------------------------- which lines


def _head(frame: Frame, keeper: KeeperFrame, width: int, look: Look) -> list[Line]:
    color = look.palette.gold if keeper.leader else look.palette.vermilion
    who = wrapped(role_sentence(keeper), width, look.on_panel(color, bold=True))
    return [*who, *server_lines(frame, keeper, width, look)]


def _parts(keeper: KeeperFrame, width: int, look: Look) -> dict[str, list[Line]]:
    return {
        "proposals": proposal_lines(keeper, width, look),
        "queues": queue_lines(keeper.queues, width, look),
        "sessions": session_lines(keeper, width, look),
    }


def _below_each_other(frame: Frame, keeper: KeeperFrame, width: int, rows: int, look: Look) -> list[Line]:
    """The servers, then what each part may have; the tree takes what is left, and gives what it does not need."""
    head, stat = _head(frame, keeper, width, look), stat_lines(keeper, width, look)
    parts, totals = _parts(keeper, width, look), _totals(keeper)
    left = rows - len(head)
    tree = min(keeper.count + 1, max(LEAST_TREE, left - sum(min(len(parts[name]), most) for name, most in SHARES)))
    room = max(0, left - tree)
    shown: list[Line] = []
    for name, most in SHARES:
        others = sum(min(len(parts[each]), limit) for each, limit in SHARES if each != name and parts[each])
        part = cut(parts.pop(name), min(room, max(most, room - others)), name[:-1], look, totals[name])
        parts[name] = []
        shown += part
        room -= len(part)
    clients = client_lines(keeper.clients, width, look)
    extra = clients if len(clients) <= room else []
    room -= len(extra)
    if stat and len(stat) <= room + max(0, tree - LEAST_TREE):
        tree = min(tree, left - len(shown) - len(extra) - len(stat))
    else:
        stat = []
    gap = [Line(())] if left - len(shown) - len(extra) - len(stat) - tree > 0 else []
    return [*head, *shown, *gap, *tree_lines(keeper, width, tree, look), *stat, *extra]


def _tree(keeper: KeeperFrame, width: int, rows: int, look: Look) -> list[Line]:
    """The tree alone, with the chosen znode below it."""
    stat = stat_lines(keeper, width, look)
    below = [Line(()), *stat] if stat else []
    lines = [*tree_lines(keeper, width, rows - len(below) - 2, look), *below]
    return [*lines, Line(()), tree_legend(width, look)] if rows - len(lines) > 1 else lines


def _rest(frame: Frame, keeper: KeeperFrame, width: int, rows: int, look: Look) -> list[Line]:
    head, clients = _head(frame, keeper, width, look), client_lines(keeper.clients, width, look)
    parts, totals = _parts(keeper, width, look), _totals(keeper)
    lines = list(head)
    for name in ("proposals", "sessions", "queues"):
        if parts[name]:
            most = max(1, (rows - len(head)) // 3)
            lines += [Line(()), *cut(parts[name], most, name[:-1], look, totals[name])]
    return [*lines, Line(()), *clients]


def _totals(keeper: KeeperFrame) -> dict[str, int]:
    return {
        "proposals": len(keeper.proposals),
        "queues": len(keeper.queues),
        "sessions": len(keeper.sessions),
    }


def cut(lines: list[Line], rows: int, noun: str, look: Look, total: int) -> list[Line]:
    """As many as fit; the last line counts the rest of the `total`, of which a line may hold several."""
    if len(lines) <= rows:
        return lines
    if rows < 1:
        return []
    shown = (rows - 1) * -(-total // len(lines))
    words = f"  and {counted(total - shown, noun)} more"
    return [*lines[: rows - 1], Line((Piece(words, look.on_panel(look.palette.faint)),))]


# ---------------------------------------------------------------- the widget


class KeeperPane(CellWidget):
    """Up and down choose a znode, and so does a click on one; a second click lets it go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "choose(-1)", "Znode before"),
        ("down", "choose(1)", "Next znode"),
    ]

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_keeper`."""
        return paint_keeper(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Only the keeper and the selection are shown."""
        return (old.keeper, old.selected, old.service, old.tabs) != (new.keeper, new.selected, new.service, new.tabs)

    def action_choose(self, by: int) -> None:
        """The next znode of the tree, or the one before."""
        keeper = self.frame.keeper if self.frame else None
        if keeper is None or not keeper.znodes:
            return
        paths = [each.path for each in keeper.znodes]
        place = paths.index(keeper.chosen) + by if keeper.chosen in paths else 0
        self.post_message(PathPicked(paths[place % len(paths)]))

    def on_click(self, event: events.Click) -> None:
        """A tab, a znode or a node."""
        if self.frame is None or self.frame.keeper is None:
            return
        if event.y == 0 and wants_tabs(self.frame):
            self.post_message(ServicePicked(tab_at(self.frame, event.x, self.size.width)))
            return
        spots = draw_keeper(self.frame, self.size, self.look)[1]
        found = next((s for s in spots if s.y == event.y and s.x <= event.x < s.x + s.width), None)
        if found is None:
            return
        if found.key:
            self.post_message(PathPicked("" if found.key == self.frame.keeper.chosen else found.key))
        elif found.node:
            self.post_message(NodePicked(found.node, opened=event.chain == 2))
