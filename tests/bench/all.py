"""Every benchmark, one after another: `make bench`. Exit code 1 if one falls short of what is wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHES = (
    "throughput.py",
    "idle.py",
    "startup.py",
    "election_time.py",
    "ring_lookup.py",
    "ring_requests.py",
    "ring_join.py",
    "broker_checker.py",
    "broker_idle.py",
    "broker_rebalance.py",
    "broker_throughput.py",
    "keeper_checker.py",
    "five_systems.py",
    "paxos_vs_raft.py",
)


def main() -> int:
    here = Path(__file__).parent
    codes = []
    for name in BENCHES:
        codes.append(subprocess.run([sys.executable, str(here / name)]).returncode)
        print(flush=True)
    return max(codes)


if __name__ == "__main__":
    raise SystemExit(main())
