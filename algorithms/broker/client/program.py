"""A whole transaction as one request. The law: it counts as a whole or not at all."""

from __future__ import annotations

from algorithms.broker.client.accumulator import Ask
from algorithms.broker.client.ending import Positions
from algorithms.broker.commands import Consumed, Produced, Transact, Transacted
from algorithms.machine import Ok, Record


class Program:
    """A `Transact` on its way."""

    def __init__(self, request_id: int, command: Transact) -> None:
        self.request_id = request_id
        self.command = command
        self.polled: tuple[Consumed, ...] = ()
        self.positions = Positions()
        """Behind what it has polled."""
        self._ends: dict[int, Record] = {}

    def asks(self) -> list[Ask]:
        """One for each record."""
        return [Ask(self.request_id, record, place) for place, record in enumerate(self.command.records)]

    def take(self, ask: Ask, outcome: Record) -> None:
        """A record has ended."""
        self._ends[ask.part] = outcome

    @property
    def is_complete(self) -> bool:
        """Whether every record has ended."""
        return len(self._ends) == len(self.command.records)

    def outcome(self, end: Record) -> Record:
        """What the request ends as, when the transaction has ended as `end`."""
        if not isinstance(end, Ok):
            return end
        places = tuple(each for _, each in sorted(self._ends.items()) if isinstance(each, Produced))
        return Transacted(places, self.polled)
