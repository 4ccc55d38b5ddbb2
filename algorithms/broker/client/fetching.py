"""A consumer's fetches: one under way to each broker that has something for it (KIP-74, KIP-320, KIP-392).

The law: a fetch asks from the position on and nothing else moves it forward; what the log does not have any more, or
has lost, is begun anew where the reset policy says.
"""

from __future__ import annotations

from algorithms.broker.client.positions import UNKNOWN, Position
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.errors import Error
from algorithms.broker.messages import FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse, Response
from algorithms.broker.messages.data import EARLIEST, LATEST, FetchedPartition, FetchPartition, OffsetAsked
from algorithms.broker.topics import TopicPartition

Positions = dict[TopicPartition, Position]


class Fetcher:
    """The fetches of one consumer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.positions: Positions = {}
        self.lost: list[TopicPartition] = []
        """Partitions whose offset is out of range while the policy is `none`."""
        self._out: dict[str, int] = {}
        """By broker: the fetch under way."""

    # ------------------------------------------------------------ asking

    def fetch(self) -> None:
        """Ask every broker that has something for us and is not asked yet."""
        by_target: dict[str, list[Position]] = {}
        for each in self.positions.values():
            if each.position == UNKNOWN or len(each.buffer) >= self._session.settings.max_poll_records:
                continue
            if each.wait_until > self._session.now:
                continue
            target = each.preferred or self._session.leader(each.partition)
            if target and target not in self._out:
                by_target.setdefault(target, []).append(each)
            elif not target:
                self._session.refresh_soon()
        for target, positions in by_target.items():
            self._out[target] = self._session.ask(target, self._request(positions), "consumer", "fetch")

    def _request(self, positions: list[Position]) -> FetchRequest:
        settings = self._session.settings
        partitions = tuple(self._asked(each) for each in positions)
        return FetchRequest(
            "",
            0,
            replica="",
            broker_epoch=-1,
            max_wait=settings.fetch_max_wait,
            min_bytes=settings.fetch_min_bytes,
            max_bytes=settings.fetch_max_bytes,
            read_committed=self.read_committed,
            rack=settings.client_rack,
            partitions=partitions,
        )

    @property
    def read_committed(self) -> bool:
        """Whether only committed transactions are read."""
        return self._session.settings.isolation_level == "read_committed"

    def _asked(self, each: Position) -> FetchPartition:
        known = self._session.known(each.partition)
        epoch = known.leader_epoch if known is not None and not each.preferred else -1
        return FetchPartition(each.partition, each.position, epoch)

    def find_beginnings(self) -> None:
        """Ask where to begin in every partition that has no position and none committed."""
        by_leader: dict[str, list[OffsetAsked]] = {}
        policy = self._session.settings.auto_offset_reset
        for each in self.positions.values():
            if each.is_resetting and each.wait_until <= self._session.now:
                leader = self._session.leader(each.partition)
                if leader:
                    each.wait_until = self._session.now + self._session.settings.request_timeout
                    where = LATEST if policy == "latest" else EARLIEST
                    by_leader.setdefault(leader, []).append(OffsetAsked(each.partition, where))
                else:
                    self._session.refresh_soon()
        for leader, asked in by_leader.items():
            request = ListOffsetsRequest("", 0, self.read_committed, tuple(asked))
            self._session.ask(leader, request, "consumer", "beginning")

    # ------------------------------------------------------------ answers

    def take(self, pending: Pending, response: Response) -> None:
        """Batches, or beginnings."""
        match response:
            case FetchResponse(partitions=partitions):
                if self._out.get(pending.target) == response.correlation_id:
                    del self._out[pending.target]
                assert isinstance(pending.request, FetchRequest)
                asked = {each.partition: each.fetch_offset for each in pending.request.partitions}
                for each in partitions:
                    position = self.positions.get(each.partition)
                    if position is not None and position.position == asked[each.partition]:
                        self._take(position, each, pending.target)
            case ListOffsetsResponse(partitions=listed):
                for found in listed:
                    position = self.positions.get(found.partition)
                    if position is not None and position.is_resetting:
                        self._begin(position, found.error, found.offset)
            case _:
                raise AssertionError(f"a consumer did not fetch {response}")

    def _begin(self, position: Position, error: Error, offset: int) -> None:
        if error is Error.NONE:
            position.wait_until = 0
            position.begin_at(max(offset, 0))
        else:
            self._back_off(position)

    def _take(self, position: Position, found: FetchedPartition, source: str) -> None:
        if found.preferred_read_replica:
            position.preferred = found.preferred_read_replica
        elif found.error is Error.NONE and found.diverging is None:
            position.high_watermark = max(found.high_watermark, found.last_stable_offset)
            position.take(found.batches, found.aborted, self.read_committed)
        elif found.error is Error.OFFSET_OUT_OF_RANGE and not position.preferred:
            self._reset(position, found)
        else:
            self._back_off(position)

    def _back_off(self, position: Position) -> None:
        """Somebody else leads it now, or soon will."""
        session = self._session
        position.preferred = ""
        position.wait_until = session.now + session.settings.retry_backoff
        session.refresh()
        session.timer("consumer fetch", session.settings.retry_backoff)

    def _reset(self, position: Position, found: FetchedPartition) -> None:
        """The log begins behind our position, or ends before it: it was truncated below what we have read (KIP-320)."""
        policy, partition = self._session.settings.auto_offset_reset, position.partition
        if found.diverging is not None:
            end = found.diverging.end_offset
            self._session.note(f"{partition} was truncated: it ends at {end}, we are at {position.position}", "KIP-320")
            position.begin_at(end)
        elif policy == "none":
            self.lost.append(partition)
        else:
            self._session.note(f"{partition} begins behind offset {position.position}: reset to {policy}", "Kafka")
            position.position, position.is_resetting, position.buffer = UNKNOWN, True, []

    def unanswered(self, pending: Pending) -> None:
        """Ask again; somebody else may lead by now."""
        if pending.purpose == "fetch":
            self._out.pop(pending.target, None)
            assert isinstance(pending.request, FetchRequest)
            for asked in pending.request.partitions:
                if asked.partition in self.positions:
                    self.positions[asked.partition].preferred = ""
        self._session.refresh()
