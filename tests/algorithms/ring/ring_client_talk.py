"""How tests talk to a ring client: one event in, the effects that matter out."""

from __future__ import annotations

from ring_server_talk import sent

from algorithms.machine import Answer, Asked, Effect, Received, Record, Send, Started, TimerFired
from algorithms.ring.client import RingClient
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.clocks import VectorClock
from algorithms.ring.commands import Read, Write
from algorithms.ring.messages import ChangeRequest, ReadRequest, RingResponse, WriteRequest
from algorithms.ring.versions import NOTHING, Versions

SERVERS = ("n1", "n2", "n3")
PUT, GET = Write("x", "new"), Read("x")
Message = ReadRequest | WriteRequest | ChangeRequest


def client(servers: tuple[str, ...] = SERVERS, **settings: object) -> RingClient:
    """A client that has started its first life."""
    made = RingClient("c1", servers, RingClientSettings(**settings))  # type: ignore[arg-type]
    made.handle(Started(), 0)
    return made


def ask(machine: RingClient, command: Record = PUT, request_id: int = 7, now: int = 0) -> list[Effect]:
    return machine.handle(Asked(request_id, command), now)


def fire(machine: RingClient, timer: str) -> list[Effect]:
    return machine.handle(TimerFired(timer), 0)


def reply(
    machine: RingClient, source: str, status: str, sequence: int = 1, versions: Versions = NOTHING, **more: object
) -> list[Effect]:
    """A server answers."""
    fields: dict[str, object] = {"client_id": "c1.1", "reason": "", "members": (), **more}
    response = RingResponse(sequence=sequence, status=status, versions=versions, **fields)  # type: ignore[arg-type]
    return machine.handle(Received(source, response), 0)


def targets(effects: list[Effect]) -> list[str]:
    return [effect.target for effect in effects if isinstance(effect, Send)]


def message(effects: list[Effect]) -> Message:
    """The one request that is sent."""
    (found,) = (effect.message for effect in effects if isinstance(effect, Send))
    assert isinstance(found, Message)
    return found


def outcome(effects: list[Effect]) -> Record:
    (answer,) = (effect for effect in effects if isinstance(effect, Answer))
    return answer.result


def has_ended(effects: list[Effect]) -> bool:
    return any(isinstance(effect, Answer) for effect in effects)


def context(effects: list[Effect]) -> VectorClock:
    """What the write that is sent replaces."""
    ((_, request),) = sent(effects, WriteRequest)
    return request.context
