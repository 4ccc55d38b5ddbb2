"""Services side by side: measured alike, and only where a scenario asks for it."""

from __future__ import annotations

import json

import pytest

from algorithms.kv import Get
from algorithms.machine import Send, TimerFired
from nodes.observation import Turn
from playground.run import as_json, run
from playground.scenario import load, read_scenario
from playground.scoreboard import COLUMNS, Tally, scoreboard
from playground.services import KINDS, kind_of

BOTH = """
title = "T"
compare = true
steps = \"\"\"
wait 1s
kill n1
wait 1s
restart n1
\"\"\"
[cluster]
services = ["raft", "paxos"]
[workload.raft]
rate = 20
[workload.paxos]
rate = 20
"""


def turn(source: str, target: str, service: str = "raft") -> Turn:
    return Turn(1, source, service, TimerFired("t"), (Send(target, Get("x")),))


def test_what_servers_send_each_other_is_moved_and_what_clients_say_is_a_message() -> None:
    tally = Tally("raft", kind_of("raft"), ("c1",))
    for each in (turn("n1", "n2"), turn("c1", "n1"), turn("n1", "c1"), turn("n1", "n1"), turn("n1", "n2", "ring")):
        tally.observe(each)
    moved = tally.moved
    assert tally.messages == 3
    tally.observe(turn("n2", "n1"))
    assert tally.moved == 2 * moved > 0


def test_a_service_that_nobody_asked_has_no_times() -> None:
    shown = scoreboard((Tally("ring", kind_of("ring"), ()),), {}, 7)
    assert (shown.at, shown.columns) == (7, COLUMNS)
    assert shown.rows == (("ring", "-", "-", "0", "0", "0", "0", "0", "-", "-"),)


def test_a_report_has_a_row_a_service_and_what_each_promises() -> None:
    result = run(read_scenario(BOTH, "t", "t.toml"))
    (board,) = result.shown
    assert [row[0] for row in board.rows] == ["raft", "paxos"]
    assert all(int(row[2]) >= 1 for row in board.rows)
    assert all(int(row[5]) > 10 for row in board.rows)
    assert board.lines[0].startswith("raft: linearizable")
    assert json.loads(as_json(result, 1.0))["shown"][0]["label"] == "the same faults, side by side"


def test_it_is_not_there_unless_it_is_asked_for() -> None:
    assert run(read_scenario(BOTH.replace("compare = true\n", ""), "t", "t.toml")).shown == ()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_promises_in_a_line(kind: str) -> None:
    assert 20 < len(kind_of(kind).guarantee) <= 120


def test_one_cut_and_five_reactions() -> None:
    """The logs and the keeper elect anew; the ring takes everything; brokers lose nothing that was acknowledged."""
    result = run(load("one-cut-five-reactions"))
    assert result.verdict == "pass"
    (board,) = result.shown
    rows = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in board.rows}
    assert list(rows) == ["ring", "raft", "paxos", "broker", "keeper"]
    assert rows["ring"]["failed"] == "0"
    assert all(int(rows[name]["reigns"]) >= 2 for name in ("raft", "paxos", "keeper"))
