"""The command line: one report on standard output, one sentence for a mistake, and exit codes that mean something."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from playground import cli
from playground.cli import BUG, STOPPED, _main
from playground.run import check_names
from playground.scenario import built_in
from playground.spec import DEFAULT_SPEC

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "playground"]

GOOD = 'title = "Good"\nsteps = """\nwait until leader(raft) within 2s\nput x 1\n"""\n'
BAD = 'title = "Bad"\nsteps = """\nwait 1s\nexpect value(x) == 5\n"""\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with one story that holds and one that does not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(BAD, encoding="utf-8")
    return tmp_path


# ---------------------------------------------------------------- run


def test_a_scenario_that_holds_exits_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "good.toml"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("✓ good: Good\n")
    assert captured.err == ""


def test_a_scenario_that_does_not_hold_exits_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "bad.toml"]) == 1
    assert "bad.toml, line 4: expect value(x) == 5" in " ".join(capsys.readouterr().out.split())


def test_the_report_ends_with_the_line_that_does_it_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "good.toml", "--seed", "9"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "  again: playground run good.toml --seed 9"


def test_two_wishes_for_one_lesson_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["learn", "first-look", "--text", "--check"]) == 2
    assert "--text and --check" in capsys.readouterr().err


def test_several_scenarios_are_all_run_and_the_worst_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "bad.toml", "good.toml"]) == 1
    out = capsys.readouterr().out
    assert "✗ bad" in out
    assert "✓ good" in out


def test_json_to_standard_output_is_exactly_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "bad.toml", "--json", "-", "--seed", "8"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["scenario"], report["seed"], report["verdict"]) == ("bad", 8, "fail")
    assert [check["name"] for check in report["checks"]] == list(check_names(DEFAULT_SPEC))


def test_json_to_a_file_leaves_the_report_on_the_screen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "good.toml", "--json", "report.json"]) == 0
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert f"digest {report['digest']}" in capsys.readouterr().out


def test_verifying_determinism_runs_twice_and_compares(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "good.toml", "--verify-determinism", "--json", "-"]) == 0
    captured = capsys.readouterr()
    json.loads(captured.out)
    assert "the same digest again" in captured.err


def test_a_run_that_is_not_deterministic_exits_1(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: every world has another seed."""
    from playground import session

    usual, count = session.build_world, iter(range(100))
    monkeypatch.setattr(session, "build_world", lambda spec, seed, observers: usual(spec, next(count), observers))
    assert _main(["run", "good.toml", "--verify-determinism"]) == 1
    assert "another digest: " in capsys.readouterr().err


def test_the_history_of_a_run_can_be_checked_by_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "raft-leader-crash", "--history", "history.jsonl"]) == 0
    assert _main(["check", "--model", "kv", "history.jsonl"]) == 0


def test_a_saved_run_replays_to_its_digest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _main(["run", "raft-leader-crash", "--save", "run.json", "--json", "report.json"])
    capsys.readouterr()
    assert _main(["replay", "run.json"]) == 0
    digest = json.loads((folder / "report.json").read_text(encoding="utf-8"))["digest"]
    assert capsys.readouterr().out.endswith(f"digest {digest}\n")


def test_a_saved_run_can_be_replayed_up_to_a_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _main(["run", "raft-leader-crash", "--save", "run.json"])
    capsys.readouterr()
    assert _main(["replay", "run.json", "--until", "100ms"]) == 0
    assert "0 interventions, 0.100000 s" in capsys.readouterr().out


# ---------------------------------------------------------------- list and sweep


def test_the_list_names_every_built_in_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(built_in())


def test_the_list_can_be_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in listed] == list(built_in())
    assert all(each["title"] for each in listed)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_sweep_tells_every_failing_seed_with_the_line_that_repeats_it(
    folder: Path, capsys: pytest.CaptureFixture[str], jobs: str
) -> None:
    assert _main(["sweep", "bad.toml", "--seeds", "3", "--from", "7", "--jobs", jobs]) == 1
    out = capsys.readouterr().out
    assert [line.strip() for line in out.splitlines() if "again:" in line] == [
        f"again: playground run bad.toml --seed {seed}" for seed in (7, 8, 9)
    ]
    assert "bad.toml: 0 of 3 seeds passed" in out


