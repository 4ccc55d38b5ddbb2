"""What stands beside the logs on disk: high watermark, log start offset and leader epochs of each partition.

The law: nothing waits for a checkpoint, so after a crash it may be older than the log; a log is never trusted to reach
further than its journal does. (Kafka's replication-offset-checkpoint, log-start-offset-checkpoint and
leader-epoch-checkpoint.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.log.epochs import EpochStart
from algorithms.broker.log.partition_log import PartitionLog
from algorithms.broker.log.segments import Roll
from algorithms.broker.records import RecordBatch
from algorithms.broker.replica import Replica
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Append, Erase, Journal, Record, Save, Saved, Torn, Trim

if TYPE_CHECKING:
    from algorithms.broker.state import State

LOG = "log "
"""A partition's journal is called `log orders-0`."""
CHECKPOINT = "checkpoint "


class Checkpoint(Record, frozen=True):
    """One partition's."""

    partition: TopicPartition
    high_watermark: int
    log_start_offset: int
    epochs: tuple[EpochStart, ...]


class CleanShutdown(Record, frozen=True):
    """Kafka's .kafka_cleanshutdown: the life that left it had synced everything."""

    incarnation: int


def leave_clean_mark(state: State) -> None:
    """Everything is to be on disk, and then the mark."""
    checkpoint_every(state)
    state.effects.append(Save("clean shutdown", CleanShutdown(state.incarnation)))


def take_clean_mark(state: State, saved: Saved) -> bool:
    """Whether the last life has left one; it is gone from now on."""
    found = saved.cell("clean shutdown") is not None
    if found:
        state.effects.append(Erase("clean shutdown"))
    return found


def new_log(state: State, partition: TopicPartition) -> PartitionLog:
    """An empty log, with the topic's own segments. If there was one of this name, its journal's numbers go on."""
    topic = partition.topic
    roll = Roll(int(state.topic_setting(topic, "segment_bytes")), int(state.topic_setting(topic, "segment_time")))
    log = PartitionLog(f"{LOG}{partition}", roll)
    log.begin_at(0, state.spent_numbers.get(log.journal, 1))
    return log


def checkpoint(state: State, replica: Replica) -> None:
    """Write one partition's, if it has changed."""
    log = replica.log
    now = replica.high_watermark, log.start_offset, log.epochs.latest
    if now != replica.checkpointed:
        replica.checkpointed = now
        value = Checkpoint(replica.partition, replica.high_watermark, log.start_offset, tuple(log.epochs.entries))
        state.effects.append(Save(f"{CHECKPOINT}{replica.partition}", value, sync=False))


def checkpoint_all(state: State) -> None:
    """Timer `checkpoint`: at an interval, like Kafka's high watermark checkpoint thread."""
    checkpoint_every(state)
    state.timer("checkpoint", state.settings.replica_high_watermark_checkpoint_interval)


def checkpoint_every(state: State) -> None:
    """Write those that have changed."""
    for replica in state.replicas.values():
        checkpoint(state, replica)


def forget(state: State, replica: Replica) -> None:
    """Nothing of this replica shall be on disk."""
    log = replica.log
    number = state.spent_numbers[log.journal] = log.first + len(log.batches)
    state.effects.append(Trim(log.journal, number, sync=False))
    state.effects.append(Erase(f"{CHECKPOINT}{replica.partition}", sync=False))


def restore(state: State, saved: Saved) -> None:
    """Read every log that was left behind. Only those with a checkpoint are ours: it is written first."""
    journals = {journal.name: journal for journal in saved.journals}
    state.spent_numbers = {name: each.first + len(each.records) for name, each in journals.items()}
    for cell in saved.cells:
        if isinstance(cell.value, Checkpoint):
            _restore_one(state, cell.value, journals.get(f"{LOG}{cell.value.partition}"))


def _restore_one(state: State, found: Checkpoint, journal: Journal | None) -> None:
    log = new_log(state, found.partition)
    replica = state.replicas[found.partition] = Replica(found.partition, log)
    first = journal.first if journal is not None else 1
    batches = _whole_batches(state, journal) if journal is not None else ()
    log.restore(first, batches, found.epochs, found.log_start_offset)
    replica.high_watermark = max(log.start_offset, min(found.high_watermark, log.end_offset))
    replica.producers.rebuild(tuple(log.batches), state.now)


def _whole_batches(state: State, journal: Journal) -> tuple[RecordBatch, ...]:
    """The batches, without the last one if it is torn; the disk forgets that one too."""
    records = journal.records
    if records and isinstance(records[-1], Torn):
        torn = journal.first + len(records) - 1
        state.note(f"the last batch of {journal.name} is torn: drops it", "Kafka")
        state.effects.append(Append(journal.name, torn, (), sync=False))
        records = records[:-1]
    batches = tuple(record for record in records if isinstance(record, RecordBatch))
    assert len(batches) == len(records), "only the last record of a log can be torn"
    return batches
