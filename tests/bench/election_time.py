"""The Raft paper's Figure 16: how long five servers are without a leader after it has crashed.

Run alone: python tests/bench/election_time.py [--trials 1000] [--svg build/figure-16.svg] [--no-plot]

The set-up is the paper's (section 9.3, and Ongaro's dissertation 9): the leader crashes at a moment uniform within
its heartbeat interval, which is half of the least election timeout, right after a synchronized broadcast; logs have
different lengths, so that not everybody can win; PreVote and stickiness are off, as in the paper.

How long messages took there is not said beyond "roughly 15ms" for a broadcast. Two models are shown. The first is a
calibration, chosen because it comes close to the paper's 287 ms: a request takes 2.4 ms, a reply waits for the disk
and takes 12.6 ms. The second is the obvious one: 7.5 ms each way.
"""

from __future__ import annotations

import argparse
from multiprocessing.pool import Pool
from pathlib import Path
from random import Random
from statistics import mean, median

from cdf import draw_in_terminal, write_svg
from election import LIMIT, Election, Model

MODELS = (
    Model("calibration: request 2.4 ms, reply 12.6 ms (with its disk write)", 2_400, 12_600),
    Model("symmetric: 7.5 ms each way", 7_500, 7_500),
)

Range = tuple[int, int]
"""Election timeouts in milliseconds, least and largest."""

MORE_OR_LESS_RANDOM: tuple[Range, ...] = ((150, 150), (150, 151), (150, 155), (150, 175), (150, 200), (150, 300))
SHORTER_OR_LONGER: tuple[Range, ...] = ((12, 24), (25, 50), (50, 100), (100, 200), (150, 300))

PAPER = {
    (150, 150): "often over 10 s",
    (150, 155): "median 287 ms",
    (150, 200): "longest 513 ms",
    (12, 24): "mean 35 ms, longest 152 ms",
}
PROCESSES = 2


def trial(job: tuple[Model, Range, int]) -> float:
    """Milliseconds without a leader in one trial; `LIMIT` if there was none until then."""
    model, (least, largest), seed = job
    dice = Random(f"{seed}:crash")
    crash = int(dice.random() * least * 1_000 / 2)
    return (Election(seed, model, least * 1_000, largest * 1_000).elected_at() - crash) / 1_000


def trials(pool: Pool, model: Model, ranges: tuple[Range, ...], count: int) -> dict[Range, list[float]]:
    """All trials of one graph, sorted."""
    found = {}
    for each in ranges:
        jobs = [(model, each, seed) for seed in range(count)]
        found[each] = sorted(pool.map(trial, jobs, chunksize=max(1, count // 16)))
    return found


def report(found: dict[Range, list[float]]) -> None:
    """The table of one model."""
    print(
        f"  {'timeouts':>12} {'median':>8} {'mean':>8} {'95 %':>8} {'longest':>8}   {'no leader':>9}   the paper says"
    )
    for (least, largest), times in found.items():
        late = sum(time >= LIMIT / 1_000 - least for time in times)
        numbers = (median(times), mean(times), times[len(times) * 95 // 100], times[-1])
        row = " ".join(f"{number:8,.0f}" for number in numbers)
        paper = PAPER.get((least, largest), "")
        print(f"  {f'{least}-{largest} ms':>12} {row}   {late / len(times):9.1%}   {paper}".rstrip())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--trials", type=int, default=1_000)
    options.add_argument("--svg", type=Path, default=Path("build/figure-16.svg"))
    options.add_argument("--no-plot", action="store_true", help="no curves in the terminal")
    chosen = options.parse_args()
    print(f"Time without a leader after a crash, {chosen.trials:,} trials each (Raft paper, Figure 16)")
    ranges = tuple(dict.fromkeys(MORE_OR_LESS_RANDOM + SHORTER_OR_LONGER))
    graphs = []
    with Pool(PROCESSES) as pool:
        for model in MODELS:
            found = trials(pool, model, ranges, chosen.trials)
            print(f"\n{model.name}; times in ms, given up after {LIMIT / 1e6:.0f} s")
            report(found)
            for title, some in (("more or less random", MORE_OR_LESS_RANDOM), ("shorter or longer", SHORTER_OR_LONGER)):
                curves = {f"{least}-{largest} ms": found[least, largest] for least, largest in some}
                graphs.append((f"{title} ({model.name})", curves))
    if not chosen.no_plot:
        for title, curves in graphs[:2]:
            draw_in_terminal(title, curves)
    write_svg(chosen.svg, graphs)
    print(f"\nThe curves of both models: {chosen.svg}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
