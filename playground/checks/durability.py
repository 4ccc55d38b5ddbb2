"""Where an entry of a Raft log is durable: what a disk would still have after a power loss this instant.

The law: this looks at the disks, not at what machines believe of them. A lying disk is taken at its word, for no
server can know better; what such a lie leads to is for the other checks to find.
"""

from __future__ import annotations

from algorithms.machine import Append, Erase, Save, Trim
from algorithms.raft.messages import Configuration, Entry, Snapshot
from nodes.disk import Disk
from nodes.world import World


def durable_on(disk: Disk, service: str, index: int, term: int) -> bool:
    """Whether the entry of this index and term, or a snapshot that covers it, is durable on `disk`."""
    journal = disk.durable.journals.get((service, "log"))
    if journal is not None and journal.first <= index < journal.end:
        record = journal.records[index - journal.first]
        if isinstance(record, Entry) and record.term == term:
            return True
    snapshot = disk.durable.cells.get((service, "snapshot"))
    if isinstance(snapshot, Snapshot) and snapshot.last_included_index >= index:
        return True
    return any(_holds(write, index, term) for owner, write in disk.lied_about() if owner == service)


def _holds(write: Save | Append | Trim | Erase, index: int, term: int) -> bool:
    match write:
        case Append(_, first, records) if first <= index < first + len(records):
            record = records[index - first]
            return isinstance(record, Entry) and record.term == term
        case Save(_, Snapshot() as snapshot):
            return snapshot.last_included_index >= index
    return False


def lacking(world: World, service: str, configuration: Configuration, index: int, term: int) -> tuple[str, ...]:
    """Voters on whose disks the entry is not durable, if they leave no majority (of each half, if it is joint)."""
    for voters in (configuration.voters, configuration.old_voters):
        nodes = [world.nodes.get(name) for name in voters]
        without = [
            name
            for name, node in zip(voters, nodes, strict=True)
            if node is None or not durable_on(node.disk, service, index, term)
        ]
        if voters and 2 * (len(voters) - len(without)) <= len(voters):
            return tuple(without)
    return ()
