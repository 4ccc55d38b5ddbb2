"""Replication, the follower's side: fetch, truncate, append (KIP-101, KIP-279, KIP-595).

The law: a follower's log becomes a prefix of its leader's before it grows, and its high watermark is never above its
own end. One fetch is under way to each leader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.appending import write
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    FetchRequest,
    FetchResponse,
    OffsetForLeaderEpochRequest,
    OffsetForLeaderEpochResponse,
)
from algorithms.broker.messages.data import NO_EPOCH, EpochAsked, EpochEnd, FetchedPartition, FetchPartition
from algorithms.broker.records import batch_size
from algorithms.broker.replica import Replica
from algorithms.broker.topics import TopicPartition
from algorithms.broker.truncating import truncate

if TYPE_CHECKING:
    from algorithms.broker.state import State

BACKOFF = 100_000
"""After an error a partition waits so long for better metadata (us); Kafka's replica.fetch.backoff.ms / 10."""


class Fetcher:
    """What is fetched from one leader."""

    __slots__ = ("asking", "is_stale", "outstanding", "partitions", "waiting_until")

    def __init__(self) -> None:
        self.partitions: dict[TopicPartition, None] = {}
        self.asking: dict[TopicPartition, None] = {}
        """Those that must first hear where their epoch ends (truncation by OffsetForLeaderEpoch)."""
        self.waiting_until: dict[TopicPartition, int] = {}
        """Those that back off, or are throttled, until this local time."""
        self.outstanding = 0
        """The correlation id of the request under way; 0: none."""
        self.is_stale = False
        """There is something new to ask: a long poll that waits for the other partitions is given up for it."""


def follow(state: State, replica: Replica, leader: str) -> None:
    """Fetch the partition from `leader` from now on, and from nobody else."""
    unfollow(state, replica.partition)
    fetcher = state.fetchers.setdefault(leader, Fetcher())
    fetcher.partitions[replica.partition] = None
    if state.settings.truncation == "kip_101" and replica.log.epochs.latest >= 0:
        fetcher.asking[replica.partition] = None
    fetcher.is_stale = True


def unfollow(state: State, partition: TopicPartition) -> None:
    """Do not fetch the partition any more."""
    for fetcher in state.fetchers.values():
        if partition in fetcher.partitions:
            del fetcher.partitions[partition]
            fetcher.asking.pop(partition, None)
            fetcher.waiting_until.pop(partition, None)


def ask_what_is_new(state: State) -> None:
    """At the end of a turn: whatever has become stale is asked anew. The old answer will be nobody's."""
    for leader, fetcher in state.fetchers.items():
        if fetcher.is_stale:
            fetcher.is_stale, fetcher.outstanding = False, 0
            ask(state, leader)


def ask(state: State, leader: str) -> None:
    """Send what is due to `leader`: first the questions about epochs, then a fetch. Silence makes us ask again."""
    fetcher = state.fetchers.get(leader)
    if fetcher is None or fetcher.outstanding or not fetcher.partitions:
        return
    ready = [each for each in fetcher.partitions if fetcher.waiting_until.get(each, 0) <= state.now]
    if not ready:
        state.timer(f"fetcher {leader}", max(1, min(fetcher.waiting_until.values()) - state.now))
        return
    number = fetcher.outstanding = state.correlation()
    state.timer(f"fetcher {leader}", state.settings.replica_fetch_timeout)
    questions = tuple(_question(state, each) for each in ready if each in fetcher.asking)
    if questions:
        state.send(leader, OffsetForLeaderEpochRequest(state.client_id, number, state.name, questions))
    else:
        state.send(leader, _fetch(state, number, ready))


def _question(state: State, partition: TopicPartition) -> EpochAsked:
    replica = state.replicas[partition]
    return EpochAsked(partition, replica.leader_epoch, replica.log.epochs.latest)


def _fetch(state: State, number: int, ready: list[TopicPartition]) -> FetchRequest:
    settings = state.settings
    by_epoch = settings.truncation == "leader_epoch"
    partitions = tuple(_position(state.replicas[each], by_epoch) for each in ready)
    return FetchRequest(
        state.client_id,
        number,
        replica=state.name,
        broker_epoch=state.broker_epoch,
        max_wait=settings.replica_fetch_wait_max,
        min_bytes=1,
        max_bytes=settings.replica_fetch_max_bytes,
        read_committed=False,
        rack="",
        partitions=partitions,
    )


def _position(replica: Replica, by_epoch: bool) -> FetchPartition:
    log = replica.log
    last = log.epochs.latest if by_epoch else NO_EPOCH
    return FetchPartition(replica.partition, log.end_offset, replica.leader_epoch, last, log.start_offset)


