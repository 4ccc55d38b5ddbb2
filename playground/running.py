"""What `playground run`, `list`, `sweep` and `replay` do. The law: standard output has the report, and nothing else."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from playground.checks.command import deadline
from playground.commands import read_duration
from playground.digest import Digest
from playground.errors import BadInput
from playground.history_lines import write_histories
from playground.report import print_report
from playground.run import SECOND, Run, RunResult, as_json, run
from playground.scenario import Scenario, built_in, load
from playground.services import kind_of
from playground.session import load as load_recording
from playground.session import replay, save
from playground.sweep import JUDGING, SeedResult, sweep

Move = Callable[[int], None]


class Wishes(msgspec.Struct, frozen=True):
    """The options of `playground run`."""

    seed: int | None = None
    json: str | None = None
    history: str | None = None
    save: str | None = None
    verify: bool = False
    given: str = ""


def run_all(names: list[str], wishes: Wishes) -> int:
    """Run every scenario; the exit code."""
    scenarios = [load(name) for name in names]
    if len(scenarios) > 1 and (wishes.json or wishes.history or wishes.save or wishes.given):
        raise BadInput("--json, --history, --save and --input take one scenario at a time")
    codes = []
    for scenario in scenarios:
        codes.append(_run_one(scenario, wishes))
        if codes[-1] == 130:
            break
    return max(codes)


def _run_one(scenario: Scenario, wishes: Wishes) -> int:
    began = time.perf_counter()
    running = Run(scenario, wishes.seed, wishes.given)
    interrupted = _play(running, scenario.name)
    result = running.result(deadline(JUDGING), interrupted)
    _hand_out(running, result, time.perf_counter() - began, wishes)
    if interrupted:
        return 130
    same = not wishes.verify or _verify(scenario, wishes, result)
    return 0 if result.verdict == "pass" and same else 1


def _play(running: Run, name: str) -> bool:
    """Run to the end with a bar on the terminal, if there is one; True if a person stopped it."""
    try:
        with _bar(name) as move:
            for now in running.go_on():
                move(now)
    except KeyboardInterrupt:
        return True
    return False


@contextlib.contextmanager
def _bar(name: str) -> Iterator[Move]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda now: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[virtual]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(name, total=None, virtual="")
        yield lambda now: progress.update(task, virtual=f"{now / SECOND:.1f} s of virtual time")


def _hand_out(running: Run, result: RunResult, wall_seconds: float, wishes: Wishes) -> None:
    if wishes.history:
        _write(wishes.history, "".join(f"{line}\n" for line in write_histories(running.histories)))
    if wishes.save:
        _write(wishes.save, save(running.recording).decode() + "\n")
    if wishes.json == "-":
        print(as_json(result, wall_seconds).decode())
        return
    if wishes.json:
        _write(wishes.json, as_json(result, wall_seconds).decode() + "\n")
    print_report(result, wall_seconds, Console())


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None


def _verify(scenario: Scenario, wishes: Wishes, first: RunResult) -> bool:
    digest = run(scenario, wishes.seed, lambda: lambda: True, wishes.given).digest
    same = digest == first.digest
    words = "the same digest again" if same else f"another digest: {digest}"
    print(f"  {'✓' if same else '✗'} determinism: a second run gave {words}", file=sys.stderr)
    return same


# ---------------------------------------------------------------- list, sweep, replay


def scenario_list(as_json_list: bool) -> str:
    """The built-in scenarios with their titles."""
    found = [load(name) for name in built_in()]
    if as_json_list:
        return msgspec.json.encode([{"name": each.name, "title": each.title} for each in found]).decode()
    width = max(len(each.name) for each in found)
    return "\n".join(f"{each.name:<{width}}  {each.title}" for each in found)


def sweep_all(name: str, seeds: range, jobs: int) -> int:
    """Run every seed, tell the failures, count them; the exit code."""
    began, failed, done = time.perf_counter(), 0, 0
    terminal = sys.stderr.isatty()
    try:
        for each in sweep(name, seeds, jobs):
            done += 1
            failed += not each.passed
            if not each.passed:
                _tell_failure(name, each)
            if terminal:
                print(f"\r{done}/{len(seeds)} seeds, {failed} failed", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print(f"\nstopped after {done} seeds, {failed} failed")
        return 130
    wall = time.perf_counter() - began
    if terminal:
        print("\r", end="", file=sys.stderr)
    print(f"{name}: {done - failed} of {done} seeds passed in {wall:.0f} s")
    return 1 if failed else 0


def _tell_failure(name: str, each: SeedResult) -> None:
    print(f"✗ seed {each.seed}: {each.complaint}\n  again: playground run {name} --seed {each.seed}", flush=True)


def replay_file(path: str, until: str | None) -> str:
    """Do a recording again; its digest and the servers' standing."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    recording, digest = load_recording(content, path), Digest()
    session = replay(recording, read_duration(until) if until else None, (digest.observe,))
    lines = [f"seed {recording.seed}, {len(session.interventions)} interventions, {session.world.now / SECOND:.6f} s"]
    for service in recording.spec.services:
        before = f"{service.name}, " if len(recording.spec.services) > 1 else ""
        lines += [f"  {before}{line}" for line in kind_of(service.kind).standing(session.world, service.name)]
    return "\n".join([*lines, f"digest {digest.hexdigest()}"])
