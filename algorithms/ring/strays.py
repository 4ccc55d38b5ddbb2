"""Keys that a node holds and that are not its own: written here for others, or no longer ours since the ring changed.

The law: a stray is handed to every one of its homes, and erased only when all of them have said that it is on their
disks and nothing has changed it meanwhile. So no key is ever without its copies because somebody tidied up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.ring.messages import FetchKeys, KeysFetched
from algorithms.ring.storage import weight
from algorithms.ring.versions import Versions

if TYPE_CHECKING:
    from algorithms.ring.state import State

SOURCE = "Dynamo 4.9"
NUMBER = 0
"""What stands for an exchange in the messages that hand strays over; those that compare count from 1 on."""


class Handing:
    """What is being handed over."""

    __slots__ = ("confirmed", "epoch", "sent", "step")

    def __init__(self) -> None:
        self.step = 0
        self.sent: dict[int, tuple[str, dict[str, Versions]]] = {}
        """By step of a message: whom it went to, and what was in it."""
        self.confirmed: dict[str, dict[str, Versions]] = {}
        """By key: which homes have which state of it on disk, in the ring of `epoch`."""
        self.epoch = -1


def start(state: State) -> None:
    """Look soon, and then again and again."""
    state.set_timer("strays", 0, state.settings.hint_interval)


def look(state: State) -> None:
    """Hand the strays to those of their homes that have not confirmed them; what was not answered is sent again."""
    state.set_timer("strays", state.settings.hint_interval)
    state.belongings.look_through(state)
    if state.handing.epoch != state.ring.epoch:
        _begin(state)
    state.handing.sent.clear()
    by_home: dict[str, list[str]] = {}
    for key in state.belongings.strays:
        for home in _lacking(state, key):
            by_home.setdefault(home, []).append(key)
    for home in sorted(by_home):
        if state.is_alive(home):
            _hand_over(state, home, by_home[home])


def confirmed(state: State, source: str, message: KeysFetched) -> None:
    """A home has what we sent on its disk; hand over the rest, or erase what everybody has."""
    home, sent = state.handing.sent.pop(message.step, ("", {}))
    if home != source:
        return
    for key, versions in sent.items():
        if state.storage.get(key) == versions:
            state.handing.confirmed.setdefault(key, {})[home] = versions
    strays = state.belongings.strays
    erased = [key for key in sent if key in strays and not _lacking(state, key)]
    for key in erased:
        state.storage.erase(state, key)
        state.handing.confirmed.pop(key, None)
    if erased:
        state.note(f"gave up {len(erased)} keys: all their homes have them on disk", SOURCE)
    rest = [key for key in strays if home in _lacking(state, key)]
    if rest:
        _hand_over(state, home, rest)


def _begin(state: State) -> None:
    """Another ring: other homes."""
    state.handing.epoch = state.ring.epoch
    state.handing.confirmed = {}
    if state.belongings.strays:
        state.note(f"hands on {len(state.belongings.strays)} keys that are not its own", SOURCE)


def _lacking(state: State, key: str) -> list[str]:
    """The homes that have not confirmed this very state."""
    confirmed, held = state.handing.confirmed.get(key, {}), state.storage.get(key)
    return [home for home in state.homes(key) if confirmed.get(home) != held]


def _hand_over(state: State, home: str, keys: list[str]) -> None:
    """One message's worth."""
    chosen: dict[str, Versions] = {}
    size = 0
    for key in keys:
        versions = state.storage.get(key)
        size += weight(versions)
        if chosen and size > state.settings.transfer_chunk:
            break
        chosen[key] = versions
    handing = state.handing
    handing.step += 1
    handing.sent[handing.step] = (home, chosen)
    names, held = tuple(chosen), tuple(chosen.values())
    state.send(home, FetchKeys(state.ring.epoch, NUMBER, handing.step, (), names, held))
