"""The keeper's servers, proposals, sessions, recipes and clients, a line each.

The law: a session's bar drains towards its expiry by the leader's clock, and its number stands beside it.
"""

from __future__ import annotations

from tui.frame import Frame
from tui.glyphs import Kind, Role
from tui.keeper_frame import KeeperClientFace, KeeperFrame, KeeperRow, QueueFace, SessionFace
from tui.keeper_sentences import proposal_words, queue_words, standing_words
from tui.keeper_words import session_words, zxid_words
from tui.look import Look
from tui.paper import clip
from tui.ring_words import counted
from tui.theme import ink, mix
from tui.widgets.cells import LAST, bar
from tui.widgets.lines import Line, Piece, wrapped

NAME = 6
STANDING = 16
ZXID = 8
MORE = (("sync", 5), ("epoch", 6), ("clients", 8), ("watches", 8))
"""Columns that are there if there is room for them, the most telling first."""

ROOM_FOR_SESSION = 60
"""Columns from which on each session has a line."""

BAR = 16
LEAST_BAR = 4


# ---------------------------------------------------------------- servers


def server_lines(frame: Frame, keeper: KeeperFrame, width: int, look: Look) -> list[Line]:
    """A heading and a line each."""
    more = _more(width)
    words = f"{'':<{NAME}}{'':<{STANDING}}{'logged':<{ZXID}}{'applied':<{ZXID}}"
    words += "".join(f"{title:<{columns}}" for title, columns in more)
    heading = Line((Piece(words, look.on_panel(look.palette.faint)),))
    return [heading, *(_server(frame, keeper, row, more, look) for row in keeper.rows)]


def _more(width: int) -> list[tuple[str, int]]:
    room, found = width - NAME - STANDING - 2 * ZXID, []
    for title, columns in MORE:
        if columns > room + 1:
            break
        found.append((title, columns))
        room -= columns
    return found


def _server(frame: Frame, keeper: KeeperFrame, row: KeeperRow, more: list[tuple[str, int]], look: Look) -> Line:
    colors = look.palette
    selected = row.node == frame.selected
    color = look.role(row.role)
    ground = look.tint(colors.panel, color, 0.16) if selected else colors.panel
    name = ink(colors.text if row.up else colors.grey, ground, bold=selected)
    pieces = [
        Piece(look.glyphs.pointer if selected else " ", ink(colors.gold, ground, bold=True)),
        Piece(f"{clip(row.node, NAME - 2, look.glyphs.ellipsis):<{NAME - 1}}", name, node=row.node),
        Piece(
            f"{look.glyphs.roles[row.role]} {standing_words(row):<{STANDING - 2}}", ink(color, ground), node=row.node
        ),
    ]
    if not row.up:
        return Line(tuple(pieces), ground if selected else "")
    late = row.committed < keeper.newest
    pieces += [
        Piece(f"{zxid_words(row.logged):<{ZXID}}", ink(colors.text, ground)),
        Piece(f"{zxid_words(row.committed):<{ZXID}}", ink(colors.vermilion if late else colors.mint, ground)),
    ]
    facts = {
        "sync": (
            look.glyphs.good if row.in_sync else look.glyphs.missing,
            colors.mint if row.in_sync else colors.faint,
        ),
        "epoch": (
            f"{row.epoch}" if row.epoch == row.accepted_epoch else f"{row.epoch}<{row.accepted_epoch}",
            colors.dim,
        ),
        "clients": (str(row.clients), colors.dim),
        "watches": (str(row.watches), colors.dim),
    }
    for title, columns in more:
        text, hue = facts[title]
        pieces.append(Piece(f"{text:<{columns}}", ink(hue, ground)))
    return Line(tuple(pieces), ground if selected else "")


# ---------------------------------------------------------------- proposals


def proposal_lines(keeper: KeeperFrame, width: int, look: Look) -> list[Line]:
    """Each proposal under way: what it is, who has acknowledged it, what it lacks."""
    colors, glyphs = look.palette, look.glyphs
    lines = []
    for proposal in keeper.proposals:
        state = proposal_words(keeper, proposal)
        acks = [
            Piece(f"{name}{glyphs.good if name in proposal.acks else glyphs.missing} ",
                  look.on_panel(colors.mint if name in proposal.acks else colors.faint), node=name)
            for name in keeper.voters
        ]  # fmt: skip
        head = f"{glyphs.kinds[Kind.TRANSACTION_PROPOSAL]} {zxid_words(proposal.zxid)} "
        room = width - len(head) - sum(len(each.text) for each in acks) - len(state) - 1
        what = clip(proposal.what, room, glyphs.ellipsis) if room >= 8 else ""
        lines.append(
            Line((
                Piece(head, look.on_panel(colors.sky, bold=True)),
                Piece(f"{what} " if what else "", look.on_panel(colors.text)),
                *(acks if room >= 0 else ()),
                Piece(state, look.on_panel(colors.pink)),
            ))
        )  # fmt: skip
    return lines


# ---------------------------------------------------------------- sessions


