"""Shapes, each with one meaning, in two sets. The law: one cell wide, and none that terminals may show as an emoji."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a node is in the service that is shown; the value is the word for it."""

    LEADER = "leader"
    FOLLOWER = "follower"
    PRE_CANDIDATE = "pre-candidate"
    CANDIDATE = "candidate"
    LEARNER = "learner"
    MEMBER = "member"
    JOINING = "joins"
    LEAVING = "leaves"
    OUTSIDE = "not in the ring"
    CONTROLLER = "controller"
    BROKER = "broker"
    FENCED = "fenced"
    STOPPING = "shuts down"
    STOPPED = "shut down"
    PREPARING = "prepares"
    PROPOSING = "proposes"
    BACKING_OFF = "backs off"
    ACCEPTOR = "acceptor"
    DECIDED = "has learned"
    OUTSIDER = "outsider"
    LOOKING = "looking"
    PROSPECTIVE = "prospective"
    """Elected, and not yet established."""
    LEADING = "leading"
    SYNCHRONISING = "catches up"
    FOLLOWING = "following"
    OBSERVING = "observing"
    READ_ONLY = "read-only"
    CLIENT = "client"
    OTHER = "up"
    DOWN = "down"


class Kind(Enum):
    """What sort of message it is; the value is the word for it."""

    APPEND = "append"
    BEAT = "beat"
    ACK = "ack"
    REFUSAL = "refusal"
    VOTE_REQUEST = "vote?"
    VOTE = "vote"
    NO_VOTE = "no vote"
    SNAPSHOT = "snapshot"
    CLIENT = "client"
    ANSWER = "answer"
    STORE = "store"
    STORED = "stored"
    HINT = "hint"
    FETCH = "fetch"
    FETCHED = "fetched"
    COMPARE = "compare"
    KEYS = "keys"
    PING = "ping"
    TABLE = "ring"
    PROPOSAL = "propose"
    AGREEMENT = "agree"
    PRODUCE = "produce"
    PRODUCED = "produced"
    RECORDS = "records"
    PULL = "replica fetch"
    METADATA = "metadata"
    GROUP = "group"
    TRANSACTION = "transaction"
    LOOKUP = "lookup"
    ADMIN = "admin"
    PREPARE = "prepare"
    PROMISE = "promise"
    ACCEPT = "accept?"
    ACCEPTED = "accepted"
    NOTIFICATION = "notification"
    EPOCH = "epoch"
    SYNC = "sync"
    TRANSACTION_PROPOSAL = "proposal"
    COMMIT = "commit"
    SESSION = "session"
    WATCH_EVENT = "watch event"
    SEGMENT = "channel"
    """A channel's own: an acknowledgement, a reset."""
    OTHER = "message"


class Sort(Enum):
    """What sort of event it is."""

    NOTE = "note"
    ELECTION = "election"
    LEADER = "leader"
    COMMIT = "commit"
    EPOCH = "epoch"
    MOVE = "move"
    SUSPICION = "suspicion"
    CLIENT = "client"
    DOWN = "down"
    UP = "up"
    TROUBLE = "trouble"
    HEALED = "healed"
    LOST = "lost"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Border:
    """Corners clockwise from the upper left, then top, side and bottom."""

    upper_left: str
    upper_right: str
    lower_right: str
    lower_left: str
    top: str
    side: str
    bottom: str


def border(text: str) -> Border:
    """From seven characters in the order of the fields."""
    return Border(*text)


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """One set. `braille` says whether lines are drawn in dots or in `thin` and `tail` characters."""

    name: str
    braille: bool
    roles: Mapping[Role, str]
    kinds: Mapping[Kind, str]
    sorts: Mapping[Sort, str]
    borders: Mapping[Role, Border]
    panel: Border
    selected: Border
    troubled: Border
    frozen: str
    isolated: str
    lost: str
    lost_faint: str
    slash: str
    arrow: str
    both: str
    bar_full: str
    bar_half: str
    bar_rest: str
    missing: str
    block: str
    open_block: str
    compacted: str
    sparks: str
    """From nothing to full."""
    past: str
    future: str
    head: str
    needle: str
    tick: str
    paused: str
    playing: str
    logo: str
    pointer: str
    separator: str
    ellipsis: str
    left_end: str
    right_end: str
    thin: str
    disturbed: str
    good: str
    landed: str
    landed_faint: str
    stripe: str
    """A range that moves, in two colours."""
    chosen: str
    """Where the chosen key lies."""


