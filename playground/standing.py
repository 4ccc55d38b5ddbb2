"""Who is what just now, for selectors and conditions.

The law: only nodes that are up have a standing, and of several that believe to lead, the one with the newest term
comes first: the others have been deposed and do not know it yet.
"""

from __future__ import annotations

from algorithms.raft.view import RaftView
from nodes.world import World


def raft_views(world: World, service: str) -> dict[str, RaftView]:
    """The view of each server of `service` that is up, by node, in the order of the spec."""
    views = ((name, world.view(name, service)) for name in world.names)
    return {name: view for name, view in views if isinstance(view, RaftView)}


def in_role(world: World, service: str, role: str) -> tuple[str, ...]:
    """The nodes whose machine of `service` has this role, the newest term first."""
    found = {name: view for name, view in raft_views(world, service).items() if view.role == role}
    return tuple(sorted(found, key=lambda name: -found[name].current_term))
