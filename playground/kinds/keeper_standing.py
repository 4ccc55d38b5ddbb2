"""How a keeper stands: who leads, what its trees hold, where clients are connected.

The law: looking changes nothing. Of several servers the one that is furthest counts; whoever is down says nothing.
"""

from __future__ import annotations

from algorithms.keeper.client.machine import KeeperClient
from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.state import State
from algorithms.keeper.tree.paths import child_of
from algorithms.keeper.tree.znode import Znode
from algorithms.keeper.view import KeeperClientView
from nodes.world import World
from playground.workload import Workload

ROLES = {"leader": "leading", "follower": "following"}
"""What the other systems call them."""


def servers(world: World, service: str) -> dict[str, State]:
    """The state of each server that is up, in the order of the world's nodes."""
    machines = ((name, world.machine(name, service)) for name in world.names)
    return {name: machine.state for name, machine in machines if isinstance(machine, KeeperMachine)}


def client_of(world: World, name: str, service: str) -> KeeperClient | None:
    """The client machine on this node, if there is one that is up, whether it works on its own or not."""
    machine = world.machine(name, service)
    inner = machine.client if isinstance(machine, Workload) else machine
    return inner if isinstance(inner, KeeperClient) else None


def clients(world: World, service: str) -> dict[str, KeeperClientView]:
    """The picture of each client that is up."""
    found = ((name, client_of(world, name, service)) for name in world.names)
    return {name: client.view() for name, client in found if client is not None}


def keeper_services(world: World) -> tuple[str, ...]:
    """The services of which a server is up somewhere."""
    found = (
        service
        for name in world.names
        for service, machine in world.node(name).machines.items()
        if isinstance(machine, KeeperMachine)
    )
    return tuple(dict.fromkeys(found))


def role_of(state: State) -> str:
    """As its view has it."""
    role: str = state.zab.state.role
    serves_reads = role == "looking" and any(each.read_only for each in state.connections.values())
    return "read_only" if serves_reads else role


def in_role(world: World, service: str, role: str) -> tuple[str, ...]:
    """The servers of this role, the newest epoch first. A `leader` may broadcast; who is `leading` may still try to."""
    found = {name: state for name, state in servers(world, service).items() if role_of(state) == ROLES.get(role, role)}
    if role == "leader":
        found = {name: state for name, state in found.items() if state.zab.leads}
    return tuple(sorted(found, key=lambda name: -found[name].zab.state.current_epoch))


def furthest(world: World, service: str, among: tuple[str, ...] = ()) -> State | None:
    """The server that has applied most; of several the first."""
    states = servers(world, service)
    asked = [states[name] for name in among or states if name in states]
    return max(asked, key=lambda state: state.tree.last_zxid, default=None)


def first_in(state: State, path: str) -> Znode | None:
    """The child with the lowest number: in the lock at `path`, who holds it; in an election, who leads."""
    lock = state.tree.get(path)
    if lock is None or not lock.children:
        return None
    found = (state.tree.get(child_of(path, name)) for name in lock.children)
    return min((each for each in found if each is not None), key=lambda each: each.path[-10:], default=None)


def client_of_session(state: State, session_id: int) -> str:
    """Whose session it is; empty if there is none."""
    session = state.tree.sessions.get(session_id)
    return session.client if session is not None else ""


def unrest(world: World, service: str) -> str:
    """What is not calm yet; empty if everything is."""
    states = servers(world, service)
    leaders = in_role(world, service, "leader")
    if not leaders:
        return "there is no leader with a quorum"
    if len(leaders) > 1:
        return f"{leaders[1]} believes to lead besides {leaders[0]}"
    for name, state in states.items():
        if not state.zab.serves:
            return f"{name} is {role_of(state)}"
    lead = states[leaders[0]]
    for name, state in states.items():
        if state.tree.last_zxid < lead.tree.last_zxid:
            return f"{name} has not applied all that {leaders[0]} has"
    return _waiting(world, service)


def _waiting(world: World, service: str) -> str:
    """Clients without a server. Who waits for a lock is calm."""
    views = clients(world, service).items()
    return next((f"{name} is {view.state}" for name, view in views if view.state in ("connecting", "suspended")), "")
