"""Requests of one client: those that wait for a connection, and those that wait for a reply.

The law: replies come in the order of the requests, so the oldest that was sent is the one that is answered.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

from algorithms.keeper.commands import AddAuth, AddWatch, CloseSession, Read, RemoveWatches, Write
from algorithms.keeper.messages import Reply

Sendable = Write | Read | AddWatch | RemoveWatches | AddAuth | CloseSession


class Asker(Protocol):
    """Whoever waits for the reply to an operation: a command of somebody, or a recipe."""

    def replied(self, operation: Sendable, reply: Reply) -> None:
        """The server's answer."""

    def unsure(self, operation: Sendable, why: str) -> None:
        """The connection was lost, or its time ran out, before the answer came: it may be done."""

    def undone(self, operation: Sendable, why: str) -> None:
        """It was never sent, or it was only a read: surely not done."""


class Pending:
    """One operation on its way. `xid` 0: it has not been sent."""

    __slots__ = ("asker", "operation", "over", "xid")

    def __init__(self, operation: Sendable, asker: Asker) -> None:
        self.operation = operation
        self.asker = asker
        self.xid = 0
        self.over = False
        """Nobody waits for it any more, though its reply may come."""


class Requests:
    """All of one client."""

    def __init__(self) -> None:
        self.waiting: deque[Pending] = deque()
        self.sent: deque[Pending] = deque()

    def add(self, operation: Sendable, asker: Asker) -> Pending:
        """It goes out when its turn comes."""
        pending = Pending(operation, asker)
        self.waiting.append(pending)
        return pending

    def add_first(self, operation: Sendable, asker: Asker) -> None:
        """Before everything that waits."""
        self.waiting.appendleft(Pending(operation, asker))

    def next(self, xid: int) -> Pending | None:
        """The one to send now, under this number."""
        while self.waiting:
            pending = self.waiting.popleft()
            if not pending.over:
                pending.xid = xid
                self.sent.append(pending)
                return pending
        return None

    def answered(self, xid: int) -> Pending:
        """The oldest that was sent."""
        assert self.sent, f"a reply to {xid}, and nothing waits for one"
        assert self.sent[0].xid == xid, f"a reply to {xid}, and {self.sent[0].xid} waits for one"
        return self.sent.popleft()

    def __len__(self) -> int:
        return sum(not each.over for each in (*self.waiting, *self.sent))
