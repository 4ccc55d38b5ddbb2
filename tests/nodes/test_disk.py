"""A node's disk: what is synced, and what a crash or a power loss keeps."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import Word

from algorithms.machine import Append, Cell, Journal, Record, Save, Saved, Torn, Trim
from nodes.disk import CACHE, Disk, StoredJournal


def words(*texts: str) -> tuple[Record, ...]:
    return tuple(Word(text) for text in texts)


def written(*writes: Save | Append | Trim) -> Disk:
    disk = Disk(1_000)
    for write in writes:
        disk.write("s", write)
    return disk


def test_a_cell_is_replaced_as_a_whole() -> None:
    assert written(Save("c", Word("a")), Save("c", Word("b"))).saved("s") == Saved((Cell("c", Word("b")),))


def test_an_append_drops_what_stood_at_its_index_and_behind_it() -> None:
    disk = written(Append("log", 1, words("a", "b", "c")), Append("log", 2, words("x")))
    assert disk.saved("s").journal("log") == Journal("log", 1, words("a", "x"))


def test_a_trim_beyond_the_end_leaves_an_empty_journal_that_begins_there() -> None:
    disk = written(Append("log", 1, words("a", "b")), Trim("log", 7), Append("log", 7, words("g")))
    assert disk.saved("s").journal("log") == Journal("log", 7, words("g"))


def test_a_service_sees_only_its_own_part() -> None:
    disk = written(Save("c", Word("mine")))
    disk.write("other", Save("c", Word("theirs")))
    assert disk.saved("s") == Saved((Cell("c", Word("mine")),))


def test_a_crash_of_the_process_loses_nothing_that_was_written() -> None:
    disk = written(Save("c", Word("a")))
    assert not disk.durable.cells
    disk.recover()
    assert disk.saved("s").cell("c") == Word("a") == disk.durable.cells["s", "c"]


def test_a_sync_covers_exactly_the_writes_that_were_there_when_it_began() -> None:
    disk = written(Save("a", Word("1")), Save("b", Word("2")), Save("c", Word("3")))
    disk.sync(1)
    assert list(disk.durable.cells) == [("s", "a")]
    disk.sync(2)
    assert list(disk.durable.cells) == [("s", "a"), ("s", "b")]


@given(st.integers())
def test_a_power_loss_keeps_what_was_synced_and_a_prefix_of_the_rest(seed: int) -> None:
    disk = written(Append("log", 1, words("a", "b")))
    disk.sync(1)
    disk.write("s", Append("log", 3, words("c", "d")))
    disk.write("s", Append("log", 5, words("e")))
    disk.lose_power(Random(seed))
    journal = disk.saved("s").journal("log")
    assert journal is not None
    kept = [record for record in journal.records if record != Torn()]
    assert tuple(kept) == words(*"abcde"[: len(kept)])
    assert len(kept) >= 2
    assert Torn() not in journal.records[:-1]


def test_some_power_loss_tears_the_last_record() -> None:
    torn = 0
    for seed in range(40):
        disk = written(Append("log", 1, words("a", "b", "c")))
        disk.lose_power(Random(seed))
        journal = disk.saved("s").journal("log")
        torn += journal is not None and journal.records[-1] == Torn()
    assert 0 < torn < 40


def test_a_lying_disk_says_that_it_has_synced_and_has_not() -> None:
    disk = written(Save("c", Word("a")))
    disk.lying = True
    disk.sync(1)
    assert disk.synced == 1
    assert not disk.durable.cells
    disk.mend()
    disk.sync(1)
    assert disk.durable.cells["s", "c"] == Word("a")


def test_the_operating_system_writes_back_what_it_cannot_keep() -> None:
    disk = written(*(Append("log", number, words("a")) for number in range(1, CACHE + 11)))
    assert len(disk.unsynced) == CACHE
    assert disk.durable.journals["s", "log"].end == 11
    disk.sync(disk.written)
    assert disk.durable.journals["s", "log"].end == CACHE + 11


def test_a_wiped_disk_is_empty() -> None:
    disk = written(Save("c", Word("a")))
    disk.recover()
    disk.wipe()
    assert disk.saved("s") == Saved()


def test_a_gap_in_a_journal_is_our_bug() -> None:
    with pytest.raises(AssertionError, match="does not touch a journal"):
        StoredJournal(1).append(3, words("x"))
