"""How histories and people are told of what clients do with the synod."""

from __future__ import annotations

from algorithms.machine import Ok, Record
from algorithms.paxos.synod.commands import Learn, Propose
from playground import history

DECREE = "decree"
"""The one key that there is."""


class SynodReading:
    """See `history.Reading`. What was chosen is the result of either operation."""

    def call(self, command: Record) -> tuple[str, history.Key, history.Argument] | None:
        """See `history.Reading`."""
        match command:
            case Propose(value):
                return "propose", DECREE, value
            case Learn():
                return "learn", DECREE, None
            case _:
                return None

    def outcome(self, command: Record, result: Record) -> tuple[str, history.Value]:
        """See `history.Reading`."""
        if isinstance(result, Ok):
            return "ok", result.value
        return history.without_result(result), None
