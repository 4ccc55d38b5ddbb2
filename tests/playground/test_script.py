"""A script does its steps at their times, one after another, and says what it found."""

from __future__ import annotations

from playground.commands import parse_step
from playground.script import Line, Script
from playground.session import Session
from playground.spec import DEFAULT_SPEC

MS = 1_000
SECOND = 1_000_000


def session(seed: int = 1) -> Session:
    return Session(DEFAULT_SPEC, seed)


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(number, parse_step(text)) for number, text in enumerate(texts, 1))


def played(*texts: str, storm: tuple[str, ...] = ()) -> Script:
    script = Script(session(), lines(*texts), "test", lines(*storm))
    script.play()
    return script


def done(script: Script) -> list[tuple[int, str]]:
    return [(each.at, each.text) for each in script.session.interventions]


def untrue(script: Script) -> list[tuple[int, str]]:
    return [(each.line, each.detail) for each in script.claims if not each.held]


def test_a_command_alone_is_carried_out_at_once() -> None:
    assert done(played("kill n1", "kill n2")) == [(0, "kill n1"), (0, "kill n2")]


def test_at_is_a_time_of_the_scenario() -> None:
    assert done(played("at 300ms kill n1", "at 200ms kill n2")) == [(300 * MS, "kill n1"), (300 * MS, "kill n2")]


def test_after_counts_from_the_step_before() -> None:
    assert done(played("at 300ms kill n1", "after 200ms restart n1")) == [
        (300 * MS, "kill n1"),
        (500 * MS, "restart n1"),
    ]


def test_a_scenario_begins_when_its_script_does() -> None:
    late = session()
    late.run_until(SECOND)
    script = Script(late, lines("at 300ms kill n1"), "test")
    script.play()
    assert done(script) == [(1_300 * MS, "kill n1")]


def test_the_next_step_waits_for_the_whole_chain() -> None:
    script = played("kill n1 then restart it after 2s", "kill n2")
    assert done(script) == [(0, "kill n1"), (2 * SECOND, "restart n1"), (2 * SECOND, "kill n2")]


def test_every_goes_on_beside_the_steps_that_follow() -> None:
    script = played("every 1s for 3s pause n1 then resume n1 after 400ms", "at 1500ms kill n2")
    assert done(script) == [
        (1_000 * MS, "pause n1"),
        (1_400 * MS, "resume n1"),
        (1_500 * MS, "kill n2"),
        (2_000 * MS, "pause n1"),
        (2_400 * MS, "resume n1"),
        (3_000 * MS, "pause n1"),
        (3_400 * MS, "resume n1"),
    ]


def test_firings_of_an_every_may_overlap_and_each_knows_its_own_it() -> None:
    script = played("every 1s for 3s kill random then restart it after 2500ms")
    killed = [text.split()[1] for _, text in done(script) if text.startswith("kill")]
    restarted = [text.split()[1] for _, text in done(script) if text.startswith("restart")]
    assert len(set(killed)) == 3
    assert killed == restarted


def test_what_an_every_cannot_do_is_left_out() -> None:
    script = played("kill all", "every 1s for 3s kill leader(raft) then restart it after 100ms")
    assert script.left_out == 3
    assert script.claims == []


def test_what_a_step_cannot_do_is_a_claim_that_did_not_hold() -> None:
    script = played("wait 100ms", "kill leader(raft)", "kill n1")
    assert untrue(script) == [(2, "there is no leader of raft now")]
    assert done(script) == [(100 * MS, "kill n1")]


def test_a_wait_ends_as_soon_as_its_condition_holds() -> None:
    script = played("wait until leader(raft) within 2s", "kill leader(raft)")
    (at, _), world = done(script)[0], session().world
    world.run_until(at - 2 * MS)
    assert all(view.role != "leader" for name in DEFAULT_SPEC.nodes if (view := world.view(name, "raft")))  # type: ignore[attr-defined]
    assert [each.held for each in script.claims] == [True]


def test_a_wait_in_vain_ends_when_it_has_said_and_tells_what_was() -> None:
    script = played("kill n1", "wait until up(n1) within 300ms", "restart n1")
    assert untrue(script) == [(2, "not within 300ms: up(n1) is false")]
    assert done(script)[-1] == (300 * MS, "restart n1")


def test_an_expectation_is_judged_where_it_stands() -> None:
    script = played("kill n1", "expect up(n1)", "expect not up(n1)")
    assert untrue(script) == [(2, "up(n1) is false")]
    assert script.claims[0].text == "expect up(n1)"


def test_an_expectation_for_a_time_must_hold_all_that_time() -> None:
    script = played("every 500ms for 500ms kill n1", "expect up(n1) for 400ms", "expect up(n1) for 400ms")
    [(line, detail)] = untrue(script)
    assert (line, detail.split("ms: ")[1]) == (3, "up(n1) is false")
    assert 100 <= float(detail.removeprefix("not after ").split("ms")[0]) <= 101


def test_let_gives_a_node_a_name_that_stays_with_it() -> None:
    script = played(
        "wait until leader(raft) within 2s",
        "let old = leader(raft)",
        "kill old",
        "wait until leader(raft) != old within 3s",
        "let new = leader(raft)",
        "let same = old",
        "restart same",
        "expect leader(raft) == new and up(old)",
    )
    assert untrue(script) == []
    assert done(script)[0][1].split()[1] == done(script)[1][1].split()[1]


def test_it_is_whom_the_step_before_concerned() -> None:
    assert [text for _, text in done(played("kill n2 n3", "restart it"))] == ["kill n2 n3", "restart n2 n3"]


def test_a_storm_goes_on_beside_the_steps_and_each_line_on_its_own() -> None:
    script = played("at 2s kill n5", storm=("at 1s kill n1 then restart n1 after 2s", "at 1500ms kill n2"))
    assert done(script) == [
        (1_000 * MS, "kill n1"),
        (1_500 * MS, "kill n2"),
        (2_000 * MS, "kill n5"),
        (3_000 * MS, "restart n1"),
    ]


def test_names_that_are_handed_in_can_be_used_and_are_kept() -> None:
    names: dict[str, tuple[object, ...]] = {}
    first = Script(session(), lines("let old = n3"), "test", names=names)  # type: ignore[arg-type]
    first.play()
    second = Script(first.session, lines("kill old"), "test", names=names)  # type: ignore[arg-type]
    second.play()
    assert done(second) == [(0, "kill n3")]


def test_the_same_seed_plays_the_same_script_in_the_same_way() -> None:
    story = (
        "wait until leader(raft) within 2s",
        "every 700ms for 5s kill random then restart it after 900ms",
        "wait 6s",
    )
    assert done(played(*story)) == done(played(*story))


def test_a_script_asks_to_be_looked_at_only_when_something_is_due() -> None:
    script = Script(session(), lines("wait 5s"), "test")
    script.advance()
    assert script.next_at() == 5 * SECOND
    script.advance()
    assert script.next_at() == 5 * SECOND
    script.session.run_until(5 * SECOND)
    script.advance()
    assert script.next_at() is None
