"""What a session remembers of a Paxos log while it goes on: who led when, and which slots were filled with nothing."""

from __future__ import annotations

from algorithms.machine import Received, Record, Send
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.messages import Accept, Heartbeat, Prepare, Refused
from algorithms.replicated.messages import NoOp
from nodes.observation import Observation, Turn

TELLING = (Heartbeat, Accept, Prepare)
"""What a message must be for us to learn anything by it."""


class PaxosLedger:
    """See `Ledger`. Times are true us."""

    def __init__(self, service: str) -> None:
        self._service = service
        self.led: list[tuple[int, Ballot]] = []
        """Since when each leader led: the first Accept or heartbeat of its ballot."""
        self.prepared: dict[Ballot, None] = {}
        """Every ballot that was begun."""
        self.no_ops: dict[int, None] = {}
        """Slots that a leader has filled with a no-op."""
        self.refused = 0
        self._newest = NO_BALLOT

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if not isinstance(observation, Turn) or observation.service != self._service:
            return
        if isinstance(observation.event, Received) and isinstance(observation.event.message, Refused):
            self.refused += 1
        for effect in observation.effects:
            if effect.__class__ is Send and effect.message.__class__ in TELLING:
                self._sent(observation.at, effect.message)

    def _sent(self, at: int, message: Record) -> None:
        match message:
            case Heartbeat(ballot):
                self._leads(at, ballot)
            case Accept(ballot, first, values):
                self._leads(at, ballot)
                self.no_ops.update({slot: None for slot, value in enumerate(values, first) if isinstance(value, NoOp)})
            case Prepare(ballot):
                self.prepared[ballot] = None

    def _leads(self, at: int, ballot: Ballot) -> None:
        if ballot > self._newest:
            self._newest = ballot
            self.led.append((at, ballot))
