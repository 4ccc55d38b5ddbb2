"""Commands as values: what a person can do to a cluster, whichever way it was said.

The law: a command says whom it concerns (`Who`) and what is to be done (an action); `resolve` replaces every
selector by names, and only a resolved command is carried out and recorded. Times are microseconds, shares lie in
[0, 1].
"""

from __future__ import annotations

from enum import Enum

from algorithms import kv
from algorithms.broker import commands as broker
from algorithms.broker.topics import TopicPartition
from algorithms.keeper import commands as keeper
from algorithms.machine import Record
from algorithms.paxos.synod import commands as synod
from nodes.faults import Latency
from playground.commands.keeper_verbs import KEEPER_VERBS

# ---------------------------------------------------------------- whom it concerns


class Named(Record, frozen=True):
    """A node by its name."""

    name: str


class InRole(Record, frozen=True):
    """`leader(raft)`: a node whose machine of `service` has this role at the moment of injection."""

    role: str
    service: str


class Kind(Enum):
    """The other selectors. `EVERYONE` includes the clients and stands only at the end of a link."""

    RANDOM = "random"
    MAJORITY = "majority"
    MINORITY = "minority"
    REST = "rest"
    ALL = "all"
    EVERYONE = "*"


class Some(Record, frozen=True):
    """Servers of this kind, chosen by dice where there is a choice."""

    kind: Kind


class Placed(Record, frozen=True):
    """`owner(x)`, `replica(x, 2)`, `outsider(x)`: the node that a ring places the key on, or does not.

    `number` counts the preference list from 1 on, the owner first.
    """

    place: str
    key: str
    number: int = 1


Who = Named | InRole | Placed | Some
Group = tuple[Who, ...]

# ---------------------------------------------------------------- what is done to a node


class Verb(Enum):
    """What needs no more than a node."""

    KILL = "kill"
    POWER_LOSS = "power-loss"
    RESTART = "restart"
    PAUSE = "pause"
    RESUME = "resume"
    ISOLATE = "isolate"
    HEAL = "heal"


class Do(Record, frozen=True):
    """One of the plain verbs."""

    verb: Verb


class SlowNode(Record, frozen=True):
    """Each turn takes `service_time`; None is the spec's own."""

    service_time: int | None


class Skew(Record, frozen=True):
    """The clock is `offset` ahead of true time."""

    offset: int


class Drift(Record, frozen=True):
    """The clock runs fast by `ppm`."""

    ppm: int


class SlowDisk(Record, frozen=True):
    """A sync takes `latency`."""

    latency: int


class DiskState(Enum):
    """What can become of a disk. `OK` is honest and as quick as in the spec."""

    FAIL = "fail"
    LIE = "lie"
    HONEST = "honest"
    WIPE = "wipe"
    OK = "ok"


class Disk(Record, frozen=True):
    """The disk is in this state from now on (`FAIL`: at its next write; `WIPE`: at once)."""

    state: DiskState


NodeAction = Do | SlowNode | Skew | Drift | SlowDisk | Disk


class OnNodes(Record, frozen=True):
    """`action` happens to each of `nodes`, in order."""

    action: NodeAction
    nodes: Group


# ---------------------------------------------------------------- what is done to a link


class Cut(Record, frozen=True):
    """Nothing passes."""


class Heal(Record, frozen=True):
    """As new."""


class Slow(Record, frozen=True):
    """Every packet takes `extra` longer; 0 ends it."""

    extra: int


class Delay(Record, frozen=True):
    """The latency is this one; None is the spec's own."""

    latency: Latency | None


class Lose(Record, frozen=True):
    """This share of the packets is lost."""

    share: float


class Duplicate(Record, frozen=True):
    """This share of the packets comes twice."""

    share: float


class Reorder(Record, frozen=True):
    """This share of the packets is held back by up to `window`."""

    share: float
    window: int


class Limit(Record, frozen=True):
    """So many bytes a second pass and `queue` bytes may wait; 0 bytes a second is no limit."""

    bytes_per_second: int
    queue: int = 65_536


LinkAction = Cut | Heal | Slow | Delay | Lose | Duplicate | Reorder | Limit


class OnLinks(Record, frozen=True):
    """`action` happens to the links from each of `sources` to each of `targets`; with `both`, also the way back."""

    action: LinkAction
    sources: Group
    targets: Group
    both: bool


# ---------------------------------------------------------------- what concerns all


