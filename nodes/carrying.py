"""How each fault is carried out. The law: a fault that asks for what is already so changes nothing and is no error."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, assert_never

from nodes.faults import (
    Calm,
    ClockFault,
    Cut,
    Delay,
    DiskFault,
    Drift,
    Duplicate,
    FailDisk,
    Fault,
    Heal,
    HealLink,
    Kill,
    LifeFault,
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
    WipeDisk,
)
from nodes.network import Link

if TYPE_CHECKING:
    from nodes.node import Node
    from nodes.world import World


def carry_out(world: World, fault: Fault, disk_dice: Random) -> None:
    """Let `fault` happen to `world` at this instant; `disk_dice` decide what a power loss leaves."""
    match fault:
        case Partition(groups):
            for link in world.network.partition(groups):
                world.lose_packets(link.source, link.target, "the network was partitioned")
        case Heal():
            _heal(world)
        case Calm():
            _calm(world)
        case Cut() | Delay() | Slow() | Lose() | Duplicate() | Reorder() | Limit() | HealLink():
            _disturb(world, world.network.link(fault.source, fault.target), fault)
        case Kill() | PowerLoss() | Restart() | Pause() | Resume():
            _strike(world, world.node(fault.node), fault, disk_dice)
        case SlowNode() | Skew() | Drift():
            _mistime(world, world.node(fault.node), fault)
        case SlowDisk() | FailDisk() | LyingDisk() | WipeDisk():
            _damage(world.node(fault.node), fault)
        case _:
            assert_never(fault)


def _heal(world: World) -> None:
    for link in world.network.links():
        link.mend()


def _calm(world: World) -> None:
    _heal(world)
    for node in world.nodes.values():
        node.disk.mend()
        node.service_time = node.usual_service_time
        node.clock.drift(world.now, 0)
        if node.paused:
            world.go_on(node)
        if not node.up:
            world.boot(node.name)


def _disturb(world: World, link: Link, fault: LinkFault) -> None:
    match fault:
        case Cut():
            link.cut = True
            world.lose_packets(link.source, link.target, "the link was cut")
        case Delay(_, _, latency):
            link.set_latency(latency or link.usual)
        case Slow(_, _, extra):
            link.extra = extra
        case Lose(_, _, probability):
            link.loss = probability
        case Duplicate(_, _, probability):
            link.duplicate = probability
        case Reorder(_, _, probability, window):
            link.reorder, link.window = probability, window
        case Limit(_, _, bytes_per_second, queue):
            link.set_limit(bytes_per_second, queue)
        case HealLink():
            link.mend()
        case _:
            assert_never(fault)
    link.judge()


def _strike(world: World, node: Node, fault: LifeFault, disk_dice: Random) -> None:
    match fault:
        case Kill():
            if node.up:
                world.end(node, "killed")
        case PowerLoss():
            if node.up:
                world.end(node, "lost power")
            node.disk.lose_power(disk_dice)
        case Restart():
            if node.up:
                world.end(node, "killed")
            world.boot(node.name)
        case Pause():
            node.paused = node.held = node.up
        case Resume():
            if node.paused:
                world.go_on(node)
        case _:
            assert_never(fault)


def _mistime(world: World, node: Node, fault: ClockFault) -> None:
    match fault:
        case SlowNode(_, service_time):
            node.service_time = node.usual_service_time if service_time is None else service_time
        case Skew(_, offset):
            node.clock.skew(world.now, offset)
        case Drift(_, ppm):
            node.clock.drift(world.now, ppm)
        case _:
            assert_never(fault)


def _damage(node: Node, fault: DiskFault) -> None:
    disk = node.disk
    match fault:
        case SlowDisk(_, latency):
            disk.latency = disk.usual_latency if latency is None else latency
        case FailDisk():
            disk.fails_next = True
        case LyingDisk(_, lying):
            disk.lying = lying
        case WipeDisk():
            assert not node.up, f"{node.name} is up; only the disk of a node that is down can be wiped."
            disk.wipe()
        case _:
            assert_never(fault)
