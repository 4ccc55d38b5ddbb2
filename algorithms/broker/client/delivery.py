"""Handing records to the application, as polls of the consumer or as part of a transaction.

The law: a record is handed over once in each assignment of its partition; it is finished when the application has taken
`process_time` for each record of the poll.
"""

from __future__ import annotations

from algorithms.broker.client.fetching import Fetcher
from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.positions import UNKNOWN
from algorithms.broker.client.session import Session
from algorithms.broker.commands import Consumed, Poll, Polled
from algorithms.broker.messages.group import CommittedOffset
from algorithms.broker.view import ConsumedPartition


class Delivery:
    """What the application gets. `is_held`: transactions poll, so the consumer makes no polls of its own."""

    def __init__(self, session: Session, outcomes: Outcomes, fetcher: Fetcher) -> None:
        self._session, self._outcomes, self._fetcher = session, outcomes, fetcher
        self._busy_until = 0
        self.is_held = False
        self.count = 0
        """Records handed over so far."""

    @property
    def is_busy(self) -> bool:
        """Whether the application still works on the last poll."""
        return self._busy_until > self._session.now

    def poll(self, group: str, generation: int) -> None:
        """Hand over what is there, unless the application is busy."""
        if self.is_held or self.is_busy:
            return
        positions = self._fetcher.positions
        fresh = tuple(each.partition for each in positions.values() if each.buffer and each.is_fresh)
        records = self.poll_now()
        if not records:
            return
        for partition in fresh:
            positions[partition].is_fresh = False
        command = Poll(group)
        polled = Polled(records, max(generation, 0), tuple(positions), fresh)
        self._outcomes.answer(self._outcomes.own(command), command, polled)
        self._work(len(records), bool(group))

    def poll_now(self) -> tuple[Consumed, ...]:
        """What is buffered, at most `max_poll_records`."""
        most = self._session.settings.max_poll_records
        records: list[Consumed] = []
        for each in self._fetcher.positions.values():
            records += each.hand_over(most - len(records))
        self.count += len(records)
        return tuple(records)

    def _work(self, count: int, in_group: bool) -> None:
        settings, session = self._session.settings, self._session
        busy = settings.process_time * count
        if not busy:
            self.finished()
            return
        self._busy_until = session.now + busy
        session.timer("consumer busy", busy)
        if in_group and busy > settings.max_poll_interval:
            session.timer("consumer poll-limit", settings.max_poll_interval)

    def finished(self) -> None:
        """The application has done with all that it has."""
        for each in self._fetcher.positions.values():
            each.processed = each.consumed

    # ------------------------------------------------------------ transactions

    def to_commit(self) -> tuple[CommittedOffset, ...]:
        """What has been handed over and is not committed yet."""
        positions = self._fetcher.positions.values()
        return tuple(
            CommittedOffset(each.partition, each.consumed)
            for each in positions
            if each.consumed not in (UNKNOWN, each.committed)
        )

    def committed(self, offsets: tuple[CommittedOffset, ...]) -> None:
        """These count now."""
        for each in offsets:
            position = self._fetcher.positions.get(each.partition)
            if position is not None:
                position.committed = position.processed = each.offset

    def rewind(self) -> bool:
        """What was handed over in a transaction that does not count will be handed over again. Whether there is any."""
        uncommitted = [
            each for each in self._fetcher.positions.values() if each.consumed not in (UNKNOWN, each.committed)
        ]
        if self.is_held:
            for each in uncommitted:
                each.position = each.consumed = each.processed = UNKNOWN
                each.buffer = []
        return self.is_held and bool(uncommitted)

    def view(self) -> tuple[ConsumedPartition, ...]:
        """Where we stand, for onlookers."""
        positions = self._fetcher.positions.values()
        return tuple(
            ConsumedPartition(each.partition, each.consumed, each.committed, each.high_watermark) for each in positions
        )
