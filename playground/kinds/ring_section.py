"""What a report says of a ring: who holds how much, and what it took to keep it so. Counts are of each node's life."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.view import HotKey, RingView
from nodes.world import World
from playground.commands.amounts import write_bytes
from playground.kinds.kind import Section
from playground.kinds.ring_standing import table

MOST_KEYS = 5
"""So many of the hottest keys are told."""
MOST_NODES = 8
"""So many nodes have their holdings told in words."""


class NodeFacts(Record, frozen=True):
    """One server at the end; `bytes_taken` came to it because ranges moved, `repaired` keys by comparing ranges."""

    node: str
    member: bool
    weight: float
    keys: int
    bytes: int
    strays: int
    hints: int
    reads: int
    writes: int
    coordinated: int
    read_repairs: int
    repaired: int
    bytes_taken: int


class RingFacts(Record, frozen=True):
    """The whole ring at the end. What is over the mean is the most that a member has, by the mean of all."""

    epoch: int
    members: int
    keys_max_over_mean: float
    bytes_max_over_mean: float
    requests_max_over_mean: float
    bytes_taken: int
    hottest: tuple[HotKey, ...]
    nodes: tuple[NodeFacts, ...]


def section_of(world: World, service: str) -> Section | None:
    """None if no server is up."""
    ring = table(world, service)
    if ring is None:
        return None
    weights = {member.name: member.weight for member in ring.members}
    views = [view for name in world.names if isinstance(view := world.view(name, service), RingView)]
    nodes = tuple(_facts(view, weights) for view in views)
    facts = RingFacts(
        ring.epoch,
        len(weights),
        peak([each.keys for each in nodes if each.member]),
        peak([each.bytes for each in nodes if each.member]),
        peak([each.reads + each.writes for each in nodes if each.member]),
        sum(each.bytes_taken for each in nodes),
        _hottest(views),
        nodes,
    )
    return Section(service, _lines(facts), facts)


def _facts(view: RingView, weights: dict[str, float]) -> NodeFacts:
    return NodeFacts(
        view.name,
        view.name in weights,
        weights.get(view.name, 0.0),
        view.keys,
        view.bytes,
        view.strays,
        sum(each.count for each in view.hints),
        view.reads,
        view.writes,
        view.coordinated,
        view.read_repairs,
        view.repaired,
        view.bytes_taken,
    )


def _hottest(views: list[RingView]) -> tuple[HotKey, ...]:
    """What all replicas together have served of each key, the hottest first; of keys that are hot somewhere."""
    requests: dict[str, int] = {}
    for each in (hot for view in views for hot in view.hottest):
        requests[each.key] = requests.get(each.key, 0) + each.requests
    ranked = sorted(requests.items(), key=lambda each: (-each[1], each[0]))
    return tuple(HotKey(key, count) for key, count in ranked[:MOST_KEYS])


def peak(loads: list[int]) -> float:
    """The largest by the mean, 1.0 if there is nothing; to three places, so that it is the same everywhere."""
    return round(max(loads) * len(loads) / sum(loads), 3) if sum(loads) else 1.0


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _lines(facts: RingFacts) -> tuple[str, ...]:
    nodes, most = facts.nodes, facts.nodes[:MOST_NODES]
    more = f" and {len(nodes) - MOST_NODES} more nodes" if len(nodes) > MOST_NODES else ""
    holdings = ", ".join(f"{each.node} {_count(each.keys, 'key')} {write_bytes(each.bytes)}" for each in most)
    served = ", ".join(f"{each.node} {each.reads + each.writes:,}" for each in most)
    hottest = ", ".join(f"{each.key} ({each.requests:,})" for each in facts.hottest)
    return (
        f"{_count(facts.members, 'member')} in epoch {facts.epoch}; "
        f"the fullest has {facts.keys_max_over_mean:.2f} times the mean of keys, "
        f"{facts.bytes_max_over_mean:.2f} times that of bytes",
        f"holdings: {holdings}{more}",
        f"requests served as replicas: {served}{more}, the busiest {facts.requests_max_over_mean:.2f} times the mean; "
        f"the hottest keys: {hottest or 'none'}",
        f"{write_bytes(facts.bytes_taken)} taken over because ranges moved, "
        f"{_count(sum(each.repaired for each in nodes), 'key')} repaired by comparing ranges and "
        f"{sum(each.read_repairs for each in nodes)} by reads, "
        f"{_count(sum(each.hints for each in nodes), 'hint')} left",
    )
