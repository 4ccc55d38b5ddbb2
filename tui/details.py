"""The selected node, for the inspector. The law: facts in the order of their weight, since small panes cut the end."""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.broker.view import BrokerClientView, BrokerView
from algorithms.keeper.view import KeeperClientView, KeeperView
from algorithms.machine import Record
from algorithms.paxos.synod.client_view import SynodClientView
from algorithms.paxos.view import PaxosView, SynodView
from algorithms.raft.view import RaftView
from algorithms.replicated.client_request import words
from algorithms.replicated.client_view import LogClientView, Outstanding
from algorithms.ring.client_view import RingClientView
from algorithms.ring.view import RingView
from nodes.node import Node
from nodes.world import World
from tui.broker_details import broker_client_facts, broker_client_positions, broker_facts, broker_replicas
from tui.fault_words import signed
from tui.frame import Details, NodeFace, Parcel, PeerFace
from tui.keeper_details import keeper_client_facts, keeper_client_rows, keeper_facts, keeper_rows
from tui.kinds import kind_of, words_of
from tui.link_words import trouble
from tui.pace import duration
from tui.paxos_details import (
    paxos_facts,
    paxos_rows,
    paxos_store,
    synod_client_facts,
    synod_facts,
)
from tui.ring_details import ring_client_facts, ring_facts, ring_neighbours

MOST_PARCELS = 8
MOST_PAIRS = 40


def details_of(world: World, service: str, face: NodeFace, view: Record | None) -> Details:
    """Everything an inspector may show of a node with this face and view."""
    node = world.node(face.name)
    inbox, outbox = _parcels(world, service, face.name)
    return Details(
        node=face,
        facts=(*_facts(view), *_life(world, node)),
        inbox=inbox,
        outbox=outbox,
        peers=_peers(view),
        neighbours=ring_neighbours(view) if isinstance(view, RingView) else (),
        troubles=tuple(_troubles(world, node)),
        store=_store(view),
        rows=_rows(view),
    )


def _facts(view: Record | None) -> tuple[tuple[str, str], ...]:
    match view:
        case RaftView():
            return (
                ("term", str(view.current_term)),
                ("commit", f"{view.commit_index}/{view.last_index}"),
                ("voted for", view.voted_for or "nobody"),
                ("leader", view.leader or "unknown"),
                ("applied", str(view.last_applied)),
                ("snapshot", str(view.snapshot_index) if view.snapshot_index else "none"),
                ("voters", " ".join(view.configuration.voters)),
                *((("old voters", " ".join(view.configuration.old_voters)),) if view.configuration.old_voters else ()),
            )
        case LogClientView():
            requests = tuple(_request(each) for each in view.outstanding[:MOST_PARCELS])
            counts = (("done", str(view.done)), ("failed", str(view.failed)), ("unknown", str(view.unknown)))
            return (*counts, ("leader", view.believed_leader or "unknown"), *requests)
        case RingView():
            return ring_facts(view)
        case RingClientView():
            return ring_client_facts(view)
        case BrokerView():
            return broker_facts(view)
        case BrokerClientView():
            return broker_client_facts(view)
        case PaxosView():
            return paxos_facts(view)
        case SynodView():
            return synod_facts(view)
        case SynodClientView():
            return synod_client_facts(view)
        case KeeperView():
            return keeper_facts(view)
        case KeeperClientView():
            return keeper_client_facts(view)
        case _:
            return ()


def _rows(view: Record | None) -> tuple[tuple[str, str], ...]:
    match view:
        case BrokerView():
            return broker_replicas(view)
        case BrokerClientView():
            return broker_client_positions(view)
        case PaxosView():
            return paxos_rows(view)
        case KeeperView():
            return keeper_rows(view)
        case KeeperClientView():
            return keeper_client_rows(view)
        case _:
            return ()


def _life(world: World, node: Node) -> tuple[tuple[str, str], ...]:
    if not node.up:
        return (("why", node.down_reason), ("life", str(node.life)))
    unsynced = node.disk.written - node.disk.synced
    return (
        ("up", f"{duration(world.now - node.booted_at)}"),
        ("life", str(node.life)),
        ("disk", f"{unsynced} unsynced" if unsynced else "synced"),
    )


def _troubles(world: World, node: Node) -> Iterator[str]:
    """What is not as it should be."""
    if node.inbox:
        yield f"{len(node.inbox)} waiting in the inbox"
    if node.clock.ppm or node.clock.offset(world.now):
        yield f"clock {signed(node.clock.offset(world.now))}"
    if node.service_time != node.usual_service_time:
        yield f"slow: {duration(node.service_time)} a turn"
    disk = node.disk
    if disk.latency != disk.usual_latency:
        yield f"disk slow: {duration(disk.latency)}"
    if disk.lying or disk.fails_next:
        yield "disk lies" if disk.lying else "next write fails"
    links = world.network.link
    yield from filter(None, (trouble(links(node.name, o), links(o, node.name)) for o in world.names if o != node.name))


def _parcels(world: World, service: str, name: str) -> tuple[tuple[Parcel, ...], tuple[Parcel, ...]]:
    inbox: list[Parcel] = []
    outbox: list[Parcel] = []
    for due, packet in world.in_flight():
        if packet.service != service or packet.source == packet.target or name not in (packet.source, packet.target):
            continue
        other, box = (packet.source, inbox) if packet.target == name else (packet.target, outbox)
        if len(box) < MOST_PARCELS:
            box.append(Parcel(kind_of(packet.message), other, words_of(packet.message), due - world.now))
    return tuple(inbox), tuple(outbox)


def _request(asked: Outstanding) -> tuple[str, str]:
    again = f", try {asked.tries}" if asked.tries > 1 else ""
    return "asks", f"{words(asked.command)} to {asked.server}{again}"


def _peers(view: Record | None) -> tuple[PeerFace, ...]:
    if not isinstance(view, RaftView) or view.role == "follower":
        return ()
    return tuple(
        PeerFace(each.name, each.match_index, each.next_index, each.in_flight, each.vote, each.snapshot_offset)
        for each in view.peers
        if each.name != view.name
    )


def _store(view: Record | None) -> tuple[tuple[str, str], ...]:
    if isinstance(view, PaxosView):
        return paxos_store(view)[:MOST_PAIRS]
    if not isinstance(view, RaftView):
        return ()
    return tuple((pair.key, str(pair.value)) for pair in view.store.pairs[:MOST_PAIRS])
