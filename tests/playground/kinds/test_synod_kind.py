"""The synod as a kind of service: settings, questions, reports, settling, histories."""

from __future__ import annotations

import pytest

from algorithms.machine import Ok
from algorithms.paxos.synod.commands import Propose
from algorithms.paxos.synod.settings import SynodClientSettings, SynodSettings
from nodes.faults import Constant
from playground.errors import BadInput
from playground.history import Operation
from playground.kinds.synod_ledger import SynodLedger
from playground.kinds.synod_reading import SynodReading
from playground.kinds.synod_section import SynodFacts
from playground.lessons import names as lessons
from playground.predicates import Nodes, look_up
from playground.run import Run, RunResult, run
from playground.scenario import Scenario, load, read_scenario
from playground.session import Session, replay
from playground.spec import NetworkSpec, ServiceSpec, Spec

SYNOD = ServiceSpec("synod", "synod", SynodSettings(), SynodClientSettings())
SPEC = Spec(clients=("c1", "c2"), services=(SYNOD,), network=NetworkSpec(Constant(2_000)))


def session(*lines: str, spec: Spec = SPEC) -> Session:
    """One line after the other, with a tenth of a second behind each."""
    made = Session(spec, 1)
    for line in lines:
        made.do(line)
        made.run_until(made.world.now + 100_000)
    return made


def scenario(steps: str = "wait 1s", rest: str = "") -> Scenario:
    text = f'title = "T"\nsteps = """\n{steps}\n"""\n[cluster]\nservices = ["synod"]\nclients = 2\n{rest}'
    return read_scenario(text, "t", "t.toml")


def verdicts(result: RunResult) -> dict[str, str]:
    return {each.name: each.verdict for each in result.checks}


# ---------------------------------------------------------------- settings


