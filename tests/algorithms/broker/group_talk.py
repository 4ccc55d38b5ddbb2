"""A group coordinator to talk to: n1 leads the only partition of the offsets topic, and is alone in sync."""

from __future__ import annotations

from collections.abc import Sequence

from broker_talk import ORDERS, SECOND, Talk, sent

from algorithms.broker.errors import Error
from algorithms.broker.groups.group import Group
from algorithms.broker.messages import (
    FetchRequest,
    HeartbeatRequest,
    JoinGroupRequest,
    JoinGroupResponse,
    LeaveGroupRequest,
    OffsetCommitRequest,
    OffsetFetchRequest,
    OffsetFetchResponse,
    Response,
    SyncGroupRequest,
    SyncGroupResponse,
    TxnOffsetCommitRequest,
    WriteTxnMarkersRequest,
)
from algorithms.broker.messages.data import FetchPartition
from algorithms.broker.messages.group import CommittedOffset, GroupProtocol, MemberAssignment, Subscription
from algorithms.broker.metadata import PartitionRecord, TopicRecord
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import OFFSETS_TOPIC, TopicConfig, TopicPartition
from algorithms.machine import Effect

OFFSETS = TopicPartition(OFFSETS_TOPIC, 0)
OTHER = TopicPartition("orders", 1)
SESSION = SECOND
REBALANCE = 5 * SECOND
WANTS_ORDERS = Subscription(("orders",))
RANGE = (GroupProtocol("range", WANTS_ORDERS),)


def at_offset(offset: int, partition: TopicPartition = ORDERS) -> CommittedOffset:
    """A group goes on here."""
    return CommittedOffset(partition, offset)


