"""What can go wrong, under Kafka's own names (org.apache.kafka.common.protocol.Errors).

The law: a retriable error may be gone when the same is asked again, perhaps of another broker; every other one is
final for the request that got it.
"""

from __future__ import annotations

from enum import Enum


class Error(Enum):
    """An error code; its value is a sentence for people."""

    NONE = ""
    UNKNOWN_SERVER_ERROR = "the broker met something that it has no name for"
    OFFSET_OUT_OF_RANGE = "the offset is not in the range that the log has"
    UNKNOWN_TOPIC_OR_PARTITION = "this broker hosts no such topic or partition"
    LEADER_NOT_AVAILABLE = "the partition has no leader at the moment"
    NOT_LEADER_OR_FOLLOWER = "this broker does not lead the partition"
    REQUEST_TIMED_OUT = "the replicas did not answer in time; the records may have been written"
    REPLICA_NOT_AVAILABLE = "this broker has no copy of the partition"
    MESSAGE_TOO_LARGE = "a record is larger than max.message.bytes"
    OFFSET_METADATA_TOO_LARGE = "the text beside the offset is too long"
    COORDINATOR_LOAD_IN_PROGRESS = "the coordinator is still reading its partition"
    COORDINATOR_NOT_AVAILABLE = "there is no coordinator at the moment"
    NOT_COORDINATOR = "this broker is not the coordinator"
    INVALID_TOPIC_EXCEPTION = "this is no name for a topic"
    NOT_ENOUGH_REPLICAS = "fewer replicas are in sync than min.insync.replicas asks for; nothing was written"
    NOT_ENOUGH_REPLICAS_AFTER_APPEND = "written, but then fewer replicas were in sync than min.insync.replicas asks for"
    INVALID_REQUIRED_ACKS = "acks must be 0, 1 or all"
    ILLEGAL_GENERATION = "the group has another generation"
    INCONSISTENT_GROUP_PROTOCOL = "the members of the group have no assignor in common"
    INVALID_GROUP_ID = "this is no name for a group"
    UNKNOWN_MEMBER_ID = "the group has no such member"
    INVALID_SESSION_TIMEOUT = "the session timeout is outside of what the broker allows"
    REBALANCE_IN_PROGRESS = "the group is rebalancing; join again"
    INVALID_COMMIT_OFFSET_SIZE = "the offsets are too large to be committed at once"
    TOPIC_ALREADY_EXISTS = "there is a topic of this name already"
    INVALID_PARTITIONS = "a topic needs at least one partition, and cannot have fewer than before"
    INVALID_REPLICATION_FACTOR = "there are not as many brokers as replicas were asked for"
    INVALID_REPLICA_ASSIGNMENT = "these nodes cannot hold the replicas"
    INVALID_CONFIG = "this setting cannot have this value"
    NOT_CONTROLLER = "this broker is not the active controller"
    INVALID_REQUEST = "the request contradicts itself"
    OUT_OF_ORDER_SEQUENCE_NUMBER = "a batch before this one is missing"
    DUPLICATE_SEQUENCE_NUMBER = "the batch was appended before, too long ago to say where"
    INVALID_PRODUCER_EPOCH = "a newer epoch of this producer has written here"
    INVALID_TXN_STATE = "the transaction is not in a state in which this can be done"
    INVALID_PRODUCER_ID_MAPPING = "the transactional id belongs to another producer id now"
    INVALID_TRANSACTION_TIMEOUT = "the transaction timeout is longer than the broker allows"
    CONCURRENT_TRANSACTIONS = "the last transaction of this producer is still being completed"
    TRANSACTION_COORDINATOR_FENCED = "a newer coordinator has written markers here"
    UNKNOWN_PRODUCER_ID = "nothing is known of this producer any more"
    FENCED_LEADER_EPOCH = "the request names an older leader epoch"
    UNKNOWN_LEADER_EPOCH = "the request names a newer leader epoch than this broker has heard of"
    STALE_BROKER_EPOCH = "a later life of this broker has registered"
    BROKER_ID_NOT_REGISTERED = "the controller knows no such broker"
    BROKER_NOT_AVAILABLE = "the broker is fenced or is shutting down"
    FENCED_INSTANCE_ID = "another member has taken over this group.instance.id"
    ELIGIBLE_LEADERS_NOT_AVAILABLE = "no replica that may lead is up"
    ELECTION_NOT_NEEDED = "the partition has the leader that it should have"
    PREFERRED_LEADER_NOT_AVAILABLE = "the first replica is not up and in sync"
    NO_REASSIGNMENT_IN_PROGRESS = "no reassignment of this partition is under way"
    UNSTABLE_OFFSET_COMMIT = "a transaction that commits offsets of the group is not completed yet"
    PRODUCER_FENCED = "a newer producer with the same transactional.id has taken over"
    INVALID_UPDATE_VERSION = "the partition has changed since"
    NEW_LEADER_ELECTED = "somebody else leads the partition now"
    INELIGIBLE_REPLICA = "a replica that is fenced or shutting down cannot be in sync"
    TRANSACTION_ABORTABLE = "the transaction must be aborted"

    @property
    def is_retriable(self) -> bool:
        """Whether the same request may succeed later or elsewhere."""
        return self in _RETRIABLE

    def words(self, what: str = "") -> str:
        """`NAME: sentence`, or with `what` in place of the general sentence."""
        return f"{self.name}: {what or self.value}"


_RETRIABLE = frozenset(
    {
        Error.UNKNOWN_TOPIC_OR_PARTITION,
        Error.LEADER_NOT_AVAILABLE,
        Error.NOT_LEADER_OR_FOLLOWER,
        Error.REQUEST_TIMED_OUT,
        Error.REPLICA_NOT_AVAILABLE,
        Error.COORDINATOR_LOAD_IN_PROGRESS,
        Error.COORDINATOR_NOT_AVAILABLE,
        Error.NOT_COORDINATOR,
        Error.NOT_ENOUGH_REPLICAS,
        Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        Error.NOT_CONTROLLER,
        Error.CONCURRENT_TRANSACTIONS,
        Error.FENCED_LEADER_EPOCH,
        Error.UNKNOWN_LEADER_EPOCH,
        Error.BROKER_NOT_AVAILABLE,
        Error.UNSTABLE_OFFSET_COMMIT,
        Error.REBALANCE_IN_PROGRESS,
    }
)
