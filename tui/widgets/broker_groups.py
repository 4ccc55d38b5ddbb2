"""Who reads and writes: groups with their lag, transactions, and clients, a line each.

The law: a bar of lag is as long as its share of the largest lag on the screen, and its number stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.broker_frame import OLD, BrokerFrame, ClientFace, GroupFace, MemberFace, Reading, TransactionFace
from tui.glyphs import Kind, Role
from tui.look import Look
from tui.paper import clip
from tui.theme import ink, mix
from tui.widgets.cells import bar
from tui.widgets.lines import Line, Piece

LEAST_SCALE = 20
"""Records that a full bar stands for at least, so that a lag of one is no alarm."""

MOST_BAR = 16
LEAST_BAR = 4
NUMBER = 7
"""Columns for a lag."""

NAME = 6


def reader_lines(broker: BrokerFrame, width: int, look: Look) -> list[Line]:
    """Groups, then open transactions, then clients, then transactions that are over."""
    lines = [line for group in broker.groups for line in _group(broker, group, width, look)]
    lines += [_transaction(each, width, look) for each in broker.transactions if each.open]
    lines += [_client(broker, each, width, look) for each in broker.clients]
    return lines + [_transaction(each, width, look) for each in broker.transactions if not each.open]


# ---------------------------------------------------------------- groups


def _group(broker: BrokerFrame, group: GroupFace, width: int, look: Look) -> Iterator[Line]:
    colors = look.palette
    color = colors.pink if group.rebalancing else colors.mint if group.state == "Stable" else colors.dim
    sign = look.glyphs.stripe if group.rebalancing else look.glyphs.roles[Role.MEMBER]
    lag = f"lag {group.lag:,}"
    about = [f"gen {group.generation}", group.protocol, f"on {group.coordinator}"]
    room = width - 2 - len(group.group) - 2 - len(group.state) - 2 - len(lag)
    words = ""
    for each in about:
        if each and len(words) + len(each) + 2 <= room:
            words += f"{each}  "
    yield Line(
        (
            Piece(f"{sign} ", look.on_panel(color, bold=True)),
            Piece(f"{group.group}  ", look.on_panel(colors.bright, bold=True)),
            Piece(f"{group.state}  ", look.on_panel(color, bold=group.rebalancing)),
            Piece(words, look.on_panel(colors.dim)),
            Piece(lag, look.on_panel(_lag_color(group.lag, broker, look))),
        )
    )
    for member in group.members:
        yield _member(broker, group, member, width, look)
    if group.orphans and any(each.lag for each in group.orphans):
        yield _owner(broker, "none", group.orphans, "", width, look)


def _member(broker: BrokerFrame, group: GroupFace, member: MemberFace, width: int, look: Look) -> Line:
    sign = "*" if member.leader and len(group.members) > 1 else ""
    return _owner(broker, f"{member.client}{sign}", member.readings, member.client, width, look)


def _owner(broker: BrokerFrame, name: str, readings: tuple[Reading, ...], client: str, width: int, look: Look) -> Line:
    """`c1  orders/0,+2  ━━━━──  12`: what was just gained has a plus and a tinted ground."""
    colors = look.palette
    room = bar_room(width)
    names_room = width - 2 - NAME - NUMBER - room - 1
    color = colors.text if client else colors.vermilion
    pieces = [Piece(f"  {clip(name, NAME - 1, look.glyphs.ellipsis):<{NAME}}", look.on_panel(color), node=client)]
    names = _names(readings, names_room, look)
    used = sum(len(each.text) for each in names)
    pieces += [*names, Piece(" " * max(0, names_room - used), look.on_panel(colors.dim))]
    return Line((*pieces, *lag_pieces(broker, sum(each.lag for each in readings), room, look)))


def _names(readings: tuple[Reading, ...], room: int, look: Look) -> list[Piece]:
    """Partitions by topic, `orders/0,1`, each to be clicked; as many as fit, the rest counted."""
    colors = look.palette
    if not readings:
        return [Piece(clip("nothing", room, ""), look.on_panel(colors.faint))]
    pieces: list[Piece] = []
    topic = ""
    for place, each in enumerate(sorted(readings, key=_order)):
        new = "+" if each.age < OLD else ""
        where, _, number = each.name.rpartition("/")
        text = f"{new}{number}" if where == topic else f"{new}{where}/{number}"
        gap = "" if not pieces else "," if where == topic else " "
        left = len(readings) - place
        used = sum(len(piece.text) for piece in pieces) + len(gap) + len(text)
        if used > room - (4 if left > 1 else 0) and pieces:
            return [*pieces, Piece(clip(f" +{left}"[: max(0, room - used + len(gap) + len(text))], room, ""),
                                   look.on_panel(colors.dim))]  # fmt: skip
        topic = where
        ground = look.tint(colors.panel, colors.gold, 0.35) if new else colors.panel
        pieces.append(Piece(gap, look.on_panel(colors.faint)))
        pieces.append(
            Piece(clip(text, room, look.glyphs.ellipsis), ink(colors.text, ground, bold=bool(new)), each.name)
        )
    return pieces


def _order(reading: Reading) -> tuple[str, int]:
    topic, _, number = reading.name.rpartition("/")
    return topic, int(number)


# ---------------------------------------------------------------- lag


def bar_room(width: int) -> int:
    """Columns for a bar of lag."""
    return max(LEAST_BAR, min(MOST_BAR, width // 5))


def lag_pieces(broker: BrokerFrame, lag: int, room: int, look: Look) -> list[Piece]:
    """A bar and a number."""
    colors = look.palette
    color = _lag_color(lag, broker, look)
    share = lag / max(LEAST_SCALE, broker.most_lag)
    pieces = [Piece(*span) for span in bar(room, share, color, colors.panel, look)]
    return [Piece(" ", look.on_panel(colors.dim)), *pieces, Piece(f"{lag:>{NUMBER},}", look.on_panel(color))]


def _lag_color(lag: int, broker: BrokerFrame, look: Look) -> str:
    """Little is well; much, compared with the largest, is not."""
    colors = look.palette
    if lag <= LEAST_SCALE // 2:
        return colors.mint
    return colors.vermilion if lag * 2 > max(broker.most_lag, 10 * LEAST_SCALE) else colors.gold


# ---------------------------------------------------------------- transactions and clients


def _transaction(each: TransactionFace, width: int, look: Look) -> Line:
    colors = look.palette
    color = colors.gold if each.open else colors.dim
    head = f"{look.glyphs.kinds[Kind.TRANSACTION]} "
    words = f"  {' '.join(each.partitions)}" if each.partitions else ""
    about = f"  producer {each.producer_id} epoch {each.producer_epoch}"
    room = width - len(head) - len(each.name) - 2 - len(each.state)
    more = about + words if len(about) + len(words) <= room else words or about
    return Line(
        (
            Piece(head, look.on_panel(color, bold=True)),
            Piece(f"{each.name}  ", look.on_panel(colors.text if each.open else colors.dim, bold=each.open)),
            Piece(each.state, look.on_panel(color)),
            Piece(clip(more, room, look.glyphs.ellipsis), look.on_panel(colors.dim)),
        )
    )


def _client(broker: BrokerFrame, client: ClientFace, width: int, look: Look) -> Line:
    """What it has written and read; its lag stands with its group, unless it has none."""
    colors, glyphs = look.palette, look.glyphs
    soft = look.on_panel(mix(colors.panel, colors.text, 0.8))
    pieces = [
        Piece(f"{glyphs.kinds[Kind.CLIENT]} ", look.on_panel(colors.gold)),
        Piece(f"{client.node:<{NAME - 2}}", look.on_panel(colors.bright, bold=True), node=client.node),
    ]
    if not client.up:
        return Line((*pieces, Piece("down", look.on_panel(colors.grey))))
    waits = client.in_flight + client.buffered
    if client.produced or waits or not client.state:
        pieces.append(Piece(f"{glyphs.kinds[Kind.PRODUCE]}{client.produced:,} ", look.on_panel(colors.gold)))
        pieces.append(Piece(f"{glyphs.ellipsis}{waits} " if waits else "", soft))
    if client.consumed or client.state:
        pieces.append(Piece(f"{glyphs.kinds[Kind.RECORDS]}{client.consumed:,} ", look.on_panel(colors.sky)))
    for words, color in _client_words(client, look):
        used = sum(len(each.text) for each in pieces)
        if used + len(words) + 1 <= width:
            pieces.append(Piece(f" {words} ", look.on_panel(color)))
    used = sum(len(each.text) for each in pieces)
    room = bar_room(width)
    if not client.group and client.readings and used + room + NUMBER + 2 <= width:
        pieces.append(Piece(" " * (width - used - room - NUMBER - 1), soft))
        pieces += lag_pieces(broker, client.lag, room, look)
    return Line(tuple(pieces))


def _client_words(client: ClientFace, look: Look) -> Iterator[tuple[str, str]]:
    """The most telling first."""
    colors = look.palette
    if client.transaction:
        hues = {"ongoing": colors.gold, "fenced": colors.vermilion, "aborting": colors.pink, "committing": colors.mint}
        yield f"txn {client.transaction}", hues.get(client.transaction, colors.dim)
    if client.state:
        calm = client.state in ("stable", "assigned")
        yield (f"{client.group} {client.state}" if client.group else "reads"), colors.dim if calm else colors.pink
    if client.unsure:
        yield f"?{client.unsure}", colors.vermilion
    if client.group:
        yield f"behind {client.lag:,}", colors.dim
    if client.producer_id >= 0:
        yield f"producer {client.producer_id} epoch {client.producer_epoch}", colors.faint
