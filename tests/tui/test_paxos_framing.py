"""From Paxos servers' views to a frame and to sentences: what is accepted is what the servers themselves say."""

from __future__ import annotations

from dataclasses import replace

from demo_paxos import (
    CALM,
    CHOSEN,
    DUEL,
    DUEL_VIEWS,
    NAMES,
    NEW,
    PAXOS,
    SYNOD,
    VIEWS,
    acceptor,
    server,
)

from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.messages import Prepare
from algorithms.paxos.view import Quorums
from playground.spec import DEFAULT_SPEC, build_world
from tui.glyphs import Role
from tui.paxos_details import paxos_facts, paxos_rows, synod_client_facts, synod_facts
from tui.paxos_frame import Holding, PaxosFrame
from tui.paxos_framing import paxos_face, paxos_frame, paxos_in_words
from tui.paxos_words import missing_sentence, need_words, role_sentence, synod_sentences
from tui.synod_framing import synod_face, synod_frame, synod_in_words
from tui.synod_log import MOST, SynodLog


def slot(number: int, paxos: PaxosFrame = PAXOS):  # type: ignore[no-untyped-def]
    return next(each for each in paxos.slots if each.slot == number)


def test_the_leader_is_whoever_leads_in_the_highest_ballot() -> None:
    old = server("n1", "leader", ballot=Ballot(5, "n1"))
    assert paxos_frame(NAMES, (), VIEWS | {"n1": old}).leader == "n3"
    assert (PAXOS.leader, PAXOS.ballot, PAXOS.commit) == ("n3", NEW, 43)


def test_a_slot_s_votes_are_what_the_servers_have_accepted() -> None:
    open_slot = slot(44)
    assert (open_slot.votes, open_slot.heard, open_slot.chosen) == (("n1", "n3"), ("n1", "n3"), False)
    assert open_slot.holdings == (
        Holding.NEWEST, Holding.HOLE, Holding.NEWEST, Holding.HOLE, Holding.UNKNOWN,
    )  # fmt: skip


def test_what_is_in_a_snapshot_is_no_hole() -> None:
    assert slot(40).holdings[3] is Holding.COMPACTED
    assert slot(45).is_hole
    assert slot(37).is_no_op


def test_an_older_ballot_in_a_slot_is_not_a_vote_for_the_newer_one() -> None:
    late = server("n2", slots=tuple(replace_ballot(each) for each in VIEWS["n1"].slots))  # type: ignore[union-attr]
    face = slot(44, paxos_frame(NAMES, (), VIEWS | {"n2": late}))
    assert (face.holdings[1], face.rounds[1], face.votes) == (Holding.OLDER, 5, ("n1", "n3"))


def replace_ballot(each):  # type: ignore[no-untyped-def]
    return type(each)(each.slot, Ballot(5, "n1"), each.value, (), each.chosen)


def test_the_sentence_counts_the_accepts_that_are_missing() -> None:
    assert missing_sentence(PAXOS) == "slot 44: 1 more accept of 7.n3 chooses put y 2"
    assert need_words(PAXOS, slot(44)) == "needs 1"
    assert missing_sentence(CALM) == "every slot up to 43 is chosen"


def test_with_flexible_quorums_fewer_accepts_choose() -> None:
    flexible = replace(PAXOS, quorums=Quorums(4, 2))
    assert missing_sentence(flexible) == "slot 44: accepted by n1 n3: chosen, and n3 has to hear of it"


def test_a_hole_keeps_later_slots_waiting() -> None:
    holed = replace(PAXOS, slots=PAXOS.slots[-2:])
    assert missing_sentence(holed) == "slot 45 is a hole: a leader fills it with a no-op before 46 can be applied"


def test_a_value_of_an_older_ballot_is_proposed_again() -> None:
    older = replace(PAXOS, slots=PAXOS.slots[-1:])
    assert missing_sentence(older) == "slot 46: put q 9 of 5.n1 has to be accepted again in 7.n3"


def test_whoever_prepares_says_what_it_still_needs() -> None:
    assert role_sentence(DUEL) == "n2 prepares 8.n2: promises of n2 n4; 1 more promise and it leads"
    assert DUEL.proposers == 2
    assert role_sentence(PAXOS) == "n3 leads in ballot 7.n3"


