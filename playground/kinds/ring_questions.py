"""What conditions can ask about a ring. The law: looking changes nothing, and whoever is down has nothing to say."""

from __future__ import annotations

from algorithms import kv
from algorithms.ring.state import State
from algorithms.ring.versions import Versions, live_values
from nodes.world import World
from playground.inquiry import Inquiry, Nodes, Value
from playground.kinds.ring_reading import plain
from playground.kinds.ring_standing import (
    alive,
    differences,
    holders,
    known_versions,
    newest,
    ring_services,
    servers,
    table,
)


def answer(inquiry: Inquiry, function: str, words: list[str]) -> Value:
    """The answer now. A question that names no service is asked of the first ring that there is."""
    world, first = inquiry.world, words[0]
    match function:
        case "epoch" | "hints" | "strays":
            return _number(inquiry, function, inquiry.subject(first))
        case "moving" | "converged":
            return _whether(world, function, inquiry.service(first))
    service = next(iter(ring_services(world)), None)
    if service is None:
        return None
    match function:
        case "alive":
            return _alive(servers(world, service).get(inquiry.node(words[1])), inquiry.node(first))
        case "member" | "keys" | "holds" | "weight":
            return _of_a_node(world, service, function, inquiry.node(first), words[1:])
        case _:
            return _of_a_key(world, service, function, first)


def _number(inquiry: Inquiry, function: str, subject: str) -> int | None:
    """Of one node, or of the whole ring: the newest epoch, or the sum."""
    world = inquiry.world
    if subject in world.names:
        services = ring_services(world)
        state = servers(world, services[0]).get(subject) if services else None
        return _count(function, state) if state else None
    counts = [_count(function, state) for state in servers(world, subject).values()]
    if not counts:
        return None
    return max(counts) if function == "epoch" else sum(counts)


def _count(function: str, state: State) -> int:
    match function:
        case "epoch":
            return state.ring.epoch
        case "hints":
            return sum(count for _, count in state.hints.counts())
        case _:
            return sum(1 for key in state.storage.keys if state.name not in state.homes(key))


def _whether(world: World, function: str, service: str) -> bool | None:
    ring = table(world, service)
    if ring is None:
        return None
    if function == "moving":
        return bool(ring.coming)
    return next(differences(servers(world, service)), None) is None


def _alive(by: State | None, node: str) -> bool | None:
    return by.is_alive(node) if by else None


def _of_a_node(world: World, service: str, function: str, node: str, others: list[str]) -> Value:
    ring, state = table(world, service), servers(world, service).get(node)
    if function == "member":
        return node in ring.names if ring else None
    if function == "weight":
        return next((each.weight for each in ring.members if each.name == node), None) if ring else None
    if state is None:
        return None
    return len(state.storage) if function == "keys" else bool(alive(state.storage.get(others[0])))


def _of_a_key(world: World, service: str, function: str, key: str) -> Value:
    state = newest(world, service)
    if state is None:
        return None
    match function:
        case "owner":
            return Nodes(state.preference_list(key, 1), True)
        case "replicas":
            members = state.ring.names
            return sum(1 for name, held in holders(world, service, key).items() if name in members and alive(held))
        case _:
            return len(alive(known_versions(world, service, key)))


def value(world: World, service: str, key: str, node: str | None) -> kv.Value:
    """What one node, or all copies together, say of the key: one value as it is, several joined by `|`."""
    if node is None:
        versions = known_versions(world, service, key)
    else:
        state = servers(world, service).get(node)
        versions = state.storage.get(key) if state else Versions()
    found = live_values(versions)
    if len(found) <= 1:
        return plain(found[0]) if found else None
    return "|".join(kv.text_of(plain(each)) for each in found)
