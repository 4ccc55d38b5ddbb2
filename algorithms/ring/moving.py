"""Ranges that change hands: what a node gains from the ring that is coming, and how it comes to hold it.

The law: a node says that it holds what it gains only when, for every range, it has taken over all that enough of the
present owners held, on its own disk. Enough is N - W + 1 of them, so that at least one has every acknowledged write
(Dynamo 4.5). What was taken over survives a crash: the node goes on where it was.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from algorithms.machine import Record
from algorithms.placement.ring import Member
from algorithms.ring import reconciling
from algorithms.ring.belongings import differences
from algorithms.ring.messages import RangesHeld
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Span

if TYPE_CHECKING:
    from algorithms.ring.state import State

AT_ONCE = 4
"""Peers from which a node takes ranges over at one time."""
SETTLERS = 3
"""Members that listen for the end of the moves."""
SOURCE = "Dynamo 4.9"


class Unit(Record, frozen=True):
    """A range that a node gains, and its present owners."""

    span: Span
    owners: tuple[str, ...]


class MovingSaved(Record, frozen=True):
    """How far a node had come: a bit (from the lowest on) for each unit that it holds, as hex digits."""

    epoch: int
    held: str


class Moving:
    """The ranges that this node takes over in one epoch."""

    __slots__ = ("bytes", "epoch", "held", "keys", "taken_from", "under_way", "units")

    def __init__(self, epoch: int, units: tuple[Unit, ...]) -> None:
        self.epoch = epoch
        self.units = units
        self.held = [False] * len(units)
        self.taken_from: list[dict[str, None]] = [{} for _ in units]
        """Owners all of whose keys in this range we have, by unit."""
        self.under_way: dict[str, int] = {}
        """By owner: the unit that it is asked for just now."""
        self.keys = self.bytes = 0

    @property
    def done(self) -> bool:
        """Everything is held."""
        return all(self.held)

    def saved(self) -> MovingSaved:
        """For the disk."""
        return MovingSaved(self.epoch, f"{sum(1 << place for place, held in enumerate(self.held) if held):x}")

    def load(self, saved: MovingSaved) -> None:
        """Go on where an earlier life of this epoch was."""
        bits = int(saved.held, 16)
        self.held = [bool(bits >> place & 1) for place in range(len(self.units))]


class Taking:
    """Why a range is compared with one of its owners: to have what it has."""

    __slots__ = ("epoch", "owner", "place", "rate")
    pull = True

    def __init__(self, place: int, owner: str, epoch: int, rate: int) -> None:
        self.place, self.owner, self.epoch, self.rate = place, owner, epoch, rate

    def took(self, state: State, keys: int, size: int) -> None:
        """So much has come."""
        state.bytes_taken += size
        if state.moving is not None:
            state.moving.keys += keys
            state.moving.bytes += size

    def done(self, state: State, exchange: reconciling.Exchange) -> None:
        """All that this owner held is on our disk."""
        moving = state.moving
        if moving is None or moving.epoch != self.epoch:
            return
        del moving.under_way[self.owner]
        moving.taken_from[self.place][self.owner] = None
        if len(moving.taken_from[self.place]) >= _enough(state, moving.units[self.place]):
            moving.held[self.place] = True
            state.save("moving", moving.saved())
        go_on(state)

    def failed(self, state: State, exchange: reconciling.Exchange, reason: str) -> None:
        """It will be tried again, perhaps with another owner."""
        moving = state.moving
        if moving is not None and moving.epoch == self.epoch:
            moving.under_way.pop(self.owner, None)


# ---------------------------------------------------------------- who gains what


@lru_cache(maxsize=32)
def gains(old: tuple[Member, ...], new: tuple[Member, ...], settings: RingSettings) -> dict[str, tuple[Unit, ...]]:
    """The ranges that each node gains on the way from the old ring to the new one, with their present owners."""
    found: dict[str, list[Unit]] = {}
    for span, before, after in differences(old, new, settings):
        for node in after:
            if node not in before:
                found.setdefault(node, []).append(Unit(span, before))
    return {node: tuple(units) for node, units in sorted(found.items())}


def gainers(state: State) -> tuple[str, ...]:
    """Who gains something in this epoch."""
    return tuple(gains(state.ring.members, state.ring.coming, state.settings)) if state.ring.coming else ()


def settlers(state: State) -> tuple[str, ...]:
    """Who listens for the end of the moves: the first few members that seem to be alive, and who proposed them."""
    alive = [name for name in state.ring.names if state.is_alive(name)]
    return tuple(dict.fromkeys((*alive[:SETTLERS], state.ring.proposer)))


# ---------------------------------------------------------------- taking over


def ring_changed(state: State, saved: MovingSaved | None = None) -> None:
    """See what this node gains in the epoch that begins now (or goes on, when it boots with what it had `saved`)."""
    state.moving = None
    state.cancel_timer("moving")
    if not state.ring.coming:
        return
    units = gains(state.ring.members, state.ring.coming, state.settings).get(state.name, ())
    if not units:
        return
    state.moving = Moving(state.ring.epoch, units)
    if saved is not None and saved.epoch == state.ring.epoch:
        state.moving.load(saved)
    held = sum(state.moving.held)
    had = f"; {held} of them are here already" if held else ""
    state.note(f"takes over {len(units)} ranges{had}", SOURCE)
    go_on(state)


def go_on(state: State) -> None:
    """Ask owners for the next ranges, each owner for one at a time; look again a little later."""
    moving = state.moving
    if moving is None:
        return
    if moving.done:
        _say_so(state, moving)
        return
    for place, unit in enumerate(moving.units):
        if len(moving.under_way) >= AT_ONCE:
            break
        if not moving.held[place] and place not in moving.under_way.values():
            _ask(state, moving, place, unit)
    state.set_timer("moving", state.settings.exchange_timeout)


def _ask(state: State, moving: Moving, place: int, unit: Unit) -> None:
    """The first owner (in the order of the preference list) that is alive, not busy with us, and not asked before."""
    for owner in unit.owners:
        if owner not in moving.taken_from[place] and owner not in moving.under_way and state.is_alive(owner):
            moving.under_way[owner] = place
            rate = max(1, state.settings.transfer_rate // AT_ONCE) if state.settings.transfer_rate else 0
            reconciling.begin(state, owner, unit.span, Taking(place, owner, moving.epoch, rate))
            return
    if state.settings.membership == "gossip" and not any(state.is_alive(owner) for owner in unit.owners):
        state.note(f"gives up on a range: none of its owners {' '.join(unit.owners)} can be reached", SOURCE)
        moving.held[place] = True


def _enough(state: State, unit: Unit) -> int:
    """How many owners together surely have every acknowledged write."""
    if state.settings.membership == "gossip":
        return 1
    return max(1, len(unit.owners) - state.settings.w + 1)


def _say_so(state: State, moving: Moving) -> None:
    """Everything is on disk (this waits for it); said again and again until the epoch ends."""
    for settler in settlers(state):
        state.send(settler, RangesHeld(moving.epoch))
    state.set_timer("moving", 2 * state.settings.exchange_timeout)
