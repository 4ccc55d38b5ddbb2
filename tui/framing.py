"""From a world to a frame. The law: pure; looking changes nothing, and the same moment gives the same frame.

A quick frame takes only what moves (nodes, links, packets) anew, and the panes from the frame before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from algorithms.machine import Record
from algorithms.raft.client_view import RaftClientView
from algorithms.raft.view import RaftView
from nodes.node import Node
from nodes.world import World
from tui.details import details_of
from tui.events import EventLog
from tui.flights import flights
from tui.frame import Bar, Course, Frame, LinkFace, LogRow, NodeFace, Verdict
from tui.glyphs import Role
from tui.link_words import badge_of
from tui.pace import typical
from tui.remains import Remains, remains_of

ROLES = {
    "leader": Role.LEADER,
    "follower": Role.FOLLOWER,
    "pre_candidate": Role.PRE_CANDIDATE,
    "candidate": Role.CANDIDATE,
}

FLASH_SECONDS = 0.35
"""A flash lasts so long for a person at the asked speed, and at least a third of a message's way."""

HEAT_STEPS = 4

NO_VERDICT = Verdict()


@dataclass(frozen=True, slots=True)
class Aim:
    """What somebody looks at, and what the world does not know of itself. `speed` is virtual seconds a second."""

    service: str
    selected: str
    clients: tuple[str, ...] = ()
    selected_link: tuple[str, str] | None = None
    filter: str = ""
    title: str = ""
    paused: bool = False
    pace: str = ""
    speed: float = 1.0
    real_speed: float = 0.0
    verdict: Verdict = NO_VERDICT
    end: int = 0
    """As far as the run has ever gone, while one looks at its past; else 0."""


def take(world: World, log: EventLog, aim: Aim, before: Frame | None = None, quick: bool = False) -> Frame:
    """The frame of this moment; a `quick` one has the panes of `before`."""
    views = {name: world.view(name, aim.service) for name in world.names}
    nodes = tuple(_face(world, log, aim, name, views[name]) for name in world.names)
    flash = flash_time(world, aim)
    packets, under_way = flights(world, log, aim.service, flash)
    frame = Frame(
        now=world.now, title=aim.title, seed=str(world.seed), service=aim.service, paused=aim.paused, pace=aim.pace,
        real_speed=aim.real_speed, messages=world.messages, flash=flash, nodes=nodes, links=_links(world, aim.clients),
        packets=packets, under_way=under_way, selected=aim.selected, selected_link=aim.selected_link,
        verdict=aim.verdict,
    )  # fmt: skip
    if quick and before is not None:
        return replace(
            frame, logs=before.logs, happenings=before.happenings, details=before.details, course=before.course
        )
    return _with_panes(frame, world, log, aim, views)


def _with_panes(frame: Frame, world: World, log: EventLog, aim: Aim, views: dict[str, Record | None]) -> Frame:
    chosen = next((face for face in frame.nodes if face.name == aim.selected), None)
    return replace(
        frame,
        logs=_logs(frame, world, aim, views),
        happenings=log.happenings(aim.filter),
        details=details_of(world, aim.service, chosen, views.get(chosen.name)) if chosen else None,
        course=Course(log.width, tuple(log.buckets), tuple(log.marks), tuple(log.reigns), max(world.now, aim.end)),
    )


def flash_time(world: World, aim: Aim) -> int:
    """How long something stays on the map that has just happened, in virtual time."""
    return max(int(typical(world.network.usual) / 3), int(aim.speed * FLASH_SECONDS * 1e6) if aim.speed < 1e3 else 0, 1)


# ---------------------------------------------------------------- nodes


def _face(world: World, log: EventLog, aim: Aim, name: str, view: Record | None) -> NodeFace:
    node = world.node(name)
    client = name in aim.clients
    heat = _heat(world.now, log.heard.get(name), flash_time(world, aim))
    match view:
        case RaftView():
            return _server(world, aim, node, view, heat)
        case RaftClientView():
            return NodeFace(
                name=name, role=Role.CLIENT, client=True, frozen=node.paused, heat=heat,
                waiting=len(view.outstanding), done=view.done, unsure=view.failed + view.unknown,
            )  # fmt: skip
        case None:
            return _down(name, client, Remains() if client else remains_of(node, aim.service))
        case _:
            return NodeFace(name=name, role=Role.OTHER, client=client, frozen=node.paused, heat=heat)


