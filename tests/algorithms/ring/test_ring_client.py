"""A ring client: whom it asks, what its writes replace, and how a request ends (Dynamo 4.4, 4.5, 5)."""

from __future__ import annotations

import pickle

import pytest
from ring_client_talk import (
    GET,
    PUT,
    ask,
    client,
    context,
    fire,
    has_ended,
    message,
    outcome,
    reply,
    targets,
)
from ring_server_talk import notes, timers
from ring_values import clock, deleted, written

from algorithms.lives import Life
from algorithms.machine import Asked, CancelTimer, Cell, Failed, Ok, Save, Saved, Send, Started, Unknown
from algorithms.ring.client import RingClient
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.clocks import Dot, VectorClock
from algorithms.ring.commands import AddNode, Delete, Found, Quorum, Read, RemoveNode, Write
from algorithms.ring.messages import ChangeRequest, ReadRequest, WriteRequest
from algorithms.ring.versions import Version, join

NEVER_SEEN = VectorClock()
UNAVAILABLE = "UnavailableException: 2 replicas are wanted, 1 seem to be alive"
WRITE_TIMEOUT = "WriteTimeoutException: 1 of 2 replicas have it"
READ_TIMEOUT = "ReadTimeoutException: 1 of 2 replicas answered"

# ---------------------------------------------------------------- identity


def test_a_life_is_on_disk_before_anything_is_sent_under_its_name() -> None:
    effects = RingClient("c1", ("n1",), RingClientSettings()).handle(Started(), 0)
    assert effects == [Save("life", Life(1), sync=True)]


def test_every_life_has_a_name_of_its_own_so_no_two_writes_are_named_alike() -> None:
    machine = RingClient("c1", ("n1",), RingClientSettings())
    machine.handle(Started(Saved((Cell("life", Life(4)),))), 0)
    request = message(ask(machine))
    assert isinstance(request, WriteRequest)
    assert (request.client_id, request.version.dot) == ("c1.5", Dot("c1.5", 1))


def test_a_life_behind_a_disk_that_has_lost_its_memory_is_named_by_the_clock() -> None:
    machine = RingClient("c1", ("n1",), RingClientSettings())
    assert machine.handle(Started(), 9_000_000) == [Save("life", Life(9_000))]


def test_an_answer_to_the_last_life_is_not_taken_for_one_of_this_life() -> None:
    machine = client()
    ask(machine, GET)
    assert reply(machine, "n1", "ok", client_id="c1.0") == []


def test_asking_before_it_has_started_is_our_own_bug() -> None:
    with pytest.raises(AssertionError, match="before it started"):
        RingClient("c1", ("n1",), RingClientSettings()).handle(Asked(7, GET), 0)


# ---------------------------------------------------------------- whom it asks: 5


def test_a_read_is_sent_with_a_timer_for_the_try_and_one_for_the_whole() -> None:
    effects = ask(client(("n1",)), Read("x", Quorum(r=1)))
    assert [each for each in effects if isinstance(each, Send)] == [
        Send("n1", ReadRequest("c1.1", 1, "x", Quorum(r=1)))
    ]
    assert timers(effects) == {"deadline 1": (3_000_000, 3_000_000), "try 1": (700_000, 700_000)}


def test_a_write_names_itself_and_says_when_it_was() -> None:
    request = message(ask(client(), PUT, now=55))
    assert request == WriteRequest("c1.1", 1, "x", Version(Dot("c1.1", 1), "new", 55), NEVER_SEEN, Quorum())


def test_requests_go_to_each_server_in_turn() -> None:
    machine = client()
    asked = [targets(ask(machine, GET, number))[0] for number in range(6)]
    assert sorted(asked[:3]) == ["n1", "n2", "n3"]
    assert asked[3:] == asked[:3]


def test_silence_makes_it_ask_the_next_server_for_the_very_same() -> None:
    """So whatever becomes of the first try, there is one write and no second one."""
    machine = client()
    first = ask(machine)
    again = fire(machine, "try 1")
    assert targets(again) != targets(first)
    assert message(again) == message(first)
    assert notes(again) == [f"put x new: no answer from {targets(first)[0]}, asks {targets(again)[0]}"]


