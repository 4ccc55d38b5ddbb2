"""Keys that a node holds and that are not its own: written here for others, or no longer ours since the ring changed.

The law: a stray is handed to every one of its homes, and erased only when all of them have said, in the ring that is
now, that it is on their disks, and nothing has changed it meanwhile. So no key is ever without its copies because
somebody tidied up.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from algorithms.ring.messages import FetchKeys, KeysFetched
from algorithms.ring.reconciling import MOST_KEYS
from algorithms.ring.storage import weight
from algorithms.ring.table import Ring
from algorithms.ring.versions import Versions

if TYPE_CHECKING:
    from algorithms.ring.state import State

SOURCE = "Dynamo 4.9"
NUMBER = 0
"""What stands for an exchange in the messages that hand strays over; those that compare count from 1 on."""
LONGEST_PATIENCE = 4_000_000
"""After so long a message is sent again at the latest (us)."""


class Parcel:
    """What is under way to one home. Unanswered at `again_at` it is sent again, and then its patience is twice as long:
    a home that is only slow must not drown in copies, and whichever copy it answers, the answer counts."""

    __slots__ = ("again_at", "patience", "sent", "step")

    def __init__(self, step: int, sent: dict[str, Versions], patience: int, again_at: int) -> None:
        self.step, self.sent, self.patience, self.again_at = step, sent, patience, again_at


class Handing:
    """What is being handed over, in the ring `ring`."""

    __slots__ = ("confirmed", "parcels", "queues", "ring", "step")

    def __init__(self) -> None:
        self.step = 0
        self.ring: Ring | None = None
        self.parcels: dict[str, Parcel] = {}
        """By home: what it has not answered yet, one at a time."""
        self.queues: dict[str, deque[str]] = {}
        """By home: what else it lacks, as it was at the last look."""
        self.confirmed: dict[str, dict[str, Versions]] = {}
        """By key: which homes have which state of it on disk."""


def start(state: State) -> None:
    """Look soon, and then again and again."""
    state.set_timer("strays", 0, state.settings.hint_interval)


def look(state: State) -> None:
    """Hand the strays to those of their homes that have not confirmed them and seem to be alive."""
    state.set_timer("strays", state.settings.hint_interval)
    state.belongings.look_through(state)
    if state.handing.ring is not state.ring:
        _begin(state)
    handing = state.handing
    handing.queues = {}
    for key in state.belongings.strays:
        for home in _lacking(state, key):
            handing.queues.setdefault(home, deque()).append(key)
    for home in sorted({**handing.queues, **handing.parcels}):
        if state.is_alive(home):
            _hand_over(state, home)


def confirmed(state: State, source: str, message: KeysFetched) -> None:
    """A home has what we sent on its disk; erase what everybody has, and hand over the rest."""
    handing = state.handing
    parcel = handing.parcels.get(source)
    if parcel is None or parcel.step != message.step or handing.ring is not state.ring:
        return
    del handing.parcels[source]
    for key, versions in parcel.sent.items():
        handing.confirmed.setdefault(key, {})[source] = versions
    _erase(state, [key for key in parcel.sent if not _lacking(state, key)])
    _hand_over(state, source)


def _begin(state: State) -> None:
    """Another ring: other homes."""
    step, state.handing = state.handing.step, Handing()
    state.handing.step, state.handing.ring = step, state.ring
    if state.belongings.strays:
        state.note(f"hands on {len(state.belongings.strays)} keys that are not its own", SOURCE)


def _erase(state: State, keys: list[str]) -> None:
    for key in keys:
        state.storage.erase(state, key)
        state.handing.confirmed.pop(key, None)
    if keys:
        state.note(f"gave up {len(keys)} keys: all their homes have them on disk", SOURCE)


def _lacking(state: State, key: str) -> list[str]:
    """The homes that have not confirmed the very state that is here; oneself, if one is a home, never will."""
    confirmed, held = state.handing.confirmed.get(key, {}), state.storage.get(key)
    return [home for home in state.homes(key) if confirmed.get(home) != held]


# ---------------------------------------------------------------- one home


def _hand_over(state: State, home: str) -> None:
    """The next message for this home, or the last one again when it is time."""
    parcel = state.handing.parcels.get(home)
    if parcel is None:
        sent = _next_few(state, home)
        if sent:
            state.handing.step += 1
            patience = state.settings.hint_interval
            parcel = Parcel(state.handing.step, sent, patience, state.now + patience)
            state.handing.parcels[home] = parcel
            _send(state, home, parcel)
    elif not state.now < parcel.again_at <= state.now + parcel.patience:  # A clock may also have been set back.
        parcel.patience = min(2 * parcel.patience, LONGEST_PATIENCE)
        parcel.again_at = state.now + parcel.patience
        _send(state, home, parcel)


def _next_few(state: State, home: str) -> dict[str, Versions]:
    """What this home lacks of its queue, as much as one message takes; at least one key, if there is one."""
    queue = state.handing.queues.get(home, ())
    chosen: dict[str, Versions] = {}
    size = 0
    while queue and len(chosen) < MOST_KEYS:
        versions = state.storage.get(queue[0])
        size += weight(versions)
        if chosen and size > state.settings.transfer_chunk:
            break
        key = queue.popleft()
        if key in state.belongings.strays and state.handing.confirmed.get(key, {}).get(home) != versions:
            chosen[key] = versions
    return chosen


def _send(state: State, home: str, parcel: Parcel) -> None:
    keys, versions = tuple(parcel.sent), tuple(parcel.sent.values())
    state.send(home, FetchKeys(state.ring.epoch, NUMBER, parcel.step, (), keys, versions))
