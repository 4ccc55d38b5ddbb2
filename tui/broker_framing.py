"""A broker cluster's part of a frame. The law: pure; it shows the newest metadata that anybody who is up has.

Offsets of a partition are those of the log of its leader, or if that is down the largest that anybody has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from algorithms.broker.topics import INTERNAL, TopicPartition
from algorithms.broker.view import BrokerClientView, BrokerStanding, BrokerView, PartitionStanding, ReplicaView
from algorithms.machine import Record
from nodes.node import Node
from nodes.world import World
from tui.broker_frame import (
    OLD,
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
from tui.broker_log import BrokerLog
from tui.broker_words import place
from tui.frame import NodeFace, ServiceFace
from tui.glyphs import Role
from tui.ring_frame import marks_for

NEWS = 6
"""Flashes that a partition is marked which has just changed hands: about two seconds for a person."""

Views = Mapping[str, Record | None]
Replicas = Mapping[TopicPartition, Mapping[str, ReplicaView]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One broker service of a world: who serves, who asks, and how long something counts as new."""

    now: int
    servers: tuple[str, ...]
    clients: tuple[str, ...]
    log: BrokerLog
    period: int

    def age(self, at: int | None) -> float:
        """Of something that happened then."""
        return OLD if at is None else min(OLD, max(0.0, (self.now - at) / self.period))


def broker_frame(world: World, cluster: Cluster, views: Views, chosen: str) -> BrokerFrame:
    """Everything that the broker pane shows. `chosen` is a partition's name, or empty."""
    up = {name: view for name, view in views.items() if isinstance(view, BrokerView)}
    metadata = newest(up)
    standings = metadata.partitions if metadata is not None else ()
    copies = _copies(up)
    topics = _topics(cluster, standings, copies, tuple(up))
    highest = {each.name: each.high_watermark for topic in topics for each in topic.partitions}
    controller = metadata.controller if metadata is not None and metadata.controller in up else ""
    return BrokerFrame(
        controller=controller,
        controller_epoch=metadata.controller_epoch if metadata is not None else 0,
        known=metadata is not None,
        brokers=_brokers(world, cluster, up, metadata, controller),
        topics=topics,
        groups=_groups(cluster, up, highest),
        transactions=_transactions(up),
        clients=tuple(_client(cluster, name, views.get(name), highest) for name in cluster.clients),
        chosen=chosen if chosen in highest else "",
    )


def newest(views: Mapping[str, BrokerView]) -> BrokerView | None:
    """Of all that are up, the one that knows most; of equals one that knows a controller."""
    return max(views.values(), key=lambda view: (view.metadata_offset, bool(view.controller)), default=None)


def _copies(views: Mapping[str, BrokerView]) -> dict[TopicPartition, dict[str, ReplicaView]]:
    found: dict[TopicPartition, dict[str, ReplicaView]] = {}
    for name, view in views.items():
        for replica in view.replicas:
            found.setdefault(replica.partition, {})[name] = replica
    return found


# ---------------------------------------------------------------- topics


def _topics(
    cluster: Cluster, standings: tuple[PartitionStanding, ...], copies: Replicas, up: tuple[str, ...]
) -> tuple[TopicFace, ...]:
    """In the order of their creation, the internal ones last."""
    found: dict[str, list[PartitionFace]] = {}
    for standing in standings:
        face = partition_face(standing, copies.get(standing.partition, {}), up, cluster)
        found.setdefault(face.topic, []).append(face)
    topics = [TopicFace(name, name in INTERNAL, tuple(faces)) for name, faces in found.items()]
    return tuple(sorted(topics, key=lambda topic: topic.internal))


