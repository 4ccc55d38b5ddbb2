"""What clients of a ring do of their own accord: gets, puts and deletes, each as wide as the workload says."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.commands import Delete, Quorum, Read, Write
from playground.workload import WorkloadSpec


class RingOperations:
    """See `Operations`. A put or delete replaces what its client has seen of the key, as the client machine does it."""

    def __init__(self, workload: WorkloadSpec) -> None:
        self._reads = Quorum(workload.n, workload.r, 0)
        self._writes = Quorum(workload.n, 0, workload.w)

    def operation(self, f: str, key: str, value: str) -> Record:
        """See `Operations`."""
        match f:
            case "get":
                return Read(key, self._reads)
            case "put":
                return Write(key, value, self._writes)
            case "delete":
                return Delete(key, self._writes)
            case _:
                raise AssertionError(f"a ring knows no {f}")
