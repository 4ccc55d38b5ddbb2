"""Signs of life on a connection: they cost no acknowledgement, and no turn is taken for what is already settled."""

from __future__ import annotations

from algorithms import kv
from algorithms.channels.channels import Arrived, Broken, Channels, Happened
from algorithms.channels.segment import Segment
from algorithms.machine import CancelTimer, Effect, Send, SetTimer

BEAT = kv.Get("beat")


class Side:
    """One end, with what it wished for last."""

    def __init__(self, name: str) -> None:
        self.channels = Channels(name)
        self.channels.start(1)
        self.effects: list[Effect] = []

    def turn(self) -> Channels:
        self.effects = []
        self.channels.begin_turn(0, self.effects)
        return self.channels

    def hear(self, source: str, segment: Segment) -> list[Happened]:
        return self.turn().receive(source, segment)

    def sent(self) -> list[Segment]:
        return [each.message for each in self.effects if isinstance(each, Send) and isinstance(each.message, Segment)]

    def timers(self) -> list[str]:
        """Set or cancelled in its last turn."""
        return [type(each).__name__ for each in self.effects if isinstance(each, SetTimer | CancelTimer)]


def acquainted() -> tuple[Side, Side, int]:
    """Two sides with a connection on which both have been heard."""
    one, other = Side("c1"), Side("n1")
    connection = one.turn().connect("n1")
    one.channels.send("n1", connection, kv.Get("hello"))
    (arrived,) = other.hear("c1", one.sent()[0])
    other.turn().send("c1", arrived.connection, kv.Get("welcome"))
    one.hear("n1", other.sent()[0])
    return one, other, connection


def test_a_probe_arrives_and_is_neither_acknowledged_nor_sent_again() -> None:
    one, other, connection = acquainted()
    one.turn().probe("n1", connection, BEAT)
    (segment,) = one.sent()
    assert "SetTimer" not in one.timers()
    assert [each.payload for each in other.hear("c1", segment) if isinstance(each, Arrived)] == [BEAT]
    assert "SetTimer" not in other.timers()


def test_a_probe_acknowledges_what_has_arrived() -> None:
    one, other, connection = acquainted()
    one.turn().probe("n1", connection, BEAT)
    assert one.timers() == ["CancelTimer"]
    other.hear("c1", one.sent()[0])
    assert other.timers() == ["CancelTimer"]


def test_a_probe_on_a_connection_that_the_other_side_has_forgotten_breaks_it() -> None:
    one, _, connection = acquainted()
    one.turn().probe("n1", connection, BEAT)
    reborn = Side("n1")
    reborn.hear("c1", one.sent()[0])
    assert isinstance(one.hear("n1", reborn.sent()[0])[0], Broken)


def test_a_probe_does_not_take_the_place_of_a_payload() -> None:
    one, other, connection = acquainted()
    one.turn().send("n1", connection, kv.Get("a"))
    (late,) = one.sent()
    one.turn().probe("n1", connection, BEAT)
    other.hear("c1", one.sent()[0])
    assert [each.payload for each in other.hear("c1", late) if isinstance(each, Arrived)] == [kv.Get("a")]


def test_an_answer_within_the_turn_needs_no_acknowledgement_of_its_own() -> None:
    one, other, connection = acquainted()
    one.turn().send("n1", connection, kv.Get("a"))
    (arrived,) = other.hear("c1", one.sent()[0])
    other.channels.send("c1", arrived.connection, kv.Get("b"))
    of_that = [each for each in other.effects if getattr(each, "name", "") == "channel acknowledge"]
    assert [type(each) for each in of_that] == [SetTimer, CancelTimer]


def test_nothing_is_waited_for_once_all_is_acknowledged() -> None:
    one, other, connection = acquainted()
    one.turn().send("n1", connection, kv.Get("a"))
    other.hear("c1", one.sent()[0])
    other.channels.send("c1", other.channels.current("c1"), kv.Get("b"))
    one.hear("n1", other.sent()[0])
    assert CancelTimer("channel retry") in one.effects
