"""What `playground placement` does. The law: standard output has the table or the JSON, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console

from playground.errors import BadInput
from playground.placement import Answer, Question, answer, chosen
from playground.placement_report import as_json, print_plots, print_table


def compare(asked: Question, strategies: Sequence[str], plot: bool, json: str | None) -> None:
    """Ask every strategy and print what they say."""
    if plot and json == "-":
        raise BadInput("--plot and --json - both want standard output; give one of them")
    answers = [_ask(name, asked) for name in chosen(strategies)]
    if json == "-":
        print(as_json(asked, answers))
        return
    if json:
        _write(json, as_json(asked, answers) + "\n")
    console = Console()
    print_table(asked, answers, console)
    if plot:
        print_plots(asked, answers, console)


def _ask(name: str, asked: Question) -> Answer:
    """Its answer; a person at a terminal sees whose turn it is."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return answer(name, asked, perf_counter)
    with console.status(f"{name}: placing {asked.keys:,} keys"):
        return answer(name, asked, perf_counter)


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None
