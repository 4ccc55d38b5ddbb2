"""What each kind of service adds to a frame: its pane, its words at the top, its servers' cards.

The law: pure. A kind that the cluster has not costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from algorithms.broker.view import BrokerClientView
from algorithms.keeper.view import KeeperClientView
from algorithms.machine import Record
from algorithms.paxos.synod.client_view import SynodClientView
from algorithms.raft.view import RaftView
from algorithms.replicated.client_view import LogClientView
from algorithms.ring.client_view import RingClientView
from algorithms.ring.settings import RingSettings
from nodes.node import Node
from nodes.world import World
from playground.spec import ServiceSpec
from tui.aim import Aim
from tui.broker_frame import BrokerFrame
from tui.broker_framing import NEWS, Cluster, broker_client_face, broker_face, broker_frame, broker_in_words
from tui.events import EventLog
from tui.frame import Frame, NodeFace, ServiceFace
from tui.glyphs import Role
from tui.keeper_frame import KeeperFrame
from tui.keeper_framing import (
    Keeper,
    keeper_client_face,
    keeper_face,
    keeper_frame,
    keeper_in_words,
    keeper_views,
)
from tui.paxos_frame import PaxosFrame
from tui.paxos_framing import paxos_face, paxos_frame, paxos_in_words
from tui.raft_faces import raft_down, raft_face, raft_in_words, raft_logs
from tui.remains import remains_of
from tui.ring_frame import RingFrame
from tui.ring_framing import Store, ring_face, ring_frame, ring_in_words
from tui.synod_frame import SynodFrame
from tui.synod_framing import synod_face, synod_frame, synod_in_words

Views = dict[str, Record | None]

KEPT = ("ring", "broker", "paxos", "synod", "keeper")
"""Kinds whose cards are made from the pane's rows: their views are dear, and little in them moves fast."""


@dataclass(frozen=True, slots=True)
class Taking:
    """One moment of a world, somebody's eyes on it, and the views of each service."""

    world: World
    log: EventLog
    aim: Aim
    views: Mapping[str, Views]

    @property
    def servers(self) -> tuple[str, ...]:
        """All nodes but the clients."""
        return tuple(name for name in self.world.names if name not in self.aim.clients)


def all_views(world: World, aim: Aim) -> dict[str, Views]:
    """What every machine of every service shows of itself."""
    return {
        each.name: keeper_views(world, each.name, world.names)
        if each.kind == "keeper"
        else views_of(world, each.name, world.names)
        for each in aim.services
    }


def views_of(world: World, service: str, names: tuple[str, ...]) -> Views:
    """What the machines on these nodes show of themselves."""
    return {name: world.view(name, service) for name in names}


Made = RingFrame | BrokerFrame | PaxosFrame | SynodFrame | KeeperFrame
"""What the pane of one service shows."""


def service_frames(taking: Taking, flash: int, before: Frame | None = None) -> dict[str, Made]:
    """Of every service but those of Raft, which need none."""
    made = {each.name: _made(taking, each, flash, before) for each in taking.aim.services}
    return {name: frame for name, frame in made.items() if frame is not None}


def _made(taking: Taking, spec: ServiceSpec, flash: int, before: Frame | None) -> Made | None:
    aim, views = taking.aim, taking.views[spec.name]
    match spec.kind:
        case "ring":
            return _ring(taking, spec, flash)
        case "broker":
            return _broker(taking, spec.name, flash)
        case "paxos":
            return paxos_frame(taking.servers, aim.clients, views)
        case "synod":
            log = taking.log.synod(spec.name)
            return synod_frame(taking.servers, aim.clients, views, log.ballots, log.begun)
        case "keeper":
            return _keeper(taking, spec.name, before)
        case _:
            return None


def with_services(frame: Frame, taking: Taking, made: Mapping[str, Made]) -> Frame:
    """The frame with the pane of each kind that there is: of several of a kind, of the one that is looked at."""
    aim = taking.aim
    parts: dict[str, Any] = {}
    for kind in KEPT:
        if (spec := aim.of_kind(kind)) is not None:
            parts[kind] = made[spec.name]
    if (raft := aim.of_kind("raft")) is not None:
        parts["logs"], parts["quorum"] = raft_logs(taking.world, raft.name, taking.views[raft.name], aim.clients)
    return replace(frame, **parts)


