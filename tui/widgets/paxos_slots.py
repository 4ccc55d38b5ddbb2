"""The servers and the slots of a Multi-Paxos log, a line each.

The law: who has accepted what is told by a mark, an older ballot by its round, a hole by a dot; colour only repeats it.
"""

from __future__ import annotations

from tui.frame import Frame
from tui.glyphs import Role
from tui.look import Look
from tui.paper import clip
from tui.paxos_frame import Holding, PaxosFrame, PaxosRow, SlotFace
from tui.paxos_words import need_words
from tui.ring_frame import marks_for
from tui.theme import ink, mix
from tui.widgets.lines import Line, Piece

NAME = 6
"""Columns of a name, with a space."""

BALLOT = 8
NUMBERS = 8
"""Columns of `41/43`."""

STRIP = 24
"""Columns from which on each server's slots stand beside its numbers, a digit each."""

WORD = 10

SLOT = 6
CELLS = ((7, 110), (3, 60), (2, 0))
"""Columns of a server in a slot's line, and the width from which on there is room for so many."""

VALUE = 14
"""Columns that a value wants before servers get wider ones."""


# ---------------------------------------------------------------- servers


def server_lines(frame: Frame, paxos: PaxosFrame, width: int, look: Look) -> list[Line]:
    """A heading and a line each."""
    room = width - NAME - 2 - 2 * BALLOT - NUMBERS - 1
    strip = room - 1 if room >= STRIP else 0
    return [_server_heading(paxos, strip, look), *(_server(frame, paxos, row, room, strip, look) for row in paxos.rows)]


def _server_heading(paxos: PaxosFrame, strip: int, look: Look) -> Line:
    faint = look.on_panel(look.palette.faint)
    words = f"{'':<{NAME + 2}}{'promised':<{BALLOT + 1}}{'ballot':<{BALLOT}}{'chosen':<{NUMBERS}}"
    pieces = [Piece(words, faint)]
    if strip:
        shown = paxos.slots[-strip:]
        first, last = (str(shown[0].slot), str(shown[-1].slot)) if shown else ("", "")
        gap = max(1, len(shown) - len(first) - len(last))
        pieces.append(Piece(first + (" " * gap + last if len(shown) > len(first) + len(last) else ""), faint))
    return Line(tuple(pieces))


def _server(frame: Frame, paxos: PaxosFrame, row: PaxosRow, room: int, strip: int, look: Look) -> Line:
    colors, view = look.palette, row.view
    selected = row.node == frame.selected
    ground = look.tint(colors.panel, look.role(row.role), 0.16) if selected else colors.panel
    color = look.role(row.role)
    name = ink(colors.text if view else colors.grey, ground, bold=selected)
    pieces = [
        Piece(look.glyphs.pointer if selected else " ", ink(colors.gold, ground, bold=True)),
        Piece(f"{clip(row.node, NAME - 2, look.glyphs.ellipsis):<{NAME - 1}}", name, node=row.node),
        Piece(f"{look.glyphs.roles[row.role]} ", ink(color, ground, bold=True), node=row.node),
    ]
    if view is None:
        pieces.append(Piece("down", ink(colors.grey, ground), node=row.node))
        return Line(tuple(pieces), ground if selected else "")
    own = str(view.ballot) if view.ballot.round else "-"
    behind = view.last_slot > view.commit_index
    pieces += [
        Piece(f"{view.promised!s:<{BALLOT + 1}}", ink(_hue(view.promised.round, look), ground)),
        Piece(f"{own:<{BALLOT}}", ink(_hue(view.ballot.round, look), ground)),
        Piece(f"{view.commit_index}", ink(colors.text, ground)),
        Piece(f"{f'/{view.last_slot}' if behind else '':<{NUMBERS - len(str(view.commit_index))}}",
              ink(colors.vermilion if behind else colors.dim, ground)),
    ]  # fmt: skip
    if strip:
        place = paxos.rows.index(row)
        pieces += [_digit(slot, place, ground, look) for slot in paxos.slots[-strip:]]
    elif room >= len(row.role.value):
        pieces.append(Piece(row.role.value, ink(color, ground)))
    return Line(tuple(pieces), ground if selected else "")


def _hue(round_: int, look: Look) -> str:
    """As terms have theirs: the number stands there, too."""
    return look.hue(round_) if round_ else look.palette.faint


def _digit(slot: SlotFace, place: int, ground: str, look: Look) -> Piece:
    """One cell of the strip: solid if it is chosen, the round of the ballot in it."""
    colors, holding, round_ = look.palette, slot.holdings[place], slot.rounds[place]
    match holding:
        case Holding.COMPACTED:
            return Piece(look.glyphs.compacted, ink(mix(ground, colors.dim, 0.6), ground))
        case Holding.HOLE:
            return Piece(look.glyphs.missing, ink(colors.faint, ground))
        case Holding.UNKNOWN:
            return Piece(" ", ink(colors.faint, ground))
        case Holding.LEARNED:
            return Piece("-" if slot.is_no_op else look.glyphs.good, ink(colors.mint, ground))
    text = "-" if slot.is_no_op else str(round_ % 10)
    if slot.chosen and holding is Holding.NEWEST:
        return Piece(text, ink(colors.ink, mix(ground, look.hue(round_), 0.88 if slot.slot % 2 else 0.8)))
    return Piece(text, ink(look.hue(round_), look.tint(ground, look.hue(round_), 0.18), italic=True, underline=True))


