"""Node cards. The law: role and trouble are each told by glyph, word and border; colour only repeats them."""

from __future__ import annotations

from dataclasses import dataclass

from tui.frame import LEADERS, NodeFace
from tui.glyphs import Border, Role
from tui.look import Look
from tui.pace import duration
from tui.paper import Paper, clip
from tui.theme import ink, mix
from tui.widgets.cells import draw_spans, timer_bar
from tui.widgets.map_broker_nodes import draw_broker_line, draw_broker_lines
from tui.widgets.map_card_nodes import draw_card_line, draw_card_lines
from tui.widgets.map_geometry import Card, Place
from tui.widgets.map_ring_nodes import draw_ring_line, draw_ring_lines

WARM = 0.2
"""How much a card is tinted that has just received something."""


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of one card."""

    color: str
    ground: str
    edge: str
    text: str
    soft: str


def draw_node(page: Paper, place: Place, node: NodeFace, selected: bool, look: Look) -> None:
    """One node in its place."""
    paint = _paint(node, selected, look)
    match place.card:
        case Card.LARGE:
            _frame(page, place, node, selected, paint, look)
            _large(page, place, node, paint, look)
        case Card.NORMAL:
            _frame(page, place, node, selected, paint, look)
            _title_glyph(page, place, node, paint, look)
            _line(page, place, node, paint, look)
        case Card.CHIP | Card.GUEST:
            _chip(page, place, node, selected, paint, look)
        case Card.DOT:
            _dot(page, place, node, selected, paint, look)


def _paint(node: NodeFace, selected: bool, look: Look) -> Paint:
    colors = look.palette
    color = look.node(node)
    base = 0.1 if not node.up else 0.22 if node.role in LEADERS else 0.15
    ground = look.tint(colors.ground, color, base + WARM * node.heat + (0.08 if selected else 0))
    edge = mix(color, colors.bright, 0.35) if selected else color
    text = colors.text if node.up else colors.dim
    return Paint(color, ground, edge, text, mix(ground, color, 0.8))


def border_of(node: NodeFace, selected: bool, look: Look) -> Border:
    """Heavy if selected, dotted in trouble, else the role's."""
    if selected:
        return look.glyphs.selected
    return look.glyphs.troubled if node.troubled else look.glyphs.borders[node.role]


def marks_of(node: NodeFace, look: Look) -> str:
    """The role's glyph and those of trouble."""
    marks = look.glyphs.roles[node.role]
    return marks + (look.glyphs.frozen if node.frozen else "") + (look.glyphs.isolated if node.isolated else "")


def _frame(page: Paper, place: Place, node: NodeFace, selected: bool, paint: Paint, look: Look) -> None:
    edge = ink(paint.edge, paint.ground, bold=selected)
    page.box(place.x, place.y, place.width, place.height, border_of(node, selected, look), edge)
    name = ink(look.palette.bright if node.up else look.palette.dim, paint.ground, bold=True)
    page.text(place.x + 2, place.y, f" {clip(node.name, place.width - 8)} ", name)


def _title_glyph(page: Paper, place: Place, node: NodeFace, paint: Paint, look: Look) -> None:
    marks = marks_of(node, look)
    page.text(place.x + place.width - 4 - len(marks), place.y, f" {marks} ", ink(paint.color, paint.ground, bold=True))


# ---------------------------------------------------------------- 12 x 3


def _line(page: Paper, place: Place, node: NodeFace, paint: Paint, look: Look) -> None:
    """The one line inside: the term, and what matters most in this role."""
    x, y, inner = place.x + 1, place.y + 1, place.width - 2
    end = x + inner
    soft = ink(paint.soft, paint.ground)
    if node.client:
        page.text(x, y, clip(client_words(node, look), inner, look.glyphs.ellipsis), soft, end)
        return
    if node.ring is not None:
        draw_ring_line(page, x, y, end, node, node.ring, paint.ground, look)
        return
    if node.broker is not None:
        draw_broker_line(page, x, y, end, node, node.broker, paint.ground, look)
        return
    if node.card is not None:
        draw_card_line(page, x, y, end, node, node.card, paint.ground, look)
        return
    x = page.text(x, y, f"T{node.term} ", ink(paint.text, paint.ground), end)
    words = short_words(node)
    if words:
        page.text(x, y, words, soft, end)
    elif node.timer is not None and end - x > 2:
        draw_spans(page, x, y, timer_bar(end - x - 1, node.timer, paint.color, paint.ground, look))


def short_words(node: NodeFace) -> str:
    """In at most eight characters; nothing where the timer says more."""
    if not node.up or node.frozen:
        return node.word
    match node.role:
        case Role.LEADER:
            return f"log {node.last_index}"
        case Role.CANDIDATE:
            return f"votes {node.votes}"
        case Role.PRE_CANDIDATE:
            return f"asks {node.votes}"
        case _:
            return ""


def client_words(node: NodeFace, look: Look) -> str:
    """How its requests ended."""
    if not node.up:
        return node.word
    waits = f" {look.glyphs.ellipsis}{node.waiting}" if node.waiting else ""
    unsure = f" ?{node.unsure}" if node.unsure else ""
    return f"{look.glyphs.good}{node.done}{waits}{unsure}"


