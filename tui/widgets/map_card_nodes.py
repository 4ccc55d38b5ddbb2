"""What stands on a server's card that is all words (Paxos, the keeper): what counts up, and how far it is."""

from __future__ import annotations

from tui.card_face import CardFace
from tui.frame import NodeFace
from tui.look import Look
from tui.paper import Paper, clip
from tui.theme import ink, mix
from tui.widgets.cells import draw_spans, timer_bar


def draw_card_line(
    page: Paper, x: int, y: int, end: int, node: NodeFace, card: CardFace, ground: str, look: Look
) -> None:
    """The one line of a small card: ballot or zxid, then a few words or the timer."""
    colors = look.palette
    color = look.node(node)
    if card.title:
        x = page.text(x, y, f"{card.title} ", ink(colors.text if node.up else colors.dim, ground), end)
    if card.short:
        words = card.short if len(card.short) <= end - x or not card.title else ""
        style = ink(colors.vermilion if card.loud else mix(ground, color, 0.8), ground)
        page.text(x, y, clip(words, end - x, look.glyphs.ellipsis), style, end)
    elif node.timer is not None and end - x > 2:
        draw_spans(page, x, y, timer_bar(end - x - 1, node.timer, color, ground, look))


def draw_card_lines(
    page: Paper, x: int, y: int, end: int, node: NodeFace, card: CardFace, ground: str, look: Look
) -> None:
    """The second and third line of a large card without a log: words, then the timer."""
    color = look.node(node)
    style = ink(look.palette.vermilion if card.loud else mix(ground, color, 0.8), ground)
    page.text(x, y, clip(card.words, end - x, look.glyphs.ellipsis), style, end)
    if node.timer is not None and node.up and not node.frozen:
        draw_spans(page, x, y + 1, timer_bar(end - x, node.timer, color, ground, look), end)
