"""Appending as a leader, and the high watermark (Kafka, "Replication"; KIP-101, KIP-497, KIP-966).

The law: what is below the high watermark is on every in-sync replica; nobody is told that a record is committed before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.awaiting import Delayed, Then
from algorithms.broker.completing import complete
from algorithms.broker.errors import Error
from algorithms.broker.records import RecordBatch

if TYPE_CHECKING:
    from algorithms.broker.replica import Leading, Replica
    from algorithms.broker.state import State


def append_as_leader(
    state: State, replica: Replica, batch: RecordBatch, then: Then | None = None, deadline: int = -1
) -> int:
    """Append; the base offset. `then` is completed when the high watermark is above the batch, or at the local time
    `deadline` (us; -1: none) with REQUEST_TIMED_OUT, or with NOT_LEADER_OR_FOLLOWER when we cease to lead."""
    leading = replica.leading
    assert leading is not None, f"{state.name} appends to {replica.partition}, which it does not lead"
    placed = batch.placed(replica.log.end_offset, replica.leader_epoch)
    write(state, replica, placed)
    if then is not None:
        delay(state, replica, placed.next_offset, deadline, then)
    advance_high_watermark(state, replica)
    return placed.base_offset


def delay(state: State, replica: Replica, offset: int, deadline: int, then: Then) -> None:
    """Complete `then` when the high watermark is at `offset`, which it is not yet."""
    assert replica.leading is not None, f"{state.name} does not lead {replica.partition}"
    replica.leading.delayed.append(Delayed(offset, deadline, then))
    if deadline >= 0 and not state.is_expiring:
        state.is_expiring = True
        state.timer("expire", max(1, deadline - state.now))


def write(state: State, replica: Replica, batch: RecordBatch) -> None:
    """Put a placed batch into the log, as leader or as follower. It is synced as often as the topic says."""
    replica.unflushed += len(batch.records)
    every = int(state.topic_setting(replica.partition.topic, "flush_messages"))
    sync = bool(every) and replica.unflushed >= every
    if sync:
        replica.unflushed = 0
    state.effects.append(replica.log.append(batch, sync))
    replica.producers.take(batch, state.now)
    state.touched[replica.partition] = None


def advance_high_watermark(state: State, replica: Replica) -> None:
    """Let it follow the slowest in-sync replica; it never goes back."""
    leading = replica.leading
    if leading is None or (_needs_min_isr(state) and not state.enough_in_sync(replica)):
        return
    ends = [leading.followers[name].log_end_offset for name in leading.maximal_isr() if name in leading.followers]
    slowest = min((*ends, replica.log.end_offset))
    if slowest > replica.high_watermark:
        replica.high_watermark = slowest
        state.touched[replica.partition] = None
        _complete_delayed(state, replica, leading)


def _needs_min_isr(state: State) -> bool:
    """KIP-966: below min.insync.replicas nothing is committed, so that eligible leaders lack nothing."""
    return state.settings.eligible_leader_replicas_enable


def _complete_delayed(state: State, replica: Replica, leading: Leading) -> None:
    due = [each for each in leading.delayed if each.offset <= replica.high_watermark]
    if not due:
        return
    leading.delayed = [each for each in leading.delayed if each.offset > replica.high_watermark]
    error = Error.NONE if state.enough_in_sync(replica) else Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND
    for each in due:
        complete(state, each.then, error)


def fail_delayed(state: State, leading: Leading) -> None:
    """We do not lead any more; what will become of the records, others decide."""
    delayed, leading.delayed = leading.delayed, []
    for each in delayed:
        complete(state, each.then, Error.NOT_LEADER_OR_FOLLOWER)


def expire_delayed(state: State) -> None:
    """Whoever has waited long enough hears so (timer `expire`, which is set for the next one then)."""
    waiting: list[int] = []
    for replica in state.replicas.values():
        leading = replica.leading
        if leading is not None and leading.delayed:
            _expire(state, leading)
            waiting += [each.deadline for each in leading.delayed if each.deadline >= 0]
    state.is_expiring = bool(waiting)
    if waiting:
        state.timer("expire", max(1, min(waiting) - state.now))


def _expire(state: State, leading: Leading) -> None:
    late = [each for each in leading.delayed if 0 <= each.deadline <= state.now]
    if late:
        leading.delayed = [each for each in leading.delayed if not 0 <= each.deadline <= state.now]
        for each in late:
            complete(state, each.then, Error.REQUEST_TIMED_OUT)
