"""Five services on five nodes made by hand: n2 has just been killed, and each service makes something else of it."""

from __future__ import annotations

from dataclasses import replace

from demo_frames import demo_frame

from tui.frame import Frame, ServiceFace
from tui.glyphs import Role
from tui.overview_frame import Asking, ClientLine, News, OverviewFrame, ServerLine, Square

SERVICES = (
    ServiceFace("ring", "ring", "epoch 1"),
    ServiceFace("raft", "raft", "no leader", False),
    ServiceFace("paxos", "paxos", "n4 leads"),
    ServiceFace("broker", "broker", "n1 controls, 2 under-replicated"),
    ServiceFace("keeper", "keeper", "n3 recovers", False),
)

DOWN = Square(Role.DOWN, trouble=True)


def server(name: str, *squares: Square, **more: bool) -> ServerLine:
    flags = {"up": True, "frozen": False, "isolated": False} | more
    return ServerLine(name, squares=squares, **flags)  # type: ignore[arg-type]


def ring(keys: int, *more: str) -> Square:
    return Square(Role.MEMBER, (f"{keys} keys", *more))


def raft(role: Role = Role.FOLLOWER, term: int = 5, age: float = 1.0) -> Square:
    return Square(role, (f"T{term}", "i42"), age=age)


def paxos(role: Role = Role.FOLLOWER, ballot: str = "7.n4", age: float = 1.0) -> Square:
    return Square(role, (ballot, "s43"), age=age)


def broker(role: Role, led: int, hosted: int, synced: int) -> Square:
    return Square(role, (f"leads {led}", f"{synced}/{hosted} in sync"), trouble=synced < hosted)


def keeper(role: Role, zxid: str = "5_2a", age: float = 1.0) -> Square:
    return Square(role, (zxid,), age=age)


OVERVIEW = OverviewFrame(
    servers=(
        server("n1", ring(312), raft(), paxos(), broker(Role.CONTROLLER, 3, 5, 5), keeper(Role.LOOKING, age=0.2)),
        server("n2", DOWN, DOWN, DOWN, DOWN, DOWN, up=False),
        server("n3", ring(298, "3 hints"), raft(Role.CANDIDATE, 6, 0.1), paxos(), broker(Role.BROKER, 2, 4, 3),
               keeper(Role.PROSPECTIVE, age=0.1)),
        server("n4", ring(305), raft(), paxos(Role.LEADER, age=0.3), broker(Role.BROKER, 2, 4, 4),
               keeper(Role.SYNCHRONISING, "5_29", 0.0)),
        server("n5", ring(0), raft(Role.PRE_CANDIDATE), paxos(), broker(Role.FENCED, 0, 3, 2),
               keeper(Role.OBSERVING, "4_1f"), isolated=True),
    ),
    clients=(
        ClientLine("c1", True, (Asking(4_210, 2, 1), Asking(1_021, 1, 3), Asking(96), Asking(12_402),
                                Asking(210, 1, 2, "suspended"))),
        ClientLine("c2", True, (Asking(96), Asking(12), Asking(3, 1), Asking(0), Asking(7))),
        ClientLine("c3", False, (None, None, None, None, None)),
    ),
    news=(
        News(12_010_000, "n3", "suspects n2: no answer to a ping, nor by way of others"),
        News(12_402_000, "n3", "election timeout: becomes candidate in term 6"),
        News(12_210_000, "n4", "is promised 7.n4 by n1 n3 n4: leads"),
        News(11_900_000, "n1", "fences n2: it has not been heard for 300 ms"),
        News(12_390_000, "n3", "is elected in round 4: asks a quorum for its epochs"),
    ),
)  # fmt: skip


def overview(made: OverviewFrame = OVERVIEW, **more: object) -> Frame:
    frame = demo_frame(service="raft", services=SERVICES, overview=made, selected="n3")
    return replace(frame, **more)  # type: ignore[arg-type]
