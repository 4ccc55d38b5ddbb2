"""ZooKeeper programmer's guide, "Data model": paths."""

from __future__ import annotations

import pytest

from algorithms.keeper.tree.paths import child_of, is_below, name_of, numbered, parent_of, why_not


@pytest.mark.parametrize("path", ["/", "/a", "/a/b", "/a b", "/.a", "/a..", "/ä/ö"])
def test_a_path_is_absolute_and_has_no_empty_part(path: str) -> None:
    assert why_not(path) == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", '"" is no path: a path begins with "/"'),
        ("a/b", '"a/b" is no path: a path begins with "/"'),
        ("/a/", '"/a/" is no path: a path does not end with "/"'),
        ("/a//b", '"/a//b" is no path: there is nothing between two "/"'),
        ("/a/./b", '"/a/./b" is no path: "." means nothing here'),
        ("/..", '"/.." is no path: ".." means nothing here'),
    ],
)
def test_what_is_no_path_is_told_so_in_a_sentence(path: str, why: str) -> None:
    assert why_not(path) == why


@pytest.mark.parametrize("letter", ["\0", "\x1f", "\x7f", "\x9f"])
def test_a_path_has_no_characters_that_cannot_be_printed(letter: str) -> None:
    assert "cannot be printed" in why_not(f"/a{letter}b")


def test_a_path_is_its_parent_and_a_name() -> None:
    for parent, name in (("/", "a"), ("/a", "b"), ("/a/b", "c")):
        path = child_of(parent, name)
        assert (parent_of(path), name_of(path)) == (parent, name)


def test_the_number_of_a_sequential_znode_has_ten_digits_so_that_names_sort_as_they_were_made() -> None:
    assert numbered("/q/item-", 42) == "/q/item-0000000042"
    assert numbered("/q/item-", 9) < numbered("/q/item-", 10)


def test_below_a_znode_is_what_has_its_whole_name_before_a_slash() -> None:
    assert is_below("/a/b", "/a")
    assert is_below("/a", "/a")
    assert is_below("/a", "/")
    assert not is_below("/ab", "/a")
