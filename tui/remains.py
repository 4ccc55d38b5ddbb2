"""What a node that is down still has on its disk, of the service that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from algorithms.machine import Journal
from algorithms.raft.messages import Entry, HardState, Snapshot
from nodes.node import Node

WINDOW = 256
"""As many entries as a view shows of a living node."""


@dataclass(frozen=True, slots=True)
class Remains:
    """Terms of the last entries, the first of them at index `first`, and the saved term."""

    term: int = 0
    snapshot_index: int = 0
    first: int = 1
    terms: tuple[int, ...] = ()

    @property
    def last_index(self) -> int:
        """The last index on disk."""
        return max(self.snapshot_index, self.first + len(self.terms) - 1)


def remains_of(node: Node, service: str) -> Remains:
    """Read the disk as the next life will."""
    saved = node.disk.saved(service)
    hard_state = next((cell.value for cell in saved.cells if isinstance(cell.value, HardState)), HardState())
    snapshot = next((cell.value for cell in saved.cells if isinstance(cell.value, Snapshot)), None)
    index = snapshot.last_included_index if snapshot else 0
    journal = next((each for each in saved.journals if _is_log(each)), None)
    if journal is None:
        return Remains(hard_state.current_term, index, index + 1)
    records = journal.records[-WINDOW:]
    terms = tuple(record.term for record in records if isinstance(record, Entry))
    return Remains(hard_state.current_term, index, journal.first + len(journal.records) - len(records), terms)


def _is_log(journal: Journal) -> bool:
    return bool(journal.records) and isinstance(journal.records[0], Entry)
