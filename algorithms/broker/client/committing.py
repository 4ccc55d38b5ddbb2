"""A consumer's commits.

The law: each is an operation of its own in the history, and names what the application has finished.
"""

from __future__ import annotations

from algorithms.broker.client.fetching import Fetcher
from algorithms.broker.client.group_membership import Membership
from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.positions import UNKNOWN
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.commands import CommitOffsets, OffsetsCommitted, PartitionOffset
from algorithms.broker.errors import Error
from algorithms.broker.messages import OffsetCommitRequest, OffsetCommitResponse
from algorithms.broker.messages.group import CommittedOffset
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Failed, Ok, Record, Unknown


class Commits:
    """Commits that are under way."""

    def __init__(self, session: Session, outcomes: Outcomes, membership: Membership, fetcher: Fetcher) -> None:
        self._session, self._outcomes = session, outcomes
        self._membership, self._fetcher = membership, fetcher
        self._out: dict[int, CommitOffsets] = {}
        """By operation."""
        self._rebalance_is_announced = False

    @property
    def is_under_way(self) -> bool:
        """Whether some commit has no answer yet."""
        return bool(self._out)

    def begin(self) -> None:
        """Commit at an interval from now on, if that is wanted."""
        if self._session.settings.enable_auto_commit and self._membership.group:
            self._session.timer("consumer commit", self._session.settings.auto_commit_interval)

    def ring(self, is_on: bool) -> None:
        """The interval is over."""
        if is_on and self._membership.group:
            self.begin()
            if self._membership.state == "stable" and not self._out:
                self.now(tuple(self._fetcher.positions))

    def _due(self, partitions: tuple[TopicPartition, ...]) -> tuple[CommittedOffset, ...]:
        positions = (self._fetcher.positions[each] for each in partitions if each in self._fetcher.positions)
        return tuple(
            CommittedOffset(each.partition, each.processed)
            for each in positions
            if each.processed not in (UNKNOWN, each.committed)
        )

    def now(self, partitions: tuple[TopicPartition, ...]) -> bool:
        """Commit what is finished of these; whether there was anything."""
        due = self._due(partitions)
        if due and self._membership.group:
            command = CommitOffsets(self._membership.group)
            self._send(self._outcomes.own(command), command, due)
        return bool(due)

    def asked(self, request_id: int, command: CommitOffsets) -> None:
        """Somebody wants a commit now."""
        group = self._membership.group
        if not group or command.group not in ("", group):
            what = f"this client is no member of {command.group or 'any group'}"
            self._outcomes.fail(request_id, command, Error.UNKNOWN_MEMBER_ID, what)
            return
        due = self._due(tuple(self._fetcher.positions))
        if due:
            self._send(request_id, command, due)
        else:
            self._outcomes.answer(request_id, command, OffsetsCommitted(self._membership.generation, ()))

    def before_rebalance(self) -> bool:
        """Commit before everything is given up; once for each rebalance. Whether there is something to wait for."""
        if self._rebalance_is_announced or not self._session.settings.enable_auto_commit:
            self._rebalance_is_announced = False
            return False
        self._rebalance_is_announced = self.now(tuple(self._fetcher.positions))
        return self._rebalance_is_announced and self.is_under_way

    def last_one(self) -> None:
        """Before we leave."""
        if self._session.settings.enable_auto_commit:
            self.now(tuple(self._fetcher.positions))

    def _send(self, operation: int, command: CommitOffsets, offsets: tuple[CommittedOffset, ...]) -> None:
        membership = self._membership
        names = membership.group, membership.generation, membership.member_id, membership.instance_id
        if membership.ask(OffsetCommitRequest("", 0, *names, offsets), f"commit {operation}"):
            self._out[operation] = command
        else:
            self._outcomes.fail(operation, command, Error.COORDINATOR_NOT_AVAILABLE)

    # ------------------------------------------------------------ answers

    def take(self, pending: Pending, response: OffsetCommitResponse) -> None:
        """The coordinator has answered. What it writes and cannot vouch for may yet come to count."""
        request = pending.request
        assert isinstance(request, OffsetCommitRequest), f"{request} is no commit"
        if response.error is Error.NONE:
            for each in request.offsets:
                position = self._fetcher.positions.get(each.partition)
                if position is not None:
                    position.committed = each.offset
            offsets = tuple(PartitionOffset(each.partition, each.offset) for each in request.offsets)
            self._end(pending, OffsetsCommitted(request.generation, offsets))
        else:
            perhaps = response.error in (Error.NOT_COORDINATOR, Error.REQUEST_TIMED_OUT)
            words = response.error.words()
            self._end(pending, Unknown(words) if perhaps else Failed(words))

    def unanswered(self, pending: Pending, outcome: Record) -> None:
        """No answer came."""
        self._end(pending, outcome)

    def _end(self, pending: Pending, outcome: Record) -> None:
        operation = int(pending.purpose.partition(" ")[2])
        command = self._out.pop(operation, None)
        if command is not None:
            assert not isinstance(outcome, Ok), "a commit ends with what it has committed"
            self._outcomes.answer(operation, command, outcome)
