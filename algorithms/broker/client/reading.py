"""Reading one partition once, from an offset on, without a group.

The law: it changes nothing, so it never ends as Unknown.
"""

from __future__ import annotations

from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.positions import Position
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.commands import Polled, ReadPartition
from algorithms.broker.errors import Error
from algorithms.broker.messages import FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse, Response
from algorithms.broker.messages.data import EARLIEST, FetchedPartition, FetchPartition, OffsetAsked


class Read:
    """One reading. `offset` -1: where the log begins."""

    __slots__ = ("command", "deadline", "is_asking", "offset", "request_id", "wait_until")

    def __init__(self, request_id: int, command: ReadPartition, deadline: int) -> None:
        self.request_id = request_id
        self.command = command
        self.deadline = deadline
        self.offset = command.offset
        self.is_asking = False
        self.wait_until = 0


class Reading:
    """All readings that are under way."""

    def __init__(self, session: Session, outcomes: Outcomes) -> None:
        self._session, self._outcomes = session, outcomes
        self._reads: dict[int, Read] = {}

    def begin(self, request_id: int, command: ReadPartition) -> None:
        """Read."""
        session = self._session
        session.want(command.partition.topic)
        self._reads[request_id] = Read(request_id, command, session.now + session.settings.request_timeout * 2)
        session.timer(f"consumer read {request_id}", session.settings.request_timeout * 2)

    def go_on(self) -> None:
        """At the end of each turn: ask what is not asked yet."""
        for read in tuple(self._reads.values()):
            if not read.is_asking and read.wait_until <= self._session.now:
                leader = self._session.leader(read.command.partition)
                if leader:
                    self._ask(read, leader)
                else:
                    self._session.refresh_soon()

    def _ask(self, read: Read, leader: str) -> None:
        read.is_asking = True
        partition, settings = read.command.partition, self._session.settings
        committed = settings.isolation_level == "read_committed"
        request: FetchRequest | ListOffsetsRequest
        if read.offset < 0:
            request = ListOffsetsRequest("", 0, committed, (OffsetAsked(partition, EARLIEST),))
        else:
            wanted = (FetchPartition(partition, read.offset),)
            request = FetchRequest("", 0, "", -1, 0, 1, settings.fetch_max_bytes, committed, "", wanted)
        self._session.ask(leader, request, "consumer", f"read {read.request_id}")

    def _of(self, pending: Pending) -> Read | None:
        read = self._reads.get(int(pending.purpose.partition(" ")[2]))
        if read is not None:
            read.is_asking = False
        return read

    def take(self, pending: Pending, response: Response) -> None:
        """The leader has answered."""
        read = self._of(pending)
        if read is None:
            return
        match response:
            case ListOffsetsResponse(partitions=(listed,)) if listed.error is Error.NONE:
                read.offset = listed.offset
            case FetchResponse(partitions=(found,)) if found.error is Error.NONE:
                self._finish(read, found)
            case FetchResponse(partitions=(found,)) if found.error is Error.OFFSET_OUT_OF_RANGE:
                self._fail(read, found.error, self._range(read, found))
            case FetchResponse(partitions=()):
                self._end(read, Polled((), 0, (read.command.partition,)))
            case _:
                read.wait_until = self._session.now + self._session.settings.retry_backoff
                self._session.refresh_soon()

    def _range(self, read: Read, found: FetchedPartition) -> str:
        where = f"{found.log_start_offset} to {found.high_watermark}"
        return f"{read.command.partition} has the offsets {where}, not {read.offset}"

    def _finish(self, read: Read, found: FetchedPartition) -> None:
        position = Position(read.command.partition)
        position.begin_at(read.offset)
        position.take(found.batches, found.aborted, self._session.settings.isolation_level == "read_committed")
        records = tuple(position.hand_over(self._session.settings.max_poll_records))
        self._end(read, Polled(records, 0, (read.command.partition,), (read.command.partition,)))

    def unanswered(self, pending: Pending) -> None:
        """Ask again, perhaps somebody else."""
        self._of(pending)
        self._session.refresh()

    def ring(self, timer: str) -> None:
        """`consumer read N`: it has taken too long."""
        _, what, number = (*timer.split(" "), "")[:3]
        read = self._reads.get(int(number)) if what == "read" else None
        if read is not None:
            topic = read.command.partition.topic
            unknown = topic in self._session.unknown_topics
            known = self._session.partitions(topic)
            if unknown or (known and read.command.partition not in known):
                self._fail(read, Error.UNKNOWN_TOPIC_OR_PARTITION, "")
            else:
                self._fail(read, Error.LEADER_NOT_AVAILABLE, "")

    def _fail(self, read: Read, error: Error, what: str) -> None:
        del self._reads[read.request_id]
        self._outcomes.fail(read.request_id, read.command, error, what)

    def _end(self, read: Read, outcome: Polled) -> None:
        del self._reads[read.request_id]
        self._outcomes.answer(read.request_id, read.command, outcome)
