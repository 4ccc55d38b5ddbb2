"""The pane of a Multi-Paxos log: who leads in which ballot, the slots with who has accepted them, and what is missing.

The law: it paints a frame; the sentence about what is missing comes before legends and clients when rows are few.
"""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from tui.frame import Frame
from tui.glyphs import Kind
from tui.look import Look
from tui.paper import Paper
from tui.paxos_frame import LogClientFace, PaxosFrame
from tui.paxos_words import missing_sentence, role_sentence
from tui.widgets.cells import CellWidget, NodePicked
from tui.widgets.lines import Line, Piece, Spot, draw_lines, wrapped
from tui.widgets.paxos_slots import server_lines, slot_legend, slot_lines
from tui.widgets.service_tabs import ServicePicked, tab_at, tabbed_panel, wants_tabs

LEAST_SLOTS = 4
"""Lines for slots, with their heading, before anything else is left out."""

MOST_SLOTS = 24


def draw_paxos(frame: Frame, size: Size, look: Look) -> tuple[Paper, list[Spot]]:
    """The whole pane, and what of it can be clicked."""
    paxos = frame.paxos
    color = look.palette.vermilion if paxos is not None and not paxos.leader else ""
    page = tabbed_panel(frame, size, look, "paxos", _right(paxos, size.width), color)
    if paxos is None or size.width < 20 or size.height < 3:
        return page, []
    width, rows = size.width - 4, size.height - 2
    return page, draw_lines(page, 2, 1, width, rows, _lines(frame, paxos, width, rows, look), look)


def paint_paxos(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    return draw_paxos(frame, size, look)[0]


def _right(paxos: PaxosFrame | None, width: int) -> str:
    """What is most worth knowing, at the right of the title."""
    if paxos is None or not paxos.acceptors:
        return ""
    if paxos.proposers > 1:
        return f"{paxos.proposers} proposers duel"
    quorums = f" · quorums {paxos.quorums.phase_1}+{paxos.quorums.phase_2} of {len(paxos.acceptors)}"
    return f"ballot {paxos.ballot}" + (quorums if width > 60 else "")


def _lines(frame: Frame, paxos: PaxosFrame, width: int, rows: int, look: Look) -> list[Line]:
    """What fits, in the order of its weight; what is left is for slots."""
    colors = look.palette
    color = colors.gold if paxos.leader else colors.pink if paxos.preparing else colors.vermilion
    who = wrapped(role_sentence(paxos), width, look.on_panel(color, bold=True))
    lacking = paxos.open_slot is not None
    missing = wrapped(missing_sentence(paxos), width, look.on_panel(colors.vermilion if lacking else colors.mint))
    servers = server_lines(frame, paxos, width, look)
    clients = client_lines(paxos.clients, width, look)
    left = rows - len(who) - len(missing) - len(servers)
    wanted = min(len(paxos.slots) + 1, MOST_SLOTS)
    slots = slot_lines(paxos, width, min(wanted, max(left, LEAST_SLOTS)), look)
    left -= len(slots)
    shown_clients = clients if left >= len(clients) else clients[: max(0, left)]
    left -= len(shown_clients)
    gaps = [Line(())] if left > 1 else []
    legend = [slot_legend(width, look)] if left - 2 * len(gaps) > 0 and slots else []
    if left < 0:
        servers = servers[: max(0, len(servers) + left)]
    return [*who, *servers, *gaps, *slots, *legend, *gaps, *missing, *shown_clients]


def client_lines(clients: tuple[LogClientFace, ...], width: int, look: Look) -> list[Line]:
    """Each client: done, under way, and ended otherwise; as many on a line as fit."""
    colors, glyphs = look.palette, look.glyphs
    lines: list[list[Piece]] = []
    used = width
    for client in clients:
        pieces = [Piece(f"{glyphs.kinds[Kind.CLIENT]} ", look.on_panel(colors.gold)),
                  Piece(f"{client.node} ", look.on_panel(colors.text, bold=True), node=client.node)]  # fmt: skip
        if not client.up:
            pieces.append(Piece("down", look.on_panel(colors.grey)))
        else:
            waiting = f" {glyphs.ellipsis}{client.waiting}" if client.waiting else ""
            pieces.append(Piece(f"{glyphs.good}{client.done:,}{waiting}", look.on_panel(colors.dim)))
            unsure = client.failed + client.unknown
            if unsure:
                pieces.append(Piece(f" ?{unsure}", look.on_panel(colors.vermilion)))
        pieces.append(Piece("   ", look.on_panel(colors.dim)))
        length = sum(len(each.text) for each in pieces)
        if used + length > width + 3:
            lines.append([])
            used = 0
        lines[-1] += pieces
        used += length
    return [Line(tuple(pieces)) for pieces in lines]


class PaxosPane(CellWidget):
    """A click on a server selects it."""

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_paxos`."""
        return paint_paxos(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Only the log and the selection are shown."""
        return (old.paxos, old.selected, old.service, old.tabs) != (new.paxos, new.selected, new.service, new.tabs)

    def on_click(self, event: events.Click) -> None:
        """A tab or a node."""
        if self.frame is None or self.frame.paxos is None:
            return
        if event.y == 0 and wants_tabs(self.frame):
            self.post_message(ServicePicked(tab_at(self.frame, event.x, self.size.width)))
            return
        spots = draw_paxos(self.frame, self.size, self.look)[1]
        found = next((s for s in spots if s.y == event.y and s.x <= event.x < s.x + s.width), None)
        if found is not None and found.node:
            self.post_message(NodePicked(found.node, opened=event.chain == 2))