def test_a_coordinator_that_seems_cut_off_sends_it_to_another_one_a_little_later() -> None:
    machine = client()
    (first,) = targets(ask(machine))
    effects = reply(machine, first, "refused", reason=UNAVAILABLE)
    assert targets(effects) == []
    assert timers(effects) == {"try 1": (175_000, 350_000)}
    assert targets(fire(machine, "try 1")) != [first]


def test_a_read_without_a_quorum_there_is_tried_elsewhere() -> None:
    machine = client()
    (first,) = targets(ask(machine, GET))
    reply(machine, first, "refused", reason=READ_TIMEOUT)
    assert targets(fire(machine, "try 1")) != [first]


def test_a_write_that_is_uncertain_there_is_tried_elsewhere_since_it_stays_one_write() -> None:
    machine = client()
    effects = ask(machine)
    (first,) = targets(effects)
    reply(machine, first, "uncertain", reason=WRITE_TIMEOUT)
    again = fire(machine, "try 1")
    assert message(again) == message(effects)
    assert outcome(reply(machine, targets(again)[0], "ok")) == Ok(None)


def test_a_second_copy_of_a_no_does_not_make_it_wait_twice() -> None:
    machine = client()
    (first,) = targets(ask(machine))
    reply(machine, first, "refused", reason=UNAVAILABLE)
    assert reply(machine, first, "refused", reason=UNAVAILABLE) == []


def test_who_is_told_to_ask_one_node_alone_asks_no_other() -> None:
    machine = client(coordinator="n2")
    assert targets(ask(machine, GET)) == ["n2"]
    effects = fire(machine, "try 1")
    assert targets(effects) == ["n2"]
    assert notes(effects) == ["get x: no answer from n2, asks it again"]


def test_it_asks_those_who_are_members_now() -> None:
    machine = client(("n1",))
    ask(machine, GET, 7)
    reply(machine, "n1", "ok", members=("n4", "n5"))
    asked = [targets(ask(machine, GET, number))[0] for number in (8, 9)]
    assert sorted(asked) == ["n4", "n5"]


# ---------------------------------------------------------------- what a write replaces: 4.4


def test_who_has_seen_nothing_replaces_nothing() -> None:
    assert context(ask(client())) == NEVER_SEEN


def test_a_write_replaces_what_its_client_has_read() -> None:
    machine = client()
    ask(machine, GET)
    found = join(written("a", "c2.1"), written("b", "c3.1"))
    reply(machine, "n1", "ok", versions=found)
    assert context(ask(machine)) == found.clock


def test_a_write_replaces_its_clients_own_earlier_writes_however_these_ended() -> None:
    machine = client()
    ask(machine)
    fire(machine, "deadline 1")
    assert context(ask(machine)) == clock(("c1.1", 1))


def test_a_write_that_is_still_under_way_is_replaced_by_the_next_one() -> None:
    machine = client()
    ask(machine, PUT, 7)
    assert context(ask(machine, PUT, 8)) == clock(("c1.1", 1))


def test_what_was_seen_is_not_forgotten_because_a_later_read_saw_less() -> None:
    machine = client()
    ask(machine, GET, 7)
    reply(machine, "n1", "ok", 1, written("new", "c2.1", 2))
    ask(machine, GET, 8)
    reply(machine, "n2", "ok", 2, written("old", "c2.1", 1))
    assert context(ask(machine)) == clock(("c2.1", 1), ("c2.1", 2))


def test_what_was_seen_of_one_key_says_nothing_of_another() -> None:
    machine = client()
    ask(machine, GET)
    reply(machine, "n1", "ok", versions=written("a"))
    assert context(ask(machine, Write("y", 1))) == NEVER_SEEN


def test_writes_are_counted_by_key_so_that_what_was_seen_stays_short() -> None:
    machine = client()
    for number, key in enumerate("xyxyx"):
        effects = ask(machine, Write(key, number), number)
    assert context(effects) == clock(("c1.1", 1), ("c1.1", 2))
    assert len(context(effects).intervals) == 1