def _server(world: World, aim: Aim, node: Node, view: RaftView, heat: float) -> NodeFace:
    voters = view.configuration.voters
    return NodeFace(
        name=node.name,
        role=Role.LEARNER if node.name in view.configuration.learners else ROLES[view.role],
        frozen=node.paused,
        isolated=_isolated(world, node.name, aim.clients),
        term=view.current_term,
        last_index=view.last_index,
        commit_index=view.commit_index,
        snapshot_index=view.snapshot_index,
        votes=sum(1 for peer in view.peers if peer.vote),
        quorum=len(voters) // 2 + 1,
        timer=_bar(world.now, node, aim.service),
        heat=heat,
        waiting=len(node.inbox),
    )


def _down(name: str, client: bool, remains: Remains) -> NodeFace:
    return NodeFace(
        name=name, role=Role.DOWN, client=client, term=remains.term, last_index=remains.last_index,
        snapshot_index=remains.snapshot_index,
    )  # fmt: skip


def _heat(now: int, heard: int | None, period: int) -> float:
    if heard is None or now - heard >= period:
        return 0.0
    return 1 - (now - heard) * HEAT_STEPS // period / HEAT_STEPS


def _bar(now: int, node: Node, service: str) -> Bar | None:
    """The election timer, or whichever runs out first."""
    timers = [(timer.due, name, timer) for (owner, name), timer in node.timers.items() if owner == service]
    if not timers:
        return None
    due, name, timer = min(timers, key=lambda each: (each[1] != "election", each[0]))
    return Bar(name, due - now, due - timer.set_at)


def _isolated(world: World, name: str, clients: tuple[str, ...]) -> bool:
    """Nothing passes between it and any other server, in either direction."""
    blocked = world.network.blocked
    others = [other for other in world.names if other != name and other not in clients]
    return bool(others) and all(blocked(name, other) and blocked(other, name) for other in others)


# ---------------------------------------------------------------- links


def _links(world: World, clients: tuple[str, ...]) -> tuple[LinkFace, ...]:
    names = world.names
    faces = (_link(world, a, b) for place, a in enumerate(names) for b in names[place + 1 :])
    return tuple(face for face in faces if not face.usual or not (face.a in clients or face.b in clients))


def _link(world: World, a: str, b: str) -> LinkFace:
    there, back = world.network.link(a, b), world.network.link(b, a)
    if there.plain and back.plain and there.latency is there.usual and back.latency is back.usual:
        return _usual(a, b)
    return LinkFace(a, b, there.blocked, back.blocked, badge_of(there, back))


@lru_cache(maxsize=1024)
def _usual(a: str, b: str) -> LinkFace:
    return LinkFace(a, b)


# ---------------------------------------------------------------- logs


def _logs(frame: Frame, world: World, aim: Aim, views: dict[str, Record | None]) -> tuple[LogRow, ...]:
    faces = {face.name: face for face in frame.nodes}
    leader = frame.leader
    led = views.get(leader.name) if leader else None
    beliefs = {peer.name: peer for peer in led.peers} if isinstance(led, RaftView) else {}
    rows = []
    for name, view in views.items():
        face = faces[name]
        peer = beliefs.get(name)
        words = f"next {peer.next_index} match {peer.match_index}" if peer and leader and name != leader.name else ""
        if isinstance(view, RaftView):
            rows.append(_row(face, view.window_first, view.window_terms, words))
        elif not face.client and face.role is Role.DOWN:
            remains = remains_of(world.node(name), aim.service)
            rows.append(_row(face, remains.first, remains.terms, words))
    return tuple(rows)


def _row(face: NodeFace, first: int, terms: tuple[int, ...], peer: str) -> LogRow:
    return LogRow(
        face.name, face.role, face.term, face.commit_index, face.last_index, face.snapshot_index, first, terms, peer
    )