def session_lines(keeper: KeeperFrame, width: int, look: Look) -> list[Line]:
    """Each session with the time it has left, two on a line of a narrow pane; those that have expired are struck."""
    if width < ROOM_FOR_SESSION and len(keeper.sessions) > 1:
        return _session_pairs(keeper.sessions, width // 2, look)
    longest = max((len(_who(each)) for each in keeper.sessions), default=0)
    return [_session(each, longest, width, look) for each in keeper.sessions]


def _session_pairs(sessions: tuple[SessionFace, ...], width: int, look: Look) -> list[Line]:
    """Without the timeout and the ephemerals."""
    halves = [_half(each, width, look) for each in sessions]
    return [Line(tuple(piece for half in halves[at : at + 2] for piece in half)) for at in range(0, len(halves), 2)]


def _half(session: SessionFace, width: int, look: Look) -> list[Piece]:
    colors = look.palette
    who = clip(f"{session.client}{_at(session)} ", width - LEAST_BAR, look.glyphs.ellipsis)
    ends = session.expired or (session.left >= 0 and session.share < LAST)
    color = colors.vermilion if ends else colors.mint if session.server else colors.gold
    name = ink(color if session.expired else colors.text, colors.panel, strike=session.expired)
    words = "expired" if session.expired else f" {session.left / 1e6:.1f} s" if session.left >= 0 else " -"
    columns = 0 if session.expired else max(0, width - len(who) - len(words) - 1)
    drawn = [Piece(text, style) for text, style in bar(columns, session.share, color, colors.panel, look)]
    rest = width - len(who) - columns - len(words)
    return [
        Piece(who, name, node=session.client),
        *drawn,
        Piece(words + " " * max(0, rest), look.on_panel(color if ends else colors.dim)),
    ]


def _at(session: SessionFace) -> str:
    return f"→{session.server}" if session.server else ""


def _who(session: SessionFace) -> str:
    return f"{session_words(session.session_id)} {session.client}{_at(session)}"


def _session(session: SessionFace, longest: int, width: int, look: Look) -> Line:
    colors = look.palette
    who = f"{_who(session):<{longest}} "
    if session.expired:
        style = ink(colors.vermilion, colors.panel, strike=True)
        words = (Piece(_who(session), style, node=session.client),
                 Piece(f" {look.glyphs.lost} expired", look.on_panel(colors.vermilion, bold=True)))  # fmt: skip
        return Line(words)
    seconds = f" {session.left / 1e6:.1f}/{session.timeout / 1e6:.1f} s" if session.left >= 0 else " nobody counts"
    count = f"  {counted(session.ephemerals, 'ephemeral')}" if session.ephemerals else ""
    room = width - len(who) - len(seconds)
    if room - len(count) < LEAST_BAR:
        count = f" {session.ephemerals}E" if session.ephemerals else ""
    columns = max(0, min(BAR, room - len(count)))
    ends = session.left >= 0 and session.share < LAST
    color = colors.vermilion if ends else colors.mint if session.server else colors.gold
    pieces = [Piece(who, look.on_panel(colors.text), node=session.client)]
    pieces += [Piece(text, style) for text, style in bar(columns, session.share, color, colors.panel, look)]
    pieces.append(Piece(seconds, look.on_panel(colors.vermilion if ends else colors.dim)))
    if len(who) + columns + len(seconds) + len(count) <= width:
        pieces.append(Piece(count, look.on_panel(colors.sky)))
    return Line(tuple(pieces))


# ---------------------------------------------------------------- recipes and clients


def queue_lines(queues: tuple[QueueFace, ...], width: int, look: Look) -> list[Line]:
    """Who has what, and who waits."""
    colors = look.palette
    return [
        line
        for queue in queues
        for line in wrapped(queue_words(queue, width), width, look.on_panel(colors.gold if queue.has else colors.dim))
    ]


def client_lines(clients: tuple[KeeperClientFace, ...], width: int, look: Look) -> list[Line]:
    """A line each: its session's state, what it has asked for and what it was told."""
    return [_client(each, width, look) for each in clients]


def _client(client: KeeperClientFace, width: int, look: Look) -> Line:
    colors, glyphs = look.palette, look.glyphs
    pieces = [
        Piece(f"{glyphs.roles[Role.CLIENT]} ", look.on_panel(colors.gold)),
        Piece(f"{client.node:<{NAME - 2}}", look.on_panel(colors.bright, bold=True), node=client.node),
    ]
    if not client.up:
        return Line((*pieces, Piece("down", look.on_panel(colors.grey))))
    well = client.state in ("connected", "closed", "read_only")
    state = client.state.replace("_", "-")
    where = f" to {client.server}" if client.server and client.state in ("connected", "read_only", "connecting") else ""
    waits = f" {glyphs.ellipsis}{client.outstanding}" if client.outstanding else ""
    unsure = client.failed + client.unknown
    found = (
        (f"{state}{where}", colors.mint if well else colors.vermilion),
        (f"{glyphs.good}{client.done:,}{waits}", colors.dim),
        (f"?{unsure}" if unsure else "", colors.vermilion),
        (f"{glyphs.kinds[Kind.WATCH_EVENT]}{client.notifications} told" if client.notifications else "", colors.gold),
        (_watches(client.watches), colors.dim),
    )
    used = sum(len(each.text) for each in pieces)
    for text, color in found:
        if text and used + len(text) <= width:
            pieces.append(Piece(f"{text}  ", look.on_panel(mix(colors.panel, color, 0.95))))
            used += len(text) + 2
    return Line(tuple(pieces))


def _watches(count: int) -> str:
    return f"{count} watch{'es' if count > 1 else ''}" if count else ""
