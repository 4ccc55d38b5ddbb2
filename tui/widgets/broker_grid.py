"""Partitions as a grid: a line each, a column a broker, then the offsets.

The law: a replica's state is told by its shape, trouble also by words. What does not fit is counted, never just gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style

from tui.broker_frame import OLD, BrokerFrame, BrokerRow, PartitionFace, ReplicaFace, Standing, TopicFace
from tui.broker_words import offset_words
from tui.frame import Frame
from tui.glyphs import Role
from tui.look import Look
from tui.paper import clip
from tui.ring_words import counted, size_words
from tui.theme import ink, mix
from tui.widgets.lines import Line, Piece

SHAPES = {
    Standing.LEADER: Role.LEADER,
    Standing.IN_SYNC: Role.FOLLOWER,
    Standing.ELIGIBLE: Role.PRE_CANDIDATE,
    Standing.BEHIND: Role.OUTSIDE,
}
"""A replica looks like a node of this role."""

LEAD = 2
"""Columns before a name."""

WIDE_CELL = 6
"""Columns of a cell that also says how far a replica is behind."""

CELLS = (WIDE_CELL, 4, 3, 2)
"""Columns of a broker, the widest first."""

MOST_LABEL = 26
LEAST_LABEL = 10

NUMBERS = (("hw", 7), ("end", 7), ("epoch", 5), ("size", 8), ("start", 7), ("stable", 8))
"""Titles and columns, the most telling first."""

SHORT = {"epoch": "ep"}
"""Titles that are shortened, for their numbers are short."""

ORDER = ("epoch", "start", "stable", "hw", "end", "size")

WORDS = 12
"""Columns for what is the matter with a partition, where there is room for them."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How a line of the grid is cut: the name, each broker's cell, the numbers and the words at the end."""

    label: int
    cell: int
    numbers: tuple[tuple[str, int], ...]
    words: int

    @property
    def replicas(self) -> int:
        """No columns of brokers: replicas are listed by mark."""
        return 0 if self.cell else 12


