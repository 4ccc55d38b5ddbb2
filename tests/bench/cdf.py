"""Cumulative distributions as curves: in the terminal with plotext, and as SVG.

The law: the horizontal axis is milliseconds on a logarithmic scale, the vertical one the share of trials that took
no longer.
"""

from __future__ import annotations

import math
import sys
from html import escape
from pathlib import Path

Curves = dict[str, list[float]]
"""Sorted times by label."""

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9")
WIDTH, HEIGHT, MARGIN = 620, 300, 60
POINTS = 200


def points(times: list[float]) -> list[tuple[float, float]]:
    """At most `POINTS` points of the curve: milliseconds and share."""
    step = max(1, len(times) // POINTS)
    picked = [*range(0, len(times), step), len(times) - 1]
    return [(times[i], (i + 1) / len(times)) for i in picked]


def decades(curves: Curves) -> tuple[int, int]:
    """The powers of ten around all times."""
    every = [time for times in curves.values() for time in times]
    return math.floor(math.log10(max(min(every), 1.0))), math.ceil(math.log10(max(every)))


def draw_in_terminal(title: str, curves: Curves) -> None:
    """A plot of at most 100 by 25 characters; a sentence where plotext is missing."""
    try:
        import plotext
    except ImportError:
        print("\nplotext is not installed here, so the curves are only in the SVG.")
        return
    low, high = decades(curves)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(100, 25)
    for label, times in curves.items():
        across = [math.log10(max(ms, 1.0)) for ms, _ in points(times)]
        signal = figure.signal(across, [share for _, share in points(times)], marker="braille")
        figure.draw(signal.lines().label(label))
    figure.ruler("x").ticks(list(range(low, high + 1)), [f"{10**power:,} ms" for power in range(low, high + 1)])
    figure.ruler("x").lim(low, high)
    figure.ruler("y").lim(0, 1)
    figure.legend(x=high, y=0, ha="right", va="bottom", relative=True)
    print(f"\n{title}")
    figure.show(colorless=not sys.stdout.isatty())


# ---------------------------------------------------------------- SVG


def write_svg(path: Path, graphs: list[tuple[str, Curves]]) -> None:
    """All graphs in one file, one below the other."""
    parts = [
        f'<g transform="translate(0,{i * (HEIGHT + 2 * MARGIN)})">{_graph(title, curves)}</g>'
        for i, (title, curves) in enumerate(graphs)
    ]
    width, height = WIDTH + 3 * MARGIN, len(graphs) * (HEIGHT + 2 * MARGIN)
    size = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12"'
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "\n".join(parts)
    paper = '<rect width="100%" height="100%" fill="white"/>'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{paper}\n{body}\n</svg>\n', encoding="utf-8")


def _graph(title: str, curves: Curves) -> str:
    low, high = decades(curves)

    def across(ms: float) -> float:
        return MARGIN + WIDTH * (math.log10(max(ms, 10.0**low)) - low) / (high - low)

    def down(share: float) -> float:
        return MARGIN + HEIGHT * (1 - share)

    lines = [f'<text x="{MARGIN}" y="{MARGIN - 20}" font-size="14">{escape(title)}</text>']
    for power in range(low, high + 1):
        lines.append(_rule(across(10**power), down(0), across(10**power), down(1), f"{10**power:,} ms", "middle", 18))
    for quarter in range(5):
        share = quarter / 4
        lines.append(_rule(across(10**low), down(share), across(10**high), down(share), f"{share:.0%}", "end", 4))
    for i, (label, times) in enumerate(curves.items()):
        colour = COLOURS[i % len(COLOURS)]
        path = " ".join(f"{across(ms):.1f},{down(share):.1f}" for ms, share in points(times))
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>')
        lines.append(
            f'<text x="{MARGIN + WIDTH + 12}" y="{MARGIN + 14 + 18 * i}" fill="{colour}">{escape(label)}</text>'
        )
    return "".join(lines)


def _rule(x1: float, y1: float, x2: float, y2: float, label: str, anchor: str, drop: int) -> str:
    line = f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'
    aside = 0 if anchor == "middle" else -6
    return f'{line}<text x="{x1 + aside:.1f}" y="{y1 + drop:.1f}" text-anchor="{anchor}">{label}</text>'
