"""Each anomaly is found in a history that has it, and none in one that has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.checks.broker.anomalies import (
    ABORTED_READ,
    DUPLICATE,
    INCONSISTENT_OFFSETS,
    LOST_WRITE,
    NAMES,
    NONMONOTONIC_POLL,
    NONMONOTONIC_SEND,
    TORN_TRANSACTION,
    UNSEEN,
    Operation,
    Poll,
    Send,
    find,
)

P = "orders-0"
LOG = [(0, "a"), (1, "b"), (2, "c")]


def send(value: str, offset: int, outcome: str = "ok", process: str = "c1", transaction: int = 0) -> Send:
    """A record for the one partition."""
    return Send(process, P, offset, value, outcome, transaction)


def poll(value: str, offset: int, fresh: bool = False, committed: bool = False, process: str = "c2") -> Poll:
    """A record from the one partition."""
    return Poll(process, P, offset, value, fresh, committed)


def anomalies(history: list[Operation], log: list[tuple[int, str]], all_read: bool = False) -> list[str]:
    """Which ones there are."""
    found = find(history, {P: log}, [P] if all_read else [])
    return [name for name in NAMES if found.count(name)]


SENDS: list[Operation] = [send("a", 0), send("b", 1), send("c", 2)]


def test_a_clean_history_has_none() -> None:
    polls: list[Operation] = [poll("a", 0, True), poll("b", 1), poll("c", 2)]
    assert anomalies([*SENDS, *polls], LOG, True) == []


@pytest.mark.parametrize(
    ("history", "log", "name"),
    [
        ([*SENDS, send("d", 3)], LOG, LOST_WRITE),
        ([*SENDS, send("d", -1)], LOG, LOST_WRITE),
        (SENDS, [*LOG, (3, "a")], DUPLICATE),
        ([*SENDS, poll("a", 0, True), poll("b", 1)], LOG, UNSEEN),
        ([poll("a", 0, True), poll("b", 1), poll("a", 0)], LOG, NONMONOTONIC_POLL),
        ([poll("a", 0, True), poll("c", 2)], LOG, NONMONOTONIC_POLL),
        ([poll("a", 0, True), poll("a", 0)], LOG, NONMONOTONIC_POLL),
        ([send("b", 1), send("a", 0)], LOG, NONMONOTONIC_SEND),
        ([send("x", 0, "info"), poll("x", 0, True)], LOG, INCONSISTENT_OFFSETS),
        ([send("b", 1, "fail"), poll("a", 0, True, True), poll("b", 1, False, True)], LOG, ABORTED_READ),
        ([send("a", 0, "info", transaction=1), send("z", -1, "info", transaction=1)], LOG, TORN_TRANSACTION),
    ],
)
def test_each_anomaly_is_found(history: list[Operation], log: list[tuple[int, str]], name: str) -> None:
    assert name in anomalies(history, log, True)


def test_what_may_or_may_not_be_done_is_neither_lost_nor_unseen() -> None:
    assert anomalies([*SENDS, send("d", -1, "info"), send("e", -1, "fail")], LOG) == []


def test_reading_may_begin_anywhere_when_a_partition_is_new_to_a_consumer() -> None:
    history: list[Operation] = [poll("a", 0, True), poll("b", 1), poll("c", 2), poll("b", 1, True)]
    assert anomalies(history, LOG) == []


def test_a_gap_without_records_is_no_jump() -> None:
    """A transaction's marker has an offset, and nobody sees it."""
    assert anomalies([poll("a", 0, True), poll("c", 2)], [(0, "a"), (2, "c")]) == []


def test_a_transaction_that_failed_as_a_whole_is_not_torn() -> None:
    assert anomalies([send("x", -1, "fail", transaction=3), send("y", -1, "fail", transaction=3)], LOG) == []


def test_a_finding_says_what_and_where() -> None:
    found = find([*SENDS, send("d", 3)], {P: LOG})
    assert found.result(LOST_WRITE, "").detail == "c1 was told that d stands at orders-0@3, and it is not there"


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(("c1", "c2", "c3"))), max_size=40), st.data())
def test_a_serial_history_has_none(writes: list[tuple[int, str]], data: st.DataObject) -> None:
    """Whoever writes one after another, and reads in pieces of any size, finds nothing wrong."""
    logs: dict[str, list[tuple[int, str]]] = {f"orders-{number}": [] for number in range(3)}
    history: list[Operation] = []
    for number, (partition, process) in enumerate(writes):
        log = logs[f"orders-{partition}"]
        log.append((len(log), f"v{number}"))
        history.append(Send(process, f"orders-{partition}", len(log) - 1, f"v{number}", "ok"))
    for reader in ("r1", "r2"):
        for name, log in logs.items():
            begin = data.draw(st.integers(0, len(log))) if reader == "r2" else 0
            history += [Poll(reader, name, offset, value, offset == begin) for offset, value in log[begin:]]
    found = find(history, logs, logs)
    assert [name for name in NAMES if found.count(name)] == []
