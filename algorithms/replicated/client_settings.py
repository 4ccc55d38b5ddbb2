"""What can be set about a client of a replicated log. Times are microseconds."""

from __future__ import annotations

from algorithms.machine import Microseconds, Record


class LogClientSettings(Record, frozen=True):
    """The defaults find a new leader within a few tries after a crash, and give up after about six elections."""

    try_timeout: Microseconds = 100_000
    """How long one server may take to answer before the next one is asked."""
    request_timeout: Microseconds = 2_000_000
    """How long the client goes on trying before it gives up."""
    change_try_timeout: Microseconds = 1_000_000
    """`try_timeout` for an administrator's wish, which waits for servers to catch up."""
    change_timeout: Microseconds = 10_000_000
    """`request_timeout` for an administrator's wish."""
    backoff_shortest: Microseconds = 10_000
    backoff_longest: Microseconds = 30_000
    """How long to wait when nobody knows a leader; a range, so that clients do not come back all at once."""
    sessions: bool = True
    """Retry under the same sequence, so that a command is applied once (dissertation 6.3). Off: every try is a
    stranger to the servers, and a retry may be applied again."""
    refusals_are_final: bool = False
    """A try that was answered "not the leader" or "refused" is surely not done. That trusts the network not to carry
    a second copy of the request; where links never duplicate it can be switched on, and fewer writes end Unknown."""
    stick_to: str | None = None
    """Talk to this server alone, whatever anybody says of leaders; only lessons want it."""
