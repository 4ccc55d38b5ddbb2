"""The keeper's tree: a line a znode, with whose it is, who watches it, and who waits for whom.

The law: the kind of a znode is told by letters (E ephemeral, S sequential, C container, T with a time to live). What
does not fit is left out whole, or counted.
"""

from __future__ import annotations

from dataclasses import replace

from tui.glyphs import Kind
from tui.keeper_frame import KeeperFrame, ZnodeFace
from tui.keeper_words import session_words, short_name, zxid_words
from tui.look import Look
from tui.paper import clip
from tui.ring_words import counted
from tui.theme import ink
from tui.widgets.lines import Line, Piece

LETTERS = {"ephemeral": "E", "container": "C", "ttl": "T", "persistent": ""}

LEAST_DATA = 6


def tree_lines(keeper: KeeperFrame, width: int, rows: int, look: Look) -> list[Line]:
    """A heading and as many znodes as fit, the chosen one among them."""
    if rows < 2:
        return []
    heading = _heading(keeper, width, look)
    if not keeper.znodes:
        return [heading]
    walk = keeper.znodes
    if len(walk) > rows - 1 and not walk[0].lasts and not walk[0].data and keeper.chosen != walk[0].path:
        walk = walk[1:]
    hidden = keeper.count - len(keeper.znodes)
    if len(walk) > rows - 1 and not hidden:
        walk = compacted(walk, keeper.chosen)
    shown, first = _window(keeper, walk, rows - 1, hidden)
    column = max((_indent(each) + len(_title(each)) for each in shown), default=0) + 2
    column = min(column, max(12, width * 3 // 5))
    lines = [_znode(keeper, each, column, width, look) for each in shown]
    left = len(walk) + hidden - len(shown)
    if left:
        words = f"  and {counted(left, 'znode')} more" + (" (up and down)" if first or keeper.chosen else "")
        lines.append(Line((Piece(clip(words, width, ""), look.on_panel(look.palette.faint)),)))
    return [heading, *lines]


def _heading(keeper: KeeperFrame, width: int, look: Look) -> Line:
    colors = look.palette
    count = counted(keeper.count, "znode")
    pieces = [
        Piece(f"tree of {keeper.tree_of or 'nobody'} ", look.on_panel(colors.faint), node=keeper.tree_of),
        Piece(f"at {zxid_words(keeper.tree_zxid)}  ", look.on_panel(colors.dim)),
    ]
    if keeper.behind:
        pieces.append(Piece("behind  ", look.on_panel(colors.vermilion, bold=True)))
    if sum(len(each.text) for each in pieces) + len(count) <= width:
        pieces.append(Piece(count, look.on_panel(colors.faint)))
    return Line(tuple(pieces))


def _window(
    keeper: KeeperFrame, walk: tuple[ZnodeFace, ...], rows: int, hidden: int
) -> tuple[tuple[ZnodeFace, ...], int]:
    """Around the chosen znode; one line is for the count of the rest."""
    if len(walk) + hidden <= rows:
        return walk, 0
    room = max(1, rows - 1)
    place = next((at for at, each in enumerate(walk) if each.path == keeper.chosen), 0)
    first = max(0, min(place - room // 2, len(walk) - room))
    return walk[first : first + room], first


def compacted(walk: tuple[ZnodeFace, ...], chosen: str) -> tuple[ZnodeFace, ...]:
    """Znodes that only lead to one other stand in that one's line: `locks/task`."""
    children: dict[str, int] = {}
    for znode in walk:
        parent = znode.path.rpartition("/")[0]
        children[parent] = children.get(parent, 0) + 1
    joined = {each.path for each in walk if children.get(each.path) == 1 and _only_leads(each) and each.path != chosen}
    return tuple(_lifted(each, joined) for each in walk if each.path not in joined)


def _only_leads(znode: ZnodeFace) -> bool:
    return bool(znode.lasts) and not (znode.data or znode.watches or znode.session or znode.word)


def _lifted(znode: ZnodeFace, joined: set[str]) -> ZnodeFace:
    """Without the levels of the ancestors that are joined with their child."""
    parts = znode.path.split("/")[1:]
    above = ["/" + "/".join(parts[: count + 1]) for count in range(len(parts) - 1)]
    if not joined.intersection(above):
        return znode
    lasts = tuple(last for place, last in enumerate(znode.lasts) if place == 0 or above[place - 1] not in joined)
    own = next((place for place in range(len(above), 0, -1) if above[place - 1] not in joined), 0)
    return replace(znode, lasts=lasts, before="".join(f"{part}/" for part in parts[own:-1]))


def _title(znode: ZnodeFace) -> str:
    return f"{znode.before}{short_name(znode.name)}"


def _indent(znode: ZnodeFace) -> int:
    return 2 * len(znode.lasts)


def _branches(znode: ZnodeFace) -> str:
    """The lines that lead to it from the root."""
    if not znode.lasts:
        return ""
    above = "".join("  " if last else "│ " for last in znode.lasts[:-1])
    return above + ("└ " if znode.lasts[-1] else "├ ")


def _znode(keeper: KeeperFrame, znode: ZnodeFace, column: int, width: int, look: Look) -> Line:
    colors = look.palette
    chosen = znode.path == keeper.chosen
    ground = look.tint(colors.panel, colors.sky, 0.16) if chosen else colors.panel
    branches = _branches(znode)
    name = clip(_title(znode), max(4, column - len(branches) - 1), look.glyphs.ellipsis)
    pieces = [
        Piece(branches, ink(colors.faint, ground), key=znode.path),
        Piece(f"{name:<{max(0, column - len(branches))}}", ink(_color(znode, look), ground, bold=chosen), znode.path),
    ]
    room = width - sum(len(each.text) for each in pieces)
    for text, color, bold in _remarks(znode, look):
        shown = clip(text, room, look.glyphs.ellipsis) if text.startswith('"') and room > LEAST_DATA else text
        if len(shown) <= room:
            pieces.append(Piece(f"{shown}  ", ink(color, ground, bold=bold), key=znode.path))
            room -= len(shown) + 2
    return Line(tuple(pieces), ground if chosen else "")


def _color(znode: ZnodeFace, look: Look) -> str:
    if znode.held:
        return look.palette.gold
    return look.palette.sky if znode.session else look.palette.text


def _remarks(znode: ZnodeFace, look: Look) -> list[tuple[str, str, bool]]:
    """Text, colour and whether it is bold, the most telling first."""
    colors = look.palette
    letters = LETTERS.get(znode.kind, "") + ("S" if znode.sequential else "")
    owner = znode.owner or (session_words(znode.session) if znode.session else "")
    watches = f"{look.glyphs.kinds[Kind.WATCH_EVENT]}{znode.watches}" if znode.watches else ""
    found = [
        (letters, colors.pink, True),
        (znode.word or owner, colors.gold if znode.held else colors.text if znode.word else colors.dim, znode.held),
        (watches, colors.gold, True),
        (f"v{znode.version}" if znode.version else "", colors.dim, False),
        (f'"{znode.data}"' if znode.data else "", colors.dim, False),
    ]
    return [each for each in found if each[0]]


def stat_lines(keeper: KeeperFrame, width: int, look: Look) -> list[Line]:
    """The chosen znode in full, as many facts on a line as fit."""
    if not keeper.chosen or not keeper.stat:
        return []
    colors = look.palette
    lines: list[list[Piece]] = [
        [Piece(f"{look.glyphs.chosen} {keeper.chosen}", look.on_panel(colors.bright, True))],
        [],
    ]
    used = 0
    for fact in keeper.stat:
        if used and used + len(fact) + 2 > width:
            lines.append([])
            used = 0
        lines[-1].append(Piece(f"{clip(fact, width, look.glyphs.ellipsis)}  ", look.on_panel(colors.dim)))
        used += len(fact) + 2
    return [Line(tuple(pieces)) for pieces in lines]


def tree_legend(width: int, look: Look) -> Line:
    """What the letters mean; the last ones go if there is no room."""
    colors = look.palette
    pieces: list[Piece] = []
    used = 0
    found = (("E", "ephemeral"), ("S", "sequential"), ("C", "container"), ("T", "time to live"),
             (look.glyphs.kinds[Kind.WATCH_EVENT], "watches"))  # fmt: skip
    for letter, words in found:
        used += len(words) + 4
        if used > width + 2:
            break
        pieces += [Piece(f"{letter} ", look.on_panel(colors.pink)), Piece(f"{words}  ", look.on_panel(colors.faint))]
    return Line(tuple(pieces))
