"""What can be set about a ring client. Times are microseconds."""

from __future__ import annotations

from algorithms.machine import Microseconds, Record


class RingClientSettings(Record, frozen=True):
    """The defaults outlast a coordinator's own timeout, so that most requests hear how they ended."""

    try_timeout: Microseconds = 700_000
    """How long one coordinator may take to answer before the next one is asked."""
    request_timeout: Microseconds = 3_000_000
    """How long the client goes on trying before it gives up."""
    change_timeout: Microseconds = 10_000_000
    """`request_timeout` for a change of members."""
    chunks_at_once: int = 4
    """Chunks of a file that are under way at one time."""
    coordinator: str | None = None
    """Ask this node alone; none named: each in turn (Dynamo 5, "through a load balancer")."""
