"""The command line. The law: bad input is one sentence and exit code 2; what is not needed is not imported.

Exit codes: 0 all is well, 1 a check failed, 2 bad input, 3 undecided (`check`), 70 a bug of ours, 130 Ctrl-C.
"""

from __future__ import annotations

import os
import shlex
import sys
from typing import Annotated

import typer

from playground.errors import BadInput, nearest

BUG = 70
STOPPED = 130

DEBUG = "PLAYGROUND_DEBUG"
"""The environment variable that turns a bug's sentence into a traceback."""

app = typer.Typer(
    name="playground",
    help="A wind tunnel for distributed systems: break a simulated cluster by hand or by script.",
    epilog="Without a command, the screen opens on five Raft nodes.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Seed = Annotated[int | None, typer.Option(help="The seed of all dice; the scenario's own if not given.")]
JsonFile = Annotated[str | None, typer.Option("--json", metavar="FILE", help="Report as JSON; - is standard output.")]
HistoryFile = Annotated[str | None, typer.Option(metavar="FILE", help="Write what the clients did as JSON lines.")]
SaveFile = Annotated[str | None, typer.Option(metavar="FILE", help="Save the run, for `playground replay`.")]
Twice = Annotated[bool, typer.Option("--verify-determinism", help="Run twice and compare the digests.")]
Scenarios = Annotated[list[str], typer.Argument(metavar="NAME|FILE...", help="Built-in scenarios, or files.")]
Scenario = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A built-in scenario, or a file.")]
Story = Annotated[str | None, typer.Argument(metavar="[NAME|FILE]", help="A scenario: its cluster and its steps.")]
JsonLines = Annotated[str, typer.Argument(metavar="HISTORY.jsonl", help="In Jepsen's shape; - is standard input.")]
Model = Annotated[str, typer.Option(help="kv, register, cas or append.")]
Timeout = Annotated[float | None, typer.Option(metavar="SECONDS", help="Say unknown after so long.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Seeds = Annotated[int, typer.Option(min=1, help="How many seeds.")]
First = Annotated[int, typer.Option("--from", help="The first seed.")]
Jobs = Annotated[int, typer.Option(min=1, help="Processes.")]
Recorded = Annotated[str, typer.Argument(metavar="FILE", help="What `run --save` or the screen's S has saved.")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help='Stop there, for example at "12.5s".')]
Lesson = Annotated[str | None, typer.Argument(help="Its name, or a file.")]
AsText = Annotated[bool, typer.Option("--text", help="Print it.")]
Check = Annotated[bool, typer.Option("--check", help="Play it with its own solutions; exit 1 if any of it is untrue.")]
Speed = Annotated[float | None, typer.Option(help="Virtual seconds a second; at 0.005 messages can be watched.")]
Glyphs = Annotated[str | None, typer.Option(help="unicode or ascii.")]
Version = Annotated[bool, typer.Option("--version", help="Tell the version.")]


@app.callback(invoke_without_command=True)
def start(context: typer.Context, version: Version = False) -> None:
    """Open the screen; where there is none, run the scenario raft-leader-crash."""
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"playground {version_of('cluster-playground')}")
    elif context.invoked_subcommand is None:
        if sys.stdout.isatty():
            play()
        else:
            run(["raft-leader-crash"])


@app.command()
def run(
    scenarios: Scenarios,
    seed: Seed = None,
    json: JsonFile = None,
    history: HistoryFile = None,
    save: SaveFile = None,
    verify_determinism: Twice = False,
) -> None:
    """Run scenarios at full speed and judge them."""
    from playground.running import Wishes, run_all

    raise typer.Exit(run_all(scenarios, Wishes(seed, json, history, save, verify_determinism)))


@app.command("list")
def list_scenarios(json: AsJson = False) -> None:
    """Name the built-in scenarios."""
    from playground.running import scenario_list

    typer.echo(scenario_list(json))


@app.command()
def check(history: JsonLines, model: Model = "kv", timeout: Timeout = None, json: AsJson = False) -> None:
    """Judge whether a history is linearizable: exit 0 it is, 1 it is not, 2 bad input, 3 unknown."""
    from playground.checks.command import run_check

    code, text = run_check(history, model, timeout, json)
    typer.echo(text)
    raise typer.Exit(code)


@app.command()
def sweep(scenario: Scenario, seeds: Seeds = 100, first: First = 1, jobs: Jobs = 2) -> None:
    """Run one scenario under many seeds; exit 1 if any of them fails."""
    from playground.running import sweep_all

    raise typer.Exit(sweep_all(scenario, range(first, first + seeds), jobs))


@app.command()
def replay(recording: Recorded, until: Until = None) -> None:
    """Do a saved run again; print its digest and where the cluster stands."""
    from playground.running import replay_file

    typer.echo(replay_file(recording, until))


@app.command()
def learn(lesson: Lesson = None, text: AsText = False, check: Check = False) -> None:
    """List the lessons, or open one beside its cluster."""
    from playground import lessons

    if lesson is None:
        typer.echo(lessons.list_text())
    elif text:
        typer.echo(lessons.text_of(lesson))
    elif check:
        verdict = lessons.check(lesson)
        typer.echo(verdict.report)
        raise typer.Exit(0 if verdict.ok else 1)
    else:
        chosen = lessons.load(lesson)
        _needs_terminal(f"playground learn {lesson} --text")
        from tui.app import play as open_screen

        raise typer.Exit(open_screen(lesson=chosen))


@app.command("play")
def play_command(scenario: Story = None, seed: Seed = None, speed: Speed = None, glyphs: Glyphs = None) -> None:
    """Open the screen."""
    play(scenario, seed, speed, glyphs)


def _needs_terminal(instead: str) -> None:
    if not sys.stdout.isatty():
        raise BadInput(f'the screen needs a terminal; "{instead}" does without one')


def play(
    scenario: str | None = None, seed: int | None = None, speed: float | None = None, glyphs: str | None = None
) -> None:
    """Open the screen on a scenario's cluster, or on the default one."""
    _needs_terminal(f"playground run {scenario or 'raft-leader-crash'}")
    from playground.scenario import load
    from tui.app import play as open_screen

    story = load(scenario) if scenario else None
    usual = story.seed if story else 1
    raise typer.Exit(open_screen(None, usual if seed is None else seed, speed, story, None, glyphs))


def main() -> None:
    """Where the command `playground` begins."""
    sys.exit(_main(sys.argv[1:]))


def _main(arguments: list[str]) -> int:
    try:
        return int(app(arguments, standalone_mode=False) or 0)
    except BadInput as error:
        return _complain(str(error))
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return STOPPED
    except OSError as error:
        return _complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
    except Exception as error:
        return _explain(error, arguments)


def _complain(sentence: str) -> int:
    print(f"playground: {sentence}", file=sys.stderr)
    return 2


def _explain(error: Exception, arguments: list[str]) -> int:
    """Mistakes on the command line are the person's; everything else is ours."""
    if hasattr(error, "format_message"):
        return _complain(f"{error.format_message()}{_hint(error.format_message(), arguments)}")
    if os.environ.get(DEBUG):
        raise error
    from nodes.world import MachineFailed

    what = str(error) if isinstance(error, MachineFailed) else f"{type(error).__name__}: {error}"
    print(f"playground: this is a bug of ours, not of yours. {what}", file=sys.stderr)
    print(f"again, with a traceback: {DEBUG}=1 playground {shlex.join(arguments)}", file=sys.stderr)
    return BUG


def _hint(sentence: str, arguments: list[str]) -> str:
    """Not every Typer names the nearest command itself."""
    if "No such command" not in sentence or "mean" in sentence:
        return ""
    names = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    return nearest(next((each for each in arguments if not each.startswith("-")), ""), names)
