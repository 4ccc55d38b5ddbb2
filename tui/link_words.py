"""What is unusual about a link, in a few characters for the map and in words for the inspector."""

from __future__ import annotations

from nodes.network import Link
from tui.fault_words import latency_words
from tui.pace import duration


def badge_of(there: Link, back: Link) -> str:
    """In a few characters; where only one way is disturbed, or each in another manner, with it: `n1→n2 +20 ms`."""
    first, second = disorder(there), disorder(back)
    if first == second:
        return first
    return " ".join(f"{link.source}→{link.target} {words}" for link, words in ((there, first), (back, second)) if words)


def disorder(link: Link) -> str:
    """All that is wrong with one direction besides cuts."""
    parts = (
        latency_words(link.latency) if link.latency != link.usual else "",
        f"+{duration(link.extra)}" if link.extra else "",
        f"-{link.loss:.0%}" if link.loss else "",
        f"×2 {link.duplicate:.0%}" if link.duplicate else "",
        f"mix {link.reorder:.0%}" if link.reorder else "",
        f"{link.limit:,}B/s" if link.limit else "",
    )
    return " ".join(part for part in parts if part)


def trouble(there: Link, back: Link) -> str:
    """What is wrong between two nodes, seen from `there.source`; empty if nothing is."""
    name = there.target
    if there.blocked and back.blocked:
        return f"{name} cut"
    badge = badge_of(there, back)
    if there.blocked or back.blocked:
        return f"{'→' if there.blocked else '←'}{name} cut {badge}".strip()
    return badge if "→" in badge or not badge else f"{name} {badge}"
