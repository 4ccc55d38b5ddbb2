"""Cutting off the end of a log that its leader does not have.

The law: what is cut off is forgotten everywhere: log, epochs, producers. The high watermark is not above the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.replica import Replica

if TYPE_CHECKING:
    from algorithms.broker.state import State


def truncate(state: State, replica: Replica, offset: int, why: str, source: str) -> None:
    """Let the log end at `offset`, or before the batch that holds it."""
    log, end = replica.log, replica.log.end_offset
    wish = log.truncate(offset)
    if wish is None:
        log.epochs.truncate_from_end(log.end_offset)  # An epoch in which we led, and wrote nothing.
        return
    state.effects.append(wish)
    replica.producers.rebuild(tuple(log.batches), state.now)
    below = ", below its high watermark!" if log.end_offset < replica.high_watermark else ""
    replica.high_watermark = min(replica.high_watermark, log.end_offset)
    state.touched[replica.partition] = None
    state.note(f"truncates {replica.partition} from {end} to {log.end_offset}{below}: {why}", source)