# ---------------------------------------------------------------- 20 x 5


def _large(page: Paper, place: Place, node: NodeFace, paint: Paint, look: Look) -> None:
    x, y, end = place.x + 2, place.y + 1, place.x + place.width - 2
    bold = ink(paint.color, paint.ground, bold=True)
    page.text(x, y, f"{marks_of(node, look)} {node.word}", bold, end)
    page.text(end - len(title_of(node)) + 1, place.y, title_of(node), ink(paint.text, paint.ground))
    if node.ring is not None:
        draw_ring_lines(page, x, y + 1, end, node, node.ring, paint.ground, look)
        return
    if node.broker is not None:
        draw_broker_lines(page, x, y + 1, end, node, node.broker, paint.ground, look)
        return
    if node.card is not None and not node.card.squares:
        draw_card_lines(page, x, y + 1, end, node, node.card, paint.ground, look)
        return
    _log_squares(page, x, y + 1, end, node, paint, look)
    _last_line(page, x, y + 2, end, node, paint, look)


def title_of(node: NodeFace) -> str:
    """What counts up in the service that is looked at, for the upper edge."""
    if node.card is not None:
        return f" {node.card.title} " if node.card.title else ""
    return f" T{node.term} " if node.ring is None and node.broker is None else ""


def _log_squares(page: Paper, x: int, y: int, end: int, node: NodeFace, paint: Paint, look: Look) -> None:
    """The newest entries, the committed ones solid."""
    x = page.text(x, y, f"{node.last_index:>3} ", ink(mix(paint.ground, paint.text, 0.6), paint.ground), end)
    shown = min(end - x, node.last_index)
    solid = max(0, min(shown, shown - (node.last_index - node.commit_index))) if node.up else shown
    page.text(x, y, look.glyphs.block * solid, ink(paint.soft, paint.ground), end)
    open_block = look.glyphs.open_block * (shown - solid)
    page.text(x + solid, y, open_block, ink(look.palette.vermilion, paint.ground), end)


def _last_line(page: Paper, x: int, y: int, end: int, node: NodeFace, paint: Paint, look: Look) -> None:
    soft = ink(paint.soft, paint.ground)
    words = long_words(node)
    if words:
        page.text(x, y, clip(words, end - x, look.glyphs.ellipsis), soft, end)
    elif node.timer is not None:
        left = duration(max(0, node.timer.left // 1000 * 1000))
        room = end - x - 7
        draw_spans(page, x, y, timer_bar(room, node.timer, paint.color, paint.ground, look))
        page.text(end - len(left), y, left, ink(mix(paint.ground, paint.text, 0.6), paint.ground))


def long_words(node: NodeFace) -> str:
    """In at most sixteen characters; nothing where the timer says more."""
    if node.card is not None:
        return node.card.words
    if not node.up:
        return "no process"
    if node.frozen:
        return f"{node.waiting} waiting" if node.waiting else "stands still"
    match node.role:
        case Role.LEADER:
            behind = node.last_index - node.commit_index
            return f"{behind} not committed" if behind > 0 else "all committed"
        case Role.CANDIDATE:
            return f"{node.votes} of {node.quorum} votes"
        case Role.PRE_CANDIDATE:
            return f"asks: {node.votes} of {node.quorum}"
        case _:
            return ""


# ---------------------------------------------------------------- one line


def _chip(page: Paper, place: Place, node: NodeFace, selected: bool, paint: Paint, look: Look) -> None:
    glyphs, ground = look.glyphs, look.palette.ground
    edge = ink(paint.ground if not selected else paint.edge, ground)
    end = place.x + place.width - 1
    page.text(place.x, place.y, glyphs.left_end, edge)
    page.fill(place.x + 1, place.y, place.width - 2, ink(paint.text, paint.ground))
    bright = look.palette.bright if node.up else look.palette.dim
    x = page.text(place.x + 1, place.y, f"{node.name} ", ink(bright, paint.ground, bold=True), end)
    x = page.text(x, place.y, marks_of(node, look), ink(paint.color, paint.ground, bold=True), end)
    words = client_words(node, look) if node.client else _chip_words(node) if node.up else "down"
    page.text(x + 1, place.y, clip(words, end - x - 1, glyphs.ellipsis), ink(paint.text, paint.ground), end)
    page.text(end, place.y, glyphs.right_end, edge)


def _chip_words(node: NodeFace) -> str:
    if node.broker is not None:
        return f"{node.broker.led}/{node.broker.hosted}"
    if node.card is not None:
        return node.card.title
    return f"T{node.term}" if node.ring is None else f"{node.ring.keys}"


def _dot(page: Paper, place: Place, node: NodeFace, selected: bool, paint: Paint, look: Look) -> None:
    name = ink(look.palette.bright, paint.ground, bold=True, underline=selected)
    x = page.text(place.x, place.y, node.name[: place.width - 1], name)
    page.text(x, place.y, look.glyphs.roles[node.role], ink(paint.color, paint.ground, bold=True))
