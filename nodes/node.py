"""One node: a machine room with one clock, one disk and one processor.

The law: a node's timers, inbox and effects that still wait belong to one life and die with it; its disk and
its clock do not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from algorithms.machine import Answer, Machine, Send
from nodes.agenda import Item
from nodes.clock import Clock
from nodes.disk import Disk
from nodes.network import Link

Factory = Callable[[], Machine]
"""Makes a machine at each boot; it must be picklable (a class, or a functools.partial of one)."""


class Timer:
    """A timer that is set; times are true times. `number` tells its agenda item from those of earlier timers."""

    __slots__ = ("due", "looked_at", "number", "set_at")

    def __init__(self, number: int) -> None:
        self.number = number
        self.set_at = 0
        self.due = 0
        self.looked_at = 0
        """When the agenda will look; a later `due` is found then, which spares the heap most resets."""


class Fence:
    """Stands in the queue of waiting effects until the disk has synced `writes` writes."""

    __slots__ = ("writes",)

    def __init__(self, writes: int) -> None:
        self.writes = writes


Waiting = deque[Fence | Send | Answer]


class Node:
    """What the world keeps for one node. `machines` is empty while it is down."""

    def __init__(self, name: str, factories: Mapping[str, Factory], disk: Disk, service_time: int) -> None:
        self.name = name
        self.factories = dict(factories)
        self.disk = disk
        self.clock = Clock()
        self.usual_service_time = service_time
        self.service_time = service_time
        self.links: dict[str, Link] = {}
        self.life = 0
        self.down_reason = "not started yet"
        self.booted_at = 0
        self.clear()

    def clear(self) -> None:
        """Forget what belongs to a life."""
        self.up = False
        self.paused = False
        self.machines: dict[str, Machine] = {}
        self.timers: dict[tuple[str, str], Timer] = {}
        self.waiting: dict[str, Waiting] = {service: deque() for service in self.factories}
        self.inbox: deque[Item] = deque()
        self.held = False
        """Whether new items must wait behind a pause or behind the inbox."""
        self.busy_until = 0
        self.self_due = 0
        """When the latest message to itself arrives: like a link, it keeps order, also when turns become shorter."""
        self.asked: dict[int, str] = {}
        """Requests from outside that are not answered yet, with their service."""
