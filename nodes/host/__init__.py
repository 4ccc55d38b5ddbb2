"""The Trio host: Trio decides when we look at the world, never what happens in it."""

from nodes.host.clock import Pace, SteppingClock
from nodes.host.host import Host, open_host
from nodes.host.waiting import Stuck

__all__ = ["Host", "Pace", "SteppingClock", "Stuck", "open_host"]
