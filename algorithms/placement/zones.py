"""Replicas over zones (racks). The law: no zone comes again before every zone that still has a node has come.

So a list is on distinct zones as long as there are enough, and a longer list begins with the shorter one.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from algorithms.placement.members import Member


@dataclass(frozen=True, slots=True)
class Zones:
    """Which node is where, and how many zones can take part in each round."""

    zone_of: dict[str, str]
    rounds: tuple[int, ...]
    """Round i has one node of each zone with more than i nodes."""

    def spread(self, nodes: Iterator[str]) -> Iterator[str]:
        """The nodes in rounds, one of each zone in a round, otherwise in the order in which they come.

        It reads no further than it must, so that three replicas on a thousand nodes cost a few steps.
        """
        came: Counter[str] = Counter()
        waiting = [deque[str]() for _ in self.rounds]
        for number, zones in enumerate(self.rounds):
            for _ in range(zones):
                while not waiting[number]:
                    node = next(nodes)
                    zone = self.zone_of[node]
                    waiting[came[zone]].append(node)
                    came[zone] += 1
                yield waiting[number].popleft()


def zones_of(members: tuple[Member, ...]) -> Zones | None:
    """The zones of these members, or None if there is only one."""
    zone_of = {member.name: member.zone for member in members}
    sizes = Counter(zone_of.values())
    if len(sizes) == 1:
        return None
    return Zones(zone_of, tuple(sum(size > number for size in sizes.values()) for number in range(max(sizes.values()))))
