"""The line at the top: what runs and how it is, what is wrong; a broken rule is loud."""

from __future__ import annotations

from textual.geometry import Size

from tui.frame import Frame
from tui.look import Look
from tui.paper import Paper, clip
from tui.theme import ink
from tui.widgets.cells import CellWidget, Span, draw_spans

NAME = "cluster playground"

MANY = 3
"""Services from which on only those that ail have words."""

LEAST_LEFT = 16
"""Columns for the short name."""


def paint_top(frame: Frame, size: Size, look: Look) -> Paper:
    """One line; the left gives way to the right."""
    bar = look.palette.bar
    page = Paper(size.width, size.height, ink(look.palette.dim, bar))
    right = _right(frame, look, short=bool(frame.verdict.violation))
    if sum(len(text) for text, _ in right) + LEAST_LEFT > size.width:
        right = _right(frame, look, short=True)
    room = size.width - sum(len(text) for text, _ in right)
    draw_spans(page, 1, 0, _left(frame, room - 2, look), max(0, room - 1))
    draw_spans(page, max(0, room), 0, right)
    return page


def _left(frame: Frame, room: int, look: Look) -> list[Span]:
    colors, glyphs = look.palette, look.glyphs
    spans = [(f"{glyphs.logo} ", ink(colors.gold, colors.bar, bold=True)),
             (NAME if room > 24 else "playground", ink(colors.bright, colors.bar, bold=True))]  # fmt: skip
    verdict = frame.verdict
    used = sum(len(text) for text, _ in spans) + 2
    if verdict.violation:
        words = clip(f" {verdict.violation} ", room - used, glyphs.ellipsis)
        return [*spans, ("  ", ink(colors.dim, colors.bar)), (words, ink(colors.ink, colors.vermilion, bold=True))]
    services = f" {glyphs.separator} ".join(each.name for each in frame.services)
    about = [each for each in (services, frame.title, f"seed {frame.seed}" if frame.seed else "") if each]
    if verdict.watched:
        about.append(f"{glyphs.good} {verdict.watched} rules hold")
    for words in about:
        used += len(words) + 3
        if used <= room:
            spans += [(f" {glyphs.separator} ", ink(colors.faint, colors.bar)), (words, ink(colors.dim, colors.bar))]
    return spans


def _right(frame: Frame, look: Look, short: bool) -> list[Span]:
    """Troubles, how each service is, and pace; they give way only by losing words."""
    colors = look.palette
    spans: list[Span] = []
    for glyph, count, word, color in _troubles(frame, look):
        words = f"{glyph}{count}" if short else f"{glyph} {count} {word} "
        spans.append((f"{words} ", ink(color, colors.bar, bold=True)))
    if len(frame.services) >= MANY:
        return [*spans, *_many(frame, look, short), *_pace(frame, look)]
    for service in frame.services:
        words = _shortened(service.words) if short and len(frame.services) > 1 else service.words
        spans.append((f"{words}  ", ink(colors.gold if service.well else colors.vermilion, colors.bar, bold=True)))
    return [*spans, *_pace(frame, look)]


def _pace(frame: Frame, look: Look) -> list[Span]:
    colors, glyphs = look.palette, look.glyphs
    icon, color = (glyphs.paused, colors.gold) if frame.paused else (glyphs.playing, colors.mint)
    return [(f"{icon.strip()} {frame.pace} ", ink(color, colors.bar, bold=True))]


def _many(frame: Frame, look: Look, short: bool) -> list[Span]:
    """Many services: each by name, or only those that ail and how many are well. The overview has the rest."""
    colors, glyphs = look.palette, look.glyphs
    ails = [each for each in frame.services if not each.well]
    spans: list[Span] = []
    for service in ails if short else frame.services:
        color = colors.mint if service.well else colors.vermilion
        words = _shortened(service.words).split(",")[0]
        named = f"{service.name} {glyphs.good if service.well else words}"
        spans.append((f"{service.name if short and len(ails) > 1 else named}  ", ink(color, colors.bar, bold=True)))
    if short:
        well = len(frame.services) - len(ails)
        spans.append((f"{well} well  ", ink(colors.mint, colors.bar, bold=True)))
    return spans


def _shortened(words: str) -> str:
    """Where several services have little room."""
    for long, short in ((" leads", ""), (" controls", ""), (" under-replicated", " URP")):
        words = words.replace(long, short)
    return words


def _troubles(frame: Frame, look: Look) -> list[tuple[str, int, str, str]]:
    """Glyph, number, word and colour."""
    colors, glyphs = look.palette, look.glyphs
    down = sum(1 for node in frame.nodes if not node.up)
    frozen = sum(1 for node in frame.nodes if node.frozen)
    cut = sum(1 for link in frame.links if link.there_blocked or link.back_blocked)
    bad = sum(1 for link in frame.links if link.badge)
    found = (
        (down, "down", glyphs.lost, colors.vermilion),
        (frozen, "frozen", glyphs.frozen, colors.vermilion),
        (cut, "cut", glyphs.slash, colors.vermilion),
        (bad, "disturbed", glyphs.disturbed, colors.gold),
    )
    return [(glyph, count, word, color) for count, word, glyph, color in found if count]


class TopPane(CellWidget):
    """It takes no keys."""

    can_focus = False

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_top`."""
        return paint_top(frame, size, look)
