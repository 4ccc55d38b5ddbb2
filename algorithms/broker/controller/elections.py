"""Who leads a partition, and who is in sync (KIP-497, KIP-841, KIP-966).

The law: a leader is taken from the in-sync replicas; or, if that is switched on, from the eligible ones; and only where
losing data is allowed, from any that is up. Replicas are tried in their own order, the preferred one first.
"""

from __future__ import annotations

import msgspec

from algorithms.broker.controller.draft import Draft
from algorithms.broker.metadata import PartitionRecord


def elect(draft: Draft, record: PartitionRecord, unclean: bool = False) -> PartitionRecord:
    """The partition with a leader that is up, if it can have one."""
    image = draft.image
    if record.leader in record.in_sync_replicas and image.is_active(record.leader):
        return record
    up = [name for name in record.replicas if image.is_active(name)]
    in_sync = next((name for name in up if name in record.in_sync_replicas), "")
    if in_sync:
        return msgspec.structs.replace(record, leader=in_sync)
    eligible = next((name for name in up if name in record.eligible_leader_replicas), "")
    if eligible:
        draft.note(f"{record.partition}: {eligible} is an eligible leader and lacks nothing", "KIP-966")
        return _lead_alone(draft, record, eligible)
    if not record.in_sync_replicas and not record.eligible_leader_replicas and record.last_known_leader in up:
        draft.note(f"{record.partition}: of all that knew it, {record.last_known_leader} led last", "KIP-966")
        return _lead_alone(draft, record, record.last_known_leader)
    if up and (unclean or draft.setting(record.partition.topic, "unclean_leader_election_enable")):
        draft.note(f"{record.partition}: unclean election of {up[0]}, what it lacks is lost", "KIP-106")
        return msgspec.structs.replace(
            record, leader=up[0], in_sync_replicas=(up[0],), eligible_leader_replicas=(), last_known_leader=""
        )
    return msgspec.structs.replace(record, leader="")


def _lead_alone(draft: Draft, record: PartitionRecord, name: str) -> PartitionRecord:
    """It joins the in-sync replicas, who are all down."""
    in_sync = (*(each for each in record.in_sync_replicas if draft.image.is_active(each)), name)
    eligible = tuple(each for each in record.eligible_leader_replicas if each != name)
    return _with_isr(draft, msgspec.structs.replace(record, leader=name, last_known_leader=""), in_sync, eligible)


def _with_isr(
    draft: Draft, record: PartitionRecord, in_sync: tuple[str, ...], eligible: tuple[str, ...]
) -> PartitionRecord:
    """With enough replicas in sync, nobody else is eligible."""
    enough = len(in_sync) >= min_in_sync(draft, record)
    return msgspec.structs.replace(
        record, in_sync_replicas=in_sync, eligible_leader_replicas=() if enough else eligible
    )


def min_in_sync(draft: Draft, record: PartitionRecord) -> int:
    """`min.insync.replicas`, but never more than there are replicas."""
    return min(int(draft.setting(record.partition.topic, "min_insync_replicas")), len(record.replicas))


def with_isr(draft: Draft, record: PartitionRecord, in_sync: tuple[str, ...]) -> PartitionRecord:
    """The partition with these in sync. Whoever leaves while too few are left stays eligible (KIP-966)."""
    if not draft.settings.eligible_leader_replicas_enable:
        return msgspec.structs.replace(record, in_sync_replicas=in_sync)
    known = (*record.eligible_leader_replicas, *record.in_sync_replicas)
    eligible = tuple(name for name in dict.fromkeys(known) if name not in in_sync)
    return _with_isr(draft, record, in_sync, eligible)


def without(draft: Draft, record: PartitionRecord, broker: str, may_lack: bool = False) -> PartitionRecord:
    """The partition when `broker` is down. `may_lack`: its log may have lost its end, so it is not eligible, either.

    Without eligible leaders the last in-sync replica stays in sync, whatever happens to it.
    """
    in_sync = tuple(name for name in record.in_sync_replicas if name != broker)
    if draft.settings.eligible_leader_replicas_enable:
        after = with_isr(draft, record, in_sync)
        if may_lack:
            eligible = tuple(name for name in after.eligible_leader_replicas if name != broker)
            after = msgspec.structs.replace(after, eligible_leader_replicas=eligible)
        if not after.in_sync_replicas and not after.eligible_leader_replicas and not after.last_known_leader:
            after = msgspec.structs.replace(after, last_known_leader=record.leader or broker)
    else:
        after = msgspec.structs.replace(record, in_sync_replicas=in_sync or record.in_sync_replicas)
    return elect(draft, after)


def broker_is_down(draft: Draft, broker: str, may_lack: bool = False) -> None:
    """Take it out of everything that it leads or is in sync with."""
    for record in tuple(draft.image.partitions.values()):
        known = (*record.in_sync_replicas, record.leader)
        if broker in known or (may_lack and broker in record.eligible_leader_replicas):
            draft.change(record, without(draft, record, broker, may_lack))


def broker_is_up(draft: Draft) -> None:
    """Partitions without a leader may have one now."""
    for record in tuple(draft.image.partitions.values()):
        if not record.leader:
            draft.change(record, elect(draft, record))


def give_back_to_preferred(draft: Draft) -> None:
    """`auto.leader.rebalance.enable`: the first replica leads again, if it is in sync."""
    for record in tuple(draft.image.partitions.values()):
        preferred = record.replicas[0]
        may_lead = preferred in record.in_sync_replicas and draft.image.is_active(preferred)
        if may_lead and record.leader not in ("", preferred):
            draft.change(record, msgspec.structs.replace(record, leader=preferred))
