"""What TCP promises, and what it does not: order, no copies, and an honest end."""

from __future__ import annotations

from random import Random

from algorithms import kv
from algorithms.channels.channels import Arrived, Broken, Channels, Happened
from algorithms.channels.segment import Segment
from algorithms.machine import Effect, Record, Send, SetTimer

MILLISECOND = 1_000


class End:
    """One machine with nothing but channels."""

    def __init__(self, name: str, life: int = 1) -> None:
        self.name = name
        self.channels = Channels(name)
        self.channels.start(life)
        self.got: list[Happened] = []

    def turn(self, now: int) -> list[Effect]:
        effects: list[Effect] = []
        self.channels.begin_turn(now, effects)
        return effects

    def send(self, peer: str, connection: int, text: str, now: int = 0) -> list[Segment]:
        effects = self.turn(now)
        self.channels.send(peer, connection, word(text))
        return segments(effects)

    def hear(self, source: str, segment: Segment, now: int = 0) -> list[Segment]:
        effects = self.turn(now)
        self.got += self.channels.receive(source, segment)
        return segments(effects)

    def ring(self, what: str, now: int) -> list[Segment]:
        effects = self.turn(now)
        self.got += self.channels.ring(f"channel {what}")
        return segments(effects)

    @property
    def texts(self) -> list[str]:
        return [each.payload.key for each in self.got if isinstance(each, Arrived) and isinstance(each.payload, kv.Get)]


def word(text: str) -> Record:
    return kv.Get(text)


def segments(effects: list[Effect]) -> list[Segment]:
    return [each.message for each in effects if isinstance(each, Send) and isinstance(each.message, Segment)]


def test_what_overtakes_waits_for_what_was_sent_before() -> None:
    one, other = End("c1"), End("n1")
    connection = one.channels.connect("n1")
    first, second = one.send("n1", connection, "a"), one.send("n1", connection, "b")
    other.hear("c1", second[0])
    assert other.texts == []
    other.hear("c1", first[0])
    assert other.texts == ["a", "b"]


def test_a_copy_is_not_handed_out() -> None:
    one, other = End("c1"), End("n1")
    first = one.send("n1", one.channels.connect("n1"), "a")[0]
    other.hear("c1", first)
    other.hear("c1", first)
    assert other.texts == ["a"]


def test_what_was_lost_is_sent_again_behind_a_timer_and_later_less_often() -> None:
    one = End("c1")
    effects = one.turn(0)
    one.channels.send("n1", one.channels.connect("n1"), word("a"))
    timer = next(each for each in effects if isinstance(each, SetTimer))
    assert timer.shortest == one.channels.settings.retry
    effects = one.turn(timer.shortest)
    one.channels.ring(timer.name)
    assert segments(effects)[0].carried == word("a")
    assert SetTimer(timer.name, 2 * timer.shortest, 2 * timer.shortest) in effects


def test_an_acknowledgement_travels_with_the_answer() -> None:
    one, other = End("c1"), End("n1")
    other.hear("c1", one.send("n1", one.channels.connect("n1"), "a")[0])
    answer = other.send("c1", other.channels.current("c1"), "b")[0]
    assert answer.acknowledged == 1
    assert other.ring("acknowledge", 1) == []
    one.hear("n1", answer)
    assert one.ring("retry", 10**6) == []


def test_without_an_answer_it_goes_alone_after_a_while() -> None:
    one, other = End("c1"), End("n1")
    other.hear("c1", one.send("n1", one.channels.connect("n1"), "a")[0])
    (alone,) = other.ring("acknowledge", 15 * MILLISECOND)
    assert (alone.sequence, alone.acknowledged, alone.carried) == (0, 1, None)


def test_a_newer_connection_ends_the_older_one_at_the_other_side() -> None:
    one, other = End("c1"), End("n1")
    older = one.send("n1", one.channels.connect("n1"), "a")[0]
    other.hear("c1", older)
    newer = one.send("n1", one.channels.connect("n1"), "b")[0]
    other.hear("c1", newer)
    assert [type(each) for each in other.got] == [Arrived, Broken, Arrived]
    assert other.hear("c1", older)[0].reset


def test_a_late_packet_of_an_older_connection_does_not_open_it_again() -> None:
    one, other = End("c1"), End("n1")
    connection = one.channels.connect("n1")
    first = one.send("n1", connection, "a")[0]
    other.hear("c1", first)
    effects = one.turn(0)
    one.channels.close("n1", connection)
    other.hear("c1", segments(effects)[0])
    assert isinstance(other.got[-1], Broken)
    assert other.hear("c1", first)[0].reset
    assert other.texts == ["a"]


