"""What an onlooker remembers of one broker cluster: which partitions changed hands a moment ago.

The law: as in `tui.events`: it changes nothing, and keeps a bounded amount however long the run. A new leader counts
from the moment at which a controller writes it down.
"""

from __future__ import annotations

from typing import Any

from algorithms.broker.errors import Error
from algorithms.broker.messages import SyncGroupResponse
from algorithms.broker.metadata import MetadataRecords, PartitionRecord
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Append, Record
from algorithms.raft.messages import Entry
from algorithms.replicated.messages import Carried

MOST = 2_000
"""Partitions, and pairs of client and partition, that are remembered."""


class BrokerLog:
    """Tell it of what journals get, and of the answers to SyncGroup."""

    def __init__(self) -> None:
        self.handed: dict[TopicPartition, tuple[int, int, str]] = {}
        """When a partition's leader changed, the epoch of that, and who leads since (empty: nobody)."""
        self.gained: dict[tuple[str, TopicPartition], int] = {}
        """When a client was given a partition that it had not before."""
        self._assigned: dict[str, tuple[TopicPartition, ...]] = {}

    def appended(self, at: int, append: Append) -> None:
        """Records reach the metadata's journal."""
        for record in append.records:
            for each in _partitions(record):
                self._leads(at, each)

    def _leads(self, at: int, record: PartitionRecord) -> None:
        """Only a newer leader counts: followers write the same record a little later."""
        before = self.handed.get(record.partition)
        if before is not None and (record.leader_epoch <= before[1] or record.leader == before[2]):
            return
        self.handed.pop(record.partition, None)
        self.handed[record.partition] = (at, record.leader_epoch, record.leader)
        _bound(self.handed)

    def assigned(self, at: int, client: str, response: SyncGroupResponse) -> None:
        """A member learns what it has to read."""
        if response.error is not Error.NONE:
            return
        before = self._assigned.get(client, ())
        self._assigned[client] = response.partitions
        for partition in response.partitions:
            if partition not in before:
                self.gained.pop((client, partition), None)
                self.gained[client, partition] = at
        _bound(self._assigned)
        _bound(self.gained)


def _partitions(record: Record) -> tuple[PartitionRecord, ...]:
    if type(record) is not Entry or type(record.payload) is not Carried:
        return ()
    carried = record.payload.record
    found = carried.records if isinstance(carried, MetadataRecords) else ()
    return tuple(each for each in found if type(each) is PartitionRecord)


def _bound(memory: dict[Any, Any]) -> None:
    """Forget the oldest."""
    if len(memory) > MOST:
        del memory[next(iter(memory))]
