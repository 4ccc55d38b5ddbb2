"""A ring server or ring client for the inspector. The law: facts in the order of their weight."""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.ring.client_view import Asking, RingClientView
from algorithms.ring.view import RingView
from tui.frame import NeighbourFace
from tui.ring_words import command_words, counted, size_words

MOST_REQUESTS = 8

Facts = tuple[tuple[str, str], ...]


def ring_facts(view: RingView) -> Facts:
    """What a server holds and does."""
    return tuple(_ring_facts(view))


def _ring_facts(view: RingView) -> Iterator[tuple[str, str]]:
    yield "keys", f"{view.keys:,}, {size_words(view.bytes)}"
    yield "epoch", f"{view.ring.epoch}"
    if view.moving is not None:
        moved = view.moving
        what = f"{counted(moved.keys, 'key')}, {size_words(moved.bytes)}"
        yield "takes", f"{moved.units_done}/{moved.units} ranges, {what}"
    if view.hints:
        yield "hints for", "  ".join(f"{each.target} {each.count}" for each in view.hints)
    if view.strays:
        yield "hands on", counted(view.strays, "key")
    yield "requests", f"{view.requests_per_second}/s"
    yield "coordinates", f"{view.coordinating} (so far {view.coordinated:,})"
    yield "served", f"{counted(view.reads, 'read')}, {counted(view.writes, 'write')}"
    yield "read repairs", f"{view.read_repairs:,}"
    yield "compared", f"{counted(view.exchanges, 'time')}, {counted(view.repaired, 'key')} mended"
    if view.bytes_taken:
        yield "took over", size_words(view.bytes_taken)
    if view.hottest:
        yield "hottest", "  ".join(f"{each.key} {each.requests:,}" for each in view.hottest)


def ring_client_facts(view: RingClientView) -> Facts:
    """How its requests ended, and those that have not."""
    counts = (("done", str(view.done)), ("failed", str(view.failed)), ("unknown", str(view.unknown)))
    return (*counts, *(_request(each) for each in view.outstanding[:MOST_REQUESTS]))


def _request(asked: Asking) -> tuple[str, str]:
    again = f", try {asked.tries}" if asked.tries > 1 else ""
    return "asks", f"{command_words(asked.command)} of {asked.server}{again}"


def ring_neighbours(view: RingView) -> tuple[NeighbourFace, ...]:
    """What it believes of the others (SWIM 4.2)."""
    return tuple(NeighbourFace(each.name, each.status) for each in view.neighbours)
