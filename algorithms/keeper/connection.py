"""A client's connection, as its server has it: who it is, and what it waits for.

The law: replies leave in the order of the requests. So a read waits behind the writes before it, until they are applied
here (Hunt, Konar, Junqueira, Reed 2010, 2.3: FIFO client order).
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from algorithms.keeper.forwarding import Credential
from algorithms.keeper.messages import ClientRequest
from algorithms.keeper.tree.acl import Credentials


class Waiting(NamedTuple):
    """A request that has no answer yet. `forwarded`: the leader has it, or will have."""

    request: ClientRequest
    forwarded: bool


class Connection:
    """`session_id` 0: it has none yet; below 0: one that only this read-only server knows."""

    __slots__ = (
        "attempt", "client", "credentials", "handle", "peer", "read_only", "session_id", "timeout", "waiting",
    )  # fmt: skip

    def __init__(self, peer: str, handle: int, client: str) -> None:
        self.peer = peer
        self.handle = handle
        self.client = client
        self.session_id = 0
        self.timeout = 0
        self.read_only = False
        self.attempt = 0
        """What it asked the leader for, while it waits to be let in."""
        self.credentials: dict[Credential, None] = {}
        self.waiting: deque[Waiting] = deque()

    @property
    def known_as(self) -> Credentials:
        """What it has told of itself."""
        return tuple((each.scheme, each.id) for each in self.credentials)


class Late(NamedTuple):
    """A request that came while the server had too much under way."""

    connection: Connection
    request: ClientRequest
