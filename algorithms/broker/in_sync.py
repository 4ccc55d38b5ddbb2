"""In-sync replicas, the leader's side: who falls behind and who has caught up (KIP-16, KIP-497, KIP-841, KIP-903).

The law: only the controller changes the ISR. A leader asks for one change of a partition at a time, and until it hears
of the outcome it counts whoever may be in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.appending import advance_high_watermark
from algorithms.broker.errors import Error
from algorithms.broker.messages import AlterPartitionRequest, AlterPartitionResponse, FetchRequest
from algorithms.broker.messages.administration import PartitionAlteration
from algorithms.broker.messages.data import FetchPartition
from algorithms.broker.replica import Leading, Replica

if TYPE_CHECKING:
    from algorithms.broker.state import State


def follower_fetched(state: State, request: FetchRequest, asked: FetchPartition) -> None:
    """Remember how far a follower is; it may be in sync again."""
    replica = state.leading(asked.partition)
    if replica is None or replica.leading is None or asked.current_leader_epoch != replica.leader_epoch:
        return
    leading = replica.leading
    following = leading.followers.get(request.replica)
    known = state.image.brokers.get(request.replica)
    if following is None or known is None or known.broker_epoch > request.broker_epoch:
        return  # It is no replica, or this is a word of its last life.
    if asked.fetch_offset > replica.log.end_offset or _diverges(replica, asked):
        return  # Its log is not a part of ours.
    following.broker_epoch = request.broker_epoch
    following.fetched(asked.fetch_offset, replica.log.end_offset, state.now)
    if request.replica in leading.maximal_isr():
        advance_high_watermark(state, replica)
    elif _may_join(state, replica, leading, request.replica):
        state.note(f"{request.replica} has caught up with {replica.partition}: in sync again", "KIP-16")
        _propose(state, [(replica, (*leading.in_sync_replicas, request.replica))])


def _diverges(replica: Replica, asked: FetchPartition) -> bool:
    if asked.last_fetched_epoch < 0:
        return False
    ours = replica.log.epochs.end_of(asked.last_fetched_epoch, replica.log.end_offset)
    if ours is None:
        return asked.fetch_offset > replica.log.start_offset
    return ours.epoch != asked.last_fetched_epoch or ours.end_offset < asked.fetch_offset


def _may_join(state: State, replica: Replica, leading: Leading, name: str) -> bool:
    """It has everything that is committed, and everything from before this leader (KAFKA-7128)."""
    end = leading.followers[name].log_end_offset
    enough = end >= replica.high_watermark and end >= leading.epoch_start_offset
    return leading.proposed is None and enough and state.image.is_active(name)


def look_for_laggards(state: State) -> None:
    """Timer `isr`: whoever has not caught up for `replica_lag_time_max` is not in sync any more."""
    wishes: list[tuple[Replica, tuple[str, ...]]] = []
    for replica in state.replicas.values():
        leading = replica.leading
        if leading is None or leading.proposed is not None:
            continue
        kept = tuple(name for name in leading.in_sync_replicas if not _lags(state, replica, leading, name))
        if kept != leading.in_sync_replicas:
            gone = " ".join(name for name in leading.in_sync_replicas if name not in kept)
            state.note(f"{gone} lags behind {replica.partition}: no longer in sync", "KIP-16")
            wishes.append((replica, kept))
    if wishes:
        _propose(state, wishes)
    state.timer("isr", state.settings.replica_lag_time_max // 2)


def _lags(state: State, replica: Replica, leading: Leading, name: str) -> bool:
    following = leading.followers.get(name)
    if following is None or following.log_end_offset == replica.log.end_offset:
        return False
    return state.now - following.last_caught_up > state.settings.replica_lag_time_max


def _propose(state: State, wishes: list[tuple[Replica, tuple[str, ...]]]) -> None:
    alterations = []
    for replica, in_sync_replicas in wishes:
        leading = replica.leading
        assert leading is not None, f"{state.name} does not lead {replica.partition}"
        assert leading.proposed is None, f"two changes of {replica.partition} at once"
        leading.proposed = in_sync_replicas
        alterations.append(
            PartitionAlteration(replica.partition, replica.leader_epoch, leading.partition_epoch, in_sync_replicas)
        )
    state.ask_controller(AlterPartitionRequest("", 0, state.name, state.broker_epoch, tuple(alterations)))


def partition_altered(state: State, response: AlterPartitionResponse) -> None:
    """What the controller accepted comes with the metadata. What it refused may be asked again."""
    for each in response.partitions:
        replica = state.leading(each.partition)
        if replica is not None and replica.leading is not None and each.error is not Error.NONE:
            state.note(f"the controller refuses the ISR of {each.partition}: {each.error.value}", "KIP-497")
            replica.leading.proposed = None
            advance_high_watermark(state, replica)


def preferred_replica(state: State, replica: Replica, rack: str, offset: int) -> str:
    """An in-sync replica in the consumer's own rack that has the offset; empty: read from us (KIP-392)."""
    leading = replica.leading
    if state.settings.replica_selector != "rack_aware" or not rack or leading is None:
        return ""
    own = state.image.brokers.get(state.name)
    if own is not None and own.rack == rack:
        return ""
    near = (
        name
        for name in leading.in_sync_replicas
        if name in leading.followers
        and leading.followers[name].told_high_watermark >= offset
        and state.image.is_active(name)
        and state.image.brokers[name].rack == rack
    )
    return next(near, "")
