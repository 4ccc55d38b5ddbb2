"""Directed links and what they do to a packet."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from toys import Word

from nodes.faults import Constant, Exponential, Uniform
from nodes.network import Link, Network

PACKET = Word("hello")


def link() -> Link:
    return Link("a", "b", Constant(1_000))


def disturbed(**disorder: float) -> Link:
    made = link()
    for name, value in disorder.items():
        setattr(made, name, value)
    made.judge()
    return made


@given(st.integers(0, 1_000), st.integers(0, 1_000), st.integers())
def test_a_uniform_latency_stays_in_its_range(shortest: int, span: int, seed: int) -> None:
    made = link()
    made.set_latency(Uniform(shortest, shortest + span))
    assert shortest <= made.time(Random(seed)) <= shortest + span


def test_an_exponential_latency_has_its_floor_and_about_its_mean() -> None:
    made = link()
    made.set_latency(Exponential(mean=1_000, floor=500))
    dice = Random(1)
    times = [made.time(dice) for _ in range(10_000)]
    assert min(times) >= 500
    assert 1_450 < sum(times) / len(times) < 1_550


@given(st.integers())
def test_a_link_keeps_order(seed: int) -> None:
    made, dice = Link("a", "b", Uniform(0, 5_000)), Random(seed)
    dues = [made.passes(at, dice) for at in range(0, 3_000, 100)]
    assert dues == sorted(dues)


def test_a_reordering_link_lets_packets_overtake() -> None:
    made, dice = disturbed(reorder=0.5, window=5_000), Random(1)
    dues = [due for at in range(0, 3_000, 100) for due in made.carry(at, PACKET, dice)]
    assert dues != sorted(dues)


def test_a_lossy_link_loses_about_its_share() -> None:
    made, dice = disturbed(loss=0.3), Random(1)
    lost = sum(isinstance(made.carry(0, PACKET, dice), str) for _ in range(1_000))
    assert 250 < lost < 350


def test_a_duplicating_link_delivers_twice() -> None:
    assert disturbed(duplicate=1.0).carry(0, PACKET, Random(1)) == (1_000, 1_000)


def test_extra_latency_comes_on_top() -> None:
    assert disturbed(extra=300).carry(0, PACKET, Random(1)) == (1_300,)


def test_a_narrow_link_takes_time_for_every_byte_and_drops_what_its_queue_cannot_hold() -> None:
    made, dice = disturbed(limit=1_000, queue=100), Random(1)
    arrivals = [made.carry(0, PACKET, dice) for _ in range(5)]
    size = len(b"\x83\xa4type\xa4Word\xa4text\xa5hello\xa6number\x00")
    assert arrivals[0] == (size * 1_000 + 1_000,)
    assert arrivals[1] == (2 * size * 1_000 + 1_000,)
    assert arrivals[-1] == "the link's queue is full"


def test_a_new_limit_counts_no_bytes_that_were_waiting_under_an_older_one() -> None:
    made, dice = disturbed(limit=10, queue=10_000), Random(1)
    for _ in range(100):
        made.carry(0, PACKET, dice)
    made.set_limit(1_000_000, 100)
    made.judge()
    assert isinstance(made.carry(0, PACKET, dice), tuple)


def test_a_packet_does_not_queue_up_behind_those_that_were_lost_under_way() -> None:
    made, dice = disturbed(extra=9_000), Random(1)
    made.carry(0, PACKET, dice)
    made.empty()
    made.mend()
    assert made.passes(0, dice) == 1_000


def test_a_cut_link_says_why_nothing_passes() -> None:
    assert disturbed(cut=True).carry(0, PACKET, Random(1)) == "the link is cut"
    assert disturbed(parted=True).carry(0, PACKET, Random(1)) == "the network is partitioned"


def test_a_mended_link_is_plain_again() -> None:
    made = disturbed(loss=0.1, cut=True, extra=5)
    assert not made.plain
    made.mend()
    assert made.plain


def network(*nodes: str) -> Network:
    made = Network(Constant(1_000), Random(1))
    for node in nodes:
        made.add(node)
    return made


def blocked(made: Network) -> list[str]:
    return [f"{link.source}{link.target}" for link in made.links() if link.blocked]


def test_a_partition_parts_the_groups_and_leaves_the_unnamed_alone() -> None:
    made = network("a", "b", "c", "x")
    made.partition((("a",), ("b", "c")))
    assert blocked(made) == ["ab", "ac", "ba", "ca"]


def test_a_node_in_two_groups_is_a_bridge() -> None:
    made = network("a", "b", "c")
    made.partition((("a", "b"), ("b", "c")))
    assert blocked(made) == ["ac", "ca"]


def test_a_new_partition_replaces_the_old_one() -> None:
    made = network("a", "b", "c")
    made.partition((("a",), ("b", "c")))
    assert [f"{each.source}{each.target}" for each in made.partition((("a", "b"), ("c",)))] == ["bc", "cb"]
    assert blocked(made) == ["ac", "bc", "ca", "cb"]
