"""The answers of `playground placement` for people and for programs. The law: the two say the same."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from playground.placement import Answer, Question

BAR = 60
"""Characters of a bar that is all."""
MARK, DOT = "│", "●"
LEAST_TOP = 1.5
"""The dots' axis ends there at least, in means, so that even loads look even."""


def as_json(asked: Question, answers: Sequence[Answer]) -> str:
    """One JSON object."""
    told = msgspec.to_builtins(asked)
    return msgspec.json.encode({**told, "least_moved": asked.least, "strategies": answers}).decode()


def print_table(asked: Question, answers: Sequence[Answer], console: Console) -> None:
    """One row a strategy."""
    print_line(title(asked), console)
    table = Table(box=None, padding=(0, 1), pad_edge=True, header_style="bold")
    table.add_column("")
    for heading in ("moved", "share", "least", "max/mean", "std dev", "lookups/s", "memory"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in answers:
        table.add_row(*_cells(asked, each))
    console.print(table)
    for line in _notes(asked, answers):
        print_line(f"  {line}", console, "dim")


def print_line(line: str, console: Console, style: str = "") -> None:
    """A line, broken only where a person reads."""
    console.print(Text(line, style), soft_wrap=not console.is_terminal)


def title(asked: Question) -> str:
    """What happened."""
    changes = [f"{_named(asked.gone)} removed"] if asked.gone else []
    changes += [f"{_named(asked.new)} added"] if asked.new else []
    return f"{asked.keys:,} keys on {asked.nodes:,} nodes, then {' and '.join(changes) or 'nothing changes'}"


def _named(nodes: tuple[str, ...]) -> str:
    return nodes[0] if len(nodes) == 1 else f"{nodes[0]} to {nodes[-1]}"


def _cells(asked: Question, each: Answer) -> tuple[str, ...]:
    return (
        each.strategy,
        f"{each.moved:,}",
        f"{each.moved_share:.1%}",
        f"{asked.least:,}",
        f"{each.max_over_mean:.2f}",
        f"{each.standard_deviation:,.0f}",
        f"{each.lookups_per_second:,.0f}",
        written_bytes(each.memory_bytes),
    )


def written_bytes(size: int) -> str:
    """Two digits or more, in the largest unit that has them."""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if amount < 10_000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:,.0f} {unit}"


def _notes(asked: Question, answers: Sequence[Answer]) -> list[str]:
    """What the numbers are."""
    rings = {"ring", "bounded-ring"} & {each.strategy for each in answers}
    notes = [
        "least: what must move if loads are even before and after; an uneven strategy may move less",
        "max/mean, std dev: keys a node after the change; memory: what tracemalloc counts for the value",
    ]
    if rings:
        notes.append(f"ring: {asked.virtual_nodes} virtual nodes a node, hash {asked.hash}; ketama: 160 and MD5")
    if "bounded-ring" in rings:
        notes.append(f"bounded-ring: no node takes more than {asked.load_bound:g} times its share")
    return notes


# ---------------------------------------------------------------- plots


def print_plots(asked: Question, answers: Sequence[Answer], console: Console) -> None:
    """Bars of what moved, and a dot for the load of each node."""
    width = max(len(each.strategy) for each in answers)
    print_line(f"\nkeys moved; {MARK} is the least possible", console)
    for each in answers:
        print_line(f"  {each.strategy:>{width}}  {bar(each.moved_share, asked.least / asked.keys)}", console)
    top = max(LEAST_TOP, *(each.max_over_mean for each in answers))
    print_line(f"\nload of each node after the change, from 0 to {top:.2f} means; {MARK} is the mean", console)
    for each in answers:
        print_line(f"  {each.strategy:>{width}}  {strip(list(each.loads.values()), top)}", console)


def bar(share: float, least: float) -> str:
    """A bar of this share, with a mark where the least is."""
    cells = list(f"{'█' * round(share * BAR):<{BAR}}")
    cells[_cell(least)] = MARK
    return f"{''.join(cells)} {share:.1%}"


def strip(loads: Sequence[int], top: float) -> str:
    """A dot for each load, from 0 to `top` means; equal ones are one dot."""
    mean = sum(loads) / len(loads)
    cells = [" "] * BAR
    cells[_cell(1 / top)] = MARK
    for load in loads:
        cells[_cell(load / mean / top)] = DOT
    return "".join(cells).rstrip()


def _cell(share: float) -> int:
    return min(BAR - 1, int(share * BAR))
