"""What one server of the keeper knows, with the few verbs by which it acts on the world.

The law: the tree is what Zab has delivered, and nothing else of a server is durable but its number of lives and the
resources that stand for a world outside. Everything about clients ends with a reign.
"""

from __future__ import annotations

from algorithms.channels.channels import Channels
from algorithms.keeper.connection import Connection, Late
from algorithms.keeper.messages import Gone
from algorithms.keeper.preparing import Preparing
from algorithms.keeper.resource import Resources
from algorithms.keeper.sessions import Tracker
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.tree.data_tree import DataTree
from algorithms.keeper.txns import Body, Txn
from algorithms.keeper.watching import Watches
from algorithms.keeper.zab.application import Application
from algorithms.keeper.zab.machine import Zab
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Effect, Note, Record, SetTimer


class Reign:
    """What only a leader has."""

    __slots__ = ("cleaning", "preparing", "syncs", "tracker")

    def __init__(self, tree: DataTree, epoch: int) -> None:
        self.preparing = Preparing(tree)
        self.tracker = Tracker(epoch)
        self.syncs: list[tuple[Zxid, str, int, int]] = []
        """Behind which transaction which server's session waits with which xid."""
        self.cleaning = False
        """Whether the timer for containers and TTL znodes is set."""


class State:
    """One server."""

    def __init__(
        self, name: str, ensemble: tuple[str, ...], settings: KeeperSettings, application: Application
    ) -> None:
        self.name = name
        self.ensemble = ensemble
        self.settings = settings
        self.tree = DataTree()
        self.zab = Zab(name, ensemble, settings, application)
        self.channels = Channels(name, label="client")
        self.connections: dict[tuple[str, int], Connection] = {}
        self.by_session: dict[int, Connection] = {}
        self.attempts = 0
        """The last one's number; none comes twice, in whatever life."""
        self.looking_since = 0
        """When it last lost its leader, or booted; its own clock."""
        self.watches = Watches()
        self.late: list[Late] = []
        """What came while `max_in_flight` requests were under way."""
        self.in_flight = 0
        self.touched: dict[int, None] = {}
        """Sessions heard here of which the leader does not know yet."""
        self.reign: Reign | None = None
        self.local_sessions = 0
        self.resources = Resources(settings.fencing)
        self.now = 0
        self.effects: list[Effect] = []

    @property
    def serves_reads(self) -> bool:
        """Whether it is a read-only server: for the moment that an election takes it is none."""
        alone = self.now - self.looking_since >= self.settings.tick_time
        return self.settings.read_only_mode and self.zab.state.role == "looking" and alone

    # ------------------------------------------------------------ acting

    def note(self, text: str, source: str) -> None:
        """Explain a decision."""
        self.effects.append(Note(text, source))

    def set_timer(self, name: str, wait: int) -> None:
        """`name` without the "keeper " that all have."""
        self.effects.append(SetTimer(f"keeper {name}", wait, wait))

    def tell(self, connection: Connection, message: Record) -> None:
        """To a client. What it is told is committed, or changes nothing, so it need not wait for our disk."""
        self.channels.send(connection.peer, connection.handle, message, at_once=True)

    def broadcast(self, session_id: int, xid: int, server: str, body: Body) -> Zxid:
        """As the leader: let it become true."""
        assert self.reign is not None, f"{self.name} broadcasts and does not lead"
        zxid = self.zab.broadcast(Txn(session_id, xid, self.now, server, body))
        if self.reign is not None:
            self.reign.preparing.proposed(zxid)
        return zxid

    # ------------------------------------------------------------ connections

    def asking(self, attempt: int) -> Connection | None:
        """The connection for which the leader was asked this."""
        return next((each for each in self.connections.values() if attempt and each.attempt == attempt), None)

    def forget(self, connection: Connection) -> None:
        """It is no more, whoever ended it."""
        self.connections.pop((connection.peer, connection.handle), None)
        self.in_flight -= sum(each.forwarded for each in connection.waiting)
        connection.waiting.clear()
        self.late = [each for each in self.late if each.connection is not connection]
        if self.by_session.get(connection.session_id) is connection:
            del self.by_session[connection.session_id]
            self.watches.forget(connection.session_id)

    def dismiss(self, connection: Connection, why: str) -> None:
        """Send a client away."""
        self.tell(connection, Gone(why))
        self.forget(connection)
