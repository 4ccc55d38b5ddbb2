"""A partition's log: offsets, truncation, segments, and what stands on disk of it."""

from __future__ import annotations

from broker_talk import batch
from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker.log.epochs import EpochStart
from algorithms.broker.log.partition_log import PartitionLog
from algorithms.broker.log.segments import Roll
from algorithms.broker.records import RecordBatch
from algorithms.machine import Append, Trim


def log_of(*sizes: int, epoch: int = 0, roll: Roll | None = None) -> PartitionLog:
    """A log of batches with so many records each."""
    log = PartitionLog("log orders-0", roll or Roll(0, 0))
    for size in sizes:
        log.append(batch(*("x" * size), base=log.end_offset, epoch=epoch), False)
    return log


def test_offsets_begin_at_0_and_go_on_behind_each_batch() -> None:
    log = log_of(3, 1, 2)
    assert [each.base_offset for each in log.batches] == [0, 3, 4]
    assert (log.start_offset, log.end_offset) == (0, 6)


def test_each_batch_is_one_record_of_the_journal() -> None:
    log = log_of(3)
    placed = batch("y", base=3, epoch=0)
    assert log.append(placed, sync=True) == Append("log orders-0", 2, (placed,), True)


def test_a_read_begins_with_the_batch_that_holds_the_offset() -> None:
    log = log_of(3, 1, 2)
    assert [each.base_offset for each in log.read(2, 1 << 20)] == [0, 3, 4]
    assert [each.base_offset for each in log.read(4, 1 << 20)] == [4]


def test_a_read_ends_at_its_bound_and_gives_at_least_one_batch() -> None:
    log = log_of(3, 1, 2)
    assert [each.base_offset for each in log.read(0, 1, upto=4)] == [0]
    assert [each.base_offset for each in log.read(0, 1 << 20, upto=4)] == [0, 3]
    assert log.read(3, 1 << 20, upto=3) == ()


def test_a_truncation_within_a_batch_takes_all_of_it() -> None:
    log = log_of(3, 3)
    assert log.truncate(4) == Append("log orders-0", 2, (), False)
    assert log.end_offset == 3


def test_a_truncation_behind_the_end_does_nothing() -> None:
    assert log_of(3).truncate(3) is None


def test_a_truncation_forgets_the_epochs_behind_it() -> None:
    log = log_of(2, epoch=1)
    log.append(batch("a", base=2, epoch=4), False)
    log.truncate(2)
    assert log.epochs.entries == [EpochStart(1, 0)]


def test_a_new_segment_begins_when_the_active_one_would_grow_too_large() -> None:
    log = log_of(1, 1, 1, 1, roll=Roll(150, 0))
    assert [each.base_offset for each in log.segments] == [0, 2]


def test_only_whole_segments_are_dropped_from_the_beginning() -> None:
    log = log_of(1, 1, 1, 1, roll=Roll(150, 0))
    assert log.advance_start(1) is None
    assert (log.start_offset, len(log.batches)) == (1, 4)
    assert log.advance_start(3) == Trim("log orders-0", 3, False)
    assert (log.start_offset, [each.base_offset for each in log.batches]) == (3, [2, 3])


def test_the_numbers_in_the_journal_go_on_after_a_trim() -> None:
    log = log_of(1, 1, 1, 1, roll=Roll(150, 0))
    log.advance_start(2)
    wish = log.append(batch("z", base=4, epoch=0), False)
    assert wish.index == 5


def test_a_restored_log_is_the_one_that_was_written() -> None:
    log = log_of(2, 3, epoch=2)
    other = PartitionLog("log orders-0", Roll(0, 0))
    other.restore(1, tuple(log.batches), tuple(log.epochs.entries), 0)
    assert (other.batches, other.end_offset, other.epochs.entries) == (log.batches, 5, log.epochs.entries)


def test_a_log_that_lost_its_end_forgets_the_epochs_that_stood_there() -> None:
    """The checkpoint may be newer than what a power loss has left of the journal."""
    log = PartitionLog("log orders-0", Roll(0, 0))
    log.restore(1, (batch("a", epoch=0),), (EpochStart(0, 0), EpochStart(3, 5)), 0)
    assert log.epochs.entries == [EpochStart(0, 0)]


def test_the_first_record_that_is_not_older_is_found_by_its_time() -> None:
    log = PartitionLog("log orders-0", Roll(0, 0))
    for number in range(3):
        record = batch("a").records[0]
        log.append(RecordBatch((type(record)("k", "v", number * 10),), number, 0), False)
    assert log.offset_of_time(5) == (1, 10)
    assert log.offset_of_time(21) is None


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.integers(0, 50))
def test_a_truncated_log_is_a_prefix(sizes: list[int], offset: int) -> None:
    log = log_of(*sizes)
    before = list(log.batches)
    log.truncate(offset)
    assert before[: len(log.batches)] == log.batches
    assert log.end_offset == (log.batches[-1].next_offset if log.batches else 0)
    assert log.end_offset <= max(offset, 0) or offset >= before[-1].next_offset


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.data())
def test_what_is_read_holds_the_offset(sizes: list[int], data: st.DataObject) -> None:
    log = log_of(*sizes)
    offset = data.draw(st.integers(0, log.end_offset - 1))
    first = log.read(offset, 1)[0]
    assert first.base_offset <= offset <= first.last_offset