def test_all_tries_replace_the_same_whatever_is_read_meanwhile() -> None:
    machine = client()
    first = context(ask(machine, PUT, 7))
    ask(machine, GET, 8)
    reply(machine, "n1", "ok", 2, written("a", "c2.1"))
    assert context(fire(machine, "try 1")) == first


def test_a_delete_is_the_write_of_a_tombstone() -> None:
    machine = client()
    ask(machine, GET)
    reply(machine, "n1", "ok", versions=written("a", "c2.1"))
    request = message(ask(machine, Delete("x"), now=9))
    assert isinstance(request, WriteRequest)
    assert request.version == Version(Dot("c1.1", 1), None, 9, deleted=True)
    assert request.context == clock(("c2.1", 1))


# ---------------------------------------------------------------- how a request ends


def test_ok_ends_a_write_and_its_timers() -> None:
    machine = client()
    ask(machine)
    effects = reply(machine, "n1", "ok")
    assert outcome(effects) == Ok(None)
    assert [each for each in effects if isinstance(each, CancelTimer)] == [
        CancelTimer("try 1"),
        CancelTimer("deadline 1"),
    ]
    assert machine.view().outstanding == ()


def test_a_read_ends_with_all_siblings_in_the_order_of_their_names() -> None:
    machine = client()
    ask(machine, GET)
    found = join(written("z", "c2.1"), written("a", "c3.1"))
    assert outcome(reply(machine, "n1", "ok", versions=found)) == Found(("z", "a"))


def test_two_writes_of_the_same_value_are_one_value() -> None:
    machine = client()
    ask(machine, GET)
    found = join(written("a", "c2.1"), written("a", "c3.1"))
    assert outcome(reply(machine, "n1", "ok", versions=found)) == Found(("a",))


def test_a_key_that_nobody_has_written_is_found_empty() -> None:
    machine = client()
    ask(machine, GET)
    assert outcome(reply(machine, "n1", "ok")) == Found(())


def test_a_tombstone_is_no_value_but_is_known_of() -> None:
    machine = client()
    ask(machine, GET)
    gone = deleted(written("a", "c2.1"), "c2.1")
    assert outcome(reply(machine, "n1", "ok", versions=gone)) == Found(())
    assert context(ask(machine)) == gone.clock


def test_a_late_ok_of_an_earlier_try_counts() -> None:
    machine = client()
    (first,) = targets(ask(machine))
    fire(machine, "try 1")
    assert outcome(reply(machine, first, "ok")) == Ok(None)


def test_a_request_that_makes_no_sense_has_failed_at_once() -> None:
    machine = client()
    ask(machine, Write("x", 1, Quorum(w=4)))
    effects = reply(machine, "n2", "refused", reason="W is 4, and N only 3")
    assert outcome(effects) == Failed("W is 4, and N only 3")
    assert notes(effects) == ["put x 1 --w 4 failed: W is 4, and N only 3"]


def test_a_no_behind_a_try_that_nobody_answered_is_no_clear_no() -> None:
    machine = client()
    ask(machine)
    (second,) = targets(fire(machine, "try 1"))
    assert isinstance(outcome(reply(machine, second, "refused", reason="W is 2, and N only 1")), Unknown)


def test_a_write_that_nobody_answered_is_unknown_and_says_who_was_silent() -> None:
    machine = client()
    asked = targets(ask(machine)) + targets(fire(machine, "try 1"))
    effects = fire(machine, "deadline 1")
    assert outcome(effects) == Unknown(f"no answer from {', '.join(asked)} in 2 tries")
    assert notes(effects) == [f"put x new may or may not be done: no answer from {', '.join(asked)} in 2 tries"]


def test_a_write_that_stays_uncertain_is_unknown() -> None:
    machine = client()
    (first,) = targets(ask(machine))
    reply(machine, first, "uncertain", reason=WRITE_TIMEOUT)
    assert outcome(fire(machine, "deadline 1")) == Unknown(WRITE_TIMEOUT)


