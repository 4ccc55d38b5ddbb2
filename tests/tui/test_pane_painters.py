"""The panes beside the map, as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from demo_frames import LOGS, TERMS, demo_frame, leader_details
from screen_pictures import looks_like
from textual.geometry import Size

from tui.frame import Bar, Course, Frame, Happening, Happenings, LinkFace, LogRow, Reign, Verdict
from tui.glyphs import Role, Sort
from tui.look import Look
from tui.paper import Paper
from tui.theme import DARK
from tui.widgets.brief import paint_brief
from tui.widgets.event_log import Scroll, paint_events, visible
from tui.widgets.inspector import paint_inspector
from tui.widgets.raft_logs import HEAD, paint_logs
from tui.widgets.timeline import HEAD as TIME_HEAD
from tui.widgets.timeline import paint_timeline, rates, scale_of, tick
from tui.widgets.top_bar import paint_top

Painter = Callable[[Frame, Size, Look], Paper]

PICTURES: dict[str, tuple[Painter, Size]] = {
    "logs-normal": (paint_logs, Size(46, 11)),
    "logs-wide": (paint_logs, Size(84, 14)),
    "events-normal": (paint_events, Size(46, 10)),
    "events-wide": (paint_events, Size(84, 14)),
    "inspector-normal": (paint_inspector, Size(46, 9)),
    "inspector-wide": (paint_inspector, Size(84, 14)),
    "timeline-narrow": (paint_timeline, Size(80, 3)),
    "timeline-normal": (paint_timeline, Size(120, 4)),
    "timeline-wide": (paint_timeline, Size(200, 4)),
    "top-narrow": (paint_top, Size(80, 1)),
    "top-normal": (paint_top, Size(120, 1)),
    "brief-narrow": (paint_brief, Size(80, 5)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_pane_looks_as_it_should(name: str) -> None:
    painter, size = PICTURES[name]
    assert looks_like(name, painter(demo_frame(), size, Look()))


@pytest.mark.parametrize("name", PICTURES)
def test_a_pane_takes_any_size_and_an_empty_frame(name: str) -> None:
    painter, _ = PICTURES[name]
    for frame in (Frame(), demo_frame()):
        for size in (Size(1, 1), Size(5, 2), Size(20, 6), Size(300, 80)):
            page = painter(frame, size, Look())
            assert [len(row) for row in page.chars] == [size.width] * size.height


# ---------------------------------------------------------------- logs


def logs_with(rows: tuple[LogRow, ...]) -> Paper:
    return paint_logs(demo_frame(logs=rows), Size(46, 11), Look())


def test_an_entry_that_is_not_committed_is_underlined() -> None:
    page = logs_with(LOGS)
    committed, waiting = page.styles[2][HEAD + 13], page.styles[2][HEAD + 14]
    assert (committed.underline, waiting.underline) == (None, True)


def test_an_entry_that_a_server_lacks_is_a_dot() -> None:
    assert "".join(logs_with(LOGS).chars[6][HEAD : HEAD + 15]) == "1122233333333··"


def test_entries_behind_a_snapshot_are_shaded() -> None:
    row = replace(LOGS[1], snapshot_index=5, first=6, terms=TERMS[5:])
    assert "".join(logs_with((row,)).chars[2][HEAD : HEAD + 7]) == "░░░░░33"


def test_a_long_log_shows_its_newest_entries() -> None:
    row = LogRow("n1", Role.LEADER, 7, 500, 500, 0, 245, (7,) * 256)
    page = logs_with((row,))
    columns = 46 - HEAD - 2
    assert "".join(page.chars[2][HEAD : HEAD + columns]) == "7" * columns
    assert str(500 - columns + 1) in "".join(page.chars[1])


def test_more_servers_than_rows_are_counted() -> None:
    rows = tuple(replace(LOGS[1], name=f"n{number}") for number in range(1, 16))
    assert "and 8 more" in logs_with(rows).plain()
    text = paint_logs(demo_frame(logs=rows, selected="n15"), Size(46, 11), Look()).plain()
    assert "n15" in text
    assert "and 8 more" in text


# ---------------------------------------------------------------- events


def lines(count: int, sort: Sort = Sort.NOTE, text: str = "something") -> Happenings:
    return Happenings(tuple(Happening(n, n * 1000, sort, "n1", f"{text} {n}") for n in range(1, count + 1)), count)


def numbers(frame: Frame, size: Size, scroll: Scroll) -> list[int]:
    return [shown.line.number for shown in visible(frame, size, scroll)]


def test_the_newest_line_stands_at_the_bottom() -> None:
    assert numbers(demo_frame(happenings=lines(20)), Size(46, 7), Scroll()) == [16, 17, 18, 19, 20]


def test_one_can_scroll_back_and_sees_how_much_is_newer() -> None:
    frame = demo_frame(happenings=lines(20))
    assert numbers(frame, Size(46, 7), Scroll(back=4)) == [12, 13, 14, 15, 16]
    assert "4 newer below" in paint_events(frame, Size(46, 7), Look(), Scroll(back=4)).plain()


def test_the_oldest_page_is_full() -> None:
    assert numbers(demo_frame(happenings=lines(20)), Size(46, 7), Scroll(back=99)) == [1, 2, 3, 4, 5]


def test_what_is_loud_is_told_in_full_and_the_rest_is_cut() -> None:
    long = "a sentence that is much longer than the pane is wide, as some are"
    for sort, whole in ((Sort.ELECTION, True), (Sort.NOTE, False)):
        page = paint_events(demo_frame(happenings=lines(1, sort, long)), Size(46, 9), Look())
        told = " ".join("".join(row[1:-1]).strip() for row in page.chars[1:-1])
        assert ("as some are" in told) is whole
        assert ("…" in told) is not whole


def test_of_many_nodes_that_say_the_same_the_first_are_named() -> None:
    line = Happening(1, 0, Sort.NOTE, "n1 n2 n3 n4 n5", "votes for n6 in term 2")
    text = paint_events(demo_frame(happenings=Happenings((line,), 1)), Size(60, 9), Look()).plain()
    assert "n1 n2 n3 +2 votes for n6" in text


def test_a_filter_without_a_match_says_so() -> None:
    page = paint_events(demo_frame(happenings=Happenings((), 9, "zebra")), Size(46, 9), Look())
    assert "events with 'zebra'" in page.plain()
    assert "nothing yet has these words" in page.plain()


# ---------------------------------------------------------------- inspector


def test_a_leader_is_asked_what_it_believes_of_its_followers() -> None:
    text = paint_inspector(demo_frame(details=leader_details()), Size(84, 16), Look()).plain()
    assert "match  n2 15  n3 15  n4 15  n5 13  n7 15" in text
    assert "match 13 next 16 in flight 0" in text


def test_what_is_wrong_with_a_node_comes_before_its_facts() -> None:
    text = paint_inspector(demo_frame(), Size(46, 9), Look()).plain()
    assert text.index("╱ clock +3 ms · n6 cut") < text.index("voted for")


def test_the_selected_link_is_told_in_words() -> None:
    frame = demo_frame(selected_link=("n2", "n4"), links=(LinkFace("n2", "n4", there_blocked=True),))
    assert "n2 ⇄ n4  cut n2 → n4" in paint_inspector(frame, Size(46, 9), Look()).plain()


# ---------------------------------------------------------------- timeline and top


@pytest.mark.parametrize("now", [1, 900, 70_000, 12_430_000, 3_600_000_000])
def test_the_whole_run_is_always_on_the_timeline(now: int) -> None:
    frame = Frame(now=now, course=Course(width=1_000, end=now))
    scale = scale_of(frame, 120)
    assert TIME_HEAD <= scale.column(0) <= scale.column(now) < TIME_HEAD + scale.columns
    assert now / scale.each <= scale.columns


def test_columns_add_up_to_all_messages() -> None:
    course = demo_frame().course
    assert sum(rates(course, scale_of(demo_frame(now=60_000_000), 80))) == sum(course.buckets)


def test_a_column_leads_back_to_its_instant() -> None:
    scale = scale_of(demo_frame(), 120)
    for at in range(0, 12_000_000, 700_000):
        assert at - scale.each < scale.instant(scale.column(at)) <= at


@pytest.mark.parametrize(("least", "step"), [(1, 1), (3, 5), (11, 20), (250_000, 500_000), (600_000, 1_000_000)])
def test_ticks_stand_at_round_times(least: int, step: int) -> None:
    assert tick(least) == step


def test_who_led_stands_on_the_line() -> None:
    course = replace(demo_frame().course, marks=(), reigns=(Reign(0, "n5", 3), Reign(6_000_000, "n1", 5)))
    line = paint_timeline(demo_frame(course=course), Size(120, 4), Look()).plain().splitlines()[2]
    assert line.index("n5 T3") < line.index("n1 T5")


def test_the_past_is_called_the_past() -> None:
    course = replace(demo_frame().course, end=20_000_000)
    assert "past" in paint_timeline(demo_frame(course=course), Size(120, 4), Look()).plain()


def test_a_broken_rule_is_loud_in_the_top_line() -> None:
    frame = demo_frame(verdict=Verdict(6, "election safety: n1 and n4 both lead term 5"))
    page = paint_top(frame, Size(120, 1), Look())
    at = page.plain().index("election safety")
    assert page.styles[0][at].bgcolor is not None
    assert page.styles[0][at].bgcolor.name == DARK.vermilion


def test_only_the_end_of_a_wait_for_an_election_is_vermilion() -> None:
    def color(name: str) -> str:
        details = replace(demo_frame().details, node=replace(demo_frame().nodes[3], timer=Bar(name, 10, 100)))  # type: ignore[type-var]
        page = paint_inspector(demo_frame(details=details), Size(46, 9), Look())
        found = page.styles[2][3 + len(name)].color
        assert found is not None
        return found.name

    assert color("election") != color("heartbeat")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_leader_and_pace_stay_in_the_top_line_at_any_width(width: int) -> None:
    text = paint_top(demo_frame(), Size(width, 1), Look()).plain()
    assert "n1 leads" in text
    assert "0.003x" in text
