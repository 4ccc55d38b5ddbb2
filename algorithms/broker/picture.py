"""Drawing the view. The law: looking changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.groups import coordinator as groups
from algorithms.broker.image import RegisteredBroker
from algorithms.broker.metadata import PartitionRecord
from algorithms.broker.replica import Replica
from algorithms.broker.transactions import coordinator as transactions
from algorithms.broker.view import BrokerStanding, BrokerView, PartitionStanding, ReplicaView

if TYPE_CHECKING:
    from algorithms.broker.state import State


def view_of(state: State) -> BrokerView:
    """The broker at this moment."""
    voters = state.raft.configuration.voters
    return BrokerView(
        name=state.name,
        metadata_role=state.raft.role if state.name in voters else "learner",
        controller=state.controller,
        controller_epoch=state.raft.current_term,
        metadata_offset=state.image.offset,
        broker_epoch=state.broker_epoch,
        is_fenced=state.is_fenced,
        is_shut_down=state.is_shut_down,
        brokers=tuple(_broker(each) for each in state.image.brokers.values()),
        partitions=tuple(_partition(each) for each in state.image.partitions.values()),
        replicas=tuple(_replica(each) for each in state.replicas.values()),
        groups=groups.views(state),
        transactions=transactions.views(state),
    )


def _broker(broker: RegisteredBroker) -> BrokerStanding:
    return BrokerStanding(broker.name, broker.broker_epoch, broker.is_fenced, broker.is_shutting_down, broker.rack)


def _partition(record: PartitionRecord) -> PartitionStanding:
    return PartitionStanding(
        record.partition,
        record.replicas,
        record.in_sync_replicas,
        record.eligible_leader_replicas,
        record.leader,
        record.leader_epoch,
        record.partition_epoch,
        record.adding,
        record.removing,
    )


def _replica(replica: Replica) -> ReplicaView:
    log, leading = replica.log, replica.leading
    return ReplicaView(
        replica.partition,
        "leader" if leading is not None else "follower",
        replica.leader_epoch,
        log.start_offset,
        replica.last_stable_offset,
        replica.high_watermark,
        log.end_offset,
        log.size,
        len(log.segments),
        leading.maximal_isr() if leading is not None else (),
        replica.producers.count,
        replica.producers.open_count,
    )
