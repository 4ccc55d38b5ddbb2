"""The console's memory: up and down walk it, a file keeps it, and no file breaks it."""

from __future__ import annotations

from pathlib import Path

from tui.history import LONGEST, TypedLines


def test_up_and_down_walk_the_lines_and_come_back_to_the_draft() -> None:
    typed = TypedLines(None)
    typed.add("kill n1")
    typed.add("heal")
    assert typed.earlier("dra") == "heal"
    assert typed.earlier("") == "kill n1"
    assert typed.earlier("") == "kill n1"
    assert typed.later() == "heal"
    assert typed.later() == "dra"


def test_lines_are_there_again_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "state" / "typed"
    TypedLines(path).add("kill n1")
    assert TypedLines(path).lines == ("kill n1",)


def test_the_same_line_twice_in_a_row_is_kept_once() -> None:
    typed = TypedLines(None)
    for line in ("heal", "heal", "calm", "heal"):
        typed.add(line)
    assert typed.lines == ("heal", "calm", "heal")


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    typed = TypedLines(tmp_path / "typed")
    for number in range(LONGEST + 3):
        typed.add(f"put x {number}")
    assert len(TypedLines(tmp_path / "typed").lines) == LONGEST


def test_a_file_that_cannot_be_used_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    typed = TypedLines(tmp_path / "file" / "typed")
    typed.add("heal")
    assert typed.lines == ("heal",)
    (tmp_path / "broken").write_bytes(b"\xff\xfe\x00")
    assert TypedLines(tmp_path / "broken").lines == ()


def test_a_beginning_finds_the_newest_line() -> None:
    typed = TypedLines(None)
    for line in ("kill n1", "kill n2"):
        typed.add(line)
    assert typed.beginning_with("kil") == "kill n2"
    assert typed.beginning_with("cut") is None
