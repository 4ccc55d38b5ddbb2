"""How busy a replica is: counts of one life, the last second, and the hottest keys in bounded memory."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from algorithms.ring.load import COUNTED, SHOWN, Load

SECOND = 1_000_000


def test_reads_and_writes_are_counted() -> None:
    load = Load()
    load.served(0, "x", True)
    load.served(0, "x", False)
    load.served(0, "y", False)
    assert (load.reads, load.writes) == (2, 1)


def test_the_last_whole_second_is_told_not_the_one_that_is_running() -> None:
    load = Load()
    for at in (0, 10, SECOND - 1, SECOND):
        load.served(at, "x", False)
    assert load.per_second(SECOND) == 3
    assert load.per_second(2 * SECOND - 1) == 3
    assert load.per_second(2 * SECOND) == 1


def test_a_second_without_requests_is_told_too() -> None:
    load = Load()
    load.served(0, "x", False)
    assert load.per_second(2 * SECOND) == 0
    load.served(5 * SECOND, "x", False)
    assert load.per_second(5 * SECOND) == 0


def test_the_hottest_keys_come_first_and_of_equal_ones_the_first_by_name() -> None:
    load = Load()
    for key in "bbaaacddefg":
        load.served(0, key, False)
    assert load.hottest() == [("a", 3), ("b", 2), ("d", 2), ("c", 1), ("e", 1)]
    assert len(load.hottest()) == SHOWN


@given(st.lists(st.integers(0, 200), max_size=600))
def test_a_key_asked_for_often_enough_is_never_missed_and_never_counted_too_low(requests: list[int]) -> None:
    """Whatever has more than its share of `COUNTED` keys is among them (Space-Saving, 2005, theorem 2)."""
    load = Load()
    for key in requests:
        load.served(0, f"k{key}", False)
    counted, real = dict(load.hottest(1_000)), Counter(f"k{key}" for key in requests)
    assert len(counted) <= COUNTED
    for key, count in real.items():
        if count > len(requests) / COUNTED:
            assert counted[key] >= count


def test_a_new_key_takes_over_the_count_of_the_one_it_displaces() -> None:
    load = Load()
    for number in range(COUNTED):
        load.served(0, f"k{number:02d}", False)
        load.served(0, f"k{number:02d}", False)
    load.served(0, "new", False)
    assert load.hottest(1) == [("new", 3)]
    assert "k00" not in dict(load.hottest(1_000))


def test_many_keys_asked_for_once_do_not_hide_a_hot_one() -> None:
    load = Load()
    for number in range(2_000):
        load.served(0, f"cold{number}", False)
        if number % 10 == 0:
            load.served(0, "hot", False)
    assert load.hottest()[0][0] == "hot"
    assert len(load.hottest(1_000)) == COUNTED
