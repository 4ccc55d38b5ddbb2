"""The event log: what an onlooker remembers, in a bounded amount, told so that a person can read it."""

from __future__ import annotations

from algorithms.machine import Note, Received, Record, Send, SetTimer, TimerFired
from algorithms.raft.messages import AppendEntries, RequestVote
from algorithms.replicated.messages import ClientResponse
from nodes.faults import Cut, Kill, Restart, Slow
from nodes.observation import Booted, Crashed, Injected, Lost, Turn
from tui.events import MOST_BUCKETS, MOST_LINES, SHOWN, EventLog
from tui.frame import Reign
from tui.glyphs import Sort

BEAT = AppendEntries(3, "n1", 0, 0, (), 0, 1)


def turn(at: int, node: str, *effects: Record, event: Record | None = None) -> Turn:
    return Turn(at, node, "raft", event or TimerFired("election"), effects)  # type: ignore[arg-type]


def told(log: EventLog) -> list[tuple[Sort, str, str]]:
    return [(line.sort, line.node, line.text) for line in log.lines]


def log_of(*observations: Turn | Lost | Injected | Crashed | Booted) -> EventLog:
    log = EventLog()
    for each in observations:
        log(each)
    return log


def test_a_note_is_a_line_with_its_paper() -> None:
    (line,) = log_of(turn(5, "n1", Note("votes for n2", "Raft 5.2"))).lines
    assert (line.number, line.at, line.node, line.text, line.source) == (1, 5, "n1", "votes for n2", "Raft 5.2")


def test_the_sort_is_told_from_what_the_turn_does() -> None:
    log = log_of(
        turn(1, "n1", Note("asks"), Send("n2", RequestVote(3, "n1", 0, 0))),
        turn(2, "n1", Note("wins"), Send("n2", BEAT)),
        turn(3, "n1", Note("beats again"), Send("n2", BEAT)),
        turn(4, "c1", Note("has it"), event=Received("n1", ClientResponse(1, "ok"))),
    )
    assert [line.sort for line in log.lines] == [Sort.ELECTION, Sort.LEADER, Sort.NOTE, Sort.CLIENT]


def test_nodes_that_say_the_same_share_a_line() -> None:
    log = log_of(*(turn(10 * n, f"n{n}", Note("votes for n1 in term 2")) for n in (2, 3, 4)))
    assert told(log) == [(Sort.NOTE, "n2 n3 n4", "votes for n1 in term 2")]


def test_a_node_that_says_the_same_twice_has_two_lines() -> None:
    log = log_of(turn(1, "n2", Note("waits")), turn(2, "n2", Note("waits")))
    assert len(log.lines) == 2


def test_retries_of_one_client_are_counted_in_one_line() -> None:
    answer = Received("n1", ClientResponse(1, "not_leader"))
    log = log_of(*(turn(n, "c1", Note(f"request {n}: does not lead"), event=answer) for n in range(1, 6)))
    (line,) = log.lines
    assert (line.text, line.more) == ("request 1: does not lead", 4)


def test_a_cut_of_both_ways_is_one_line() -> None:
    log = log_of(Injected(7, Cut("n1", "n2")), Injected(7, Cut("n2", "n1")), Injected(7, Cut("n3", "n1")))
    assert told(log) == [(Sort.TROUBLE, "", "n1 ⇄ n2 cut"), (Sort.TROUBLE, "", "n3 → n1 cut")]
    assert [line.number for line in log.lines] == [1, 2]


def test_ways_that_differ_are_two_lines() -> None:
    log = log_of(Injected(7, Slow("n1", "n2", 1000)), Injected(7, Slow("n2", "n1", 2000)))
    assert len(log.lines) == 2


