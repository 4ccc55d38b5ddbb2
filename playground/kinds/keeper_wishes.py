"""What can be asked of a keeper, and what makes no sense: said before anything is sent.

The law: what only a server can know goes through, and is answered with ZooKeeper's own error.
"""

from __future__ import annotations

from algorithms.keeper import commands
from algorithms.keeper.tree.paths import why_not
from algorithms.machine import Record
from nodes.world import World
from playground.commands.keeper_verbs import KEEPER_VERBS
from playground.commands.naming import no_such
from playground.commands.values import Ask, Placed, Reach, verb_of
from playground.errors import BadInput
from playground.kinds import keeper_standing as standing

PLACES = ("lock-holder", "znode-owner", "server-of")


def refusal(ask: Ask, service: str) -> str:
    """See `Kind.refusal`."""
    if type(ask.wish) not in KEEPER_VERBS:
        verb = verb_of(ask.wish)
        if f"{verb} PATH" in KEEPER_VERBS.values():
            return f"{service} has znodes, whose paths begin with / and are not quoted: {verb} /a"
        return f'{service} does not know "{verb}"; it knows {", ".join(dict.fromkeys(KEEPER_VERBS.values()))}'
    if ask.reach != Reach():
        return (
            f"{service} knows no --n, --r and --w: what is written is on a quorum, what is read comes from one server"
        )
    return ""


def resolve(ask: Ask, world: World, service: str) -> Ask:
    """See `Kind.resolve`."""
    match ask.wish:
        case commands.Reconnect(server) if server and server not in _servers(world, service):
            known = _servers(world, service)
            raise BadInput(no_such("server", server, known, known))
        case _:
            return ask


def _servers(world: World, service: str) -> tuple[str, ...]:
    """The ensemble, up or down, and whoever has come since."""
    states = standing.servers(world, service)
    state = next(iter(states.values()), None)
    return tuple(dict.fromkeys((*state.ensemble, *states))) if state is not None else world.names


def request(ask: Ask) -> Record:
    """See `Kind.request`."""
    assert type(ask.wish) in KEEPER_VERBS, f"{ask} has not been resolved for a keeper."
    return ask.wish


# ---------------------------------------------------------------- places


def place(placed: Placed, service: str, world: World) -> str:
    """See `Kind.place`."""
    if placed.place == "server-of":
        return _server_of(world, service, placed.key)
    if why_not(placed.key):
        raise BadInput(why_not(placed.key))
    state = standing.furthest(world, service)
    found = placed_client(world, service, placed.place, placed.key) if state is not None else ""
    if not found:
        what = "holds the lock at" if placed.place == "lock-holder" else "owns an ephemeral znode at"
        raise BadInput(f"nobody {what} {placed.key} now")
    return found


def placed_client(world: World, service: str, place: str, path: str) -> str:
    """The client whose session owns the znode, or the first one in the lock; empty if there is none."""
    state = standing.furthest(world, service)
    if state is None:
        return ""
    znode = standing.first_in(state, path) if place == "lock-holder" else state.tree.get(path)
    return standing.client_of_session(state, znode.ephemeral_owner) if znode is not None else ""


def _server_of(world: World, service: str, client: str) -> str:
    view = standing.clients(world, service).get(client)
    if view is None:
        known = tuple(standing.clients(world, service))
        raise BadInput(f'"{client}" is no client that is up; there are {", ".join(known) or "none"}')
    if not view.server:
        raise BadInput(f"{client} is connected to no server now")
    return view.server
