"""A Raft client: whom it asks, and how a request ends. One event in and effects out."""

from __future__ import annotations

import pickle

import pytest
from raft_client_talk import PUT, SERVERS, answers, ask, client, fire, notes, outcome, reply, request, sends, targets

from algorithms.kv import Get
from algorithms.machine import (
    Asked,
    Cell,
    Failed,
    Ok,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    Unknown,
)
from algorithms.replicated.client import LogClient, LogClientSettings
from algorithms.replicated.client_view import Life
from algorithms.replicated.messages import ChangeConfiguration

# ---------------------------------------------------------------- identity


def test_a_life_is_on_disk_before_anything_is_sent_under_its_name() -> None:
    effects = LogClient("c1", SERVERS, LogClientSettings()).handle(Started(), 0)
    assert effects[0] == Save("life", Life(1), sync=True)
    assert not sends(effects)


def test_every_life_has_a_name_of_its_own() -> None:
    machine = LogClient("c1", SERVERS, LogClientSettings())
    effects = machine.handle(Started(Saved(cells=(Cell("life", Life(4)),))), 0)
    assert effects[0] == Save("life", Life(5))
    assert sends(ask(machine)) == [Send("n1", request(1, 1, client_id="c1.5.1"))]


def test_an_answer_to_the_last_life_is_not_taken_for_one_of_this_life() -> None:
    machine = LogClient("c1", SERVERS, LogClientSettings())
    machine.handle(Started(Saved(cells=(Cell("life", Life(1)),))), 0)
    ask(machine, Get("x"))
    assert reply(machine, "n1", "ok", sequence=1, client_id="c1.1.1") == []


# ---------------------------------------------------------------- finding the leader (dissertation 6.2)


def test_a_request_goes_to_the_first_server_with_a_timer_for_the_try_and_one_for_the_whole() -> None:
    assert ask(client()) == [
        SetTimer("deadline 7", 2_000_000, 2_000_000),
        Send("n1", request(1, 1)),
        SetTimer("try 7", 100_000, 100_000),
    ]


def test_a_hint_is_followed_at_once_with_the_same_sequence() -> None:
    machine = client()
    ask(machine)
    effects = reply(machine, "n1", "not_leader", leader_hint="n3")
    assert sends(effects) == [Send("n3", request(1, 1))]
    assert "redirected to n3" in notes(effects)


def test_a_leader_that_came_later_is_followed_too() -> None:
    machine = client()
    ask(machine)
    assert targets(reply(machine, "n1", "not_leader", leader_hint="n6")) == ["n6"]
    reply(machine, "n6", "ok")
    assert machine.view().believed_leader == "n6"


def test_who_answered_is_believed_to_lead_and_asked_first_next_time() -> None:
    machine = client()
    ask(machine)
    reply(machine, "n1", "not_leader", leader_hint="n3")
    reply(machine, "n3", "ok")
    assert machine.view().believed_leader == "n3"
    assert targets(ask(machine, request_id=8)) == ["n3"]


def test_silence_makes_it_try_the_next_server_and_doubt_the_leader() -> None:
    machine = client()
    ask(machine)
    effects = fire(machine, "try 7")
    assert sends(effects) == [Send("n2", request(1, 1))]
    assert "no answer from n1 in 100 ms, tries n2" in notes(effects)
    assert machine.view().believed_leader is None


def test_a_silent_leader_is_not_the_next_one_tried() -> None:
    machine = client()
    ask(machine)
    reply(machine, "n1", "not_leader", leader_hint="n2")
    assert targets(fire(machine, "try 7")) == ["n3"]


def test_all_servers_get_their_turn_though_each_names_the_same_dead_leader() -> None:
    machine = client()
    asked = targets(ask(machine, Get("x")))
    for _ in range(6):
        asked += targets(fire(machine, "try 7"))
        if asked[-1] != "n1":
            asked += targets(reply(machine, asked[-1], "not_leader", leader_hint="n1"))
    assert {"n1", "n2", "n3"} <= set(asked)


def test_without_a_hint_it_waits_a_little() -> None:
    machine = client(backoff_shortest=5, backoff_longest=9)
    ask(machine)
    effects = reply(machine, "n1", "not_leader")
    assert sends(effects) == []
    assert SetTimer("try 7", 5, 9) in effects
    assert targets(fire(machine, "try 7")) == ["n2"]


def test_hints_in_a_circle_are_not_followed_for_ever() -> None:
    machine = client()
    ask(machine)
    followed = 0
    at = "n1"
    while sent := targets(reply(machine, at, "not_leader", leader_hint="n2" if at == "n1" else "n1")):
        (at,) = sent
        followed += 1
    assert followed == len(SERVERS)


def test_who_sticks_to_one_server_follows_nobody() -> None:
    machine = client(stick_to="n2")
    assert targets(ask(machine)) == ["n2"]
    assert targets(reply(machine, "n2", "not_leader", leader_hint="n3")) == []
    assert targets(fire(machine, "try 7")) == ["n2"]
    assert targets(fire(machine, "try 7")) == ["n2"]


# ---------------------------------------------------------------- how a request ends


def test_ok_ends_the_request_and_its_timers() -> None:
    machine = client()
    ask(machine, Get("x"))
    effects = reply(machine, "n1", "ok", value=5)
    assert outcome(effects) == Ok(5)
    assert machine.view().outstanding == ()
    assert machine.view().done == 1


