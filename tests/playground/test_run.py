"""A run is judged by what happened in it, and nothing that is planted slips through."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
import pytest
from rich.console import Console

from algorithms import kv
from algorithms.machine import Append, Effect, Event, Ok
from algorithms.raft.machine import RaftMachine
from algorithms.raft.settings import RaftSettings
from nodes.world import MachineFailed
from playground.checks.verdict import CheckResult
from playground.digest import Digest
from playground.errors import BadInput
from playground.kinds.raft import RaftKind
from playground.report import print_report
from playground.run import Run, RunResult, as_json, check_names, expected, run
from playground.scenario import Scenario, load, read_scenario
from playground.session import replay

SECOND = 1_000_000


def scenario(steps: str, rest: str = "") -> Scenario:
    """Five servers and one client to whom `steps` happen."""
    return read_scenario(f'title = "T"\nsteps = """\n{steps}\n"""\n{rest}', "t", "t.toml")


def verdict(result: RunResult, name: str) -> str:
    return next(check.verdict for check in result.checks if check.name == name)


def detail(result: RunResult, name: str) -> str:
    return next(check.detail for check in result.checks if check.name == name)


CALM = scenario("wait until leader(raft) within 2s\nput x 1\nwait 500ms\nexpect value(x) == 1")
BUSY = scenario(
    "wait 2s\nkill leader(raft)\nwait 2s\nrestart all",
    '[workload]\nrate = 40\nkeys = 2\nuntil = "5s"\n[cluster]\nclients = 3',
)


# ---------------------------------------------------------------- what passes


def test_a_calm_run_passes_every_check() -> None:
    result = run(CALM)
    assert result.verdict == "pass"
    assert tuple(check.name for check in result.checks) == check_names(CALM.spec)
    assert {check.verdict for check in result.checks} == {"pass"}


def test_the_same_seed_gives_the_same_result_and_another_one_another() -> None:
    assert run(BUSY, 4) == run(BUSY, 4)
    assert run(BUSY, 4).digest != run(BUSY, 5).digest


def test_looking_while_it_goes_on_changes_nothing() -> None:
    """A progress bar looks whenever it is let."""
    watched = Run(BUSY, 4)
    for _ in watched.go_on():
        watched.result()
        watched.session.world.in_flight()
    assert watched.result() == run(BUSY, 4)


def test_the_recording_of_a_run_replays_to_its_digest() -> None:
    running, digest = Run(BUSY, 4), Digest()
    for _ in running.go_on():
        pass
    again = replay(running.recording, observers=(digest.observe,))
    assert digest.hexdigest() == running.result().digest
    assert again.interventions == running.session.interventions


def test_a_storm_replays_to_its_digest() -> None:
    storm = load("raft-random-chaos")
    assert storm.chaos is not None
    short = msgspec.structs.replace(storm, chaos=msgspec.structs.replace(storm.chaos, duration=8 * SECOND))
    running, digest = Run(short, 11), Digest()
    for _ in running.go_on():
        pass
    assert len(running.recording.interventions) > 20
    replay(running.recording, observers=(digest.observe,))
    assert digest.hexdigest() == running.result().digest


def test_the_settle_phase_heals_what_the_steps_have_broken() -> None:
    broken = scenario(
        "wait until leader(raft) within 2s\nkill n1 n2\ncut n3 -- n4\n"
        "disk n5 slow 500ms\nskew n3 +2s\nslow n4 -> n5 1s\nwait 3s"
    )
    result = run(broken)
    assert (result.verdict, detail(result, "liveness").split(" was ")[0]) == ("pass", "a fresh write")


# ---------------------------------------------------------------- what fails


def test_an_expectation_that_is_not_true_fails_with_its_line() -> None:
    result = run(scenario("wait 1s\nexpect value(x) == 5"))
    assert result.verdict == "fail"
    assert verdict(result, "steps") == "fail"
    assert "t.toml, line 4: expect value(x) == 5" in detail(result, "steps")


@pytest.mark.parametrize("settings", [RaftSettings(max_in_flight=0)])
def test_a_cluster_that_makes_no_progress_fails(settings: RaftSettings) -> None:
    """A leader that may send nothing commits nothing, however long it is healthy."""
    service = msgspec.structs.replace(CALM.spec.services[0], settings=settings)
    result = run(msgspec.structs.replace(CALM, spec=msgspec.structs.replace(CALM.spec, services=(service,))))
    assert verdict(result, "liveness") == "fail"
    assert "5s after everything healed no client has been told ok, though n" in detail(result, "liveness")


def test_a_cluster_without_a_leader_fails() -> None:
    timid = RaftSettings(election_timeout_shortest=3_600 * SECOND, election_timeout_longest=3_600 * SECOND)
    service = msgspec.structs.replace(CALM.spec.services[0], settings=timid)
    result = run(msgspec.structs.replace(CALM, spec=msgspec.structs.replace(CALM.spec, services=(service,))))
    assert detail(result, "liveness") == "5s after everything healed there is no leader"


def plant(monkeypatch: pytest.MonkeyPatch, machine: type[RaftMachine]) -> None:
    """Let servers be of this kind."""

    def server(self: RaftKind, name: str, nodes: tuple[str, ...], settings: RaftSettings) -> object:
        usual = honest(self, name, nodes, settings)
        return lambda: machine(*usual.args)  # type: ignore[attr-defined]

    honest = RaftKind.server
    monkeypatch.setattr(RaftKind, "server", server)


class Forgetful(RaftMachine):
    """Wishes for everything but that its log be written."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        return [each for each in super().handle(event, now) if not isinstance(each, Append)]


