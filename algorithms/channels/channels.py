"""All connections of one machine: reliable and FIFO while they last, and honest about their end.

The law: what is sent on a connection arrives there in order and once, up to some point, behind which nothing arrives
(what Zab asks for: Junqueira, Reed, Serafini 2011, section 2). Connections are numbered by their opener, upwards for
ever, so that a late packet cannot pass for one of a newer connection. A process that dies loses its connections; the
other side hears of it when it next sends.
"""

from __future__ import annotations

from typing import NamedTuple

from algorithms.channels.connection import Connection, Waiting
from algorithms.channels.segment import ChannelSettings, Segment
from algorithms.machine import CancelTimer, Effect, Record, Send, SetTimer

LIVES = 1 << 20
"""Connections that one life can open."""

SHORTEST = 1_000
"""A timer is not set for less, us."""


class Arrived(NamedTuple):
    """The next payload of a connection."""

    peer: str
    connection: int
    payload: Record


class Broken(NamedTuple):
    """Nothing will arrive on it any more, and what was not acknowledged may have arrived or not."""

    peer: str
    connection: int
    why: str


Happened = Arrived | Broken


class Channels:
    """`effects` and `now` are the turn's: the owner sets them by `begin_turn`."""

    def __init__(self, name: str, settings: ChannelSettings | None = None, label: str = "channel") -> None:
        self.name = name
        self.settings = settings or ChannelSettings()
        self.label = label
        self.effects: list[Effect] = []
        self.now = 0
        self._life = self._next = 0
        self._live: dict[tuple[str, int], Connection] = {}
        self._current: dict[str, int] = {}
        self._accepted: dict[str, int] = {}
        """By peer: the newest of its connections that we have ever heard of in this life."""
        self._acknowledging = self._retrying = False
        """Whether the timer is set."""

    def start(self, life: int) -> None:
        """A life of the node begins; its number never comes twice."""
        self._life, self._next = life, life * LIVES

    def begin_turn(self, now: int, effects: list[Effect]) -> None:
        """Where this turn's wishes go, and what time it is."""
        self.now, self.effects = now, effects

    def owns(self, timer: str) -> bool:
        """Whether it is one of ours."""
        return timer.startswith(self.label) and timer[len(self.label) :] in (" acknowledge", " retry")

    # ------------------------------------------------------------ opening, closing

    def connect(self, peer: str) -> int:
        """A new connection to `peer`; an older one that we had opened is forgotten. The first payload tells of it."""
        for key, connection in tuple(self._live.items()):
            if key[0] == peer and connection.opened:
                del self._live[key]
        self._next += 1
        return self._open(Connection(peer, self._next, True, self.settings.retry)).handle

    def current(self, peer: str) -> int:
        """The newest connection with this peer, whoever opened it; 0 if there is none."""
        handle = self._current.get(peer, 0)
        return handle if (peer, handle) in self._live else 0

    def close(self, peer: str, connection: int) -> None:
        """End it. What is under way may arrive or not."""
        found = self._live.pop((peer, connection), None)
        if found is not None:
            self._reset(peer, found.number, found.opened)

    def close_all(self) -> None:
        """End all of them."""
        for peer, connection in tuple(self._live):
            self.close(peer, connection)

    def _open(self, connection: Connection) -> Connection:
        self._live[connection.peer, connection.handle] = connection
        self._current[connection.peer] = connection.handle
        return connection

    def _reset(self, peer: str, number: int, opened: bool) -> None:
        newest = 0 if opened else self._accepted.get(peer, 0)
        self.effects.append(Send(peer, self.wrap(Segment(number, opened, 0, newest, None, reset=True)), True))

    # ------------------------------------------------------------ sending

    def wrap(self, segment: Segment) -> Record:
        """How a segment goes out. Who has several sorts of channels gives each a wrapping of its own."""
        return segment

    def send(self, peer: str, connection: int, payload: Record, at_once: bool = False) -> None:
        """Behind everything sent before; `at_once` as in `Send`. Nothing happens if the connection has ended."""
        found = self._live.get((peer, connection))
        if found is None:
            return
        if not found.waiting:
            found.progress_at, found.retry = self.now, self.settings.retry
            found.resend_at = self.now + found.retry
        self._send(found, found.put(payload, at_once))
        if not self._retrying:
            self._set_retry(self.settings.retry)

    def probe(self, peer: str, connection: int, payload: Record) -> None:
        """Once, at once, and never again: it may be lost, come twice or out of its turn. Only a sign of life is right
        for that; it shows either side whether the other still has the connection, and costs no acknowledgement."""
        found = self._live.get((peer, connection))
        if found is not None:
            self.effects.append(Send(peer, self.wrap(found.probe(payload)), True))
            self._owe_nothing()

    def _send(self, connection: Connection, waiting: Waiting | None) -> None:
        at_once = waiting is None or waiting.at_once
        self.effects.append(Send(connection.peer, self.wrap(connection.segment(waiting)), at_once))
        self._owe_nothing()

    def _owe_nothing(self) -> None:
        """What has just gone out has acknowledged all there was: no turn is needed for that alone."""
        if self._acknowledging and not any(each.owes for each in self._live.values()):
            self._acknowledging = False
            self.effects.append(CancelTimer(f"{self.label} acknowledge"))

    # ------------------------------------------------------------ receiving

    def receive(self, source: str, segment: Segment) -> list[Happened]:
        """What this segment brings, in order."""
        ours = not segment.by_opener
        found = self._live.get((source, segment.connection if ours else -segment.connection))
        happened: list[Happened] = []
        if found is None:
            found = self._unknown(source, segment, happened)
            if found is None:
                return happened
        if segment.reset:
            # A peer that has lost its disk, and whose clock went back, has to count on from where it once was.
            self._next = max(self._next, segment.acknowledged)
            del self._live[source, found.handle]
            return [Broken(source, found.handle, f"{source} knows no such connection")]
        if found.is_of_another_life(segment):
            self.close(source, found.handle)
            return [*happened, Broken(source, found.handle, "one of its ends has begun a new life")]
        if found.acknowledged(segment.acknowledged, self.now, self.settings.retry):
            self._wait_for_nothing()
        happened += [Arrived(source, found.handle, payload) for payload in found.take(segment)]
        if found.owes and not self._acknowledging:
            self._acknowledging = True
            wait = self.settings.acknowledge_after
            self.effects.append(SetTimer(f"{self.label} acknowledge", wait, wait))
        return happened

    def _unknown(self, source: str, segment: Segment, happened: list[Happened]) -> Connection | None:
        """Either the first word on a new connection, or something late."""
        newest = self._accepted.get(source, 0)
        if segment.reset:
            return None
        if not segment.by_opener or segment.connection <= newest or not segment.fresh:
            self._reset(source, segment.connection, not segment.by_opener)
            return None
        self._accepted[source] = segment.connection
        older = self._live.pop((source, -newest), None)
        if older is not None:
            happened.append(Broken(source, older.handle, f"{source} has opened a newer connection"))
        return self._open(Connection(source, segment.connection, False, self.settings.retry, self._life))

    # ------------------------------------------------------------ timers

    def ring(self, timer: str) -> list[Happened]:
        """Acknowledge what nothing else has acknowledged, or send again what nobody has."""
        if timer == f"{self.label} acknowledge":
            self._acknowledging = False
            for connection in tuple(self._live.values()):
                if connection.owes:
                    self._send(connection, None)
            return []
        assert timer == f"{self.label} retry", f"channels have no timer {timer}"
        self._retrying = False
        return self._retry()

    def _retry(self) -> list[Happened]:
        broken: list[Happened] = []
        for connection in tuple(self._live.values()):
            if not connection.waiting:
                continue
            if connection.silence(self.now) >= self.settings.give_up:
                self.close(connection.peer, connection.handle)
                broken.append(Broken(connection.peer, connection.handle, f"no word from {connection.peer}"))
            elif connection.is_due(self.now, self.settings.longest_retry):
                self._resend(connection)
        waiting = [each.resend_at for each in self._live.values() if each.waiting]
        if waiting:
            wait = max(SHORTEST, min(waiting) - self.now)
            self._set_retry(min(wait, self.settings.longest_retry))
        return broken

    def _resend(self, connection: Connection) -> None:
        for waiting in connection.waiting[: self.settings.window]:
            self._send(connection, waiting)
        connection.retry = min(2 * connection.retry, self.settings.longest_retry)
        connection.resend_at = self.now + connection.retry

    def _wait_for_nothing(self) -> None:
        """There is nothing to send again any more."""
        if self._retrying and not any(each.waiting for each in self._live.values()):
            self._retrying = False
            self.effects.append(CancelTimer(f"{self.label} retry"))

    def _set_retry(self, wait: int) -> None:
        self._retrying = True
        self.effects.append(SetTimer(f"{self.label} retry", wait, wait))
