"""Amounts: from text to number and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.faults import Constant, Exponential, Latency, Uniform
from playground.commands import (
    read_duration,
    read_latency,
    read_share,
    read_size,
    write_duration,
    write_latency,
    write_share,
    write_size,
)
from playground.errors import BadInput


@pytest.mark.parametrize(
    ("text", "duration"),
    [("1s", 1_000_000), ("1.5s", 1_500_000), ("200ms", 200_000), ("7us", 7), ("2min", 120_000_000), ("-5ms", -5_000)],
)
def test_a_time_is_read_as_microseconds(text: str, duration: int) -> None:
    assert read_duration(text) == duration


@given(st.integers(-(10**15), 10**15))
def test_a_time_that_was_written_reads_as_the_same_time(duration: int) -> None:
    assert read_duration(write_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "latency"),
    [
        ("3ms", Constant(3_000)),
        ("1ms..3ms", Uniform(1_000, 3_000)),
        ("3ms..1.5ms", Uniform(1_500, 3_000)),
        ("exponential 10ms", Exponential(10_000)),
        ("exponential 10ms from 2ms", Exponential(10_000, 2_000)),
    ],
)
def test_a_latency_is_constant_uniform_or_exponential(text: str, latency: Latency) -> None:
    assert read_latency(text) == latency
    assert read_latency(write_latency(latency)) == latency


@pytest.mark.parametrize("text", ["", "fast", "1ms..", "10", "exponential"])
def test_what_is_no_latency_is_told_with_examples(text: str) -> None:
    with pytest.raises(BadInput, match="ms"):
        read_latency(text)


@given(st.floats(0, 1))
def test_a_share_that_was_written_reads_as_the_same_share(share: float) -> None:
    assert read_share(write_share(share)) == share


@given(st.integers(0, 10**15))
def test_a_size_that_was_written_reads_as_the_same_size(size: int) -> None:
    assert read_size(write_size(size)) == size


def test_times_are_written_in_the_unit_a_person_would_take() -> None:
    assert [write_duration(each) for each in (0, 7, 2_500, 150_000, 1_500_000)] == [
        "0us",
        "7us",
        "2.5ms",
        "150ms",
        "1.5s",
    ]


def test_a_time_finer_than_a_microsecond_is_a_mistake() -> None:
    with pytest.raises(BadInput, match="finer than one us"):
        read_duration("0.5us")


def test_a_time_without_unit_is_a_mistake_that_shows_an_example() -> None:
    with pytest.raises(BadInput, match="200ms"):
        read_duration("150")


def test_more_than_all_is_a_mistake() -> None:
    with pytest.raises(BadInput, match="0% to 100%"):
        read_share("101%")