def test_a_write_that_was_uncertain_once_is_unknown_though_the_last_word_was_a_no() -> None:
    machine = client()
    (first,) = targets(ask(machine))
    reply(machine, first, "uncertain", reason=WRITE_TIMEOUT)
    (second,) = targets(fire(machine, "try 1"))
    reply(machine, second, "refused", reason=UNAVAILABLE)
    assert outcome(fire(machine, "deadline 1")) == Unknown(UNAVAILABLE)


def test_a_late_word_that_it_is_uncertain_is_remembered() -> None:
    machine = client()
    (first,) = targets(ask(machine))
    (second,) = targets(fire(machine, "try 1"))
    reply(machine, first, "uncertain", reason=WRITE_TIMEOUT)
    reply(machine, second, "refused", reason=UNAVAILABLE)
    assert isinstance(outcome(fire(machine, "deadline 1")), Unknown)


def test_a_write_whose_one_try_was_clearly_refused_has_failed() -> None:
    machine = client()
    (first,) = targets(ask(machine))
    reply(machine, first, "refused", reason=UNAVAILABLE)
    assert outcome(fire(machine, "deadline 1")) == Failed(UNAVAILABLE)


@pytest.mark.parametrize(("status", "reason"), [("refused", READ_TIMEOUT), ("refused", UNAVAILABLE)])
def test_a_read_that_comes_to_nothing_has_failed_and_is_never_unknown(status: str, reason: str) -> None:
    machine = client()
    for _ in range(3):
        (server,) = targets(ask(machine, GET) if not machine.view().outstanding else fire(machine, "try 1"))
        reply(machine, server, status, reason=reason)
    assert outcome(fire(machine, "deadline 1")) == Failed(reason)


def test_a_read_that_nobody_answered_has_failed() -> None:
    machine = client(("n1",))
    ask(machine, GET)
    assert outcome(fire(machine, "deadline 1")) == Failed("no answer from n1 in 1 tries")


def test_what_comes_after_the_end_changes_nothing() -> None:
    machine = client()
    ask(machine)
    fire(machine, "deadline 1")
    before = machine.view()
    assert reply(machine, "n1", "ok") == []
    assert machine.view() == before


# ---------------------------------------------------------------- members


def test_a_change_of_members_is_sent_as_it_is_and_has_more_time() -> None:
    machine = client()
    effects = ask(machine, AddNode("n4", 2.0))
    assert message(effects) == ChangeRequest("c1.1", 1, AddNode("n4", 2.0))
    assert timers(effects)["deadline 1"] == (10_000_000, 10_000_000)
    assert outcome(reply(machine, "n1", "ok")) == Ok(None)


def test_a_change_that_makes_no_sense_has_failed() -> None:
    machine = client()
    ask(machine, RemoveNode("n1"))
    reason = "n1 is the last node of the ring; somebody must hold the keys"
    assert outcome(reply(machine, "n1", "refused", reason=reason)) == Failed(reason)


def test_a_change_without_a_majority_is_unknown() -> None:
    machine = client()
    (first,) = targets(ask(machine, RemoveNode("n1")))
    assert not has_ended(reply(machine, first, "uncertain", reason="a majority of n1, n2, n3 did not agree in time"))
    assert isinstance(outcome(fire(machine, "deadline 1")), Unknown)


# ---------------------------------------------------------------- for onlookers


def test_the_view_shows_whom_each_request_waits_for_and_how_the_others_ended() -> None:
    machine = client()
    ask(machine, GET, 7)
    reply(machine, "n1", "ok")
    ask(machine, PUT, 8)
    fire(machine, "deadline 2")
    ask(machine, GET, 9)
    fire(machine, "deadline 3")
    (server,) = targets(ask(machine, PUT, 10, now=44))
    view = machine.view()
    assert (view.name, view.client_id) == ("c1", "c1.1")
    assert (view.done, view.unknown, view.failed) == (1, 1, 1)
    (shown,) = view.outstanding
    assert (shown.request_id, shown.command, shown.asked_at, shown.tries, shown.server) == (10, PUT, 44, 1, server)


def test_a_client_can_be_pickled_in_the_middle_of_things() -> None:
    machine = client()
    ask(machine)
    copy = pickle.loads(pickle.dumps(machine))
    assert fire(copy, "try 1") == fire(machine, "try 1")