def partition_face(
    standing: PartitionStanding, copies: Mapping[str, ReplicaView], up: tuple[str, ...], cluster: Cluster
) -> PartitionFace:
    """One partition with the offsets that are known of it."""
    log = copies.get(standing.leader)
    best = log or max(copies.values(), key=lambda each: each.log_end_offset, default=None)
    at, epoch, _ = cluster.log.handed.get(standing.partition, (0, -1, ""))
    handed = at if epoch == standing.leader_epoch > 0 else None
    face = PartitionFace(
        topic=standing.partition.topic,
        number=standing.partition.partition,
        leader=standing.leader,
        leader_epoch=standing.leader_epoch,
        replicas=_replicas(standing, copies, up),
        partition_epoch=standing.partition_epoch,
        age=cluster.age(handed),
    )
    return _with_log(face, best) if best is not None else face


def _with_log(face: PartitionFace, log: ReplicaView) -> PartitionFace:
    return PartitionFace(
        face.topic, face.number, face.leader, face.leader_epoch, face.replicas, face.partition_epoch,
        start=log.log_start_offset, stable=log.last_stable_offset, high_watermark=log.high_watermark,
        end=log.log_end_offset, size=log.size, segments=log.segments, open_transactions=log.open_transactions,
        age=face.age,
    )  # fmt: skip


def _replicas(
    standing: PartitionStanding, copies: Mapping[str, ReplicaView], up: tuple[str, ...]
) -> tuple[ReplicaFace, ...]:
    return tuple(
        ReplicaFace(
            node=node,
            standing=standing_of(standing, node),
            up=node in up,
            end=copies[node].log_end_offset if node in copies else -1,
            adding=node in standing.adding,
            removing=node in standing.removing,
        )
        for node in standing.replicas
    )


def standing_of(partition: PartitionStanding, node: str) -> Standing:
    """What the metadata make of this replica."""
    if node == partition.leader:
        return Standing.LEADER
    if node in partition.in_sync_replicas:
        return Standing.IN_SYNC
    return Standing.ELIGIBLE if node in partition.eligible_leader_replicas else Standing.BEHIND


# ---------------------------------------------------------------- brokers


def _brokers(
    world: World, cluster: Cluster, up: Mapping[str, BrokerView], metadata: BrokerView | None, controller: str
) -> tuple[BrokerRow, ...]:
    marks = marks_for(cluster.servers)
    known = {each.name: each for each in metadata.brokers} if metadata is not None else {}
    partitions = metadata.partitions if metadata is not None else ()
    led = {name: sum(each.leader == name for each in partitions) for name in cluster.servers}
    most = max(led.values(), default=0) or 1
    rows = []
    for hue, name in enumerate(cluster.servers):
        hosted = [each for each in partitions if name in each.replicas]
        view, standing = up.get(name), known.get(name)
        face = BrokerFace(
            mark=marks[name],
            hue=hue,
            controller=name == controller,
            votes=view is None or view.metadata_role != "learner",
            fenced=is_fenced(view, standing),
            leaving=standing is not None and standing.is_shutting_down,
            stopped=view is not None and view.is_shut_down,
            led=led[name],
            hosted=len(hosted),
            behind=sum(name not in each.in_sync_replicas for each in hosted),
            epoch=standing.broker_epoch if standing is not None else -1,
            rack=standing.rack if standing is not None else "",
            load=led[name] / most,
        )
        rows.append(BrokerRow(name, world.node(name).up, face))
    return tuple(rows)


def is_fenced(view: BrokerView | None, standing: BrokerStanding | None) -> bool:
    """As the metadata have it; a broker that is not registered serves nobody either."""
    return standing.is_fenced if standing is not None else view is not None and view.is_fenced


# ---------------------------------------------------------------- groups and transactions


def _groups(cluster: Cluster, up: Mapping[str, BrokerView], highest: Mapping[str, int]) -> tuple[GroupFace, ...]:
    """Each group as the coordinator with the newest generation has it."""
    found: dict[str, GroupFace] = {}
    for name, view in up.items():
        for group in view.groups:
            before = found.get(group.group)
            if before is not None and before.generation >= group.generation:
                continue
            committed = {place(each.partition): each.offset for each in group.offsets}
            owned = {place(each) for member in group.members for each in member.partitions}
            members = tuple(
                MemberFace(
                    member.client,
                    member.member_id == group.leader,
                    tuple(_reading(cluster, member.client, each, committed, highest) for each in member.partitions),
                    member.instance_id,
                )
                for member in group.members
            )
            orphans = tuple(
                Reading(each, -1, at, highest.get(each, -1)) for each, at in committed.items() if each not in owned
            )
            found[group.group] = GroupFace(
                group.group, group.state, group.generation, group.protocol, name, members, orphans
            )
    return tuple(sorted(found.values(), key=lambda each: each.group))


