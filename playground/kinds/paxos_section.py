"""What a report says of a Paxos log: which ballots led, and what its slots are filled with. Times are true us."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.paxos.view import PaxosView
from nodes.world import World
from playground.kinds.kind import Section
from playground.kinds.paxos_ledger import PaxosLedger
from playground.standing import log_views

SECOND = 1_000_000
MOST = 6
"""So many leaders are told."""


class PaxosFacts(Record, frozen=True):
    """All of one service."""

    leaders: int
    ballots: int
    """How many were begun."""
    highest_ballot: str
    refused: int
    chosen: int
    """Slots that are known to be chosen, as the server says that knows most."""
    no_ops: int


def section_of(world: World, service: str, ledger: PaxosLedger) -> Section:
    """What is to be said at the end."""
    views = [each for each in log_views(world, service).values() if isinstance(each, PaxosView)]
    highest = str(max(ledger.prepared)) if ledger.prepared else "-"
    chosen = max((each.commit_index for each in views), default=0)
    facts = PaxosFacts(len(ledger.led), len(ledger.prepared), highest, ledger.refused, chosen, len(ledger.no_ops))
    return Section(service, tuple(filter(None, (_leaders(ledger), _slots(facts)))), facts)


def _leaders(ledger: PaxosLedger) -> str:
    if not ledger.led:
        return "nobody has led"
    shown = [f"{ballot.proposer} (ballot {ballot}, {at / SECOND:.3f} s)" for at, ballot in ledger.led[:MOST]]
    more = f" and {len(ledger.led) - MOST} more" if len(ledger.led) > MOST else ""
    return f"leaders: {', '.join(shown)}{more}"


def _slots(facts: PaxosFacts) -> str:
    holes = f", {facts.no_ops} of them filled with a no-op" if facts.no_ops else ""
    return f"{facts.chosen:,} slots chosen{holes}; {facts.ballots} ballots begun, {facts.refused} times refused"
