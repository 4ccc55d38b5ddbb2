"""What stands on a node's card while a ring store is looked at: its mark on the circle, its keys, what it has to do."""

from __future__ import annotations

from tui.frame import NodeFace
from tui.look import Look
from tui.paper import Paper, clip
from tui.ring_frame import RingFace
from tui.ring_words import counted, size_words
from tui.theme import ink
from tui.widgets.cells import bar, draw_spans


def draw_ring_line(
    page: Paper, x: int, y: int, end: int, node: NodeFace, ring: RingFace, ground: str, look: Look
) -> None:
    """The one line of a small card: mark, keys, and trouble or the load as a bar."""
    colors = look.palette
    x = _mark(page, x, y, ring, look)
    text = colors.text if node.up else colors.dim
    words = short_ring_words(node, ring)
    if words:
        page.text(x, y, clip(words, end - x, look.glyphs.ellipsis), ink(text, ground), end)
        return
    x = page.text(x, y, f"{ring.keys} ", ink(text, ground), end)
    share, color = load_of(ring, look)
    draw_spans(page, x, y, bar(max(0, end - x), share, color, ground, look), end)


def load_of(ring: RingFace, look: Look) -> tuple[float, str]:
    """How full the bar is, and its colour: while ranges move here, how many have come."""
    if ring.move is not None:
        return (ring.move.ranges_done / ring.move.ranges if ring.move.ranges else 1.0), look.palette.mint
    return ring.load, look.hue(ring.hue)


def short_ring_words(node: NodeFace, ring: RingFace) -> str:
    """In at most eight characters; nothing where the bar says more."""
    if not node.up or node.frozen:
        return node.word
    if ring.move is not None:
        return f"+{ring.move.ranges_done}/{ring.move.ranges}"
    return counted(ring.hints, "hint") if ring.hints else ""


def draw_ring_lines(
    page: Paper, x: int, y: int, end: int, node: NodeFace, ring: RingFace, ground: str, look: Look
) -> None:
    """The second and third line of a large card."""
    colors = look.palette
    count = f" {ring.keys:,}"
    share, color = load_of(ring, look)
    left = _mark(page, x, y, ring, look)
    draw_spans(page, left, y, bar(max(0, end - left - len(count)), share, color, ground, look), end)
    page.text(end - len(count), y, count, ink(colors.text if node.up else colors.dim, ground))
    soft = ink(colors.dim, ground)
    page.text(x, y + 1, clip(long_ring_words(node, ring), end - x, look.glyphs.ellipsis), soft, end)


def long_ring_words(node: NodeFace, ring: RingFace) -> str:
    """What it has to do, or how much it holds, in at most sixteen characters."""
    if not node.up:
        return "no process"
    if node.frozen:
        return f"{node.waiting} waiting" if node.waiting else "stands still"
    if ring.move is not None:
        return f"takes {ring.move.ranges_done}/{ring.move.ranges}"
    if ring.hints:
        return f"keeps {counted(ring.hints, 'hint')}"
    return f"{size_words(ring.bytes)}  {ring.requests}/s" if ring.requests else f"keys, {size_words(ring.bytes)}"


def _mark(page: Paper, x: int, y: int, ring: RingFace, look: Look) -> int:
    """As on the circle."""
    return page.text(x, y, ring.mark, ink(look.palette.ink, look.hue(ring.hue))) + 1
