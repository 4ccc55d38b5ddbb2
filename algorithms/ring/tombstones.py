"""Tombstones: a deleted key is remembered for a while, so that a replica that slept through it does not bring it back.

The law: what is collected must be a tombstone and nothing else, and older than the grace time, from the
deleting client's clock to our own. If a replica was away for longer, or that clock was behind, the key comes back
(Cassandra's gc_grace_seconds); no node can know that here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from algorithms.ring.state import State
    from algorithms.ring.versions import Versions

SOURCE = "Cassandra, gc_grace_seconds"
LOOKS = 8
"""How often in one grace time a node looks, within reason."""
SHORTEST, LONGEST = 200_000, 60_000_000


def start(state: State) -> None:
    """Look now and then."""
    state.set_timer("tombstones", min(LONGEST, max(SHORTEST, state.settings.tombstone_grace // LOOKS)))


def collect(state: State) -> None:
    """Forget the tombstones whose time is over."""
    start(state)
    old = [key for key, versions in state.storage.keys.items() if is_over(state, versions)]
    for key in old:
        state.storage.erase(state, key)
    if old:
        state.note(f"forgets {len(old)} deleted keys: their grace time is over", SOURCE)


def is_over(state: State, versions: Versions) -> bool:
    """Whether these are tombstones only, and the grace time of each is over by our own clock."""
    return bool(versions.siblings) and all(
        each.deleted and state.now - each.written_at > state.settings.tombstone_grace for each in versions.siblings
    )
