"""A frame made by hand, with something of everything on it."""

from __future__ import annotations

from dataclasses import replace

from tui.frame import (
    Bar,
    Course,
    Details,
    Frame,
    Happening,
    Happenings,
    LinkFace,
    LogRow,
    NodeFace,
    PacketFace,
    Parcel,
    PeerFace,
    Reign,
    ServiceFace,
    Verdict,
)
from tui.glyphs import Kind, Role, Sort

TERMS = (1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 5, 5)


def follower(name: str, left: int, **more: object) -> NodeFace:
    face = NodeFace(name, Role.FOLLOWER, term=5, last_index=15, commit_index=15, quorum=4)
    return replace(face, timer=Bar("election", left, 300_000), **more)  # type: ignore[arg-type]


NODES = (
    NodeFace("n1", Role.LEADER, term=5, last_index=15, commit_index=14, quorum=4, timer=Bar("beat", 9_000, 50_000)),
    follower("n2", 250_000, heat=1.0),
    follower("n3", 172_000, commit_index=14),
    follower("n4", 60_000),
    NodeFace("n5", Role.DOWN, term=3, last_index=13),
    NodeFace("n6", Role.CANDIDATE, term=6, last_index=13, commit_index=13, votes=1, quorum=4, isolated=True,
             timer=Bar("election", 100_000, 300_000)),
    follower("n7", 200_000, frozen=True, waiting=3),
    NodeFace("c1", Role.CLIENT, client=True, waiting=2, done=12, unsure=1),
)  # fmt: skip

PACKETS = (
    PacketFace(Kind.APPEND, "n1", "n2", 0.4),
    PacketFace(Kind.ACK, "n2", "n1", 0.5),
    PacketFace(Kind.APPEND, "n1", "n3", 0.7),
    PacketFace(Kind.BEAT, "n1", "n4", 0.5),
    PacketFace(Kind.ACK, "n4", "n1", 0.3),
    PacketFace(Kind.APPEND, "n1", "n5", 0.96, lost=0.2),
    PacketFace(Kind.VOTE_REQUEST, "n6", "n3", 0.5, lost=0.8),
    PacketFace(Kind.VOTE_REQUEST, "n6", "n4", 0.3),
    PacketFace(Kind.VOTE, "n2", "n6", 0.6),
    PacketFace(Kind.CLIENT, "c1", "n1", 0.6),
)

CUT_OFF = ("n1", "n2", "n3", "n4", "n5", "n7")


def links() -> tuple[LinkFace, ...]:
    names = [node.name for node in NODES if not node.client]
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :]]
    troubled = {
        ("n3", "n6"): LinkFace("n3", "n6", True, True),
        ("n2", "n5"): LinkFace("n2", "n5", badge="+20 ms"),
        ("n2", "n4"): LinkFace("n2", "n4", there_blocked=True),
    }
    return tuple(troubled.get(pair, LinkFace(*pair)) for pair in pairs)


LINES = (
    Happening(1, 0, Sort.NOTE, "", "a cluster of 7 started, seed 42"),
    Happening(2, 1_630_000, Sort.CLIENT, "c1", "request 5: put cart:5 9"),
    Happening(3, 2_114_000, Sort.COMMIT, "n4", "commits up to 10", "Raft 5.3"),
    Happening(4, 3_030_000, Sort.TROUBLE, "", "n2 ⇄ n5 slower by 20 ms"),
    Happening(5, 9_511_000, Sort.DOWN, "n5", "killed"),
    Happening(6, 10_020_000, Sort.TROUBLE, "", "n3 ⇄ n6 cut"),
    Happening(7, 11_432_000, Sort.ELECTION, "n6", "election timeout: becomes candidate in term 5", "Raft 5.2"),
    Happening(8, 11_870_000, Sort.LEADER, "n1", "wins term 5 with 4 of 7 votes", "Raft 5.2"),
    Happening(9, 12_391_000, Sort.CLIENT, "n1", "appends put cart:7 3 as entry 15", "Raft 5.3"),
    Happening(10, 12_430_000, Sort.LOST, "n1", "append(15) to n5 is lost: the node is down"),
)

LOGS = tuple(
    LogRow(node.name, node.role, node.term, node.commit_index, node.last_index, 0, 1, TERMS[: node.last_index],
           "" if node.role is Role.LEADER else "next 16 match 15")
    for node in NODES
    if not node.client
)  # fmt: skip

DETAILS = Details(
    node=NODES[2],
    facts=(("term", "5"), ("commit", "14/15"), ("voted for", "n1"), ("leader", "n1"), ("applied", "14"),
           ("snapshot", "none"), ("up", "12.4 s"), ("life", "1"), ("disk", "1 unsynced")),
    inbox=(Parcel(Kind.APPEND, "n1", "append(15)", 38_000), Parcel(Kind.BEAT, "n1", "beat(15)", 60_000)),
    outbox=(Parcel(Kind.ACK, "n1", "ack(14)", 12_000),),
    troubles=("clock +3 ms", "n6 cut"),
    store=(("cart:5", "9"), ("cart:6", "1"), ("cart:7", "3")),
)  # fmt: skip

COURSE = Course(
    width=250_000,
    buckets=(0, 2, 5, 9, 12, 14, 9, 6, 3, 0, 2, 6, 12, 14, 11, 8, 5, 2, 0, 0, 0, 5, 9, 12, 8, 6, 4, 2, 3, 6, 9, 12, 14,
             11, 9, 5, 2, 1, 3, 8, 9, 12, 14, 11, 7, 4, 6, 8, 9, 11),
    marks=tuple((line.at, line.sort) for line in LINES if line.loud),
    reigns=(Reign(400_000, "n5", 3), Reign(9_511_000, "", 3), Reign(11_870_000, "n1", 5)),
    end=12_430_000,
)  # fmt: skip


RAFT = (ServiceFace("raft", "raft", "n1 leads"),)


def demo_frame(**more: object) -> Frame:
    frame = Frame(
        now=12_430_000, title="default", seed="42", service="raft", services=RAFT, quorum=4, pace="0.003x",
        real_speed=0.003, messages=12_431, nodes=NODES, links=links(), packets=PACKETS, under_way=11, selected="n3",
        logs=LOGS, happenings=Happenings(LINES, 214), details=DETAILS, course=COURSE, verdict=Verdict(6),
    )  # fmt: skip
    return replace(frame, **more)  # type: ignore[arg-type]


def leader_details() -> Details:
    peers = tuple(
        PeerFace(name, 15 if name != "n5" else 13, 16, 1 if name == "n3" else 0, None, None) for name in CUT_OFF[1:]
    )
    return Details(NODES[0], DETAILS.facts, peers=peers, store=DETAILS.store)
