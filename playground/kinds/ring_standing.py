"""How a ring stands: its table, who places and holds what, and whether it is calm.

The law: looking changes nothing. Of what servers believe the newest table counts; a server that is down holds nothing
that anybody could ask for.
"""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.ring.machine import RingMachine
from algorithms.ring.state import State
from algorithms.ring.table import Ring
from algorithms.ring.versions import Version, Versions, join
from nodes.world import World


def servers(world: World, service: str) -> dict[str, State]:
    """The state of each ring server that is up, in the order of the world's nodes."""
    machines = ((name, world.machine(name, service)) for name in world.names)
    return {name: machine.state for name, machine in machines if isinstance(machine, RingMachine)}


def ring_services(world: World) -> tuple[str, ...]:
    """The services of which a ring server is up somewhere."""
    found = (
        service
        for name in world.names
        for service, machine in world.node(name).machines.items()
        if isinstance(machine, RingMachine)
    )
    return tuple(dict.fromkeys(found))


def newest(world: World, service: str) -> State | None:
    """The server with the newest table; of several the first. None if none is up."""
    states = servers(world, service).values()
    return max(states, key=lambda state: (state.ring.epoch, state.ring.proposer), default=None)


def table(world: World, service: str) -> Ring | None:
    """The newest table that a server which is up believes in."""
    state = newest(world, service)
    return state.ring if state else None


def holders(world: World, service: str, key: str) -> dict[str, Versions]:
    """What each server that is up holds of the key, tombstones too; those that hold nothing are left out."""
    held = ((name, state.storage.get(key)) for name, state in servers(world, service).items())
    return {name: versions for name, versions in held if versions.siblings}


def known_versions(world: World, service: str, key: str) -> Versions:
    """What all copies say together."""
    together = Versions()
    for name, versions in holders(world, service, key).items():
        wins = servers(world, service)[name].settings.conflicts == "last_write_wins"
        together = join(together, versions, wins)
    return together


def alive(versions: Versions) -> tuple[Version, ...]:
    """The siblings that are no tombstones."""
    return tuple(each for each in versions.siblings if not each.deleted)


# ---------------------------------------------------------------- calm


def unrest(world: World, service: str) -> str:
    """What is not as it should be once everything is calm, the first thing found; nothing if all is well."""
    return next(_unrest(world, service), "")


def _unrest(world: World, service: str) -> Iterator[str]:
    states, ring = servers(world, service), table(world, service)
    if ring is None:
        yield f"no server of {service} is up"
        return
    yield from (f"{name} is a member and is down" for name in ring.everyone if name not in states)
    yield from _movement(states, ring)
    yield from _doubts(states, ring)
    yield from _leftovers(states)
    yield from differences(states)


def _movement(states: dict[str, State], ring: Ring) -> Iterator[str]:
    if ring.coming:
        yield f"ranges still move in epoch {ring.epoch}"
    for name in ring.everyone:
        if states[name].ring != ring:
            yield f"{name} believes in epoch {states[name].ring.epoch} while there is {ring.epoch}"


def _doubts(states: dict[str, State], ring: Ring) -> Iterator[str]:
    for name in ring.names:
        for other in ring.names:
            if not states[name].is_alive(other):
                yield f"{name} believes that {other} is {states[name].membership.status(other)}"


def _leftovers(states: dict[str, State]) -> Iterator[str]:
    for name, state in states.items():
        for target, count in state.hints.counts():
            yield f"{name} keeps {count} hint{'' if count == 1 else 's'} for {target}"
    for name, state in states.items():
        if strays := sum(1 for key in state.storage.keys if name not in state.homes(key)):
            yield f"{name} holds {'1 key that belongs' if strays == 1 else f'{strays} keys that belong'} to others"


def differences(states: dict[str, State]) -> Iterator[str]:
    """Each key that one of its homes does not hold as another does."""
    first: dict[str, Versions] = {}
    copies: dict[str, int] = {}
    reference = max(states.values(), key=lambda state: (state.ring.epoch, state.ring.proposer))
    for name, state in states.items():
        for key in state.storage.keys:
            if name in reference.homes(key):
                copies[key] = copies.get(key, 0) + 1
                held = state.storage.get(key)
                if first.setdefault(key, held) != held:
                    yield f"replicas of {key} differ"
    for key, count in copies.items():
        if count < len(reference.homes(key)):
            yield f"{key} has {count} of {len(reference.homes(key))} replicas"
