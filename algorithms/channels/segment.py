"""What goes over the wire for a channel, and what can be set about it."""

from __future__ import annotations

from algorithms.machine import Microseconds, Record


class Segment(Record, frozen=True):
    """One message of a connection, or only an acknowledgement.

    `connection` was numbered by whoever opened it, which `by_opener` tells to be the sender or not. `sequence` counts
    payloads from 1 in each direction; 0 carries none, or one that has no place in the order (a probe). Everything up to
    `acknowledged` has arrived.
    """

    connection: int
    by_opener: bool
    sequence: int
    acknowledged: int
    carried: Record | None = None
    fresh: bool = False
    """The opener has heard nothing on this connection yet, so the other side may see it for the first time."""
    acceptor: int = 0
    """The life of the side that did not open it; 0 as long as the opener has not heard of it. Two lives of one node may
    both take a first word for new, the second one a late copy of it, and what they say must not be mixed."""
    reset: bool = False
    """The sender knows no such connection, or no longer. `acknowledged` is then the newest number that it has seen from
    the opener, which must go on behind it."""

    @property
    def payload(self) -> int:
        """Bytes that what it carries only names; on a link they take their time, too."""
        return getattr(self.carried, "payload", 0)


class ChannelSettings(Record, frozen=True):
    """Times in us."""

    retry: Microseconds = 60_000
    """An unacknowledged segment is sent again after so long, then after twice as long, and so on."""
    longest_retry: Microseconds = 480_000
    acknowledge_after: Microseconds = 15_000
    """An acknowledgement waits so long for a payload to travel with."""
    give_up: Microseconds = 2_000_000
    """A connection whose other side has acknowledged nothing for so long is broken."""
    window: int = 32
    """So many segments are sent again at once."""