def columns_of(broker: BrokerFrame, width: int) -> Columns:
    """What there is room for. With many brokers a line names the replicas instead."""
    longest = max(
        (len(each.name) for topic in broker.topics if not topic.internal for each in topic.partitions), default=0
    )
    label = max(LEAST_LABEL, min(longest + 1, MOST_LABEL, width // 3))
    count = len(broker.brokers)
    cell = next((each for each in CELLS if label + LEAD + count * each <= width - 9 * each), 0)
    room = width - LEAD - label - (count * cell or 12)
    chosen: list[tuple[str, int]] = []
    for title, columns in NUMBERS:
        if columns <= room and (len(chosen) < 3 or room - columns >= WORDS):
            chosen.append((title, columns))
            room -= columns
    spare = max(0, min(_longest(broker, internal=True) + 1 - label, room - WORDS))
    label, room = label + spare, room - spare
    numbers = tuple(sorted(chosen, key=lambda each: ORDER.index(each[0])))
    return Columns(label, cell, numbers, room - 2 if room >= WORDS - 3 else 0)


def _longest(broker: BrokerFrame, internal: bool) -> int:
    """Columns of the longest name of a partition, with or without those of internal topics."""
    names = (each.name for topic in broker.topics if internal or not topic.internal for each in topic.partitions)
    return max(map(len, names), default=0)


# ---------------------------------------------------------------- which lines


def grid_lines(frame: Frame, broker: BrokerFrame, width: int, rows: int, look: Look, fold: bool = False) -> list[Line]:
    """A heading and at most `rows` - 1 lines: internal topics give way first (with `fold` even if there is room), then
    those far from the chosen one."""
    columns = columns_of(broker, width)
    unfolded = _entries(broker, fold=False)
    entries = unfolded if len(unfolded) < rows and not fold else _entries(broker, fold=True)
    shown, left_out = _window(entries, broker.chosen, max(0, rows - 1))
    lines = [_heading(broker, columns, look)]
    for entry in shown:
        if isinstance(entry, TopicFace):
            lines.append(_folded(entry, look, width))
        else:
            lines.append(_row(frame, broker, entry, columns, look))
    if left_out:
        lines.append(Line((Piece(clip(f"  {_rest(left_out)}", width, look.glyphs.ellipsis), _loud(left_out, look)),)))
    return lines[:rows]


Entry = PartitionFace | TopicFace


def _entries(broker: BrokerFrame, fold: bool) -> list[Entry]:
    """Partitions, and internal topics as a whole if they are folded."""
    found: list[Entry] = []
    for topic in broker.topics:
        chosen = any(each.name == broker.chosen for each in topic.partitions)
        found += [topic] if topic.internal and fold and not chosen else topic.partitions
    return found


def _window(entries: list[Entry], chosen: str, rows: int) -> tuple[list[Entry], list[Entry]]:
    """What is shown, and what is only counted, on a line of its own."""
    if len(entries) <= rows:
        return entries, []
    names = [each.name if isinstance(each, PartitionFace) else each.topic for each in entries]
    place = names.index(chosen) if chosen in names else 0
    room = max(0, rows - 1)
    first = max(0, min(place - room // 2, len(entries) - room))
    return entries[first : first + room], entries[:first] + entries[first + room :]


def _partitions(entries: list[Entry]) -> list[PartitionFace]:
    return [each for entry in entries for each in (entry.partitions if isinstance(entry, TopicFace) else (entry,))]


def _rest(entries: list[Entry]) -> str:
    """`and 7 more: 2 offline`."""
    partitions = _partitions(entries)
    return f"and {counted(len(partitions), 'partition')} more" + _ails(partitions)


def _ails(partitions: list[PartitionFace] | tuple[PartitionFace, ...]) -> str:
    """What is the matter with some of them; empty if nothing is."""
    offline = sum(each.offline for each in partitions)
    lacking = sum(each.lacking and not each.offline for each in partitions)
    found = [f"{offline} offline"] * bool(offline) + [f"{lacking} under-replicated"] * bool(lacking)
    return f": {', '.join(found)}" if found else ""


def _loud(entries: list[Entry], look: Look) -> Style:
    """As loud as the worst of them."""
    partitions = _partitions(entries)
    color = look.palette.dim
    if any(each.lacking for each in partitions):
        color = look.palette.gold
    if any(each.offline for each in partitions):
        color = look.palette.vermilion
    return look.on_panel(color)


def _folded(topic: TopicFace, look: Look, width: int) -> Line:
    """An internal topic on one line."""
    words = f"  {topic.topic}  {counted(len(topic.partitions), 'partition')}{_ails(topic.partitions) or ', in sync'}"
    first = topic.partitions[0].name if topic.partitions else ""
    return Line((Piece(clip(words, width, look.glyphs.ellipsis), _loud([topic], look), key=first),))


# ---------------------------------------------------------------- the heading


def _heading(broker: BrokerFrame, columns: Columns, look: Look) -> Line:
    faint = look.on_panel(look.palette.faint)
    pieces = [Piece(f"{'  partition':<{LEAD + columns.label}}", faint)]
    if columns.cell:
        pieces += [piece for row in broker.brokers for piece in _broker_head(row, columns.cell, look)]
    else:
        pieces.append(Piece(f"{'replicas':<{columns.replicas}}", faint))
    titles = "".join(f"{SHORT.get(title, title):>{width}}" for title, width in columns.numbers)
    return Line((*pieces, Piece(titles, faint)))


def _broker_head(row: BrokerRow, cell: int, look: Look) -> tuple[Piece, ...]:
    """A broker's column: its mark or name, and what is the matter with it."""
    colors, glyphs = look.palette, look.glyphs
    text = row.broker.mark if cell < 4 else clip(row.node, cell - 2, "")
    gap = " "
    sign, color = "", colors.text
    if not row.up:
        sign, color = glyphs.roles[Role.DOWN], colors.grey
    elif row.broker.fenced:
        sign, color = glyphs.roles[Role.FENCED], colors.vermilion
    elif row.broker.controller:
        color = colors.gold
    if len(text) + len(sign) + 1 > cell:
        gap = ""
    style = ink(color, colors.panel, bold=row.broker.controller, underline=row.broker.controller)
    return (
        Piece(gap, look.on_panel(color)),
        Piece(f"{text}{sign}", style, node=row.node),
        Piece(" " * (cell - len(gap) - len(text) - len(sign)), look.on_panel(color)),
    )


# ---------------------------------------------------------------- one partition


def _row(frame: Frame, broker: BrokerFrame, face: PartitionFace, columns: Columns, look: Look) -> Line:
    colors = look.palette
    ground = ground_of(face, face.name == broker.chosen, look)
    pieces = _label(face, face.name == broker.chosen, columns.label, ground, look)
    if columns.cell:
        for row in broker.brokers:
            pieces += _cell(face, row, columns.cell, frame.selected == row.node, ground, look)
    else:
        pieces += _listed(broker, face, columns.replicas, ground, look)
    if face.offline or face.stranded:
        words = f" offline, {_who_could(face)}" if face.offline else f" {face.leader} leads, but is down"
        return Line((*pieces, Piece(words, ink(colors.vermilion, ground, bold=True), key=face.name)), ground)
    for title, width in columns.numbers:
        text, color = _number(title, face, look)
        pieces.append(Piece(f"{text:>{width}}", ink(color, ground), key=face.name))
    words, color = words_of(face, look)
    if columns.words:
        pieces.append(Piece(f"  {clip(words, columns.words, look.glyphs.ellipsis)}", ink(color, ground), key=face.name))
    return Line(tuple(pieces), "" if ground == colors.panel else ground)


def ground_of(face: PartitionFace, chosen: bool, look: Look) -> str:
    """Loud without a leader, warm for a moment under a new one."""
    colors = look.palette
    if face.offline or face.stranded:
        return look.tint(colors.panel, colors.vermilion, 0.28 if face.offline else 0.16)
    if face.age < OLD:
        return look.tint(colors.panel, colors.gold, 0.3 if face.age < 0.5 else 0.15)
    return look.tint(colors.panel, colors.sky, 0.18) if chosen else colors.panel


def _label(face: PartitionFace, chosen: bool, width: int, ground: str, look: Look) -> list[Piece]:
    """What marks the line, and the name with the number always whole."""
    colors, glyphs = look.palette, look.glyphs
    sign = glyphs.landed if face.age < OLD else glyphs.pointer if chosen else " "
    number = f"/{face.number}"
    topic = clip(face.topic, width - len(number) - 1, glyphs.ellipsis)
    gap = " " * (width - len(topic) - len(number))
    text = ink(colors.bright if chosen else colors.text, ground, bold=chosen)
    return [
        Piece(f"{sign} ", ink(colors.gold, ground, bold=True), key=face.name),
        Piece(topic, ink(mix(ground, colors.text, 0.65), ground, bold=chosen), key=face.name),
        Piece(f"{number}{gap}", text, key=face.name),
    ]


def _cell(face: PartitionFace, row: BrokerRow, cell: int, selected: bool, ground: str, look: Look) -> list[Piece]:
    """The replica on this broker, and where there is room, how far it is behind."""
    colors = look.palette
    under = look.tint(ground, colors.sky, 0.12) if selected else ground
    replica = face.replica(row.node)
    if replica is None:
        text = f" {look.glyphs.missing}"
        return [Piece(f"{text:<{cell}}", ink(colors.faint, under), node=row.node)]
    shape, color = shape_of(replica, look)
    behind = _behind(face, replica) if cell >= WIDE_CELL else ""
    bold = replica.standing is Standing.LEADER
    return [
        Piece(f" {shape}", ink(color, under, bold=bold), key=face.name),
        Piece(f"{behind:<{cell - 2}}", ink(colors.dim, under), key=face.name),
    ]


def _behind(face: PartitionFace, replica: ReplicaFace) -> str:
    """How many records it lacks, in at most four characters; empty if none, or if nobody knows."""
    missing = face.end - replica.end
    if face.end < 0 or replica.end < 0 or missing <= 0:
        return ""
    return f"-{missing}" if missing < 1000 else f"-{missing // 1000}k" if missing < 100_000 else "-99k"


def shape_of(replica: ReplicaFace, look: Look) -> tuple[str, str]:
    """A replica's shape and colour. One that comes or goes is half, whatever else it is, unless it leads."""
    colors, roles = look.palette, look.glyphs.roles
    if replica.adding or (replica.removing and replica.standing is not Standing.LEADER):
        return roles[Role.JOINING if replica.adding else Role.LEAVING], colors.pink
    shape = roles[SHAPES[replica.standing]]
    if not replica.up:
        return shape, colors.grey
    hues = {
        Standing.LEADER: colors.gold,
        Standing.IN_SYNC: colors.mint,
        Standing.ELIGIBLE: colors.pink,
        Standing.BEHIND: colors.vermilion,
    }
    return shape, hues[replica.standing]


def _listed(broker: BrokerFrame, face: PartitionFace, width: int, ground: str, look: Look) -> list[Piece]:
    """Shape and mark of each replica, where there are too many brokers for columns."""
    marks = {row.node: row.broker.mark for row in broker.brokers}
    pieces: list[Piece] = []
    for replica in face.replicas[: width // 3]:
        shape, color = shape_of(replica, look)
        mark = f"{shape}{marks.get(replica.node, '?')} "
        pieces.append(Piece(mark, ink(color, ground, bold=replica.standing is Standing.LEADER), node=replica.node))
    return [*pieces, Piece(" " * (width - 3 * len(pieces)), ink(look.palette.dim, ground))]


def _number(title: str, face: PartitionFace, look: Look) -> tuple[str, str]:
    """One number of a line, and its colour."""
    colors = look.palette
    match title:
        case "hw":
            return offset_words(face.high_watermark), colors.text
        case "end":
            ahead = face.end > face.high_watermark
            return offset_words(face.end), colors.gold if ahead else colors.dim
        case "epoch":
            return f"e{face.leader_epoch}", colors.gold if face.age < OLD else colors.dim
        case "size":
            return size_words(face.size), colors.dim
        case "start":
            return offset_words(face.start), colors.dim
        case _:
            held = face.stable < face.high_watermark
            return offset_words(face.stable), colors.gold if held else colors.dim


def words_of(face: PartitionFace, look: Look) -> tuple[str, str]:
    """What is the matter with a partition, and the colour of that."""
    colors = look.palette
    if face.moving:
        coming = [each for each in face.replicas if each.adding]
        share = min((face.copied(each) for each in coming), default=1.0)
        goes = " ".join(each.node for each in face.replicas if each.removing)
        comes = " ".join(each.node for each in coming)
        words = f"to {comes} {share:.0%}" if coming else f"leaves {goes}"
        return words, colors.pink
    if face.lacking:
        return f"ISR {face.in_sync}/{len(face.replicas)}", colors.vermilion
    if face.open_transactions:
        return counted(face.open_transactions, "txn"), colors.gold
    return "", colors.dim


def _who_could(face: PartitionFace) -> str:
    """Who could lead if it were up: the last in sync, and eligible ones."""
    could = [each.node for each in face.replicas if each.standing in (Standing.IN_SYNC, Standing.ELIGIBLE)]
    return f"needs {' or '.join(could)}" if could else "none in sync"