def test_without_a_quorum_nobody_can_lead() -> None:
    few = paxos_frame(NAMES, (), {"n1": server("n1"), "n2": server("n2")})
    assert role_sentence(few) == "nobody can lead: 2 of 5 are up, phase 1 needs 3"
    assert paxos_in_words("paxos", few).well is False


def test_cards_tell_ballot_and_role() -> None:
    node = build_world(DEFAULT_SPEC, 1).node("n3")
    face = paxos_face(0, node, "paxos", PAXOS.rows[2])
    assert face.card is not None
    assert (face.role, face.card.title, face.card.short, face.card.words) == (
        Role.LEADER, "7.n3", "s44", "1 not chosen",
    )  # fmt: skip


def test_the_inspector_tells_the_open_slots_first() -> None:
    view = VIEWS["n3"]
    assert paxos_facts(view)[:2] == (("promised", "7.n3"), ("chosen", "43/44"))  # type: ignore[arg-type]
    assert paxos_rows(view)[0] == ("slot 44", "not chosen  put y 2 in 7.n3  accepted by n1 n3")  # type: ignore[arg-type]


# ---------------------------------------------------------------- the synod


def test_a_value_is_chosen_once_a_quorum_has_accepted_it_though_nobody_knows() -> None:
    views = {name: acceptor(name, accepted=NEW, accepted_value="blue") for name in NAMES[:3]}
    made = synod_frame(NAMES, (), views)
    assert made.chosen == ("blue",)
    assert synod_sentences(made) == (
        "blue is chosen: n1 n2 n3 have accepted 7.n3, for ever",
        "n1 n2 n3 have not learned it yet",
    )


def test_accepts_of_different_ballots_choose_nothing() -> None:
    views = {name: acceptor(name, accepted=Ballot(at, name), accepted_value="blue") for at, name in enumerate(NAMES, 1)}
    assert synod_frame(NAMES, (), views).chosen == ()


def test_a_duel_is_told_with_what_the_highest_ballot_needs() -> None:
    assert synod_sentences(SYNOD) == (
        "n2 needs 1 more promise of 8.n2 before it may propose a value",
        "n2 and n3 duel: 8 ballots so far, nothing chosen",
        "a quorum with n1 or n3 in it must propose blue",
    )
    assert synod_in_words("synod", SYNOD).words == "2 duel"


def test_a_proposer_alone_in_phase_2_counts_its_accepts() -> None:
    alone = DUEL_VIEWS | {"n2": acceptor("n2"), "n5": acceptor("n5")}
    assert synod_sentences(synod_frame(NAMES, (), alone))[0] == "1 more accept of 7.n3 chooses blue"


def test_roles_of_the_synod_are_those_of_its_proposers_and_learners() -> None:
    assert [row.role for row in SYNOD.rows[:3]] == [Role.ACCEPTOR, Role.PREPARING, Role.PROPOSING]
    assert [row.role for row in CHOSEN.rows] == [Role.DECIDED, Role.DECIDED, Role.DECIDED, Role.ACCEPTOR, Role.DOWN]
    node = build_world(DEFAULT_SPEC, 1).node("n3")
    face = synod_face(0, node, "synod", SYNOD.rows[2])
    assert face.card is not None
    assert (face.card.title, face.card.short, face.card.words) == ("7.n3", "2/3", "accepts 2/3")


def test_a_ballot_counts_once_however_many_acceptors_it_goes_to() -> None:
    log = SynodLog()
    for number in range(1, MOST + 11):
        for _ in NAMES:
            log.begun_by(Prepare(Ballot(number, "n1")))
    assert (log.begun, len(log.ballots), log.ballots[-1]) == (MOST + 10, MOST, Ballot(MOST + 10, "n1"))


def test_the_inspector_tells_the_three_agents_of_a_synod_s_server() -> None:
    facts = dict(synod_facts(DUEL_VIEWS["n3"]))  # type: ignore[arg-type]
    assert (facts["accepted"], facts["learned"], facts["phase"]) == ("blue in 7.n3", "nothing", "accept")
    assert synod_client_facts(DUEL_VIEWS["c1"])[-1] == ("was told", "nothing")  # type: ignore[arg-type]
    assert NO_BALLOT < NEW
