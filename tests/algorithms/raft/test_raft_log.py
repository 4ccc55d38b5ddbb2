"""The log, against a list that nothing was ever cut off from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from raft_server_talk import entries

from algorithms.raft.log import Log
from algorithms.raft.messages import Configuration, Entry

FIRST = Configuration(("n1",))
TERMS = st.lists(st.integers(1, 5), max_size=12).map(lambda terms: tuple(sorted(terms)))


def of(terms: tuple[int, ...], base: int = 0) -> Log:
    """A log with these terms, of which the first `base` are compacted."""
    log = Log(FIRST)
    log.append(entries(1, *terms))
    log.compact(base)
    return log


@given(TERMS, st.integers(0, 12))
def test_compaction_hides_entries_and_moves_none(terms: tuple[int, ...], base: int) -> None:
    base = min(base, len(terms))
    log = of(terms, base)
    assert (log.first_index, log.last_index) == (base + 1, len(terms))
    assert log.last_term == (terms[-1] if terms else 0)
    shown = [log.term_at(index) for index in range(base, len(terms) + 2)]
    assert shown == [*(0, *terms)[base:], 0]
    assert [log.term_at(index) for index in range(base)] == [0] * base


@given(TERMS, st.integers(0, 12), st.integers(1, 12))
def test_truncation_keeps_what_is_before(terms: tuple[int, ...], base: int, cut: int) -> None:
    base, cut = min(base, len(terms)), min(cut, len(terms) + 1)
    cut = max(cut, base + 1)
    log = of(terms, base)
    log.truncate(cut)
    assert (log.last_index, log.last_term) == (cut - 1, (0, *terms)[cut - 1])


@given(TERMS, st.integers(1, 6), st.integers(1, 14))
def test_the_last_entry_of_a_term_is_found(terms: tuple[int, ...], term: int, before: int) -> None:
    found = [index for index, each in enumerate(terms, 1) if each == term and index < before]
    assert of(terms).last_of_term(term, before) == (found[-1] if found else None)


@given(TERMS.filter(len), st.integers(1, 12))
def test_the_first_entry_of_a_term_is_found(terms: tuple[int, ...], index: int) -> None:
    index = min(index, len(terms))
    assert of(terms).first_of_term_at(index) == terms.index(terms[index - 1]) + 1


@given(TERMS, TERMS)
def test_of_two_logs_the_one_with_the_newer_last_entry_is_more_up_to_date(
    ours: tuple[int, ...], theirs: tuple[int, ...]
) -> None:
    """Paper 5.4.1, last paragraph."""
    newer = (theirs[-1:], len(theirs)) >= (ours[-1:], len(ours))
    assert of(ours).is_up_to_date(len(theirs), theirs[-1] if theirs else 0) is newer


def test_a_configuration_comes_and_goes_with_its_entry() -> None:
    two, three = Configuration(("n1", "n2")), Configuration(("n1", "n2", "n3"))
    log = of((1,))
    log.append((Entry(1, two), Entry(1, three)))
    assert (log.configuration, log.configuration_index) == (three, 3)
    assert log.configurations_since(1) == (FIRST, two, three)
    log.truncate(3)
    assert log.configuration == two
    log.compact(2)
    assert (log.configuration, log.configurations_since(0)) == (two, (two,))
    log.reset(9, 4, FIRST)
    assert (log.configuration, log.first_index, log.term_at(9)) == (FIRST, 10, 4)
