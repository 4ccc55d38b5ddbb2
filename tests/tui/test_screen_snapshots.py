"""The whole screen at its three sizes, as pictures: an election under way, and a link that is cut.

They are few on purpose: painters are tested by their text. A change that is meant to change the screen is accepted
with `pytest tests/tui/test_screen_snapshots.py --snapshot-update`, after looking at the report.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from playground.spec import DEFAULT_SPEC
from playground.workload import WorkloadSpec
from tui.app import PlaygroundApp
from tui.config import Config
from tui.opening import fresh
from tui.pace import Pace
from tui.screens.main import MainScreen

SEED = 7
STORY = ((1_200_000, "cut n2 -- n5"), (1_300_000, "slow n1 -> n3 20ms"), (1_400_000, "kill leader(raft)"))
ELECTION = 1_629_500
"""When votes are under way, microseconds."""


def paused() -> PlaygroundApp:
    """The default cluster with some load, standing still in the middle of its story."""
    spec = msgspec.structs.replace(DEFAULT_SPEC, workload=WorkloadSpec(rate=10, keys=3))
    run = fresh(spec, SEED, Pace(0.003), paused=True)
    for at, line in STORY:
        run.run_to(at)
        run.do(line)
    run.run_to(ELECTION)
    return PlaygroundApp(MainScreen(run, Config()))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_an_election_on_the_whole_screen(
    size: tuple[int, int], snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert snap_compare(paused(), terminal_size=size)
