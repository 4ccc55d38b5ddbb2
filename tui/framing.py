"""From a world to a frame. The law: pure; looking changes nothing, and the same moment gives the same frame.

A quick frame takes only what moves (nodes, links, packets) anew, and the panes from the frame before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from algorithms.broker.view import BrokerClientView
from algorithms.machine import Record
from algorithms.raft.view import RaftView
from algorithms.replicated.client_view import LogClientView
from algorithms.ring.client_view import RingClientView
from algorithms.ring.settings import RingSettings
from nodes.world import World
from playground.spec import DEFAULT_SPEC, ServiceSpec
from tui.broker_frame import BrokerFrame, BrokerRow
from tui.broker_framing import NEWS, Cluster, broker_client_face, broker_face, broker_frame, broker_in_words
from tui.details import details_of
from tui.events import EventLog
from tui.flights import flights
from tui.frame import Course, Frame, LinkFace, NodeFace, ServiceFace, Verdict
from tui.glyphs import Role
from tui.link_words import badge_of
from tui.pace import typical
from tui.raft_faces import raft_down, raft_face, raft_in_words, raft_logs
from tui.remains import remains_of
from tui.ring_frame import RingFace, RingFrame
from tui.ring_framing import Store, ring_face, ring_frame, ring_in_words

FLASH_SECONDS = 0.35
"""A flash lasts so long for a person at the asked speed, and at least a third of a message's way."""

HEAT_STEPS = 4

NO_VERDICT = Verdict()

Views = dict[str, Record | None]


@dataclass(frozen=True, slots=True)
class Aim:
    """What somebody looks at, and what the world does not know of itself. `speed` is virtual seconds a second.

    `service` is the one whose roles are shown, `key` the chosen key of a ring store (empty: the newest), `partition`
    the chosen one of a broker cluster (empty: none).
    """

    service: str
    selected: str
    clients: tuple[str, ...] = ()
    services: tuple[ServiceSpec, ...] = DEFAULT_SPEC.services
    nodes: tuple[str, ...] = DEFAULT_SPEC.nodes
    """The servers that the cluster began with."""
    key: str = ""
    partition: str = ""
    tabs: bool = False
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

    def of_kind(self, kind: str) -> ServiceSpec | None:
        """The service of this kind that a pane for it shows: the one that is looked at, else the first."""
        found = [each for each in self.services if each.kind == kind]
        return next((each for each in found if each.name == self.service), found[0] if found else None)


def take(world: World, log: EventLog, aim: Aim, before: Frame | None = None, quick: bool = False) -> Frame:
    """The frame of this moment; a `quick` one has the panes of `before`."""
    flash = flash_time(world, aim)
    packets, under_way = flights(world, log, aim.service, flash)
    frame = Frame(
        now=world.now, title=aim.title, seed=str(world.seed), service=aim.service, paused=aim.paused, pace=aim.pace,
        real_speed=aim.real_speed, messages=world.messages, flash=flash, links=_links(world, aim.clients),
        packets=packets, under_way=under_way, selected=aim.selected, selected_link=aim.selected_link,
        verdict=aim.verdict, tabs=aim.tabs,
    )  # fmt: skip
    if quick and before is not None:
        kept = {name: getattr(before, name) for name in PANES}
        frame = replace(frame, **kept)
        views = _views(world, aim.service, aim.clients if _is(aim, "ring", "broker") else world.names)
        return replace(frame, nodes=_faces(world, log, aim, views, frame))
    return _with_panes(frame, world, log, aim)


PANES = ("services", "logs", "quorum", "ring", "broker", "happenings", "details", "course")
"""What a quick frame has from the one before."""


def _is(aim: Aim, *kinds: str) -> bool:
    """Whether the service is of one of these kinds. Views of some are dear, and nothing in them moves fast."""
    return any(each.name == aim.service and each.kind in kinds for each in aim.services)


def _views(world: World, service: str, names: tuple[str, ...]) -> Views:
    return {name: world.view(name, service) for name in names}


