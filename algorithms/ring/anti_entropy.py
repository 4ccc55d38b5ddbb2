"""Anti-entropy: replicas compare what they share, again and again, and repair what differs (Dynamo 4.7).

The law: it needs no memory and no agreement; each round compares with one peer, in turn, and what is equal costs two
messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.ring import reconciling
from algorithms.ring.belongings import partners

if TYPE_CHECKING:
    from algorithms.ring.state import State

SOURCE = "Dynamo 4.7"


class Repair:
    """Why two replicas compare what they share."""

    pull = False
    rate = 0

    def took(self, state: State, keys: int, size: int) -> None:
        """Something was missing here."""
        state.repaired += keys

    def done(self, state: State, exchange: reconciling.Exchange) -> None:
        """Both hold the same now."""
        if exchange.step > 1:
            state.note(f"repaired what it shares with {exchange.peer}", SOURCE)

    def failed(self, state: State, exchange: reconciling.Exchange, reason: str) -> None:
        """Its turn comes again."""


REPAIR = Repair()


def start(state: State) -> None:
    """Begin at a time of our own, so that not all compare at once."""
    if state.settings.anti_entropy:
        state.set_timer("anti_entropy", 0, state.settings.anti_entropy_interval)


def round(state: State) -> None:
    """Compare with the next peer that we share keys with and that seems to be alive."""
    state.set_timer("anti_entropy", state.settings.anti_entropy_interval)
    busy = any(exchange.purpose is REPAIR for exchange in state.exchanges.values())
    peers = () if busy else partners(state.ring.members, state.settings).get(state.name, ())
    for _ in peers:
        state.rotation += 1
        peer = peers[state.rotation % len(peers)]
        if state.is_alive(peer):
            reconciling.begin(state, peer, None, REPAIR)
            return
