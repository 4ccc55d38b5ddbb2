"""What a message of the broker is to a person.

The law: what is said all the time only to be heard, or to wait for news, is quiet: it is small on the map, and nobody
waits for it.
"""

from __future__ import annotations

from algorithms.broker import messages as kafka
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    FetchRequest,
    FetchResponse,
    HeartbeatResponse,
    MetadataQuorum,
    ProduceResponse,
    Response,
)
from algorithms.machine import Record
from algorithms.raft.messages import AppendEntriesResponse
from tui.glyphs import Kind
from tui.raft_kinds import raft_kind

KINDS: dict[type[Record], Kind] = {
    kafka.ProduceRequest: Kind.PRODUCE, ProduceResponse: Kind.PRODUCED,
    FetchRequest: Kind.FETCH, FetchResponse: Kind.RECORDS,
    kafka.MetadataRequest: Kind.LOOKUP, kafka.MetadataResponse: Kind.LOOKUP,
    kafka.FindCoordinatorRequest: Kind.LOOKUP, kafka.FindCoordinatorResponse: Kind.LOOKUP,
    kafka.ListOffsetsRequest: Kind.LOOKUP, kafka.ListOffsetsResponse: Kind.LOOKUP,
    kafka.OffsetForLeaderEpochRequest: Kind.LOOKUP, kafka.OffsetForLeaderEpochResponse: Kind.LOOKUP,
    kafka.JoinGroupRequest: Kind.GROUP, kafka.JoinGroupResponse: Kind.GROUP,
    kafka.SyncGroupRequest: Kind.GROUP, kafka.SyncGroupResponse: Kind.GROUP,
    kafka.LeaveGroupRequest: Kind.GROUP, kafka.LeaveGroupResponse: Kind.GROUP,
    kafka.OffsetCommitRequest: Kind.GROUP, kafka.OffsetCommitResponse: Kind.GROUP,
    kafka.OffsetFetchRequest: Kind.GROUP, kafka.OffsetFetchResponse: Kind.GROUP,
    kafka.InitProducerIdRequest: Kind.TRANSACTION, kafka.InitProducerIdResponse: Kind.TRANSACTION,
    kafka.AddPartitionsToTxnRequest: Kind.TRANSACTION, kafka.AddPartitionsToTxnResponse: Kind.TRANSACTION,
    kafka.AddOffsetsToTxnRequest: Kind.TRANSACTION, kafka.AddOffsetsToTxnResponse: Kind.TRANSACTION,
    kafka.TxnOffsetCommitRequest: Kind.TRANSACTION, kafka.TxnOffsetCommitResponse: Kind.TRANSACTION,
    kafka.EndTxnRequest: Kind.TRANSACTION, kafka.EndTxnResponse: Kind.TRANSACTION,
    kafka.WriteTxnMarkersRequest: Kind.TRANSACTION, kafka.WriteTxnMarkersResponse: Kind.TRANSACTION,
    kafka.BrokerRegistrationRequest: Kind.ADMIN, kafka.BrokerRegistrationResponse: Kind.ADMIN,
    kafka.AlterPartitionRequest: Kind.ADMIN, kafka.AlterPartitionResponse: Kind.ADMIN,
    kafka.AllocateProducerIdsRequest: Kind.ADMIN, kafka.AllocateProducerIdsResponse: Kind.ADMIN,
    kafka.CreateTopicsRequest: Kind.ADMIN, kafka.DeleteTopicsRequest: Kind.ADMIN,
    kafka.AlterTopicRequest: Kind.ADMIN, kafka.AlterPartitionReassignmentsRequest: Kind.ADMIN,
    kafka.ElectLeadersRequest: Kind.ADMIN, kafka.ShutDownRequest: Kind.ADMIN,
    kafka.AdministrationResponse: Kind.ADMIN,
    kafka.BrokerHeartbeatRequest: Kind.BEAT, kafka.BrokerHeartbeatResponse: Kind.BEAT,
    kafka.HeartbeatRequest: Kind.BEAT, HeartbeatResponse: Kind.BEAT,
    MetadataQuorum: Kind.METADATA,
}  # fmt: skip

LEGEND = (Kind.PRODUCE, Kind.PRODUCED, Kind.FETCH, Kind.RECORDS, Kind.PULL, Kind.BEAT, Kind.METADATA, Kind.GROUP,
          Kind.TRANSACTION, Kind.LOOKUP, Kind.ADMIN, Kind.REFUSAL, Kind.VOTE_REQUEST, Kind.VOTE)  # fmt: skip
"""The kinds that it has, the commonest first."""

QUORUM = {Kind.APPEND: Kind.METADATA, Kind.ACK: Kind.BEAT, Kind.SNAPSHOT: Kind.METADATA, Kind.REFUSAL: Kind.METADATA}
"""What the metadata quorum says looks like this where it does not look as in Raft."""

QUIET = frozenset((Kind.BEAT, Kind.PULL))


def broker_kind(message: Record) -> Kind | None:
    """None for what is not the broker's."""
    kind = KINDS.get(type(message))
    match message:
        case _ if kind is None:
            return None
        case MetadataQuorum(inner):
            found = raft_kind(inner) or Kind.METADATA
            return QUORUM.get(found, found)
        case FetchRequest(replica=replica) if replica:
            return Kind.PULL
        case Response() if refusal(message) is not Error.NONE:
            return Kind.REFUSAL
        case FetchResponse(partitions=partitions):
            return Kind.RECORDS if any(each.batches for each in partitions) else Kind.PULL
        case _:
            return kind


def refusal(response: Response) -> Error:
    """The first error that the response tells of; NONE if all is well."""
    if response.error is not Error.NONE or not isinstance(response, ProduceResponse | FetchResponse):
        return response.error
    return next((each.error for each in response.partitions if each.error is not Error.NONE), Error.NONE)


def is_quiet_broker(message: Record) -> bool:
    """Whether it only keeps a session alive or waits for news. (An acknowledgement of metadata counts as such.)"""
    kind = type(message)
    if kind is FetchRequest or kind is FetchResponse or kind is HeartbeatResponse:
        return broker_kind(message) in QUIET
    if kind is MetadataQuorum:
        inner = message.message  # type: ignore[attr-defined]
        return (type(inner) is AppendEntriesResponse and inner.success) or raft_kind(inner) is Kind.BEAT
    return KINDS.get(kind) in QUIET
