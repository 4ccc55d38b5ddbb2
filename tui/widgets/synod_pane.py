"""The pane of a single-decree synod: what each proposer has gathered, what each acceptor has said, what is missing.

The law: it paints a frame; proposers stand above acceptors, and the last sentence says what is missing for "chosen".
"""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.view import SynodView
from tui.frame import Frame
from tui.glyphs import Role
from tui.look import Look
from tui.paper import Paper, clip
from tui.paxos_words import synod_sentences
from tui.synod_frame import SynodFrame, SynodRow
from tui.theme import ink
from tui.widgets.cells import CellWidget, NodePicked
from tui.widgets.lines import Line, Piece, Spot, draw_lines, wrapped
from tui.widgets.paxos_pane import client_lines
from tui.widgets.service_tabs import ServicePicked, tab_at, tabbed_panel, wants_tabs

NAME = 8
"""Columns of pointer, name and glyph."""

PHASE = 8
BALLOT = 8
GOT = 5
"""Columns of `3/3`."""

ROOM_FOR_TICKS = 66
"""Columns from which on each acceptor's promise and accept has a mark of its own."""

PHASES = {"prepare": "prepare", "accept": "accept", "waiting": "waits", "idle": "idle"}


def draw_synod(frame: Frame, size: Size, look: Look) -> tuple[Paper, list[Spot]]:
    """The whole pane, and what of it can be clicked."""
    synod = frame.synod
    page = tabbed_panel(frame, size, look, "synod", _right(synod, size.width), _loud(synod, look))
    if synod is None or size.width < 20 or size.height < 3:
        return page, []
    width, rows = size.width - 4, size.height - 2
    return page, draw_lines(page, 2, 1, width, rows, _lines(frame, synod, width, rows, look), look)


