"""Administration: what the active controller is asked for (KIP-4, KIP-455, KIP-460).

The law: a request is tried until `default_api_timeout`; if some try was not answered, nobody knows whether it was done,
unless a later one is answered with success.
"""

from __future__ import annotations

from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.commands import AlterTopic, CreateTopic, DeleteTopic, ElectLeader, Reassign, ShutDown
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AlterPartitionReassignmentsRequest,
    AlterTopicRequest,
    CreateTopicsRequest,
    DeleteTopicsRequest,
    ElectLeadersRequest,
    Request,
    Response,
    ShutDownRequest,
)
from algorithms.machine import Failed, Ok, Record, Unknown

PATIENCE = 600_000
"""How long a controller may take before the next try (us)."""


class Errand:
    """One request on its way."""

    __slots__ = ("command", "deadline", "request_id", "silent")

    def __init__(self, request_id: int, command: Record, deadline: int) -> None:
        self.request_id = request_id
        self.command = command
        self.deadline = deadline
        self.silent = False
        """Some try was not answered."""


class Administration:
    """All errands of this client."""

    def __init__(self, session: Session, outcomes: Outcomes) -> None:
        self._session = session
        self._outcomes = outcomes
        self._errands: dict[int, Errand] = {}
        self._hint = ""

    def begin(self, request_id: int, command: Record) -> None:
        """Ask for it."""
        self._errands[request_id] = Errand(
            request_id, command, self._session.now + self._session.settings.default_api_timeout
        )
        self._try(request_id)

    def _try(self, request_id: int) -> None:
        errand, session = self._errands[request_id], self._session
        if isinstance(errand.command, ShutDown):
            target, patience = errand.command.broker, session.settings.default_api_timeout
        else:
            target, patience = self._hint or session.controller or session.any_broker(), PATIENCE
        session.ask(target, request_for(errand.command), "administration", str(request_id), patience)

    def take(self, pending: Pending, response: Response) -> None:
        """A broker has answered."""
        errand = self._errands.get(int(pending.purpose))
        if errand is None:
            return
        if response.error is Error.NONE:
            self._end(errand, Ok())
        elif response.error is Error.NOT_CONTROLLER:
            self._hint = response.hint or self._session.any_broker(but=pending.target)
            self._later(errand, response.error)
        else:
            words = response.error.words(response.message)
            self._end(errand, Unknown(words) if errand.silent else Failed(words))

    def unanswered(self, pending: Pending) -> None:
        """No answer: it may have been done."""
        errand = self._errands.get(int(pending.purpose))
        if errand is not None:
            errand.silent = True
            self._hint = self._session.any_broker(but=pending.target)
            self._session.refresh()
            self._later(errand, Error.REQUEST_TIMED_OUT)

    def _later(self, errand: Errand, error: Error) -> None:
        session = self._session
        if session.now >= errand.deadline:
            words = error.words("nobody has answered in time" if error is Error.REQUEST_TIMED_OUT else "")
            self._end(errand, Unknown(words) if errand.silent else Failed(words))
        else:
            session.timer(f"administration {errand.request_id}", session.settings.retry_backoff)

    def ring(self, timer: str) -> None:
        """`administration N`: try again."""
        request_id = int(timer.partition(" ")[2])
        if request_id in self._errands:
            self._try(request_id)

    def _end(self, errand: Errand, outcome: Record) -> None:
        del self._errands[errand.request_id]
        self._session.refresh()
        self._outcomes.answer(errand.request_id, errand.command, outcome)


def request_for(command: Record) -> Request:
    """What is sent for it."""
    match command:
        case CreateTopic(topic, partitions, replicas, config):
            return CreateTopicsRequest("", 0, topic, partitions, replicas, config)
        case DeleteTopic(topic):
            return DeleteTopicsRequest("", 0, topic)
        case AlterTopic(topic, config, partitions):
            return AlterTopicRequest("", 0, topic, config, partitions)
        case Reassign(partition, replicas, throttle):
            return AlterPartitionReassignmentsRequest("", 0, partition, replicas, throttle)
        case ElectLeader(partition, unclean):
            return ElectLeadersRequest("", 0, partition, unclean)
        case ShutDown():
            return ShutDownRequest("", 0)
        case _:
            raise AssertionError(f"no controller is asked for {command}")
