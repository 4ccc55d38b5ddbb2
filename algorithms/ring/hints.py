"""Hints: writes kept for a replica that could not be reached, to be delivered when it is back (Dynamo 4.6).

The law: a hint is on disk like any write, and goes only when its target has it on disk, or when it is too old.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.machine import Record, Saved
from algorithms.ring.messages import Store
from algorithms.ring.versions import NOTHING, Versions, join

if TYPE_CHECKING:
    from algorithms.ring.state import State

PREFIX = "hint/"
DELIVERY = 0
"""What stands for an operation in the messages that deliver hints; those of coordinators count from 1 on."""
AT_ONCE = 64
"""Hints for one target that may be under way."""
SOURCE = "Dynamo 4.6"


class Hint(Record, frozen=True):
    """What `target` should have of `key`. `stored_at` is our own clock when the first of it came (us)."""

    target: str
    key: str
    versions: Versions
    stored_at: int


class Hints:
    """All hints of one node, by target and key."""

    __slots__ = ("_held", "under_way")

    def __init__(self) -> None:
        self._held: dict[str, dict[str, Hint]] = {}
        self.under_way: dict[tuple[str, str], Versions] = {}
        """What has been sent to a target and is not confirmed."""

    def load(self, saved: Saved) -> None:
        """What the disk has."""
        for cell in saved.cells:
            if cell.name.startswith(PREFIX) and isinstance(cell.value, Hint):
                self.put(cell.value)

    def put(self, hint: Hint) -> None:
        """Hold it in place of what was held for that target and key."""
        self._held.setdefault(hint.target, {})[hint.key] = hint

    def get(self, target: str, key: str) -> Hint | None:
        """What is held for the target."""
        return self._held.get(target, {}).get(key)

    def pop(self, target: str, key: str) -> None:
        """Hold it no more."""
        held = self._held[target]
        del held[key]
        if not held:
            del self._held[target]

    def counts(self) -> list[tuple[str, int]]:
        """How many there are for whom."""
        return [(target, len(held)) for target, held in sorted(self._held.items())]

    def targets(self) -> list[str]:
        """For whom there are some."""
        return sorted(self._held)

    def of(self, target: str) -> list[Hint]:
        """All for one target."""
        return list(self._held.get(target, {}).values())

    def for_key(self, key: str) -> Versions:
        """What all hints together hold of a key."""
        found = NOTHING
        for held in self._held.values():
            if key in held:
                found = join(found, held[key].versions)
        return found


def cell(target: str, key: str) -> str:
    """Where a hint lies on disk."""
    return f"{PREFIX}{target}/{key}"


# ---------------------------------------------------------------- keeping


def keep(state: State, target: str, key: str, versions: Versions) -> None:
    """Keep this for `target`."""
    old = state.hints.get(target, key)
    joined = join(old.versions, versions, state.last_write_wins) if old else versions
    if old is not None and joined == old.versions:
        return
    hint = Hint(target, key, joined, old.stored_at if old else state.now)
    state.hints.put(hint)
    state.save(cell(target, key), hint)


def _drop(state: State, hint: Hint) -> None:
    state.hints.pop(hint.target, hint.key)
    state.hints.under_way.pop((hint.target, hint.key), None)
    state.erase(cell(hint.target, hint.key))


# ---------------------------------------------------------------- delivering


def start(state: State) -> None:
    """Begin at a time of our own."""
    state.set_timer("hints", 0, state.settings.hint_interval)


def deliver(state: State) -> None:
    """Send what is held for those who seem to be alive again; drop what is too old."""
    state.set_timer("hints", state.settings.hint_interval)
    state.hints.under_way.clear()
    for target in state.hints.targets():
        _drop_old(state, target)
        if target not in state.everyone:
            _give_to_present_homes(state, target)
        elif state.is_alive(target):
            _send_some(state, target)


def delivered(state: State, source: str, key: str) -> None:
    """The target has it on disk; what has come since stays."""
    sent = state.hints.under_way.pop((source, key), None)
    hint = state.hints.get(source, key)
    if hint is None or sent is None:
        return
    if hint.versions == sent:
        _drop(state, hint)
        if not state.hints.of(source):
            state.note(f"has delivered all that it kept for {source}", SOURCE)
        elif not state.hints.under_way:
            _send_some(state, source)


def _send_some(state: State, target: str) -> None:
    for hint in state.hints.of(target)[:AT_ONCE]:
        state.hints.under_way[target, hint.key] = hint.versions
        state.send(target, Store(state.ring.epoch, DELIVERY, hint.key, hint.versions))


def _drop_old(state: State, target: str) -> None:
    old = [hint for hint in state.hints.of(target) if state.now - hint.stored_at > state.settings.hint_lifetime]
    for hint in old:
        _drop(state, hint)
    if old:
        state.note(f"drops {len(old)} hints for {target}: nobody came for them in time", SOURCE)


def _give_to_present_homes(state: State, target: str) -> None:
    """It has left the ring: what was kept for it is a stray now, and goes to those who own it."""
    for hint in state.hints.of(target):
        state.storage.join(state, hint.key, hint.versions)
        _drop(state, hint)
