"""What a partition remembers of producers: sequences, epochs, open transactions (KIP-98, KIP-360, KIP-890)."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker.errors import Error
from algorithms.broker.log.producers import Producers
from algorithms.broker.messages.data import AbortedTransaction
from algorithms.broker.records import KeyValue, RecordBatch


def batch(
    sequence: int, count: int = 1, base: int = 0, epoch: int = 0, producer: int = 7, transactional: bool = False
) -> RecordBatch:
    """So many records of a producer."""
    records = tuple(KeyValue(None, "x") for _ in range(count))
    return RecordBatch(records, base, 0, producer, epoch, sequence, transactional)


def marker(
    control: str, base: int, epoch: int = 0, producer: int = 7, coordinator_epoch: int = 0, leader_epoch: int = 0
) -> RecordBatch:
    """The end of a transaction."""
    record = (KeyValue(None, None),)
    return RecordBatch(record, base, leader_epoch, producer, epoch, -1, True, control, coordinator_epoch)  # type: ignore[arg-type]


def after(*batches: RecordBatch) -> Producers:
    """A partition with this log."""
    producers = Producers()
    producers.rebuild(batches, 0)
    return producers


# ---------------------------------------------------------------- sequences


def test_the_next_sequence_is_taken() -> None:
    assert after(batch(0, 3)).verdict(batch(3)) is None


def test_a_copy_is_answered_with_where_the_first_one_stands() -> None:
    assert after(batch(0, 3, base=40), batch(3, 2, base=43)).verdict(batch(0, 3)) == 40


def test_a_gap_means_that_a_batch_is_missing() -> None:
    assert after(batch(0, 3)).verdict(batch(4)) is Error.OUT_OF_ORDER_SEQUENCE_NUMBER


def test_of_the_last_five_batches_a_copy_is_known() -> None:
    producers = after(*(batch(number, base=number) for number in range(6)))
    assert producers.verdict(batch(1)) == 1
    assert producers.verdict(batch(0)) is Error.DUPLICATE_SEQUENCE_NUMBER


def test_part_of_an_old_batch_is_no_copy_of_it() -> None:
    assert after(batch(0, 3)).verdict(batch(1, 2)) is Error.DUPLICATE_SEQUENCE_NUMBER


def test_an_unknown_producer_begins_with_sequence_0() -> None:
    assert Producers().verdict(batch(0)) is None
    assert Producers().verdict(batch(5)) is Error.OUT_OF_ORDER_SEQUENCE_NUMBER


def test_where_old_records_were_deleted_an_unknown_producer_may_begin_anywhere() -> None:
    assert Producers().verdict(batch(5), log_start_offset=10) is None


def test_producers_do_not_know_of_each_other() -> None:
    assert after(batch(0, 3)).verdict(batch(0, producer=8)) is None


# ---------------------------------------------------------------- epochs


def test_an_older_epoch_is_fenced() -> None:
    assert after(batch(0, epoch=2)).verdict(batch(1, epoch=1)) is Error.INVALID_PRODUCER_EPOCH


def test_a_new_epoch_begins_with_sequence_0() -> None:
    producers = after(batch(0, 3, epoch=1))
    assert producers.verdict(batch(0, epoch=2)) is None
    assert producers.verdict(batch(3, epoch=2)) is Error.OUT_OF_ORDER_SEQUENCE_NUMBER


def test_a_copy_is_one_only_in_its_own_epoch() -> None:
    producers = after(batch(0, base=0, epoch=1), batch(0, base=1, epoch=2))
    assert producers.verdict(batch(0, epoch=2)) == 1


def test_an_epoch_that_is_known_by_a_marker_alone_begins_with_sequence_0_too() -> None:
    """Else the second batch of the next transaction could overtake the first, which would then be lost as a copy."""
    producers = after(batch(0, transactional=True), marker("COMMIT", 1, epoch=1))
    assert producers.verdict(batch(1, epoch=1, transactional=True)) is Error.OUT_OF_ORDER_SEQUENCE_NUMBER
    assert producers.verdict(batch(0, epoch=1, transactional=True)) is None


def test_after_a_marker_of_the_same_epoch_sequences_go_on() -> None:
    producers = after(batch(0, 2, transactional=True), marker("COMMIT", 2))
    assert producers.verdict(batch(2, transactional=True)) is None
    assert producers.verdict(batch(0, 2, transactional=True)) == 0


def test_a_marker_with_the_next_epoch_fences_what_is_late() -> None:
    producers = after(batch(0, transactional=True), marker("ABORT", 1, epoch=1))
    assert producers.verdict(batch(1, transactional=True)) is Error.INVALID_PRODUCER_EPOCH


# ---------------------------------------------------------------- markers


def test_a_marker_of_an_older_epoch_is_refused() -> None:
    assert after(batch(0, epoch=3)).marker_verdict(7, 2, 0) is Error.INVALID_PRODUCER_EPOCH


def test_a_marker_of_an_older_coordinator_is_refused() -> None:
    producers = after(batch(0, transactional=True), marker("COMMIT", 1, coordinator_epoch=5))
    assert producers.marker_verdict(7, 0, 4) is Error.TRANSACTION_COORDINATOR_FENCED
    assert producers.marker_verdict(7, 0, 5) is Error.NONE


def test_a_marker_may_come_to_a_partition_that_knows_nothing_of_its_producer() -> None:
    assert Producers().marker_verdict(7, 0, 0) is Error.NONE


# ---------------------------------------------------------------- what readers need


def test_an_open_transaction_is_unstable_from_its_first_record_on() -> None:
    producers = after(batch(0, 2, base=4, transactional=True), batch(2, base=6, transactional=True))
    assert (producers.first_unstable_offset(7), producers.open_count) == (4, 1)


def test_a_transaction_is_stable_when_its_marker_is_below_the_high_watermark() -> None:
    producers = after(batch(0, base=4, transactional=True), marker("COMMIT", 5))
    assert (producers.first_unstable_offset(5), producers.open_count) == (4, 0)
    assert producers.first_unstable_offset(6) is None


def test_the_first_of_several_transactions_counts() -> None:
    producers = after(
        batch(0, base=0, transactional=True),
        batch(0, base=1, producer=8, transactional=True),
        marker("ABORT", 2),
    )
    assert [producers.first_unstable_offset(high_watermark) for high_watermark in (2, 3)] == [0, 1]


def test_records_outside_of_transactions_are_never_unstable() -> None:
    assert after(batch(0), RecordBatch((KeyValue(None, "x"),), 1)).first_unstable_offset(0) is None


def test_readers_hear_of_the_aborted_transactions_that_they_meet() -> None:
    producers = after(
        batch(0, base=0, transactional=True),
        batch(0, base=1, producer=8, transactional=True),
        marker("ABORT", 2, producer=8),
        marker("ABORT", 3),
        batch(1, base=4, transactional=True),
        marker("COMMIT", 5),
    )
    assert producers.aborted_between(0, 6) == (AbortedTransaction(7, 0), AbortedTransaction(8, 1))
    assert producers.aborted_between(3, 6) == (AbortedTransaction(7, 0),)
    assert producers.aborted_between(0, 1) == (AbortedTransaction(7, 0),)
    assert producers.aborted_between(4, 6) == ()


def test_a_marker_without_a_transaction_aborts_nothing() -> None:
    assert after(batch(0), marker("ABORT", 1)).aborted_between(0, 2) == ()


# ---------------------------------------------------------------- forgetting


def test_a_producer_that_was_silent_for_long_is_forgotten_unless_its_transaction_is_open() -> None:
    producers = Producers()
    producers.take(batch(0), 0)
    producers.take(batch(0, base=1, producer=8, transactional=True), 0)
    producers.take(batch(0, base=2, producer=9), 500)
    producers.expire(1_000, 999)
    assert [producers.epoch_of(each) for each in (7, 8, 9)] == [-1, 0, 0]
    assert producers.count == 2


def test_a_batch_without_a_producer_is_nobodys() -> None:
    assert after(RecordBatch((KeyValue("a", "b"),))).count == 0


# ---------------------------------------------------------------- of all logs


@dataclass
class Writer:
    """A producer that does everything in order, and the log that this gives."""

    log: list[RecordBatch] = field(default_factory=list)
    sequences: dict[int, int] = field(default_factory=dict)
    epochs: dict[int, int] = field(default_factory=dict)

    def write(self, producer: int, control: str) -> None:
        """One record, or a marker that raises the epoch."""
        base = len(self.log)
        epoch = self.epochs.setdefault(producer, 0)
        if control:
            self.epochs[producer], self.sequences[producer] = epoch + 1, 0
            self.log.append(marker(control, base, epoch + 1, producer))
        else:
            sequence = self.sequences.setdefault(producer, 0)
            self.sequences[producer] = sequence + 1
            self.log.append(batch(sequence, 1, base, epoch, producer, True))


STEPS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(("", "", "", "COMMIT", "ABORT"))), max_size=40)


def seen(producers: Producers, log: list[RecordBatch]) -> list[object]:
    """All that can be asked of it."""
    asked = range(len(log) + 1)
    verdicts = [producers.verdict(each) for each in log if not each.control]
    aborted = producers.aborted_between(0, len(log))
    return [
        producers.count,
        producers.open_count,
        aborted,
        verdicts,
        [producers.first_unstable_offset(h) for h in asked],
    ]


@given(STEPS)
def test_what_is_remembered_can_be_made_again_from_the_log(steps: list[tuple[int, str]]) -> None:
    writer, taken = Writer(), Producers()
    for producer, control in steps:
        writer.write(producer, control)
        assert control or taken.verdict(writer.log[-1]) is None
        taken.take(writer.log[-1], 0)
    kept = pickle.loads(pickle.dumps(taken))
    assert seen(kept, writer.log) == seen(after(*writer.log), writer.log) == seen(taken, writer.log)


@given(STEPS)
def test_a_copy_of_anything_is_never_appended_again(steps: list[tuple[int, str]]) -> None:
    writer, producers = Writer(), Producers()
    for producer, control in steps:
        writer.write(producer, control)
        producers.take(writer.log[-1], 0)
        assert all(producers.verdict(each) is not None for each in writer.log if not each.control)
