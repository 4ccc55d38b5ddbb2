"""A node's own time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.clock import Clock


def test_a_new_clock_shows_true_time() -> None:
    assert Clock().read(12_345) == 12_345


def test_a_skewed_clock_is_off_by_its_offset() -> None:
    clock = Clock()
    clock.skew(1_000, -300)
    assert (clock.read(1_000), clock.read(5_000), clock.offset(5_000)) == (700, 4_700, -300)


def test_a_fast_clock_gains_and_its_timers_come_early() -> None:
    clock = Clock()
    clock.drift(0, 1_000)
    assert clock.read(1_000_000) == 1_001_000
    assert clock.duration(1_001_000) == 1_000_000


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(-100_000, 100_000)), min_size=1))
def test_drift_never_makes_a_clock_jump(changes: list[tuple[int, int]]) -> None:
    clock, now = Clock(), 0
    for wait, ppm in changes:
        now += wait
        before = clock.read(now)
        clock.drift(now, ppm)
        assert clock.read(now) == before


def test_a_clock_that_would_stand_still_is_our_bug() -> None:
    with pytest.raises(AssertionError, match="would stand still"):
        Clock().drift(0, -1_000_000)
