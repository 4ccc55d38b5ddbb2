"""The program in a real terminal: what a person would see, and what is left when it is gone."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not there"),
]

PATIENCE = 60.0
PLAY = [sys.executable, "-c", "from playground.cli import main; main()", "play", "--seed", "7"]


class Terminal:
    """A tmux server of its own, with one shell in it."""

    def __init__(self, home: Path) -> None:
        self._socket = str(home / "tmux")
        folders = {f"XDG_{each}_HOME": str(home / each) for each in ("CONFIG", "STATE", "CACHE")}
        plain = {"PATH": os.environ["PATH"], "TERM": "screen-256color", "LANG": "C.UTF-8", "PS1": "ready> "}
        settings = [f"{name}={value}" for name, value in {**folders, **plain, "HOME": str(home)}.items()]
        size = ["-x", "120", "-y", "36"]
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, "env", "-i", *settings, "sh")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(["tmux", "-S", self._socket, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def type(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    @property
    def alternate(self) -> bool:
        return self._tmux("display-message", "-p", "#{alternate_on}").strip() == "1"

    def wait(self, what: Callable[[str], object]) -> str:
        """The first screen of which `what` is true."""
        deadline = time.monotonic() + PATIENCE
        while not what(screen := self.screen):
            assert time.monotonic() < deadline, f"It did not come to that:\n{screen}"
            time.sleep(0.05)
        return screen

    def close(self) -> None:
        self._tmux("kill-server")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    made.wait(lambda screen: "ready>" in screen)
    yield made
    made.close()


def leading(screen: str) -> str:
    """Who leads, as the top line says."""
    found = re.search(r"(n\d) leads", screen)
    return found.group(1) if found else ""


def test_a_leader_is_killed_in_a_real_terminal_which_is_as_it_was_afterwards(terminal: Terminal) -> None:
    terminal.type(f"{shlex.join(PLAY)} --speed 0.5; echo left with $?", "Enter")
    old = leading(terminal.wait(leading))
    assert terminal.alternate
    while f"inspect {old}" not in terminal.screen:
        before = inspected(terminal.screen)
        terminal.type("Tab")
        terminal.wait(lambda screen, before=before: inspected(screen) != before)  # type: ignore[misc]
    terminal.type("x")
    new = leading(terminal.wait(lambda screen: leading(screen) not in ("", old)))
    assert new != old
    terminal.type("q")
    left = terminal.wait(lambda screen: "left with" in screen.split("echo left with $?")[-1])
    assert "left with 0" in left
    assert left.rstrip().endswith("ready>")
    assert "cluster map" not in left
    assert not terminal.alternate


def inspected(screen: str) -> str:
    """The node that the inspector shows."""
    found = re.search(r"inspect (\w+)", screen)
    return found.group(1) if found else ""


def test_a_bug_in_a_machine_is_a_sentence_and_the_terminal_is_as_it_was(terminal: Terminal) -> None:
    breaking = (
        "import algorithms.raft.machine as raft; whole = raft.RaftMachine.handle\n"
        "def handle(self, event, now):\n"
        "    assert now < 50_000, 'the planted bug'\n"
        "    return whole(self, event, now)\n"
        "raft.RaftMachine.handle = handle\n"
        "from playground.cli import main; main()"
    )
    command = shlex.join([sys.executable, "-c", breaking, "play", "--seed", "7", "--speed", "1"])
    terminal.type(command, "Enter")
    terminal.wait(lambda screen: "Toseeitagain:playgroundreplay" in "".join(screen.split()))
    terminal.type("echo left with $?", "Enter")
    left = terminal.wait(lambda screen: "left with 70" in screen)
    assert "theplantedbug" in "".join(left.split())
    assert "seed7" in "".join(left.split())
    assert not terminal.alternate
