"""What can be asked of a ring, and what makes no sense: said before anything is sent.

The law: what is refused here would be refused by every server; what only some server may know goes through.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from algorithms import kv
from algorithms.machine import Record
from algorithms.placement.ring import Member
from algorithms.ring import commands
from algorithms.ring.commands import Quorum, manifest_key
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring
from algorithms.ring.versions import Manifest, Versions
from nodes.world import World
from playground.commands.values import (
    AddNode,
    Ask,
    Delete,
    GetFile,
    Named,
    Placed,
    PutFile,
    RemoveNode,
    SetWeight,
    Who,
    verb_of,
)
from playground.errors import BadInput, nearest
from playground.kinds.kind import Manifests
from playground.kinds.ring_standing import alive, newest, table

if TYPE_CHECKING:
    from playground.spec import ServiceSpec

VERBS = ("put", "get", "delete", "add node", "remove node", "weight", "file put", "file get")

WHY = {
    "cas": "without one leader nobody can say what the value is when it is set",
    "append": "it sets values as a whole",
    "transfer": "it has no leader",
    "members": 'its members come and go one by one, with "add node" and "remove node"',
}


def refusal(ask: Ask, service: str) -> str:
    """See `Kind.refusal`."""
    verb = verb_of(ask.wish)
    if verb in VERBS:
        return ""
    why = f": {WHY[verb]}" if verb in WHY else ""
    return f'{service} does not know "{verb}"{why}; it knows {", ".join(VERBS)}'


# ---------------------------------------------------------------- what makes no sense now


def resolve(ask: Ask, service: ServiceSpec, world: World) -> Ask:
    """See `Kind.resolve`."""
    ring = table(world, service.name)
    if ring is None:
        return ask
    match ask.wish:
        case AddNode(node) if node in _names(ring.goal):
            raise BadInput(f"{node} is a member of {service.name} already")
        case RemoveNode(who):
            _leaves(_name(who), ring)
        case SetWeight(who):
            _member(_name(who), ring)
        case GetFile(name):
            _file(name, service.name, world)
        case kv.Get():
            _reach(ask.reach.n, "R", ask.reach.r, _settings(service).r, service, ring)
        case kv.Put() | Delete():
            _reach(ask.reach.n, "W", ask.reach.w, _settings(service).w, service, ring)
    return ask


def _name(who: Who) -> str:
    assert isinstance(who, Named), f"{who} has not been resolved."
    return who.name


def _names(members: tuple[Member, ...]) -> tuple[str, ...]:
    return tuple(member.name for member in members)


def _member(node: str, ring: Ring) -> None:
    if node not in _names(ring.goal):
        raise BadInput(f"{node} is no member of the ring; members are {', '.join(_names(ring.goal))}")


def _leaves(node: str, ring: Ring) -> None:
    _member(node, ring)
    if len(ring.goal) == 1:
        raise BadInput(f"{node} is the last member of the ring; somebody must hold the keys")


def _settings(service: ServiceSpec) -> RingSettings:
    assert isinstance(service.settings, RingSettings), f"A ring is set by RingSettings, not by {service.settings}."
    return service.settings


def _reach(asked_n: int, what: str, asked: int, usual: int, service: ServiceSpec, ring: Ring) -> None:
    """`what` is R or W. Only what was asked for is looked at: the store's own settings are the servers' business."""
    n, count = asked_n or _settings(service).n, asked or usual
    if asked_n > len(ring.members):
        raise BadInput(f"N = {n} nodes cannot be asked: the ring has {len(ring.members)} members")
    if count > n and (asked or asked_n):
        flag = "" if asked else f"; say --{what.lower()} {n} too, for the store's own {what} is {usual}"
        raise BadInput(f"{what} = {count} cannot be more than N, which is {n}{flag}")


def _file(name: str, service: str, world: World) -> None:
    names = files(service, world)
    if name not in names:
        hint = nearest(name, names) or (f"; the files are {', '.join(names)}" if names else "; none has been put yet")
        raise BadInput(f'there is no file "{name}"{hint}')


def files(service: str, world: World) -> tuple[str, ...]:
    """Every file of which some disk has the manifest, also one of a node that is down."""
    prefix = f"key/{manifest_key('')}"
    cells = (cell for node in world.nodes.values() for cell in node.disk.saved(service).cells)
    found = (cell.name.removeprefix(prefix) for cell in cells if cell.name.startswith(prefix) and _is_file(cell.value))
    return tuple(sorted(dict.fromkeys(found)))


def _is_file(value: Record) -> bool:
    return isinstance(value, Versions) and any(isinstance(each.value, Manifest) for each in alive(value))


# ---------------------------------------------------------------- requests


def request(ask: Ask, manifest: Manifests) -> Record:
    """See `Kind.request`."""
    quorum = Quorum(ask.reach.n, ask.reach.r, ask.reach.w)
    match ask.wish:
        case kv.Put(key, value):
            return commands.Write(key, value, quorum)
        case kv.Get(key):
            return commands.Read(key, quorum)
        case Delete(key):
            return commands.Delete(key, quorum)
        case AddNode(node, weight):
            return commands.AddNode(node, weight)
        case RemoveNode(who):
            return commands.RemoveNode(_name(who))
        case SetWeight(who, weight):
            return commands.SetWeight(_name(who), weight)
        case PutFile(_, name, sha256):
            return commands.PutFile(name, manifest(sha256))
        case GetFile(name):
            return commands.GetFile(name)
        case _:
            raise AssertionError(f"{ask} has not been resolved for a ring.")


# ---------------------------------------------------------------- places of keys


def place(placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
    """See `Kind.place`."""
    state = newest(world, service)
    if state is None:
        raise BadInput(f"no server of {service} is up that could say where {placed.key} belongs")
    replicas = state.preference_list(placed.key)
    if placed.place == "outsider":
        others = [each for each in state.ring.names if each not in replicas]
        return _outsider(placed.key, others, taken, dice)
    if placed.number > len(replicas):
        raise BadInput(f"{placed.key} has {len(replicas)} replicas, so there is no number {placed.number}")
    return replicas[placed.number - 1]


def _outsider(key: str, others: list[str], taken: Sequence[str], dice: Random) -> str:
    free = [each for each in others if each not in taken]
    if not free:
        raise BadInput(f"every {'other ' if others else ''}member of the ring is a replica of {key}")
    return free[int(dice.random() * len(free))]
