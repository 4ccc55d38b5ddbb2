"""Doing what the metadata say: leading some partitions, following in others, dropping the rest (KIP-631).

The law: nothing is done before the metadata know of this life of ours, and a leader epoch is begun once. What is
led or followed is decided by the controller alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.appending import advance_high_watermark, fail_delayed
from algorithms.broker.checkpoints import checkpoint, forget, new_log
from algorithms.broker.fetching import release_all
from algorithms.broker.following import follow, unfollow
from algorithms.broker.groups import coordinator as groups
from algorithms.broker.metadata import PartitionRecord
from algorithms.broker.replica import Leading, Replica
from algorithms.broker.topics import OFFSETS_TOPIC, TRANSACTIONS_TOPIC, TopicPartition
from algorithms.broker.transactions import coordinator as transactions
from algorithms.broker.truncating import truncate

if TYPE_CHECKING:
    from algorithms.broker.state import State


def follow_metadata(state: State) -> None:
    """Look at every partition that has changed in the image."""
    if not state.image.changed or not state.is_registered:
        return
    for partition in state.image.take_changed():
        record = state.image.partitions.get(partition)
        if record is None or state.name not in record.replicas:
            _drop(state, partition)
        else:
            _assign(state, record)


def _assign(state: State, record: PartitionRecord) -> None:
    partition = record.partition
    replica = state.replicas.get(partition)
    if replica is None:
        replica = state.replicas[partition] = Replica(partition, new_log(state, partition))
        checkpoint(state, replica)
    if record.leader_epoch < replica.leader_epoch:
        return  # An older image than the one that our log was written under: the newer one will come.
    if record.leader == state.name:
        if replica.leading is None or record.leader_epoch > replica.leader_epoch:
            _become_leader(state, replica, record)
        else:
            replica.leading.adopt(record, state.name, state.now)
            advance_high_watermark(state, replica)
    elif record.leader_epoch > replica.leader_epoch or record.leader != replica.leader or replica.leading is not None:
        _become_follower(state, replica, record)


def _become_leader(state: State, replica: Replica, record: PartitionRecord) -> None:
    partition, log = replica.partition, replica.log
    _resign(state, replica)
    unfollow(state, partition)
    replica.leader, replica.leader_epoch = state.name, record.leader_epoch
    replica.leading = Leading(log.end_offset)
    replica.leading.adopt(record, state.name, state.now)
    log.epochs.assign(record.leader_epoch, log.end_offset)
    checkpoint(state, replica)
    state.note(f"leads {partition} in epoch {record.leader_epoch}, from offset {log.end_offset} on", "KIP-101")
    release_all(state, replica)
    advance_high_watermark(state, replica)
    if partition.topic == OFFSETS_TOPIC:
        groups.elected(state, partition, record.leader_epoch)
    elif partition.topic == TRANSACTIONS_TOPIC:
        transactions.elected(state, partition, record.leader_epoch)


def _become_follower(state: State, replica: Replica, record: PartitionRecord) -> None:
    partition = replica.partition
    was_leader = replica.leading is not None
    _resign(state, replica)
    unfollow(state, partition)
    replica.leader, replica.leader_epoch = record.leader, record.leader_epoch
    release_all(state, replica)
    if was_leader:
        whom = record.leader or "nobody"
        state.note(f"no longer leads {partition}: {whom} does, in epoch {record.leader_epoch}", "KIP-101")
    if state.settings.truncation == "high_watermark" and record.leader:
        truncate(state, replica, replica.high_watermark, "it trusts only its high watermark", "before KIP-101")
    if record.leader:
        follow(state, replica, record.leader)


def _resign(state: State, replica: Replica) -> None:
    """What ends with a leadership."""
    leading, replica.leading = replica.leading, None
    if leading is not None:
        fail_delayed(state, leading)
        if replica.partition.topic == OFFSETS_TOPIC:
            groups.resigned(state, replica.partition)
        elif replica.partition.topic == TRANSACTIONS_TOPIC:
            transactions.resigned(state, replica.partition)


def _drop(state: State, partition: TopicPartition) -> None:
    """The partition is gone, or has moved elsewhere."""
    replica = state.replicas.get(partition)
    if replica is not None:
        _resign(state, replica)
        unfollow(state, partition)
        del state.replicas[partition]
        release_all(state, replica)
        forget(state, replica)
        state.note(f"drops its replica of {partition}", "KIP-455")
