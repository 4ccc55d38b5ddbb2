"""Every misfortune as a value. `World.inject` carries it out and tells the observers.

The law: a fault names nodes and links outright (selectors are resolved before), times are microseconds,
probabilities lie in [0, 1], and links are directed: `source` to `target`.
"""

from __future__ import annotations

from algorithms.machine import Record

# ---------------------------------------------------------------- how long a packet takes


class Constant(Record, frozen=True):
    """Always `latency` microseconds."""

    latency: int


class Uniform(Record, frozen=True):
    """Anything in [shortest, longest] microseconds."""

    shortest: int
    longest: int


class Exponential(Record, frozen=True):
    """`floor` plus an exponentially distributed time of mean `mean` microseconds: a long tail."""

    mean: int
    floor: int = 0


Latency = Constant | Uniform | Exponential

# ---------------------------------------------------------------- nodes


class Kill(Record, frozen=True):
    """The process dies. What it wrote stays, synced or not: the operating system still has it."""

    node: str


class PowerLoss(Record, frozen=True):
    """The machine loses power: of what was not synced only a prefix survives, its last record perhaps torn."""

    node: str


class Restart(Record, frozen=True):
    """A node that is down boots from its disk; one that is up is killed first."""

    node: str


class Pause(Record, frozen=True):
    """The process stands still (SIGSTOP, a long garbage collection); what arrives waits."""

    node: str


class Resume(Record, frozen=True):
    """A paused process goes on where it stood."""

    node: str


class SlowNode(Record, frozen=True):
    """Each turn of the node takes `service_time`; None is the spec's own."""

    node: str
    service_time: int | None


class Skew(Record, frozen=True):
    """The node's clock is off by `offset` from true time (running timers keep their length)."""

    node: str
    offset: int


class Drift(Record, frozen=True):
    """The node's clock runs fast by `ppm` parts in a million (negative: slow) from now on.

    Timers that run already keep their length. `ppm` must be above -1,000,000.
    """

    node: str
    ppm: int


# ---------------------------------------------------------------- disks


class SlowDisk(Record, frozen=True):
    """A sync takes `latency`; None is the spec's own."""

    node: str
    latency: int | None


class FailDisk(Record, frozen=True):
    """The next write fails, and the node crashes itself rather than go on with a disk it cannot trust."""

    node: str


class LyingDisk(Record, frozen=True):
    """A sync returns at once and makes nothing durable (a volatile cache, or fsync switched off)."""

    node: str
    lying: bool = True


class WipeDisk(Record, frozen=True):
    """Everything the disk holds is gone. Only a node that is down can be wiped."""

    node: str


# ---------------------------------------------------------------- links


class Partition(Record, frozen=True):
    """Two named nodes hear each other only if a group holds both; a node in two groups is a bridge.

    It replaces the partition before it. Nodes that no group names (clients) are not concerned.
    """

    groups: tuple[tuple[str, ...], ...]


class Cut(Record, frozen=True):
    """Nothing passes from `source` to `target`."""

    source: str
    target: str


class Delay(Record, frozen=True):
    """The link has this latency instead of the spec's; None is the spec's own."""

    source: str
    target: str
    latency: Latency | None


class Slow(Record, frozen=True):
    """Every packet takes `extra` longer; 0 ends it."""

    source: str
    target: str
    extra: int


class Lose(Record, frozen=True):
    """Every packet is lost with this probability."""

    source: str
    target: str
    probability: float


class Duplicate(Record, frozen=True):
    """Every packet comes twice with this probability."""

    source: str
    target: str
    probability: float


class Reorder(Record, frozen=True):
    """A packet is held back by up to `window` with this probability and may be overtaken; else links keep order."""

    source: str
    target: str
    probability: float
    window: int


class Limit(Record, frozen=True):
    """The link carries so many bytes a second and drops what finds over `queue` bytes waiting; 0 is no limit."""

    source: str
    target: str
    bytes_per_second: int
    queue: int = 65_536


class HealLink(Record, frozen=True):
    """The link is as new in this direction: no cut, no partition, no disorder."""

    source: str
    target: str


class Heal(Record, frozen=True):
    """Every link is as new. Nodes, disks and clocks stay as they are.

    What a slow or narrow link holds already still takes its time, and links keep order, so what is sent next waits.
    """


class Calm(Record, frozen=True):
    """Everything is well: links healed, disks and speeds as in the spec, clocks without drift, all nodes up."""


LifeFault = Kill | PowerLoss | Restart | Pause | Resume
ClockFault = SlowNode | Skew | Drift
DiskFault = SlowDisk | FailDisk | LyingDisk | WipeDisk
LinkFault = Cut | Delay | Slow | Lose | Duplicate | Reorder | Limit | HealLink

Fault = LifeFault | ClockFault | DiskFault | LinkFault | Partition | Heal | Calm
