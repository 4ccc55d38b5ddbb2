"""A client of the keeper: one session, wherever it is connected (ZooKeeper programmer's guide, "ZooKeeper Sessions").

The law: only a server can tell a client that its session is over; without a connection it is suspended and knows
nothing. What was sent on a connection that broke may be done, so a write ends Unknown; reads are asked again. A process
that dies loses its session, and the servers will let it expire.
"""

from __future__ import annotations

from algorithms.channels.channels import Arrived, Broken, Channels, Happened
from algorithms.channels.segment import Segment
from algorithms.keeper.client.commanding import Commanding
from algorithms.keeper.client.pending import Requests
from algorithms.keeper.client.watches import ClientWatches
from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.commands import AddAuth
from algorithms.keeper.messages import (
    ClientRequest,
    ConnectRequest,
    ConnectResponse,
    Gone,
    Ping,
    Pong,
    Reply,
    ResourceResponse,
    SetWatches,
    WatchEvent,
)
from algorithms.keeper.view import KeeperClientView
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.lives import Life, next_life
from algorithms.machine import (
    Asked,
    CancelTimer,
    Effect,
    Event,
    Note,
    Received,
    Record,
    Save,
    Saved,
    SetTimer,
    Started,
    TimerFired,
)

SESSIONS = "ZooKeeper programmer's guide, sessions"
UP = ("connected", "read_only")