UNICODE = Glyphs(
    name="unicode",
    braille=True,
    roles={
        Role.LEADER: "♛", Role.FOLLOWER: "●", Role.PRE_CANDIDATE: "◇", Role.CANDIDATE: "◆", Role.LEARNER: "○",
        Role.MEMBER: "●", Role.JOINING: "◐", Role.LEAVING: "◑", Role.OUTSIDE: "○", Role.CLIENT: "▲", Role.OTHER: "●",
        Role.DOWN: "✕", Role.CONTROLLER: "♛", Role.BROKER: "●", Role.FENCED: "⊟", Role.STOPPING: "◑",
        Role.STOPPED: "○", Role.PREPARING: "◆", Role.PROPOSING: "◈", Role.BACKING_OFF: "◇", Role.ACCEPTOR: "●",
        Role.DECIDED: "✓", Role.OUTSIDER: "○", Role.LOOKING: "◆", Role.PROSPECTIVE: "◈", Role.LEADING: "♛",
        Role.SYNCHRONISING: "◐", Role.FOLLOWING: "●", Role.OBSERVING: "○", Role.READ_ONLY: "⊟",
    },
    kinds={
        Kind.APPEND: "●", Kind.BEAT: "•", Kind.ACK: "○", Kind.REFUSAL: "⊘", Kind.VOTE_REQUEST: "◆", Kind.VOTE: "◇",
        Kind.NO_VOTE: "◈", Kind.SNAPSHOT: "■", Kind.CLIENT: "▲", Kind.ANSWER: "△", Kind.STORE: "▼", Kind.STORED: "▽",
        Kind.HINT: "◪", Kind.FETCH: "▣", Kind.FETCHED: "▢", Kind.COMPARE: "≡", Kind.KEYS: "▤", Kind.PING: "∘",
        Kind.TABLE: "◍", Kind.PROPOSAL: "✦", Kind.AGREEMENT: "✧", Kind.OTHER: "∙", Kind.PRODUCE: "►",
        Kind.PRODUCED: "▻", Kind.RECORDS: "▬", Kind.PULL: "◦", Kind.METADATA: "▰", Kind.GROUP: "◎",
        Kind.TRANSACTION: "◩", Kind.LOOKUP: "◔", Kind.ADMIN: "◬", Kind.PREPARE: "◢", Kind.PROMISE: "◿",
        Kind.ACCEPT: "◤", Kind.ACCEPTED: "◸", Kind.NOTIFICATION: "◊", Kind.EPOCH: "⊙", Kind.SYNC: "▥",
        Kind.TRANSACTION_PROPOSAL: "◉", Kind.COMMIT: "✓", Kind.SESSION: "◑", Kind.WATCH_EVENT: "◕",
        Kind.SEGMENT: "⋄",
    },
    sorts={
        Sort.NOTE: "·", Sort.ELECTION: "◆", Sort.LEADER: "♛", Sort.COMMIT: "✓", Sort.EPOCH: "◎", Sort.MOVE: "»",
        Sort.SUSPICION: "◔", Sort.CLIENT: "▸", Sort.DOWN: "✕", Sort.UP: "▲", Sort.TROUBLE: "╱", Sort.HEALED: "○",
        Sort.LOST: "✕", Sort.WRONG: "※",
    },
    borders={
        Role.LEADER: border("╔╗╝╚═║═"), Role.FOLLOWER: border("╭╮╯╰─│─"), Role.PRE_CANDIDATE: border("╒╕╯╰═│─"),
        Role.CANDIDATE: border("╒╕╛╘═│═"), Role.LEARNER: border("╭╮╯╰╌┊╌"), Role.MEMBER: border("╭╮╯╰─│─"),
        Role.JOINING: border("╓╖╜╙─║─"), Role.LEAVING: border("╒╕╯╰═┊╌"), Role.OUTSIDE: border("┌┐┘└┈┊┈"),
        Role.CLIENT: border("┌┐┘└─│─"), Role.OTHER: border("╭╮╯╰─│─"), Role.DOWN: border("┌┐┘└╌╎╌"),
        Role.CONTROLLER: border("╔╗╝╚═║═"), Role.BROKER: border("╭╮╯╰─│─"), Role.FENCED: border("┌┐┘└┈┊┈"),
        Role.STOPPING: border("╒╕╯╰═┊╌"), Role.STOPPED: border("┌┐┘└╌┊╌"), Role.PREPARING: border("╒╕╛╘═│═"),
        Role.PROPOSING: border("╒╕╯╰═│─"), Role.BACKING_OFF: border("╓╖╜╙─║─"), Role.ACCEPTOR: border("╭╮╯╰─│─"),
        Role.DECIDED: border("╔╗╝╚═║═"), Role.OUTSIDER: border("┌┐┘└┈┊┈"), Role.LOOKING: border("╒╕╛╘═│═"),
        Role.PROSPECTIVE: border("╒╕╯╰═│─"), Role.LEADING: border("╔╗╝╚═║═"), Role.SYNCHRONISING: border("╓╖╜╙─║─"),
        Role.FOLLOWING: border("╭╮╯╰─│─"), Role.OBSERVING: border("╭╮╯╰╌┊╌"), Role.READ_ONLY: border("┌┐┘└┈┊┈"),
    },
    panel=border("╭╮╯╰─│─"),
    selected=border("┏┓┛┗━┃━"),
    troubled=border("┌┐┘└┄┆┄"),
    frozen="‖", isolated="◌", lost="✕", lost_faint="×", slash="╱", arrow="→", both="⇄",
    bar_full="━", bar_half="╸", bar_rest="─", missing="·", block="■", open_block="□", compacted="░", sparks=" ▁▂▃▄▅▆▇█",
    past="─", future="┄", head="◉", needle="▏", tick="┴", paused="❚❚", playing="► ", logo="◈", pointer="▸",
    separator="│", ellipsis="…", left_end="▐", right_end="▌", thin="·", disturbed="≈", good="✓",
    landed="◆", landed_faint="◇", stripe="▞", chosen="◉",
)  # fmt: skip

