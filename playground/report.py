"""A run's report for people. The law: short, true, and with the line that does it again."""

from __future__ import annotations

import shlex
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from playground.checks.verdict import CheckResult, rule_name
from playground.checks.violation import SOURCES, Rule
from playground.commands import write_duration
from playground.run import SECOND, RunResult
from playground.showing import Shown

INVARIANTS = {rule_name(rule): rule for rule in Rule}

MARKS = {"pass": ("✓", "green"), "fail": ("✗", "bold red"), "unknown": ("?", "yellow")}


def print_report(result: RunResult, wall_seconds: float, console: Console) -> None:
    """Print the whole report."""
    mark, colour = MARKS[result.verdict]
    ended = " (interrupted; judged as far as it went)" if result.interrupted else ""
    console.print(Text.assemble((f"{mark} {result.scenario}", colour), f": {result.title}{ended}"))
    console.print(_checks(result))
    for shown in result.shown:
        _print_shown(shown, console)
    for line in _story(result):
        console.print(Text(f"  {line}"), soft_wrap=not console.is_terminal)
    speed = result.virtual_time / SECOND / wall_seconds if wall_seconds else 0.0
    console.print(
        Text(
            f"  {result.virtual_time / SECOND:.3f} s of virtual time in {wall_seconds:.2f} s "
            f"({speed:,.0f} times as fast), {result.turns:,} turns, {result.messages:,} messages"
        ),
        soft_wrap=not console.is_terminal,
    )
    console.print(Text(f"  digest {result.digest}", style="dim"))
    given = f" --input {shlex.quote(result.given)}" if result.given else ""
    again = Text(f"  again: playground run {result.typed} --seed {result.seed}{given}", style="dim")
    console.print(again, soft_wrap=not console.is_terminal)


def _print_shown(shown: Shown, console: Console) -> None:
    """A table with its label and time, and the lines about it; lines alone speak for themselves."""
    at = f"at {write_duration(shown.at)}"
    if not shown.columns:
        for line in shown.lines:
            console.print(Text(f"  {line} ({at})"), soft_wrap=not console.is_terminal)
        return
    console.print(Text(f"  {shown.label} ({at})"))
    table = Table(box=None, padding=(0, 1), pad_edge=True, header_style="dim")
    table.add_column("")
    for place, column in enumerate(shown.columns):
        table.add_column(column, justify="right" if place else "left")
    for row in shown.rows:
        table.add_row("", *(Text(each) for each in row))
    console.print(table)
    for line in shown.lines:
        console.print(Text(f"  {line}"), soft_wrap=not console.is_terminal)


def _checks(result: RunResult) -> Table:
    """One row a check; the invariants that hold share one."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
    holding = [check for check in result.checks if check.name in INVARIANTS and check.verdict == "pass"]
    quiet = [check for check in holding if check.detail == SOURCES[INVARIANTS[check.name]]]
    if quiet:
        names = ", ".join(check.name.replace("-", " ") for check in quiet)
        _row(table, CheckResult(f"{len(quiet)} invariants", "pass", names))
    for check in result.checks:
        if check not in quiet:
            _row(table, check)
    return table


def _row(table: Table, check: CheckResult) -> None:
    mark, colour = MARKS[check.verdict]
    detail = Text(check.detail, "dim" if check.verdict == "pass" else "")
    table.add_row("", Text(mark, colour), Text(check.name), detail)


def _story(result: RunResult) -> list[str]:
    stats = result.stats
    lines = []
    if result.leaders:
        shown = [f"{led.node} (term {led.term}, {led.at / SECOND:.3f} s)" for led in result.leaders[:6]]
        more = f" and {len(result.leaders) - 6} more" if len(result.leaders) > 6 else ""
        lines.append(f"leaders: {', '.join(shown)}{more}")
    asked = stats.operations_ok + stats.operations_failed + stats.operations_unknown
    if asked:
        lines.append(
            f"clients: {stats.operations_ok} ok, {stats.operations_failed} failed, {stats.operations_unknown} unknown"
            f"{f', {stats.operations_under_way} still under way' if stats.operations_under_way else ''}; "
            f"the longest time without an ok was {write_duration(stats.longest_gap // 1000 * 1000)}"
        )
    for section in result.sections:
        lines += [f"{section.service}: {line}" for line in section.lines]
    for line, times in Counter(result.files).items():
        lines.append(f"file {line}{f' ({times} times)' if times > 1 else ''}")
    lines.append(
        f"faults: {stats.faults} injected, {stats.crashes} nodes crashed of themselves, "
        f"{stats.messages_lost:,} messages lost"
    )
    if result.because:
        lines.append(f"why: {result.because}")
    return lines
