"""The beginning of a life: what the disk remembers, and the timers.

The law: a life's number is on disk before anything leaves, and it is the life's first incarnation (SWIM 4.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.lives import Life, next_life
from algorithms.machine import Saved
from algorithms.ring import anti_entropy, changing, hints, moving, strays, swim, tombstones
from algorithms.ring.agreement import Acceptor
from algorithms.ring.moving import MovingSaved
from algorithms.ring.table import Ring

if TYPE_CHECKING:
    from algorithms.ring.state import State

QUESTIONS = 1_000_000
"""Numbers of one life, so that an answer to a question of an earlier one is never taken for an answer to ours."""


def boot(state: State, saved: Saved) -> None:
    """Take up what the last life left behind."""
    life = next_life(saved, state.now)
    state.save("life", Life(life))
    state.operation_count = state.exchange_count = state.handing.step = life * QUESTIONS
    state.membership.sequence = life * QUESTIONS
    state.storage.load(saved)
    state.hints.load(saved)
    _recall(state, saved)
    swim.start(state, life)
    for part in (hints, anti_entropy, strays, tombstones):
        part.start(state)
    was_moving = saved.cell("moving")
    moving.ring_changed(state, was_moving if isinstance(was_moving, MovingSaved) else None)
    changing.look_whether_all_hold(state)


def _recall(state: State, saved: Saved) -> None:
    ring, acceptor = saved.cell("ring"), saved.cell("acceptor")
    if isinstance(ring, Ring):
        state.set_ring(ring)
    if isinstance(acceptor, Acceptor):
        state.acceptor = acceptor
