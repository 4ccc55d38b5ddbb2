"""Anomalies of a log service, under the names of Jepsen's workload for Kafka, in time linear in the history.

The law: it judges by what clients were told and by what a last reader finds; it knows nothing of brokers. Every value
is produced once, so a value names its record. Each operation is looked at a fixed number of times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from playground.checks.findings import Findings

LOST_WRITE = "lost-write"
DUPLICATE = "duplicate"
UNSEEN = "unseen"
NONMONOTONIC_POLL = "nonmonotonic-poll"
NONMONOTONIC_SEND = "nonmonotonic-send"
INCONSISTENT_OFFSETS = "inconsistent-offsets"
ABORTED_READ = "aborted-read"
TORN_TRANSACTION = "torn-transaction"
NAMES = (
    LOST_WRITE,
    DUPLICATE,
    UNSEEN,
    NONMONOTONIC_POLL,
    NONMONOTONIC_SEND,
    INCONSISTENT_OFFSETS,
    ABORTED_READ,
    TORN_TRANSACTION,
)

FINE = {
    LOST_WRITE: "every acknowledged record is in the log",
    DUPLICATE: "no record stands in a log twice",
    UNSEEN: "whoever read to the end has seen every acknowledged record",
    NONMONOTONIC_POLL: "no consumer went back in a partition that it kept, or jumped over records",
    NONMONOTONIC_SEND: "what a client sent one after another stands in that order",
    INCONSISTENT_OFFSETS: "every offset holds one record, whoever tells of it",
    ABORTED_READ: "no reader of committed records saw one of a transaction that failed",
    TORN_TRANSACTION: "every transaction is in the logs as a whole or not at all",
}

Partition = str
Log = Sequence[tuple[int, str]]
"""Offsets and values, in order."""


class Send(NamedTuple):
    """A record that a client sent. `offset` -1: it was not told. `outcome` is `ok`, `fail` or `info`. `transaction` is
    the number of the transaction that it was part of, 0 if of none."""

    process: str
    partition: Partition
    offset: int
    value: str
    outcome: str
    transaction: int = 0


class Poll(NamedTuple):
    """A record that a client was given. `fresh`: reading of the partition begins here, or begins anew."""

    process: str
    partition: Partition
    offset: int
    value: str
    fresh: bool = False
    committed: bool = False
    """The client reads committed records only."""


Operation = Send | Poll


def find(history: Iterable[Operation], logs: Mapping[Partition, Log], all_read: Iterable[Partition] = ()) -> Findings:
    """The anomalies of a history in the order of its ends; sends stand in the order in which they were begun.

    `logs` is what a last reader of committed records finds in each partition. In the partitions of `all_read`
    somebody has read everything.
    """
    search = _Search(logs)
    for operation in history:
        if operation.__class__ is Send:
            search.send(operation)
        else:
            search.poll(operation)  # type: ignore[arg-type]
    search.finish(dict.fromkeys(all_read))
    return search.findings


class _Search:
    """One pass, and what it remembers."""

    def __init__(self, logs: Mapping[Partition, Log]) -> None:
        self.findings = Findings()
        self.at: dict[tuple[Partition, int], str] = {}
        """The value at each offset that anybody has told of."""
        self.place: dict[str, tuple[Partition, int]] = {}
        """Where the last reader finds each value."""
        self.logs = logs
        self.next: dict[Partition, dict[int, int]] = {}
        self.sent_last: dict[tuple[str, Partition], tuple[int, str]] = {}
        self.polled_last: dict[tuple[str, Partition], int] = {}
        self.polled: dict[str, None] = {}
        self.failed: dict[str, None] = {}
        self.read_committed: list[tuple[str, str]] = []
        self.acknowledged: list[Send] = []
        self.transactions: dict[int, list[Send]] = {}
        for partition, log in logs.items():
            self._read_log(partition, log)

    def _read_log(self, partition: Partition, log: Log) -> None:
        following: dict[int, int] = {}
        previous = -1
        for offset, value in log:
            self._told(partition, offset, value, "the log")
            if value in self.place:
                first = self.place[value]
                self.findings.add(DUPLICATE, f"{value} stands at {_at(*first)} and at {_at(partition, offset)}")
            else:
                self.place[value] = (partition, offset)
            following[previous] = offset
            previous = offset
        self.next[partition] = following

    def _told(self, partition: Partition, offset: int, value: str, who: str) -> None:
        known = self.at.setdefault((partition, offset), value)
        if known != value:
            sentence = f"{_at(partition, offset)} is {known}, and {who} says {value}"
            self.findings.add(INCONSISTENT_OFFSETS, sentence)

    # ------------------------------------------------------------ one operation

    def send(self, send: Send) -> None:
        """Remember it; if it was told where it stands, compare."""
        if send.transaction:
            self.transactions.setdefault(send.transaction, []).append(send)
        if send.outcome == "fail":
            self.failed[send.value] = None
        if send.outcome != "ok":
            return
        self.acknowledged.append(send)
        if send.offset >= 0:
            self._told(send.partition, send.offset, send.value, send.process)
            key = send.process, send.partition
            last = self.sent_last.get(key)
            if last is not None and last[0] >= send.offset:
                sentence = f"{send.process} sent {send.value} behind {last[1]}, and it stands before it, at "
                self.findings.add(NONMONOTONIC_SEND, f"{sentence}{_at(send.partition, send.offset)}")
            self.sent_last[key] = send.offset, send.value

    def poll(self, poll: Poll) -> None:
        """Compare with what the same client was given before."""
        key = poll.process, poll.partition
        last = self.polled_last.get(key)
        self.polled_last[key] = poll.offset
        self.polled[poll.value] = None
        self._told(poll.partition, poll.offset, poll.value, poll.process)
        if poll.committed:
            self.read_committed.append((poll.process, poll.value))
        if last is None or poll.fresh:
            return
        if poll.offset <= last:
            sentence = f"{poll.process} went from {last} back to {_at(poll.partition, poll.offset)}"
            self.findings.add(NONMONOTONIC_POLL, sentence)
            return
        expected = self.next.get(poll.partition, {}).get(last, poll.offset)
        if expected < poll.offset:
            sentence = f"{poll.process} jumped from {last} to {_at(poll.partition, poll.offset)}, over {expected}"
            self.findings.add(NONMONOTONIC_POLL, sentence)

    # ------------------------------------------------------------ the end

    def finish(self, all_read: Mapping[Partition, None]) -> None:
        """What can only be said when everything is known."""
        for send in self.acknowledged:
            if send.value not in self.place:
                sentence = f"{send.process} was told that {send.value} stands at {_at(send.partition, send.offset)}"
                self.findings.add(LOST_WRITE, f"{sentence}, and it is not there")
            elif send.value not in self.polled and self.place[send.value][0] in all_read:
                sentence = f"{send.value} stands at {_at(*self.place[send.value])}, and nobody who read on saw it"
                self.findings.add(UNSEEN, sentence)
        for process, value in self.read_committed:
            if value in self.failed:
                self.findings.add(ABORTED_READ, f"{process} read {value}, whose transaction failed")
        for sends in self.transactions.values():
            self._torn(sends)

    def _torn(self, sends: list[Send]) -> None:
        there = [send.value for send in sends if send.value in self.place]
        if there and len(there) < len(sends):
            missing = next(send.value for send in sends if send.value not in self.place)
            self.findings.add(TORN_TRANSACTION, f"{there[0]} is in the log, {missing} of the same transaction is not")


def _at(partition: Partition, offset: int) -> str:
    return f"{partition}@{offset}" if offset >= 0 else partition
