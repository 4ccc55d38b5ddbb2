"""What conditions can ask about the synod. The law: looking changes nothing, and who is down has nothing to say.

Ballots and promises are asked of the other Paxos servers as well: they have the same.
"""

from __future__ import annotations

from algorithms.paxos.view import PaxosView, SynodView
from playground.inquiry import Inquiry, Nodes, Value
from playground.kinds import synod_standing as standing
from playground.kinds.paxos_ledger import PaxosLedger
from playground.kinds.synod_ledger import SynodLedger


def answer(inquiry: Inquiry, function: str, words: list[str]) -> Value:
    """The answer now; of the first synod that there is, where none is named."""
    first, *others = words
    match function:
        case "chosen":
            return _chosen(inquiry, first, others)
        case "ballot":
            return _ballot(inquiry, first, others)
        case "acceptors":
            return _acceptors(inquiry, first, others)
        case "no-ops":
            return _no_ops(inquiry, first)
        case _:
            return _of_node(inquiry, function, inquiry.node(first), others)


def _service(inquiry: Inquiry, others: list[str]) -> str:
    found = standing.services(inquiry.world)
    return inquiry.service(others[0]) if others else next(iter(found), "")


def _chosen(inquiry: Inquiry, subject: str, others: list[str]) -> Value:
    world = inquiry.world
    if inquiry.subject(subject) in world.names:
        view = standing.views(world, _service(inquiry, others)).get(subject)
        return view.chosen if view is not None else None
    ledger = inquiry.session.ledgers.get(subject) if inquiry.session is not None else None
    values = ledger.chosen() if isinstance(ledger, SynodLedger) else standing.chosen(world, subject)
    return "|".join(sorted(values)) or None


def _ballot(inquiry: Inquiry, subject: str, others: list[str]) -> Value:
    world = inquiry.world
    if inquiry.subject(subject) in world.names:
        view = _view(inquiry, subject, others)
        return view.ballot.round if view is not None else None
    found = (world.view(name, subject) for name in world.names)
    return max((each.ballot.round for each in found if isinstance(each, SynodView | PaxosView)), default=None)


def _view(inquiry: Inquiry, node: str, others: list[str]) -> SynodView | PaxosView | None:
    """The node's server of the service that is named, or of its first Paxos."""
    world = inquiry.world
    names = (inquiry.service(others[0]),) if others else tuple(world.node(node).factories)
    found = (world.view(node, service) for service in names)
    return next((each for each in found if isinstance(each, SynodView | PaxosView)), None)


def _no_ops(inquiry: Inquiry, subject: str) -> Value:
    """Only a session remembers."""
    ledger = inquiry.session.ledgers.get(inquiry.service(subject)) if inquiry.session is not None else None
    return len(ledger.no_ops) if isinstance(ledger, PaxosLedger) else None


def _acceptors(inquiry: Inquiry, value: str, others: list[str]) -> Nodes:
    there = standing.views(inquiry.world, _service(inquiry, others))
    return Nodes(tuple(name for name, view in there.items() if view.accepted_value == value))


def _of_node(inquiry: Inquiry, function: str, node: str, others: list[str]) -> Value:
    if function == "promised":
        promising = _view(inquiry, node, others)
        return promising.promised.round if promising is not None else None
    view = standing.views(inquiry.world, _service(inquiry, others)).get(node)
    if view is None:
        return None
    return view.accepted_value if function == "accepted" else view.phase
