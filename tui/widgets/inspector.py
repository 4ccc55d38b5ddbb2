"""The inspector: one node, from what matters most down to as much as there is room for."""

from __future__ import annotations

from collections.abc import Iterator

from textual.geometry import Size

from tui.frame import Details, Frame, LinkFace, NeighbourFace, Parcel, PeerFace
from tui.glyphs import Role
from tui.look import Look
from tui.pace import duration
from tui.paper import Paper, clip
from tui.theme import mix
from tui.widgets.cells import CellWidget, Span, bar, draw_spans, panel, timer_bar
from tui.widgets.map_nodes import marks_of

LABEL = 7
"""Columns of the names at the left."""

PROGRESS_WORDS = 34
"""Columns for a follower's numbers."""

FIRST_FACTS = ("term", "commit", "epoch", "keys", "leads", "produced", "consumed", "promised", "chosen", "logged",
               "committed", "session")  # fmt: skip
"""These stand beside the role."""

Line = list[Span]


def paint_inspector(frame: Frame, size: Size, look: Look) -> Paper:
    """The whole pane."""
    details = frame.details
    if details is None:
        return panel(size, look, "inspect", "tab next")
    color = look.node(details.node)
    page = panel(size, look, f"inspect {details.node.name}", "tab next", color)
    rows = size.height - 2
    for y, line in enumerate(_lines(frame, details, size.width - 4, look), 1):
        if y > rows:
            break
        draw_spans(page, 2, y, line, size.width - 2)
    return page


def _lines(frame: Frame, details: Details, width: int, look: Look) -> Iterator[Line]:
    """In the order of their weight."""
    yield _role(details, look)
    if details.node.timer is not None and not details.node.frozen:
        yield _timer(details, width, look)
    if details.troubles:
        yield _troubles(details.troubles, look)
    if frame.selected_link is not None:
        yield _link(frame, look)
    if details.node.role is Role.LEADER and details.peers:
        yield _beliefs(details.peers, look)
    if details.neighbours:
        yield _neighbours(details.neighbours, look)
    if not details.node.client and details.node.up:
        yield _parcels("in", details.inbox, width, look)
        yield _parcels("out", details.outbox, width, look)
    yield from _facts(details, width, look)
    yield from _peers(details, width, look)
    yield from _rows(details.rows, width, look)
    if details.store or not details.rows:
        yield from _store(details.store, width, look)


def _role(details: Details, look: Look) -> Line:
    node, colors = details.node, look.palette
    line = [(f"{marks_of(node, look)} {node.word}", look.on_panel(look.node(node), bold=True))]
    if node.isolated and not node.frozen:
        line.append((" isolated", look.on_panel(colors.vermilion, bold=True)))
    for name, value in details.facts:
        if name in FIRST_FACTS:
            line += _fact(name, value, look)
    return line


def _fact(name: str, value: str, look: Look) -> Line:
    return [(f"   {name} ", look.on_panel(look.palette.dim)), (value, look.on_panel(look.palette.text))]


def _label(name: str, look: Look) -> Span:
    return f"{name:<{LABEL}}", look.on_panel(look.palette.dim)


def _timer(details: Details, width: int, look: Look) -> Line:
    node, colors = details.node, look.palette
    assert node.timer is not None, "Only a timer that is set is drawn."
    left = f" {duration(max(0, node.timer.left // 100 * 100))}"
    name = f"{node.timer.name} "
    room = max(4, width - len(name) - 9)
    return [
        (name, look.on_panel(colors.dim)),
        *timer_bar(room, node.timer, look.node(node), colors.panel, look),
        (left, look.on_panel(colors.text)),
    ]


def _troubles(troubles: tuple[str, ...], look: Look) -> Line:
    return [(f"{look.glyphs.slash} {' · '.join(troubles)}", look.on_panel(look.palette.vermilion))]


def _link(frame: Frame, look: Look) -> Line:
    assert frame.selected_link is not None, "Only a selected link is drawn."
    a, b = frame.selected_link
    link = next((each for each in frame.links if {each.a, each.b} == {a, b}), LinkFace(a, b))
    color = look.palette.text if link.usual else look.palette.vermilion
    return [_label("link", look), (f"{a} {look.glyphs.both} {b}  {link_words(link)}", look.on_panel(color))]


def link_words(link: LinkFace) -> str:
    """Whether anything passes, and how."""
    if link.there_blocked and link.back_blocked:
        return "cut: nothing passes"
    ways = (
        f"cut {link.a} → {link.b}" if link.there_blocked else "",
        f"cut {link.b} → {link.a}" if link.back_blocked else "",
    )
    return " ".join(part for part in (*ways, link.badge) if part) or "as usual"


