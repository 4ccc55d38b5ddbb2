"""What clients of brokers do of their own accord: they produce, record by record or in transactions.

The law: every value is produced once; `/2` behind it is the second record of a transaction. Consumers are no part of
it: they poll by themselves once they are told to consume.
"""

from __future__ import annotations

from algorithms.broker.commands import ProduceRecord, Transact
from algorithms.machine import Record
from playground.workload import WorkloadSpec


class BrokerOperations:
    """See `Operations`. Which transactions are aborted goes by their number, so that it needs no dice."""

    def __init__(self, workload: WorkloadSpec) -> None:
        self._topic, self._records = workload.topic, max(1, workload.records)
        self._aborted, self._poll, self._acks = workload.aborted, workload.poll, workload.acks
        self._transactions = 0

    def operation(self, f: str, key: str, value: str) -> Record:
        """See `Operations`."""
        match f:
            case "produce":
                return ProduceRecord(self._topic, key, value, None, self._acks)
            case "transact":
                return self._transaction(key, value)
            case _:
                raise AssertionError(f"brokers know no {f}")

    def _transaction(self, key: str, value: str) -> Transact:
        self._transactions += 1
        names = (f"{value}/{part}" for part in range(1, self._records + 1))
        records = tuple(
            ProduceRecord(self._topic, key if part == 0 else f"{key}.{part}", each) for part, each in enumerate(names)
        )
        abort = self._transactions * self._aborted // 100 > (self._transactions - 1) * self._aborted // 100
        return Transact(records, self._poll, abort)
