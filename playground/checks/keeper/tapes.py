"""What each client has sent and heard, in the order of its channel: the ground on which sessions are judged.

The law: a tape has what the client's machine has taken, no more and no less: each payload once, in order, and only of
the connection that it is on. It watches segments go by, and asks the machine only where it is connected.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.channels.segment import Segment
from algorithms.keeper.client.machine import KeeperClient
from algorithms.keeper.messages import ClientRequest, SetWatches
from algorithms.machine import Received, Record, Send
from nodes.observation import Booted, Observation, Turn
from nodes.world import World
from playground.kinds.keeper_standing import client_of

Heard = Callable[[str, int, Record], None]
"""Client, session (as it was before this was heard), payload."""
Sent = Callable[[str, int, Record], None]
"""Client, session, payload."""


class _Line:
    """One client's connection of now."""

    __slots__ = ("connection", "early", "expected", "sent", "server", "session_id")

    def __init__(self, server: str, connection: int, session_id: int) -> None:
        self.server, self.connection, self.session_id = server, connection, session_id
        self.expected = 1
        self.sent = 0
        self.early: dict[int, Record] = {}

    def take(self, segment: Segment) -> list[Record]:
        """The payloads that are in order now."""
        if segment.sequence >= self.expected and segment.carried is not None:
            self.early[segment.sequence] = segment.carried
        found = []
        while self.expected in self.early:
            found.append(self.early.pop(self.expected))
            self.expected += 1
        return found


class Tapes:
    """Of all clients of one service. `begun` is told of each new connection, with the session that it is for."""

    def __init__(
        self, world: World, service: str, clients: tuple[str, ...], heard: Heard, sent: Sent, begun: Heard
    ) -> None:
        self._world, self._service = world, service
        self._clients = frozenset(clients)
        self._heard, self._sent, self._begun = heard, sent, begun
        self._lines: dict[str, _Line] = {}

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if observation.__class__ is Turn:
            if observation.node in self._clients and observation.service == self._service:
                machine = client_of(self._world, observation.node, self._service)
                if machine is not None:
                    self._turn(observation, machine)
        elif isinstance(observation, Booted):
            self._lines.pop(observation.node, None)

    def _turn(self, turn: Turn, machine: KeeperClient) -> None:
        line, event = self._lines.get(turn.node), turn.event
        if line is not None and event.__class__ is Received:
            self._takes(turn.node, line, event.source, event.message)
        if line is None or line.connection != machine.connection or line.server != machine.server:
            line = self._lines[turn.node] = _Line(machine.server, machine.connection, machine.session_id)
            self._begun(turn.node, machine.session_id, turn)
        line.session_id = machine.session_id
        for effect in turn.effects:
            if effect.__class__ is Send:
                self._sends(turn.node, line, effect)

    def _takes(self, client: str, line: _Line, source: str, segment: Record) -> None:
        if not isinstance(segment, Segment) or segment.by_opener:
            return
        if (source, segment.connection) == (line.server, line.connection):
            for payload in line.take(segment):
                self._heard(client, line.session_id, payload)

    def _sends(self, client: str, line: _Line, effect: Send) -> None:
        segment = effect.message
        if segment.__class__ is not Segment or effect.target != line.server:
            return
        if segment.connection == line.connection and segment.sequence > line.sent:
            line.sent = segment.sequence
            if isinstance(segment.carried, ClientRequest | SetWatches):
                self._sent(client, line.session_id, segment.carried)
