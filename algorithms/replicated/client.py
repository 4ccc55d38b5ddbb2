"""A client of a replicated log: it finds the leader, tries again, and says honestly how each request ended.

The law: `Ok` is a server's word, `Failed` means surely not done, everything else is `Unknown`. A command keeps its
sequence through all its tries, and once its request has ended that sequence is never sent again (dissertation 6.3).

A read changes nothing, so a read without an answer is `Failed`, never `Unknown`.
"""

from __future__ import annotations

from algorithms import kv
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
from algorithms.replicated.client_request import ClientSession, Identity, Request
from algorithms.replicated.client_settings import LogClientSettings
from algorithms.replicated.client_view import Asking, Life, LogClientView
from algorithms.replicated.messages import ClientResponse

__all__ = ["LogClient", "LogClientSettings", "LogClientView"]

LIFE = "life"
ROUTING = "dissertation 6.2"
SESSIONS = "dissertation 6.3"


class LogClient:
    """The machine of a Raft or Paxos service on a client node. Any number of requests may be outstanding at once."""

    def __init__(self, name: str, servers: tuple[str, ...], settings: LogClientSettings) -> None:
        self._name = name
        self._servers = (settings.stick_to,) if settings.stick_to else servers
        self._settings = settings
        self._life = 0
        self._sessions_opened = 0
        self._session = ClientSession("")
        self._leader: str | None = None
        self._turn = 0
        self._requests: dict[int, Request] = {}
        self._by_identity: dict[Identity, Request] = {}
        self._done = self._failed = self._unknown = 0
        self._effects: list[Effect] = []

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event must be `Started`, which makes this life's identity durable."""
        self._effects = []
        match event:
            case Started(saved):
                self._start(saved)
            case Asked(request_id, command):
                self._begin(Request(request_id, _known(command), now))
            case Received(source, message):
                self._hear(source, message)
            case TimerFired(name):
                self._ring(name)
        return self._effects

    def view(self) -> LogClientView:
        """Whom it believes, what is outstanding, how the rest ended."""
        outstanding = tuple(request.view() for request in self._requests.values())
        return LogClientView(
            self._name,
            self._session.client_id,
            self._leader,
            outstanding,
            self._done,
            self._failed,
            self._unknown,
        )

    # ------------------------------------------------------------ identity

    def _start(self, saved: Saved) -> None:
        """Every life needs a name of its own: under an old one, its first commands would pass for retries of the
        last life's and be answered with their results. The save is a fence, so nothing leaves under a name that a
        power loss could hand out again."""
        last = saved.cell(LIFE)
        self._life = last.number + 1 if isinstance(last, Life) else 1
        self._effects.append(Save(LIFE, Life(self._life)))
        self._open_session()
        self._note(f"begins life {self._life} as client {self._session.client_id}", SESSIONS)

    def _open_session(self) -> None:
        self._sessions_opened += 1
        self._session = ClientSession(f"{self._name}.{self._life}.{self._sessions_opened}")

    def _name_anew(self, request: Request) -> None:
        self._by_identity[request.open_in(self._session)] = request

    # ------------------------------------------------------------ a request's tries

    def _begin(self, request: Request) -> None:
        assert self._life > 0, f"{self._name} was asked for something before it started"
        assert request.request_id not in self._requests, f"request {request.request_id} is outstanding already"
        self._requests[request.request_id] = request
        timeout = self._settings.change_timeout if request.is_change else self._settings.request_timeout
        self._effects.append(SetTimer(_deadline(request), timeout, timeout))
        self._name_anew(request)
        self._try(request)

    def _try(self, request: Request) -> None:
        """Ask the believed leader, or whoever's turn it is."""
        if request.tries > 0 and not self._settings.sessions:
            self._open_session()
            self._name_anew(request)
        request.try_at(self._leader or self._whose_turn())
        self._effects.append(Send(request.server, request.message()))
        timeout = self._try_timeout(request)
        self._effects.append(SetTimer(_next(request), timeout, timeout))

    def _try_timeout(self, request: Request) -> int:
        return self._settings.change_try_timeout if request.is_change else self._settings.try_timeout

    def _whose_turn(self) -> str:
        server = self._servers[self._turn % len(self._servers)]
        self._turn += 1
        return server

    def _ring(self, timer: str) -> None:
        what, _, request_id = timer.partition(" ")
        request = self._requests[int(request_id)]
        if what == "deadline":
            self._give_up(request)
        elif request.backing_off:
            self._try(request)
        else:
            self._try_another(request)

    def _try_another(self, request: Request) -> None:
        """Silence: the server may be dead, cut off, or waiting for a majority; the command may yet be done."""
        silent = request.server
        if self._leader == silent:
            self._leader = None
        if self._leader is None and self._servers[self._turn % len(self._servers)] == silent:
            self._turn += 1
        self._try(request)
        waited = _milliseconds(self._try_timeout(request))
        again = "it again" if request.server == silent else request.server
        self._note(f"{request.words}: no answer from {silent} in {waited}, tries {again}", ROUTING)

    # ------------------------------------------------------------ answers

    def _hear(self, source: str, message: Record) -> None:
        assert isinstance(message, ClientResponse), f"{source} sent a client {message}"
        identity = (message.client_id, message.sequence)
        request = self._by_identity.get(identity)
        if request is None:
            return  # Its request has ended, perhaps in another life.
        awaited = request.awaits(source, identity)
        if not request.answered_by(source, identity) and message.status != "ok":
            return  # A second copy.
        self._take_answer(request, source, message, awaited)

    def _take_answer(self, request: Request, source: str, message: ClientResponse, awaited: bool) -> None:
        match message.status:
            case "ok":
                self._leader = self._believable(source)
                self._end(request, Ok(message.value))
            case "not_leader":
                if awaited:  # A late word that another try came to nothing only clears the books.
                    self._look_elsewhere(request, source, self._believable(message.leader_hint))
            case "session_expired":
                self._expired(request, source, awaited)
            case "refused":
                self._refused(request, f"{source}: {message.reason}")
            case status:
                raise AssertionError(f"{source} answered with the unknown status {status!r}")

    def _believable(self, server: str | None) -> str | None:
        """Who is told of may be a server that has come later; only who sticks to one believes in no other."""
        return None if self._settings.stick_to and server not in self._servers else server

    def _look_elsewhere(self, request: Request, source: str, hint: str | None) -> None:
        """Follow the hint at once, unless hints have led in circles."""
        if hint and hint != source:
            self._leader = hint
        elif self._leader == source:
            self._leader = None
        request.redirects += 1
        if self._leader and request.redirects % (len(self._servers) + 1):
            self._note(f"{request.words}: {source} does not lead, redirected to {self._leader}", ROUTING)
            self._try(request)
        else:
            self._back_off(request, source)

    def _back_off(self, request: Request, source: str) -> None:
        request.backing_off = True
        shortest, longest = self._settings.backoff_shortest, self._settings.backoff_longest
        self._effects.append(SetTimer(_next(request), shortest, longest))
        self._note(f"{request.words}: {source} does not lead, waits a little", ROUTING)

    def _expired(self, request: Request, source: str, awaited: bool) -> None:
        """The servers forgot the session. Only what no earlier try can have applied may be asked for anew."""
        self._leader = self._believable(source)  # Only who leads can know it.
        if request.names[-1][0] is self._session:
            self._open_session()
        if not self._surely_not_done(request):
            self._end(request, Unknown(f"{source} has forgotten the session, and an earlier try may have been applied"))
        elif awaited or request.backing_off:
            self._note(f"{request.words}: {source} has forgotten the session, asks in a new one", SESSIONS)
            self._name_anew(request)
            self._try(request)

    def _refused(self, request: Request, refusal: str) -> None:
        """A refusal is the end, unless another try stands open: that one may be what it was refused for."""
        request.refusal = refusal
        if self._surely_not_done(request):
            self._end(request, Failed(refusal))
            return
        request.backing_off = True
        wait = self._try_timeout(request)
        self._effects.append(SetTimer(_next(request), wait, wait))
        self._note(f"{request.words}: refused by {refusal}; an earlier try may be why, asks again later")

    # ------------------------------------------------------------ ends

    def _surely_not_done(self, request: Request) -> bool:
        """No try stands unanswered; and a read is never "done"."""
        if isinstance(request.command, kv.Get):
            return True
        return not request.unanswered and (self._settings.refusals_are_final or request.is_change)

    def _give_up(self, request: Request) -> None:
        reason = request.refusal or _why(request)
        self._end(request, Failed(reason) if self._surely_not_done(request) else Unknown(reason))

    def _end(self, request: Request, outcome: Outcome) -> None:
        del self._requests[request.request_id]
        for identity in request.identities:
            del self._by_identity[identity]
        request.close()
        self._effects += [CancelTimer(_next(request)), CancelTimer(_deadline(request))]
        self._count(request, outcome)
        self._effects.append(Answer(request.request_id, outcome))

    def _count(self, request: Request, outcome: Outcome) -> None:
        match outcome:
            case Ok():
                self._done += 1
            case Failed(reason):
                self._failed += 1
                self._note(f"{request.words} failed: {reason}")
            case Unknown(reason):
                self._unknown += 1
                self._note(f"{request.words} may or may not be done: {reason}", SESSIONS)

    def _note(self, text: str, source: str = "") -> None:
        self._effects.append(Note(text, source))


def _known(command: Record) -> Asking:
    assert isinstance(command, Asking), f"such a client cannot ask for {command}"
    return command


def _next(request: Request) -> str:
    """The timer of the next try: either the last one gets no answer, or a wait is over."""
    return f"try {request.request_id}"


def _deadline(request: Request) -> str:
    return f"deadline {request.request_id}"


def _why(request: Request) -> str:
    if not request.unanswered:
        return f"no server would take it in {request.tries} tries"
    silent = ", ".join(dict.fromkeys(request.silent))
    return f"no answer from {silent} in {request.tries} tries"


def _milliseconds(duration: int) -> str:
    return f"{duration / 1000:g} ms"
