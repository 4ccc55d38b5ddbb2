"""What a key means on this node or link, now: a sentence of the command language, or why it cannot be.

The law: pure; it reads the world and returns text. Everything that a key does to the cluster is such a sentence, so
that it is recorded and can be typed as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from algorithms.paxos.view import PaxosView
from algorithms.raft.view import RaftView
from algorithms.ring.view import RingView
from nodes.world import World
from playground.standing import in_role


class CannotNow(Exception):
    """A key that cannot act now; the message says why, and what to press instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a small menu: `key` picks it, `command` is what is done. A None leads to the console instead."""

    key: str
    label: str
    command: str | None


def kill_or_restart(world: World, node: str) -> str:
    """x: the process dies, or comes back."""
    return f"kill {node}" if world.node(node).up else f"restart {node}"


def pause_or_resume(world: World, node: str) -> str:
    """z: the process stands still, or goes on."""
    if not world.node(node).up:
        raise CannotNow(f"{node} is down: press x to restart it")
    return f"resume {node}" if world.node(node).paused else f"pause {node}"


def elect(world: World, service: str, node: str) -> str:
    """e: the leader is asked to hand over to `node` (dissertation 3.10); without a leader nobody can be asked."""
    if not service:
        raise CannotNow("nobody here can be asked to lead: only Raft and Paxos hand over")
    if not world.node(node).up:
        raise CannotNow(f"{node} is down: press x to restart it")
    view = world.view(node, service)
    if not isinstance(view, RaftView | PaxosView):
        raise CannotNow(f"{node} is a client: only a server can lead")
    leaders = in_role(world, service, "leader")
    if not leaders:
        raise CannotNow("no leader to hand over: wait for an election")
    if leaders[0] == node:
        raise CannotNow(f"{node} leads already")
    return f"transfer {node}" if isinstance(view, RaftView) else f"{service}: transfer {node}"


def add_node(world: World, service: str, clients: tuple[str, ...]) -> str:
    """n: a new node with the next free name joins the ring."""
    if not service:
        raise CannotNow("no ring here that a node could join, and no lesson to go on in: `playground learn` lists them")
    servers = [name for name in world.names if name not in clients]
    return f"add node {next_name(servers[-1], world.names)}"


def next_name(last: str, taken: tuple[str, ...]) -> str:
    """The name behind `last` that is free: n6 behind n5, D behind C."""
    stem, number = re.fullmatch(r"(.*?)(\d*)", last).groups()  # type: ignore[union-attr]
    if not number and len(last) == 1 and last not in "zZ":
        names = (chr(code) for code in range(ord(last) + 1, ord("Z" if last.isupper() else "z") + 1))
        found = next((name for name in names if name not in taken), "")
        if found:
            return found
    count = int(number or 1) + 1
    while f"{stem}{count}" in taken:
        count += 1
    return f"{stem}{count}"


def remove_node(world: World, service: str, node: str) -> str:
    """N: the node leaves the ring; its process runs on."""
    if not service:
        raise CannotNow("there is no ring here that a node could leave")
    views = [view for name in world.names if isinstance(view := world.view(name, service), RingView)]
    newest = max((view.ring for view in views), key=lambda ring: ring.epoch, default=None)
    if newest is not None and all(member.name != node for member in newest.goal):
        raise CannotNow(f"{node} is not in the ring: n adds a node")
    return f"remove node {node}"


def link_choices(source: str, target: str) -> tuple[Choice, ...]:
    """What can be done to the link between two nodes."""
    both, one_way = f"{source} -- {target}", f"{source} -> {target}"
    return (
        Choice("c", f"cut {both}: nothing passes", f"cut {both}"),
        Choice("o", f"cut {one_way} only: one way", f"cut {one_way}"),
        Choice("i", f"cut {target} -> {source} only: the other way", f"cut {target} -> {source}"),
        Choice("s", "slow: 20 ms more each way", f"slow {both} 20ms"),
        Choice("v", "very slow: 200 ms more each way", f"slow {both} 200ms"),
        Choice("d", "lossy: 20 % of the packets vanish", f"lose {both} 20%"),
        Choice("2", "every second packet comes twice", f"duplicate {both} 50%"),
        Choice("h", "heal this link", f"heal {both}"),
    )


def partition_choices(selected: str) -> tuple[Choice, ...]:
    """How the network can be split."""
    return (
        Choice("m", "minority | the rest, drawn by the seed", "partition minority | rest"),
        Choice("i", f"isolate {selected}", f"isolate {selected}"),
        Choice("c", "your own groups, in the console", None),
        Choice("h", "heal everything", "heal"),
    )


def other_ends(world: World, source: str) -> tuple[Choice, ...]:
    """The nodes that a link of `source` can lead to, with what is wrong with it now. `command` is the node."""
    others = [name for name in world.names if name != source]
    return tuple(
        Choice(str(place), f"{source} -- {name}{_trouble(world, source, name)}", name)
        for place, name in enumerate(others, 1)
    )


def _trouble(world: World, source: str, target: str) -> str:
    """What keeps packets between two nodes, in words."""
    there, back = world.network.blocked(source, target), world.network.blocked(target, source)
    if there and back:
        return "   nothing passes"
    if there or back:
        return f"   only {target} -> {source} passes" if there else f"   only {source} -> {target} passes"
    return ""
