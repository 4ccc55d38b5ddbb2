"""What a report says of the synod: what was chosen, by which ballot and when, and what it took. Times are true us."""

from __future__ import annotations

from algorithms.machine import Record
from nodes.world import World
from playground.checks.synod.evidence import Choice
from playground.commands.amounts import write_duration
from playground.kinds.kind import Section
from playground.kinds.synod_ledger import SynodLedger, between_servers
from playground.kinds.synod_standing import views

MOST = 3
"""So many choices are told in words."""


class ChoiceFacts(Record, frozen=True):
    """A proposal that a quorum has accepted."""

    value: str
    ballot: str
    at: int
    acceptors: tuple[str, ...]


class MessageFacts(Record, frozen=True):
    """How many messages of one type were sent, those of a node to itself included."""

    message: str
    sent: int


class SynodFacts(Record, frozen=True):
    """All of one service."""

    choices: tuple[ChoiceFacts, ...]
    ballots: int
    """How many were begun."""
    highest_ballot: str
    first_ballot_at: int | None
    told_at: int | None
    learned: tuple[str, ...]
    """Which servers that are up have learned a value."""
    messages: tuple[MessageFacts, ...]


def section_of(world: World, service: str, ledger: SynodLedger) -> Section:
    """What is to be said at the end."""
    there = views(world, service)
    ledger.evidence.confirm()
    facts = SynodFacts(
        tuple(ChoiceFacts(each.value, str(each.ballot), each.at, each.acceptors) for each in ledger.evidence.choices),
        len(ledger.ballots),
        str(ledger.highest),
        min(ledger.ballots.values(), default=None),
        ledger.told_at,
        tuple(name for name, view in there.items() if view.chosen is not None),
        tuple(MessageFacts(name, sent) for name, sent in between_servers(ledger.messages).items()),
    )
    lines = (*_choices(ledger.evidence.choices, facts), _learned(facts, len(there)), _ballots(ledger), _messages(facts))
    return Section(service, tuple(filter(None, lines)), facts)


def _choices(choices: list[Choice], facts: SynodFacts) -> tuple[str, ...]:
    """A value that is chosen again in a later ballot is no news."""
    if not choices:
        return ("nothing was chosen",)
    news = [each for place, each in enumerate(choices) if all(each.value != old.value for old in choices[:place])]
    after = facts.first_ballot_at or 0
    return tuple(_choice(each, after) for each in news[:MOST])


def _choice(choice: Choice, began: int) -> str:
    took = f", {_time(choice.at - began)} after the first ballot was begun" if began else ""
    return f"{choice.value} was chosen in ballot {choice.ballot}, accepted by {', '.join(choice.acceptors)}{took}"


def _learned(facts: SynodFacts, up: int) -> str:
    if not facts.choices:
        return ""
    told = f"; a client was told {_time(facts.told_at)} into the run" if facts.told_at is not None else ""
    return f"{len(facts.learned)} of {up} servers that are up have learned it{told}"


def _ballots(ledger: SynodLedger) -> str:
    """Who began how many."""
    if not ledger.ballots:
        return "no ballot was begun"
    who: dict[str, int] = {}
    for ballot in ledger.ballots:
        who[ballot.proposer] = who.get(ballot.proposer, 0) + 1
    shares = ", ".join(f"{name} {count}" for name, count in sorted(who.items()))
    return f"ballots begun: {len(ledger.ballots):,} ({shares}), the highest {ledger.highest}"


def _messages(facts: SynodFacts) -> str:
    if not facts.messages:
        return ""
    return f"messages: {', '.join(f'{each.sent:,} {each.message}' for each in facts.messages)}"


def _time(duration: int) -> str:
    """Rounded for people: whole milliseconds are enough, but not for what takes less than ten."""
    return write_duration(duration if duration < 10_000 else duration // 1_000 * 1_000)
