"""Paxos servers as onlookers see them. The law: values are texts here, as a person reads them (`put x 1`, `no-op`)."""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Record
from algorithms.paxos.ballot import NO_BALLOT, Ballot


class Quorums(Record, frozen=True):
    """How many acceptors make a quorum of phase 1 and of phase 2 (Howard, Malkhi, Spiegelman 2016)."""

    phase_1: int
    phase_2: int


class SynodView(Record, frozen=True):
    """One server of the single-decree synod: acceptor, proposer and learner (Paxos Made Simple, section 2)."""

    name: str
    promised: Ballot = NO_BALLOT
    accepted: Ballot = NO_BALLOT
    accepted_value: str | None = None
    phase: str = "idle"
    """Of its proposer: `idle`, `prepare` (1a sent), `accept` (2a sent) or `waiting` (it backs off)."""
    ballot: Ballot = NO_BALLOT
    """Its proposer's newest."""
    promises: tuple[str, ...] = ()
    """Who has promised `ballot`, sorted."""
    accepts: tuple[str, ...] = ()
    """Who is known to have accepted `ballot`, sorted."""
    refusals: tuple[str, ...] = ()
    proposing: str | None = None
    """The value of its proposal: its own, or the one it had to adopt."""
    wanted: str | None = None
    """The value that it was asked to propose."""
    chosen: str | None = None
    """What its learner has learned."""
    acceptors: tuple[str, ...] = ()
    quorums: Quorums = Quorums(0, 0)
    chosen_in: Ballot = NO_BALLOT
    """In which ballot its learner saw `chosen` accepted by a quorum."""


class SlotView(Record, frozen=True):
    """One slot of the log, as one server has it. `slot` is 1-based."""

    slot: int
    ballot: Ballot
    """In which this server has accepted `value`; `NO_BALLOT` if it has accepted nothing there."""
    value: str
    accepts: tuple[str, ...]
    """On the leader: who is known to have accepted it, sorted."""
    chosen: bool


class PaxosView(Record, frozen=True):
    """One server of the Multi-Paxos log (Paxos Made Simple, section 3). `role` is `leader`, `preparing` (a candidate
    in phase 1), `follower`, or `outsider` (not in the configuration)."""

    name: str
    role: str
    promised: Ballot
    ballot: Ballot
    """Its own newest one; `NO_BALLOT` if it never proposed."""
    leader: str | None
    promises: tuple[str, ...]
    """Who has promised `ballot`, while it prepares or leads."""
    commit_index: int
    """Every slot up to here is chosen, and known to be."""
    last_applied: int
    first_slot: int
    """The first slot that is not compacted away into the snapshot."""
    last_slot: int
    """The last slot that it has accepted or learned anything in."""
    snapshot_slot: int
    slots: tuple[SlotView, ...]
    """The last ones (at most 64), in order; a hole is a slot with `NO_BALLOT` and no value."""
    acceptors: tuple[str, ...]
    quorums: Quorums
    store: kv.Pairs