def paint_synod(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    return draw_synod(frame, size, look)[0]


def _right(synod: SynodFrame | None, width: int) -> str:
    """What is most worth knowing, at the right of the title."""
    if synod is None or not synod.acceptors:
        return ""
    if len(synod.chosen) > 1:
        return f"{len(synod.chosen)} values chosen"
    if synod.chosen:
        return "chosen"
    if len(synod.duel) > 1:
        ballot = f"ballot {synod.duel[0].ballot} · " if width > 56 else ""
        return f"{ballot}{len(synod.duel)} proposers duel"
    return f"quorums {synod.quorums.phase_1}+{synod.quorums.phase_2} of {len(synod.acceptors)}"


def _loud(synod: SynodFrame | None, look: Look) -> str:
    return look.palette.vermilion if synod is not None and len(synod.chosen) > 1 else ""


def _lines(frame: Frame, synod: SynodFrame, width: int, rows: int, look: Look) -> list[Line]:
    proposers = [row for row in synod.rows if row.proposes]
    tables = [*_proposers(frame, synod, proposers, width, look), *_acceptors(frame, synod, width, look)]
    sentences = _sentences(synod, width, look)
    ladder, clients = _ladder(synod, width, look), client_lines(synod.clients, width, look)
    left = rows - len(tables)
    shown = []
    for lines in (*sorted(sentences, key=lambda each: each is not sentences[0]), ladder, clients):
        if lines and (len(lines) <= left or lines is sentences[0]):
            shown.append(lines)
            left -= len(lines)
    gaps = [Line(())] if left >= 2 else []
    told = [line for lines in sentences if lines in shown for line in lines]
    above = ladder if ladder in shown else []
    below = [*gaps, *clients] if clients in shown else []
    return [*tables[: len(tables) + min(0, left)], *gaps, *above, *told, *below]


def _sentences(synod: SynodFrame, width: int, look: Look) -> list[list[Line]]:
    """Each over its lines, the one that must not be missing first."""
    colors = look.palette
    loud = colors.mint if len(synod.chosen) == 1 else colors.vermilion
    return [
        wrapped(text, width, look.on_panel(loud if number == 0 else colors.dim, bold=number == 0))
        for number, text in enumerate(synod_sentences(synod))
    ]


# ---------------------------------------------------------------- proposers


def _proposers(frame: Frame, synod: SynodFrame, rows: list[SynodRow], width: int, look: Look) -> list[Line]:
    colors = look.palette
    if not rows:
        return [Line((Piece("nobody has proposed anything yet", look.on_panel(colors.dim)),))]
    got = GOT + len(synod.rows) if width >= ROOM_FOR_TICKS else GOT
    got = max(got, 9) if width >= ROOM_FOR_TICKS else got
    titles = ("promises", "accepts") if got >= 9 else ("1b", "2b")
    words = f"{'proposer':<{NAME + 1}}{'phase':<{PHASE}}{'ballot':<{BALLOT}}"
    heading = f"{words}{titles[0]:<{got + 1}}{titles[1]:<{got + 1}}value"
    lines = [Line((Piece(clip(heading, width, ""), look.on_panel(colors.faint)),))]
    for row in rows:
        assert row.view is not None, "Only who is up proposes."
        lines.append(_proposer(frame, synod, row, row.view, got, width, look))
    return lines


def _proposer(
    frame: Frame, synod: SynodFrame, row: SynodRow, view: SynodView, got: int, width: int, look: Look
) -> Line:
    colors = look.palette
    ground = _ground(frame, row, look)
    color = look.role(row.role)
    quorums = synod.quorums
    value = view.proposing if view.proposing is not None else view.wanted
    pieces = [
        *_name(frame, row, ground, look),
        Piece(f" {PHASES.get(view.phase, view.phase):<{PHASE}}", ink(color, ground, bold=view.phase != "idle")),
        Piece(f"{view.ballot!s:<{BALLOT}}", ink(_hue(view.ballot, look), ground)),
        *_gathered(synod, view.promises, quorums.phase_1, got, ground, look),
        *_gathered(synod, view.accepts, quorums.phase_2, got, ground, look),
    ]
    used = sum(len(each.text) for each in pieces)
    adopted = value is not None and view.wanted is not None and value != view.wanted
    words = f"{value}" if value is not None else ""
    more = f" (wanted {view.wanted})" if adopted else ""
    shown = words + more if used + len(words + more) <= width else clip(words, width - used, look.glyphs.ellipsis)
    pieces.append(Piece(shown, ink(colors.pink if adopted else colors.text, ground)))
    return Line(tuple(pieces), ground)


def _gathered(
    synod: SynodFrame, who: tuple[str, ...], quorum: int, columns: int, ground: str, look: Look
) -> list[Piece]:
    """`3/3`, with a mark for each acceptor where there is room."""
    colors = look.palette
    enough = len(who) >= quorum > 0
    count = f"{len(who)}/{quorum}"
    if columns < len(synod.rows) + len(count) + 1:
        style = ink(colors.mint if enough else colors.text, ground, bold=enough)
        return [Piece(f"{count:<{columns + 1}}", style)]
    pieces = [
        Piece(look.glyphs.good if row.node in who else look.glyphs.missing,
              ink(colors.mint if row.node in who else colors.faint, ground))
        for row in synod.rows
    ]  # fmt: skip
    rest = columns + 1 - len(synod.rows)
    return [*pieces, Piece(f" {count:<{rest - 1}}", ink(colors.mint if enough else colors.text, ground, bold=enough))]


# ---------------------------------------------------------------- acceptors


def _acceptors(frame: Frame, synod: SynodFrame, width: int, look: Look) -> list[Line]:
    heading = f"{'acceptor':<{NAME + 1}}{'promised':<{BALLOT + 1}}{'accepted':<{BALLOT + 1}}value"
    lines = [Line((Piece(heading, look.on_panel(look.palette.faint)),))]
    return [*lines, *(_acceptor(frame, synod, row, width, look) for row in synod.rows)]


def _acceptor(frame: Frame, synod: SynodFrame, row: SynodRow, width: int, look: Look) -> Line:
    colors, view = look.palette, row.view
    ground = _ground(frame, row, look)
    pieces = _name(frame, row, ground, look)
    if view is None:
        return Line((*pieces, Piece(" down", ink(colors.grey, ground))), ground)
    accepted = view.accepted != NO_BALLOT
    value = view.accepted_value if accepted and view.accepted_value is not None else look.glyphs.missing
    pieces += [
        Piece(f" {_ballot(view.promised, look):<{BALLOT + 1}}", ink(_hue(view.promised, look), ground)),
        Piece(f"{_ballot(view.accepted, look):<{BALLOT + 1}}", ink(_hue(view.accepted, look), ground)),
    ]
    used = sum(len(each.text) for each in pieces)
    learned = f"  {look.glyphs.good} learned {view.chosen}" if view.chosen is not None else ""
    if len(learned) + used + len(value) > width:
        learned = f" {look.glyphs.good}" if learned else ""
    shown = clip(value, max(0, width - used - len(learned)), look.glyphs.ellipsis)
    pieces.append(Piece(shown, ink(colors.text if accepted else colors.faint, ground)))
    pieces.append(Piece(learned, ink(colors.mint, ground, bold=True)))
    return Line(tuple(pieces), ground)


def _ballot(ballot: Ballot, look: Look) -> str:
    return str(ballot) if ballot != NO_BALLOT else look.glyphs.missing


def _hue(ballot: Ballot, look: Look) -> str:
    return look.hue(ballot.round) if ballot != NO_BALLOT else look.palette.faint


def _ground(frame: Frame, row: SynodRow, look: Look) -> str:
    panel = look.palette.panel
    return look.tint(panel, look.role(row.role), 0.16) if row.node == frame.selected else panel


def _name(frame: Frame, row: SynodRow, ground: str, look: Look) -> list[Piece]:
    colors = look.palette
    selected = row.node == frame.selected
    name = ink(colors.text if row.view else colors.grey, ground, bold=selected)
    role = Role.DOWN if row.view is None else row.role
    return [
        Piece(look.glyphs.pointer if selected else " ", ink(colors.gold, ground, bold=True)),
        Piece(f"{clip(row.node, 4, look.glyphs.ellipsis):<5}", name, node=row.node),
        Piece(f"{look.glyphs.roles[role]} ", ink(look.role(role), ground, bold=True), node=row.node),
    ]


# ---------------------------------------------------------------- the ladder


def _ladder(synod: SynodFrame, width: int, look: Look) -> list[Line]:
    """The ballots that were begun, as they climbed: as many of the last ones as fit."""
    if len(synod.ladder) < 2:
        return []
    colors = look.palette
    shown: list[Ballot] = []
    room = width - 10
    for ballot in reversed(synod.ladder):
        room -= len(str(ballot)) + 1
        if room < 0:
            break
        shown.insert(0, ballot)
    head = "ballots " + ("" if len(shown) == len(synod.ladder) == synod.begun else look.glyphs.ellipsis + " ")
    pieces = [Piece(head, look.on_panel(colors.faint))]
    names = sorted({ballot.proposer for ballot in synod.ladder})
    for ballot in shown:
        color = look.hue(names.index(ballot.proposer))
        pieces.append(Piece(f"{ballot} ", look.on_panel(color, bold=ballot is shown[-1]), node=ballot.proposer))
    return [Line(tuple(pieces))]


class SynodPane(CellWidget):
    """A click on a server selects it."""

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_synod`."""
        return paint_synod(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Only the synod and the selection are shown."""
        return (old.synod, old.selected, old.service, old.tabs) != (new.synod, new.selected, new.service, new.tabs)

    def on_click(self, event: events.Click) -> None:
        """A tab or a node."""
        if self.frame is None or self.frame.synod is None:
            return
        if event.y == 0 and wants_tabs(self.frame):
            self.post_message(ServicePicked(tab_at(self.frame, event.x, self.size.width)))
            return
        spots = draw_synod(self.frame, self.size, self.look)[1]
        found = next((s for s in spots if s.y == event.y and s.x <= event.x < s.x + s.width), None)
        if found is not None and found.node:
            self.post_message(NodePicked(found.node, opened=event.chain == 2))
