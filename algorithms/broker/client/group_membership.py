"""A consumer's membership in its group (KIP-62, KIP-345, KIP-429).

The law: with an eager assignor a member gives up everything before it joins; with a cooperative one it keeps what it
has, gives up what the assignment takes away, and joins again. Who is no member any more has lost everything.
"""

from __future__ import annotations

from algorithms.broker.client.session import Session
from algorithms.broker.groups.assignors import TopicCount, assign
from algorithms.broker.messages import (
    HeartbeatRequest,
    JoinGroupRequest,
    JoinGroupResponse,
    LeaveGroupRequest,
    Request,
    SyncGroupRequest,
)
from algorithms.broker.messages.group import GroupProtocol, MemberAssignment, Subscription
from algorithms.broker.topics import TopicPartition

REMEMBERING = ("sticky", "cooperative_sticky")
"""Assignors that want to know what a member had."""


class Membership:
    """One membership. `state` is empty, `joining`, `syncing` or `stable`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.group = ""
        self.topics: tuple[str, ...] = ()
        self.member_id = ""
        self.generation = -1
        self.state = ""
        self.leads = False
        self.counted: tuple[TopicCount, ...] = ()
        """The topics as they were when we assigned them as the group's leader."""
        self.must_join = False
        """Join as soon as what must come before is done."""
        self.is_asking = False
        self._remembered: tuple[TopicPartition, ...] = ()

    @property
    def instance_id(self) -> str:
        """group.instance.id; empty for a dynamic member."""
        return self._session.name if self._session.settings.static_membership else ""

    @property
    def strategy(self) -> str:
        """The assignor."""
        return self._session.settings.partition_assignment_strategy

    @property
    def is_cooperative(self) -> bool:
        """Whether partitions are kept over a rebalance."""
        return self.strategy == "cooperative_sticky"

    def ask(self, request: Request, purpose: str, patience: int = 0) -> bool:
        """Ask the coordinator. False: it is being sought."""
        coordinator = self._session.coordinator("GROUP", self.group)
        if coordinator:
            self._session.ask(coordinator, request, "consumer", purpose, patience)
        return bool(coordinator)

    # ------------------------------------------------------------ joining

    def join(self, owned: tuple[TopicPartition, ...]) -> None:
        """Send JoinGroup, which is answered when everybody has joined. Till then it is repeated: on a link that loses
        packets an answer may be lost, and for the coordinator a second copy is the same wish."""
        settings = self._session.settings
        remembered = (owned or self._remembered) if self.strategy in REMEMBERING else ()
        subscription = Subscription(self.topics, remembered, self.generation, settings.client_rack)
        request = JoinGroupRequest(
            "",
            0,
            self.group,
            self.member_id,
            self.instance_id,
            settings.session_timeout,
            settings.max_poll_interval,
            (GroupProtocol(self.strategy, subscription),),
        )
        if self.ask(request, "join"):
            self.state, self.is_asking, self.must_join = "joining", True, False

    def joined(self, response: JoinGroupResponse) -> None:
        """A generation has begun; the leader divides the partitions."""
        self.member_id, self.generation = response.member_id, response.generation
        self.leads = response.leader == response.member_id
        assignments: tuple[MemberAssignment, ...] = ()
        if self.leads and response.members and not response.skip_assignment:
            self.counted = self._count(response)
            assignments = assign(response.protocol, response.members, self.counted)
        self.state = "syncing"
        names = self.group, self.generation, self.member_id, self.instance_id
        self.is_asking = self.ask(SyncGroupRequest("", 0, *names, assignments), "sync")
        self.must_join = not self.is_asking

    def _count(self, response: JoinGroupResponse) -> tuple[TopicCount, ...]:
        topics = dict.fromkeys(topic for member in response.members for topic in member.subscription.topics)
        for topic in topics:
            self._session.want(topic)
        return tuple(TopicCount(topic, len(self._session.partitions(topic))) for topic in sorted(topics))

    def topics_have_grown(self) -> bool:
        """Whether the group's leader sees other partitions than it has divided."""
        now = tuple(TopicCount(each.topic, len(self._session.partitions(each.topic))) for each in self.counted)
        return self.leads and self.state == "stable" and now != self.counted

    def remember(self, partitions: tuple[TopicPartition, ...]) -> None:
        """What we have now, for a sticky assignor to be told of."""
        self._remembered = partitions

    # ------------------------------------------------------------ staying and leaving

    def heartbeat(self) -> None:
        """Say that we are there."""
        self.ask(HeartbeatRequest("", 0, self.group, self.generation, self.member_id, self.instance_id), "heartbeat")

    def leave(self) -> None:
        """A dynamic member says that it goes; a static one comes back perhaps (KIP-345)."""
        if self.member_id and not self.instance_id:
            self.ask(LeaveGroupRequest("", 0, self.group, self.member_id, ""), "leave")

    def forget(self) -> None:
        """We are no member any more."""
        self.member_id, self.generation, self._remembered = "", -1, ()
        self.state, self.is_asking = "", False