class GroupTalk(Talk):
    """n1; clients c1, c2... are members `c1.1`, `c2.1`... of the group `g` if they join it."""

    def __init__(
        self, settings: BrokerSettings | None = None, isr: tuple[str, ...] = ("n1",), min_isr: int = 1
    ) -> None:
        super().__init__(settings)
        self.number = 0
        self.decide(TopicRecord("orders", TopicConfig()))
        self.decide(TopicRecord(OFFSETS_TOPIC, TopicConfig(min_insync_replicas=min_isr)))
        self.stands("n1", isr=isr)

    def stands(self, leader: str, epoch: int = 0, isr: tuple[str, ...] = ()) -> list[Effect]:
        """Who leads the partition of the offsets topic from now on; it alone is in sync unless told otherwise."""
        return self.decide(PartitionRecord(OFFSETS, ("n1", "n2"), isr or (leader,), leader, epoch, epoch))

    def led_again(self, epoch: int = 2) -> GroupTalk:
        """n2 leads for a moment, so that n1 has to read its log again."""
        self.stands("n2", epoch - 1, ("n1", "n2"))
        self.stands("n1", epoch)
        return self

    def replicate(self) -> list[Effect]:
        """n2 has fetched all of the offsets topic."""
        end = self.state.replicas[OFFSETS].log.end_offset
        known = self.state.image.brokers["n2"].broker_epoch
        self.number += 1
        asked = (FetchPartition(OFFSETS, end, 0),)
        return self.hear("n2", FetchRequest("n2.1", self.number, "n2", known, 500, 1, 1 << 20, False, "", asked))

    @property
    def group(self) -> Group:
        """What n1 has of `g`."""
        return self.state.groups.coordinated[OFFSETS]["g"]

    @property
    def standing(self) -> tuple[str, int, list[str]]:
        """State, generation and members of `g`."""
        return self.group.state, self.group.generation, list(self.group.members)

    # ------------------------------------------------------------ requests

    def _header(self, client: str, life: int = 1) -> tuple[str, int]:
        self.number += 1
        return f"{client}.{life}", self.number

    def join(
        self,
        client: str,
        member: str = "",
        instance: str = "",
        protocols: tuple[GroupProtocol, ...] = RANGE,
        session: int = SESSION,
        life: int = 1,
    ) -> list[Effect]:
        """A client wants to be a member."""
        wants = "g", member, instance, session, REBALANCE, protocols
        return self.hear(client, JoinGroupRequest(*self._header(client, life), *wants))

    def sync(
        self, client: str, generation: int, instance: str = "", life: int = 1, **given: tuple[TopicPartition, ...]
    ) -> list[Effect]:
        """What is mine? The leader says what everybody gets, by client."""
        member = self.member_id(client, instance, life)
        shares = tuple(MemberAssignment(f"{name}.1", parts) for name, parts in given.items())
        return self.hear(
            client, SyncGroupRequest(*self._header(client, life), "g", generation, member, instance, shares)
        )

    def beat(self, client: str, generation: int = 1, instance: str = "", life: int = 1) -> list[Effect]:
        """I am still there."""
        member = self.member_id(client, instance, life)
        return self.hear(client, HeartbeatRequest(*self._header(client, life), "g", generation, member, instance))

    def leave(self, client: str) -> list[Effect]:
        """I want no more."""
        return self.hear(client, LeaveGroupRequest(*self._header(client), "g", f"{client}.1", ""))

    def commit(self, client: str, generation: int, *offsets: CommittedOffset) -> list[Effect]:
        """We have come so far."""
        member = f"{client}.1" if generation >= 0 else ""
        return self.hear(client, OffsetCommitRequest(*self._header(client), "g", generation, member, "", offsets))

    def commit_in_transaction(
        self, client: str, generation: int, *offsets: CommittedOffset, epoch: int = 0
    ) -> list[Effect]:
        """We have come so far, if producer 1000's transaction commits."""
        who = "app", "g", 1_000, epoch, generation, f"{client}.1", ""
        return self.hear(client, TxnOffsetCommitRequest(*self._header(client), *who, offsets))

    def marker(self, committed: bool, epoch: int = 1) -> list[Effect]:
        """Producer 1000's transaction is over."""
        self.number += 1
        return self.hear(
            "n3", WriteTxnMarkersRequest("n3.1", self.number, "n3", 0, 1_000, epoch, committed, (OFFSETS,))
        )

    def fetch(self, *partitions: TopicPartition, stable: bool = False) -> list[Effect]:
        """How far has the group come?"""
        return self.hear("c9", OffsetFetchRequest(*self._header("c9"), "g", partitions, stable))

    def member_id(self, client: str, instance: str = "", life: int = 1) -> str:
        """What the coordinator calls it."""
        return f"{instance}-{client}.{life}" if instance else f"{client}.{life}"

    # ------------------------------------------------------------ longer stories

    def with_one(self) -> GroupTalk:
        """c1 alone, which has `orders-0`: generation 1, stable."""
        self.join("c1")
        self.let_time_pass(self.state.settings.group_initial_rebalance_delay)
        self.sync("c1", 1, c1=(ORDERS,))
        return self

    def with_two(self) -> GroupTalk:
        """c1, which leads and has `orders-0`, and c2, which has `orders-1`: generation 1, stable."""
        self.join("c1")
        self.join("c2")
        self.let_time_pass(self.state.settings.group_initial_rebalance_delay)
        self.sync("c1", 1, c1=(ORDERS,), c2=(OTHER,))
        self.sync("c2", 1)
        return self

    def let_time_pass(self, wait: int) -> list[Effect]:
        """The coordinator looks at the time so many us later."""
        return self.at(self.now + wait).ring("group check")


def responses(effects: Sequence[Effect], client: str) -> list[Response]:
    """What a client is told."""
    return [each for each in sent(effects, client) if isinstance(each, Response)]


def errors(effects: Sequence[Effect], client: str = "c1") -> list[Error]:
    """How the answers to a client end."""
    return [each.error for each in responses(effects, client)]


def generations(effects: Sequence[Effect], client: str) -> list[tuple[int, int]]:
    """Generations that a client is told, and of how many members it hears."""
    told = responses(effects, client)
    return [(each.generation, len(each.members)) for each in told if isinstance(each, JoinGroupResponse)]


def shares(effects: Sequence[Effect], client: str) -> list[tuple[TopicPartition, ...]]:
    """What a client is given."""
    return [each.partitions for each in responses(effects, client) if isinstance(each, SyncGroupResponse)]


def found(effects: Sequence[Effect]) -> list[dict[str, int]]:
    """Offsets that c9 is told; nothing if it is refused."""
    told = [
        each for each in responses(effects, "c9") if isinstance(each, OffsetFetchResponse) and each.error is Error.NONE
    ]
    return [{str(where.partition): where.offset for where in each.offsets} for each in told]
