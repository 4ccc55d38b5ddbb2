"""The hash ring beside uhashring: lookups a second and the time to build, 160 virtual nodes a node.

Three pairs: each with its own usual hash (BLAKE2b here, MD5 there), both with MD5, and the two ketama rings, which must
also agree on owners. Where two points of different nodes meet, which among 160,000 of 32 bits some do, libketama's
stable sort gives the point to the first node and uhashring to the last.

Run alone: python tests/bench/ring_lookup.py [--nodes 10 100 1000] [--keys 50000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from time import process_time
from typing import Any, NamedTuple

from algorithms.placement.ketama import KetamaRing
from algorithms.placement.ring import HashRing, Member

VIRTUAL_NODES = 160
PATIENCE = 4.0
"""Seconds after which a pair is not built again: uhashring's ketama ring of 1,000 nodes takes that long once."""

MEETING = 0.001
"""The share of keys behind points that meet, at most."""

Find = Callable[[str], str]
Build = Callable[[list[str]], Find]


class Pair(NamedTuple):
    """Ours and theirs: from names to a finished ring's lookup."""

    name: str
    ours: Build
    theirs: Build
    same_owners: bool = False


def members(names: list[str]) -> tuple[Member, ...]:
    """Nodes of weight 1."""
    return tuple(map(Member, names))


def their_ring(**settings: Any) -> Build:
    """What uhashring builds with these settings."""
    from uhashring import HashRing as Theirs

    return lambda names: Theirs(nodes=names, **settings).get_node


def pairs() -> list[Pair]:
    """Who runs against whom."""
    usual, ketama = their_ring(vnodes=VIRTUAL_NODES), their_ring(hash_fn="ketama", vnodes=VIRTUAL_NODES // 4)
    return [
        Pair("as it comes", lambda names: HashRing(members(names), VIRTUAL_NODES).owner, usual),
        Pair("both MD5", lambda names: HashRing(members(names), VIRTUAL_NODES, "md5").owner, usual),
        Pair("ketama", lambda names: KetamaRing(members(names)).owner, ketama, same_owners=True),
    ]


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor, without the garbage of what ran before."""
    gc.collect()
    began = process_time()
    work()
    return process_time() - began


def best(contestants: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The least seconds of each; they take turns, so that a busy moment of the computer meets all of them."""
    found = [timed(work) for work in contestants]
    spent = sum(found)
    for _ in range(rounds - 1):
        if spent > PATIENCE:
            break
        again = [timed(work) for work in contestants]
        found = [min(pair) for pair in zip(found, again, strict=True)]
        spent += sum(again)
    return found


def look_up(find: Find, keys: list[str]) -> None:
    """Every key once."""
    for key in keys:
        find(key)


def measure(pair: Pair, names: list[str], keys: list[str], rounds: int) -> bool:
    """Print the row of this pair; False if ours is slower in either figure, or finds another owner."""
    builds = best([lambda: pair.ours(names), lambda: pair.theirs(names)], rounds)
    ours, theirs = pair.ours(names), pair.theirs(names)
    lookups = best([lambda: look_up(ours, keys), lambda: look_up(theirs, keys)], rounds)
    ratios = lookups[1] / lookups[0], builds[1] / builds[0]
    other = sum(ours(key) != theirs(key) for key in keys) if pair.same_owners else 0
    print(
        f"  {len(names):5,}  {pair.name:12}"
        f"  {len(keys) / lookups[0]:9,.0f} {len(keys) / lookups[1]:9,.0f} {ratios[0]:6.2f}"
        f"  {builds[0] * 1000:9,.1f} {builds[1] * 1000:9,.1f} {ratios[1]:6.2f}"
        f"{f'  {other} other owners' if other else ''}"
    )
    return min(ratios) >= 1 and other <= len(keys) * MEETING


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--nodes", type=int, nargs="+", default=[10, 100, 1000])
    options.add_argument("--keys", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    print(f"Hash rings, {VIRTUAL_NODES} virtual nodes a node, ours beside uhashring ({sys.version.split()[0]})")
    if not find_spec("uhashring"):
        print("  uhashring is not installed here: left out")
        return 0
    print(f"  {'':19}  {'lookups/s':>9} {'theirs':>9} {'ratio':>6}  {'build ms':>9} {'theirs':>9} {'ratio':>6}")
    keys = [f"key-{number}" for number in range(chosen.keys)]
    good = True
    for count in chosen.nodes:
        names = [f"10.0.{number // 256}.{number % 256}:11211" for number in range(count)]
        for pair in pairs():
            good &= measure(pair, names, keys, chosen.rounds)
    print("  wanted: every ratio at least 1")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
