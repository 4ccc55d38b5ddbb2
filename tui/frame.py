"""What is on the screen, as values. The law: a painter needs nothing but a frame, a size and a look.

Times are microseconds of virtual time; fractions lie in [0, 1]. `tui/framing.py` makes frames from a world.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.broker_frame import BrokerFace, BrokerFrame
from tui.card_face import CardFace
from tui.glyphs import Kind, Role, Sort
from tui.keeper_frame import KeeperFrame
from tui.overview_frame import OverviewFrame
from tui.paxos_frame import PaxosFrame
from tui.ring_frame import RingFace, RingFrame
from tui.synod_frame import SynodFrame

LEADERS = (Role.LEADER, Role.CONTROLLER, Role.LEADING)


@dataclass(frozen=True, slots=True)
class Bar:
    """A timer that is set: how much of it is left. `name` is the machine's own."""

    name: str
    left: int
    whole: int

    @property
    def fraction(self) -> float:
        """1 has just been set, 0 runs out."""
        return min(1.0, max(0.0, self.left / self.whole)) if self.whole > 0 else 0.0


@dataclass(frozen=True, slots=True)
class NodeFace:
    """A node on the map. `heat` is 1 when it has just received something and cools to 0 in quarters."""

    name: str
    role: Role
    client: bool = False
    frozen: bool = False
    isolated: bool = False
    term: int = 0
    last_index: int = 0
    commit_index: int = 0
    snapshot_index: int = 0
    votes: int = 0
    quorum: int = 0
    timer: Bar | None = None
    heat: float = 0.0
    waiting: int = 0
    """A client: requests without an outcome. A server: messages in its inbox."""
    done: int = 0
    unsure: int = 0
    """A client's requests with the outcome Failed or Unknown."""
    ring: RingFace | None = None
    """A server, while a ring store is what is looked at."""
    broker: BrokerFace | None = None
    """A server, while a broker cluster is what is looked at."""
    card: CardFace | None = None
    """A server, while a service is looked at whose card is all words."""

    @property
    def up(self) -> bool:
        """Whether its process runs."""
        return self.role is not Role.DOWN

    @property
    def word(self) -> str:
        """Role or trouble, for people."""
        return "frozen" if self.frozen else self.role.value

    @property
    def troubled(self) -> bool:
        """Up, but out of touch."""
        return self.up and (self.frozen or self.isolated)


@dataclass(frozen=True, slots=True)
class LinkFace:
    """Both directions between two nodes; `there` is from `a` to `b`. `badge` says what is wrong besides cuts."""

    a: str
    b: str
    there_blocked: bool = False
    back_blocked: bool = False
    badge: str = ""

    @property
    def usual(self) -> bool:
        """Nothing is wrong with it."""
        return not (self.there_blocked or self.back_blocked or self.badge)


@dataclass(frozen=True, slots=True)
class PacketFace:
    """A message under way (or lost on it, then `lost` grows from 0 to 1 while its trace fades)."""

    kind: Kind
    source: str
    target: str
    progress: float
    lost: float | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One server's log, as far as the window shows it: `terms[0]` is the term at index `first`."""

    name: str
    role: Role
    term: int
    commit_index: int
    last_index: int
    snapshot_index: int
    first: int
    terms: tuple[int, ...]
    peer: str = ""
    """What the leader believes of it, in words: `next 15 match 14`."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the event log; `number` counts from 1 over the whole run.

    `node` may be several names with spaces between them, if they said the same, or empty.
    """

    number: int
    at: int
    sort: Sort
    node: str
    text: str
    source: str = ""
    """The paper and section that the text rests on."""
    more: int = 0
    """So many similar lines of the same node stand for themselves in this one."""
    service: str = ""
    """Whose machine says it; empty for what concerns the whole node or the network."""

    @property
    def loud(self) -> bool:
        """Whether it also stands on the timeline."""
        return self.sort not in (Sort.NOTE, Sort.CLIENT, Sort.COMMIT, Sort.LOST)


