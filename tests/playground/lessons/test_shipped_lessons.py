"""Every lesson that is shipped is true, and can be listed and read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from playground.errors import BadInput
from playground.lessons import check, course, list_text, load, names, text_of

SHIPPED = names()


def playground(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "playground", *arguments], capture_output=True, text=True)


def test_the_course_begins_with_a_first_look() -> None:
    assert SHIPPED[:3] == ("first-look", "raft-election", "raft-log-after-a-crash")
    assert len({lesson.order for lesson in course()}) == len(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_everything_in_a_lesson_is_true(name: str) -> None:
    ok, report = check(name)
    assert ok, report


@pytest.mark.parametrize("name", SHIPPED)
def test_a_lesson_asks_before_it_shows_and_lets_one_try(name: str) -> None:
    tasks = [type(step.task).__name__ for step in load(name).steps]
    assert {"Predict", "Run", "Goal"} <= set(tasks)
    assert any(step.claims for step in load(name).steps)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_lesson_as_text_gives_no_conditions_away(name: str) -> None:
    text = text_of(name)
    assert text.startswith(f"# {load(name).title}")
    assert "{" not in text


def test_the_list_names_every_lesson() -> None:
    assert all(name in list_text() for name in SHIPPED)


def test_an_unknown_lesson_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(BadInput, match='did you mean "raft-election"'):
        load("raft-elections")


# ---------------------------------------------------------------- on the command line


def test_learn_lists_prints_and_checks() -> None:
    assert "first-look" in playground("learn").stdout
    assert "A first look around" in playground("learn", "first-look", "--text").stdout
    assert playground("learn", "first-look", "--check").returncode == 0


def test_check_fails_on_an_untrue_lesson(tmp_path: Path) -> None:
    planted = tmp_path / "planted.md"
    front = '+++\ntitle = "T"\nabout = "A."\norder = 1\nseed = 3\n+++\n'
    planted.write_text(f"{front}Look.\n```claim\nnot up(n1)\n```\n", encoding="utf-8")
    ran = playground("learn", str(planted), "--check")
    assert ran.returncode == 1
    assert "not up(n1)" in ran.stdout


def test_check_tells_a_mistake_in_one_line(tmp_path: Path) -> None:
    planted = tmp_path / "planted.md"
    planted.write_text("no front matter\n", encoding="utf-8")
    ran = playground("learn", str(planted), "--check")
    assert ran.returncode == 2
    assert "line 1" in ran.stderr
    assert "Traceback" not in ran.stderr
