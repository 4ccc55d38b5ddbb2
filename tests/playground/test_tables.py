"""Settings files: every key is used or a mistake, with its line and the nearest valid thing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from algorithms.raft.settings import RaftSettings
from playground.errors import BadInput
from playground.tables import Table, read_toml

SOURCE = """
title = "a title"
count = 3
odd = true

[cluster.raft]
election_timeout_shortest = "200ms"
reads = "lease"
pre_vote = false
snapshot_chunk = "4kB"
max_batch = 7
"""


def table(source: str = SOURCE) -> Table:
    return read_toml(source, "story.toml")


def raft(lines: str) -> Table:
    return table(f"[raft]\n{lines}").table("raft")


def test_settings_are_read_by_their_types() -> None:
    found = table().table("cluster").table("raft").settings(RaftSettings)
    assert found == RaftSettings(
        election_timeout_shortest=200_000, reads="lease", pre_vote=False, snapshot_chunk=4_000, max_batch=7
    )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("pre_vot = true", 'story.toml, line 2: there is no setting "raft.pre_vot"; did you mean "pre_vote"?'),
        ('reads = "leese"', 'story.toml, line 2: "reads" cannot be "leese"; did you mean "lease"?'),
        ("max_batch = 1\npre_vote = 1", 'story.toml, line 3: "pre_vote" must be true or false, not 1'),
        ('heartbeat_interval = "50"', "story.toml, line 2: "),
        ("max_batch = 1.5", 'story.toml, line 2: "max_batch" must be a whole number, not 1.5'),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(lines: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        raft(lines).settings(RaftSettings)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (lambda found: found.text("count"), '"count" must be a text in quotes, not 3'),
        (lambda found: found.whole("odd"), '"odd" must be a whole number, not True'),
        (lambda found: found.texts("title"), '"title" must be a list of texts'),
        (lambda found: found.text("author"), '"author" is missing'),
        (lambda found: found.table("title"), '"title" must be a table'),
    ],
)
def test_a_value_of_the_wrong_kind_is_told(read: Callable[[Table], object], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read(table())


def test_a_key_that_nobody_wanted_is_a_mistake() -> None:
    found = table()
    found.text("title"), found.whole("count"), found.table("cluster")
    with pytest.raises(BadInput, match='line 4: there is no setting "odd"'):
        found.finish()


def test_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(BadInput, match=r"story\.toml is no TOML: .*line 1"):
        table("title = = 3")