def _beliefs(peers: tuple[PeerFace, ...], look: Look) -> Line:
    """How far each follower's log surely agrees."""
    line: Line = [_label("match", look)]
    for peer in peers:
        line.append((f"{peer.name} ", look.on_panel(look.palette.dim)))
        line.append((f"{peer.match_index}  ", look.on_panel(look.palette.text)))
    return line


def _neighbours(neighbours: tuple[NeighbourFace, ...], look: Look) -> Line:
    """Whom it takes to be alive."""
    colors = look.palette
    line: Line = [_label("sees", look)]
    for each in neighbours:
        well = each.status == "alive"
        words = look.glyphs.good if well else each.status
        color = colors.mint if well else colors.vermilion
        line += [(f"{each.name} ", look.on_panel(colors.dim)), (f"{words}  ", look.on_panel(color))]
    return line


def _parcels(name: str, parcels: tuple[Parcel, ...], width: int, look: Look) -> Line:
    """As many messages as fit, the next one first."""
    colors = look.palette
    line: Line = [_label(name, look)]
    room = width - LABEL
    for parcel in parcels:
        words = f"{parcel.other} {parcel.words} {duration(max(0, parcel.left // 100 * 100))}   "
        if len(words) + 1 > room + 3:
            break
        line.append((look.glyphs.kinds[parcel.kind], look.on_panel(look.kind(parcel.kind), bold=True)))
        line.append((words, look.on_panel(mix(colors.panel, colors.text, 0.75))))
        room -= len(words) + 1
    return line if parcels else [*line, ("nothing", look.on_panel(colors.faint))]


def _facts(details: Details, width: int, look: Look) -> Iterator[Line]:
    """The rest of the facts, as many on a line as fit."""
    line: Line = []
    used = 0
    for name, value in details.facts:
        size = len(name) + len(value) + 4
        if name in FIRST_FACTS:
            continue
        if line and used + size > width:
            yield line
            line, used = [], 0
        line += [(f"{name} ", look.on_panel(look.palette.dim)), (f"{value}   ", look.on_panel(look.palette.text))]
        used += size
    if line:
        yield line


def _rows(rows: tuple[tuple[str, str], ...], width: int, look: Look) -> Iterator[Line]:
    """A line each, the names below each other."""
    label = min(max((len(name) for name, _ in rows), default=0), width // 3)
    for name, value in rows:
        shown = f"{clip(name, label, look.glyphs.ellipsis):<{label}}  "
        yield [(shown, look.on_panel(look.palette.dim)), (value, look.on_panel(look.palette.text))]


def _peers(details: Details, width: int, look: Look) -> Iterator[Line]:
    """One line a peer: its vote, or how far its log is."""
    for peer in details.peers:
        label = _label(peer.name, look)
        if details.node.role is Role.LEADER:
            yield [label, *_progress(peer, details.node.last_index, width - LABEL - PROGRESS_WORDS, look)]
        else:
            yield [label, _vote(peer, look)]


def _progress(peer: PeerFace, last_index: int, room: int, look: Look) -> Line:
    colors = look.palette
    share = peer.match_index / last_index if last_index else 1.0
    snapshot = f" snapshot at {peer.snapshot_offset}" if peer.snapshot_offset is not None else ""
    words = f" match {peer.match_index} next {peer.next_index} in flight {peer.in_flight}{snapshot}"
    return [*bar(max(4, room), share, colors.mint, colors.panel, look), (words, look.on_panel(colors.text))]


def _vote(peer: PeerFace, look: Look) -> Span:
    colors = look.palette
    if peer.vote is None:
        return "no word yet", look.on_panel(colors.faint)
    return (
        ("grants its vote", look.on_panel(colors.mint)) if peer.vote else ("refuses", look.on_panel(colors.vermilion))
    )


def _store(store: tuple[tuple[str, str], ...], width: int, look: Look) -> Iterator[Line]:
    """Keys and values, as many on a line as fit."""
    line: Line = [_label("store", look)]
    used = LABEL
    for key, value in store:
        size = len(key) + len(value) + 6
        if used + size > width and used > LABEL:
            yield line
            line, used = [_label("", look)], LABEL
        line += [(f"{key} = ", look.on_panel(look.palette.dim)), (f"{value}   ", look.on_panel(look.palette.text))]
        used += size
    if used > LABEL:
        yield line


class InspectPane(CellWidget):
    """What is known about the selected node."""

    def paint(self, frame: Frame, size: Size, look: Look) -> Paper:
        """See `paint_inspector`."""
        return paint_inspector(frame, size, look)

    def concerns(self, old: Frame, new: Frame) -> bool:
        """Only details and the selected link are shown."""
        seen = (old.details, old.selected_link, old.links if old.selected_link else ())
        return seen != (new.details, new.selected_link, new.links if new.selected_link else ())
