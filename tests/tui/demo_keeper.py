"""A keeper made by hand: a lock with waiters, an expired session, a proposal under way, a server that catches up."""

from __future__ import annotations

from dataclasses import replace

from demo_frames import demo_frame

from algorithms.keeper.commands import OPEN_ACL
from algorithms.keeper.view import (
    KeeperClientView,
    KeeperView,
    ProposalView,
    RecipeView,
    SessionView,
    Stat,
    WatchView,
    ZnodeView,
)
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record
from playground.spec import DEFAULT_SPEC, build_world
from tui.card_face import CardFace
from tui.frame import Bar, Details, Frame, NodeFace, PacketFace, ServiceFace
from tui.glyphs import Kind, Role
from tui.keeper_frame import KeeperFrame
from tui.keeper_framing import Keeper, keeper_frame

NAMES = ("n1", "n2", "n3", "n4", "n5")
CLIENTS = ("c1", "c2", "c3")
LATE, DONE, NEXT = Zxid(4, 0x1F), Zxid(5, 0x2A), Zxid(5, 0x2B)


def znode(path: str, data: str = "", kind: str = "persistent", owner: int = 0, version: int = 0) -> ZnodeView:
    stat = Stat(Zxid(5, 3), DONE, DONE, 0, 0, version, 0, 0, owner, len(data), 0)
    return ZnodeView(path, data, kind, stat, OPEN_ACL)


LOCK = "/locks/task/lock-00000000"
TREE = (
    znode("/"),
    znode("/config", "mode=fast", version=12),
    znode("/election", kind="container"),
    znode("/election/n_0000000001", "c1", "ephemeral", 3),
    znode("/locks"),
    znode("/locks/task", kind="container"),
    znode(f"{LOCK}07", "", "ephemeral", 3),
    znode(f"{LOCK}08", "", "ephemeral", 5),
    znode(f"{LOCK}09", "", "ephemeral", 8),
    znode("/tmp", "for a moment", "ttl"),
)
SESSIONS = (
    SessionView(3, "c1", 1_200_000, "n1", 820_000, 2),
    SessionView(5, "c2", 1_200_000, "n3", 1_150_000, 1),
    SessionView(8, "c3", 1_200_000, "", 150_000, 1),
)
PROPOSALS = (ProposalView(NEXT, "set /config v13", ("n2", "n3")),)
WATCHES = {
    "n1": (WatchView("/config", 3, "c1", "data"),),
    "n3": (WatchView("/config", 5, "c2", "data"), WatchView(f"{LOCK}07", 5, "c2", "exists")),
}


def server(name: str, role: str = "following", phase: str = "broadcast", **more: object) -> KeeperView:
    leads = role == "leading"
    base = {
        "last_logged": NEXT if name in ("n2", "n3") else DONE, "last_committed": DONE, "voters": NAMES,
        "in_sync": ("n1", "n2", "n3") if leads else (), "proposals": PROPOSALS if leads else (),
        "connections": tuple(each for each in SESSIONS if each.server == name), "sessions": SESSIONS, "znodes": TREE,
        "watches": WATCHES.get(name, ()),
    }  # fmt: skip
    base |= {"accepted_epoch": 5, "current_epoch": 5, "leader": "n2", "vote": "n2"}
    return KeeperView(name, role, phase, **(base | more))  # type: ignore[arg-type]


def client(
    name: str, session: int, state: str = "connected", server: str = "", *recipes: RecipeView
) -> KeeperClientView:
    return KeeperClientView(name, state, session, server, 1_200_000, DONE, 0, 1 if name == "c1" else 0, ("/config",),
                            recipes, 4, 210, 0, 2 if name == "c3" else 0)  # fmt: skip


def lock(state: str, znode: str, waits_for: str = "", token: int = 0) -> RecipeView:
    return RecipeView("lock", "/locks/task", state, f"{LOCK}{znode}", f"{LOCK}{waits_for}" if waits_for else "", token)


VIEWS: dict[str, Record | None] = {
    "n1": server("n1"),
    "n2": server("n2", "leading"),
    "n3": server("n3"),
    "n4": server("n4", phase="synchronisation", current_epoch=4, last_committed=LATE, last_logged=LATE),
    "n5": None,
    "c1": client("c1", 3, "connected", "n1", lock("held", "07", token=Zxid(5, 0x21).number)),
    "c2": client("c2", 5, "connected", "n3", lock("waiting", "08", "07")),
    "c3": client("c3", 8, "suspended", "", lock("waiting", "09", "08")),
}  # fmt: skip


def framed(views: dict[str, Record | None], selected: str = "n1", path: str = "") -> KeeperFrame:
    world = build_world(DEFAULT_SPEC, 1)
    return keeper_frame(world, Keeper("keeper", NAMES, CLIENTS, selected, path), views)


KEEPER = framed(VIEWS)
CHOSEN = framed(VIEWS, path="/config")
CALM = framed(
    VIEWS
    | {name: server(name, "leading" if name == "n2" else "following", proposals=(), last_logged=DONE) for name in NAMES}
    | {"c3": None}
)
LOST = framed(
    {
        "n1": server("n1", "looking", "election", sessions=SESSIONS[:2]),
        "n2": server("n2", "looking", "election", sessions=SESSIONS[:2]),
        "c1": client("c1", 3, "suspended"),
        "c3": client("c3", 8, "expired"),
    }
)
ELECTION = framed({name: server(name, "looking", "election", last_committed=ZERO, znodes=()) for name in NAMES[:4]})

CARDS = {
    "n1": (Role.FOLLOWING, CardFace("5_2a")),
    "n2": (Role.LEADING, CardFace("5_2b", "p1", "1 proposed")),
    "n3": (Role.FOLLOWING, CardFace("5_2b")),
    "n4": (Role.SYNCHRONISING, CardFace("4_1f", "sync", "synchronisation")),
    "n5": (Role.DOWN, CardFace("", "down", "no process")),
}
NODES = (
    *(
        NodeFace(name, role, term=5, last_index=43, commit_index=42, card=card,
                 timer=Bar("zab silence", 280_000, 400_000) if not card.words else None)
        for name, (role, card) in CARDS.items()
    ),
    NodeFace("c1", Role.CLIENT, client=True, waiting=1, done=210),
    NodeFace("c2", Role.CLIENT, client=True, done=96),
)  # fmt: skip
PACKETS = (
    PacketFace(Kind.TRANSACTION_PROPOSAL, "n2", "n1", 0.5),
    PacketFace(Kind.ACK, "n3", "n2", 0.4),
    PacketFace(Kind.SYNC, "n2", "n4", 0.6),
    PacketFace(Kind.BEAT, "n2", "n3", 0.4),
    PacketFace(Kind.WATCH_EVENT, "n1", "c1", 0.5),
    PacketFace(Kind.SEGMENT, "n1", "n2", 0.3),
    PacketFace(Kind.CLIENT, "c2", "n3", 0.4),
)


def keeper(made: KeeperFrame = KEEPER, **more: object) -> Frame:
    frame = demo_frame(
        service="keeper", services=(ServiceFace("keeper", "keeper", "n2 leads"),), nodes=NODES, packets=PACKETS,
        selected="n1", keeper=made, details=Details(NODES[0]),
    )  # fmt: skip
    return replace(frame, **more)  # type: ignore[arg-type]
