"""What the README says is true: its commands run, its scenario passes, its Python works, its tables are complete.

A ```console block is a transcript: lines after `$ ` are run, in one folder, in the order of the page; `$ echo $?`
tells the exit code of the command before. What else stands there must occur in the output, line by line, in this
order; a line of `...` stands for anything. Blocks that need a network or a terminal are ```sh blocks and are not run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.settings import BrokerSettings
from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.settings import KeeperSettings
from algorithms.machine import Record
from algorithms.paxos.settings import PaxosSettings
from algorithms.paxos.synod.settings import SynodClientSettings, SynodSettings
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.client_settings import LogClientSettings
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.settings import RingSettings
from playground.chaos import Chaos
from playground.checks.verdict import LINEARIZABLE, rule_name
from playground.checks.violation import Rule
from playground.commands import COMMANDS, QUESTIONS, SELECTORS, STEPS, write_duration
from playground.run import LIVENESS
from playground.run import STEPS as STEPS_CHECK
from playground.scenario import Expectations
from playground.services import KINDS, kind_of
from playground.workload import WorkloadSpec

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of this kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """In a shell whose `playground` and `python` are this environment's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "120"}
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def dialogues(block: str) -> list[tuple[str, list[str]]]:
    """Each command with the lines that are shown behind it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif line.strip() not in ("", "..."):
            found[-1][1].append(line.rstrip())
    return found


def assert_in_order(shown: list[str], output: str, command: str) -> None:
    """Each line that the README shows occurs in the output, behind the one before."""
    rest = output.splitlines()
    for line in shown:
        places = [i for i, each in enumerate(rest) if line.strip() in each]
        assert places, f"{command!r} does not say {line!r} (any more), but:\n{output}"
        rest = rest[places[0] + 1 :]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the README shows, each named by its first line or by the text before it."""
    for kind in ("toml", "python"):
        for block in blocks(kind):
            if named := re.match(r"# (\S+\.\w+)\n", block):
                (tmp_path / named[1]).write_text(block, encoding="utf-8")
    for name, block in re.findall(r"`(\S+\.jsonl)`:\n\n```json\n(.*?)^```$", README, re.DOTALL | re.MULTILINE):
        (tmp_path / name).write_text(block, encoding="utf-8")
    return tmp_path


def test_every_transcript_is_true(folder: Path) -> None:
    code = 0
    for block in blocks("console"):
        for command, shown in dialogues(block):
            if command == "echo $?":
                assert shown == [str(code)]
                continue
            ran = run(command, folder)
            code = ran.returncode
            assert "Traceback" not in ran.stderr, ran.stderr
            assert_in_order(shown, ran.stdout + ran.stderr, command)


def test_there_are_transcripts_scenarios_and_tests_to_try() -> None:
    commands = [command for block in blocks("console") for command, _ in dialogues(block)]
    for word in ("run", "list", "learn", "check"):
        assert any(command.startswith(f"playground {word}") for command in commands), word
    assert blocks("toml")
    assert blocks("python")


@pytest.mark.parametrize(
    "table", [COMMANDS, STEPS, SELECTORS, QUESTIONS], ids=["commands", "steps", "who", "questions"]
)
def test_the_whole_language_is_told(table: tuple[object, ...]) -> None:
    told = re.sub(r"\\\|", "|", README)
    missing = [each for each in table if f"`{each.form}`" not in told]  # type: ignore[attr-defined]
    assert missing == []


SETTINGS = (
    RaftSettings, LogClientSettings, RingSettings, RingClientSettings, BrokerSettings, BrokerClientSettings,
    SynodSettings, SynodClientSettings, KeeperSettings, KeeperClientSettings,
    WorkloadSpec, Chaos, Expectations,
)  # fmt: skip


@pytest.mark.parametrize("kind", SETTINGS, ids=[kind.__name__ for kind in SETTINGS])
def test_every_setting_of_a_scenario_is_told(kind: type[Record]) -> None:
    names = {each.name for each in msgspec.structs.fields(kind)} - {"kinds"}
    assert [name for name in sorted(names) if f"`{name}`" not in README] == []


def words_for(default: object) -> set[str]:
    """How a default may stand in a table: with its unit, if it has one."""
    if default is None or default == ():
        return {"none"}
    words = {f"`{str(default).lower()}`", f'`"{default}"`', f'`"{default}B"`'}
    return words | {f'`"{write_duration(default)}"`'} if isinstance(default, int) else words


TOLD_WITH_DEFAULTS = {
    "cluster.raft": RaftSettings,
    "cluster.raft.client": LogClientSettings,
    "cluster.ring": RingSettings,
    "cluster.ring.client": RingClientSettings,
    "cluster.broker": BrokerSettings,
    "cluster.broker.client": BrokerClientSettings,
    "cluster.keeper": KeeperSettings,
    "cluster.keeper.client": KeeperClientSettings,
    "cluster.paxos": PaxosSettings,
    "cluster.synod": SynodSettings,
    "cluster.synod.client": SynodClientSettings,
}


@pytest.mark.parametrize("table", TOLD_WITH_DEFAULTS)
def test_the_defaults_are_told_as_they_are(table: str) -> None:
    rows = README.partition(f"| `[{table}]` |")[2].partition("\n\n")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", rows, re.MULTILINE))
    fields = {each.name: each.default for each in msgspec.structs.fields(TOLD_WITH_DEFAULTS[table])}
    assert {name: told[name] for name, default in fields.items() if told[name] not in words_for(default)} == {}


def test_every_check_is_told() -> None:
    of_kinds = (check for kind in KINDS for check in kind_of(kind).checks)
    names = [*(rule_name(rule) for rule in Rule), LINEARIZABLE, LIVENESS, STEPS_CHECK, *of_kinds]
    assert [name for name in names if f"| `{name}` |" not in README] == []


def test_every_link_leads_to_a_file() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert "docs/screen.svg" in targets
    assert [target for target in targets if not (ROOT / target).is_file()] == []


def test_the_two_commands_are_the_first_that_one_sees() -> None:
    first = blocks("sh")[0]
    assert "make play" in first
    assert "make test" in first
