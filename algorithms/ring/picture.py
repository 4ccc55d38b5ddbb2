"""A ring server's view of itself, made when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.ring.view import HintsFor, HotKey, Neighbour, Progress, RingView

if TYPE_CHECKING:
    from algorithms.ring.state import State


def view_of(state: State) -> RingView:
    """See `RingView`."""
    load = state.load
    return RingView(
        name=state.name,
        ring=state.ring,
        keys=len(state.storage),
        bytes=state.storage.bytes,
        strays=_strays(state),
        hints=tuple(HintsFor(target, count) for target, count in state.hints.counts()),
        neighbours=tuple(
            Neighbour(name, state.membership.status(name)) for name in state.everyone if name != state.name
        ),
        coordinating=len(state.operations),
        coordinated=state.coordinated,
        reads=load.reads,
        writes=load.writes,
        requests_per_second=load.per_second(state.now),
        hottest=tuple(HotKey(key, count) for key, count in load.hottest()),
        read_repairs=state.read_repairs,
        exchanges=state.exchanges_done,
        repaired=state.repaired,
        bytes_taken=state.bytes_taken,
        moving=_progress(state),
    )


def _strays(state: State) -> int:
    state.belongings.look_through(state)
    return len(state.belongings.strays)


def _progress(state: State) -> Progress | None:
    moving = state.moving
    if moving is None:
        return None
    return Progress(moving.epoch, len(moving.units), sum(moving.held), moving.keys, moving.bytes)
