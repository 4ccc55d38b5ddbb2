"""A server of Paxos or a client of the synod for the inspector. The law: facts in the order of their weight."""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.paxos.ballot import NO_BALLOT
from algorithms.paxos.synod.client_view import SynodClientView
from algorithms.paxos.synod.commands import Propose
from algorithms.paxos.view import PaxosView, SlotView, SynodView

MOST_SLOTS = 20

Facts = tuple[tuple[str, str], ...]


def paxos_facts(view: PaxosView) -> Facts:
    """Its three roles: acceptor, proposer, learner."""
    return tuple(_paxos_facts(view))


def _paxos_facts(view: PaxosView) -> Iterator[tuple[str, str]]:
    yield "promised", str(view.promised)
    yield "chosen", f"{view.commit_index}/{view.last_slot}"
    yield "ballot", str(view.ballot)
    yield "leader", view.leader or "unknown"
    if view.promises:
        yield "promises", f"{' '.join(view.promises)} of {view.quorums.phase_1}"
    yield "applied", str(view.last_applied)
    yield "snapshot", str(view.snapshot_slot) if view.snapshot_slot else "none"
    yield "acceptors", " ".join(view.acceptors)
    yield "quorums", f"{view.quorums.phase_1} to lead, {view.quorums.phase_2} to choose"


def paxos_rows(view: PaxosView) -> Facts:
    """What it has accepted in the slots that it does not know to be chosen, then in the newest others."""
    open_slots = [each for each in view.slots if not each.chosen]
    shown = [*open_slots, *reversed([each for each in view.slots if each.chosen])]
    return tuple((f"slot {each.slot}", _slot(each)) for each in shown[:MOST_SLOTS])


def _slot(slot: SlotView) -> str:
    accepts = f"  accepted by {' '.join(slot.accepts)}" if slot.accepts and not slot.chosen else ""
    state = "chosen" if slot.chosen else "not chosen" if slot.ballot != NO_BALLOT else "a hole"
    ballot = f" in {slot.ballot}" if slot.ballot != NO_BALLOT else ""
    return f"{state}  {slot.value}{ballot}{accepts}"


def paxos_store(view: PaxosView) -> Facts:
    """Its copy of the store."""
    return tuple((pair.key, str(pair.value)) for pair in view.store.pairs)


def synod_facts(view: SynodView) -> Facts:
    """Acceptor, proposer, learner."""
    return tuple(_synod_facts(view))


def _synod_facts(view: SynodView) -> Iterator[tuple[str, str]]:
    yield "promised", str(view.promised)
    accepted = f"{view.accepted_value} in {view.accepted}" if view.accepted != NO_BALLOT else "nothing"
    yield "accepted", accepted
    learned = f"{view.chosen} in {view.chosen_in}" if view.chosen_in != NO_BALLOT else view.chosen
    yield "learned", learned or "nothing"
    if view.ballot != NO_BALLOT:
        yield "ballot", str(view.ballot)
        yield "phase", view.phase
        yield "promises", " ".join(view.promises) or "none"
        yield "accepts", " ".join(view.accepts) or "none"
    if view.refusals:
        yield "refused by", " ".join(view.refusals)
    if view.proposing is not None or view.wanted is not None:
        yield "proposes", f"{view.proposing or 'nothing yet'}, was asked for {view.wanted or 'nothing'}"
    yield "quorums", f"{view.quorums.phase_1} and {view.quorums.phase_2} of {len(view.acceptors)}"


def synod_client_facts(view: SynodClientView) -> Facts:
    """How its requests ended, and those that have not."""
    asks = tuple(
        (
            "asks",
            (f"{each.server} to propose {each.command.value}" if isinstance(each.command, Propose) else each.server)
            + (f", try {each.tries}" if each.tries > 1 else ""),
        )
        for each in view.waiting
    )
    counts = (("done", str(view.done)), ("failed", str(view.failed)), ("unknown", str(view.unknown)))
    return (*counts, ("was told", view.chosen or "nothing"), *asks)