def test_who_has_died_resets_what_it_no_longer_knows() -> None:
    one, other = End("c1"), End("n1")
    connection = one.channels.connect("n1")
    other.hear("c1", one.send("n1", connection, "a")[0])
    one.hear("n1", other.ring("acknowledge", 1)[0])
    again = End("n1", life=2)
    (reset,) = again.hear("c1", one.send("n1", connection, "b")[0])
    one.hear("n1", reset)
    assert [each.why for each in one.got if isinstance(each, Broken)] == ["n1 knows no such connection"]
    assert one.channels.current("n1") == 0


def test_silence_breaks_a_connection_in_the_end_and_the_other_side_is_told() -> None:
    one = End("c1")
    connection = one.channels.connect("n1")
    one.send("n1", connection, "a")
    (reset,) = one.ring("retry", one.channels.settings.give_up)
    assert reset.reset
    assert one.got == [Broken("n1", connection, "no word from n1")]


def test_both_sides_may_open_connections_of_one_number() -> None:
    one, other = End("n1"), End("n2")
    there, back = one.channels.connect("n2"), other.channels.connect("n1")
    assert there == back
    other.hear("n1", one.send("n2", there, "a")[0])
    one.hear("n2", other.send("n1", back, "b")[0])
    assert other.got == [Arrived("n1", -there, word("a"))]
    assert one.got == [Arrived("n2", -back, word("b"))]


def test_a_clock_that_is_set_back_does_not_silence_a_connection() -> None:
    one = End("c1")
    one.send("n1", one.channels.connect("n1"), "a", now=10**9)
    assert one.ring("retry", 0)[0].carried == word("a")


def test_whatever_the_network_does_all_arrives_in_order() -> None:
    """Loss, copies and overtaking, drawn from seeds."""
    for seed in range(60):
        dice = Random(seed)
        one, other = End("c1"), End("n1")
        connection = one.channels.connect("n1")
        wire: list[tuple[End, str, Segment]] = []
        now = 0
        for number in range(30):
            wire += [(other, "c1", each) for each in one.send("n1", connection, str(number), now)]
        while len(other.texts) < 30 and now < 10**8:
            now += 60 * MILLISECOND
            dice.shuffle(wire)
            flying, wire = wire, []
            for end, source, segment in flying:
                for _ in range(dice.choice((0, 1, 1, 2))):
                    back = one if end is other else other
                    wire += [(back, end.name, each) for each in end.hear(source, segment, now)]
            wire += [(other, "c1", each) for each in one.ring("retry", now)]
            wire += [(one, "n1", each) for each in other.ring("acknowledge", now)]
        assert other.texts == [str(number) for number in range(30)], f"seed {seed}"


def test_what_two_lives_of_the_accepting_side_say_is_never_mixed() -> None:
    one, other, again = End("c1"), End("n1", life=1), End("n1", life=2)
    connection = one.channels.connect("n1")
    (first,) = one.send("n1", connection, "a")
    other.hear("c1", first)
    (late,) = other.send("c1", other.channels.current("c1"), "of the old life")
    again.hear("c1", first)
    (said,) = again.send("c1", again.channels.current("c1"), "of the new life")
    one.hear("n1", said)
    one.hear("n1", late)
    assert one.texts == ["of the new life"]
    assert isinstance(one.got[-1], Broken)


def test_what_was_said_to_an_old_life_is_not_taken_by_a_new_one() -> None:
    one, other, again = End("c1"), End("n1", life=1), End("n1", life=2)
    connection = one.channels.connect("n1")
    (first,) = one.send("n1", connection, "a")
    other.hear("c1", first)
    (answer,) = other.send("c1", other.channels.current("c1"), "b")
    one.hear("n1", answer)
    again.hear("c1", first)
    (second,) = one.send("n1", connection, "c")
    (reset,) = again.hear("c1", second)
    assert reset.reset
    assert again.texts == ["a"]


def test_who_has_forgotten_how_far_it_had_counted_is_told() -> None:
    before, after, other = End("c1", life=9), End("c1", life=2), End("n1")
    other.hear("c1", before.send("n1", before.channels.connect("n1"), "a")[0])
    (reset,) = other.hear("c1", after.send("n1", after.channels.connect("n1"), "b")[0])
    after.hear("n1", reset)
    assert isinstance(after.got[-1], Broken)
    other.hear("c1", after.send("n1", after.channels.connect("n1"), "c")[0])
    assert other.texts == ["a", "c"]
