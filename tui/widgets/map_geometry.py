"""Where everything on the map is. The law: pure numbers; the same nodes on the same size stand in the same places.

Lanes are counted in dots, 2 x 4 to a cell, which are about square. A lane is a little to the right of the line between
two nodes, as on a road, so that requests and replies do not hide each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a cell, by row and column."""

LANE = 2.0
"""Dots from the middle of the road."""

Point = tuple[int, int, int]
"""Row and column of a cell, and the bit of one dot in it."""


class Card(Enum):
    """How much of a node is shown; the value is columns and rows."""

    LARGE = (20, 5)
    NORMAL = (12, 3)
    CHIP = (11, 1)
    DOT = (5, 1)
    GUEST = (17, 1)
    """A client."""


ROOM = {Card.LARGE: (100, 30), Card.NORMAL: (56, 12), Card.CHIP: (40, 8), Card.DOT: (0, 0)}
"""The least size of a map with such cards."""

SERVER_CARDS = (Card.LARGE, Card.NORMAL, Card.CHIP, Card.DOT)
"""The largest first."""

BETWEEN = (3, 1)
"""Free columns or rows between two cards."""

CLIENT_CARD = {Card.LARGE: Card.NORMAL, Card.NORMAL: Card.GUEST, Card.CHIP: Card.GUEST, Card.DOT: Card.DOT}


