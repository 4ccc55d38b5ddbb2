"""How long the program takes to begin, beside what it cannot do without.

Seconds are the processor's, which are wall seconds on a machine that does nothing else.

Run alone: python tests/bench/startup.py [--rounds 7]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

STARTS = {
    "python -c 'import trio'": [sys.executable, "-c", "import trio"],
    "playground --version": [sys.executable, "-m", "playground", "--version"],
    "playground run raft-leader-crash": [sys.executable, "-m", "playground", "run", "raft-leader-crash"],
    "import the screen": [sys.executable, "-c", "import tui.app"],
}
BASE = "python -c 'import trio'"
WANTED = 0.4
"""Seconds that a scripted run may take more than importing Trio alone."""


def start(command: list[str]) -> float:
    """Seconds from nothing to the end."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    best = {name: min(start(command) for _ in range(chosen.rounds)) for name, command in STARTS.items()}
    print("Start-up, the best of each; importing Trio alone is 1")
    for name, took in best.items():
        print(f"  {name:32} {took / best[BASE]:5.2f}  {took * 1000:7.0f} ms  {(took - best[BASE]) * 1000:+6.0f} ms")
    more = best["playground run raft-leader-crash"] - best[BASE]
    print(f"  wanted of a whole run: at most {WANTED * 1000:.0f} ms more than the import")
    return 0 if more <= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