def _with_panes(frame: Frame, world: World, log: EventLog, aim: Aim) -> Frame:
    views = {each.name: _views(world, each.name, world.names) for each in aim.services}
    raft, store = aim.of_kind("raft"), aim.of_kind("ring")
    logs, quorum = raft_logs(world, raft.name, views[raft.name], aim.clients) if raft else ((), 0)
    ring = _ring(world, log, aim, store, views[store.name], frame.flash) if store else None
    cluster = aim.of_kind("broker")
    broker = _broker(world, log, aim, cluster.name, views[cluster.name], frame.flash) if cluster else None
    frame = replace(frame, ring=ring, broker=broker)
    nodes = _faces(world, log, aim, views.get(aim.service, {}), frame)
    chosen = next((face for face in nodes if face.name == aim.selected), None)
    seen = views.get(aim.service, {})
    return replace(
        frame,
        nodes=nodes,
        services=tuple(_in_words(each, views[each.name], frame, each in (store, cluster)) for each in aim.services),
        logs=logs,
        quorum=quorum,
        happenings=log.happenings(aim.filter),
        details=details_of(world, aim.service, chosen, seen.get(chosen.name)) if chosen else None,
        course=Course(log.width, tuple(log.buckets), tuple(log.marks), tuple(log.reigns), max(world.now, aim.end)),
    )


def _ring(world: World, log: EventLog, aim: Aim, spec: ServiceSpec, views: Views, flash: int) -> RingFrame:
    assert isinstance(spec.settings, RingSettings), f"{spec.name} is a ring store with the settings of another kind."
    servers = tuple(name for name in world.names if name not in aim.clients)
    store = Store(spec.name, spec.settings, servers, aim.nodes)
    return ring_frame(world, store, views, log.ring(spec.name), aim.selected, aim.key, flash)


def _broker(world: World, log: EventLog, aim: Aim, service: str, views: Views, flash: int) -> BrokerFrame:
    servers = tuple(name for name in world.names if name not in aim.clients)
    cluster = Cluster(world.now, servers, aim.clients, log.broker(service), flash * NEWS)
    return broker_frame(world, cluster, views, aim.partition)


def _in_words(spec: ServiceSpec, views: Views, frame: Frame, shown: bool) -> ServiceFace:
    """`shown`: the frame's pane for this kind is about this service."""
    if spec.kind == "raft":
        return raft_in_words(spec.name, views)
    if spec.kind == "ring" and shown and frame.ring is not None:
        return ring_in_words(spec.name, frame.ring)
    if spec.kind == "broker" and shown and frame.broker is not None:
        return broker_in_words(spec.name, frame.broker)
    return ServiceFace(spec.name, spec.kind)


def flash_time(world: World, aim: Aim) -> int:
    """How long something stays on the map that has just happened, in virtual time."""
    return max(int(typical(world.network.usual) / 3), int(aim.speed * FLASH_SECONDS * 1e6) if aim.speed < 1e3 else 0, 1)


# ---------------------------------------------------------------- nodes


def _faces(world: World, log: EventLog, aim: Aim, views: Views, frame: Frame) -> tuple[NodeFace, ...]:
    rings = {row.node: row.ring for row in frame.ring.loads} if frame.ring and _is(aim, "ring") else {}
    brokers = {row.node: row for row in frame.broker.brokers} if frame.broker and _is(aim, "broker") else {}
    period = flash_time(world, aim)
    return tuple(
        replace(
            _face(world, aim, name, views.get(name), rings.get(name), brokers.get(name)),
            client=name in aim.clients,
            heat=_heat(world.now, log.heard.get(name), period) if world.node(name).up else 0.0,
            isolated=name not in aim.clients and world.node(name).up and _isolated(world, name, aim.clients),
        )
        for name in world.names
    )


def _face(
    world: World, aim: Aim, name: str, view: Record | None, ring: RingFace | None, broker: BrokerRow | None
) -> NodeFace:
    node = world.node(name)
    if broker is not None:
        return broker_face(node, broker)
    if ring is not None:
        return ring_face(name, ring, node)
    match view:
        case RaftView():
            return raft_face(world.now, node, aim.service, view)
        case LogClientView() | RingClientView():
            return NodeFace(
                name=name, role=Role.CLIENT, frozen=node.paused,
                waiting=len(view.outstanding), done=view.done, unsure=view.failed + view.unknown,
            )  # fmt: skip
        case BrokerClientView():
            return broker_client_face(node, view)
        case None if not node.up:
            return NodeFace(name, Role.DOWN) if name in aim.clients else raft_down(name, remains_of(node, aim.service))
        case _:
            return NodeFace(name=name, role=Role.OTHER, frozen=node.paused)


def _heat(now: int, heard: int | None, period: int) -> float:
    if heard is None or now - heard >= period:
        return 0.0
    return 1 - (now - heard) * HEAT_STEPS // period / HEAT_STEPS


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