ASCII = Glyphs(
    name="ascii",
    braille=False,
    roles={
        Role.LEADER: "L", Role.FOLLOWER: "f", Role.PRE_CANDIDATE: "p", Role.CANDIDATE: "C", Role.LEARNER: "l",
        Role.MEMBER: "m", Role.JOINING: "+", Role.LEAVING: "-", Role.OUTSIDE: "u", Role.CLIENT: "@", Role.OTHER: "o",
        Role.DOWN: "x", Role.CONTROLLER: "L", Role.BROKER: "b", Role.FENCED: "F", Role.STOPPING: "-",
        Role.STOPPED: "u", Role.PREPARING: "p", Role.PROPOSING: "P", Role.BACKING_OFF: "w", Role.ACCEPTOR: "a",
        Role.DECIDED: "v", Role.OUTSIDER: "u", Role.LOOKING: "?", Role.PROSPECTIVE: "p", Role.LEADING: "L",
        Role.SYNCHRONISING: "+", Role.FOLLOWING: "f", Role.OBSERVING: "o", Role.READ_ONLY: "r",
    },
    kinds={
        Kind.APPEND: "A", Kind.BEAT: "b", Kind.ACK: "a", Kind.REFUSAL: "n", Kind.VOTE_REQUEST: "V", Kind.VOTE: "v",
        Kind.NO_VOTE: "0", Kind.SNAPSHOT: "S", Kind.CLIENT: "R", Kind.ANSWER: "r", Kind.STORE: "W", Kind.STORED: "w",
        Kind.HINT: "H", Kind.FETCH: "F", Kind.FETCHED: "f", Kind.COMPARE: "=", Kind.KEYS: "K", Kind.PING: "i",
        Kind.TABLE: "O", Kind.PROPOSAL: "P", Kind.AGREEMENT: "p", Kind.OTHER: "m", Kind.PRODUCE: "D",
        Kind.PRODUCED: "d", Kind.RECORDS: "B", Kind.PULL: ",", Kind.METADATA: "M", Kind.GROUP: "G",
        Kind.TRANSACTION: "T", Kind.LOOKUP: "?", Kind.ADMIN: "C", Kind.PREPARE: "1", Kind.PROMISE: "2",
        Kind.ACCEPT: "3", Kind.ACCEPTED: "4", Kind.NOTIFICATION: "N", Kind.EPOCH: "E", Kind.SYNC: "Y",
        Kind.TRANSACTION_PROPOSAL: "Z", Kind.COMMIT: "c", Kind.SESSION: "s", Kind.WATCH_EVENT: "!",
        Kind.SEGMENT: ";",
    },
    sorts={
        Sort.NOTE: ".", Sort.ELECTION: "?", Sort.LEADER: "L", Sort.COMMIT: "+", Sort.EPOCH: "E", Sort.MOVE: "M",
        Sort.SUSPICION: "s", Sort.CLIENT: ">", Sort.DOWN: "x", Sort.UP: "^", Sort.TROUBLE: "/", Sort.HEALED: "o",
        Sort.LOST: "x", Sort.WRONG: "!",
    },
    borders={
        Role.LEADER: border("####==="), Role.FOLLOWER: border("....-|-"), Role.PRE_CANDIDATE: border("++''=|-"),
        Role.CANDIDATE: border("++++=|="), Role.LEARNER: border("....-:-"), Role.MEMBER: border("....-|-"),
        Role.JOINING: border("++++-I-"), Role.LEAVING: border("++..=:-"), Role.OUTSIDE: border("++++.:."),
        Role.CLIENT: border("++++-|-"), Role.OTHER: border("....-|-"), Role.DOWN: border("++++-:-"),
        Role.CONTROLLER: border("####==="), Role.BROKER: border("....-|-"), Role.FENCED: border("++++.:."),
        Role.STOPPING: border("++..=:-"), Role.STOPPED: border("++++-:."), Role.PREPARING: border("++++=|="),
        Role.PROPOSING: border("++''=|-"), Role.BACKING_OFF: border("++++-I-"), Role.ACCEPTOR: border("....-|-"),
        Role.DECIDED: border("####==="), Role.OUTSIDER: border("++++.:."), Role.LOOKING: border("++++=|="),
        Role.PROSPECTIVE: border("++''=|-"), Role.LEADING: border("####==="), Role.SYNCHRONISING: border("++++-I-"),
        Role.FOLLOWING: border("....-|-"), Role.OBSERVING: border("....-:-"), Role.READ_ONLY: border("++++.:."),
    },
    panel=border("++++-|-"),
    selected=border("@@@@#@#"),
    troubled=border("....~:~"),
    frozen="=", isolated="o", lost="x", lost_faint="'", slash="/", arrow=">", both="=",
    bar_full="=", bar_half="-", bar_rest=".", missing=".", block="#", open_block="_", compacted="%", sparks=" .:-=+*%#",
    past="-", future=".", head="O", needle="|", tick="'", paused="||", playing="> ", logo="#", pointer=">",
    separator="|", ellipsis="~", left_end="[", right_end="]", thin=".", disturbed="~", good="v",
    landed="*", landed_faint="+", stripe="%", chosen="@",
)  # fmt: skip

SETS = {glyphs.name: glyphs for glyphs in (UNICODE, ASCII)}

PLAIN = str.maketrans({
    "→": ">", "←": "<", "⇄": "=", "–": "-", "—": "-", "×": "x", "…": "~", "·": ".", "≥": ">", "≤": "<", "µ": "u",
    "✓": "v", "✕": "x", "│": "|", "─": "-", "◆": "*", "└": "`", "┘": "'", "├": "|", "♛": "L", "∅": "0", "◉": "@",
})  # fmt: skip
"""What words may hold besides ASCII, for terminals that have nothing else."""


def in_ascii(char: str) -> str:
    """One cell in ASCII."""
    return char if char.isascii() else char.translate(PLAIN).encode("ascii", "replace").decode()
