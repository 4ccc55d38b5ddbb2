"""One table of keys: nothing twice, everything explained, nothing only on a key that terminals eat."""

from __future__ import annotations

import re
from collections import Counter

from tui.keys import KEYS, footer_keys, for_pane, matching
from tui.panes import BY_NAME

EATEN = re.compile(r"f\d+|(ctrl|alt)\+.*")


def test_no_key_does_two_things() -> None:
    counted = Counter(each for key in KEYS for each in key.keys.split(","))
    assert [key for key, count in counted.items() if count > 1] == []


def test_every_key_has_a_sentence() -> None:
    assert all(key.help.endswith(".") and key.help[0].isupper() for key in KEYS)


def test_everything_can_be_had_without_function_and_chord_keys_but_the_palette() -> None:
    plain = {key.action for key in KEYS for each in key.keys.split(",") if not EATEN.fullmatch(each)}
    assert {key.action for key in KEYS} - plain == {"palette"}


def test_every_pane_that_a_key_is_about_exists() -> None:
    assert {pane for key in KEYS for pane in key.panes} <= set(BY_NAME)


def test_a_narrow_footer_keeps_pause_help_and_quit() -> None:
    kept = {key.action for key in footer_keys(40)}
    assert {"pause", "help"} <= kept
    assert len(kept) < len(footer_keys(200))


def test_a_key_that_is_called_otherwise_now_takes_the_room_of_its_name() -> None:
    labels = {"kill": "Kill or restart this node again"}
    for width in (40, 80, 120, 200):
        shown = footer_keys(width, labels)
        assert sum(len(key.shown) + len(labels.get(key.action, key.label)) + 3 for key in shown) <= width


def test_a_footer_fits() -> None:
    for width in (40, 80, 120, 200):
        assert sum(len(key.shown) + len(key.label) + 3 for key in footer_keys(width)) <= width


def test_help_shows_the_keys_of_its_pane_first() -> None:
    assert for_pane("time")[0].panes == ("time",)
    assert sorted(key.action for key in for_pane("time")) == sorted(key.action for key in KEYS)


def test_help_is_searched_by_key_name_and_sentence() -> None:
    assert [key.action for key in matching("kill node", KEYS)] == ["kill"]
    assert matching("no such words at all", KEYS) == ()
