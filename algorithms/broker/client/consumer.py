"""The consumer (Kafka's KafkaConsumer): it joins, fetches, hands records to the application, and commits.

The law: only what the application has finished is committed. A record is handed over once in each assignment of its
partition; between assignments, as often as what was committed says.
"""

from __future__ import annotations

from algorithms.broker.client.committing import Commits
from algorithms.broker.client.delivery import Delivery
from algorithms.broker.client.fetching import Fetcher
from algorithms.broker.client.group_membership import Membership
from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.positions import UNKNOWN, Position
from algorithms.broker.client.reading import Reading
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.commands import (
    CommitOffsets,
    Consume,
    Consumed,
    ReadPartition,
    StopConsuming,
)
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    FetchResponse,
    HeartbeatResponse,
    JoinGroupResponse,
    LeaveGroupResponse,
    ListOffsetsResponse,
    OffsetCommitResponse,
    OffsetFetchRequest,
    OffsetFetchResponse,
    Response,
    SyncGroupResponse,
)
from algorithms.broker.messages.group import CommittedOffset
from algorithms.broker.topics import TopicPartition
from algorithms.broker.view import ConsumedPartition
from algorithms.machine import Ok, Record, Unknown

TRY_ELSEWHERE = (Error.NOT_COORDINATOR, Error.COORDINATOR_NOT_AVAILABLE, Error.COORDINATOR_LOAD_IN_PROGRESS)
NO_MEMBER = (Error.UNKNOWN_MEMBER_ID, Error.ILLEGAL_GENERATION)


