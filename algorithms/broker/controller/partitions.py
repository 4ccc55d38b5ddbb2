"""What leaders and administrators ask of the controller about single partitions (KIP-455, KIP-460, KIP-497, KIP-841).

The law: who asks names the epochs it knows; if they are not the newest, nothing is done.
"""

from __future__ import annotations

import msgspec

from algorithms.broker.controller.brokers import why_stale
from algorithms.broker.controller.draft import Draft
from algorithms.broker.controller.elections import elect, with_isr
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AdministrationResponse,
    AlterPartitionReassignmentsRequest,
    AlterPartitionRequest,
    AlterPartitionResponse,
    ElectLeadersRequest,
)
from algorithms.broker.messages.administration import PartitionAlteration, PartitionAltered
from algorithms.broker.metadata import PartitionRecord


def alter_partition(draft: Draft, request: AlterPartitionRequest) -> AlterPartitionResponse:
    """A leader wants other in-sync replicas."""
    header = request.client_id, request.correlation_id
    stale = why_stale(draft.image, request.broker, request.broker_epoch)
    if stale is not Error.NONE:
        refused = tuple(PartitionAltered(each.partition, stale) for each in request.partitions)
        return AlterPartitionResponse(*header, stale, partitions=refused)
    altered = tuple(
        PartitionAltered(each.partition, _alter(draft, request.broker, each)) for each in request.partitions
    )
    return AlterPartitionResponse(*header, partitions=altered)


def _alter(draft: Draft, broker: str, wish: PartitionAlteration) -> Error:
    record = draft.image.partitions.get(wish.partition)
    if record is None:
        return Error.UNKNOWN_TOPIC_OR_PARTITION
    if record.leader_epoch != wish.leader_epoch:
        return Error.FENCED_LEADER_EPOCH if wish.leader_epoch < record.leader_epoch else Error.INVALID_REQUEST
    if record.leader != broker:
        return Error.NEW_LEADER_ELECTED
    if record.partition_epoch != wish.partition_epoch:
        return Error.INVALID_UPDATE_VERSION
    if broker not in wish.in_sync_replicas or any(each not in record.replicas for each in wish.in_sync_replicas):
        return Error.INVALID_REQUEST
    added = [each for each in wish.in_sync_replicas if each not in record.in_sync_replicas]
    if any(not draft.image.is_active(each) for each in added):
        return Error.INELIGIBLE_REPLICA
    ordered = tuple(each for each in record.replicas if each in wish.in_sync_replicas)
    draft.change(record, finished(draft, with_isr(draft, record, ordered)))
    return Error.NONE


# ---------------------------------------------------------------- reassignment


def reassign(draft: Draft, request: AlterPartitionReassignmentsRequest) -> AdministrationResponse:
    """Let others hold the partition (KIP-455). If it is on its way elsewhere, whoever came for that goes again, but
    not before the new ones are in sync: it may be the only one that is."""
    header = request.client_id, request.correlation_id
    record = draft.image.partitions.get(request.partition)
    if record is None:
        return AdministrationResponse(*header, Error.UNKNOWN_TOPIC_OR_PARTITION)
    if not request.replicas:
        return _cancel(draft, record, header)
    strangers = [each for each in request.replicas if each not in draft.image.brokers]
    if strangers or len(dict.fromkeys(request.replicas)) < len(request.replicas):
        what = f"{strangers[0]} is no broker" if strangers else "a broker can hold only one replica"
        return AdministrationResponse(*header, Error.INVALID_REPLICA_ASSIGNMENT, what)
    target, before = request.replicas, record.replicas
    adding = tuple(each for each in target if each not in _held(record))
    removing = tuple(each for each in before if each not in target)
    wish = msgspec.structs.replace(
        record, replicas=(*target, *removing), adding=adding, removing=removing, throttle=request.throttle
    )
    draft.note(f"moves {record.partition} from {' '.join(before)} to {' '.join(target)}", "KIP-455")
    draft.change(record, finished(draft, wish))
    return AdministrationResponse(*header)


def _held(record: PartitionRecord) -> tuple[str, ...]:
    """Who holds the partition, whatever is only coming left out."""
    return tuple(each for each in record.replicas if each not in record.adding)


def _cancel(draft: Draft, record: PartitionRecord, header: tuple[str, int]) -> AdministrationResponse:
    if not record.adding and not record.removing:
        return AdministrationResponse(*header, Error.NO_REASSIGNMENT_IN_PROGRESS)
    held = _held(record)
    if not any(each in record.in_sync_replicas for each in held):
        what = f"of {' '.join(held)}, who would stay, nobody is in sync"
        return AdministrationResponse(*header, Error.INVALID_REPLICA_ASSIGNMENT, what)
    stays = msgspec.structs.replace(record, replicas=held, adding=(), removing=(), throttle=0)
    draft.note(f"gives up moving {record.partition}", "KIP-455")
    draft.change(record, _within(draft, stays))
    return AdministrationResponse(*header)


def finished(draft: Draft, record: PartitionRecord) -> PartitionRecord:
    """The reassignment is over when all that shall hold the partition are in sync; till then nothing is taken away."""
    target = tuple(each for each in record.replicas if each not in record.removing)
    if not (record.adding or record.removing) or any(each not in record.in_sync_replicas for each in target):
        return record
    draft.note(f"{record.partition} has moved: {' '.join(target)} hold it", "KIP-455")
    return _within(draft, msgspec.structs.replace(record, replicas=target, adding=(), removing=(), throttle=0))


def _within(draft: Draft, record: PartitionRecord) -> PartitionRecord:
    """Nobody but a replica is in sync, eligible or leader."""
    among = record.replicas
    in_sync = tuple(each for each in record.in_sync_replicas if each in among)
    eligible = tuple(each for each in record.eligible_leader_replicas if each in among)
    return elect(draft, msgspec.structs.replace(record, in_sync_replicas=in_sync, eligible_leader_replicas=eligible))


# ---------------------------------------------------------------- elections on demand


def elect_leader(draft: Draft, request: ElectLeadersRequest) -> AdministrationResponse:
    """The preferred replica shall lead, or with `unclean` any that is up, if nobody does (KIP-460)."""
    header = request.client_id, request.correlation_id
    record = draft.image.partitions.get(request.partition)
    if record is None:
        return AdministrationResponse(*header, Error.UNKNOWN_TOPIC_OR_PARTITION)
    if request.unclean:
        return _elect_unclean(draft, record, header)
    preferred = record.replicas[0]
    if record.leader == preferred:
        return AdministrationResponse(*header, Error.ELECTION_NOT_NEEDED)
    if preferred not in record.in_sync_replicas or not draft.image.is_active(preferred):
        what = f"{preferred} is not up and in sync"
        return AdministrationResponse(*header, Error.PREFERRED_LEADER_NOT_AVAILABLE, what)
    draft.change(record, msgspec.structs.replace(record, leader=preferred))
    return AdministrationResponse(*header)


def _elect_unclean(draft: Draft, record: PartitionRecord, header: tuple[str, int]) -> AdministrationResponse:
    if record.leader:
        return AdministrationResponse(*header, Error.ELECTION_NOT_NEEDED)
    after = elect(draft, record, unclean=True)
    if not after.leader:
        return AdministrationResponse(*header, Error.ELIGIBLE_LEADERS_NOT_AVAILABLE)
    draft.change(record, after)
    return AdministrationResponse(*header)
