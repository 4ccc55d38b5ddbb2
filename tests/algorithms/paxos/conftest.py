"""Makes the schedules' harness importable."""

from __future__ import annotations

import sys
from pathlib import Path

# The suite imports test files by path (importmode=importlib), so a folder's own modules are not found by themselves.
sys.path.append(str(Path(__file__).parent))
