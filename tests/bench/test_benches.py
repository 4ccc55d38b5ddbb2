"""The benchmarks run. Their figures are not judged here, for a busy machine is no bug."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

SMALL = {
    "throughput.py": (["--seconds", "1", "--rounds", "1"], "the world, invariants watched"),
    "idle.py": (["--seconds", "20", "--rounds", "1"], "the world on its Trio host"),
    "startup.py": (["--rounds", "1"], "playground --version"),
    "election_time.py": (["--trials", "4", "--no-plot", "--svg", "figure.svg"], "150-155 ms"),
    "ring_lookup.py": (["--nodes", "10", "--keys", "1000", "--rounds", "1"], "ours beside uhashring"),
    "ring_requests.py": (["--requests", "10", "--sizes", "3", "5"], "wall us a request"),
    "broker_checker.py": (["--operations", "4000"], "wanted 30 s in all"),
    "broker_idle.py": (["--brokers", "3", "--partitions", "6", "--seconds", "2"], "virtual seconds a second"),
    "broker_rebalance.py": (["--partitions", "4"], "cooperative_sticky"),
    "broker_throughput.py": (["--batches", "4"], "produce and consume"),
    "keeper_checker.py": (["--operations", "4000"], "wanted 30 s in all"),
    "five_systems.py": (["--seconds", "1", "--nodes", "3", "--systems", "raft", "ring"], "side by side"),
    "paxos_vs_raft.py": (["--seconds", "1"], "per committed command"),
    "ring_join.py": (["--nodes", "10", "--keys", "1000"], "keys taken over"),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_runs_and_prints_its_figures(name: str, tmp_path: Path) -> None:
    options, printed = SMALL[name]
    ran = subprocess.run([sys.executable, str(HERE / name), *options], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode in (0, 1), ran.stderr
    assert "Traceback" not in ran.stderr, ran.stderr
    assert printed in ran.stdout


def test_every_benchmark_is_among_them() -> None:
    from_all = (HERE / "all.py").read_text(encoding="utf-8")
    assert all(name in from_all for name in SMALL)
