"""A Raft client's sessions: done once, and never said to have failed when it may be done (dissertation 6.3)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from raft_client_talk import PUT, answers, ask, client, fire, outcome, reply, request, sends

from algorithms.kv import Get
from algorithms.machine import (
    Effect,
    Failed,
    Ok,
    Record,
    Send,
    SetTimer,
    Unknown,
)
from algorithms.replicated.messages import ChangeConfiguration, ClientRequest, TransferLeadership

# ---------------------------------------------------------------- sessions (dissertation 6.3)


def test_a_retry_has_the_same_sequence() -> None:
    machine = client()
    first = sends(ask(machine))[0].message
    assert sends(fire(machine, "try 7"))[0].message == first


def test_several_requests_are_numbered_and_tell_the_oldest_that_is_unanswered() -> None:
    machine = client()
    ask(machine, request_id=7)
    assert sends(ask(machine, request_id=8))[0].message == request(2, 1)
    reply(machine, "n1", "ok", sequence=1)
    assert sends(ask(machine, request_id=9))[0].message == request(3, 2)
    reply(machine, "n1", "ok", sequence=3)
    assert sends(ask(machine, request_id=10))[0].message == request(4, 2)


def test_after_unknown_the_sequence_counts_as_answered() -> None:
    machine = client()
    ask(machine)
    fire(machine, "deadline 7")
    assert sends(ask(machine, request_id=8))[0].message == request(2, 2)


def test_an_administrators_wish_carries_the_session_too() -> None:
    machine = client()
    (change,) = sends(ask(machine, ChangeConfiguration(0, ("n1", "n4"))))
    assert change.message == ChangeConfiguration(1, ("n1", "n4"), "c1.1.1")
    (transfer,) = sends(ask(machine, TransferLeadership(0, "n2"), request_id=8))
    assert transfer.message == TransferLeadership(2, "n2", "c1.1.1")


def test_an_administrators_wish_has_more_time() -> None:
    effects = ask(client(), ChangeConfiguration(0, ("n1",)))
    assert SetTimer("deadline 7", 10_000_000, 10_000_000) in effects
    assert SetTimer("try 7", 1_000_000, 1_000_000) in effects


def test_a_forgotten_session_is_opened_anew_if_nothing_can_have_been_done() -> None:
    machine = client(refusals_are_final=True)
    ask(machine)
    effects = reply(machine, "n1", "session_expired")
    assert sends(effects) == [Send("n1", request(1, 1, client_id="c1.1.2"))]


def test_a_forgotten_session_leaves_a_retried_write_unknown() -> None:
    machine = client()
    ask(machine)
    fire(machine, "try 7")
    assert isinstance(outcome(reply(machine, "n2", "session_expired")), Unknown)
    assert sends(ask(machine, request_id=8))[0].message == request(1, 1, client_id="c1.1.2")


def test_a_forgotten_session_is_forgotten_once_for_all_that_were_in_it() -> None:
    machine = client(refusals_are_final=True)
    ask(machine, request_id=7)
    ask(machine, request_id=8)
    reply(machine, "n1", "session_expired", sequence=1)
    (again,) = sends(reply(machine, "n2", "session_expired", sequence=2))
    assert again.message == request(2, 1, client_id="c1.1.2")


def test_a_second_copy_of_session_expired_asks_for_nothing_a_third_time() -> None:
    machine = client()
    ask(machine)
    reply(machine, "n1", "session_expired")
    assert reply(machine, "n1", "session_expired") == []


def test_a_read_in_a_forgotten_session_is_asked_again_even_after_silence() -> None:
    machine = client()
    ask(machine, Get("x"))
    fire(machine, "try 7")
    (again,) = sends(reply(machine, "n2", "session_expired"))
    assert again.message == request(1, 1, Get("x"), "c1.1.2")


def test_without_sessions_every_try_is_a_stranger() -> None:
    machine = client(sessions=False)
    assert sends(ask(machine))[0].message == request(1, 1)
    assert sends(fire(machine, "try 7"))[0].message == request(1, 1, client_id="c1.1.2")
    assert outcome(reply(machine, "n1", "ok", client_id="c1.1.1")) == Ok(None)


# ---------------------------------------------------------------- against every behaviour of servers


class Trial:
    """A client, and any servers at all: a message is taken, refused, answered late or lost, as the dice say."""

    def __init__(self) -> None:
        self.machine = client()
        self.flying: list[Send] = []
        self.named: dict[int, tuple[str, int]] = {}
        self.applied: list[tuple[str, int]] = []
        self.ended: dict[int, Record] = {}

    def step(self, number: int, what: str, which: int) -> None:
        match what:
            case "ask":
                self.ask(number)
            case "try" | "deadline":
                self.ring(what, which)
            case _ if self.flying:
                self.take(self.flying.pop(which % len(self.flying)), what)

    def ask(self, request_id: int) -> None:
        effects = ask(self.machine, PUT, request_id)
        self.named[request_id] = _name(sends(effects)[0])
        self.keep(effects)

    def ring(self, timer: str, which: int) -> None:
        if outstanding := self.machine.view().outstanding:
            request_id = outstanding[which % len(outstanding)].request_id
            self.keep(fire(self.machine, f"{timer} {request_id}"))

    def take(self, send: Send, status: str) -> None:
        """ "swallowed" is done, and its answer is lost."""
        name = _name(send)
        if status in ("ok", "swallowed") and name not in self.applied:
            self.applied.append(name)
        if status != "swallowed":
            self.keep(reply(self.machine, send.target, status, name[1], name[0], leader_hint="n2"))

    def finish(self) -> None:
        """Time runs out for whatever is left."""
        for shown in self.machine.view().outstanding:
            self.keep(fire(self.machine, f"deadline {shown.request_id}"))

    def keep(self, effects: list[Effect]) -> None:
        self.flying += sends(effects)
        for answer in answers(effects):
            assert answer.request_id not in self.ended, "one request, one answer"
            self.ended[answer.request_id] = answer.result


def _name(send: Send) -> tuple[str, int]:
    assert isinstance(send.message, ClientRequest)
    return send.message.request.client_id, send.message.request.sequence


DEEDS = st.sampled_from(["ask", "ok", "not_leader", "refused", "swallowed", "try", "deadline"])


@given(st.lists(st.tuples(DEEDS, st.integers(0, 5)), max_size=40))
def test_whatever_the_servers_do_ok_is_done_and_failed_is_not_done(script: list[tuple[str, int]]) -> None:
    trial = Trial()
    for number, (what, which) in enumerate(script):
        trial.step(number, what, which)
    trial.finish()
    for request_id, result in trial.ended.items():
        done = trial.named[request_id] in trial.applied
        assert done or not isinstance(result, Ok)
        assert not done or not isinstance(result, Failed)
