"""What the keeper's servers say to each other beside Zab, through Zab's channels: FIFO with proposals and commits.

The law: followers forward, the leader decides. `attempt` numbers what one server asks on behalf of connections, so that
an answer finds its connection.
"""

from __future__ import annotations

from algorithms.keeper.commands import Sync, Write
from algorithms.keeper.tree.acl import Credentials
from algorithms.machine import Record


class Credential(Record, frozen=True):
    """What a session has told of itself."""

    scheme: str
    id: str


class ForwardedRequest(Record, frozen=True):
    """A client's write, or its sync."""

    session_id: int
    xid: int
    operation: Write | Sync
    credentials: tuple[Credential, ...] = ()

    @property
    def known_as(self) -> Credentials:
        """The same as pairs."""
        return tuple((each.scheme, each.id) for each in self.credentials)


class OpenSession(Record, frozen=True):
    """A client wants a session. `timeout` in us, within the bounds."""

    attempt: int
    client: str
    timeout: int


class Revalidate(Record, frozen=True):
    """A client comes with a session that it had elsewhere."""

    attempt: int
    session_id: int
    password: str


class Revalidated(Record, frozen=True):
    """`timeout` 0: there is no such session any more."""

    attempt: int
    session_id: int
    timeout: int


class CloseSessionRequest(Record, frozen=True):
    """A client ends its session."""

    session_id: int
    xid: int


class Touched(Record, frozen=True):
    """These sessions were heard since the last such word."""

    session_ids: tuple[int, ...]


class MovedAway(Record, frozen=True):
    """The session is with another server now."""

    session_id: int


class Synced(Record, frozen=True):
    """Everything that the leader had proposed when this sync came has been committed."""

    session_id: int
    xid: int
