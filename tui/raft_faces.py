"""Raft's part of a frame: its servers on the map, and their logs."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.raft.view import RaftView
from nodes.node import Node
from nodes.world import World
from tui.frame import Bar, LogRow, NodeFace, ServiceFace
from tui.glyphs import Role
from tui.remains import Remains, remains_of

ROLES = {
    "leader": Role.LEADER,
    "follower": Role.FOLLOWER,
    "pre_candidate": Role.PRE_CANDIDATE,
    "candidate": Role.CANDIDATE,
}


def raft_face(now: int, node: Node, service: str, view: RaftView) -> NodeFace:
    """A server that is up. What is the same in all services (heat, isolation) is the caller's."""
    return NodeFace(
        name=node.name,
        role=Role.LEARNER if node.name in view.configuration.learners else ROLES[view.role],
        frozen=node.paused,
        term=view.current_term,
        last_index=view.last_index,
        commit_index=view.commit_index,
        snapshot_index=view.snapshot_index,
        votes=sum(1 for peer in view.peers if peer.vote),
        quorum=_quorum(view),
        timer=_bar(now, node, service),
        waiting=len(node.inbox),
    )


def raft_down(name: str, remains: Remains) -> NodeFace:
    """A server that is down, with what its disk still has."""
    return NodeFace(
        name=name, role=Role.DOWN, term=remains.term, last_index=remains.last_index,
        snapshot_index=remains.snapshot_index,
    )  # fmt: skip


def _quorum(view: RaftView) -> int:
    return len(view.configuration.voters) // 2 + 1


def _bar(now: int, node: Node, service: str) -> Bar | None:
    """The election timer, or whichever runs out first."""
    timers = [(timer.due, name, timer) for (owner, name), timer in node.timers.items() if owner == service]
    if not timers:
        return None
    due, name, timer = min(timers, key=lambda each: (each[1] != "election", each[0]))
    return Bar(name, due - now, due - timer.set_at)


# ---------------------------------------------------------------- who leads, and the logs


def leading(views: dict[str, Record | None]) -> RaftView | None:
    """Of all that believe to lead, the one with the newest term."""
    leaders = [view for view in views.values() if isinstance(view, RaftView) and view.role == "leader"]
    return max(leaders, key=lambda view: view.current_term, default=None)


def raft_in_words(name: str, views: dict[str, Record | None]) -> ServiceFace:
    """For the line at the top."""
    leader = leading(views)
    return ServiceFace(name, "raft", f"{leader.name} leads" if leader else "no leader", leader is not None)


def raft_logs(
    world: World, service: str, views: dict[str, Record | None], clients: tuple[str, ...]
) -> tuple[tuple[LogRow, ...], int]:
    """Every server's log, and how many votes its leader needs (0 without one)."""
    leader = leading(views)
    beliefs = {peer.name: peer for peer in leader.peers} if leader else {}
    rows = []
    for name, view in views.items():
        peer = beliefs.get(name) if leader and name != leader.name else None
        words = f"next {peer.next_index} match {peer.match_index}" if peer else ""
        if isinstance(view, RaftView):
            face = raft_face(world.now, world.node(name), service, view)
            rows.append(_row(face, view.window_first, view.window_terms, words))
        elif view is None and name not in clients:
            remains = remains_of(world.node(name), service)
            rows.append(_row(raft_down(name, remains), remains.first, remains.terms, words))
    return tuple(rows), _quorum(leader) if leader else 0


def _row(face: NodeFace, first: int, terms: tuple[int, ...], peer: str) -> LogRow:
    return LogRow(
        face.name, face.role, face.term, face.commit_index, face.last_index, face.snapshot_index, first, terms, peer
    )
