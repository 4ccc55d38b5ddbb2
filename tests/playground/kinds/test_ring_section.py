"""What a report says of a ring is what its servers say of themselves."""

from __future__ import annotations

import pytest

from algorithms.ring.view import RingView
from playground.kinds.ring_section import RingFacts, peak, section_of
from playground.session import Session

SECOND = 1_000_000


def facts(session: Session) -> RingFacts:
    section = section_of(session.world, "ring")
    assert section is not None
    assert isinstance(section.facts, RingFacts)
    return section.facts


@pytest.fixture
def written(ring: Session) -> Session:
    """Six keys, one of them read again and again, and a sixth node."""
    for number in range(6):
        ring.do(f"put k{number} 12345678")
    for _ in range(20):
        ring.do("get k3")
    ring.run_until(2 * SECOND)
    ring.do("add node n6")
    ring.run_until(6 * SECOND)
    return ring


def test_it_adds_up_what_the_views_say(written: Session) -> None:
    found = facts(written)
    views = [written.world.view(name, "ring") for name in written.world.names if name not in written.spec.clients]
    assert (found.epoch, found.members) == (3, 6)
    assert [each.node for each in found.nodes] == ["n1", "n2", "n3", "n4", "n5", "n6"]
    assert sum(each.keys for each in found.nodes) == 18
    assert found.bytes_taken == sum(view.bytes_taken for view in views if isinstance(view, RingView)) > 0


def test_the_hottest_key_comes_first(written: Session) -> None:
    hottest = facts(written).hottest
    assert hottest[0].key == "k3"
    assert hottest[0].requests >= 60
    assert len(hottest) == 5


def test_it_is_told_in_four_lines(written: Session) -> None:
    section = section_of(written.world, "ring")
    assert section is not None
    assert [line.split()[0] for line in section.lines] == ["6", "holdings:", "requests", section.lines[3].split()[0]]
    assert "taken over because ranges moved" in section.lines[3]


def test_nobody_up_has_nothing_to_say(ring: Session) -> None:
    ring.do("kill all")
    assert section_of(ring.world, "ring") is None


@pytest.mark.parametrize(
    ("loads", "most"), [([3, 3, 3], 1.0), ([6, 0, 0], 3.0), ([1, 2], 1.333), ([0, 0], 1.0), ([], 1.0)]
)
def test_the_fullest_by_the_mean(loads: list[int], most: float) -> None:
    assert peak(loads) == most
