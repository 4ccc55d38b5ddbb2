"""Makes the transcripts' harness importable, and `--accept` known."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The suite imports test files by path (importmode=importlib), so a folder's own modules are not found by themselves.
sys.path.append(str(Path(__file__).parent))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expected part of every transcript")
