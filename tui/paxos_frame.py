"""What is on the screen of a Multi-Paxos log, as values. The law: slots are 1-based, and who has accepted what is what
the servers themselves say, not only what the leader has heard.

`tui/paxos_framing.py` makes these from a world.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.view import PaxosView, Quorums
from tui.glyphs import Role

NOBODY = Quorums(0, 0)


class Holding(Enum):
    """What one server has in one slot; the value is the word for it."""

    NEWEST = "accepted"
    """The slot's newest ballot that anybody has accepted."""
    OLDER = "older ballot"
    LEARNED = "learned"
    """It knows what is chosen without having accepted it."""
    HOLE = "hole"
    COMPACTED = "in the snapshot"
    UNKNOWN = "down"


@dataclass(frozen=True, slots=True)
class SlotFace:
    """One slot over all servers. `value` and `ballot` are the newest ones accepted, empty in a hole."""

    slot: int
    ballot: Ballot
    value: str
    chosen: bool
    """Some server knows it to be chosen."""
    holdings: tuple[Holding, ...]
    """Of each server, in the frame's order."""
    rounds: tuple[int, ...]
    """The round in which each has accepted something; 0 is none."""
    votes: tuple[str, ...]
    """Who has accepted `ballot`."""
    heard: tuple[str, ...] = ()
    """Of whom the leader knows that."""

    @property
    def is_hole(self) -> bool:
        """Nobody who is up has accepted or learned anything here."""
        return not self.value and not self.chosen

    @property
    def is_no_op(self) -> bool:
        """It only fills a hole."""
        return self.value == "no-op"


@dataclass(frozen=True, slots=True)
class PaxosRow:
    """A server, in the cluster's order; without a view it is down."""

    node: str
    role: Role
    view: PaxosView | None = None


@dataclass(frozen=True, slots=True)
class LogClientFace:
    """A client of the log."""

    node: str
    up: bool
    leader: str = ""
    waiting: int = 0
    done: int = 0
    failed: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class PaxosFrame:
    """The log at one moment. `leader` is the one with the highest ballot of all that believe to lead."""

    leader: str = ""
    ballot: Ballot = NO_BALLOT
    """The leader's; else the highest that anybody has promised."""
    quorums: Quorums = NOBODY
    acceptors: tuple[str, ...] = ()
    rows: tuple[PaxosRow, ...] = ()
    slots: tuple[SlotFace, ...] = ()
    """The last ones, in order."""
    clients: tuple[LogClientFace, ...] = ()

    @property
    def preparing(self) -> tuple[PaxosView, ...]:
        """Who is in phase 1, the highest ballot first."""
        found = [row.view for row in self.rows if row.view is not None and row.view.role == "preparing"]
        return tuple(sorted(found, key=lambda view: view.ballot, reverse=True))

    @property
    def proposers(self) -> int:
        """How many believe to lead, or want to."""
        views = (row.view for row in self.rows)
        return sum(view is not None and view.role in ("leader", "preparing") for view in views)

    @property
    def commit(self) -> int:
        """The last slot up to which anybody knows all to be chosen."""
        return max((row.view.commit_index for row in self.rows if row.view is not None), default=0)

    @property
    def up(self) -> int:
        """Acceptors that are up."""
        return sum(row.view is not None and row.node in self.acceptors for row in self.rows)

    @property
    def open_slot(self) -> SlotFace | None:
        """The first one that is not known to be chosen."""
        return next((slot for slot in self.slots if not slot.chosen and slot.slot > self.commit), None)