class Consumer:
    """One consumer; it is in one group at a time, or reads without one."""

    def __init__(self, session: Session, outcomes: Outcomes) -> None:
        self._session, self._outcomes = session, outcomes
        self._membership = Membership(session)
        self._fetcher = Fetcher(session)
        self._delivery = Delivery(session, outcomes, self._fetcher)
        self._commits = Commits(session, outcomes, self._membership, self._fetcher)
        self._reading = Reading(session, outcomes)
        self._waiting: tuple[int, Consume] | None = None
        """Whoever waits for the first assignment, since `_waits_since`."""
        self._waits_since = 0
        self._topics: tuple[str, ...] = ()
        self._is_on = False
        self._needs_offsets = False

    # ------------------------------------------------------------ for others

    @property
    def group(self) -> str:
        """The group; empty without one."""
        return self._membership.group

    @property
    def member_id(self) -> str:
        """Who we are in the group."""
        return self._membership.member_id

    @property
    def generation(self) -> int:
        """The group's generation as we know it; -1 if we are no member."""
        return self._membership.generation

    @property
    def instance_id(self) -> str:
        """group.instance.id."""
        return self._membership.instance_id if self.group else ""

    @property
    def state_word(self) -> str:
        """Empty, `joining`, `syncing`, `stable`, or `assigned` without a group."""
        if not self._is_on:
            return ""
        return (self._membership.state or "joining") if self.group else "assigned"

    def positions_to_commit(self) -> tuple[CommittedOffset, ...]:
        """What has been handed over and is not committed yet: for a transaction."""
        if not self.group:
            return ()
        return self._delivery.to_commit()

    def transaction_committed(self, offsets: tuple[CommittedOffset, ...]) -> None:
        """These count now."""
        self._delivery.committed(offsets)

    def transaction_aborted(self) -> None:
        """What was handed over is handed over again: back to what is committed."""
        self._needs_offsets |= self._delivery.rewind()

    def poll_now(self) -> tuple[Consumed, ...]:
        """What is buffered, as part of something else."""
        return self._delivery.poll_now()

    def hold(self, on: bool) -> None:
        """While transactions poll, the consumer makes no polls and no commits of its own."""
        self._delivery.is_held = on

    def consumed_view(self) -> tuple[ConsumedPartition, ...]:
        """Where we stand."""
        return self._delivery.view()

    @property
    def partition_count(self) -> int:
        """Partitions that it reads just now."""
        return len(self._fetcher.positions)

    @property
    def consumed_records(self) -> int:
        """Records handed over so far."""
        return self._delivery.count

    # ------------------------------------------------------------ what is asked for

    def begin(self, request_id: int, command: Record) -> None:
        """Consume, ReadPartition, StopConsuming, CommitOffsets."""
        match command:
            case Consume():
                self._consume(request_id, command)
            case ReadPartition():
                self._reading.begin(request_id, command)
            case StopConsuming():
                self._stop("it is told to")
                self._outcomes.answer(request_id, command, Ok())
            case CommitOffsets():
                self._commits.asked(request_id, command)
            case _:
                raise AssertionError(f"a consumer cannot {command}")

    def _consume(self, request_id: int, command: Consume) -> None:
        if self._is_on:
            self._stop("it begins anew")
        self._is_on, self._topics = True, command.topics
        self._waiting, self._waits_since = (request_id, command), self._session.now
        membership = self._membership
        membership.forget()
        membership.group, membership.topics, membership.must_join = command.group, command.topics, bool(command.group)
        for topic in command.topics:
            self._session.want(topic)
        self._session.refresh_soon()
        self._commits.begin()

    def _stop(self, why: str, error: Error = Error.NONE) -> None:
        if self._waiting is not None:
            request_id, command = self._waiting
            self._waiting = None
            self._outcomes.fail(request_id, command, error if error is not Error.NONE else Error.UNKNOWN_MEMBER_ID, why)
        if self._is_on and self.group and error is not Error.FENCED_INSTANCE_ID:
            self._commits.last_one()
            self._membership.leave()
        self._is_on, self._fetcher.positions = False, {}
        self._membership.forget()
        self._membership.group = ""

    # ------------------------------------------------------------ the next step

    def go_on(self) -> None:
        """At the end of each turn: whatever is due and not under way."""
        self._reading.go_on()
        if not self._is_on:
            return
        if not self._know_topics():
            return
        if not self.group:
            self._assign_all()
        elif self._membership.must_join and not self._membership.is_asking and not self._commits.is_under_way:
            self._join()
        if self._needs_offsets and self.group and self._membership.state == "stable":
            self._ask_offsets()
        self._delivery.poll(self.group, self.generation)
        self._fetcher.find_beginnings()
        self._fetcher.fetch()
        if self._fetcher.lost:
            lost, self._fetcher.lost = self._fetcher.lost, []
            self._session.note(f"{lost[0]}: the offset is out of range, and auto.offset.reset is none: stops", "Kafka")
            self._stop("auto.offset.reset is none", Error.OFFSET_OUT_OF_RANGE)

    def _know_topics(self) -> bool:
        """Whether metadata of all topics are there. One that stays unknown for two request timeouts is no topic."""
        missing = [topic for topic in self._topics if not self._session.partitions(topic)]
        if not missing:
            return True
        patience = 2 * self._session.settings.request_timeout
        known_missing = missing[0] in self._session.unknown_topics
        if self._waiting is not None and known_missing and self._session.now - self._waits_since >= patience:
            self._stop(f"there is no topic {missing[0]}", Error.UNKNOWN_TOPIC_OR_PARTITION)
        elif known_missing:
            self._session.refresh_soon()
        return False

    def _assign_all(self) -> None:
        """Without a group: every partition, from where the policy says."""
        for topic in self._topics:
            for partition in self._session.partitions(topic):
                if partition not in self._fetcher.positions:
                    position = self._fetcher.positions[partition] = Position(partition)
                    position.is_resetting = True
        self._answer_first(0)

    def _answer_first(self, generation: int) -> None:
        if self._waiting is not None:
            request_id, command = self._waiting
            self._waiting = None
            self._outcomes.answer(request_id, command, Ok(generation))

    # ------------------------------------------------------------ the group

    def _join(self) -> None:
        """Eager members give up everything first, and commit what they have finished before that (KIP-62)."""
        if not self._membership.is_cooperative and self._fetcher.positions:
            if self._commits.before_rebalance():
                return  # We come back when it is answered.
            self._membership.remember(tuple(self._fetcher.positions))
            self._fetcher.positions = {}
        self._membership.join(tuple(self._fetcher.positions))

    def _assigned(self, partitions: tuple[TopicPartition, ...]) -> None:
        """A new assignment. What a cooperative member must give up it commits, gives up, and joins again (KIP-429)."""
        membership, before = self._membership, self._fetcher.positions
        membership.state = "stable"
        membership.remember(partitions)
        revoked = [each for each in before if each not in partitions]
        if revoked:
            self._commits.now(tuple(revoked))
            names = " ".join(str(each) for each in revoked)
            self._session.note(f"gives up {names}", "KIP-429")
            membership.must_join = membership.is_cooperative
        self._fetcher.positions = {each: before.get(each) or Position(each) for each in partitions}
        self._needs_offsets = any(each.position == UNKNOWN for each in self._fetcher.positions.values())
        self._session.timer("consumer heartbeat", self._session.settings.heartbeat_interval)
        self._answer_first(membership.generation)

    def _ask_offsets(self) -> None:
        wanted = tuple(each.partition for each in self._fetcher.positions.values() if each.position == UNKNOWN)
        self._needs_offsets = False
        request = OffsetFetchRequest("", 0, self.group, wanted, self._fetcher.read_committed)
        if wanted and not self._membership.ask(request, "offsets"):
            self._needs_offsets = True

    def _begin_at(self, response: OffsetFetchResponse, wanted: tuple[TopicPartition, ...]) -> None:
        committed = {each.partition: each.offset for each in response.offsets}
        for partition in wanted:
            position = self._fetcher.positions.get(partition)
            if position is None or position.position != UNKNOWN:
                continue
            if partition in committed:
                position.committed = committed[partition]
                position.begin_at(committed[partition])
            elif self._session.settings.auto_offset_reset == "none":
                self._fetcher.lost.append(partition)
            else:
                position.is_resetting = True

    def _lost_membership(self, error: Error) -> None:
        """Others have what we had. Nothing may be committed any more."""
        self._session.note(f"is no member of {self.group} any more: {error.value}", "KIP-62")
        self._fetcher.positions = {}
        self._membership.forget()
        self._membership.must_join = True

    def metadata_changed(self) -> None:
        """Topics may have grown; then the group's leader has it rebalanced."""
        if self.group and self._membership.topics_have_grown():
            self._session.note(f"topics of {self.group} have other partitions now: joins again", "KIP-62")
            self._membership.must_join = True

    # ------------------------------------------------------------ answers

    def take(self, pending: Pending, response: Response) -> None:
        """A broker has answered."""
        if pending.purpose.startswith("read"):
            self._reading.take(pending, response)
        elif isinstance(response, FetchResponse | ListOffsetsResponse):
            self._fetcher.take(pending, response)
        elif isinstance(response, OffsetCommitResponse):
            self._commits.take(pending, response)
            self._take_error(response)
        elif not self._is_on or isinstance(response, LeaveGroupResponse):
            pass
        elif response.error is not Error.NONE:
            self._refused(pending, response)
        else:
            self._take_of_group(pending, response)

    def _take_of_group(self, pending: Pending, response: Response) -> None:
        match response:
            case JoinGroupResponse():
                self._membership.is_asking = False
                self._membership.joined(response)
            case SyncGroupResponse(partitions=partitions):
                self._membership.is_asking = False
                self._assigned(partitions)
            case OffsetFetchResponse():
                assert isinstance(pending.request, OffsetFetchRequest)
                self._begin_at(response, pending.request.partitions)
            case HeartbeatResponse():
                pass
            case _:
                raise AssertionError(f"a consumer did not ask for {response}")

    def _refused(self, pending: Pending, response: Response) -> None:
        if isinstance(response, JoinGroupResponse | SyncGroupResponse):
            self._membership.is_asking = False
            self._membership.must_join = True
            self._membership.state = "joining"
        if isinstance(response, OffsetFetchResponse):
            self._needs_offsets = True
            self._wait()
            self._needs_offsets = False
        self._take_error(response)

    def _take_error(self, response: Response) -> None:
        error = response.error
        if error is Error.NONE or not self._is_on:
            return
        if error in TRY_ELSEWHERE:
            self._session.lose_coordinator("GROUP", self.group)
            self._wait()
        elif error in NO_MEMBER and isinstance(response, JoinGroupResponse | SyncGroupResponse | HeartbeatResponse):
            self._lost_membership(error)
        elif error in (*NO_MEMBER, Error.REBALANCE_IN_PROGRESS):
            self._membership.must_join = True
        elif error is Error.FENCED_INSTANCE_ID:
            self._session.note(f"another life of {self.instance_id} has taken over in {self.group}: stops", "KIP-345")
            self._stop(error.value, error)
        elif isinstance(response, JoinGroupResponse):
            self._stop(error.value, error)

    def _wait(self) -> None:
        """Go on after a while; the timer makes a turn."""
        self._session.timer("consumer again", self._session.settings.retry_backoff)

    def unanswered(self, pending: Pending) -> None:
        """No answer."""
        if pending.purpose.startswith("read"):
            self._reading.unanswered(pending)
        elif pending.purpose in ("fetch", "beginning"):
            self._fetcher.unanswered(pending)
        else:
            self._session.lose_coordinator("GROUP", self.group)
            if pending.purpose in ("join", "sync"):
                self._membership.is_asking, self._membership.must_join = False, True
            elif pending.purpose == "offsets":
                self._needs_offsets = True
            elif pending.purpose.startswith("commit"):
                self._commits.unanswered(pending, Unknown(Error.REQUEST_TIMED_OUT.words()))

    # ------------------------------------------------------------ time

    def ring(self, timer: str) -> None:
        """Heartbeats, the application's work, its patience, commits."""
        match timer:
            case "consumer heartbeat" if self._is_on and self.group:
                self._session.timer(timer, self._session.settings.heartbeat_interval)
                if self._membership.state == "stable":
                    self._membership.heartbeat()
            case "consumer busy":
                self._delivery.finished()
            case "consumer poll-limit" if self._is_on and self._delivery.is_busy:
                self._session.note("the application has not polled for max.poll.interval: leaves the group", "KIP-62")
                self._membership.leave()
                self._lost_membership(Error.UNKNOWN_MEMBER_ID)
            case "consumer commit":
                self._commits.ring(self._is_on and not self._delivery.is_held)
            case "consumer again" if self.group and self._membership.state == "stable":
                self._needs_offsets = any(
                    each.position == UNKNOWN and not each.is_resetting for each in self._fetcher.positions.values()
                )
            case _:
                self._reading.ring(timer)
