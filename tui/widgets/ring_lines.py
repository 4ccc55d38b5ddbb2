"""What stands beside the circle: loads, moves, the chosen key, and keys to choose.

The law: lines come in the order of their weight, since small panes cut the end. A piece of a line may be a key or a
node that can be clicked.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.frame import Frame
from tui.glyphs import Role
from tui.look import Look
from tui.paper import clip
from tui.ring_frame import Copy, KeyFace, LoadRow, Move, Replica, RingFrame, Standing
from tui.ring_words import counted, size_words
from tui.theme import ink, mix
from tui.widgets.cells import bar
from tui.widgets.lines import Line, Piece
from tui.widgets.ring_circle import Hues, hues_of

LEAST_BAR = 4
MOST_BAR = 18
HEAD = 8
"""Columns of mark, name and role."""

LEAST_VALUE = 7
"""Columns for a value, with the sign before it."""

SHORT = {Copy.BEHIND: "behind", Copy.NOTHING: "nothing", Copy.HINT: "hint", Copy.STRAY: "stray"}
"""How a node stands to a key, where there is little room."""

STANDINGS = {
    Standing.MEMBER: Role.MEMBER,
    Standing.JOINING: Role.JOINING,
    Standing.LEAVING: Role.LEAVING,
    Standing.OUTSIDE: Role.OUTSIDE,
}
"""What a node's standing in the ring is called on its card."""


def lines_of(frame: Frame, ring: RingFrame, width: int, rows: int, look: Look) -> Iterator[Line]:
    """All that there is room for."""
    hues = hues_of(frame, ring, look)
    yield _heading(width, look)
    for row in ring.loads:
        yield _load(row, row.node == frame.selected, width, hues, look)
    for move in ring.moves:
        yield _move(move, width, look)
    left = rows - 1 - len(ring.loads) - len(ring.moves)
    if ring.key is not None and left > len(ring.key.replicas) + 3:
        yield Line(())
        yield from _key_in_full(ring.key, width, look)
    elif ring.key is not None:
        yield _key_in_short(ring.key, width, look)
    for words, believers in ring.believers:
        text = clip(f"{' '.join(believers)}: {words}", width, look.glyphs.ellipsis)
        yield Line((Piece(text, look.on_panel(look.palette.vermilion)),))
    yield _choices("keys", [(key, "") for key in ring.keys], ring, width, look)
    if ring.hottest:
        yield _choices("hot", [(key, f" {count:,}") for key, count in ring.hottest], ring, width, look)
    yield _balance(ring, look)


# ---------------------------------------------------------------- loads


def _columns(width: int) -> tuple[tuple[str, int], ...]:
    """The numbers of a line of loads that there is room for: title and columns, the most telling first."""
    room = width - HEAD - LEAST_BAR
    found: list[tuple[str, int]] = []
    for title, columns in (("keys", 7), ("ring", 5), ("bytes", 8), ("hints", 6), ("/s", 6), ("inbox", 6)):
        if columns <= room:
            found.append((title, columns))
            room -= columns
    return tuple(found)


def _bar_width(width: int) -> int:
    return max(0, min(MOST_BAR, width - HEAD - sum(columns for _, columns in _columns(width))))


def _heading(width: int, look: Look) -> Line:
    titles = "".join(f"{title:>{columns}}" for title, columns in _columns(width))
    return Line((Piece(" " * (HEAD + _bar_width(width)) + titles, look.on_panel(look.palette.faint)),))


def _load(row: LoadRow, selected: bool, width: int, hues: Hues, look: Look) -> Line:
    colors, glyphs, ring = look.palette, look.glyphs, row.ring
    mark, color = hues.of(row.node)
    role = STANDINGS[ring.standing] if row.up else Role.DOWN
    ground = look.tint(colors.panel, color, 0.22) if selected else colors.panel
    text = ink(colors.text if row.up else colors.grey, ground, bold=selected)
    pieces = [
        Piece(mark, ink(colors.ink, color), node=row.node),
        Piece(f" {row.node[:4]:<4}", text, node=row.node),
        Piece(f"{glyphs.roles[role]} ", ink(look.role(role), ground, bold=True), node=row.node),
    ]
    pieces += [Piece(*span, node=row.node) for span in bar(_bar_width(width), ring.load, color, ground, look)]
    for title, columns in _columns(width):
        words, hue = _number(title, row, look)
        pieces.append(Piece(f"{words:>{columns}}", ink(hue, ground), node=row.node))
    return Line(tuple(pieces), ground if selected else "")


def _number(title: str, row: LoadRow, look: Look) -> tuple[str, str]:
    """One number of a line of loads, and its colour."""
    ring, colors = row.ring, look.palette
    text = colors.text if row.up else colors.grey
    match title:
        case "keys":
            return f"{ring.keys:,}", text
        case "ring":
            return (f"{ring.share:.0%}", text) if ring.share else ("-", colors.dim)
        case "bytes":
            return size_words(ring.bytes), mix(colors.panel, text, 0.75)
        case "hints":
            return (f"{ring.hints:,}", colors.vermilion) if ring.hints else ("-", colors.faint)
        case "/s":
            return (f"{ring.requests:,}", text) if ring.requests else ("-", colors.faint)
        case _:
            return (f"{ring.waiting:,}", colors.gold) if ring.waiting else ("-", colors.faint)


