"""Retention and compaction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker.log.cleaner import compacted, retention_start
from algorithms.broker.log.partition_log import PartitionLog
from algorithms.broker.log.segments import Roll
from algorithms.broker.records import KeyValue, RecordBatch


def log_of(pairs: list[tuple[str, str | None]], a_segment: int = 2) -> PartitionLog:
    """One record a batch, at times 0, 1, 2, ... us; so many batches a segment."""
    log = PartitionLog("log t-0", Roll(1 << 20, 0))
    for number, (key, value) in enumerate(pairs):
        if number and number % a_segment == 0:
            log.roll = Roll(1, 0)
        log.append(RecordBatch((KeyValue(key, value, number),), number, 0), False)
        log.roll = Roll(1 << 20, 0)
    return log


def pairs(batches: list[RecordBatch]) -> list[tuple[int, str | None, object]]:
    """Offset, key and value of what is left."""
    return [
        (offset, record.key, record.value)
        for each in batches
        for offset, record in zip(each.offsets(), each.records, strict=True)
    ]


def test_compaction_keeps_the_last_record_of_each_key_with_its_offset() -> None:
    log = log_of([("a", "1"), ("b", "1"), ("a", "2"), ("c", "1"), ("d", "1")])
    kept = compacted(log, 5, 0, 1_000)
    assert kept is not None
    assert pairs(kept) == [(1, "b", "1"), (2, "a", "2"), (3, "c", "1"), (4, "d", "1")]


def test_the_active_segment_is_never_compacted() -> None:
    log = log_of([("a", "1"), ("a", "2"), ("a", "3"), ("a", "4")])
    kept = compacted(log, 4, 0, 1_000)
    assert kept is not None
    assert pairs(kept) == [(1, "a", "2"), (2, "a", "3"), (3, "a", "4")]


def test_what_is_not_stable_yet_is_not_compacted() -> None:
    assert compacted(log_of([("a", "1"), ("a", "2"), ("b", "1")]), 0, 0, 1_000) is None


def test_a_tombstone_stays_until_every_reader_had_time_to_see_it() -> None:
    log = log_of([("a", "1"), ("a", None), ("b", "1")])
    young, old = compacted(log, 3, 10, 100), compacted(log, 3, 200, 100)
    assert young is not None
    assert old is not None
    assert pairs(young) == [(1, "a", None), (2, "b", "1")]
    assert pairs(old) == [(2, "b", "1")]


def transactional(*steps: tuple[str, str]) -> PartitionLog:
    """Producer 7's transactions: records `("a", "1")`, and ends `("", "COMMIT")`; a segment a batch."""
    log = PartitionLog("log t-0", Roll(1, 0))
    for key, value in steps:
        control = value if not key else ""
        record = KeyValue(None if control else key, None if control else value)
        names = {"producer_id": 7, "producer_epoch": 0, "is_transactional": True}
        log.append(RecordBatch((record,), log.end_offset, 0, control=control, **names), False)  # type: ignore[arg-type]
    return log


def test_what_was_aborted_replaces_nothing_and_goes() -> None:
    log = transactional(("a", "1"), ("", "COMMIT"), ("a", "2"), ("", "ABORT"), ("z", "1"), ("", "COMMIT"))
    kept = compacted(log, 6, 0, 1_000)
    assert kept is not None
    assert [(offset, value) for offset, key, value in pairs(kept) if key == "a"] == [(0, "1")]


def test_the_last_batch_of_a_producer_stays_so_that_its_sequence_is_remembered() -> None:
    log = PartitionLog("log t-0", Roll(1, 0))
    named = {"producer_id": 7, "producer_epoch": 0}
    log.append(RecordBatch((KeyValue("a", "1"),), 0, 0, base_sequence=0, **named), False)  # type: ignore[arg-type]
    log.append(RecordBatch((KeyValue("a", "2"),), 1, 0, base_sequence=1, **named), False)  # type: ignore[arg-type]
    for number in (2, 3):
        log.append(RecordBatch((KeyValue("a", "3"),), number, 0), False)
    kept = compacted(log, 4, 0, 1_000)
    assert kept is not None
    assert [(each.base_offset, len(each.records), each.last_sequence) for each in kept] == [
        (1, 0, 1),
        (2, 1, -1),
        (3, 1, -1),
    ]


def test_a_log_with_nothing_to_take_out_is_left_alone() -> None:
    assert compacted(log_of([("a", "1"), ("b", "1"), ("c", "1")]), 3, 0, 1_000) is None


def test_retention_by_time_drops_segments_whose_newest_record_is_too_old() -> None:
    log = log_of([(str(number), "v") for number in range(6)])
    assert retention_start(log, now=13, retention_time=10, retention_bytes=0, upto=6) == 2


def test_retention_by_size_drops_segments_while_the_rest_is_large_enough() -> None:
    log = log_of([(str(number), "v") for number in range(6)])
    a_segment = log.segments[0].size
    assert retention_start(log, 0, 0, 2 * a_segment, upto=6) == 2


def test_retention_never_passes_the_high_watermark_nor_the_active_segment() -> None:
    log = log_of([(str(number), "v") for number in range(6)])
    assert retention_start(log, 1_000, 1, 0, upto=3) == 2
    assert retention_start(log, 1_000, 1, 0, upto=6) == 4


KEYS = st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.text("xyz", max_size=2))), max_size=20)


@given(KEYS, st.integers(1, 5))
def test_a_compacted_log_means_the_same(written: list[tuple[str, str | None]], a_segment: int) -> None:
    log = log_of(written, a_segment)
    kept = compacted(log, len(written), 0, 1_000)
    left = pairs(kept if kept is not None else log.batches)
    assert {key: value for _, key, value in left} == dict(written)


@given(KEYS, st.integers(1, 5))
def test_compaction_twice_is_compaction_once(written: list[tuple[str, str | None]], a_segment: int) -> None:
    log = log_of(written, a_segment)
    kept = compacted(log, len(written), 0, 1_000)
    if kept is not None:
        log.replace(kept)
        assert (log.start_offset, log.end_offset) == (0, len(written))
        assert compacted(log, len(written), 0, 1_000) is None
