"""What the active controller is about to decide: records, and the image as it will be when they are committed.

The law: whatever is decided later in the same draft is decided on what was decided before in it.
"""

from __future__ import annotations

import msgspec

from algorithms.broker.image import Image
from algorithms.broker.metadata import MetadataRecord, PartitionRecord
from algorithms.broker.settings import BrokerSettings


class Draft:
    """One. `offset` is where its records will stand in the metadata log."""

    def __init__(self, image: Image, offset: int, settings: BrokerSettings, nodes: tuple[str, ...]) -> None:
        self.image = image.copy()
        self.offset = offset
        self.settings = settings
        self.nodes = nodes
        self.records: list[MetadataRecord] = []
        self.notes: list[tuple[str, str]] = []

    def put(self, record: MetadataRecord) -> None:
        """Decide this."""
        self.records.append(record)
        self.image.apply(record, self.offset)

    def change(self, before: PartitionRecord, after: PartitionRecord) -> None:
        """Decide a change of a partition: its epoch goes up, and the leader epoch with every new leader."""
        if after == before:
            return
        moved = after.leader != before.leader
        self.put(
            msgspec.structs.replace(
                after,
                partition_epoch=before.partition_epoch + 1,
                leader_epoch=before.leader_epoch + (1 if moved else 0),
            )
        )
        if moved:
            self.notes.append(
                (f"{after.partition}: {_who(after.leader)} leads instead of {_who(before.leader)}", "KIP-631")
            )

    def note(self, text: str, source: str) -> None:
        """Explain a decision, if it comes to be one."""
        self.notes.append((text, source))

    def setting(self, topic: str, name: str) -> int | bool:
        """A setting of the topic: its own, or the cluster's."""
        record = self.image.topics.get(topic)
        own = getattr(record.config, name) if record is not None else None
        value: int | bool = getattr(self.settings, name) if own is None else own
        return value


def _who(leader: str) -> str:
    return leader or "nobody"
