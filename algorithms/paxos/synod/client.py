"""A client of the synod: has a value proposed, and is told what was chosen ("Paxos Made Simple", section 2.1).

The law: `Ok` is a server's word. A proposal without an answer is `Unknown`: the value may be chosen yet. A question
without one is `Failed`. Asking twice does no harm, for one value is chosen, however often it is proposed.
"""

from __future__ import annotations

from algorithms.lives import Life
from algorithms.machine import (
    Answer,
    Asked,
    CancelTimer,
    Effect,
    Event,
    Failed,
    Note,
    Ok,
    Outcome,
    Received,
    Record,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Unknown,
)
from algorithms.paxos.synod.client_view import SynodClientView, Waiting
from algorithms.paxos.synod.commands import Learn, Propose
from algorithms.paxos.synod.messages import LearnRequest, ProposeRequest, SynodResponse
from algorithms.paxos.synod.settings import SynodClientSettings

LIFE = "life"


class Request:
    """One request while it lasts; its `request_id` is its sequence, too."""

    def __init__(self, request_id: int, command: Propose | Learn) -> None:
        self.request_id = request_id
        self.command = command
        self.server = ""
        self.tries = 0

    def message(self, client_id: str) -> ProposeRequest | LearnRequest:
        """What one try sends."""
        if isinstance(self.command, Propose):
            return ProposeRequest(client_id, self.request_id, self.command.value)
        return LearnRequest(client_id, self.request_id)

    def without_answer(self, waited: int) -> Outcome:
        """How it ends if nobody answers in so many microseconds."""
        sentence = f"{self.server} has not answered in {waited / 1_000_000:g} s"
        if isinstance(self.command, Propose):
            return Unknown(f"{sentence}; {self.command.value} may be chosen yet")
        return Failed(sentence)


class SynodClient:
    """The machine of a synod on a client node. Any number of requests may be open at once."""

    def __init__(self, name: str, servers: tuple[str, ...], settings: SynodClientSettings) -> None:
        self._name = name
        self._servers = servers
        self._settings = settings
        self._client_id = ""
        self._turn = 0
        self._requests: dict[int, Request] = {}
        self._chosen: str | None = None
        self._ends = {Ok: 0, Failed: 0, Unknown: 0}
        self._effects: list[Effect] = []

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event of a life is `Started`."""
        self._effects = []
        match event:
            case Started(saved):
                self._start(saved)
            case Asked(request_id, command):
                self._begin(request_id, command)
            case Received(source, message):
                self._hear(source, message)
            case TimerFired(name):
                self._ring(name)
        return self._effects

    def view(self) -> SynodClientView:
        """What is open, and how the rest ended."""
        waiting = tuple(Waiting(each.request_id, each.command, each.server, each.tries) for each in self._open())
        return SynodClientView(self._name, self._client_id, waiting, self._chosen, *self._ends.values())

    def _open(self) -> list[Request]:
        return list(self._requests.values())

    def _start(self, saved: Saved) -> None:
        """A life of its own, so that no answer to an earlier one's request passes for an answer to this one's."""
        last = saved.cell(LIFE)
        number = last.number + 1 if isinstance(last, Life) else 1
        self._client_id = f"{self._name}.{number}"
        self._effects.append(Save(LIFE, Life(number)))

    # ------------------------------------------------------------ tries

    def _begin(self, request_id: int, command: Record) -> None:
        assert isinstance(command, Propose | Learn), f"{self._name} was asked for {command}"
        request = self._requests[request_id] = Request(request_id, command)
        timeout = self._settings.request_timeout
        self._effects.append(SetTimer(f"deadline {request_id}", timeout, timeout))
        self._try(request)

    def _try(self, request: Request) -> None:
        request.server, request.tries = request.command.server or self._whose_turn(), request.tries + 1
        timeout = self._settings.try_timeout
        self._effects.append(Send(request.server, request.message(self._client_id)))
        self._effects.append(SetTimer(f"next {request.request_id}", timeout, timeout))

    def _whose_turn(self) -> str:
        server = self._servers[self._turn % len(self._servers)]
        self._turn += 1
        return server

    def _ring(self, timer: str) -> None:
        what, _, request_id = timer.partition(" ")
        request = self._requests[int(request_id)]
        if what == "deadline":
            self._end(request, request.without_answer(self._settings.request_timeout))
        else:
            silent = request.server
            self._try(request)
            self._effects.append(Note(f"{silent} has not answered; asks {request.server}", "Paxos Made Simple 2.1"))

    # ------------------------------------------------------------ answers

    def _hear(self, source: str, message: Record) -> None:
        assert isinstance(message, SynodResponse), f"{source} sent a client {message}"
        request = self._requests.get(message.sequence)
        if request is None or message.client_id != self._client_id:
            return  # A second answer, or one to an earlier life.
        if message.chosen is not None:
            self._chosen = message.chosen
        self._end(request, Ok(message.chosen))

    def _end(self, request: Request, outcome: Outcome) -> None:
        del self._requests[request.request_id]
        self._ends[type(outcome)] += 1
        for what in ("deadline", "next"):
            self._effects.append(CancelTimer(f"{what} {request.request_id}"))
        self._effects.append(Answer(request.request_id, outcome))