@dataclass(frozen=True, slots=True)
class Happenings:
    """The newest lines (those with `filter` in them); `total` counts all that there were."""

    lines: tuple[Happening, ...] = ()
    total: int = 0
    filter: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way to or from the node that is looked at; `left` is how long it still takes."""

    kind: Kind
    other: str
    words: str
    left: int


@dataclass(frozen=True, slots=True)
class PeerFace:
    """What a leader believes of a follower, or a candidate has heard from a voter."""

    name: str
    match_index: int
    next_index: int
    in_flight: int
    vote: bool | None
    snapshot_offset: int | None


@dataclass(frozen=True, slots=True)
class NeighbourFace:
    """What a ring server believes of another one: `alive`, `suspected` or `dead`."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Details:
    """The selected node for the inspector. `facts` are (name, value) pairs in the order of their weight."""

    node: NodeFace
    facts: tuple[tuple[str, str], ...] = ()
    inbox: tuple[Parcel, ...] = ()
    outbox: tuple[Parcel, ...] = ()
    peers: tuple[PeerFace, ...] = ()
    neighbours: tuple[NeighbourFace, ...] = ()
    troubles: tuple[str, ...] = ()
    """What is wrong with its links, clock, disk and speed, in words."""
    store: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    """What wants a line each: a broker's replicas, the partitions that a client reads."""


@dataclass(frozen=True, slots=True)
class Reign:
    """Who led from `since` on, in which term; an empty name is nobody that anybody knows of."""

    since: int
    node: str
    term: int
    title: str = ""
    """What numbers it, in words; empty is a term of Raft."""


@dataclass(frozen=True, slots=True)
class Course:
    """The run from its beginning: messages delivered in each bucket of `width` microseconds, and what happened."""

    width: int = 1_000
    buckets: tuple[int, ...] = ()
    marks: tuple[tuple[int, Sort], ...] = ()
    reigns: tuple[Reign, ...] = ()
    end: int = 0
    """As far as the run is known: behind `now` while one looks at the past."""


@dataclass(frozen=True, slots=True)
class ServiceFace:
    """One service of the cluster: its state in a few words, and whether all is well with it. `kind` is its sort."""

    name: str
    kind: str = "raft"
    words: str = ""
    well: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the invariants say. `violation` is the sentence of the first rule that was broken."""

    watched: int = 0
    violation: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything the panes show at one moment."""

    now: int = 0
    title: str = ""
    seed: str = ""
    service: str = ""
    """The one whose roles the map shows."""
    services: tuple[ServiceFace, ...] = ()
    """All of them, in the spec's order."""
    tabs: bool = False
    """The panes of the services share one place, so that each names the others."""
    paused: bool = False
    pace: str = ""
    """The asked speed in a few characters, `0.003x`."""
    real_speed: float = 0.0
    messages: int = 0
    flash: int = 0
    """How long something counts as new."""
    nodes: tuple[NodeFace, ...] = ()
    links: tuple[LinkFace, ...] = ()
    """Of every pair of servers, and of a client where something is wrong."""
    packets: tuple[PacketFace, ...] = ()
    under_way: int = 0
    """Packets in flight between different nodes, also those that the map leaves out."""
    selected: str = ""
    selected_link: tuple[str, str] | None = None
    logs: tuple[LogRow, ...] = ()
    quorum: int = 0
    """Votes that a leader needs, as far as somebody leads."""
    ring: RingFrame | None = None
    broker: BrokerFrame | None = None
    paxos: PaxosFrame | None = None
    synod: SynodFrame | None = None
    keeper: KeeperFrame | None = None
    overview: OverviewFrame | None = None
    """With several services: all of them on every node."""
    happenings: Happenings = field(default_factory=Happenings)
    details: Details | None = None
    course: Course = field(default_factory=Course)
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def leader(self) -> NodeFace | None:
        """Of all that believe to lead, the one with the newest term; of a broker cluster, the active controller."""
        leaders = (node for node in self.nodes if node.role in LEADERS)
        return max(leaders, key=lambda node: node.term, default=None)

    @property
    def servers(self) -> tuple[NodeFace, ...]:
        """All nodes but the clients."""
        return tuple(node for node in self.nodes if not node.client)
