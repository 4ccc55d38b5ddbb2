"""How tests talk to one keeper that is an ensemble of its own: hand it events, play its clients over real channels."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from algorithms.channels.channels import Arrived, Broken, Channels
from algorithms.channels.segment import Segment
from algorithms.keeper.commands import AddAuth, AddWatch, CloseSession, Read, RemoveWatches, Write
from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.messages import ClientRequest, ConnectRequest, ConnectResponse, Reply
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.txns import Body, Txn
from algorithms.keeper.zab.application import Application
from algorithms.keeper.zab.messages import Durable, Transaction
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import (
    Append,
    CancelTimer,
    Cell,
    Effect,
    Event,
    Journal,
    Note,
    Received,
    Record,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
)

SECOND = 1_000_000
USUAL = KeeperSettings()
Kind = TypeVar("Kind", bound=Record)
Asked = Write | Read | AddWatch | RemoveWatches | AddAuth | CloseSession


class Talk:
    """One server `n1`. What it tells itself comes at once, unless its disk is `slow`."""

    def __init__(self, settings: KeeperSettings = USUAL, saved: Saved | None = None, now: int = 0) -> None:
        self.machine = KeeperMachine("n1", ("n1",), settings)
        self.state = self.machine.state
        self.now = now
        self.slow = False
        self.timers: dict[str, int] = {}
        self.clients: dict[str, Client] = {}
        self.logged: list[Txn] = []
        self.cells: dict[str, Record] = {cell.name: cell.value for cell in saved.cells} if saved else {}
        self.notes: list[str] = []
        self._own: deque[Record] = deque()
        self.turn(Started(saved or Saved()))
        while not self.state.zab.leads:
            self.ring_next()

    # ------------------------------------------------------------ turns

    def turn(self, event: Event) -> list[Effect]:
        """One event in, and what it wishes for."""
        effects = self.machine.handle(event, self.now)
        for each in effects:
            self._perform(each)
        if not self.slow:
            self.drain()
        return effects

    def within(self, act: Callable[[Application], None]) -> None:
        """What Zab does to it within a turn."""
        effects: list[Effect] = []
        state = self.state
        state.now, state.effects = self.now, effects
        state.zab.begin_turn(self.now, effects)
        state.channels.begin_turn(self.now, effects)
        act(state.zab.state.application)
        for each in tuple(effects):
            self._perform(each)
        if not self.slow:
            self.drain()

    def drain(self) -> None:
        """The disk has done all that it was asked for."""
        while self._own:
            self.turn(Received("n1", self._own.popleft()))

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Send("n1", message):
                assert isinstance(message, Durable), f"n1 tells itself {message}"
                self._own.append(message)
            case Send(target, message) if target in self.clients:
                self.clients[target].take(message)
            case SetTimer(name, shortest, _):
                self.timers[name] = self.now + shortest
            case CancelTimer(name):
                self.timers.pop(name, None)
            case Append(_, _, records):
                self.logged += [each.txn for each in records if isinstance(each, Transaction)]  # type: ignore[misc]
            case Save(cell, value):
                self.cells[cell] = value
            case Note(text):
                self.notes.append(text)
            case _:
                pass

    def saved(self) -> Saved:
        """Its disk, with everything on it."""
        log = self.state.zab.state.log
        journal = Journal("zab log", log.first_index, tuple(log.transactions))
        return Saved(tuple(Cell(name, value) for name, value in self.cells.items()), (journal,))

    def ring_next(self) -> None:
        """Let time go on to the next timer."""
        name = min(self.timers, key=lambda each: (self.timers[each], each))
        self.now = max(self.now, self.timers.pop(name))
        self.turn(TimerFired(name))

    def wait(self, duration: int) -> None:
        """Let time go on, us."""
        end = self.now + duration
        while self.timers and min(self.timers.values()) <= end:
            self.ring_next()
        self.now = end

    # ------------------------------------------------------------ looking

    def bodies(self) -> list[Body]:
        """What stands in the log, in order."""
        return [each.body for each in self.logged]

    @property
    def zxid(self) -> Zxid:
        """The last that is applied."""
        return self.state.tree.last_zxid

    # ------------------------------------------------------------ clients

    def client(self, name: str) -> Client:
        """A client that has no session yet."""
        self.clients[name] = Client(self, name)
        return self.clients[name]

    def connected(self, name: str, timeout: int = SECOND) -> Client:
        """A client with a new session."""
        client = self.client(name)
        client.connect(timeout=timeout)
        return client


class Client:
    """One client and its connection."""

    def __init__(self, talk: Talk, name: str) -> None:
        self.talk = talk
        self.name = name
        self.channels = Channels(name, label="client")
        self.channels.start(1)
        self.connection = 0
        self.session_id, self.password = 0, ""
        self.xid = 0
        self.heard: list[Record] = []
        """All that the server has said on this connection."""
        self.broken = False

    def connect(
        self, session_id: int = 0, password: str = "", timeout: int = SECOND, last: Zxid = ZERO, read_only: bool = False
    ) -> ConnectResponse | None:
        """Open a new connection, and say who we are."""
        self.connection, self.heard, self.broken = self.channels.connect("n1"), [], False
        self.say(ConnectRequest(self.name, session_id, password, timeout, last, read_only))
        responses = self.all_of(ConnectResponse)
        if responses:
            self.session_id, self.password = responses[0].session_id, responses[0].password
        return responses[0] if responses else None

    def connect_again(self, last: Zxid = ZERO) -> ConnectResponse | None:
        """With the session that we have."""
        return self.connect(self.session_id, self.password, last=last)

    def say(self, message: Record) -> list[Effect]:
        """One message; what the server wishes for."""
        effects: list[Effect] = []
        self.channels.begin_turn(self.talk.now, effects)
        self.channels.send("n1", self.connection, message)
        wishes: list[Effect] = []
        for each in effects:
            if isinstance(each, Send):
                wishes += self.talk.turn(Received(self.name, each.message))
        return wishes

    def ask(self, operation: Asked) -> Reply | None:
        """One request, and its reply if it has one by now."""
        self.xid += 1
        self.say(ClientRequest(self.xid, operation))
        found = [each for each in self.all_of(Reply) if each.xid == self.xid]
        return found[0] if found else None

    def done(self, operation: Asked) -> Reply:
        """One request that is answered at once."""
        reply = self.ask(operation)
        assert reply is not None, f"{operation} is not answered"
        return reply

    def take(self, message: Record) -> None:
        """The server sends."""
        assert isinstance(message, Segment), f"n1 sends {message}"
        self.channels.begin_turn(self.talk.now, [])
        for each in self.channels.receive("n1", message):
            if each.connection != self.connection:
                continue
            if isinstance(each, Arrived):
                self.heard.append(each.payload)
            elif isinstance(each, Broken):
                self.broken = True

    def all_of(self, kind: type[Kind]) -> list[Kind]:
        """What it has heard of this kind."""
        return [each for each in self.heard if isinstance(each, kind)]
