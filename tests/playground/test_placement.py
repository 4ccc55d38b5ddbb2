"""`playground placement`: the ring and its rivals under the same keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from algorithms.placement.hashing import HASHES
from playground.cli import _main
from playground.errors import BadInput
from playground.placement import STRATEGIES, Answer, Question, answer, chosen, memory
from playground.placement_report import BAR, DOT, MARK, bar, print_plots, print_table, strip, title, written_bytes
from playground.placing import placement

ROOT = Path(__file__).parents[2]
SMALL = Question(keys=11_000)


def ticking(step: float = 0.5) -> Callable[[], float]:
    """A clock that goes on by `step` seconds whenever it is asked."""
    times: Iterator[int] = iter(range(1_000_000))
    return lambda: next(times) * step


def asked(strategy: str, question: Question = SMALL) -> Answer:
    return answer(strategy, question, ticking())


# ---------------------------------------------------------------- what moves


def test_from_10_to_11_nodes_modulo_moves_91_percent_and_the_ring_9() -> None:
    assert asked("modulo").moved_share == pytest.approx(10 / 11, abs=0.01)
    for name in ("ring", "ketama", "rendezvous", "jump", "maglev"):
        assert asked(name).moved_share == pytest.approx(1 / 11, abs=0.02), name


@pytest.mark.parametrize("name", ["ring", "ketama", "rendezvous", "jump"])
def test_what_moves_is_what_the_new_node_holds(name: str) -> None:
    found = asked(name)
    assert found.moved == found.loads["n11"]


def test_jump_moves_twice_as_much_when_the_first_node_goes() -> None:
    question = Question(add=0, remove=1, keys=11_000)
    assert asked("jump", question).moved_share == pytest.approx(0.2, abs=0.02)
    assert asked("rendezvous", question).moved_share == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("question", "least"),
    [
        (Question(10, 1, 0, 11_000), 1_000),
        (Question(10, 0, 1, 11_000), 1_100),
        (Question(10, 10, 0, 10_000), 5_000),
        (Question(10, 1, 1, 10_000), 1_000),
        (Question(4, 1, 2, 12_000), 6_000),  # 3,000 each become 4,000 each: the new one takes 4,000, two others 1,000
        (Question(10, 0, 0, 10_000), 0),
    ],
)
def test_the_least_is_what_new_shares_exceed_old_ones_by(question: Question, least: int) -> None:
    assert question.least == least


@pytest.mark.parametrize("name", STRATEGIES)
def test_nothing_moves_when_nothing_changes(name: str) -> None:
    found = asked(name, Question(5, 0, 0, 1_000))
    assert (found.moved, found.moved_share) == (0, 0.0)


# ---------------------------------------------------------------- how even, how quick, how large


@pytest.mark.parametrize("name", STRATEGIES)
def test_loads_are_the_keys_of_the_nodes_after_the_change(name: str) -> None:
    found = asked(name, Question(5, 2, 1, 3_000))
    assert list(found.loads) == ["n2", "n3", "n4", "n5", "n6", "n7"]
    assert sum(found.loads.values()) == 3_000
    assert found.max_over_mean == pytest.approx(max(found.loads.values()) / 500)
    assert found.standard_deviation == pytest.approx(
        (sum((load - 500) ** 2 for load in found.loads.values()) / 6) ** 0.5
    )


def test_a_node_without_keys_counts_in_the_mean() -> None:
    assert asked("modulo", Question(50, 0, 0, 1)).max_over_mean == 50


def test_more_virtual_nodes_make_the_ring_more_even() -> None:
    few, many = (asked("ring", Question(keys=11_000, virtual_nodes=count)) for count in (4, 512))
    assert many.max_over_mean < few.max_over_mean
    assert many.standard_deviation < few.standard_deviation


def test_the_bounded_ring_keeps_its_bound() -> None:
    question = Question(keys=11_000, virtual_nodes=4, load_bound=1.1)
    assert asked("ring", question).max_over_mean > 1.3
    assert asked("bounded-ring", question).max_over_mean <= 1.1


def test_lookups_are_counted_by_the_clock_one_brings() -> None:
    assert answer("modulo", Question(keys=1_000), ticking(4.0)).lookups_per_second == 500


def test_memory_is_what_the_value_still_holds() -> None:
    assert memory(lambda: [0] * 1_000) == pytest.approx(8_000, abs=500)
    assert memory(lambda: len([0] * 1_000_000)) < 500
    assert asked("maglev").memory_bytes > 300_000 > asked("ring").memory_bytes > 10 * asked("jump").memory_bytes


# ---------------------------------------------------------------- the report


def printed(*answers: Answer, question: Question = SMALL, width: int = 80) -> list[str]:
    console = Console(width=width, force_terminal=False, no_color=True)
    with console.capture() as capture:
        print_table(question, answers, console)
        print_plots(question, answers, console)
    return capture.get().splitlines()


def test_the_table_has_a_row_a_strategy() -> None:
    lines = printed(asked("modulo"), asked("ring"))
    assert lines[0] == "11,000 keys on 10 nodes, then n11 added"
    assert lines[1].split() == ["moved", "share", "least", "max/mean", "std", "dev", "lookups/s", "memory"]
    found = asked("modulo")
    assert lines[2].split()[:4] == ["modulo", f"{found.moved:,}", f"{found.moved_share:.1%}", "1,000"]
    assert lines[3].split()[0] == "ring"


def test_the_table_fits_80_columns() -> None:
    most = Answer("bounded-ring", 9_999_999, 1.0, 999.99, 999_999.0, 9_999_999.0, 9_999_999_999, {"n1": 1})
    question = Question(nodes=1_000, keys=10_000_000)
    assert max(map(len, printed(most, question=question)[1:3])) <= 80
    assert len(printed(most, question=question)) == len(printed(most, question=question, width=300))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Question(10, 2, 0), "100,000 keys on 10 nodes, then n11 to n12 added"),
        (Question(10, 1, 3), "100,000 keys on 10 nodes, then n1 to n3 removed and n11 added"),
        (Question(10, 0, 0), "100,000 keys on 10 nodes, then nothing changes"),
    ],
)
def test_the_title_says_what_happens(question: Question, told: str) -> None:
    assert title(question) == told


def test_a_bar_is_as_long_as_its_share_and_has_a_mark_at_the_least() -> None:
    assert bar(0.5, 0.1) == f"{'█' * 6}{MARK}{'█' * 23}{' ' * 30} 50.0%"
    assert bar(0.0, 1.0).index(MARK) == BAR - 1


def test_a_strip_has_a_dot_for_each_load_and_a_mark_at_the_mean() -> None:
    drawn = strip([0, 10, 20], 2.0)
    assert [drawn.index(DOT), drawn.rindex(DOT), len(drawn)] == [0, BAR - 1, BAR]
    assert drawn[BAR // 2] == DOT
    assert strip([5, 15], 2.0)[BAR // 2] == MARK


@pytest.mark.parametrize(
    ("size", "text"),
    [(567, "567 B"), (9_999, "9,999 B"), (35_400, "35 kB"), (12_345_678, "12 MB"), (5 * 10**10, "50 GB")],
)
def test_bytes_are_written_with_two_digits_or_more(size: int, text: str) -> None:
    assert written_bytes(size) == text


# ---------------------------------------------------------------- the command


def test_the_command_prints_a_table_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["placement", "--keys", "500"]) == 0
    captured = capsys.readouterr()
    rows = [line.split()[0] for line in captured.out.splitlines()[2:9]]
    assert rows == list(STRATEGIES)
    assert captured.err == ""
    assert MARK not in captured.out


def test_a_plot_comes_behind_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert _main(["placement", "--keys", "500", "--plot", "--strategy", "jump"]) == 0
    assert capsys.readouterr().out.count(MARK) >= 3


def test_json_says_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    question = ["placement", "--nodes", "4", "--remove", "1", "--keys", "600"]
    question += ["--strategy", "ring", "--strategy", "jump"]
    assert _main([*question, "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["nodes"], told["add"], told["remove"], told["keys"], told["least_moved"]) == (4, 0, 1, 600, 150)
    assert [each["strategy"] for each in told["strategies"]] == ["ring", "jump"]
    assert told["strategies"][0]["loads"] == asked("ring", Question(4, 0, 1, 600)).loads
    assert _main([*question, "--json", str(tmp_path / "told.json")]) == 0
    assert "600 keys on 4 nodes, then n1 removed" in capsys.readouterr().out
    written = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert written["strategies"][1]["moved"] == told["strategies"][1]["moved"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--strategy rign", 'there is no strategy "rign"; did you mean "ring"?'),
        ("--strategy xyz", 'there is no strategy "xyz"; there are modulo, ring, bounded-ring'),
        ("--remove 10", "removing 10 of 10 nodes leaves none; at least one must stay"),
        ("--nodes 1 --remove 1", "removing 1 of 1 nodes leaves none; at least one must stay"),
        ("--nodes 0", "0 is not in the range 1<=x<=1000"),
        ("--keys 0", "0 is not in the range"),
        ("--keys many", "'many' is not a valid integer"),
        ("--add -1", "-1 is not in the range"),
        ("--virtual-nodes 0", "0 is not in the range"),
        ("--hash sha0", 'there is no hash "sha0"; there are blake2b'),
        ("--load-bound 1", "the load bound is 1; it must be above 1"),
        ("--plot --json -", "--plot and --json - both want standard output"),
        ("--json /nowhere/told.json --keys 9", "/nowhere/told.json cannot be written: No such file or directory"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    options: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _main(["placement", *options.split()]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("playground: ")
    assert captured.err.count("\n") == 1
    assert sentence in captured.err


def test_strategies_come_once_and_in_their_order() -> None:
    assert chosen(("jump", "ring", "jump")) == ("ring", "jump")
    assert chosen(()) == tuple(STRATEGIES)
    with pytest.raises(BadInput):
        chosen(("ring", "rings"))


def test_the_help_names_every_hash() -> None:
    (option,) = [each for each in placement.params if each.name == "hash"]
    assert getattr(option, "help", "") == f"{', '.join(HASHES[:-1])} or {HASHES[-1]}."


def test_the_answers_are_the_same_in_every_process() -> None:
    """But for the lookups a second, and for what an allocator rounds."""
    command = [sys.executable, "-m", "playground", "placement", "--keys", "2000", "--json", "-"]

    def said(seed: str) -> object:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stderr
        told = json.loads(ran.stdout)
        for each in told["strategies"]:
            del each["lookups_per_second"], each["memory_bytes"]
        return told

    assert said("1") == said("2")


def test_other_commands_do_not_import_the_strategies() -> None:
    code = "import sys, playground.cli; assert not [m for m in sys.modules if m.startswith('algorithms')], sys.modules"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
