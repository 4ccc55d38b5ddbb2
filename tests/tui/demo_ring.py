"""A ring's frame made by hand: six nodes, of which one joins and one is down, and a key with siblings."""

from __future__ import annotations

from dataclasses import replace

from demo_frames import demo_frame

from algorithms.placement.ring import Member, ring_of
from tui.frame import Details, Frame, NodeFace, PacketFace, ServiceFace
from tui.glyphs import Kind, Role
from tui.ring_frame import (
    Circle,
    Copy,
    KeyFace,
    Landing,
    LoadRow,
    Move,
    Replica,
    RingFace,
    RingFrame,
    Standing,
)

TOP = 1 << 64
NAMES = ("n1", "n2", "n3", "n4", "n5")


def circle(names: tuple[str, ...], virtual_nodes: int = 64) -> Circle:
    ring = ring_of(tuple(Member(name) for name in names), virtual_nodes)
    owners = tuple(ring.owner_of_range(number) for number in range(len(ring.bounds)))
    return Circle(tuple(bound / TOP for bound in ring.bounds), owners)


MOVE = Move("n6", 190, 41, 312, 12_300)

FACES = {
    "n1": RingFace("1", 0, epoch=2, keys=312, bytes=31_200, load=0.83, share=0.182, requests=14),
    "n2": RingFace("2", 1, epoch=2, keys=241, bytes=24_100, load=0.64, share=0.191, requests=9, waiting=2),
    "n3": RingFace("3", 2, epoch=2, keys=250, bytes=25_000, load=0.66, share=0.205, requests=11, hints=3),
    "n4": RingFace("4", 3, epoch=2, keys=374, bytes=37_400, load=1.0, share=0.221, requests=22),
    "n5": RingFace("5", 4, epoch=1, keys=233, bytes=23_300, load=0.62, share=0.201),
    "n6": RingFace("6", 5, Standing.JOINING, epoch=2, keys=48, bytes=12_300, load=0.13, move=MOVE),
}

ROWS = tuple(LoadRow(name, name != "n5", face) for name, face in FACES.items())

KEY = KeyFace(
    "k3",
    0.412,
    ('"a"', '"b"'),
    (
        Replica("n1", Copy.WHOLE, ('"a"', '"b"'), 0.44),
        Replica("n4", Copy.WHOLE, ('"a"', '"b"'), 0.47),
        Replica("n5", Copy.DOWN, ('"a"',), 0.52),
        Replica("n3", Copy.HINT, ('"b"',), target="n5"),
    ),
    ("n1", "n6", "n4"),
)

RING = RingFrame(
    epoch=2,
    quorum=(3, 2, 2),
    circle=circle(NAMES),
    coming=circle((*NAMES, "n6")),
    loads=ROWS,
    moves=(MOVE,),
    landings=(Landing("k3", 0.412, 0.1, 2), Landing("k7", 0.71, 0.7, 3), Landing("k1", 0.08, 0.3, 1)),
    keys=("k3", "k7", "k1", "cart:7", "k9", "k2"),
    hottest=(("k3", 412), ("k7", 97), ("k1", 12)),
    key=KEY,
)
CALM = replace(RING, coming=None, moves=(), loads=ROWS[:5], epoch=1, key=replace(KEY, coming=()))


def _node(name: str, role: Role) -> NodeFace:
    return NodeFace(name, role, ring=FACES[name], heat=0.5 if name == "n1" else 0.0)


NODES = (
    *(_node(name, Role.MEMBER) for name in NAMES[:4]),
    _node("n5", Role.DOWN),
    _node("n6", Role.JOINING),
    NodeFace("c1", Role.CLIENT, client=True, waiting=1, done=40),
)

PACKETS = (
    PacketFace(Kind.STORE, "n1", "n4", 0.5),
    PacketFace(Kind.STORED, "n4", "n1", 0.5),
    PacketFace(Kind.FETCH, "n2", "n1", 0.6),
    PacketFace(Kind.FETCHED, "n1", "n2", 0.3),
    PacketFace(Kind.HINT, "n2", "n3", 0.4),
    PacketFace(Kind.KEYS, "n4", "n6", 0.4),
    PacketFace(Kind.PING, "n3", "n4", 0.4),
    PacketFace(Kind.APPEND, "n3", "n2", 0.7),
    PacketFace(Kind.CLIENT, "c1", "n1", 0.6),
)

SERVICES = (ServiceFace("raft", "raft", "n1 leads"), ServiceFace("ring", "ring", "n6 joins 41/190"))


def ring_frame(**more: object) -> Frame:
    frame = demo_frame(
        service="ring", services=SERVICES, nodes=NODES, packets=PACKETS, selected="n1", ring=RING,
        details=Details(NODES[0]),
    )  # fmt: skip
    return replace(frame, **more)  # type: ignore[arg-type]