def test_majorities_are_usual() -> None:
    assert SynodSettings().quorums(5) == SynodSettings(phase_1_quorum=3, phase_2_quorum=3).quorums(5)
    assert SynodSettings(phase_1_quorum=4, phase_2_quorum=2).quorums(5).phase_2 == 2


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            "phase_1_quorum = 3\nphase_2_quorum = 2",
            "line 10: quorums of 3 and 2 need not meet among 5 acceptors, so two values could be chosen; "
            "their sum must be above 5",
        ),
        ("phase_1_quorum = 2", "line 9: quorums of 2 and 3 need not meet"),
        ("phase_2_quorum = 6", 'line 9: "phase_2_quorum" cannot be above 5: there are no more acceptors'),
        ('backoff_shortest = "1s"', "the longest back-off cannot be below the shortest"),
        ('retry_timeout = "0s"', '"retry_timeout" must be at least 1ms'),
        ("phase_1_quorums = 3", 'did you mean "phase_1_quorum"?'),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(settings: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        scenario(rest=f"[cluster.synod]\n{settings}\n")
    assert sentence in str(caught.value)


def test_quorums_that_need_not_meet_can_be_asked_for_by_name() -> None:
    rest = "[cluster.synod]\nphase_1_quorum = 3\nphase_2_quorum = 2\nallow_broken_quorums = true\n"
    assert isinstance(scenario(rest=rest).spec.services[0].settings, SynodSettings)


def test_there_is_no_workload_for_one_value() -> None:
    with pytest.raises(BadInput, match="Paxos for one value has no workload"):
        scenario(rest="[workload]\nrate = 5\n")


# ---------------------------------------------------------------- asking


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("put x 1", 'synod does not know "put": it decides one value; it knows propose, learn'),
        ("kill owner(x)", r"owner\(\) is asked of a service of kind ring"),
        ("kill leader(synod)", "synod has no leader: its servers are all alike"),
    ],
)
def test_what_it_cannot_do_is_told(line: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        session(line)


def test_a_cluster_with_raft_asks_whoever_knows_the_verb() -> None:
    made = Session(Spec(services=(ServiceSpec(), SYNOD)), 1)
    assert made.do("propose red").text == 'synod: propose "red" on c1'
    assert made.do("put x 1").text.startswith("raft: put x 1")


def test_the_answer_is_what_was_chosen() -> None:
    assert ask(session("propose red at n1", "propose blue at n2 on c2"), "answer()") == "red"
    assert ask(session("learn at n3", "propose red at n1", "learn at n3"), "answer()") == "red"
    assert ask(session("learn at n3"), "answer()") is None


# ---------------------------------------------------------------- questions


def ask(made: Session, text: str) -> object:
    from playground.commands import parse_condition

    return look_up(parse_condition(text), made)  # type: ignore[arg-type]


def test_questions_are_answered() -> None:
    made = session("isolate n5", "propose red at n1")
    assert ask(made, "chosen(synod)") == "red"
    assert ask(made, "chosen(n1)") == "red"
    assert ask(made, "chosen(n5)") is None
    assert ask(made, "ballot(synod)") == ask(made, "ballot(n1)") == ask(made, "promised(n2)") == 1
    assert ask(made, "ballot(n2)") == ask(made, "promised(n5)") == 0
    assert ask(made, "accepted(n2, synod)") == "red"
    assert ask(made, "acceptors(red)") == Nodes(("n1", "n2", "n3", "n4"))
    assert ask(made, "phase(n1)") == "idle"


def test_who_is_down_or_no_server_has_nothing_to_say() -> None:
    made = session("propose red at n1", "kill n1")
    assert [ask(made, f"{each}(n1)") for each in ("chosen", "ballot", "promised", "accepted", "phase")] == [None] * 5
    assert ask(made, "chosen(c1)") is None
    assert ask(made, "chosen(synod)") == "red"
    assert look_up_without_session(made) == "red"


def look_up_without_session(made: Session) -> object:
    """A world alone knows what servers have learned and accepted."""
    from playground.commands import parse_condition

    return look_up(parse_condition("chosen(synod)"), made.world)  # type: ignore[arg-type]


# ---------------------------------------------------------------- reports


def test_a_ledger_counts_messages_and_ballots() -> None:
    ledger = session("propose red at n1").ledgers["synod"]
    assert isinstance(ledger, SynodLedger)
    assert {name: ledger.messages[name] for name in ("Prepare", "Promise", "Accept", "Accepted")} == {
        "Prepare": 5,
        "Promise": 5,
        "Accept": 5,
        "Accepted": 25,
    }
    assert [str(each) for each in ledger.ballots] == ["1.n1"]
    assert ledger.chosen() == ("red",)


def test_a_report_says_what_was_chosen_by_which_ballot_and_when() -> None:
    section = run(load("paxos-happy-path")).sections[0]
    assert isinstance(section.facts, SynodFacts)
    assert [(each.value, each.ballot) for each in section.facts.choices] == [("red", "1.n1")]
    assert section.lines[0].startswith("red was chosen in ballot 1.n1, accepted by ")
    assert "ballots begun: 1 (n1 1), the highest 1.n1" in section.lines
    assert "messages: 5 Prepare, 5 Promise, 5 Accept, 25 Accepted" in section.lines


def test_a_duel_is_reported_with_the_ballots_it_climbed() -> None:
    result = run(load("paxos-dueling-proposers"))
    facts = result.sections[0].facts
    assert isinstance(facts, SynodFacts)
    assert facts.choices == ()
    assert facts.ballots > 500
    assert result.sections[0].lines[0] == "nothing was chosen"
    liveness = next(each for each in result.checks if each.name == "liveness")
    assert "n1 and n2 still overtake each other, in ballots up to round" in liveness.detail


def test_a_disk_lost_chooses_two_values_and_the_report_names_both() -> None:
    section = run(load("paxos-acceptor-amnesia")).sections[0]
    assert [each.partition(" ")[0] for each in section.lines[:2]] == ["red", "blue"]


# ---------------------------------------------------------------- settling


def test_a_cluster_where_nothing_happened_settles_on_a_value_of_its_own() -> None:
    result = run(scenario())
    assert (result.verdict, verdicts(result)["liveness"]) == ("pass", "pass")
    assert "every server had learned settled" in next(e.detail for e in result.checks if e.name == "liveness")


def test_a_value_that_a_dead_proposer_left_behind_is_found_and_chosen() -> None:
    """n1 dies when only it and n2 have accepted red; somebody has to propose to find out."""
    steps = (
        "propose red at n1\nwait until promised(n2) == 1 and promised(n3) == 1 and promised(n4) == 1 within 50ms\n"
        "cut n1 -> n3 n4 n5\nwait until accepted(n2) == red within 50ms\nkill n1\nkill c1"
    )
    result = run(scenario(steps, '[cluster.network]\nlatency = "10ms"\n'))
    assert result.verdict == "pass"
    assert "every server had learned red" in next(e.detail for e in result.checks if e.name == "liveness")


# ---------------------------------------------------------------- histories and recordings


def test_a_history_tells_what_was_proposed_and_what_was_chosen() -> None:
    running = Run(scenario("propose red at n1\nwait 100ms\nlearn at n2 on c2\nwait 100ms"))
    for _ in running.go_on():
        pass
    told = [(each.f, each.key, each.argument, each.outcome, each.result) for each in running.operations]
    assert told == [("propose", "decree", "red", "ok", "red"), ("learn", "decree", None, "ok", "red")]
    assert all(isinstance(each, Operation) for each in running.operations)
    assert SynodReading().call(Propose("x")) == ("propose", "decree", "x")
    assert SynodReading().outcome(Propose("x"), Ok("y")) == ("ok", "y")


def test_a_recording_gives_the_same_again() -> None:
    made = session("propose red at n1", "kill n2", "propose blue at n3 on c2")
    again = replay(made.recording())
    assert [each.text for each in again.interventions] == [each.text for each in made.interventions]
    assert again.world.messages == made.world.messages
    assert look_up_without_session(again) == "red"


def test_the_lessons_on_paxos_are_shipped() -> None:
    assert {"paxos-for-one-value", "dueling-proposers"} <= set(lessons())
