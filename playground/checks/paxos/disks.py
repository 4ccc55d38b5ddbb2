"""Where a value of a Paxos log is durable: what a disk would still have after a power loss this instant.

The law: this looks at the disks, not at what machines believe of them. A lying disk is taken at its word, for no
server can know better; what such a lie leads to is for the other checks to find.
"""

from __future__ import annotations

from algorithms.machine import Append, Save
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.messages import AcceptorState, Proposal, Snapshot, Value
from nodes.disk import Disk
from nodes.world import World


def durable_on(disk: Disk, service: str, slot: int, value: Value) -> bool:
    """Whether the value is accepted in this slot on `disk`, or a snapshot covers the slot."""
    journal = disk.durable.journals.get((service, "log"))
    if journal is not None and _found(reversed(journal.records), slot, value):
        return True
    snapshot = disk.durable.cells.get((service, "snapshot"))
    if isinstance(snapshot, Snapshot) and snapshot.last_included_slot >= slot:
        return True
    for owner, write in disk.lied_about():
        if owner == service and isinstance(write, Append) and _found(write.records, slot, value):
            return True
    return False


def _found(records: object, slot: int, value: Value) -> bool:
    """The newest are looked at first: what has just been chosen stands near the end."""
    assert hasattr(records, "__iter__"), "a journal's records are a sequence"
    return any(isinstance(each, Proposal) and each.slot == slot and each.value == value for each in records)


def holders(world: World, service: str, acceptors: tuple[str, ...], slot: int, value: Value) -> tuple[str, ...]:
    """On whose disks it is."""
    nodes = ((name, world.nodes.get(name)) for name in acceptors)
    return tuple(name for name, node in nodes if node is not None and durable_on(node.disk, service, slot, value))


def promised_on(disk: Disk, service: str) -> Ballot:
    """The promise that is durable there, or that the disk says is."""
    found = [disk.durable.cells.get((service, "acceptor"))]
    found += [write.value for owner, write in disk.lied_about() if owner == service and isinstance(write, Save)]
    return max((each.promised for each in found if isinstance(each, AcceptorState)), default=NO_BALLOT)
