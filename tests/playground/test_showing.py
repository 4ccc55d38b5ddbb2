"""What a step shows is in the report as it was then."""

from __future__ import annotations

import json

from rich.console import Console

from playground.report import print_report
from playground.run import RunResult, as_json, run
from playground.scenario import Scenario, read_scenario

RING = '[cluster]\nservices = ["ring"]\nnodes = ["A", "B", "C"]\n[cluster.ring]\nn = 2\n'


def scenario(steps: str, cluster: str = RING) -> Scenario:
    return read_scenario(f'title = "T"\nsteps = """\n{steps}\n"""\n{cluster}', "t", "t.toml")


def printed(result: RunResult) -> str:
    console = Console(width=100, force_terminal=False, no_color=True)
    with console.capture() as capture:
        print_report(result, 0.5, console)
    return capture.get()


GROWING = """
file put input as story
wait until answer() == done within 10s
show holdings "three nodes"
add node D
wait until member(D) and not moving(ring) and strays(ring) == 0 within 60s
show holdings "four nodes"
show keys(D) "keys of D"
show replicas("file/story/000000")
"""


def test_holdings_before_and_after_a_join_and_what_moved() -> None:
    result = run(scenario(GROWING))
    assert result.verdict == "pass", result.checks
    before, after, *answers = result.shown
    assert (before.label, before.columns) == ("three nodes", ("node", "weight", "keys", "bytes", "of all"))
    assert [row[0] for row in before.rows] == ["A", "B", "C"]
    assert [row[0] for row in after.rows] == ["A", "B", "C", "D"]
    assert sum(int(row[2]) for row in after.rows) == 2 * 38 == sum(int(row[2]) for row in before.rows)
    assert len(before.lines) == 1
    assert after.lines[1].startswith("since then ")
    moved, rival = (
        float(part.split(" %")[0]) for part in (after.lines[1].split(", ")[1], after.lines[1].split(", ")[2])
    )
    share = float(after.rows[3][4].removesuffix(" %"))
    assert moved == share, "A node that joins takes its share and moves nothing else."
    assert rival > 1.5 * moved
    assert [each.lines for each in answers] == [
        (f"keys of D: {after.rows[3][2]}",),
        ('replicas("file/story/000000"): 2',),
    ]


def test_the_report_has_the_tables_where_they_belong() -> None:
    text = printed(run(scenario(GROWING)))
    assert text.index("three nodes (at ") < text.index("four nodes (at ") < text.index("keys of D: ")
    assert "node  weight  keys" in text
    assert "by hash mod N it would be" in text


def test_the_json_report_has_what_was_shown() -> None:
    report = json.loads(as_json(run(scenario(GROWING)), 1.0))
    assert [each["label"] for each in report["shown"]][:2] == ["three nodes", "four nodes"]
    assert report["shown"][0]["rows"][0][0] == "A"
    assert set(report["shown"][0]) == {"at", "label", "columns", "rows", "lines"}


def test_without_a_ring_there_are_no_holdings() -> None:
    result = run(scenario("show holdings", ""))
    assert result.shown == ()
    (steps,) = [check for check in result.checks if check.name == "steps"]
    assert "there are no holdings to show: no ring has a server that is up" in steps.detail


def test_any_question_can_be_shown() -> None:
    result = run(scenario('wait until leader(raft) within 2s\nshow leader(raft) "who leads"\nshow up(n1)', ""))
    assert result.verdict == "pass"
    leads, up = (each.lines[0] for each in result.shown)
    assert leads.startswith("who leads: n")
    assert up == "up(n1): true"
