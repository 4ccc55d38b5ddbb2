"""What stands on a node's card while a broker cluster is looked at: partitions led and hosted, and what is wrong."""

from __future__ import annotations

from tui.broker_frame import BrokerFace
from tui.frame import NodeFace
from tui.look import Look
from tui.paper import Paper, clip
from tui.ring_words import counted
from tui.theme import ink
from tui.widgets.cells import bar, draw_spans


def draw_broker_line(
    page: Paper, x: int, y: int, end: int, node: NodeFace, broker: BrokerFace, ground: str, look: Look
) -> None:
    """The one line of a small card: trouble, or led and hosted with the load as a bar."""
    colors = look.palette
    text = colors.text if node.up else colors.dim
    words = short_broker_words(node, broker)
    if words:
        page.text(x, y, clip(words, end - x, look.glyphs.ellipsis), ink(text, ground), end)
        return
    x = page.text(x, y, f"{broker.led}", ink(text, ground, bold=True), end)
    x = page.text(x, y, f"/{broker.hosted} ", ink(colors.dim, ground), end)
    draw_spans(page, x, y, bar(max(0, end - x), broker.load, look.node(node), ground, look), end)


def short_broker_words(node: NodeFace, broker: BrokerFace) -> str:
    """In at most ten characters; nothing where the numbers say more."""
    if not node.up or node.frozen or broker.fenced or broker.stopped or broker.leaving:
        return node.word
    return f"{broker.led}/{broker.hosted} {broker.behind} late" if broker.behind else ""


def draw_broker_lines(
    page: Paper, x: int, y: int, end: int, node: NodeFace, broker: BrokerFace, ground: str, look: Look
) -> None:
    """The second and third line of a large card."""
    colors = look.palette
    count = f" {broker.led}/{broker.hosted}"
    draw_spans(page, x, y, bar(max(0, end - x - len(count)), broker.load, look.node(node), ground, look), end)
    page.text(end - len(count), y, count, ink(colors.text if node.up else colors.dim, ground))
    color = colors.vermilion if node.up and (broker.fenced or broker.behind) else colors.dim
    words = clip(long_broker_words(node, broker), end - x, look.glyphs.ellipsis)
    page.text(x, y + 1, words, ink(color, ground), end)


def long_broker_words(node: NodeFace, broker: BrokerFace) -> str:
    """What is the matter, or what it leads, in at most sixteen characters."""
    if not node.up:
        return "no process"
    if node.frozen:
        return f"{node.waiting} waiting" if node.waiting else "stands still"
    if broker.stopped:
        return "all handed over"
    if broker.fenced:
        return "serves nobody"
    if broker.leaving:
        return "hands over"
    return f"{counted(broker.behind, 'replica')} late" if broker.behind else f"leads {broker.led} of {broker.hosted}"