def test_losses_are_told_once_for_each_reason_until_something_changes() -> None:
    lost = Lost(5, 4, "n1", "n2", "raft", BEAT, "the link is cut")
    log = log_of(lost, lost, lost, Injected(6, Kill("n3")), lost)
    assert [line.sort for line in log.lines] == [Sort.LOST, Sort.DOWN, Sort.LOST]
    assert log.lines[0].text == "beat(0) to n2 is lost: the link is cut"
    assert len(log.lost) == 4


def test_a_node_that_crashes_itself_says_why() -> None:
    log = log_of(Crashed(5, "n1", "its disk failed"), Booted(9, "n1", 2))
    assert told(log) == [(Sort.DOWN, "n1", "crashed itself: its disk failed"), (Sort.UP, "n1", "begins life 2")]


def test_a_restart_is_told_once() -> None:
    assert told(log_of(Injected(9, Restart("n1")), Booted(9, "n1", 2))) == [(Sort.UP, "n1", "restarted")]


def test_reigns_begin_with_the_first_word_of_a_new_leader_and_end_with_its_death() -> None:
    log = log_of(turn(10, "n1", Send("n2", BEAT)), turn(60, "n1", Send("n2", BEAT)), Injected(99, Kill("n1")))
    assert log.reigns_of("raft") == (Reign(10, "n1", 3), Reign(99, "", 3))


def test_a_leader_that_waits_for_an_election_leads_no_more() -> None:
    log = log_of(turn(10, "n1", Send("n2", BEAT)), turn(60, "n1", SetTimer("election", 1, 2)))
    assert log.reigns_of("raft") == (Reign(10, "n1", 3), Reign(60, "", 3))


def test_followers_may_set_their_timers() -> None:
    log = log_of(turn(10, "n1", Send("n2", BEAT)), turn(60, "n2", SetTimer("election", 1, 2)))
    assert log.reigns_of("raft") == (Reign(10, "n1", 3),)


def test_only_what_comes_from_another_node_is_counted() -> None:
    log = log_of(
        turn(1_500, "n2", event=Received("n1", BEAT)),
        turn(1_600, "n2", event=Received("n2", BEAT)),
        turn(3_500, "n2", event=Received("n1", BEAT)),
    )
    assert log.buckets == [0, 1, 0, 1]
    assert log.heard == {"n2": 3_500}


def test_a_long_run_needs_no_more_memory_than_a_short_one() -> None:
    log = EventLog()
    for number in range(20_000):
        log(turn(number * 1_000_000, "n1", Note(f"note {number}"), event=Received("n2", BEAT)))
    assert len(log.buckets) <= MOST_BUCKETS
    assert sum(log.buckets) == 20_000
    assert len(log.lines) == MOST_LINES
    assert log.total == 20_000
    assert len(log.happenings().lines) == SHOWN


def test_marks_are_what_is_loud() -> None:
    log = log_of(turn(1, "n1", Note("waits")), Injected(2, Kill("n1")))
    assert log.marks_of("raft") == ((2, Sort.DOWN),)


def test_a_filter_looks_at_node_words_and_paper_in_any_case() -> None:
    log = log_of(turn(1, "n1", Note("votes", "Raft 5.2")), turn(2, "n2", Note("waits")))
    for words, numbers in (("VOTE", [1]), ("n2", [2]), ("raft 5.2", [1]), ("zebra", []), ("", [1, 2])):
        assert [line.number for line in log.happenings(words).lines] == numbers


def test_lines_are_the_same_object_while_nothing_is_new() -> None:
    log = log_of(turn(1, "n1", Note("votes for n9")))
    first = log.happenings()
    assert log.happenings() is first
    log(turn(2, "n2", Note("votes for n9")))
    assert log.happenings() is not first
    assert log.happenings().lines[0].node == "n1 n2"


def test_somebody_else_may_have_a_line() -> None:
    log = EventLog()
    log.report(9, Sort.WRONG, "n1", "two leaders in term 5", "Raft 5.2")
    assert told(log) == [(Sort.WRONG, "n1", "two leaders in term 5")]
