"""How tests talk to a coordinator: a key with its homes and the others, requests of clients, and words of replicas."""

from __future__ import annotations

from ring_server_talk import NODES, USUAL, booted, fired, sent, told
from ring_values import clock

from algorithms.machine import Effect, Record
from algorithms.ring.clocks import Dot
from algorithms.ring.commands import Quorum
from algorithms.ring.machine import RingMachine
from algorithms.ring.messages import (
    Fetch,
    Fetched,
    Ping,
    ReadRequest,
    RingResponse,
    Status,
    Store,
    Stored,
    WriteRequest,
)
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, first_ring, placement
from algorithms.ring.versions import Version, Versions, delta

KEY = "x"
RING = first_ring(NODES, USUAL)
WALK = placement(RING.members, USUAL).preference_list(KEY, 5)
FIRST, SECOND, THIRD, COORDINATOR, OTHER = WALK
"""The homes of the key, then a node that is none and coordinates, then one more."""
HOMES = WALK[:3]
AS_SET = Quorum()
STRICT = RingSettings(sloppy_quorum=False)
DOT = Dot("c1.1", 2)
CONTEXT = clock(("c1.1", 1))
NEW = delta(CONTEXT, Version(DOT, "new", 7))
"""What a write of `write` says."""


def coordinator(settings: RingSettings = USUAL, name: str = COORDINATOR) -> RingMachine:
    return booted(name, settings=settings)


def write(machine: RingMachine, quorum: Quorum = AS_SET, now: int = 0) -> list[Effect]:
    """A client's write of the key."""
    return told(machine, "c1", WriteRequest("c1.1", 9, KEY, Version(DOT, "new", 7), CONTEXT, quorum), now)


def read(machine: RingMachine, quorum: Quorum = AS_SET, now: int = 0) -> list[Effect]:
    """A client's read of the key."""
    return told(machine, "c1", ReadRequest("c1.1", 9, KEY, quorum), now)


def number(effects: list[Effect]) -> int:
    """The operation that the coordinator has begun."""
    asked: list[tuple[str, Store | Fetch]] = [*sent(effects, Store), *sent(effects, Fetch)]
    return asked[0][1].operation


def has_it(machine: RingMachine, source: str, operation: int) -> list[Effect]:
    """A replica says that it has the write on disk."""
    return told(machine, source, Stored(operation, KEY))


def holds(machine: RingMachine, source: str, operation: int, versions: Versions) -> list[Effect]:
    """A replica says what it holds."""
    return told(machine, source, Fetched(operation, KEY, versions))


def silence(machine: RingMachine, operation: int, now: int = 100_000) -> list[Effect]:
    """The operation's timer runs out."""
    return fired(machine, f"op {operation}", now)


def dead(machine: RingMachine, *nodes: str) -> None:
    """The machine hears that these are dead."""
    told(machine, "n0", Ping(1, machine.state.ring.epoch, "", tuple(Status(node, "dead", 9) for node in nodes)))


def alive(machine: RingMachine, *nodes: str) -> None:
    """The machine hears from these themselves."""
    for node in nodes:
        told(machine, node, Ping(1, machine.state.ring.epoch, machine.state.ring.proposer, ()))


def to(effects: list[Effect], kind: type[Record]) -> list[str]:
    """Whom such a message goes to."""
    return [target for target, _ in sent(effects, kind)]


def response(effects: list[Effect]) -> RingResponse:
    """The one answer to the client."""
    ((target, message),) = sent(effects, RingResponse)
    assert target == "c1"
    assert (message.client_id, message.sequence) == ("c1.1", 9)
    return message


def leaving(node: str, epoch: int = 2) -> Ring:
    """The ring while this node leaves."""
    return Ring(epoch, RING.members, tuple(each for each in RING.members if each.name != node), "n1")


def without(node: str, epoch: int = 3) -> Ring:
    """The ring once it has left."""
    return Ring(epoch, leaving(node).coming, (), "n1")