class KeeperClient:
    """The machine of a keeper's service on a client node. `resource_node` has the resources outside of the keeper."""

    def __init__(
        self, name: str, servers: tuple[str, ...], settings: KeeperClientSettings, resource_node: str = ""
    ) -> None:
        self.name = name
        self.settings = settings
        self.resource_node = resource_node or servers[0]
        self.life = 0
        self.channels = Channels(name, label="client")
        self._servers = _in_order(name, servers, settings.server)
        self._turn = 0
        # The session.
        self.status = "connecting"
        self.server = ""
        self.connection = 0
        self.session_id = 0
        self.password = ""
        self.timeout = settings.session_timeout
        self.last_zxid = ZERO
        self._told_up_to = ZERO
        """All events up to there have come. An event's own zxid may have more, which were lost with a connection."""
        self.heard_at = 0
        self._sent_at = 0
        self._xid = 0
        self.auths: dict[AddAuth, None] = {}
        self.requests = Requests()
        self.watches = ClientWatches()
        self.notifications = 0
        self.commanding = Commanding(self)
        # The turn under way.
        self.now = 0
        self.effects: list[Effect] = []

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event of a life is `Started`."""
        effects: list[Effect] = []
        self.now, self.effects = now, effects
        self.channels.begin_turn(now, effects)
        match event:
            case Received(source, Segment() as segment):
                for each in self.channels.receive(source, segment):
                    self._happened(each)
            case Received(_, ResourceResponse() as response):
                self.commanding.resource_said(response)
            case TimerFired(name):
                self._ring(name)
            case Asked(request_id, command):
                self.commanding.begin(request_id, command)
            case Started(saved):
                self._start(saved)
            case Received(source, message):
                raise AssertionError(f"{source} sent a keeper's client {message}")
        self.flush()
        return effects

    def view(self) -> KeeperClientView:
        """Where it is connected, what it waits for, what it holds."""
        counted, commanding = self.commanding.counted, self.commanding
        return KeeperClientView(
            self.name, self.status, self.session_id, self.server, self.timeout, self.last_zxid, self.heard_at,
            len(self.requests), self.watches.words(), commanding.recipes_in_view(), self.notifications,
            counted.done, counted.failed, counted.unknown,
        )  # fmt: skip

    # ------------------------------------------------------------ acting

    def note(self, text: str, source: str = SESSIONS) -> None:
        """Explain a decision."""
        self.effects.append(Note(text, source))

    def set_timer(self, name: str, shortest: int, longest: int = 0) -> None:
        """In us."""
        self.effects.append(SetTimer(name, shortest, max(shortest, longest)))

    def cancel(self, name: str) -> None:
        """See `set_timer`."""
        self.effects.append(CancelTimer(name))

    @property
    def is_up(self) -> bool:
        """Whether a server serves this client now, as far as it knows."""
        return self.status in UP

    def _tell(self, message: Record) -> None:
        self._sent_at = self.now
        self.channels.send(self.server, self.connection, message)

    def flush(self) -> None:
        """Send what waits, in order."""
        while self.is_up:
            pending = self.requests.next(self._xid + 1)
            if pending is None:
                return
            self._xid += 1
            self._tell(ClientRequest(pending.xid, pending.operation))

    # ------------------------------------------------------------ connecting

    def _start(self, saved: Saved) -> None:
        self.life = next_life(saved, self.now)
        self.effects.append(Save("life", Life(self.life)))
        self.channels.start(self.life)
        self.connect()

    def connect(self, server: str = "") -> None:
        """Go to this server, or to whoever's turn it is."""
        self.status = "suspended" if self.session_id else "connecting"
        self.server = server or self._servers[self._turn % len(self._servers)]
        if not server:
            self._turn += 1
        self.cancel("retry")
        self.connection = self.channels.connect(self.server)
        self.channels.send(
            self.server,
            self.connection,
            ConnectRequest(
                self.name, max(0, self.session_id), self.password, self.settings.session_timeout, self.last_zxid,
                self.settings.can_be_read_only,
            ),
        )  # fmt: skip
        self.set_timer("connect", self.settings.connect_timeout)

    def leave(self, why: str) -> None:
        """The connection is over; what was sent may be done."""
        if self.is_up:
            self.note(f"has lost {self.server}: {why}")
        if self.connection:
            self.channels.close(self.server, self.connection)
        self.connection = 0
        self.status = "suspended" if self.session_id else "connecting"
        self.cancel("connect")
        self.cancel("ping")
        self.commanding.connection_lost(self.requests)

    def _try_another(self, why: str) -> None:
        self.leave(why)
        self.set_timer("retry", self.settings.backoff_shortest, self.settings.backoff_longest)

    def _happened(self, what: Happened) -> None:
        if (what.peer, what.connection) != (self.server, self.connection):
            return
        if isinstance(what, Broken):
            self._try_another(what.why)
            return
        assert isinstance(what, Arrived), f"{what} is no payload"
        self.heard_at = self.now
        self._hear(what.payload)

    def _hear(self, message: Record) -> None:
        match message:
            case Reply():
                self._up_to(message.zxid)
                pending = self.requests.answered(message.xid)
                self.watches.learn(pending.operation, message)
                if not pending.over:
                    pending.asker.replied(pending.operation, message)
            case WatchEvent():
                self._fired(message)
            case Pong(zxid):
                self._up_to(zxid)
            case ConnectResponse():
                self._connected(message)
            case Gone("expired"):
                self.expire()
            case Gone(why):
                self._try_another(f"{self.server} says {why}")
            case _:
                raise AssertionError(f"{self.server} sent a keeper's client {message}")

    def _up_to(self, zxid: Zxid) -> None:
        """The server has applied `zxid`, and has told of all changes up to there before."""
        self.last_zxid = max(self.last_zxid, zxid)
        self._told_up_to = max(self._told_up_to, zxid)

    def _connected(self, message: ConnectResponse) -> None:
        self.cancel("connect")
        if message.refused:
            self._try_another(message.refused)
        elif message.session_id == 0:
            self.expire()
        else:
            self._let_in(message)

    def _let_in(self, message: ConnectResponse) -> None:
        is_new = message.session_id != self.session_id
        self.session_id, self.password, self.timeout = message.session_id, message.password, message.timeout
        self.status = "read_only" if message.read_only else "connected"
        how = "read-only " if message.read_only else ""
        self.note(f"is {how}connected to {self.server}, session {self.session_id:#x}{'' if is_new else ', as before'}")
        self._wait_to_ping()
        for auth in self.auths:
            self.commanding.tell_again(auth)
        watches = self.watches.to_set()
        if watches:
            self._tell(SetWatches(self._told_up_to, watches))

    def expire(self) -> None:
        """A server says that the session is over: everything that hung on it is gone."""
        self.note(f"its session {self.session_id:#x} has expired")
        self.leave("the session has expired")
        self.session_id, self.password = 0, ""
        self.status = "expired"
        self.watches.clear()
        self.commanding.session_lost()
        self.connect()

    def close(self) -> None:
        """The session was ended in order. The next connection opens a new one."""
        self.leave("the session is closed")
        self.session_id, self.password = 0, ""
        self.watches.clear()
        self.commanding.session_lost()
        self.status = "closed"

    # ------------------------------------------------------------ staying

    def _fired(self, event: WatchEvent) -> None:
        self.last_zxid = max(self.last_zxid, event.zxid)
        if self.watches.fired(event):
            self.notifications += 1
            self.note(f"is told: {event.path} {event.event.value}", "ZooKeeper programmer's guide, watches")
            self.commanding.notified(event)

    def _wait_to_ping(self) -> None:
        """Until a third of the timeout has passed in silence, or two thirds without a word of the server."""
        self.heard_at, self._sent_at = min(self.heard_at, self.now), min(self._sent_at, self.now)
        until = min(self._sent_at + self.timeout // 3, self.heard_at + 2 * self.timeout // 3)
        self.set_timer("ping", max(1_000, until - self.now))

    def _ping(self) -> None:
        if not self.is_up:
            return
        if self.now - self.heard_at >= 2 * self.timeout // 3:
            self._try_another("it is silent")
            return
        if self.now - self._sent_at >= self.timeout // 3:
            self._tell(Ping())
        self._wait_to_ping()

    def _ring(self, timer: str) -> None:
        if self.channels.owns(timer):
            for each in self.channels.ring(timer):
                self._happened(each)
        elif timer == "ping":
            self._ping()
        elif timer == "retry":
            self.connect()
        elif timer == "connect":
            if not self.is_up:
                self._try_another("it does not answer")
        else:
            self.commanding.ring(timer)


def _in_order(name: str, servers: tuple[str, ...], first: str) -> tuple[str, ...]:
    """Each client begins with another server, so that they spread."""
    digits = "".join(letter for letter in name if letter.isdigit())
    place = servers.index(first) if first in servers else (int(digits or "1") - 1) % len(servers)
    return servers[place:] + servers[:place]
