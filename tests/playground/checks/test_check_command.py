"""`playground check` from file to exit code."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from playground.checks.command import run_check
from playground.errors import BadInput
from playground.history_lines import write_lines


def line(process: int, type: str, f: str, value: object) -> str:
    return json.dumps({"process": process, "type": type, "f": f, "key": "x", "value": value})


STALE = [
    line(0, "invoke", "put", 1),
    line(0, "ok", "put", 1),
    line(1, "invoke", "put", 2),
    line(1, "ok", "put", 2),
    line(2, "invoke", "get", None),
    line(2, "ok", "get", 1),
]


@pytest.fixture
def stale(tmp_path: Path) -> str:
    path = tmp_path / "stale.jsonl"
    path.write_text("\n".join(STALE) + "\n")
    return str(path)


def test_a_linearizable_history_is_answered_with_0(tmp_path: Path) -> None:
    path = tmp_path / "good.jsonl"
    path.write_text("\n".join(STALE[:4]))
    assert run_check(str(path), "kv", None, False) == (0, "Linearizable: 2 operations on 1 key, model kv.")


def test_an_empty_history_is_linearizable(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    assert run_check(str(tmp_path / "empty.jsonl"), "kv", None, False)[0] == 0


def test_a_stale_read_is_drawn_and_explained(stale: str) -> None:
    code, text = run_check(stale, "kv", 10, False)
    assert code == 1
    assert text == (
        "Not linearizable: 3 operations on 1 key, model kv.\n"
        "\n"
        'Key "x" is not linearizable: no order of these 3 operations is possible with one copy of it.\n'
        "\n"
        "  lines  process  operation\n"
        "  1-2    0        put 1     ├───┤\n"
        "  3-4    1        put 2             ├───┤\n"
        "  5-6    2        get -> 1                  ├───┤  <- cannot be placed\n"
        "\n"
        '  By these operations alone, "x" can only have been 2 while the get -> 1 of line 5 ran.\n'
        '  Up to line 5 the history of "x" is linearizable; with line 6 (3 operations) it is not. '
        "None of these operations can be left out."
    )


def test_as_json_the_witness_is_a_history_again(stale: str, tmp_path: Path) -> None:
    code, text = run_check(stale, "register", 10, True)
    answer = json.loads(text)
    assert (code, answer["verdict"], answer["operations"], answer["keys"]) == (1, "fail", 3, 1)
    assert answer["witness"]["possible"] == [2]
    again = tmp_path / "again.jsonl"
    again.write_text("\n".join(json.dumps(each) for each in answer["witness"]["history"]))
    assert run_check(str(again), "kv", 10, True)[0] == 1


def test_a_history_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("\n".join(STALE).encode())))
    assert run_check("-", "kv", None, False)[0] == 1


def test_what_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.jsonl cannot be read: No such file or directory\."):
        run_check(str(tmp_path / "none.jsonl"), "kv", None, False)
    with pytest.raises(BadInput, match="cannot be read"):
        run_check(str(tmp_path), "kv", None, False)
    with pytest.raises(BadInput, match=r"above 0, not -1\."):
        run_check("-", "kv", -1, False)


def test_a_history_that_takes_too_long_is_unknown_and_answered_with_3(simulate, tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text("\n".join(write_lines(simulate(1, 2_000))))
    code, text = run_check(str(path), "kv", 1e-9, False)
    assert code == 3
    assert text.startswith("Unknown: 2,000 operations on 1 key could not be decided")


@pytest.mark.parametrize("spoiled", [False, True])
def test_a_hundred_thousand_operations_are_judged_within_twenty_seconds(
    simulate, tmp_path: Path, spoiled: bool
) -> None:
    history = simulate(7, 100_000, keys=100, concurrency=10, fs="get put cas", unknown=0.01)
    if spoiled:
        place = max(place for place, each in enumerate(history) if each.f == "get" and each.outcome == "ok")
        history[place] = msgspec.structs.replace(history[place], result="nobody wrote this")
    path = tmp_path / "big.jsonl"
    path.write_text("\n".join(write_lines(history)))
    began = time.process_time()
    assert run_check(str(path), "kv", None, False)[0] == int(spoiled)
    assert time.process_time() - began < 20