def _move(move: Move, width: int, look: Look) -> Line:
    """`n6 takes 41/190 ranges  12 kB ━━━━━━────`."""
    colors = look.palette
    words = f"{move.node} takes {move.ranges_done}/{move.ranges} ranges  {counted(move.keys, 'key')}"
    words = f"{look.glyphs.stripe} {words}  {size_words(move.bytes)} "
    share = move.ranges_done / move.ranges if move.ranges else 1.0
    room = max(0, min(MOST_BAR, width - len(words)))
    spans = bar(room, share, colors.mint, colors.panel, look) if room >= LEAST_BAR else ()
    first = Piece(clip(words, width, look.glyphs.ellipsis), look.on_panel(colors.mint), node=move.node)
    return Line((first, *(Piece(*span) for span in spans)))


def _balance(ring: RingFrame, look: Look) -> Line:
    words = f"max/mean {ring.imbalance:.2f}" if ring.imbalance else "no keys yet: put x 1 writes one"
    strays = sum(row.ring.strays for row in ring.loads)
    return Line(
        (
            Piece(words, look.on_panel(look.palette.dim)),
            Piece(
                f"   {counted(strays, 'key')} on the way to another home" if strays else "",
                look.on_panel(look.palette.gold),
            ),
        )
    )


# ---------------------------------------------------------------- the chosen key


def _value(key: KeyFace) -> str:
    return " | ".join(key.values) if key.values else "nothing"


def _key_in_full(key: KeyFace, width: int, look: Look) -> Iterator[Line]:
    """The key with its siblings, then a line for each replica."""
    colors = look.palette
    siblings = f"  {counted(len(key.values), 'sibling')}" if len(key.values) > 1 else ""
    yield Line(
        (
            Piece(f"{look.glyphs.chosen} {key.key}", look.on_panel(colors.bright, bold=True), key=key.key),
            Piece(siblings, look.on_panel(colors.gold)),
            Piece(
                clip(f" = {_value(key)}", width - len(key.key) - 2 - len(siblings), look.glyphs.ellipsis),
                look.on_panel(colors.text),
            ),
        )
    )
    for place, each in enumerate(key.replicas, 1):
        number = f"{place}" if each.token is not None else " "
        words, color = _copy(each, look)
        held = f"  {' | '.join(each.values)}" if each.values and each.copy is not Copy.WHOLE else ""
        yield Line(
            (
                Piece(f"  {number} {each.node:<5}", look.on_panel(colors.text), node=each.node),
                Piece(words, look.on_panel(color)),
                Piece(clip(held, max(0, width - 9 - len(words)), look.glyphs.ellipsis), look.on_panel(colors.dim)),
            )
        )
    if key.coming:
        yield Line((Piece(f"    will be on {' '.join(key.coming)}", look.on_panel(colors.pink)),))


def _key_in_short(key: KeyFace, width: int, look: Look) -> Line:
    """`k3 = "a" | "b"  n1 ✓ n4 ✓ n2 is behind`."""
    colors = look.palette
    parts: list[Piece] = []
    for each in key.replicas:
        words, color = _copy(each, look)
        short = look.glyphs.good if each.copy is Copy.WHOLE else SHORT.get(each.copy, words)
        parts += [Piece(f"  {each.node} ", look.on_panel(colors.dim), node=each.node),
                  Piece(short, look.on_panel(color), node=each.node)]  # fmt: skip
    room = width - len(key.key) - sum(len(part.text) for part in parts)
    value = clip(f" = {_value(key)}", room, look.glyphs.ellipsis) if room >= LEAST_VALUE else ""
    name = Piece(key.key, look.on_panel(colors.bright, bold=True), key=key.key)
    return Line((name, Piece(value, look.on_panel(colors.text)), *parts))


def _copy(replica: Replica, look: Look) -> tuple[str, str]:
    """How it stands to the key, and the colour of that."""
    colors = look.palette
    match replica.copy:
        case Copy.WHOLE:
            return f"{look.glyphs.good} {replica.copy.value}", colors.mint
        case Copy.HINT:
            return f"keeps a hint for {replica.target}", colors.gold
        case Copy.STRAY:
            return replica.copy.value, colors.gold
        case Copy.DOWN:
            return replica.copy.value, colors.grey
        case _:
            return replica.copy.value, colors.vermilion


def _choices(label: str, keys: list[tuple[str, str]], ring: RingFrame, width: int, look: Look) -> Line:
    """As many keys as fit; the chosen one stands out."""
    colors = look.palette
    pieces = [Piece(f"{label:<5}", look.on_panel(colors.dim))]
    room = width - 5
    chosen = ring.key.key if ring.key else ""
    for key, more in keys:
        words = clip(key, 18, look.glyphs.ellipsis)
        room -= len(words) + len(more) + 2
        if room < -2:
            break
        ground = look.tint(colors.panel, colors.gold, 0.25) if key == chosen else colors.panel
        pieces.append(Piece(words, ink(colors.bright if key == chosen else colors.text, ground, key == chosen), key))
        pieces.append(Piece(f"{more}  ", look.on_panel(colors.dim), key))
    return Line(tuple(pieces) if keys else (*pieces, Piece("none", look.on_panel(colors.faint))))
