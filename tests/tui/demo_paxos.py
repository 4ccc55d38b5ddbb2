"""A Multi-Paxos log and a synod made by hand: holes, an older ballot, a server that is down, a duel."""

from __future__ import annotations

from dataclasses import replace

from demo_frames import demo_frame

from algorithms import kv
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.client_view import SynodClientView
from algorithms.paxos.view import PaxosView, Quorums, SlotView, SynodView
from algorithms.replicated.client_view import LogClientView
from tui.card_face import CardFace
from tui.frame import Bar, Details, Frame, NodeFace, PacketFace, ServiceFace
from tui.glyphs import Kind, Role
from tui.paxos_frame import PaxosFrame
from tui.paxos_framing import paxos_frame
from tui.synod_frame import SynodFrame
from tui.synod_framing import synod_frame

NAMES = ("n1", "n2", "n3", "n4", "n5")
OLD, NEW, HIGHER = Ballot(5, "n1"), Ballot(7, "n3"), Ballot(8, "n2")
VALUES = ("put x 1", "put y 2", "no-op", "append cart apple", "put z 3", "cas x 1 2", "put y 4")
FIRST, LAST = 37, 46


def slot(number: int, ballot: Ballot, chosen: bool, *accepts: str, value: str = "") -> SlotView:
    text = value or VALUES[number % len(VALUES)]
    return SlotView(number, ballot, text if ballot != NO_BALLOT or chosen else "", accepts, chosen)


def log(name: str, **more: object) -> tuple[SlotView, ...]:
    """Up to 43 all is well; then a slot that lacks one vote, a hole, and one of an older ballot."""
    slots = [slot(number, OLD if number < 39 else NEW, True) for number in range(FIRST, 44)]
    if name in ("n1", "n3"):
        slots.append(slot(44, NEW, False, "n1", "n3", value="put y 2"))
    if name == "n2":
        slots += [slot(44, NO_BALLOT, False), slot(45, NO_BALLOT, False), slot(46, OLD, False, value="put q 9")]
    if name == "n4":
        slots = slots[5:]
    return tuple(slots)


def server(name: str, role: str = "follower", **more: object) -> PaxosView:
    slots = log(name)
    base = {
        "promised": NEW, "ballot": NEW if name == "n3" else OLD if name == "n1" else NO_BALLOT, "leader": "n3",
        "promises": ("n1", "n3", "n4") if name == "n3" else (), "commit_index": 43, "last_applied": 43,
        "first_slot": slots[0].slot, "last_slot": slots[-1].slot, "snapshot_slot": 41 if name == "n4" else 0,
        "slots": slots, "acceptors": NAMES, "quorums": Quorums(3, 3), "store": kv.Pairs(()),
    }  # fmt: skip
    return PaxosView(name, role, **(base | more))  # type: ignore[arg-type]


def log_client(name: str, done: int, unknown: int = 0) -> LogClientView:
    return LogClientView(name, f"{name}.1", "n3", (), done, 0, unknown)


VIEWS = {
    "n1": server("n1"),
    "n2": server("n2", commit_index=42),
    "n3": server("n3", "leader"),
    "n4": server("n4"),
    "n5": None,
    "c1": log_client("c1", 4_210, 2),
    "c2": log_client("c2", 96),
}
PAXOS = paxos_frame(NAMES, ("c1", "c2"), VIEWS)
CALM = paxos_frame(
    NAMES, ("c1", "c2"),
    {n: server(n, "leader" if n == "n3" else "follower", slots=log("n1")[:-1], last_slot=43) for n in NAMES},
)  # fmt: skip
DUEL = paxos_frame(
    NAMES,
    ("c1",),
    VIEWS
    | {
        "n3": server("n3", "preparing", promises=("n3",), ballot=NEW),
        "n2": server("n2", "preparing", promises=("n2", "n4"), ballot=HIGHER, promised=HIGHER),
    },
)

