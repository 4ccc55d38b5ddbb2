"""What is on the screen of a single-decree synod, as values. `tui/synod_framing.py` makes them from a world."""

from __future__ import annotations

from dataclasses import dataclass

from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.view import Quorums, SynodView
from tui.glyphs import Role
from tui.paxos_frame import NOBODY, LogClientFace


@dataclass(frozen=True, slots=True)
class SynodRow:
    """A server, in the cluster's order; without a view it is down."""

    node: str
    role: Role
    view: SynodView | None = None

    @property
    def proposes(self) -> bool:
        """It has a ballot of its own."""
        return self.view is not None and self.view.ballot != NO_BALLOT


@dataclass(frozen=True, slots=True)
class Choice:
    """A ballot and value that somebody has accepted, and who has."""

    ballot: Ballot
    value: str
    votes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynodFrame:
    """The synod at one moment."""

    acceptors: tuple[str, ...] = ()
    quorums: Quorums = NOBODY
    rows: tuple[SynodRow, ...] = ()
    choices: tuple[Choice, ...] = ()
    """The highest ballot first."""
    ladder: tuple[Ballot, ...] = ()
    """The last ballots that were begun, the newest last."""
    begun: int = 0
    """How many were begun at all."""
    clients: tuple[LogClientFace, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is chosen: accepted by a quorum in one ballot, or learned. More than one breaks agreement."""
        votes = (each.value for each in self.choices if len(each.votes) >= self.quorums.phase_2 > 0)
        learned = (row.view.chosen for row in self.rows if row.view is not None and row.view.chosen is not None)
        return tuple(dict.fromkeys((*learned, *votes)))

    @property
    def duel(self) -> tuple[SynodView, ...]:
        """The proposers that are at it, the highest ballot first; nobody once something is chosen."""
        found = [row.view for row in self.rows if row.view is not None and row.view.phase != "idle"]
        return () if self.chosen else tuple(sorted(found, key=lambda view: view.ballot, reverse=True))
