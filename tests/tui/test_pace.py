"""Pace: how far the world goes in a frame, and how that is said."""

from __future__ import annotations

import pytest

from nodes.faults import Constant, Exponential, Uniform
from tui.pace import CROSSING, LADDER, UNLIMITED, Pace, duration, gentle, typical


def test_the_ladder_ends_at_both_ends() -> None:
    assert Pace(LADDER[0]).slower().speed == LADDER[0]
    assert Pace(UNLIMITED).faster().speed == UNLIMITED
    assert Pace(1.0).faster().slower().speed == 1.0


def test_a_speed_between_two_steps_goes_to_the_next_one() -> None:
    assert Pace(0.004).faster().speed == 0.005
    assert Pace(0.004).slower().speed == 0.003


@pytest.mark.parametrize("latency", [Uniform(1_000, 3_000), Constant(20_000), Exponential(5_000, 1_000)])
def test_at_the_gentle_speed_a_message_takes_about_as_long_as_a_person_needs(latency: Constant) -> None:
    seconds = typical(latency) / 1e6 / gentle(latency)
    assert CROSSING / 1.7 < seconds < CROSSING * 1.7


def test_time_hurries_while_nothing_is_under_way_but_never_beyond_real_time() -> None:
    pace = Pace(0.003, hurry=20)
    assert pace.distance(1.0, waiting=False) == 3_000
    assert pace.distance(1.0, waiting=True) == 60_000
    assert Pace(0.5, hurry=20).distance(1.0, waiting=True) == 1_000_000
    assert Pace(10.0, hurry=20).distance(1.0, waiting=True) == 10_000_000


def test_unlimited_has_no_distance() -> None:
    assert Pace(UNLIMITED).distance(0.03, waiting=False) is None


def test_a_frame_never_stands_still() -> None:
    assert Pace(0.001).distance(0.0001, waiting=False) == 1


def test_speed_is_told_in_words() -> None:
    assert Pace(0.003).words() == "0.003x: 1 s here = 3 ms there"
    assert Pace(5.0).words() == "5x: 1 s here = 5 s there"
    assert Pace(UNLIMITED).words() == "as fast as it goes"


def test_durations_take_the_unit_a_person_would() -> None:
    assert [duration(each) for each in (250, 3_000, 1_500_000, 1_000_000_000)] == ["250 us", "3 ms", "1.5 s", "1,000 s"]
