"""Pages of cells: what is written stands there, and nothing else is repainted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.paper import NEAR, Paper, changed_spans, clip, strip_of
from tui.theme import ink

PLAIN, BOLD = ink("#ffffff", "#000000"), ink("#ffffff", "#000000", True)

texts = st.text(alphabet=st.sampled_from("ab ●═│あ漢\u0301\x07"), max_size=12)


def page_with(*writes: tuple[int, int, str]) -> Paper:
    page = Paper(10, 3, PLAIN)
    for x, y, text in writes:
        page.text(x, y, text, BOLD)
    return page


def test_a_later_text_covers_an_earlier_one() -> None:
    assert page_with((0, 0, "abcdef"), (2, 0, "XY")).plain() == "abXYef\n\n"


def test_what_falls_outside_is_cut_off() -> None:
    page = page_with((-2, 0, "abc"), (8, 1, "abc"), (0, 7, "abc"))
    assert page.plain() == "c\n        ab\n"


def test_a_text_stops_where_it_is_told_to() -> None:
    page = Paper(10, 1, PLAIN)
    page.text(1, 0, "abcdef", PLAIN, until=4)
    assert page.plain() == " abc"


def test_a_wide_character_takes_two_cells_and_is_never_cut_in_two() -> None:
    assert page_with((0, 0, "漢a"), (9, 1, "漢")).chars[:2] == [["漢", "", "a", *" " * 7], [" "] * 10]


def test_a_control_character_does_not_reach_the_terminal() -> None:
    assert page_with((0, 0, "a\x07\x1bb")).plain() == "a··b\n\n"


@given(texts, st.integers(-3, 12), st.integers(0, 2))
def test_a_row_is_always_as_wide_as_the_page(text: str, x: int, y: int) -> None:
    page = page_with((x, y, text))
    for row in page.rows():
        assert len(row[0]) == len(row[1]) == 10
        assert cell_len("".join(row[0])) == 10
        assert strip_of(row).cell_length == 10


@given(st.text(alphabet="ab漢●", max_size=20), st.integers(1, 12))
def test_a_clipped_text_fits_and_says_that_it_was_clipped(text: str, width: int) -> None:
    clipped = clip(text, width)
    assert cell_len(clipped) <= width
    assert clipped == text or clipped.endswith("…")


@given(st.lists(st.tuples(st.integers(0, 9), texts), max_size=4))
def test_every_cell_that_differs_is_in_a_span(writes: list[tuple[int, str]]) -> None:
    old = page_with((0, 0, "ab漢cd漢ef"))
    new = page_with((0, 0, "ab漢cd漢ef"), *((x, 0, text) for x, text in writes))
    (before, *_), (after, *_) = list(old.rows()), list(new.rows())
    spans = changed_spans(before, after)
    covered = {x for begin, end in spans for x in range(begin, end)}
    assert {x for x in range(10) if before[0][x] != after[0][x]} <= covered


def test_rows_that_are_the_same_have_no_span() -> None:
    (row, *_), (same, *_) = list(page_with((0, 0, "ab")).rows()), list(page_with((0, 0, "ab")).rows())
    assert changed_spans(row, same) == []


def test_changes_that_are_far_apart_are_two_spans_and_near_ones_are_one() -> None:
    def row(text: str) -> tuple[list[str], list[object]]:
        return list(text.ljust(30)), [PLAIN] * 30

    assert changed_spans(row("a"), row("b" + " " * 20 + "b")) == [(0, 1), (21, 22)]  # type: ignore[arg-type]
    assert changed_spans(row("a"), row("b" + " " * (NEAR - 2) + "b")) == [(0, NEAR)]  # type: ignore[arg-type]


def test_a_span_takes_both_halves_of_a_wide_character() -> None:
    before, after = page_with((0, 0, "ab漢")), page_with((0, 0, "ab x"))
    other = page_with((0, 0, "ab字"))
    for each in (after, other):
        assert changed_spans(next(iter(before.rows())), next(iter(each.rows()))) == [(2, 4)]
