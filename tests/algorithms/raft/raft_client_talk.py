"""How tests talk to a Raft client: one event in, the effects that matter out."""

from __future__ import annotations

from algorithms.kv import Command, Put
from algorithms.machine import (
    Answer,
    Asked,
    Effect,
    Failed,
    Note,
    Ok,
    Outcome,
    Received,
    Record,
    Send,
    Started,
    TimerFired,
    Unknown,
)
from algorithms.replicated.client import LogClient, LogClientSettings
from algorithms.replicated.messages import ClientCommand, ClientRequest, ClientResponse

SERVERS = ("n1", "n2", "n3")
PUT = Put("x", 1)


def client(**settings: object) -> LogClient:
    """A client that has started its first life."""
    made = LogClient("c1", SERVERS, LogClientSettings(**settings))  # type: ignore[arg-type]
    made.handle(Started(), 0)
    return made


def sends(effects: list[Effect]) -> list[Send]:
    return [effect for effect in effects if isinstance(effect, Send)]


def targets(effects: list[Effect]) -> list[str]:
    return [send.target for send in sends(effects)]


def answers(effects: list[Effect]) -> list[Answer]:
    return [effect for effect in effects if isinstance(effect, Answer)]


def outcome(effects: list[Effect]) -> Outcome:
    (answer,) = answers(effects)
    assert isinstance(answer.result, Ok | Failed | Unknown)
    return answer.result


def notes(effects: list[Effect]) -> str:
    return "\n".join(effect.text for effect in effects if isinstance(effect, Note))


def ask(machine: LogClient, command: Record = PUT, request_id: int = 7) -> list[Effect]:
    return machine.handle(Asked(request_id, command), 0)


def fire(machine: LogClient, timer: str) -> list[Effect]:
    return machine.handle(TimerFired(timer), 0)


def reply(
    machine: LogClient, source: str, status: str, sequence: int = 1, client_id: str = "c1.1.1", **more: object
) -> list[Effect]:
    response = ClientResponse(sequence, status, client_id=client_id, **more)  # type: ignore[arg-type]
    return machine.handle(Received(source, response), 0)


def request(sequence: int, first_unanswered: int, command: Command = PUT, client_id: str = "c1.1.1") -> ClientRequest:
    return ClientRequest(ClientCommand(client_id, sequence, first_unanswered, command))
