"""Where the servers of the synod stand, for selectors, conditions, reports. The law: looking changes nothing."""

from __future__ import annotations

from algorithms.paxos.view import SynodView
from nodes.world import World


def views(world: World, service: str) -> dict[str, SynodView]:
    """The view of each server of `service` that is up, by node, in the order of the spec."""
    found = ((name, world.view(name, service)) for name in world.names)
    return {name: view for name, view in found if isinstance(view, SynodView)}


def services(world: World) -> tuple[str, ...]:
    """Every service of this kind that has a server which is up."""
    names = dict.fromkeys(service for name in world.names for service in world.node(name).factories)
    return tuple(service for service in names if views(world, service))


def chosen(world: World, service: str) -> tuple[str, ...]:
    """What servers that are up have learned, and what a quorum of them has accepted now; every value once, sorted."""
    there = views(world, service)
    accepts: dict[tuple[str, str], int] = {}
    found = {view.chosen: None for view in there.values() if view.chosen is not None}
    for view in there.values():
        if view.accepted_value is not None:
            proposal = str(view.accepted), view.accepted_value
            accepts[proposal] = accepts.get(proposal, 0) + 1
            if accepts[proposal] >= view.quorums.phase_2:
                found[view.accepted_value] = None
    return tuple(sorted(found))


def words(view: SynodView) -> str:
    """One server in a line."""
    parts = [f"promised {view.promised}"]
    if view.accepted_value is not None:
        parts.append(f"accepted {view.accepted_value} in {view.accepted}")
    if view.phase != "idle":
        parts.append(f"proposer: {view.phase} {view.ballot}")
    parts.append(f"learned {view.chosen}" if view.chosen is not None else "has learned nothing")
    return ", ".join(parts)
