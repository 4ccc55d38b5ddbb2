"""Multi-Paxos as a kind of service: settings, standing, questions, reports, and the same clients as Raft's."""

from __future__ import annotations

import pytest

from algorithms.paxos.settings import PaxosSettings
from playground.commands import parse_condition
from playground.errors import BadInput
from playground.kinds.paxos_ledger import PaxosLedger
from playground.kinds.paxos_section import PaxosFacts
from playground.predicates import Nodes, evaluate, look_up
from playground.run import run
from playground.scenario import Scenario, load, read_scenario
from playground.services import kind_of
from playground.session import Session, replay
from playground.spec import PAXOS, ServiceSpec, Spec

SPEC = Spec(services=(PAXOS,))


def session(*lines: str, spec: Spec = SPEC) -> Session:
    """Half a second for an election, then one line after the other with a tenth of a second behind each."""
    made = Session(spec, 1)
    made.run_until(500_000)
    for line in lines:
        made.do(line)
        made.run_until(made.world.now + 100_000)
    return made


def ask(made: Session, text: str) -> object:
    return look_up(parse_condition(text), made)  # type: ignore[arg-type]


def holds(made: Session, text: str) -> bool:
    return evaluate(parse_condition(text), made)


def scenario(rest: str = "", services: str = '["paxos"]') -> Scenario:
    text = f'title = "T"\nsteps = """\nwait 2s\n"""\n[cluster]\nservices = {services}\n{rest}'
    return read_scenario(text, "t", "t.toml")


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("phase_1_quorum = 3\nphase_2_quorum = 2", "line 9: quorums of 3 for phase 1 and 2 for phase 2 of 5 acceptors"),
        ("phase_1_quorum = 9", "a quorum of 9 for phase 1 cannot be had of 5 acceptors"),
        ('election_timeout_longest = "10ms"', "the longest election timeout cannot be below the shortest"),
        ("alpha = 0", '"alpha" must be at least 1'),
        ("phase_3_quorum = 1", "did you mean"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(settings: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        scenario(f"[cluster.paxos]\n{settings}\n")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_quorums_that_need_not_meet_can_be_asked_for_by_name() -> None:
    rest = "[cluster.paxos]\nphase_1_quorum = 3\nphase_2_quorum = 2\nallow_broken_quorums = true\n"
    assert isinstance(scenario(rest).spec.services[0].settings, PaxosSettings)


def test_a_preset_with_terms_is_for_raft() -> None:
    with pytest.raises(BadInput, match="Paxos has ballots"):
        scenario("[cluster.preset.n1]\nterms = [1, 1]\n")


# ---------------------------------------------------------------- standing


def test_roles_and_numbers_can_be_asked_for_as_with_raft() -> None:
    made = session("put x 1")
    (leader,) = ask(made, "leader(paxos)").names  # type: ignore[attr-defined]
    assert ask(made, f"role({leader})") == "leader"
    assert ask(made, "value(x)") == 1
    assert ask(made, f"term({leader})") == ask(made, f"ballot({leader})") == 1
    assert ask(made, "commit(paxos)") == ask(made, "last(paxos)")
    assert holds(made, "logs-equal(paxos)")
    assert all(ask(made, f"voter({name})") for name in SPEC.nodes)
    assert isinstance(ask(made, "follower(paxos)"), Nodes)


def test_selectors_find_its_leader() -> None:
    made = session("kill leader(paxos)")
    assert sum(node.up for node in made.world.nodes.values()) == len(made.world.nodes) - 1


def test_the_leader_and_the_voters_can_be_changed() -> None:
    made = session("transfer n3")
    assert ask(made, "leader(paxos)") == Nodes(("n3",), True)
    made.do("members n1 n2 n3")
    made.run_until(made.world.now + 3_000_000)
    assert ask(made, "voter(n5)") is False
    assert ask(made, "role(n5)") == "outsider"


def test_a_standing_is_a_line_a_server() -> None:
    lines = kind_of("paxos").standing(session("put x 1").world, "paxos")
    assert len(lines) == 5
    assert any(": leader, promised 1.n" in each for each in lines)


def test_what_it_cannot_do_is_told() -> None:
    with pytest.raises(BadInput, match='paxos does not know "delete"'):
        session("paxos: delete x")


def test_raft_and_paxos_run_the_same_clients_side_by_side() -> None:
    made = session("raft: put x 1", "paxos: put x 2", spec=Spec(services=(ServiceSpec(), PAXOS)))
    assert ask(made, "value(x, raft)") == 1
    assert ask(made, "value(x, paxos)") == 2


# ---------------------------------------------------------------- what is remembered, and told


def test_a_ledger_knows_who_led_and_which_slots_hold_nothing() -> None:
    made = session("put x 1", "kill leader(paxos)")
    made.run_until(made.world.now + 1_000_000)
    ledger = made.ledgers["paxos"]
    assert isinstance(ledger, PaxosLedger)
    assert [ballot.round for _, ballot in ledger.led] == [1, 2]
    assert ask(made, "no-ops(paxos)") == len(ledger.no_ops)


def test_a_report_tells_leaders_and_slots() -> None:
    result = run(load("paxos-log-holes"))
    (section,) = result.sections
    assert isinstance(section.facts, PaxosFacts)
    assert section.facts.leaders == 2
    assert section.facts.no_ops >= 1
    assert "filled with a no-op" in section.lines[1]


def test_a_run_is_the_same_run_again() -> None:
    made = session("put x 1", "kill leader(paxos)", "put x 2")
    again = replay(made.recording())
    assert kind_of("paxos").standing(again.world, "paxos") == kind_of("paxos").standing(made.world, "paxos")