def test_a_late_ok_of_an_earlier_try_counts() -> None:
    machine = client()
    ask(machine)
    fire(machine, "try 7")
    assert outcome(reply(machine, "n1", "ok")) == Ok(None)


def test_a_write_that_somebody_has_not_answered_is_unknown() -> None:
    machine = client()
    ask(machine)
    fire(machine, "try 7")
    reply(machine, "n2", "not_leader")
    assert outcome(fire(machine, "deadline 7")) == Unknown("no answer from n1 in 2 tries")


def test_a_write_that_nobody_took_has_failed_where_refusals_are_final() -> None:
    machine = client(refusals_are_final=True)
    ask(machine)
    reply(machine, "n1", "not_leader")
    assert outcome(fire(machine, "deadline 7")) == Failed("no server would take it in 1 tries")


def test_a_late_no_clears_an_earlier_try() -> None:
    machine = client(refusals_are_final=True)
    ask(machine)
    fire(machine, "try 7")
    reply(machine, "n2", "not_leader")
    assert reply(machine, "n1", "not_leader", leader_hint="n3") == []
    assert isinstance(outcome(fire(machine, "deadline 7")), Failed)


def test_a_second_copy_of_a_no_does_not_clear_another_servers_try() -> None:
    machine = client()
    ask(machine)
    reply(machine, "n1", "not_leader", leader_hint="n2")
    reply(machine, "n1", "not_leader", leader_hint="n2")
    assert isinstance(outcome(fire(machine, "deadline 7")), Unknown)


def test_a_write_is_not_said_to_have_failed_where_the_network_may_duplicate() -> None:
    machine = client()
    ask(machine)
    reply(machine, "n1", "not_leader")
    assert isinstance(outcome(fire(machine, "deadline 7")), Unknown)


def test_an_administrator_hears_of_a_refusal_at_once_even_there() -> None:
    machine = client()
    ask(machine, ChangeConfiguration(0, ("n1",)))
    assert isinstance(outcome(reply(machine, "n1", "refused", reason="another change is under way")), Failed)


def test_a_read_without_an_answer_has_failed_because_it_changes_nothing() -> None:
    machine = client()
    ask(machine, Get("x"))
    assert outcome(fire(machine, "deadline 7")) == Failed("no answer from n1 in 1 tries")


def test_a_refusal_is_a_failure() -> None:
    machine = client()
    ask(machine, ChangeConfiguration(0, ("n1",)))
    effects = reply(machine, "n1", "refused", reason="another change is on its way")
    assert outcome(effects) == Failed("n1: another change is on its way")


def test_a_refusal_while_another_try_stands_open_waits_for_that_one() -> None:
    machine = client()
    ask(machine, ChangeConfiguration(0, ("n1",)))
    fire(machine, "try 7")
    assert answers(reply(machine, "n2", "refused", reason="a change is on its way")) == []
    assert outcome(reply(machine, "n1", "ok")) == Ok(None)


def test_a_refusal_while_another_try_stands_open_is_asked_about_again() -> None:
    machine = client()
    ask(machine, ChangeConfiguration(0, ("n1",)))
    fire(machine, "try 7")
    effects = reply(machine, "n2", "refused", reason="a change is on its way")
    assert SetTimer("try 7", 1_000_000, 1_000_000) in effects
    assert len(sends(fire(machine, "try 7"))) == 1


def test_a_refusal_while_another_try_stands_open_is_unknown_in_the_end() -> None:
    machine = client()
    ask(machine, ChangeConfiguration(0, ("n1",)))
    fire(machine, "try 7")
    reply(machine, "n2", "refused", reason="a change is on its way")
    assert outcome(fire(machine, "deadline 7")) == Unknown("n2: a change is on its way")


def test_what_comes_after_the_end_changes_nothing() -> None:
    machine = client()
    ask(machine)
    fire(machine, "deadline 7")
    before = machine.view()
    assert reply(machine, "n1", "ok") == []
    assert machine.view() == before


# ---------------------------------------------------------------- for onlookers


def test_the_view_shows_whom_each_request_waits_for() -> None:
    machine = client()
    machine.handle(Asked(7, PUT), 55)
    fire(machine, "try 7")
    reply(machine, "n2", "not_leader")
    (shown,) = machine.view().outstanding
    assert (shown.request_id, shown.command, shown.asked_at, shown.tries) == (7, PUT, 55, 2)
    assert (shown.server, shown.backing_off, shown.unanswered) == ("n2", True, ("n1",))


def test_the_view_counts_how_requests_ended() -> None:
    machine = client()
    ask(machine, request_id=1)
    reply(machine, "n1", "ok")
    ask(machine, request_id=2)
    fire(machine, "deadline 2")
    ask(machine, Get("x"), request_id=3)
    fire(machine, "deadline 3")
    view = machine.view()
    assert (view.done, view.failed, view.unknown) == (1, 1, 1)


def test_a_client_can_be_pickled_in_the_middle_of_things() -> None:
    machine = client()
    ask(machine)
    copy = pickle.loads(pickle.dumps(machine))
    assert fire(copy, "try 7") == fire(machine, "try 7")


def test_asking_before_it_has_started_is_our_own_bug() -> None:
    with pytest.raises(AssertionError, match="before it started"):
        ask(LogClient("c1", SERVERS, LogClientSettings()))
