"""Pictures of panes as plain text files. To accept new ones: `ACCEPT=1 pytest tests/tui`, then read the difference."""

from __future__ import annotations

import os
from pathlib import Path

from tui.paper import Paper

FOLDER = Path(__file__).parent / "pictures"


def looks_like(name: str, page: Paper) -> bool:
    """Whether the page's characters are those of the picture `name`."""
    path = FOLDER / f"{name}.txt"
    text = page.plain() + "\n"
    if os.environ.get("ACCEPT"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"There is no picture {path.name}: run with ACCEPT=1 and look at it."
    assert text == path.read_text(encoding="utf-8"), f"{path.name} looks different:\n{text}"
    return True
