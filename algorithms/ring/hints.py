"""Hints: writes kept for a replica that could not be reached, to be delivered when it is back (Dynamo 4.6).

The law: a hint is on disk like any write, and goes only when its target has it on disk, or when it is too old.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.machine import Record, Saved
from algorithms.ring.messages import Store, Stored
from algorithms.ring.versions import NOTHING, Versions, join

if TYPE_CHECKING:
    from algorithms.ring.state import State

PREFIX = "hint/"
AT_ONCE = 16
"""Hints for one target that may be under way."""
LONGEST_PATIENCE = 16_000_000
"""After so long hints are sent again at the latest (us)."""
SOURCE = "Dynamo 4.6"


class Hint(Record, frozen=True):
    """What `target` should have of `key`. `stored_at` is our own clock when the first of it came (us)."""

    target: str
    key: str
    versions: Versions
    stored_at: int


class Batch:
    """Hints that are under way to one target, by key. What is not confirmed by `again_at` is sent again under the same
    `number`, and then its patience is twice as long: a target that is only slow must not drown in copies. An answer to
    an earlier batch says nothing about this one, for hints grow."""

    __slots__ = ("again_at", "number", "patience", "sent")

    def __init__(self, number: int, sent: dict[str, Versions], patience: int, again_at: int) -> None:
        self.number, self.sent, self.patience, self.again_at = number, sent, patience, again_at


class Hints:
    """All hints of one node, by target and key."""

    __slots__ = ("_held", "batches")

    def __init__(self) -> None:
        self._held: dict[str, dict[str, Hint]] = {}
        self.batches: dict[str, Batch] = {}
        """By target: what has been sent and not been confirmed; never empty."""

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
        self.close(target, key)

    def close(self, target: str, key: str) -> None:
        """It is not under way any more."""
        batch = self.batches.get(target)
        if batch is not None and batch.sent.pop(key, None) is not None and not batch.sent:
            del self.batches[target]

    def counts(self) -> list[tuple[str, int]]:
        """How many there are for whom."""
        return [(target, len(held)) for target, held in sorted(self._held.items())]

    def targets(self) -> list[str]:
        """For whom there are some."""
        return sorted(self._held)

    def of(self, target: str) -> list[Hint]:
        """All for one target."""
        return list(self._held.get(target, {}).values())

    def for_key(self, key: str, last_write_wins: bool) -> Versions:
        """What all hints together hold of a key."""
        found = NOTHING
        for held in self._held.values():
            if key in held:
                found = join(found, held[key].versions, last_write_wins)
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
    state.erase(cell(hint.target, hint.key))


# ---------------------------------------------------------------- delivering


def start(state: State) -> None:
    """Begin at a time of our own."""
    state.set_timer("hints", 0, state.settings.hint_interval)


def deliver(state: State) -> None:
    """Send what is held for those who seem to be alive again; drop what is too old."""
    state.set_timer("hints", state.settings.hint_interval)
    for target in state.hints.targets():
        _drop_old(state, target)
        if target not in state.everyone:
            _give_to_present_homes(state, target)
        elif state.is_alive(target) and state.hints.of(target):
            _send_if_due(state, target)


def _send_if_due(state: State, target: str) -> None:
    batch = state.hints.batches.get(target)
    if batch is None:
        _send_next(state, target)
    elif not state.now < batch.again_at <= state.now + batch.patience:  # A clock may also have been set back.
        batch.patience = min(2 * batch.patience, LONGEST_PATIENCE)
        _send(state, target, batch)


def _send_next(state: State, target: str) -> None:
    state.operation_count += 1
    sent = {hint.key: hint.versions for hint in state.hints.of(target)[:AT_ONCE]}
    batch = Batch(state.operation_count, sent, 2 * state.settings.hint_interval, 0)
    state.hints.batches[target] = batch
    _send(state, target, batch)


def _send(state: State, target: str, batch: Batch) -> None:
    batch.again_at = state.now + batch.patience
    for key, versions in batch.sent.items():
        state.send(target, Store(state.ring.epoch, batch.number, key, versions))


def delivered(state: State, source: str, message: Stored) -> None:
    """The target has it on disk; what has come since stays, and is sent with the next ones."""
    batch, hint = state.hints.batches.get(source), state.hints.get(source, message.key)
    if batch is None or hint is None or batch.number != message.operation or message.key not in batch.sent:
        return
    if hint.versions == batch.sent[message.key]:
        _drop(state, hint)
    else:
        state.hints.close(source, message.key)
    if source in state.hints.batches:
        return
    if state.hints.of(source):
        _send_next(state, source)
    else:
        state.note(f"has delivered all that it kept for {source}", SOURCE)


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
