"""The grid of the overview: a line a server, a column a service, then a line a client.

The law: a role is told by glyph and word, or by glyph and numbers where it is the usual one; nothing is cut in halves,
but shorter words are taken. What has just changed is underlined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tui.frame import Frame, ServiceFace
from tui.glyphs import Glyphs, Role
from tui.look import Look
from tui.overview_frame import OLD, Asking, ClientLine, OverviewFrame, ServerLine, Square
from tui.paper import clip
from tui.theme import ink
from tui.widgets.lines import Line, Piece

LEAST_NAME = 7
LEAST_COLUMN = 7
MOST_COLUMN = 26

USUAL = (Role.FOLLOWER, Role.FOLLOWING, Role.MEMBER, Role.BROKER, Role.ACCEPTOR, Role.OTHER)
"""Roles of which the numbers say more than the word."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How a line is cut: the name, and each service's column; services that have none are counted."""

    name: int
    each: int
    count: int

    @property
    def room(self) -> int:
        """For a cell's text."""
        return self.each - 1


def columns_of(frame: Frame, overview: OverviewFrame, width: int) -> Columns:
    """What there is room for."""
    names = [*(line.node for line in overview.servers), *(line.node for line in overview.clients)]
    longest = max(map(len, names), default=0)
    name = max(LEAST_NAME, min(longest + 5, width // 4))
    room, count = width - name, len(frame.services)
    if count * LEAST_COLUMN > room:
        room -= 2
        count = room // LEAST_COLUMN
    count = max(1, count)
    return Columns(name, max(1, min(MOST_COLUMN, room // count)), count)


def heading_lines(frame: Frame, columns: Columns, words: bool, look: Look) -> list[Line]:
    """Each service's name, well or not, and its health in words."""
    colors, glyphs = look.palette, look.glyphs
    names = [Piece(" " * columns.name, look.on_panel(colors.faint))]
    health = list(names)
    for service in frame.services[: columns.count]:
        chosen = service.name == frame.service
        sign, color = (glyphs.good, colors.mint) if service.well else (glyphs.lost, colors.vermilion)
        signed = len(service.name) + 2 <= columns.room
        title = clip(service.name, columns.room - 2 * signed, glyphs.ellipsis)
        style = ink(colors.gold if chosen else colors.text, colors.panel, bold=True, underline=chosen)
        names += [
            Piece(f"{sign} " if signed else "", look.on_panel(color, bold=True), key=service.name),
            Piece(title, style, key=service.name),
            Piece(" " * max(0, columns.each - 2 * signed - len(title)), look.on_panel(colors.faint)),
        ]
        text = first_that_fits(health_words(service), columns.room)
        hue = colors.dim if service.well else colors.vermilion
        health.append(Piece(f"{text:<{columns.each}}", look.on_panel(hue, bold=not service.well), key=service.name))
    hidden = len(frame.services) - columns.count
    if hidden:
        names.append(Piece(f"+{hidden}", look.on_panel(colors.faint)))
    return [Line(tuple(names)), *([Line(tuple(health))] if words else [])]


def health_words(service: ServiceFace) -> tuple[str, ...]:
    """The same with fewer and fewer words."""
    first = service.words.split(",")[0]
    short = first.replace(" under-replicated", " URP").replace(" values chosen", " chosen")
    return service.words, first, short, first.replace(" controls", "").replace(" leads", ""), ""


def first_that_fits(texts: Iterable[str], room: int) -> str:
    """Of texts with the same meaning, the longest first."""
    return next((text for text in texts if len(text) <= room), "")


# ---------------------------------------------------------------- servers


def server_line(frame: Frame, line: ServerLine, columns: Columns, look: Look) -> Line:
    """A server in every service."""
    colors, glyphs = look.palette, look.glyphs
    selected = line.node == frame.selected
    ground = look.tint(colors.panel, colors.sky if line.up else colors.grey, 0.14) if selected else colors.panel
    marks = (glyphs.frozen if line.frozen else "") + (glyphs.isolated if line.isolated else "")
    marks = glyphs.lost if not line.up else marks
    name = clip(line.node, columns.name - 4, glyphs.ellipsis)
    bright = colors.bright if line.up else colors.grey
    pieces = [
        Piece(glyphs.pointer if selected else " ", ink(colors.gold, ground, bold=True)),
        Piece(f"{name} ", ink(bright, ground, bold=True), node=line.node),
        Piece(f"{marks:<{columns.name - 2 - len(name)}}", ink(colors.vermilion, ground, bold=True), node=line.node),
    ]
    pieces += [_square(each, line, columns, ground, look) for each in line.squares[: columns.count]]
    return Line(tuple(pieces), ground if selected else "")


def _square(square: Square, line: ServerLine, columns: Columns, ground: str, look: Look) -> Piece:
    color = look.palette.vermilion if square.trouble and line.up else look.role(square.role)
    news = square.age < OLD
    under = look.tint(ground, color, 0.35 * (1 - square.age)) if news else ground
    loud = square.role not in USUAL and line.up
    text = _fitted(square.role, square.numbers, look.glyphs, columns.room)
    style = ink(color, under, bold=loud or news, underline=news)
    return Piece(f"{text:<{columns.each}}", style, node=line.node)


@lru_cache(maxsize=4096)
def _fitted(role: Role, numbers: tuple[str, ...], glyphs: Glyphs, room: int) -> str:
    return first_that_fits(square_words(role, numbers, glyphs), room)


def square_words(role: Role, numbers: tuple[str, ...], glyphs: Glyphs) -> tuple[str, ...]:
    """The same with fewer and fewer words."""
    glyph, word = glyphs.roles[role], role.value
    if role is Role.DOWN:
        return f"{glyph} {word}", glyph
    whole, first = " ".join(numbers), numbers[0] if numbers else ""
    long = (f"{glyph} {word} {whole}".strip(), f"{glyph} {word} {first}".strip())
    bare = first.removeprefix("leads ").removesuffix(" keys").removesuffix(" in sync")
    counts = (f"{glyph} {whole}", f"{glyph} {first}", f"{glyph} {bare}")
    short = (*counts, f"{glyph} {word}") if role in USUAL and whole else (f"{glyph} {word}", *counts)
    return (*long, *short, glyph)


# ---------------------------------------------------------------- clients


def client_line(line: ClientLine, columns: Columns, look: Look) -> Line:
    """A client at every service."""
    colors, glyphs = look.palette, look.glyphs
    name = clip(line.node, columns.name - 4, glyphs.ellipsis)
    pieces = [
        Piece(glyphs.roles[Role.CLIENT], look.on_panel(colors.gold)),
        Piece(
            f"{name:<{columns.name - 1}}",
            look.on_panel(colors.bright if line.up else colors.grey, True),
            node=line.node,
        ),
    ]
    for asking in line.askings[: columns.count]:
        text = first_that_fits(asking_words(asking, line.up, look), columns.room)
        color = colors.grey if asking is None or not line.up else colors.vermilion if asking.state else colors.dim
        color = colors.gold if asking is not None and line.up and asking.unsure and not asking.state else color
        pieces.append(Piece(f"{text:<{columns.each}}", look.on_panel(color), node=line.node))
    return Line(tuple(pieces))


def asking_words(asking: Asking | None, up: bool, look: Look) -> tuple[str, ...]:
    """The same with fewer and fewer words."""
    if not up or asking is None:
        return ("down" if not up else "", "")
    glyphs = look.glyphs
    waits = f" {glyphs.ellipsis}{asking.waiting}" if asking.waiting else ""
    unsure = f" ?{asking.unsure}" if asking.unsure else ""
    done = f"{glyphs.good}{asking.done:,}"
    state = (f"{asking.state} {done}{unsure}", asking.state) if asking.state else ()
    return (*state, f"{done}{waits}{unsure}", f"{done}{unsure}", done, f"{glyphs.good}{asking.done // 1000}k", "")
