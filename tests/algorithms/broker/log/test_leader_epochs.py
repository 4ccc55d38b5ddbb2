"""The leader-epoch cache, and the two answers to "where does this epoch end?" (KIP-101, KIP-279)."""

from __future__ import annotations

from algorithms.broker.log.epochs import EpochCache, EpochStart
from algorithms.broker.messages.data import EpochEnd

CACHE = (EpochStart(1, 0), EpochStart(3, 10), EpochStart(5, 20))


def test_an_epoch_begins_once() -> None:
    cache = EpochCache(CACHE)
    assert not cache.assign(5, 25)
    assert cache.assign(6, 25)
    assert cache.entries[-1] == EpochStart(6, 25)


def test_an_epoch_that_has_no_records_gives_way_to_the_next() -> None:
    cache = EpochCache(CACHE)
    cache.assign(7, 20)
    assert cache.entries == [EpochStart(1, 0), EpochStart(3, 10), EpochStart(7, 20)]


def test_an_epoch_ends_where_the_next_begins_and_the_last_at_the_end_of_the_log() -> None:
    cache = EpochCache(CACHE)
    assert cache.end_of(3, 30) == EpochEnd(3, 20)
    assert cache.end_of(5, 30) == EpochEnd(5, 30)


def test_kip_279_answers_with_the_largest_epoch_not_above_the_one_asked_for() -> None:
    assert EpochCache(CACHE).end_of(4, 30) == EpochEnd(3, 20)


def test_kip_101_answered_with_the_beginning_of_the_next_epoch_whatever_was_before_it() -> None:
    """Asked for epoch 4, which it never had, it says 20: so a follower kept what it had of epoch 4 below 20."""
    assert EpochCache(CACHE).end_before_279(4, 30) == 20


def test_of_an_epoch_before_the_first_one_nothing_is_known() -> None:
    assert EpochCache(CACHE).end_of(0, 30) is None


def test_a_truncation_takes_the_epochs_behind_it() -> None:
    cache = EpochCache(CACHE)
    cache.truncate_from_end(10)
    assert cache.entries == [EpochStart(1, 0)]


def test_the_epoch_of_the_first_record_left_is_still_known() -> None:
    cache = EpochCache(CACHE)
    cache.truncate_from_start(12)
    assert cache.entries == [EpochStart(3, 12), EpochStart(5, 20)]