CARDS = {
    "n1": CardFace("7.n3"),
    "n2": CardFace("8.n2", "1b 2/3", "promises 2/3"),
    "n3": CardFace("7.n3", "s44", "1 not chosen"),
    "n4": CardFace("7.n3"),
    "n5": CardFace("", "down", "no process"),
}
ROLES = {"n2": Role.PREPARING, "n3": Role.LEADER, "n5": Role.DOWN}
NODES = (
    *(
        NodeFace(name, ROLES.get(name, Role.FOLLOWER), term=7, last_index=44, commit_index=43, card=card,
                 timer=Bar("election", 180_000, 300_000) if name in ("n1", "n4") else None)
        for name, card in CARDS.items()
    ),
    NodeFace("c1", Role.CLIENT, client=True, waiting=2, done=4_210),
)  # fmt: skip
PACKETS = (
    PacketFace(Kind.ACCEPT, "n3", "n1", 0.5),
    PacketFace(Kind.ACCEPT, "n3", "n4", 0.6),
    PacketFace(Kind.ACCEPTED, "n4", "n3", 0.4),
    PacketFace(Kind.PREPARE, "n2", "n1", 0.4),
    PacketFace(Kind.PROMISE, "n4", "n2", 0.5),
    PacketFace(Kind.BEAT, "n3", "n5", 0.5, lost=0.3),
    PacketFace(Kind.CLIENT, "c1", "n3", 0.4),
)


def log_frame(paxos: PaxosFrame = PAXOS, **more: object) -> Frame:
    frame = demo_frame(
        service="paxos", services=(ServiceFace("paxos", "paxos", "n3 leads"),), nodes=NODES, packets=PACKETS,
        selected="n1", paxos=paxos, details=Details(NODES[0]),
    )  # fmt: skip
    return replace(frame, **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the synod


def acceptor(name: str, **more: object) -> SynodView:
    return SynodView(name, acceptors=NAMES, quorums=Quorums(3, 3), **more)  # type: ignore[arg-type]


DUEL_VIEWS = {
    "n1": acceptor("n1", promised=NEW, accepted=NEW, accepted_value="blue"),
    "n2": acceptor("n2", promised=HIGHER, phase="prepare", ballot=HIGHER, promises=("n2", "n5"), wanted="red"),
    "n3": acceptor("n3", promised=NEW, accepted=NEW, accepted_value="blue", phase="accept", ballot=NEW,
                   promises=("n1", "n3", "n4"), accepts=("n1", "n3"), proposing="blue", wanted="blue"),
    "n4": acceptor("n4", promised=NEW),
    "n5": acceptor("n5", promised=HIGHER, accepted=OLD, accepted_value="green"),
    "c1": SynodClientView("c1", "c1.1", (), None, 0, 0, 1),
}  # fmt: skip
LADDER = tuple(Ballot(number, "n3" if number % 2 else "n2") for number in range(1, 9))
SYNOD = synod_frame(NAMES, ("c1",), DUEL_VIEWS, LADDER, 8)
CHOSEN = synod_frame(
    NAMES,
    ("c1",),
    {
        name: acceptor(name, promised=NEW, accepted=NEW, accepted_value="blue", chosen="blue" if name != "n4" else None)
        for name in NAMES[:4]
    },
    LADDER[:1],
    1,
)
BROKEN = synod_frame(
    NAMES,
    (),
    {
        "n1": acceptor("n1", chosen="blue"),
        "n2": acceptor("n2", chosen="red"),
    },
)


def synod(made: SynodFrame = SYNOD, **more: object) -> Frame:
    frame = demo_frame(
        service="synod", services=(ServiceFace("synod", "synod", "2 duel", False),), nodes=NODES, packets=PACKETS,
        selected="n1", synod=made, details=Details(NODES[0]),
    )  # fmt: skip
    return replace(frame, **more)  # type: ignore[arg-type]
