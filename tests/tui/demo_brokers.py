"""A broker cluster's frame made by hand: something of everything that can go wrong or change hands."""

from __future__ import annotations

from dataclasses import replace

from demo_frames import demo_frame

from tui.broker_frame import (
    BrokerFace,
    BrokerFrame,
    BrokerRow,
    ClientFace,
    GroupFace,
    MemberFace,
    PartitionFace,
    Reading,
    ReplicaFace,
    Standing,
    TopicFace,
    TransactionFace,
)
from tui.frame import Details, Frame, NodeFace, PacketFace, ServiceFace
from tui.glyphs import Kind, Role

LEADER, IN_SYNC, BEHIND, ELIGIBLE = Standing.LEADER, Standing.IN_SYNC, Standing.BEHIND, Standing.ELIGIBLE
NAMES = ("n1", "n2", "n3", "n4", "n5")

FACES = {
    "n1": BrokerFace("1", 0, led=2, hosted=5, epoch=3, load=1.0),
    "n2": BrokerFace("2", 1, controller=True, led=2, hosted=4, behind=1, epoch=4, load=1.0),
    "n3": BrokerFace("3", 2, led=1, hosted=4, epoch=5, load=0.5),
    "n4": BrokerFace("4", 3, votes=False, fenced=True, led=0, hosted=2, behind=2, epoch=6),
    "n5": BrokerFace("5", 4, votes=False, led=0, hosted=3, behind=1, epoch=7),
}
ROWS = tuple(BrokerRow(name, name != "n5", face) for name, face in FACES.items())


def copies(*nodes: tuple[str, Standing, int], **more: object) -> tuple[ReplicaFace, ...]:
    faces = (ReplicaFace(node, standing, node != "n5", end if node != "n5" else -1) for node, standing, end in nodes)
    return tuple(replace(face, **more) if face.node == more.get("node") else face for face in faces)  # type: ignore[arg-type]


ORDERS = (
    PartitionFace("orders", 0, "n1", 4, copies(("n1", LEADER, 1243), ("n2", IN_SYNC, 1240), ("n3", IN_SYNC, 1243)),
                  7, 200, 1238, 1240, 1243, 98_300, 2, 1),
    PartitionFace("orders", 1, "n2", 3, copies(("n1", IN_SYNC, 988), ("n2", LEADER, 988), ("n5", BEHIND, 0)),
                  5, 0, 988, 988, 988, 76_000, 1, age=0.2),
    PartitionFace("orders", 2, "", 5, copies(("n4", BEHIND, 1101), ("n5", ELIGIBLE, 0)), 6, 0, 1101, 1101, 1101),
    PartitionFace("orders", 3, "n3", 2, copies(("n3", LEADER, 512), ("n1", IN_SYNC, 512), ("n4", BEHIND, 208),
                  node="n4", adding=True), 9, 0, 512, 512, 512, 41_000, 1),
)  # fmt: skip
PAYMENTS = (
    PartitionFace("payments", 0, "n1", 0, copies(("n1", LEADER, 77), ("n2", IN_SYNC, 77), ("n3", IN_SYNC, 77)),
                  0, 0, 77, 77, 77, 6_100, 1),
)  # fmt: skip
OFFSETS = tuple(
    PartitionFace("__consumer_offsets", number, "n2", 1,
                  copies(("n1", IN_SYNC, 40), ("n2", LEADER, 40), ("n3", IN_SYNC, 40)), 1, 0, 40, 40, 40, 3_000, 1)
    for number in range(3)
)  # fmt: skip

BROKERS = BrokerFrame(
    controller="n2",
    controller_epoch=3,
    known=True,
    brokers=ROWS,
    topics=(
        TopicFace("orders", False, ORDERS),
        TopicFace("payments", False, PAYMENTS),
        TopicFace("__consumer_offsets", True, OFFSETS),
    ),
    groups=(
        GroupFace("billing", "Stable", 4, "cooperative_sticky", "n2", (
            MemberFace("c2", True, (Reading("orders/0", -1, 1228, 1240), Reading("orders/1", -1, 980, 988, 0.3))),
            MemberFace("c3", False, (Reading("orders/3", -1, 401, 512),), "reader-3"),
        )),
        GroupFace("audit", "PreparingRebalance", 9, "range", "n3", (MemberFace("c4", True, ()),),
                  (Reading("payments/0", -1, 40, 77),)),
    ),
    transactions=(
        TransactionFace("app", 4, 1, "Ongoing", "n3", ("orders/0", "payments/0")),
        TransactionFace("old", 2, 0, "CompleteCommit", "n3", ()),
    ),
    clients=(
        ClientFace("c1", True, 4_210, 0, 2, 3, 4, 1, "ongoing"),
        ClientFace("c2", True, 0, 1_930, group="billing", state="stable", producer_id=-1,
                   readings=(Reading("orders/0", 1230, 1228, 1240), Reading("orders/1", 988, 980, 988))),
        ClientFace("c3", True, 12, 1_204, group="billing", state="stable", unsure=2,
                   readings=(Reading("orders/3", 410, 401, 512),)),
        ClientFace("c4", False),
    ),
)  # fmt: skip
WELL = tuple(
    replace(each, leader="n3", age=1.0, replicas=copies(("n3", LEADER, each.end), ("n1", IN_SYNC, each.end)))
    for each in ORDERS
)
CALM = replace(
    BROKERS,
    topics=(TopicFace("orders", False, WELL), *BROKERS.topics[1:]),
    groups=BROKERS.groups[:1],
    transactions=BROKERS.transactions[1:],
)


def _node(name: str, role: Role) -> NodeFace:
    return NodeFace(name, role, broker=FACES[name], heat=0.5 if name == "n1" else 0.0)


NODES = (
    _node("n1", Role.BROKER),
    _node("n2", Role.CONTROLLER),
    _node("n3", Role.BROKER),
    _node("n4", Role.FENCED),
    _node("n5", Role.DOWN),
    NodeFace("c1", Role.CLIENT, client=True, waiting=2, done=4_210),
    NodeFace("c2", Role.CLIENT, client=True, done=96),
)

PACKETS = (
    PacketFace(Kind.PULL, "n2", "n1", 0.5),
    PacketFace(Kind.PULL, "n3", "n1", 0.7),
    PacketFace(Kind.BEAT, "n3", "n2", 0.3),
    PacketFace(Kind.RECORDS, "n1", "n3", 0.4),
    PacketFace(Kind.PRODUCE, "c1", "n1", 0.6),
    PacketFace(Kind.PRODUCED, "n1", "c1", 0.4),
    PacketFace(Kind.FETCH, "c2", "n3", 0.5),
    PacketFace(Kind.GROUP, "c2", "n2", 0.4),
    PacketFace(Kind.TRANSACTION, "n3", "n1", 0.3),
    PacketFace(Kind.METADATA, "n2", "n4", 0.6),
)

SERVICES = (ServiceFace("broker", "broker", "1 offline", False),)


def broker_frame(**more: object) -> Frame:
    frame = demo_frame(
        service="broker", services=SERVICES, nodes=NODES, packets=PACKETS, selected="n1", broker=BROKERS,
        details=Details(NODES[0]),
    )  # fmt: skip
    return replace(frame, **more)  # type: ignore[arg-type]