@dataclass(frozen=True, slots=True)
class Place:
    """A card on the map."""

    name: str
    card: Card
    x: int
    y: int

    @property
    def width(self) -> int:
        """In columns."""
        return self.card.value[0]

    @property
    def height(self) -> int:
        """In rows."""
        return self.card.value[1]

    @property
    def middle(self) -> tuple[float, float]:
        """In columns and rows."""
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, x: int, y: int) -> bool:
        """Whether this cell belongs to the card."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def gap(self, other: Place) -> tuple[int, int]:
        """Free columns and rows between two cards; negative where they overlap."""
        across = max(self.x, other.x) - min(self.x + self.width, other.x + other.width)
        down = max(self.y, other.y) - min(self.y + self.height, other.y + other.height)
        return across, down


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Places by name, and the lanes between them. It is compared by identity, for `lay_out` makes each once."""

    width: int
    height: int
    places: dict[str, Place]
    _lanes: dict[tuple[str, str, float], tuple[Point, ...]] = field(default_factory=dict)

    def lane(self, source: str, target: str, aside: float = LANE) -> tuple[Point, ...]:
        """The dots from card to card; none if one of them has no place. `aside` 0 is the middle of the road."""
        key = (source, target, aside)
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = self._dots(source, target, aside)
        return found

    def _dots(self, source: str, target: str, aside: float) -> tuple[Point, ...]:
        if source not in self.places or target not in self.places:
            return ()
        begin, end = self.places[source], self.places[target]
        (x0, y0), (x1, y1) = begin.middle, end.middle
        dx, dy = (x1 - x0) * 2, (y1 - y0) * 4
        length = math.hypot(dx, dy) or 1.0
        x0, y0 = x0 * 2 - dy / length * aside, y0 * 4 + dx / length * aside
        first, last = _leaves(begin, dx, dy), 1 - _leaves(end, dx, dy)
        if first >= last:
            first = last = 0.5
        steps = max(1, int(max(abs(dx), abs(dy)) * (last - first)))
        shares = (first + (last - first) * step / steps for step in range(steps + 1))
        dots = ((int(x0 + dx * share), int(y0 + dy * share)) for share in shares)
        return tuple(
            (y >> 2, x >> 1, BRAILLE[y & 3][x & 1])
            for x, y in dots
            if 0 < x >> 1 < self.width - 1 and 0 < y >> 2 < self.height - 1
        )

    def node_at(self, x: int, y: int) -> str | None:
        """The node whose card holds this cell."""
        return next((place.name for place in self.places.values() if place.holds(x, y)), None)

    def link_at(self, x: int, y: int, links: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
        """The nearest of `links` that runs through this cell or one beside it."""
        best = min(links, key=lambda link: self._distance(link, x, y), default=None)
        return best if best is not None and self._distance(best, x, y) <= 2 else None

    def _distance(self, link: tuple[str, str], x: int, y: int) -> int:
        return min((abs(column - x) + 2 * abs(row - y) for row, column, _ in self.lane(*link, 0.0)), default=1_000)


def _leaves(place: Place, dx: float, dy: float) -> float:
    """The share of a way of `dx`, `dy` dots at which it leaves a card in whose middle it begins."""
    half_width, half_height = place.width + 1.5, place.height * 2 + 1.5
    across = half_width / abs(dx) if dx else math.inf
    down = half_height / abs(dy) if dy else math.inf
    return min(across, down, 0.5)


@lru_cache(maxsize=16)
def lay_out(servers: tuple[str, ...], clients: tuple[str, ...], width: int, height: int) -> Geometry:
    """Servers on an ellipse, the first at the top, with the largest cards that leave room; clients at the edge."""
    for card in SERVER_CARDS:
        placed = _ellipse(servers, card, width, height)
        if (width >= ROOM[card][0] and height >= ROOM[card][1] and _apart(placed)) or card is Card.DOT:
            break
    guests = _at_the_edge(clients, CLIENT_CARD[card], placed, width, height)
    return Geometry(width, height, {place.name: place for place in (*placed, *guests)})


def _ellipse(names: tuple[str, ...], card: Card, width: int, height: int) -> tuple[Place, ...]:
    columns, rows = card.value
    angles = [2 * math.pi * number / len(names) for number in range(len(names))]
    xs = _spread([math.sin(angle) for angle in angles], 3, width - columns - 3)
    ys = _spread(
        [-math.cos(angle) for angle in angles], 2 if height > 20 else 1, height - rows - (2 if height > 16 else 1)
    )
    return tuple(Place(name, card, x, y) for name, x, y in zip(names, xs, ys, strict=True))


def _spread(values: list[float], least: int, most: int) -> list[int]:
    """From `least` to `most` (in the middle, if they are all the same)."""
    low, high = min(values), max(values)
    if high - low < 0.1 or most <= least:
        return [(least + most) // 2] * len(values)
    return [round(least + (value - low) / (high - low) * (most - least)) for value in values]


def _apart(places: tuple[Place, ...]) -> bool:
    gaps = (a.gap(b) for number, a in enumerate(places) for b in places[number + 1 :])
    return all(across >= BETWEEN[0] or down >= BETWEEN[1] for across, down in gaps)


def _at_the_edge(
    names: tuple[str, ...], card: Card, taken: tuple[Place, ...], width: int, height: int
) -> tuple[Place, ...]:
    """Each client where it is farthest from all that has a place; those that find no room have none."""
    guests: tuple[Place, ...] = ()
    for name in names:
        slots = [slot for slot in _slots(name, card, width, height) if _apart((*guests, slot)) and _free(slot, taken)]
        if slots:
            guests = (*guests, max(slots, key=lambda slot: _clearance(slot, (*taken, *guests))))
    return guests


def _slots(name: str, card: Card, width: int, height: int) -> tuple[Place, ...]:
    """The corners, then places along the edges."""
    columns, rows = card.value
    right, bottom = width - columns - 2, height - rows - 1
    xs = (2, right, (2 + right) // 4, (2 + right) * 3 // 4)
    spots = [(2, bottom), (right, bottom), (2, 1), (right, 1)]
    spots += [(x, y) for y in (bottom, 1) for x in xs[2:]]
    spots += [(x, height * quarter // 8) for quarter in range(2, 7) for x in (2, right)]
    return tuple(Place(name, card, x, y) for x, y in spots if x > 0 and y > 0)


def _free(slot: Place, taken: tuple[Place, ...]) -> bool:
    return all(max(slot.gap(place)) >= 1 for place in taken)


def _clearance(slot: Place, others: tuple[Place, ...]) -> float:
    """How far the nearest other card is, in columns."""
    return min((math.hypot(max(0, gap[0]), 2 * max(0, gap[1])) for gap in map(slot.gap, others)), default=0.0)