class Partition(Record, frozen=True):
    """Named nodes hear each other only within a group; a node in two groups is a bridge."""

    groups: tuple[Group, ...]


class HealAll(Record, frozen=True):
    """Every link is as new."""


class Calm(Record, frozen=True):
    """Everything is well again, and all nodes are up."""


# ---------------------------------------------------------------- what a client asks for


class Transfer(Record, frozen=True):
    """Let `target` lead."""

    target: Who


class Members(Record, frozen=True):
    """Let these be the voters."""

    voters: Group


class Delete(Record, frozen=True):
    """Delete `key`."""

    key: str


class AddNode(Record, frozen=True):
    """Let `node` be a member of the ring; if there is no such node, it is made."""

    node: str
    weight: float = 1.0


class RemoveNode(Record, frozen=True):
    """Let `node` leave the ring; its process runs on."""

    node: Who


class SetWeight(Record, frozen=True):
    """Let `node` have so many tokens, as a multiple of the usual number."""

    node: Who
    weight: float


class PutFile(Record, frozen=True):
    """Write the file at `path` (a path of this machine; empty is what the run was given) under `name`.

    What is resolved has a name and the SHA-256 of the bytes, as 64 hex digits.
    """

    path: str
    name: str = ""
    sha256: str = ""


class GetFile(Record, frozen=True):
    """Read the file of this name back, and compare."""

    name: str


class Reassign(Record, frozen=True):
    """Let these hold the partition of a topic; nobody: cancel what is under way. Bytes a second, 0: no bound."""

    partition: TopicPartition
    replicas: Group
    throttle: int = 0


class ShutDown(Record, frozen=True):
    """Let this broker hand over what it leads, and stop."""

    broker: Who


class LeaveGroup(Record, frozen=True):
    """Let the client that is asked leave this group; resolved, it stops consuming."""

    group: str


BrokerWish = (
    broker.CreateTopic
    | broker.DeleteTopic
    | broker.AlterTopic
    | broker.ProduceRecord
    | broker.Consume
    | broker.ReadPartition
    | broker.StopConsuming
    | broker.CommitOffsets
    | broker.ElectLeader
    | broker.BeginTransaction
    | broker.CommitTransaction
    | broker.AbortTransaction
    | Reassign
    | ShutDown
    | LeaveGroup
)
"""What brokers are asked for. A broker's own commands stand for themselves, as those of a store do."""

RingWish = Delete | AddNode | RemoveNode | SetWeight | PutFile | GetFile

SynodWish = synod.Propose | synod.Learn

Wish = kv.Command | Transfer | Members | RingWish | BrokerWish | SynodWish | keeper.Command


class Reach(Record, frozen=True):
    """How wide one request reaches (Dynamo 4.5): `n` replicas are asked, `r` or `w` must answer. 0 is as usual."""

    n: int = 0
    r: int = 0
    w: int = 0


class Ask(Record, frozen=True):
    """`client` asks `service`; None is the spec's first client, and the first service that knows the wish."""

    wish: Wish
    client: str | None = None
    service: str | None = None
    reach: Reach = Reach()


Command = OnNodes | OnLinks | Partition | HealAll | Calm | Ask


VERBS: dict[type[Record], str] = {
    kv.Put: "put",
    kv.Get: "get",
    kv.CompareAndSet: "cas",
    kv.Append: "append",
    Delete: "delete",
    Transfer: "transfer",
    Members: "members",
    AddNode: "add node",
    RemoveNode: "remove node",
    SetWeight: "weight",
    PutFile: "file put",
    GetFile: "file get",
    broker.CreateTopic: "topic create",
    broker.DeleteTopic: "topic delete",
    broker.AlterTopic: "topic alter",
    broker.ProduceRecord: "produce",
    broker.Consume: "consume",
    broker.ReadPartition: "consume",
    broker.StopConsuming: "consume stop",
    broker.CommitOffsets: "group commit",
    broker.ElectLeader: "elect",
    broker.BeginTransaction: "transaction begin",
    broker.CommitTransaction: "transaction commit",
    broker.AbortTransaction: "transaction abort",
    Reassign: "reassign",
    ShutDown: "shut down",
    LeaveGroup: "group remove",
    synod.Propose: "propose",
    synod.Learn: "learn",
    **KEEPER_VERBS,
}
"""The words with which each wish is said."""


def verb_of(wish: Wish) -> str:
    """The words with which the wish is said."""
    return VERBS[type(wish)]
