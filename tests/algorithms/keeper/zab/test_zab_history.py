"""What is on disk: the log, snapshots, and what a boot makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zab_carrier import Everything, Pair
from zab_talk import Talk, record, saved

from algorithms.keeper.zab.log import Log
from algorithms.keeper.zab.messages import Commit, Epochs, Propose, Snapshot
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Append, Cell, Journal, Save, Saved, Torn, Trim

# ---------------------------------------------------------------- the log


def log_of(*zxids: tuple[int, int]) -> Log:
    log = Log()
    log.append([record(*each) for each in zxids])
    return log


def test_zxids_grow_and_places_are_dense() -> None:
    log = log_of((1, 1), (1, 2), (3, 1))
    assert [log.index_of(Zxid(*each)) for each in ((1, 1), (1, 9), (3, 1))] == [1, 2, 3]
    with pytest.raises(AssertionError, match="does not come behind"):
        log.append([record(2, 1)])


def test_a_truncated_log_goes_on_where_it_was_cut() -> None:
    log = log_of((1, 1), (1, 2), (1, 3))
    assert log.truncate(Zxid(1, 1)) == 2
    log.append([record(2, 1)])
    assert log.between(ZERO, Zxid(9, 9)) == (record(1, 1), record(2, 1))


def test_a_compacted_log_knows_behind_what_it_has_all() -> None:
    log = log_of((1, 1), (1, 2), (1, 3))
    log.compact(Zxid(1, 2), keep=1)
    assert (log.floor, log.first_zxid, log.first_index) == (Zxid(1, 1), Zxid(1, 2), 2)
    assert log.knows(Zxid(1, 1))
    assert not log.knows(ZERO)


zxids = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9)), unique=True).map(sorted)


@given(zxids, st.tuples(st.integers(0, 5), st.integers(0, 9)), st.integers(0, 3))
def test_whatever_is_forgotten_the_rest_stays_where_it_was(
    these: list[tuple[int, int]], upto: tuple[int, int], keep: int
) -> None:
    whole, log = log_of(*these), log_of(*these)
    log.compact(Zxid(*upto), keep)
    assert log.next_index == whole.next_index
    assert log.between(log.floor, log.last_zxid) == whole.between(log.floor, whole.last_zxid)
    for each in log.transactions:
        assert log.index_of(each.zxid) == whole.index_of(each.zxid)


@given(zxids, st.tuples(st.integers(0, 5), st.integers(0, 9)))
def test_the_common_point_is_the_newest_that_is_not_newer(
    these: list[tuple[int, int]], theirs: tuple[int, int]
) -> None:
    expected = max([each for each in these if each <= theirs], default=(0, 0))
    assert log_of(*these).at_or_before(Zxid(*theirs)) == Zxid(*expected)


# ---------------------------------------------------------------- booting


def test_what_the_log_has_is_not_delivered_before_a_leader_has_said_so() -> None:
    talk = Talk("n1", saved=saved((1, 1), (1, 2)))
    assert (talk.delivered, talk.state.last_logged) == ([], Zxid(1, 2))


def test_a_torn_record_was_never_acknowledged_and_goes() -> None:
    torn = Saved(saved((1, 1)).cells, (Journal("zab log", 1, (record(1, 1), Torn())),))
    talk = Talk("n1", saved=torn)
    assert talk.did[0] == Append("zab log", 2, (), sync=False)
    assert talk.state.last_logged == Zxid(1, 1)


def snapshot(epoch: int, counter: int, index: int, log_first: int = 1) -> Cell:
    zxid = Zxid(epoch, counter)
    return Cell("zab snapshot", Snapshot(zxid, index, log_first, Everything((Pair(zxid, record(epoch, counter).txn),))))


def test_a_boot_begins_with_the_snapshot_and_has_the_log_behind_it() -> None:
    epochs = Cell("zab epochs", Epochs(1, 1))
    journal = Journal("zab log", 2, (record(1, 2), record(1, 3), record(1, 4)))
    talk = Talk("n1", saved=Saved((epochs, snapshot(1, 3, 3)), (journal,)))
    assert (talk.delivered, talk.told) == ([Zxid(1, 3)], ["restore"])
    assert (talk.state.last_committed, talk.state.last_logged) == (Zxid(1, 3), Zxid(1, 4))
    assert (talk.state.log.floor, talk.state.first_logged) == (Zxid(1, 2), Zxid(1, 3))
    assert talk.state.log.next_index == 5


def test_a_log_that_a_snapshot_has_made_void_is_dropped_at_the_next_boot() -> None:
    epochs = Cell("zab epochs", Epochs(5, 1))
    journal = Journal("zab log", 1, (record(1, 1), record(1, 2)))
    talk = Talk("n1", saved=Saved((epochs, snapshot(3, 7, 2, log_first=3)), (journal,)))
    assert talk.did[0] == Trim("zab log", 3, sync=False)
    assert (talk.state.last_logged, talk.state.log.next_index) == (Zxid(3, 7), 3)


def test_a_server_takes_a_snapshot_after_so_many_transactions_and_cuts_its_log_behind_it() -> None:
    talk = Talk("n1", snap_count=3, keep_transactions=1)
    talk.follow("n3", "n2")
    for counter in (1, 2, 3):
        talk.say("n3", Propose(record(1, counter)), Commit(Zxid(1, counter)))
    everything = Everything(tuple(Pair(*each) for each in talk.carrier.application.delivered))
    assert talk.did[-2:] == [
        Save("zab snapshot", Snapshot(Zxid(1, 3), 3, 1, everything), sync=False),
        Trim("zab log", 3, sync=False),
    ]
    assert (talk.state.snapshot_zxid, talk.state.first_logged) == (Zxid(1, 3), Zxid(1, 3))
