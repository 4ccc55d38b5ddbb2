"""The judge of a keeper: servers, sessions, watches and locks, while a run goes on.

The law: watching changes nothing and costs little. It belongs to this world and is not pickled with it.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.keeper.messages import ClientRequest, ConnectResponse, Gone, Reply, WatchEvent
from algorithms.machine import Record
from nodes.observation import Observation
from nodes.world import World
from playground.checks.findings import Findings
from playground.checks.keeper import names
from playground.checks.keeper.locks import LockRules
from playground.checks.keeper.names import FINE, NAMES
from playground.checks.keeper.servers import ServerRules
from playground.checks.keeper.sessions import SessionRules
from playground.checks.keeper.tapes import Tapes
from playground.checks.keeper.watches import WatchRules
from playground.checks.search import never
from playground.checks.verdict import CheckResult

LOOK = 100_000
"""Virtual time between two looks at trees (us), however often it is asked to."""


class KeeperJudge:
    """All checks of one keeper; `world.add_observer(judge.observe)`."""

    names = NAMES

    def __init__(self, world: World, service: str, clients: tuple[str, ...]) -> None:
        self.findings = Findings()
        self.servers = ServerRules(world, service, self.findings)
        self.sessions = SessionRules(self.servers.sequence, self.findings)
        self.watches = WatchRules(self.servers.sequence, self.findings)
        self.locks = LockRules(world, service, clients, self.servers.sequence, self.findings)
        self._tapes = Tapes(world, service, clients, self._heard, self._sent, self._begun)
        self._looked_at = -LOOK

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        self.servers.observe(observation)
        self._tapes.observe(observation)
        self.locks.observe(observation)

    def _sent(self, client: str, session_id: int, payload: Record) -> None:
        if isinstance(payload, ClientRequest):
            self.sessions.sent(client, session_id, payload)

    def _begun(self, client: str, session_id: int, _: Record) -> None:
        self.sessions.begun(client)
        self.watches.begun(client)
        if not session_id:
            self.watches.forget(client)

    def _heard(self, client: str, session_id: int, payload: Record) -> None:
        match payload:
            case Reply():
                request = self.sessions.answered(client, payload)
                if request is not None:
                    self.watches.reply(client, request.operation, payload)
            case WatchEvent():
                self.sessions.heard(client, session_id, payload)
                self.watches.event(client, payload)
            case Gone("expired"):
                self.watches.forget(client)
            case ConnectResponse(new_id) if not payload.refused and new_id != session_id:
                self.watches.forget(client)
                self.sessions.heard(client, session_id, payload)
            case _:
                self.sessions.heard(client, session_id, payload)

    def look(self, world: World) -> None:
        """See `Judge.look`."""
        if world.now >= self._looked_at + LOOK:
            self._looked_at = world.now
            self.servers.look()

    def results(self, world: World, expired: Callable[[], bool] = never) -> tuple[CheckResult, ...]:
        """See `Judge.results`."""
        self.servers.look()
        return tuple(self.findings.result(name, f"{FINE[name]}{self._size(name)}") for name in NAMES)

    def _size(self, name: str) -> str:
        """How much was judged."""
        match name:
            case names.TOTAL_ORDER:
                return f"; {_count(len(self.servers.sequence.order), 'transaction')}"
            case names.ACKNOWLEDGED:
                return f"; {_count(self.sessions.acknowledged, 'write')}"
            case names.FIFO:
                return f"; {_count(self.sessions.replies, 'reply', 'replies')}"
            case names.WATCHES:
                return f"; {_count(self.watches.told, 'event')}"
            case names.LOCKS:
                believed = self.locks.two_believers
                more = f"; {_times(believed)} somebody still believed whose session was over" if believed else ""
                return f"; given {_times(self.locks.granted)}{more}"
            case names.FENCING:
                return f"; {_count(self.locks.guarded, 'guarded write')} taken"
            case _:
                return ""


def _count(number: int, thing: str, many: str = "") -> str:
    return f"{number:,} {thing if number == 1 else many or f'{thing}s'}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"