def test_a_sweep_that_passes_exits_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["sweep", "good.toml", "--seeds", "5"]) == 0
    assert "good.toml: 5 of 5 seeds passed" in capsys.readouterr().out


# ---------------------------------------------------------------- mistakes

MISTAKES = [
    (["rnu"], 'there is no command "rnu"', "run"),
    (["sweeep", "good.toml"], 'there is no command "sweeep"', "sweep"),
    (["xyzzy"], 'there is no command "xyzzy"', "there are run, list, check"),
    (["run"], "Missing argument", ""),
    (["replay"], "Missing argument", ""),
    (["run", "good.toml", "--sed", "5"], "No such option", "--seed"),
    (["run", "good.toml", "--seed", "x"], "Invalid value for '--seed'", ""),
    (["run", "raft-leader-cras"], 'no scenario and no file "raft-leader-cras"', "raft-leader-crash"),
    (["run", "none.toml"], 'no scenario and no file "none.toml"', ""),
    (["run", "wrong.toml"], "wrong.toml, line 3, column 1", "kill"),
    (["run", "no.toml"], "no.toml is no TOML", ""),
    (["run", "good.toml", "bad.toml", "--json", "-"], "one scenario at a time", ""),
    (["run", "good.toml", "--json", "nowhere/report.json"], "nowhere/report.json cannot be written", ""),
    (["sweep", "raft-leader-cras"], 'no scenario and no file "raft-leader-cras"', "raft-leader-crash"),
    (["sweep", "good.toml", "--seeds", "0"], "Invalid value for '--seeds'", ""),
    (["replay", "none.json"], "none.json cannot be read", ""),
    (["replay", "good.toml"], "good.toml is not a recording", ""),
    (["check", "none.jsonl"], "none.jsonl cannot be read", ""),
    (["learn", "raft-electoin"], 'no lesson "raft-electoin"', "raft-election"),
    (["play"], "the screen needs a terminal", "playground run raft-leader-crash"),
]


@pytest.mark.parametrize(("arguments", "sentence", "nearest"), MISTAKES, ids=[" ".join(each[0]) for each in MISTAKES])
def test_a_mistake_is_one_sentence_and_exits_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str, nearest: str
) -> None:
    (folder / "wrong.toml").write_text('title = "W"\nsteps = """\nkil n1\n"""\n', encoding="utf-8")
    (folder / "no.toml").write_text("title = ", encoding="utf-8")
    assert _main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("playground: ")
    assert captured.err.count("\n") == 1
    assert sentence in captured.err
    assert nearest in captured.err
    assert captured.out == ""


def test_a_bug_of_ours_is_a_sentence_with_the_line_that_repeats_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.running.load", lambda name: {}["planted"])
    assert _main(["run", "a b.toml"]) == BUG
    error = capsys.readouterr().err
    assert "KeyError: 'planted'" in error
    assert error.endswith("PLAYGROUND_DEBUG=1 playground run 'a b.toml'\n")
    assert "Traceback" not in error
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(KeyError, match="planted"):
        _main(["run", "a b.toml"])


