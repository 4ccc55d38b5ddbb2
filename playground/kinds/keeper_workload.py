"""What clients of a keeper do of their own accord: they change a few znodes, and take a lock to write under it.

The law: every value is written once. Turns are taken by count, so that it needs no dice. A lock is asked for, written
under and let go in three operations, which belong behind each other: so only a closed loop of its own does that.
"""

from __future__ import annotations

from algorithms.keeper import commands
from algorithms.keeper.commands import Mode
from algorithms.machine import Record
from playground.workload import WorkloadSpec

LOCK = "/lock"
"""The path of the lock that a workload takes."""
RESOURCE = "ledger"
"""What it protects."""


class KeeperOperations:
    """See `Operations`. The key k3 is the znode /k3."""

    def __init__(self, workload: WorkloadSpec) -> None:
        self._ephemeral, self._watched = workload.ephemeral, workload.watched
        self._creates = self._reads = self._locks = self._sets = 0

    def operation(self, f: str, key: str, value: str) -> Record:
        """See `Operations`."""
        path = f"/{key}"
        match f:
            case "create":
                return commands.Create(path, value, self._mode())
            case "set":
                return commands.SetData(path, value, self._version())
            case "get":
                return commands.GetData(path, self._watch())
            case "delete":
                return commands.Delete(path)
            case "children":
                return commands.GetChildren("/", self._watch())
            case "exists":
                return commands.Exists(path, self._watch())
            case "sync":
                return commands.Sync("/")
            case "multi":
                return commands.Multi(
                    (commands.Check(path), commands.SetData(path, value), commands.SetData(path, value))
                )
            case "lock":
                return self._lock(value)
            case _:
                raise AssertionError(f"a keeper knows no {f}")

    def _mode(self) -> Mode:
        self._creates += 1
        return Mode.EPHEMERAL if _turn(self._creates, self._ephemeral) else Mode.PERSISTENT

    def _version(self) -> int:
        """Every fourth time one of the first versions, in turn, which may be right or not; else any."""
        self._sets += 1
        return self._sets // 4 % 3 if self._sets % 4 == 0 else -1

    def _watch(self) -> bool:
        self._reads += 1
        return _turn(self._reads, self._watched)

    def _lock(self, value: str) -> Record:
        self._locks += 1
        match self._locks % 3:
            case 1:
                return commands.Lock(LOCK)
            case 2:
                return commands.Guarded(LOCK, RESOURCE, value)
            case _:
                return commands.Unlock(LOCK)


def _turn(number: int, share: int) -> bool:
    """Whether number `number` is one of the `share` in a hundred."""
    return number * share // 100 > (number - 1) * share // 100
