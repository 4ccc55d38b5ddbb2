"""What was typed into the console, over all runs. The law: a file that cannot be read or written costs nothing but the
memory of it.
"""

from __future__ import annotations

from pathlib import Path

LONGEST = 500
"""Lines that are kept."""


class TypedLines:
    """The lines, oldest first, and where up and down stand among them."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lines = _read(path)
        self._at = len(self._lines)
        self._draft = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Oldest first."""
        return tuple(self._lines)

    def add(self, line: str) -> None:
        """Remember `line`, unless it is the last one again."""
        if line.strip() and self._lines[-1:] != [line]:
            self._lines = [*self._lines, line][-LONGEST:]
            self._write()
        self._at = len(self._lines)

    def earlier(self, draft: str) -> str:
        """The line before; `draft` is what stands in the console and comes back at the end."""
        if self._at == len(self._lines):
            self._draft = draft
        self._at = max(0, self._at - 1)
        return self._lines[self._at] if self._lines else draft

    def later(self) -> str:
        """The line after, or the draft."""
        self._at = min(len(self._lines), self._at + 1)
        return self._lines[self._at] if self._at < len(self._lines) else self._draft

    def beginning_with(self, text: str) -> str | None:
        """The newest line that goes on where `text` ends."""
        return next((line for line in reversed(self._lines) if line.startswith(text) and line != text), None)

    def _write(self) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text("\n".join(self._lines) + "\n", encoding="utf-8")
        except OSError:
            self._path = None


def _read(path: Path | None) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError):
        return []
    return [line for line in text.splitlines() if line.strip()][-LONGEST:]
