"""Every test of the screen has a home of its own, so that no settings and no history of a person get in.

Tests with Textual's pilot are coroutines for asyncio; they are run here, so that no plugin is needed that would also
take the Trio tests for its own.
"""

from __future__ import annotations

import asyncio
import sys
from inspect import iscoroutinefunction
from pathlib import Path

import pytest

# The suite imports test files by path (importmode=importlib), so a folder's own modules are not found by themselves.
sys.path.append(str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    for variable in ("NO_COLOR", "PLAYGROUND_SPEED", "PLAYGROUND_GLYPHS"):
        monkeypatch.delenv(variable, raising=False)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine of the screen's tests in a loop of its own."""
    if not iscoroutinefunction(pyfuncitem.obj) or pyfuncitem.get_closest_marker("trio"):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    return True
