"""How the ring of an epoch is agreed: single-decree Paxos among the members of the epoch before it.

(Lamport, "Paxos Made Simple", 2001, 2.2; that each configuration decides its successor is from Lynch and Shvartsman,
"RAMBO", 2002.)

The law: a ballot, a promise and an acceptance are on disk before they are told, and no disk forgets them. So one ring
an epoch is chosen, and by induction everybody agrees who may choose the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.machine import Record
from algorithms.ring.messages import Accept, Accepted, Ballot, Prepare, Promise, RingIs, WhichRing
from algorithms.ring.table import Ring

if TYPE_CHECKING:
    from algorithms.ring.state import State

PAXOS = "Paxos Made Simple 2.2"
NO_BALLOT = Ballot(0, "")


class Acceptor(Record, frozen=True):
    """What an acceptor has promised and accepted for the ring of `epoch`."""

    epoch: int = 0
    promised: Ballot = NO_BALLOT
    accepted_ballot: Ballot | None = None
    accepted: Ring | None = None


class Proposal:
    """A proposer's attempt to have `ring` chosen under `ballot`."""

    __slots__ = ("accepting", "accepts", "ballot", "promises", "ring", "seen")

    def __init__(self, ring: Ring, ballot: Ballot) -> None:
        self.ring = ring
        self.ballot = ballot
        self.promises: dict[str, Promise] = {}
        self.accepting = False
        """A majority has promised, and the ring has been proposed to all."""
        self.accepts: dict[str, None] = {}
        self.seen = ballot
        """The highest ballot that anybody has named."""


def order(ballot: Ballot) -> tuple[int, str]:
    """Ballots are ordered by round, then by name."""
    return ballot.round, ballot.proposer


# ---------------------------------------------------------------- proposer


def propose(state: State, ring: Ring) -> None:
    """Phase 1a: ask the members for a promise. A new attempt takes a higher round than anybody has named.

    The ballot is on disk before it is named, as our own promise: nobody may propose two rings under one, not in another
    life, nor where it is no member and has no say itself.
    """
    acceptor = _acceptor(state)
    last = state.proposal.seen.round if state.proposal else 0
    state.proposal = Proposal(ring, Ballot(max(last, acceptor.promised.round) + 1, state.name))
    _keep(state, Acceptor(ring.epoch, state.proposal.ballot, acceptor.accepted_ballot, acceptor.accepted))
    for member in state.ring.names:
        state.send(member, Prepare(ring.epoch, state.proposal.ballot))
    patience = state.settings.exchange_timeout
    state.set_timer("proposal", patience, 3 * patience)


def promise(state: State, source: str, message: Promise) -> None:
    """Phase 2a, once a majority has promised: propose what was accepted under the highest ballot, or else our own."""
    proposal = state.proposal
    if proposal is None or not _answers(message, proposal) or proposal.accepting:
        return
    if not message.granted:
        _outbid(state, source, message.promised)
        return
    proposal.promises[source] = message
    if _is_majority(state, len(proposal.promises)):
        proposal.accepting = True
        proposal.ring = _adopted(state, proposal)
        for member in state.ring.names:
            state.send(member, Accept(proposal.ballot, proposal.ring))


def accepted(state: State, source: str, message: Accepted) -> Ring | None:
    """The ring that is chosen by that, if a majority has accepted now."""
    proposal = state.proposal
    if proposal is None or not _answers(message, proposal) or not proposal.accepting:
        return None
    if not message.granted:
        _outbid(state, source, message.promised)
        return None
    proposal.accepts[source] = None
    return proposal.ring if _is_majority(state, len(proposal.accepts)) else None


def _answers(message: Promise | Accepted, proposal: Proposal) -> bool:
    """Ballots begin anew in each epoch, so a late word of an earlier one must not count in this."""
    return (message.epoch, message.ballot) == (proposal.ring.epoch, proposal.ballot)


def _adopted(state: State, proposal: Proposal) -> Ring:
    found = [each for each in proposal.promises.values() if each.accepted is not None and each.accepted_ballot]
    if not found:
        return proposal.ring
    best = max(found, key=lambda each: order(each.accepted_ballot or NO_BALLOT))
    assert best.accepted is not None, "Only promises with a ring were looked at."
    state.note(f"takes over the ring that {best.accepted.proposer} has proposed: it may be chosen already", PAXOS)
    return best.accepted


def _outbid(state: State, source: str, promised: Ballot) -> None:
    """Somebody proposes under a higher ballot; the timer of the proposal tries again, at random, above it."""
    assert state.proposal is not None, "Only a proposer can be outbid."
    if order(promised) > order(state.proposal.seen):
        state.proposal.seen = promised
        state.note(f"is outbid: {source} has promised {promised.proposer}'s round {promised.round}", PAXOS)


def _is_majority(state: State, count: int) -> bool:
    return 2 * count > len(state.ring.members)


# ---------------------------------------------------------------- acceptor


def prepare(state: State, source: str, message: Prepare) -> None:
    """Phase 1b."""
    if not _is_next(state, source, message.epoch):
        return
    acceptor = _acceptor(state)
    granted = order(message.ballot) >= order(acceptor.promised)
    if granted and message.ballot != acceptor.promised:
        _keep(state, Acceptor(message.epoch, message.ballot, acceptor.accepted_ballot, acceptor.accepted))
    answer = Promise(
        message.epoch,
        message.ballot,
        granted,
        state.acceptor.promised,
        state.acceptor.accepted_ballot,
        state.acceptor.accepted,
    )
    state.send(source, answer)


def accept(state: State, source: str, message: Accept) -> None:
    """Phase 2b."""
    if not _is_next(state, source, message.ring.epoch):
        return
    acceptor = _acceptor(state)
    granted = order(message.ballot) >= order(acceptor.promised)
    if granted:
        _keep(state, Acceptor(message.ring.epoch, message.ballot, message.ballot, message.ring))
    state.send(source, Accepted(message.ring.epoch, message.ballot, granted, state.acceptor.promised))


def _is_next(state: State, source: str, epoch: int) -> bool:
    """Only the epoch behind ours can be voted on; who is behind, or ahead, is told, or asked."""
    if epoch <= state.ring.epoch:
        state.send(source, RingIs(state.ring))
    elif epoch > state.ring.epoch + 1:
        state.send(source, WhichRing(state.ring.epoch))
    return epoch == state.ring.epoch + 1


def _acceptor(state: State) -> Acceptor:
    """What was promised for another epoch does not bind in this one."""
    if state.acceptor.epoch != state.ring.epoch + 1:
        state.acceptor = Acceptor(state.ring.epoch + 1)
    return state.acceptor


def _keep(state: State, acceptor: Acceptor) -> None:
    state.acceptor = acceptor
    state.save("acceptor", acceptor)
