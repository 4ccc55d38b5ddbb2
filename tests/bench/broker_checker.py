"""How long the judge of histories takes: 1,000,000 operations within 30 s, and twice as many in twice the time.

Run alone: python tests/bench/broker_checker.py [--operations 1000000]
"""

from __future__ import annotations

import argparse
from time import process_time

from playground.checks.broker.anomalies import NAMES, Operation, Poll, Send, find

PARTITIONS = 12
PROCESSES = 10
WANTED = 30.0


def history(operations: int) -> tuple[list[Operation], dict[str, list[tuple[int, str]]]]:
    """Half sends, half polls of what was sent; in every partition each record once."""
    logs: dict[str, list[tuple[int, str]]] = {f"orders-{number}": [] for number in range(PARTITIONS)}
    names = list(logs)
    found: list[Operation] = []
    for number in range(operations // 2):
        partition = names[number % PARTITIONS]
        log, value = logs[partition], f"c{number % PROCESSES}.{number}"
        log.append((len(log), value))
        found.append(Send(f"c{number % PROCESSES}", partition, len(log) - 1, value, "ok", number // 4 + 1))
    for partition, log in logs.items():
        found += [Poll("reader", partition, offset, value, not offset, True) for offset, value in log]
    return found, logs


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--operations", type=int, default=1_000_000)
    chosen = arguments.parse_args()
    took = 0.0
    for count in (chosen.operations // 4, chosen.operations // 2, chosen.operations):
        operations, logs = history(count)
        began = process_time()
        found = find(operations, logs, logs)
        took = process_time() - began
        assert not any(found.count(name) for name in NAMES), "a clean history has an anomaly"
        print(f"{count:11,} operations: {took:6.2f} s, {took / count * 1e6:5.2f} us each; wanted {WANTED:.0f} s in all")
    return 0 if took <= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
