"""What an acceptor remembers: one promise for all slots, and in each slot the last proposal that it has accepted.

The law: a promise never goes back; and of what was accepted, only that is forgotten which is chosen and in a snapshot.
Nothing here touches the disk; `places` says where on it the proposals stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.paxos.ballot import NO_BALLOT
from algorithms.paxos.messages import Proposal


class Acceptor:
    """Proposals by slot. The journal `log` has them in the order in which they came, under numbers from 1."""

    __slots__ = ("accepted", "base_slot", "last_slot", "next_number", "places", "promised")

    def __init__(self) -> None:
        self.promised = NO_BALLOT
        self.accepted: dict[int, Proposal] = {}
        self.places: dict[int, int] = {}
        """For each of these slots the number of its newest record in the journal."""
        self.base_slot = 0
        """Slots up to here are compacted away."""
        self.last_slot = 0
        """The last slot in which anything is accepted."""
        self.next_number = 1

    def take(self, proposals: tuple[Proposal, ...]) -> int:
        """Remember these, which come next in the journal; the result is the number of the first."""
        first = self.next_number
        for number, proposal in enumerate(proposals, first):
            slot = proposal.slot
            self.accepted[slot] = proposal
            self.places[slot] = number
            if slot > self.last_slot:
                self.last_slot = slot
        self.next_number = first + len(proposals)
        return first

    def proposals(self, first: int, last: int) -> Iterator[Proposal]:
        """What is accepted in the slots from `first` to `last`, in order; holes are left out."""
        accepted = self.accepted
        return (accepted[slot] for slot in range(max(first, self.base_slot + 1), last + 1) if slot in accepted)

    def forget(self, slot: int) -> int:
        """Forget all slots up to `slot`. The result is the first number of the journal that is still needed."""
        for old in range(self.base_slot + 1, slot + 1):
            self.accepted.pop(old, None)
            self.places.pop(old, None)
        self.base_slot = max(self.base_slot, slot)
        self.last_slot = max(self.last_slot, slot)
        return min(self.places.values(), default=self.next_number)
