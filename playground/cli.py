"""The command line. The law: bad input is one sentence and exit code 2; what is not needed is not imported.

Exit codes: 0 all is well, 1 a check failed, 2 bad input, 3 undecided (`check`), 70 a bug of ours, 130 Ctrl-C.
"""

from __future__ import annotations

import os
import shlex
import sys

import click

from playground.errors import BadInput, nearest
from playground.placing import placement

BUG = 70
STOPPED = 130

DEBUG = "PLAYGROUND_DEBUG"
"""The environment variable that turns a bug's sentence into a traceback."""

one_seed = click.option("--seed", type=int, help="The seed of all dice; the scenario's own if not given.")
as_json = click.option("--json", is_flag=True, help="As JSON.")
one_scenario = click.argument("scenario", metavar="NAME|FILE")


class Commands(click.Group):
    """Commands in the order of this file, of which the nearest is named when there is none of a name."""

    def list_commands(self, context: click.Context) -> list[str]:
        """See Click."""
        return list(self.commands)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """See Click."""
        name = arguments[0]
        if name not in self.commands and not name.startswith("-"):
            hint = nearest(name, self.commands) or f"; there are {', '.join(self.commands)}"
            raise BadInput(f'there is no command "{name}"{hint}')
        return super().resolve_command(context, arguments)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    epilog="Without a command, the screen opens on five Raft nodes.",
    context_settings={"help_option_names": ["--help", "-h"]},
)
@click.version_option(package_name="cluster-playground", prog_name="playground", message="%(prog)s %(version)s")
@click.pass_context
def app(context: click.Context) -> int:
    """A wind tunnel for distributed systems: break a simulated cluster by hand or by script."""
    if context.invoked_subcommand is not None:
        return 0
    if sys.stdout.isatty():
        return open_screen()
    from playground.running import Wishes, run_all

    return run_all(["raft-leader-crash"], Wishes())


@app.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="NAME|FILE...")
@one_seed
@click.option("--json", metavar="FILE", help="Report as JSON; - is standard output.")
@click.option("--history", metavar="FILE", help="Write what the clients did as JSON lines.")
@click.option("--save", metavar="FILE", help="Save the run, for `playground replay`.")
@click.option("--verify-determinism", is_flag=True, help="Run twice and compare the digests.")
@click.option("--input", "given", metavar="PATH", help="The file that the scenario puts; one is made if none is given.")
def run(
    scenarios: tuple[str, ...],
    seed: int | None,
    json: str | None,
    history: str | None,
    save: str | None,
    verify_determinism: bool,
    given: str | None,
) -> int:
    """Run scenarios at full speed and judge them.

    Each is a built-in one or a file. Exit 0 if all checks hold, 1 if one fails, 130 after Ctrl-C, which reports what
    has happened so far.
    """
    from playground.running import Wishes, run_all

    if given == "":
        raise BadInput("--input is the path of a file, and this is empty")
    return run_all(list(scenarios), Wishes(seed, json, history, save, verify_determinism, given or ""))


@app.command("list")
@as_json
def list_scenarios(json: bool) -> None:
    """Name the built-in scenarios."""
    from playground.running import scenario_list

    click.echo(scenario_list(json))


@app.command()
@click.argument("history", metavar="HISTORY.jsonl")
@click.option("--model", default="kv", show_default=True, help="kv, register, cas or append.")
@click.option("--timeout", type=float, metavar="SECONDS", help="Say unknown after so long.")
@as_json
def check(history: str, model: str, timeout: float | None, json: bool) -> int:
    """Judge whether a history is linearizable.

    The history is in Jepsen's shape, one JSON object a line; - is standard input. Exit 0 if it is linearizable, 1 if
    it is not, 2 for bad input, 3 if that could not be decided in time.
    """
    from playground.checks.command import run_check

    code, text = run_check(history, model, timeout, json)
    click.echo(text)
    return code


