"""A broker's boot: logs and checkpoints, the metadata quorum, a new life.

The law: the life's number is on disk before anything names it. A clean shutdown leaves a mark, which the next life
takes away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker import checkpoints
from algorithms.broker.registering import register
from algorithms.lives import Life, next_life
from algorithms.machine import Save, Saved

if TYPE_CHECKING:
    from algorithms.broker.state import State


def boot(state: State, saved: Saved) -> None:
    """Begin a life."""
    state.incarnation = next_life(saved, state.now)
    state.client_id = f"{state.name}.{state.incarnation}"
    state.effects.append(Save("life", Life(state.incarnation)))
    checkpoints.restore(state, saved)
    state.effects += state.quorum.start(saved, state.now)
    settings = state.settings
    state.timer("checkpoint", settings.replica_high_watermark_checkpoint_interval)
    state.timer("isr", settings.replica_lag_time_max // 2)
    state.timer("retention", settings.log_retention_check_interval)
    if state.replicas:
        state.note(f"boots with {len(state.replicas)} replicas on disk", "Kafka")
    register(state, checkpoints.take_clean_mark(state, saved))
