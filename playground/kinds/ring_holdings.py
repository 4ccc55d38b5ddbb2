"""Who holds how much of a ring now, and what has moved since somebody looked before.

The law: what moved is what lies where it did not lie then, of keys that there were then; hash mod N is told for
comparison, for the same keys, nodes and number of replicas.
"""

from __future__ import annotations

from collections.abc import Mapping

from algorithms.placement.modulo import Modulo
from algorithms.ring.versions import size_of
from nodes.world import World
from playground.commands.amounts import write_bytes
from playground.kinds.kind import Holdings
from playground.kinds.ring_section import peak
from playground.kinds.ring_standing import alive, newest, servers

COLUMNS = ("node", "weight", "keys", "bytes", "of all")


class RingHoldings(Holdings):
    """By key: its bytes, and who holds a value of it."""

    def __init__(self, members: tuple[str, ...], n: int, places: Mapping[str, tuple[int, tuple[str, ...]]]) -> None:
        self.members, self.n, self.places = members, n, places


def holdings(world: World, service: str, before: Holdings | None) -> RingHoldings | None:
    """None if no server is up."""
    state = newest(world, service)
    if state is None:
        return None
    places = _places(world, service)
    now = RingHoldings(state.ring.names, state.settings.n, places)
    weights = {member.name: member.weight for member in state.ring.members}
    nodes = [name for name in servers(world, service) if name in weights or _load(name, places)[0]]
    loads = {name: _load(name, places) for name in nodes}
    total = sum(size for _, size in loads.values())
    now.columns = COLUMNS
    now.rows = tuple(
        (name, f"{weights[name]:g}" if name in weights else "none", f"{keys:,}", write_bytes(size), share(size, total))
        for name, (keys, size) in loads.items()
    )
    fullest = peak([size for name, (_, size) in loads.items() if name in weights])
    now.lines = (
        f"{_count(len(places))}, {write_bytes(total)} with all copies; the fullest has {fullest:.2f} times the mean",
    )
    if isinstance(before, RingHoldings):
        now.lines += _moved(before, now)
    return now


def _places(world: World, service: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    sizes: dict[str, int] = {}
    holding: dict[str, list[str]] = {}
    for name, state in servers(world, service).items():
        for key in state.storage.keys:
            siblings = alive(state.storage.get(key))
            if siblings:
                sizes[key] = max(sizes.get(key, 0), sum(size_of(each.value) for each in siblings))
                holding.setdefault(key, []).append(name)
    return {key: (sizes[key], tuple(names)) for key, names in holding.items()}


def _load(name: str, places: Mapping[str, tuple[int, tuple[str, ...]]]) -> tuple[int, int]:
    """Keys and bytes."""
    held = [size for size, names in places.values() if name in names]
    return len(held), sum(held)


def _count(keys: int) -> str:
    return "1 key" if keys == 1 else f"{keys:,} keys"


def share(part: int, whole: int) -> str:
    """In per cent."""
    return f"{part / whole * 100:.1f} %" if whole else "0 %"


def _moved(before: RingHoldings, now: RingHoldings) -> tuple[str, ...]:
    """How much came to nodes that did not have it, beside what hash mod N would have moved between the same members."""
    old, new = _by_modulo(before, before.members), _by_modulo(before, _grown(before.members, now.members))
    moved = rival = whole = 0
    for key, (size, names) in before.places.items():
        whole += size * len(names)
        rival += size * len(set(new[key]) - set(old[key]))
        if key in now.places:
            moved += size * len(set(now.places[key][1]) - set(names))
    if not moved and not rival:
        return ("since then nothing has moved",)
    return (
        f"since then {write_bytes(moved)} have come to nodes that did not hold them, {share(moved, whole)}; "
        f"by hash mod N it would be {write_bytes(rival)}, {share(rival, whole)}",
    )


def _grown(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """Who is new stands behind the others, as one would number servers."""
    return (*(each for each in before if each in now), *(each for each in now if each not in before))


def _by_modulo(places: RingHoldings, members: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    rival = Modulo(members)
    n = min(places.n, len(members))
    return {key: rival.preference_list(key, n) for key in places.places}