def test_a_server_that_does_not_write_its_log_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, Forgetful)
    result = run(CALM)
    assert result.verdict == "fail"
    assert verdict(result, "committed-is-durable") == "fail"


def test_a_server_whose_store_has_gone_astray_is_found() -> None:
    running = Run(BUSY, 1)
    for number, _ in enumerate(running.go_on()):
        machine = running.session.world.machine("n2", "raft")
        if number == 10 and isinstance(machine, RaftMachine):
            machine.state.store.apply(kv.Put("astray", 1))
    result = running.result()
    assert verdict(result, "same-store") == "fail"
    assert "nothing there, and n2 has astray = 1" in detail(result, "same-store")
    assert {verdict(result, name) for name in check_names(CALM.spec)[:5]} == {"pass"}


class Brittle(RaftMachine):
    """A server with a bug that shows after a second."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        if now > SECOND:
            raise RuntimeError("planted")
        return super().handle(event, now)


def test_a_machine_that_breaks_names_seed_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, Brittle)
    with pytest.raises(MachineFailed, match=r"(?s)failed at 1\.\d+ s \(seed 9\).*RuntimeError: planted"):
        run(BUSY, 9)


# ---------------------------------------------------------------- weaknesses shown on purpose

PASSED, FAILED, UNDECIDED = (CheckResult("x", verdict, "why") for verdict in ("pass", "fail", "unknown"))


@pytest.mark.parametrize(
    ("found", "fails", "may_fail", "verdict", "sentence"),
    [
        (PASSED, (), (), "pass", "why"),
        (FAILED, (), (), "fail", "why"),
        (FAILED, ("x",), (), "pass", "fails, as it must here: why"),
        (PASSED, ("x",), (), "fail", "this scenario must break it, and it held: why"),
        (UNDECIDED, ("x",), (), "fail", "this scenario must break it, and it held: why"),
        (FAILED, (), ("x",), "pass", "fails, as it may here: why"),
        (PASSED, (), ("x",), "pass", "why"),
        (UNDECIDED, (), (), "unknown", "why"),
    ],
)
def test_an_expected_failure_turns_the_verdict_round(
    found: CheckResult, fails: tuple[str, ...], may_fail: tuple[str, ...], verdict: str, sentence: str
) -> None:
    assert expected(found, fails, may_fail) == CheckResult("x", verdict, sentence)  # type: ignore[arg-type]


def test_a_check_that_does_not_exist_cannot_be_expected_to_fail() -> None:
    odd = scenario("wait 1s", '[expect]\nfails = ["linearisable"]\nbecause = "of me"')
    with pytest.raises(BadInput, match=r't\.toml: there is no check "linearisable"; did you mean "linearizable"\?'):
        Run(odd)


# ---------------------------------------------------------------- reports


def halfway(scenario: Scenario) -> Iterator[RunResult]:
    running = Run(scenario, 4)
    for number, _ in enumerate(running.go_on()):
        if number == 5:
            yield running.result(interrupted=True)
            return


def test_a_run_that_was_stopped_is_judged_as_far_as_it_went() -> None:
    (result,) = halfway(BUSY)
    assert result.interrupted
    assert verdict(result, "liveness") == "unknown"
    assert result.verdict == "fail"
    assert verdict(result, "linearizable") == "pass"


def test_the_json_report_has_exactly_the_stated_fields() -> None:
    result = run(CALM)
    report = json.loads(as_json(result, 1.25))
    assert list(report) == [
        "scenario",
        "seed",
        "verdict",
        "digest",
        "turns",
        "messages",
        "virtual_seconds",
        "wall_seconds",
        "checks",
        "stats",
    ]
    assert (report["scenario"], report["seed"], report["verdict"]) == ("t", 1, "pass")
    assert report["virtual_seconds"] == result.virtual_time / SECOND
    assert report["wall_seconds"] == 1.25
    assert all(list(check) == ["name", "verdict", "detail"] for check in report["checks"])
    assert report["stats"]["operations_ok"] == 2


def printed(result: RunResult, width: int = 100) -> str:
    console = Console(width=width, force_terminal=False, no_color=True)
    with console.capture() as capture:
        print_report(result, 0.5, console)
    return capture.get()


def test_the_report_tells_the_verdict_the_leaders_and_how_to_do_it_again() -> None:
    result = run(BUSY, 4)
    text = printed(result)
    assert text.startswith("✓ t: T\n")
    for led in result.leaders:
        assert f"{led.node} (term {led.term}, " in text
    assert f"digest {result.digest}" in text
    assert text.endswith(f"again: playground run {BUSY.where} --seed 4\n")


def test_a_piped_report_keeps_its_sentences_on_their_lines() -> None:
    """So that grep finds them."""
    assert any(
        line.startswith("  clients: ") and "without an ok" in line for line in printed(run(BUSY), 80).split("\n")
    )


def test_the_numbers_of_a_report_are_those_of_the_run() -> None:
    running = Run(BUSY, 4)
    for _ in running.go_on():
        pass
    stats, done = running.result().stats, running.operations
    outcomes = [each.outcome for each in done]
    assert stats.operations_ok == outcomes.count("ok") + outcomes.count("refused")
    assert stats.operations_unknown + stats.operations_under_way == outcomes.count("info")
    assert stats.messages_sent == running.session.world.messages
    assert stats.leaders == len(running.result().leaders) == stats.highest_term


def test_the_answer_to_a_fresh_write_is_ok() -> None:
    """What liveness rests on."""
    running = Run(CALM)
    for _ in running.go_on():
        pass
    done = running.session.do("get settled")
    running.session.run_until(running.session.world.now + SECOND)
    assert done.request_id is not None
    outcome = running.session.outcome(done.request_id)
    assert isinstance(outcome, Ok)
    assert outcome.value is not None
