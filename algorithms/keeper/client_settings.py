"""What can be set about a client of the keeper. Times are microseconds."""

from __future__ import annotations

from algorithms.machine import Microseconds, Record


class KeeperClientSettings(Record, frozen=True):
    """The defaults survive one leader election without losing the session."""

    session_timeout: Microseconds = 1_200_000
    """What the client asks for; the server may give it another. It pings after a third of it in silence, and looks for
    another server after two thirds."""
    connect_timeout: Microseconds = 200_000
    """How long a server may take to accept the connection before the next one is tried."""
    request_timeout: Microseconds = 4_000_000
    """How long an operation may wait for a connection and an answer."""
    backoff_shortest: Microseconds = 20_000
    backoff_longest: Microseconds = 60_000
    """How long to wait before the next server is tried; a range, so that clients do not come back all at once."""
    server: str = ""
    """Begin with this server; none named means that each client begins with another."""
    can_be_read_only: bool = False
    """Content with a server without a quorum, for reads (the canBeReadOnly flag)."""
    lock_wait: Microseconds = 30_000_000
    """How long a recipe may wait for its turn."""
    checks_before_guarded_write: bool = True
    """A client that knows its session to be lost does not write under its lock. It cannot know while it stands still,
    which is why tokens are needed."""
    resource_node: str = ""
    """The node that has the resources which locks protect; none named means the first."""
