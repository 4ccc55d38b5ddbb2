"""A ring client: it asks any server, tries again at another one, and says honestly how each request ended.

The law: `Ok` and `Found` are a server's word, `Failed` means surely not done, everything else is `Unknown`; a read
changes nothing, so it never is. The client remembers what it has seen of each key: its next write replaces that, and
its own earlier writes, and nothing else (Dynamo 4.4, "context").
"""

from __future__ import annotations

from algorithms.lives import Life, next_life
from algorithms.machine import (
    Answer,
    Asked,
    CancelTimer,
    Effect,
    Event,
    Failed,
    Note,
    Ok,
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
from algorithms.ring.client_request import Message, Request, words
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.client_view import RingClientView
from algorithms.ring.clocks import add, union
from algorithms.ring.commands import Delete, Found, GetFile, PutFile, Read, RingCommand, Write
from algorithms.ring.file_transfer import FileTransfer
from algorithms.ring.messages import ChangeRequest, ReadRequest, RingResponse, WriteRequest
from algorithms.ring.versions import Dot, VectorClock, Version, live_values

__all__ = ["RingClient", "RingClientSettings", "RingClientView"]

TRY_AGAIN = ("UnavailableException", "ReadTimeoutException")
"""What another coordinator, or a later moment, may see otherwise."""
NEVER_SEEN = VectorClock()


class RingClient:
    """The machine of a ring service on a client node. Any number of requests may be outstanding at once."""

    def __init__(self, name: str, servers: tuple[str, ...], settings: RingClientSettings) -> None:
        self._name = name
        self._servers = servers
        self._settings = settings
        self._client_id = ""
        self._turn = 0
        self._sequence = 0
        self._requests: dict[int, Request] = {}
        self._contexts: dict[str, VectorClock] = {}
        self._counters: dict[str, int] = {}
        """By key: the counter of the last dot that this life has given out."""
        self._transfers: dict[int, FileTransfer] = {}
        """By the sequence of each of its requests that are under way."""
        self._done = self._failed = self._unknown = 0
        self._now = 0
        self._effects: list[Effect] = []

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event must be `Started`, which makes this life's name durable."""
        self._effects, self._now = [], now
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

    def view(self) -> RingClientView:
        """What is outstanding, and how the rest ended."""
        outstanding = tuple(request.view() for request in self._requests.values())
        return RingClientView(self._name, self._client_id, outstanding, self._done, self._failed, self._unknown)

    # ------------------------------------------------------------ identity

    def _start(self, saved: Saved) -> None:
        life = next_life(saved, self._now)
        self._client_id = f"{self._name}.{life}"
        self._effects.append(Save("life", Life(life)))

    # ------------------------------------------------------------ beginning

    def _begin(self, request_id: int, command: Record) -> None:
        assert self._client_id, f"{self._name} was asked for something before it started"
        assert isinstance(command, RingCommand), f"a ring client cannot ask for {command}"
        if isinstance(command, PutFile | GetFile):
            self._go_on_with(FileTransfer(request_id, command, self._settings.chunks_at_once))
        else:
            self._ask(request_id, command)

    def _ask(self, request_id: int, command: RingCommand) -> int:
        """Begin one request; its sequence."""
        self._sequence += 1
        request = Request(request_id, command, self._message(self._sequence, command), self._now)
        self._requests[request.sequence] = request
        is_change = isinstance(request.message, ChangeRequest)
        patience = self._settings.change_timeout if is_change else self._settings.request_timeout
        self._effects.append(SetTimer(f"deadline {request.sequence}", patience, patience))
        self._try(request)
        return request.sequence

    def _message(self, sequence: int, command: RingCommand) -> Message:
        match command:
            case Read(key, quorum):
                return ReadRequest(self._client_id, sequence, key, quorum)
            case Write(key, value, quorum):
                version = Version(self._dot(key), value, self._now)
                return WriteRequest(self._client_id, sequence, key, version, self._replacing(version, key), quorum)
            case Delete(key, quorum):
                version = Version(self._dot(key), None, self._now, True)
                return WriteRequest(self._client_id, sequence, key, version, self._replacing(version, key), quorum)
            case PutFile() | GetFile():
                raise AssertionError("a file is many requests")
            case change:
                return ChangeRequest(self._client_id, sequence, change)

    def _dot(self, key: str) -> Dot:
        self._counters[key] = self._counters.get(key, 0) + 1
        return Dot(self._client_id, self._counters[key])

    def _replacing(self, version: Version, key: str) -> VectorClock:
        """What the client has seen of the key, and from now on also this version."""
        context = self._contexts.get(key, NEVER_SEEN)
        self._contexts[key] = add(context, version.dot)
        return context

    # ------------------------------------------------------------ tries

    def _try(self, request: Request) -> None:
        request.tries += 1
        request.server = self._settings.coordinator or self._whose_turn()
        self._effects.append(Send(request.server, request.message))
        timeout = self._settings.try_timeout
        self._effects.append(SetTimer(f"try {request.sequence}", timeout, timeout))

    def _whose_turn(self) -> str:
        self._turn += 1
        return self._servers[self._turn % len(self._servers)]

    def _ring(self, timer: str) -> None:
        what, _, sequence = timer.partition(" ")
        request = self._requests[int(sequence)]
        if what == "deadline":
            self._give_up(request)
        elif request.refusal:
            request.refusal = ""
            self._try(request)
        else:
            silent = request.server
            request.silent.append(silent)
            self._try(request)
            again = "it again" if request.server == silent else request.server
            self._note(f"{words(request.command)}: no answer from {silent}, asks {again}")

    # ------------------------------------------------------------ answers

    def _hear(self, source: str, message: Record) -> None:
        assert isinstance(message, RingResponse), f"{source} sent a ring client {message}"
        request = self._requests.get(message.sequence) if message.client_id == self._client_id else None
        if request is None:
            return  # It has ended, perhaps in another life.
        self._servers = message.members or self._servers
        match message.status:
            case "ok":
                self._succeed(request, message)
            case "refused" if message.reason.startswith(TRY_AGAIN):
                self._again(request, source, message.reason, perhaps_done=False)
            case "refused":
                self._end(request, Unknown(message.reason) if self._is_uncertain(request) else Failed(message.reason))
            case "uncertain":
                self._again(request, source, message.reason, perhaps_done=True)
            case status:
                raise AssertionError(f"{source} answered with the unknown status {status!r}")

    def _succeed(self, request: Request, message: RingResponse) -> None:
        match request.message:
            case ReadRequest(key=key):
                self._contexts[key] = union(self._contexts.get(key, NEVER_SEEN), message.versions.clock)
                self._end(request, Found(live_values(message.versions)))
            case _:
                self._end(request, Ok())

    def _again(self, request: Request, source: str, reason: str, perhaps_done: bool) -> None:
        """Not now, or not there: wait a little, and ask the next server."""
        request.perhaps_done = request.perhaps_done or perhaps_done
        if source != request.server or request.refusal:
            return  # A late word of an earlier try, or a second copy.
        request.refusal = reason
        wait = self._settings.try_timeout // 4
        self._effects.append(SetTimer(f"try {request.sequence}", wait, 2 * wait))
        self._note(f"{words(request.command)}: {source} says {reason}; asks again soon")

    # ------------------------------------------------------------ ends

    def _is_uncertain(self, request: Request) -> bool:
        """A try, or another copy of one that was refused, may have changed something; a read never does."""
        return not request.is_read and (request.perhaps_done or bool(request.silent) or request.tries > 1)

    def _give_up(self, request: Request) -> None:
        if not request.refusal:
            request.silent.append(request.server)
        silent = ", ".join(dict.fromkeys(request.silent))
        reason = request.refusal or f"no answer from {silent} in {request.tries} tries"
        self._end(request, Unknown(reason) if self._is_uncertain(request) else Failed(reason))

    def _end(self, request: Request, outcome: Record) -> None:
        del self._requests[request.sequence]
        for timer in ("try", "deadline"):
            self._effects.append(CancelTimer(f"{timer} {request.sequence}"))
        transfer = self._transfers.pop(request.sequence, None)
        if transfer is None:
            self._answer(request.request_id, request.command, outcome)
            return
        whole = transfer.heard(request.sequence, outcome)
        if whole is not None:
            self._answer(transfer.request_id, transfer.command, whole)
        else:
            self._go_on_with(transfer)

    def _go_on_with(self, transfer: FileTransfer) -> None:
        for number, command in transfer.work():
            sequence = self._ask(transfer.request_id, command)
            transfer.began(sequence, number)
            self._transfers[sequence] = transfer

    def _answer(self, request_id: int, command: RingCommand, outcome: Record) -> None:
        match outcome:
            case Failed(reason):
                self._failed += 1
                self._note(f"{words(command)} failed: {reason}")
            case Unknown(reason):
                self._unknown += 1
                self._note(f"{words(command)} may or may not be done: {reason}")
            case _:
                self._done += 1
        self._effects.append(Answer(request_id, outcome))

    def _note(self, text: str) -> None:
        self._effects.append(Note(text, "Dynamo 4.5"))
