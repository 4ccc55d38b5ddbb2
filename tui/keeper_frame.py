"""What is on the screen of a keeper, as values. The law: the tree is one server's, the sessions are the leader's.

Times are microseconds. `tui/keeper_framing.py` makes these from a world.
"""

from __future__ import annotations

from dataclasses import dataclass

from algorithms.keeper.view import ProposalView
from algorithms.keeper.zxid import ZERO, Zxid
from tui.glyphs import Role


@dataclass(frozen=True, slots=True)
class KeeperRow:
    """A server, in the cluster's order. `phase` is Zab's; empty if it is down."""

    node: str
    role: Role
    phase: str = ""
    epoch: int = 0
    accepted_epoch: int = 0
    logged: Zxid = ZERO
    committed: Zxid = ZERO
    in_sync: bool = False
    """The leader takes it to be synchronised."""
    votes: bool = True
    vote: str = ""
    clients: int = 0
    watches: int = 0

    @property
    def up(self) -> bool:
        """Its process runs."""
        return self.role is not Role.DOWN

    @property
    def serves(self) -> bool:
        """Clients can write through it."""
        return self.phase == "broadcast" and self.role in (Role.LEADING, Role.FOLLOWING, Role.OBSERVING)


@dataclass(frozen=True, slots=True)
class ZnodeFace:
    """One znode. `lasts` tells for itself and each of its ancestors below the root whether it is the last child."""

    path: str
    kind: str
    lasts: tuple[bool, ...] = ()
    data: str = ""
    version: int = 0
    sequential: bool = False
    owner: str = ""
    """The client whose session it goes with."""
    session: int = 0
    watches: int = 0
    word: str = ""
    """What it is to a recipe: `c1 holds it`, `c2 waits for c1`."""
    held: bool = False
    before: str = ""
    """Ancestors that stand in its line, with a slash behind each."""

    @property
    def name(self) -> str:
        """The last part of the path; the root's is a slash."""
        return self.path.rpartition("/")[2] or "/"


@dataclass(frozen=True, slots=True)
class SessionFace:
    """A session. `left` is how long its server may still hear nothing of it; -1 if nobody counts."""

    session_id: int
    client: str
    server: str
    timeout: int
    left: int = -1
    ephemerals: int = 0
    expired: bool = False

    @property
    def share(self) -> float:
        """How much of its timeout is left."""
        return min(1.0, max(0.0, self.left / self.timeout)) if self.timeout > 0 and self.left >= 0 else 0.0


@dataclass(frozen=True, slots=True)
class QueueFace:
    """Who has a lock, leads, is inside or a member (`has`), and who waits, in the order of their znodes."""

    path: str
    recipe: str
    has: tuple[str, ...]
    waiting: tuple[str, ...]
    token: int = 0
    """The holder's, for fencing."""
    herd: bool = False
    """Whoever waits does not watch the one before, but the directory."""


@dataclass(frozen=True, slots=True)
class KeeperClientFace:
    """A client. `state` is the session's, as the client believes."""

    node: str
    up: bool
    state: str = ""
    session_id: int = 0
    server: str = ""
    outstanding: int = 0
    watches: int = 0
    notifications: int = 0
    done: int = 0
    failed: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class KeeperFrame:
    """The keeper at one moment."""

    leader: str = ""
    """Established, and up."""
    epoch: int = 0
    quorum: int = 0
    voters: tuple[str, ...] = ()
    rows: tuple[KeeperRow, ...] = ()
    proposals: tuple[ProposalView, ...] = ()
    tree_of: str = ""
    """Whose tree is shown."""
    behind: bool = False
    """The tree is older than another server's."""
    tree_zxid: Zxid = ZERO
    znodes: tuple[ZnodeFace, ...] = ()
    """At most as many as a screen can show, the chosen one among them."""
    count: int = 0
    """Znodes of the whole tree."""
    sessions: tuple[SessionFace, ...] = ()
    queues: tuple[QueueFace, ...] = ()
    clients: tuple[KeeperClientFace, ...] = ()
    chosen: str = ""
    """The path of the znode that is shown in full; empty: none."""
    stat: tuple[str, ...] = ()
    """Of the chosen znode, in words."""
    source: tuple[object, ...] = ()
    """What the tree is made from: while it is equal, so is the tree."""

    @property
    def looking(self) -> int:
        """Servers that look for a leader."""
        return sum(row.role is Role.LOOKING for row in self.rows)

    @property
    def newest(self) -> Zxid:
        """The last transaction that any server has applied."""
        return max((row.committed for row in self.rows), default=ZERO)
