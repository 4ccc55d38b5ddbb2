"""A replica: it keeps what it is given and tells what it has (Dynamo 4.5).

The law: `Stored` is said when it is on disk; so is `Fetched`, for what was told once must never be gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.ring import hints
from algorithms.ring.messages import Fetch, Fetched, Store, Stored
from algorithms.ring.versions import join

if TYPE_CHECKING:
    from algorithms.ring.state import State


def store(state: State, source: str, message: Store) -> None:
    """Join it in, or keep it as a hint for whom it is meant."""
    state.load.served(state.now, message.key, True)
    if message.hint_for and message.hint_for != state.name:
        hints.keep(state, message.hint_for, message.key, message.versions)
    else:
        state.storage.join(state, message.key, message.versions)
    state.send(source, Stored(message.operation, message.key))


def fetch(state: State, source: str, message: Fetch) -> None:
    """All that is here of the key, hints for others included (4.6)."""
    state.load.served(state.now, message.key, False)
    kept = state.hints.for_key(message.key, state.last_write_wins)
    held = join(state.storage.get(message.key), kept, state.last_write_wins)
    state.send(source, Fetched(message.operation, message.key, held))
