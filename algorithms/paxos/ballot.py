"""Ballots: totally ordered, and no two proposers ever have the same one (Paxos Made Simple, section 2.2).

The law: `round` first, the proposer's name second. `NO_BALLOT` is below all that are ever proposed.
"""

from __future__ import annotations

from algorithms.machine import Record


class Ballot(Record, frozen=True, order=True):
    """A proposal's number. `round` counts from 1."""

    round: int
    proposer: str

    def __str__(self) -> str:
        return f"{self.round}.{self.proposer}" if self.round else "-"


NO_BALLOT = Ballot(0, "")