@app.command()
@one_scenario
@click.option("--seeds", type=click.IntRange(1), default=100, show_default=True, help="How many seeds.")
@click.option("--from", "first", type=int, default=1, show_default=True, help="The first seed.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Processes.")
def sweep(scenario: str, seeds: int, first: int, jobs: int) -> int:
    """Run one scenario under many seeds.

    Each seed that fails is told with the line that repeats it; exit 1 if there is any.
    """
    from playground.running import sweep_all

    return sweep_all(scenario, range(first, first + seeds), jobs)


@app.command()
@click.argument("recording", metavar="FILE")
@click.option("--until", metavar="TIME", help='Stop there, for example at "12.5s".')
def replay(recording: str, until: str | None) -> None:
    """Do a saved run again.

    FILE is what `run --save` or the screen's S has saved. Prints the digest and where the cluster stands.
    """
    from playground.running import replay_file

    click.echo(replay_file(recording, until))


app.add_command(placement)


@app.command()
@click.argument("lesson", required=False)
@click.option("--text", is_flag=True, help="Print it.")
@click.option("--check", is_flag=True, help="Play it with its own solutions; exit 1 if any of it is untrue.")
def learn(lesson: str | None, text: bool, check: bool) -> int:
    """List the lessons, or open one beside its cluster.

    LESSON is the name of one, or a file.
    """
    from playground import lessons

    if text and check:
        raise BadInput("--text and --check are two different wishes; give one of them")
    if lesson is None:
        click.echo(lessons.list_text())
    elif text:
        click.echo(lessons.text_of(lesson))
    elif check:
        verdict = lessons.check(lesson)
        click.echo(verdict.report)
        return 0 if verdict.ok else 1
    else:
        chosen = lessons.load(lesson)
        _needs_terminal(f"playground learn {lesson} --text")
        from tui.app import play as show

        return show(lesson=chosen)
    return 0


@app.command()
@click.argument("scenario", required=False, metavar="[NAME|FILE]")
@one_seed
@click.option("--speed", type=float, help="Virtual seconds a second; at 0.005 messages can be watched.")
@click.option("--glyphs", metavar="unicode|ascii", help="What the screen is drawn with.")
def play(scenario: str | None, seed: int | None, speed: float | None, glyphs: str | None) -> int:
    """Open the screen on a scenario's cluster, or on the default one."""
    return open_screen(scenario, seed, speed, glyphs)


def _needs_terminal(instead: str) -> None:
    if not sys.stdout.isatty():
        raise BadInput(f'the screen needs a terminal; "{instead}" does without one')


def open_screen(
    scenario: str | None = None, seed: int | None = None, speed: float | None = None, glyphs: str | None = None
) -> int:
    """Show it until the person leaves; the exit code."""
    from playground.scenario import load

    story = load(scenario) if scenario else None
    _needs_terminal(f"playground run {scenario or 'raft-leader-crash'}")
    from tui.app import play as show

    usual = story.seed if story else 1
    return show(None, usual if seed is None else seed, speed, story, None, glyphs)


def main() -> None:
    """Where the command `playground` begins."""
    sys.exit(_main(sys.argv[1:]))


def _main(arguments: list[str]) -> int:
    try:
        return int(app.main(arguments, prog_name="playground", standalone_mode=False) or 0)
    except BadInput as error:
        return _complain(str(error))
    except click.ClickException as error:
        return _complain(" ".join(error.format_message().split()))
    except (KeyboardInterrupt, click.Abort):
        return STOPPED
    except OSError as error:
        return _complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _confess(error, arguments)


def _complain(sentence: str) -> int:
    print(f"playground: {sentence}", file=sys.stderr)
    return 2


def _confess(error: Exception, arguments: list[str]) -> int:
    """Whatever is no mistake of the person's is one of ours."""
    from nodes.world import MachineFailed

    what = str(error) if isinstance(error, MachineFailed) else f"{type(error).__name__}: {error}"
    print(f"playground: this is a bug of ours, not of yours. {what}", file=sys.stderr)
    print(f"again, with a traceback: {DEBUG}=1 playground {shlex.join(arguments)}", file=sys.stderr)
    return BUG
