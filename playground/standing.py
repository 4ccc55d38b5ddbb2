"""Who is what just now, for selectors and conditions.

The law: only nodes that are up have a standing, and of several that believe to lead, the one with the newest term
(ballot, epoch) comes first: the others have been deposed and do not know it yet.
"""

from __future__ import annotations

from algorithms.paxos.view import PaxosView
from algorithms.raft.view import RaftView
from nodes.world import World

LogView = RaftView | PaxosView
"""A server of a replicated log, whichever consensus is under it."""


def log_views(world: World, service: str) -> dict[str, LogView]:
    """The view of each server of `service` that is up, by node, in the order of the spec."""
    views = ((name, world.view(name, service)) for name in world.names)
    return {name: view for name, view in views if isinstance(view, LogView)}


def raft_views(world: World, service: str) -> dict[str, RaftView]:
    """The same of a Raft."""
    return {name: view for name, view in log_views(world, service).items() if isinstance(view, RaftView)}


def in_role(world: World, service: str, role: str) -> tuple[str, ...]:
    """The nodes whose machine of `service` has this role, the newest term first."""
    views = log_views(world, service)
    if not views:
        from playground.kinds.keeper_standing import in_role as in_role_of_a_keeper

        return in_role_of_a_keeper(world, service, role)
    found = {name: view for name, view in views.items() if view.role == role}
    return tuple(sorted(found, key=lambda name: -term_of(found[name])))


def term_of(view: LogView) -> int:
    """What numbers its reigns: a term, or the round of a ballot."""
    return view.current_term if isinstance(view, RaftView) else max(view.ballot, view.promised).round


def voters_of(view: LogView) -> tuple[str, ...]:
    """Who counts, as far as this server knows; old and new ones while a configuration is joint."""
    if isinstance(view, PaxosView):
        return view.acceptors
    return tuple(dict.fromkeys((*view.configuration.voters, *view.configuration.old_voters)))


def last_of(view: LogView) -> int:
    """The end of its log."""
    return view.last_index if isinstance(view, RaftView) else view.last_slot


def snapshot_of(view: LogView) -> int:
    """The last entry that is in its snapshot."""
    return view.snapshot_index if isinstance(view, RaftView) else view.snapshot_slot