# ---------------------------------------------------------------- slots


def slot_lines(paxos: PaxosFrame, width: int, rows: int, look: Look) -> list[Line]:
    """A heading and the newest slots, but the first that is not chosen is always among them."""
    if rows < 2 or not paxos.slots:
        return []
    cell = _cell(paxos, width)
    shown = _window(paxos, rows - 1)
    longest = max((len(slot.value) for slot in shown), default=0)
    return [_heading(paxos, cell, look), *(_slot(paxos, slot, cell, width, longest, look) for slot in shown)]


def _cell(paxos: PaxosFrame, width: int) -> int:
    count = max(1, len(paxos.rows))
    fits = (cell for cell, least in CELLS if width >= least and SLOT + BALLOT + count * cell + VALUE <= width)
    return next(fits, 1)


def _window(paxos: PaxosFrame, rows: int) -> tuple[SlotFace, ...]:
    wanted = paxos.open_slot
    last = len(paxos.slots)
    if wanted is not None:
        last = min(last, max(paxos.slots.index(wanted) + rows - 1, rows))
    return paxos.slots[max(0, last - rows) : last]


def _heading(paxos: PaxosFrame, cell: int, look: Look) -> Line:
    colors = look.palette
    names = [row.node for row in paxos.rows]
    marks = marks_for(tuple(names))
    pieces = [Piece(f"{'slot':<{SLOT}}{'ballot':<{BALLOT}}", look.on_panel(colors.faint))]
    for row in paxos.rows:
        text = row.node if len(row.node) < cell else marks[row.node]
        style = look.on_panel(colors.grey if row.view is None else look.role(row.role))
        pieces.append(Piece(f"{text:<{cell}}", style, node=row.node))
    return Line((*pieces, Piece(" value", look.on_panel(colors.faint))))


def _slot(paxos: PaxosFrame, slot: SlotFace, cell: int, width: int, longest: int, look: Look) -> Line:
    colors = look.palette
    sign = look.glyphs.good if slot.chosen else " "
    hue = colors.mint if slot.chosen else colors.vermilion
    ballot = str(slot.ballot) if slot.ballot.round else look.glyphs.missing
    pieces = [
        Piece(f"{slot.slot:>4}", look.on_panel(colors.text if slot.chosen else colors.bright, bold=not slot.chosen)),
        Piece(f"{sign} ", look.on_panel(hue, bold=True)),
        Piece(f"{ballot:<{BALLOT}}", look.on_panel(_hue(slot.ballot.round, look))),
        *(_mark(slot, place, row, cell, look) for place, row in enumerate(paxos.rows)),
    ]
    state = "" if slot.chosen else need_words(paxos, slot)
    room = width - SLOT - BALLOT - cell * len(paxos.rows) - 1 - (len(state) + 1 if state else 0)
    room = min(room, longest + 1)
    value = look.glyphs.missing if slot.is_hole else slot.value
    color = colors.dim if slot.is_no_op or slot.is_hole else colors.text
    shown = clip(value, max(0, room), look.glyphs.ellipsis)
    pieces.append(Piece(f" {shown:<{max(0, room)}}", look.on_panel(color)))
    if state:
        pieces.append(Piece(f" {state}", look.on_panel(colors.vermilion, bold=True)))
    return Line(tuple(pieces))


def _mark(slot: SlotFace, place: int, row: PaxosRow, cell: int, look: Look) -> Piece:
    """What one server has there."""
    colors, glyphs = look.palette, look.glyphs
    holding, round_ = slot.holdings[place], slot.rounds[place]
    text, color = {
        Holding.NEWEST: (glyphs.good, colors.mint if slot.chosen else colors.sky),
        Holding.OLDER: (str(round_), colors.pink),
        Holding.LEARNED: (glyphs.roles[Role.LEARNER], colors.mint),
        Holding.HOLE: (glyphs.missing, colors.faint),
        Holding.COMPACTED: (glyphs.compacted, colors.dim),
        Holding.UNKNOWN: ("", colors.grey),
    }[holding]
    return Piece(f"{text[-max(1, cell - 1) :] if text else '':<{cell}}", look.on_panel(color), node=row.node)


def slot_legend(width: int, look: Look) -> Line:
    """What the marks mean; the last ones go if there is no room."""
    colors, glyphs = look.palette, look.glyphs
    found = (
        (glyphs.good, "accepted", colors.mint),
        ("5", "in an older ballot", colors.pink),
        (glyphs.missing, "hole", colors.faint),
        (glyphs.roles[Role.LEARNER], "learned only", colors.mint),
        (glyphs.compacted, "in the snapshot", colors.dim),
    )
    pieces: list[Piece] = []
    used = 0
    for shape, words, color in found:
        used += len(words) + 4
        if used > width + 2:
            break
        pieces += [Piece(f"{shape} ", look.on_panel(color)), Piece(f"{words}  ", look.on_panel(colors.faint))]
    return Line(tuple(pieces))
