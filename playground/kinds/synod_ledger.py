"""What a session remembers of the synod: messages by type, the ballots that were begun, what was chosen and when.

The law: it only watches. A message counts when its machine wishes to send it; those to the own node count, too.
"""

from __future__ import annotations

from algorithms.machine import Answer, Ok, Send
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.messages import Prepare
from algorithms.paxos.view import Quorums
from nodes.observation import Observation, Turn
from nodes.world import World
from playground.checks.synod.evidence import Evidence
from playground.kinds.synod_standing import views


class SynodLedger:
    """Of one service. Give `observe` to the world."""

    def __init__(self, world: World, service: str, clients: tuple[str, ...]) -> None:
        self._world, self._service = world, service
        self._clients = dict.fromkeys(clients)
        there = next(iter(views(world, service).values()), None)
        self.evidence = Evidence(world, service, there.quorums if there is not None else Quorums(1 << 30, 1 << 30))
        self.messages: dict[str, int] = {}
        """By type."""
        self.ballots: dict[Ballot, int] = {}
        """When each was begun (true us)."""
        self.told_at: int | None = None
        """When a client was first told what is chosen (true us)."""

    @property
    def highest(self) -> Ballot:
        """The highest ballot that was begun."""
        return max(self.ballots, default=NO_BALLOT)

    def chosen(self) -> tuple[str, ...]:
        """Every value that was ever chosen; more than one is a breach of agreement."""
        self.evidence.confirm()
        return tuple(dict.fromkeys(each.value for each in self.evidence.choices))

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if not isinstance(observation, Turn) or observation.service != self._service:
            return
        self.evidence.confirm()
        self.evidence.take(observation)
        for effect in observation.effects:
            if isinstance(effect, Send):
                self._count(effect, observation.at)
            elif isinstance(effect, Answer) and observation.node in self._clients:
                self._hear(effect, observation.at)

    def _count(self, sent: Send, at: int) -> None:
        name = type(sent.message).__name__
        self.messages[name] = self.messages.get(name, 0) + 1
        if isinstance(sent.message, Prepare):
            self.ballots.setdefault(sent.message.ballot, at)

    def _hear(self, answer: Answer, at: int) -> None:
        if isinstance(answer.result, Ok) and answer.result.value is not None and self.told_at is None:
            self.told_at = at


def between_servers(messages: dict[str, int]) -> dict[str, int]:
    """Those of the algorithm, in the order in which it sends them; what clients say and hear is left out."""
    order = ("Prepare", "Promise", "Accept", "Accepted", "Nack", "Inquire")
    return {name: messages[name] for name in order if name in messages}