def _reading(
    cluster: Cluster, client: str, partition: TopicPartition, committed: Mapping[str, int], highest: Mapping[str, int]
) -> Reading:
    """Of a member, as its coordinator knows it."""
    name = place(partition)
    age = cluster.age(cluster.log.gained.get((client, partition)))
    return Reading(name, -1, committed.get(name, -1), highest.get(name, -1), age)


def _transactions(up: Mapping[str, BrokerView]) -> tuple[TransactionFace, ...]:
    """Each as the coordinator with the newest epoch has it, the open ones first."""
    found: dict[str, TransactionFace] = {}
    for name, view in up.items():
        for each in view.transactions:
            before = found.get(each.transactional_id)
            if before is None or before.producer_epoch < each.producer_epoch:
                found[each.transactional_id] = TransactionFace(
                    each.transactional_id, each.producer_id, each.producer_epoch, each.state, name,
                    tuple(map(place, each.partitions)),
                )  # fmt: skip
    return tuple(sorted(found.values(), key=lambda each: (not each.open, each.name)))


# ---------------------------------------------------------------- clients


def _client(cluster: Cluster, name: str, view: Record | None, highest: Mapping[str, int]) -> ClientFace:
    if not isinstance(view, BrokerClientView):
        return ClientFace(name, up=False)
    readings = tuple(
        Reading(
            place(each.partition),
            each.position,
            each.committed,
            max(each.high_watermark, highest.get(place(each.partition), -1)),
            cluster.age(cluster.log.gained.get((name, each.partition))),
        )
        for each in view.consumed
    )
    return ClientFace(
        node=name, up=True, produced=view.produced_records, consumed=view.consumed_records, in_flight=view.in_flight,
        buffered=view.buffered, producer_id=view.producer_id, producer_epoch=view.producer_epoch,
        transaction=view.transaction, group=view.group, state=view.consumer_state, unsure=view.failed + view.unknown,
        readings=readings,
    )  # fmt: skip


# ---------------------------------------------------------------- on the map and at the top


def broker_face(node: Node, row: BrokerRow) -> NodeFace:
    """A server's card. What is the same in all services (heat, isolation) is the caller's."""
    return NodeFace(
        name=node.name, role=role_of(node.up, row.broker), frozen=node.paused, waiting=len(node.inbox),
        broker=row.broker,
    )  # fmt: skip


def role_of(up: bool, broker: BrokerFace) -> Role:
    """The controller wears the crown; a fenced broker stands outside."""
    if not up:
        return Role.DOWN
    if broker.stopped:
        return Role.STOPPED
    if broker.controller:
        return Role.CONTROLLER
    if broker.fenced:
        return Role.FENCED
    return Role.STOPPING if broker.leaving else Role.BROKER


def broker_client_face(node: Node, view: BrokerClientView) -> NodeFace:
    """A client's card."""
    return NodeFace(
        name=node.name, role=Role.CLIENT, frozen=node.paused, waiting=view.in_flight, done=view.done,
        unsure=view.failed + view.unknown,
    )  # fmt: skip


def broker_in_words(name: str, broker: BrokerFrame) -> ServiceFace:
    """For the line at the top: trouble, else who controls."""
    if broker.offline:
        return ServiceFace(name, "broker", f"{broker.offline} offline", False)
    if not broker.controller:
        return ServiceFace(name, "broker", "no controller", False)
    if broker.moving:
        return ServiceFace(name, "broker", f"moves {broker.moving}")
    lacking = f", {broker.lacking} under-replicated" if broker.lacking else ""
    return ServiceFace(name, "broker", f"{broker.controller} controls{lacking}")
