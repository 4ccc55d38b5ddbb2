"""A client of the synod: one event in, what it wishes for out."""

from __future__ import annotations

from typing import Any

from algorithms.lives import Life
from algorithms.machine import (
    Answer,
    Asked,
    CancelTimer,
    Cell,
    Effect,
    Failed,
    Ok,
    Received,
    Record,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Unknown,
)
from algorithms.paxos.synod.client import SynodClient
from algorithms.paxos.synod.commands import Learn, Propose
from algorithms.paxos.synod.messages import LearnRequest, ProposeRequest, SynodResponse
from algorithms.paxos.synod.settings import SynodClientSettings

SERVERS = ("n1", "n2", "n3")


def client(saved: Saved | None = None, **settings: Any) -> SynodClient:
    made = SynodClient("c1", SERVERS, SynodClientSettings(**settings))
    made.handle(Started(saved or Saved()), 0)
    return made


def sent(effects: list[Effect]) -> list[tuple[str, Record]]:
    return [(each.target, each.message) for each in effects if isinstance(each, Send)]


def test_it_has_a_server_propose_its_value() -> None:
    effects = client().handle(Asked(7, Propose("red", "n2")), 0)
    assert effects == [
        SetTimer("deadline 7", 2_000_000, 2_000_000),
        Send("n2", ProposeRequest("c1.1", 7, "red")),
        SetTimer("next 7", 500_000, 500_000),
    ]


def test_it_is_told_what_was_chosen() -> None:
    machine = client()
    machine.handle(Asked(7, Propose("red", "n2")), 0)
    assert machine.handle(Received("n2", SynodResponse("c1.1", 7, "blue")), 0) == [
        CancelTimer("deadline 7"),
        CancelTimer("next 7"),
        Answer(7, Ok("blue")),
    ]
    assert (machine.view().chosen, machine.view().done) == ("blue", 1)


def test_a_second_answer_is_none() -> None:
    machine = client()
    machine.handle(Asked(7, Learn()), 0)
    machine.handle(Received("n1", SynodResponse("c1.1", 7, "blue")), 0)
    assert machine.handle(Received("n1", SynodResponse("c1.1", 7, "blue")), 0) == []


def test_an_answer_to_an_earlier_life_is_none() -> None:
    machine = client(Saved((Cell("life", Life(1)),)))
    machine.handle(Asked(1, Learn()), 0)
    assert machine.handle(Received("n1", SynodResponse("c1.1", 1, "blue")), 0) == []


def test_every_life_has_a_name_of_its_own_on_disk() -> None:
    machine = SynodClient("c1", SERVERS, SynodClientSettings())
    assert machine.handle(Started(Saved((Cell("life", Life(4)),))), 0) == [Save("life", Life(5))]


def test_a_silent_server_is_asked_again_if_it_was_named_and_else_the_next_one() -> None:
    machine = client()
    machine.handle(Asked(1, Propose("red", "n2")), 0)
    assert sent(machine.handle(TimerFired("next 1"), 0)) == [("n2", ProposeRequest("c1.1", 1, "red"))]
    assert sent(machine.handle(Asked(2, Learn()), 0)) == [("n1", LearnRequest("c1.1", 2))]
    assert sent(machine.handle(TimerFired("next 2"), 0)) == [("n2", LearnRequest("c1.1", 2))]


def test_a_proposal_without_an_answer_is_unknown_and_a_question_has_failed() -> None:
    machine = client()
    machine.handle(Asked(1, Propose("red", "n2")), 0)
    machine.handle(Asked(2, Learn("n3")), 0)
    assert machine.handle(TimerFired("deadline 1"), 0)[-1] == Answer(
        1, Unknown("n2 has not answered in 2 s; red may be chosen yet")
    )
    assert machine.handle(TimerFired("deadline 2"), 0)[-1] == Answer(2, Failed("n3 has not answered in 2 s"))
