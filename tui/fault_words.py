"""A fault as a line of the event log: what sort, whom it concerns, and a few words."""

from __future__ import annotations

from typing import assert_never

from nodes.faults import (
    Calm,
    Constant,
    Cut,
    Delay,
    DiskFault,
    Drift,
    Duplicate,
    Exponential,
    FailDisk,
    Fault,
    Heal,
    HealLink,
    Kill,
    Latency,
    Limit,
    LinkFault,
    Lose,
    LyingDisk,
    Partition,
    Pause,
    PowerLoss,
    Reorder,
    Restart,
    Resume,
    Skew,
    Slow,
    SlowDisk,
    SlowNode,
    Uniform,
    WipeDisk,
)
from tui.glyphs import Sort
from tui.pace import duration

Line = tuple[Sort, str, str]
"""Sort, the node it is about (may be empty) and words."""


def fault_line(fault: Fault) -> Line:
    """What the event log says when `fault` is carried out."""
    match fault:
        case Kill() | PowerLoss() | Restart() | Pause() | Resume():
            return _life(fault)
        case SlowNode() | Skew() | Drift():
            return _time(fault)
        case SlowDisk() | FailDisk() | LyingDisk() | WipeDisk():
            return _disk(fault)
        case Partition(groups):
            return Sort.TROUBLE, "", "partitioned: " + " | ".join(" ".join(group) for group in groups)
        case Cut() | Delay() | Slow() | Lose() | Duplicate() | Reorder() | Limit() | HealLink():
            sort = Sort.HEALED if isinstance(fault, HealLink) else Sort.TROUBLE
            return sort, "", f"{fault.source} → {fault.target} {link_words(fault)}"
        case Heal():
            return Sort.HEALED, "", "every link is healed"
        case Calm():
            return Sort.HEALED, "", "calm: links, disks, clocks and nodes are well"
        case _:
            assert_never(fault)


def link_words(fault: LinkFault) -> str:
    """What happens to the link, without its ends."""
    match fault:
        case Cut():
            return "cut"
        case Delay(latency=latency):
            return "takes its usual time" if latency is None else f"takes {latency_words(latency)}"
        case Slow(extra=extra):
            return f"slower by {duration(extra)}" if extra else "no longer slow"
        case Lose(probability=share):
            return f"loses {share:.0%}"
        case Duplicate(probability=share):
            return f"duplicates {share:.0%}"
        case Reorder(probability=share, window=window):
            return f"reorders {share:.0%} within {duration(window)}"
        case Limit(bytes_per_second=rate):
            return f"limited to {rate:,} B/s" if rate else "no longer limited"
        case HealLink():
            return "healed"
        case _:
            assert_never(fault)


def _life(fault: Kill | PowerLoss | Restart | Pause | Resume) -> Line:
    match fault:
        case Kill(node):
            return Sort.DOWN, node, "killed"
        case PowerLoss(node):
            return Sort.DOWN, node, "lost power: what was not synced is gone"
        case Restart(node):
            return Sort.UP, node, "restarted"
        case Pause(node):
            return Sort.TROUBLE, node, "frozen: its process stands still"
        case Resume(node):
            return Sort.HEALED, node, "goes on where it stood"
        case _:
            assert_never(fault)


def _time(fault: SlowNode | Skew | Drift) -> Line:
    match fault:
        case SlowNode(node, None):
            return Sort.HEALED, node, "as quick as usual"
        case SlowNode(node, int() as service_time):
            return Sort.TROUBLE, node, f"slow: {duration(service_time)} a turn"
        case Skew(node, offset):
            return Sort.TROUBLE, node, f"clock set {signed(offset)} off"
        case Drift(node, ppm):
            return Sort.TROUBLE, node, f"clock drifts by {ppm:+} ppm"
        case _:
            raise AssertionError(f"{fault} is no fault of time.")


def _disk(fault: DiskFault) -> Line:
    match fault:
        case SlowDisk(node, None):
            return Sort.HEALED, node, "disk as quick as usual"
        case SlowDisk(node, int() as latency):
            return Sort.TROUBLE, node, f"disk slow: {duration(latency)} a sync"
        case FailDisk(node):
            return Sort.TROUBLE, node, "disk: the next write fails"
        case LyingDisk(node, lying):
            return (Sort.TROUBLE, node, "disk lies about syncs") if lying else (Sort.HEALED, node, "disk is honest")
        case WipeDisk(node):
            return Sort.TROUBLE, node, "disk wiped"
        case _:
            raise AssertionError(f"{fault} is no fault of a disk.")


def latency_words(latency: Latency) -> str:
    """How long a packet takes."""
    match latency:
        case Constant(time):
            return duration(time)
        case Uniform(shortest, longest):
            return f"{duration(shortest)}–{duration(longest)}"
        case Exponential(mean, floor):
            return f"~{duration(floor + mean)}"
        case _:
            assert_never(latency)


def signed(microseconds: float) -> str:
    """As `duration`, always with its sign."""
    return f"{'+' if microseconds >= 0 else '-'}{duration(abs(microseconds))}"
