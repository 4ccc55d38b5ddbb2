"""What a resolved command comes to for the world. (What a client is asked for, its service's kind says.)

The law: one command is one instant, its faults in the order of its words.
"""

from __future__ import annotations

from typing import assert_never

from nodes import faults as misfortunes
from nodes.faults import Fault
from playground.commands.values import (
    Ask,
    Calm,
    Command,
    Cut,
    Delay,
    Disk,
    DiskState,
    Do,
    Drift,
    Duplicate,
    Group,
    Heal,
    HealAll,
    Limit,
    LinkAction,
    Lose,
    Named,
    NodeAction,
    OnLinks,
    OnNodes,
    Partition,
    Reorder,
    Skew,
    Slow,
    SlowDisk,
    SlowNode,
    Verb,
)


def faults(command: Command) -> tuple[Fault, ...]:
    """The faults of a resolved command; none for one that asks a client for something."""
    match command:
        case OnNodes(action, nodes):
            return tuple(fault for name in _names(nodes) for fault in _on_node(action, name))
        case OnLinks(action, sources, targets, both):
            return tuple(_on_link(action, *link) for link in _links(sources, targets, both))
        case Partition(groups):
            return (misfortunes.Partition(tuple(_names(group) for group in groups)),)
        case HealAll():
            return (misfortunes.Heal(),)
        case Calm():
            return (misfortunes.Calm(),)
        case Ask():
            return ()
        case _:
            assert_never(command)


def _names(group: Group) -> tuple[str, ...]:
    assert all(isinstance(who, Named) for who in group), f"{group} has not been resolved."
    return tuple(who.name for who in group if isinstance(who, Named))


def _links(sources: Group, targets: Group, both: bool) -> tuple[tuple[str, str], ...]:
    """Each link once; a node has none to itself."""
    there = [(a, b) for a in _names(sources) for b in _names(targets) if a != b]
    back = [(b, a) for a, b in there] if both else []
    return tuple(dict.fromkeys(there + back))


def _on_node(action: NodeAction, node: str) -> tuple[Fault, ...]:
    match action:
        case Do(verb):
            return (_plain(verb, node),)
        case SlowNode(service_time):
            return (misfortunes.SlowNode(node, service_time),)
        case Skew(offset):
            return (misfortunes.Skew(node, offset),)
        case Drift(ppm):
            return (misfortunes.Drift(node, ppm),)
        case SlowDisk(latency):
            return (misfortunes.SlowDisk(node, latency),)
        case Disk(state):
            return _disk(state, node)
        case _:
            assert_never(action)


def _plain(verb: Verb, node: str) -> Fault:
    match verb:
        case Verb.KILL:
            return misfortunes.Kill(node)
        case Verb.POWER_LOSS:
            return misfortunes.PowerLoss(node)
        case Verb.RESTART:
            return misfortunes.Restart(node)
        case Verb.PAUSE:
            return misfortunes.Pause(node)
        case Verb.RESUME:
            return misfortunes.Resume(node)
        case Verb.ISOLATE | Verb.HEAL:
            raise AssertionError(f"{verb.value} becomes a matter of links when it is resolved.")
        case _:
            assert_never(verb)


def _disk(state: DiskState, node: str) -> tuple[Fault, ...]:
    match state:
        case DiskState.FAIL:
            return (misfortunes.FailDisk(node),)
        case DiskState.LIE:
            return (misfortunes.LyingDisk(node, True),)
        case DiskState.HONEST:
            return (misfortunes.LyingDisk(node, False),)
        case DiskState.WIPE:
            return (misfortunes.WipeDisk(node),)
        case DiskState.OK:
            return misfortunes.SlowDisk(node, None), misfortunes.LyingDisk(node, False)
        case _:
            assert_never(state)


def _on_link(action: LinkAction, source: str, target: str) -> Fault:
    match action:
        case Cut():
            return misfortunes.Cut(source, target)
        case Heal():
            return misfortunes.HealLink(source, target)
        case Slow(extra):
            return misfortunes.Slow(source, target, extra)
        case Delay(latency):
            return misfortunes.Delay(source, target, latency)
        case Lose(share):
            return misfortunes.Lose(source, target, share)
        case Duplicate(share):
            return misfortunes.Duplicate(source, target, share)
        case Reorder(share, window):
            return misfortunes.Reorder(source, target, share, window)
        case Limit(bytes_per_second, queue):
            return misfortunes.Limit(source, target, bytes_per_second, queue)
        case _:
            assert_never(action)