def _ring(taking: Taking, spec: ServiceSpec, flash: int) -> RingFrame:
    assert isinstance(spec.settings, RingSettings), f"{spec.name} is a ring store with the settings of another kind."
    store = Store(spec.name, spec.settings, taking.servers, taking.aim.nodes)
    aim, log = taking.aim, taking.log.ring(spec.name)
    return ring_frame(taking.world, store, taking.views[spec.name], log, aim.selected, aim.key, flash)


def _broker(taking: Taking, service: str, flash: int) -> BrokerFrame:
    now, aim = taking.world.now, taking.aim
    cluster = Cluster(now, taking.servers, aim.clients, taking.log.broker(service), flash * NEWS)
    return broker_frame(taking.world, cluster, taking.views[service], aim.partition)


def _keeper(taking: Taking, service: str, before: Frame | None) -> KeeperFrame:
    aim, world = taking.aim, taking.world
    whose = Keeper(service, taking.servers, aim.clients, aim.selected, aim.path, looked_at=aim.service == service)
    old = before.keeper if before is not None else None
    return keeper_frame(world, whose, taking.views[service], old, lambda name: world.view(name, service))


# ---------------------------------------------------------------- in words


def in_words(spec: ServiceSpec, views: Views, made: Made | None) -> ServiceFace:
    """For the line at the top."""
    match made:
        case RingFrame():
            return ring_in_words(spec.name, made)
        case BrokerFrame():
            return broker_in_words(spec.name, made)
        case PaxosFrame():
            return paxos_in_words(spec.name, made)
        case SynodFrame():
            return synod_in_words(spec.name, made)
        case KeeperFrame():
            return keeper_in_words(spec.name, made)
        case _:
            return raft_in_words(spec.name, views) if spec.kind == "raft" else ServiceFace(spec.name, spec.kind)


# ---------------------------------------------------------------- cards


def server_faces(world: World, aim: Aim, frame: Frame) -> dict[str, NodeFace]:
    """Each server's card in the service that is looked at, if its kind has rows for them."""
    kind = next((each.kind for each in aim.services if each.name == aim.service), "")
    now, service, node = world.now, aim.service, world.node
    if kind == "ring" and frame.ring is not None:
        return {row.node: ring_face(row.node, row.ring, node(row.node)) for row in frame.ring.loads}
    if kind == "broker" and frame.broker is not None:
        return {row.node: broker_face(node(row.node), row) for row in frame.broker.brokers}
    if kind == "paxos" and frame.paxos is not None:
        return {row.node: paxos_face(now, node(row.node), service, row) for row in frame.paxos.rows}
    if kind == "synod" and frame.synod is not None:
        return {row.node: synod_face(now, node(row.node), service, row) for row in frame.synod.rows}
    if kind == "keeper" and frame.keeper is not None:
        count = len(frame.keeper.proposals)
        return {row.node: keeper_face(now, node(row.node), service, row, count) for row in frame.keeper.rows}
    return {}


def face_of_view(world: World, aim: Aim, node: Node, view: Record | None) -> NodeFace:
    """The card of a client, or of a server of Raft."""
    name = node.name
    match view:
        case RaftView():
            return raft_face(world.now, node, aim.service, view)
        case LogClientView() | RingClientView():
            return NodeFace(
                name=name, role=Role.CLIENT, frozen=node.paused,
                waiting=len(view.outstanding), done=view.done, unsure=view.failed + view.unknown,
            )  # fmt: skip
        case SynodClientView():
            return NodeFace(
                name=name, role=Role.CLIENT, frozen=node.paused,
                waiting=len(view.waiting), done=view.done, unsure=view.failed + view.unknown,
            )  # fmt: skip
        case BrokerClientView():
            return broker_client_face(node, view)
        case KeeperClientView():
            return keeper_client_face(node, view)
        case None if not node.up:
            return NodeFace(name, Role.DOWN) if name in aim.clients else raft_down(name, remains_of(node, aim.service))
        case _:
            return NodeFace(name=name, role=Role.OTHER, frozen=node.paused)