def is_silent(state: State, leader: str) -> None:
    """Timer `fetcher LEADER`: it did not answer, or somebody has waited long enough."""
    fetcher = state.fetchers.get(leader)
    if fetcher is not None:
        fetcher.outstanding = 0
        ask(state, leader)


# ---------------------------------------------------------------- answers


def fetched(state: State, source: str, response: FetchResponse) -> None:
    """Take what the leader has, and ask for more."""
    fetcher = state.fetchers.get(source)
    if fetcher is None or fetcher.outstanding != response.correlation_id or response.client_id != state.client_id:
        return  # Of another life, or of a request that was given up.
    fetcher.outstanding = 0
    for each in response.partitions:
        replica = state.replicas.get(each.partition)
        if replica is not None and each.partition in fetcher.partitions:
            _take(state, fetcher, replica, each)
    ask(state, source)


def _take(state: State, fetcher: Fetcher, replica: Replica, found: FetchedPartition) -> None:
    if found.diverging is not None:
        truncate_to_leader(state, replica, found.diverging)
    elif found.error is Error.OFFSET_OUT_OF_RANGE:
        _start_anew(state, replica, found)
    elif found.error is not Error.NONE:
        fetcher.waiting_until[replica.partition] = state.now + BACKOFF
    else:
        _append(state, fetcher, replica, found)


def _append(state: State, fetcher: Fetcher, replica: Replica, found: FetchedPartition) -> None:
    log = replica.log
    for batch in found.batches:
        if batch.base_offset >= log.end_offset:
            write(state, replica, batch)
    high_watermark = min(found.high_watermark, log.end_offset)
    if high_watermark != replica.high_watermark:
        replica.high_watermark = high_watermark
        state.touched[replica.partition] = None
    trim = log.advance_start(min(found.log_start_offset, replica.high_watermark))
    if trim is not None:
        state.effects.append(trim)
    _throttle(state, fetcher, replica, sum(batch_size(batch) for batch in found.batches))


def _throttle(state: State, fetcher: Fetcher, replica: Replica, size: int) -> None:
    """A replica that is only coming fetches no more than it was allowed to (KIP-73)."""
    record = state.image.partitions.get(replica.partition)
    if record is not None and record.throttle and size and state.name in record.adding:
        wait = size * 1_000_000 // record.throttle
        fetcher.waiting_until[replica.partition] = state.now + wait
        state.timer(f"throttle {replica.leader}", wait)


def throttled_long_enough(state: State, leader: str) -> None:
    """A throttled partition may go on; a long poll for the others is given up for it."""
    if leader in state.fetchers:
        state.fetchers[leader].is_stale = True


def _start_anew(state: State, replica: Replica, found: FetchedPartition) -> None:
    """What we lack, the leader has no more: begin where it begins."""
    state.note(f"{replica.partition}: the leader begins at {found.log_start_offset}; starts anew there", "Kafka")
    state.effects.append(replica.log.restart_at(found.log_start_offset))
    replica.producers.rebuild((), state.now)
    replica.high_watermark = found.log_start_offset


# ---------------------------------------------------------------- truncation


def truncate_to_leader(state: State, replica: Replica, end: EpochEnd) -> None:
    """The leader's log has `end.epoch` only up to `end.end_offset`. What we have of later epochs, it has not; and of
    that epoch, no more than both have (KIP-279)."""
    log = replica.log
    ours = log.epochs.end_of(end.epoch, log.end_offset)
    offset = min(end.end_offset, ours.end_offset) if ours is not None else min(end.end_offset, log.start_offset)
    truncate(state, replica, offset, f"the leader's epoch {end.epoch} ends at {end.end_offset}", "KIP-279")


def epochs_told(state: State, source: str, response: OffsetForLeaderEpochResponse) -> None:
    """KIP-101: cut off what lies behind the end that the leader tells, and fetch."""
    fetcher = state.fetchers.get(source)
    if fetcher is None or fetcher.outstanding != response.correlation_id or response.client_id != state.client_id:
        return
    fetcher.outstanding = 0
    for each in response.partitions:
        replica = state.replicas.get(each.partition)
        if replica is None or each.partition not in fetcher.asking:
            continue
        if each.error is not Error.NONE:
            fetcher.waiting_until[each.partition] = state.now + BACKOFF
        else:
            del fetcher.asking[each.partition]
            why = f"the leader says that epoch {each.leader_epoch} ends at {each.end_offset}"
            truncate(state, replica, max(each.end_offset, 0), why, "KIP-101")
    ask(state, source)
