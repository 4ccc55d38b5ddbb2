"""Keeping logs small: retention and compaction, at intervals (Kafka's log.retention.check and log cleaner).

The law: a replica tends its own log by the topic's settings; nothing above the high watermark is touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.log.cleaner import compacted, retention_start
from algorithms.broker.replica import Replica

if TYPE_CHECKING:
    from algorithms.broker.state import State


def tend_logs(state: State) -> None:
    """Timer `retention`."""
    for replica in state.replicas.values():
        policy = str(state.topic_setting(replica.partition.topic, "cleanup_policy"))
        if replica.partition.topic in state.image.topics:
            if "compact" in policy:
                _compact(state, replica)
            if "delete" in policy:
                _delete(state, replica)
        replica.producers.expire(state.now, state.settings.producer_id_expiration)
    state.timer("retention", state.settings.log_retention_check_interval)


def _delete(state: State, replica: Replica) -> None:
    topic, log = replica.partition.topic, replica.log
    time, size = (int(state.topic_setting(topic, name)) for name in ("retention_time", "retention_bytes"))
    start = retention_start(log, state.now, time, size, replica.high_watermark)
    if start > log.start_offset:
        trim = log.advance_start(start)
        if trim is not None:
            state.effects.append(trim)
        state.note(f"{replica.partition} begins at offset {start} now: older segments are deleted", "log.retention")


def _compact(state: State, replica: Replica) -> None:
    keep = int(state.topic_setting(replica.partition.topic, "delete_retention_time"))
    before = replica.log.size
    kept = compacted(replica.log, replica.last_stable_offset, state.now, keep)
    if kept is not None:
        state.effects.append(replica.log.replace(kept))
        state.note(f"compacts {replica.partition} from {before} to {replica.log.size} bytes", "log compaction")