def test_a_machine_that_breaks_is_told_with_seed_and_time(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from algorithms.raft.machine import RaftMachine

    def broken(self: RaftMachine, event: object, now: int) -> list[object]:
        raise RuntimeError("planted")

    monkeypatch.setattr(RaftMachine, "handle", broken)
    assert _main(["run", "good.toml", "--seed", "6"]) == BUG
    error = capsys.readouterr().err
    assert "The raft machine of n1 failed at 0.000000 s (seed 6)" in error
    assert "playground run good.toml --seed 6" in error
    assert _main(["sweep", "good.toml", "--seeds", "1", "--jobs", "1"]) == 1
    assert "again: playground run good.toml --seed 1" in capsys.readouterr().out


# ---------------------------------------------------------------- the program itself


def test_without_a_terminal_the_bare_command_runs_the_leader_crash(tmp_path: Path) -> None:
    ran = subprocess.run(
        COMMAND, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("✓ raft-leader-crash: ")


def test_ctrl_c_ends_a_run_with_the_partial_report() -> None:
    running = subprocess.Popen(
        [*COMMAND, "run", "raft-random-chaos", "--json", "-"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    interrupt_when_busy(running)
    out, error = running.communicate(timeout=60)
    assert (running.returncode, error) == (STOPPED, "")
    report = json.loads(out)
    assert report["verdict"] == "fail"
    assert {check["verdict"] for check in report["checks"]} == {"pass", "unknown"}
    assert 0 < report["virtual_seconds"] < 60


def interrupt_when_busy(running: subprocess.Popen[str]) -> None:
    """Ctrl-C once the program has used so much processor time that it must be in the middle of its minute."""
    statistics = Path(f"/proc/{running.pid}/stat")
    if not statistics.exists():
        pytest.skip("this system does not tell how busy a process is")
    tick = os.sysconf("SC_CLK_TCK")
    while running.poll() is None:
        fields = statistics.read_text(encoding="utf-8").rpartition(")")[2].split()
        if (int(fields[11]) + int(fields[12])) / tick > 0.9:
            running.send_signal(signal.SIGINT)
            return
        time.sleep(0.01)
    pytest.fail("the run was over before it could be interrupted")


def test_a_reader_that_goes_away_is_no_crash() -> None:
    """As in `playground list | head -1`."""
    script = f"{sys.executable} -m playground list | head -1"
    ran = subprocess.run(["sh", "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.count("\n") == 1


def test_the_command_line_itself_loads_nothing_heavy() -> None:
    heavy = {"rich", "lark", "trio", "textual", "msgspec", "asyncio"}
    script = "import sys, playground.cli; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not heavy & set(ran.stdout.split())


COST = """
import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)
"""


def test_a_scripted_run_starts_quickly(tmp_path: Path) -> None:
    """At most 0.4 s of processor time more than importing Trio alone, with the whole of a short run in it."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def cost(*arguments: str) -> float:
        command = [sys.executable, "-c", COST, *arguments]
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return float(ran.stdout)

    def best(*arguments: str) -> float:
        cost(*arguments)
        return min(cost(*arguments) for _ in range(3))

    assert best("-m", "playground", "run", "raft-leader-crash") - best("-c", "import trio") < 0.4


# ---------------------------------------------------------------- rings and files

KEEPING = '''title = "Keeping"
steps = """
file put input as story
wait until answer() == done within 10s
file get story
wait until file(story) == whole within 10s
show holdings
"""
[cluster]
services = ["ring"]
'''


@pytest.fixture
def keeping(folder: Path) -> Path:
    """A folder with a story that puts a file on a ring, and a file for it."""
    (folder / "keeping.toml").write_text(KEEPING, encoding="utf-8")
    (folder / "my report.bin").write_bytes(bytes(range(256)) * 50)
    return folder


def test_a_run_takes_a_file(keeping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "keeping.toml", "--input", "my report.bin"]) == 0
    out = capsys.readouterr().out
    assert "  file story: 4 chunks, 12.8 kB, came back whole, SHA-256 " in out
    assert out.endswith("again: playground run keeping.toml --seed 1 --input 'my report.bin'\n")


def test_without_a_file_one_is_made(keeping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["run", "keeping.toml", "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["files"][0].startswith("story: 37 chunks, 300 kB, came back whole")
    assert report["services"]["ring"]["members"] == 5
    assert report["shown"][0]["label"] == "holdings of ring"


def test_a_run_with_a_file_is_verified_and_replayed(keeping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wishes = ["--input", "my report.bin", "--save", "run.json", "--verify-determinism", "--json", "-"]
    assert _main(["run", "keeping.toml", *wishes]) == 0
    captured = capsys.readouterr()
    assert "the same digest again" in captured.err
    assert _main(["replay", "run.json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(captured.out)["digest"] in out
    assert "  n1: " in out
    (keeping / "my report.bin").write_bytes(b"other")
    assert _main(["replay", "run.json"]) == 2
    assert "my report.bin is not the file that was put then" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["keeping.toml", "--input", "nothing.bin"], "nothing.bin cannot be read: No such file or directory"),
        (["keeping.toml", "--input", "."], ". is a folder; name a file in it"),
        (["keeping.toml", "--input", ""], "--input is the path of a file, and this is empty"),
        (["good.toml", "--input", "my report.bin"], "good puts no file anywhere; --input is for scenarios with"),
        (["good.toml", "keeping.toml", "--input", "x"], "--json, --history, --save and --input take one scenario"),
    ],
)
def test_an_input_that_cannot_be_used_is_one_sentence(
    keeping: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert _main(["run", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"playground: {sentence}")
    assert (captured.out, captured.err.count("\n")) == ("", 1)
