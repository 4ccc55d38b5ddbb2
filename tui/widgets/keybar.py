"""The two lines at the bottom: what was just said, and the keys that work. Both can be clicked."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.content import Content
from textual.widget import Widget

from tui.keys import Key, footer_keys


class StatusLine(Widget):
    """Left what happened last or why a key could not act; right how fast time goes."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said = Content("")
        self._pace = Content("")

    @property
    def plain(self) -> str:
        """What it says, as text."""
        return self._said.plain

    def say(self, text: str, style: str = "$text") -> None:
        """Something happened, or cannot."""
        self._said = Content.styled(text, style)
        self.refresh()

    def show_pace(self, text: str, style: str = "$text-muted") -> None:
        """How fast time goes, in words."""
        pace = Content.styled(text, style)
        if pace != self._pace:
            self._pace = pace
            self.refresh()

    def render(self) -> Content:
        """One line; the right part gives way."""
        room = self.size.width - 2
        right = self._pace if self._said.cell_length + self._pace.cell_length + 2 <= room else Content("")
        gap = max(1, room - self._said.cell_length - right.cell_length)
        return Content.assemble(" ", self._said, " " * gap, right, " ")


class KeyBar(Widget):
    """The keys that work now. A click on one presses it."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._labels: Mapping[str, str] = {}
        self._places: list[tuple[int, int, Key]] = []

    def show(self, labels: Mapping[str, str]) -> None:
        """Some keys do something else now: `labels` has their other names, by action."""
        if labels != self._labels:
            self._labels = labels
            self.refresh()

    def render(self) -> Content:
        """As many keys as fit; the palette stands at the right."""
        parts, column = [Content(" ")], 1
        self._places = []
        for key in footer_keys(self.size.width - 12, self._labels):
            label = self._labels.get(key.action, key.label)
            self._places.append((column, column + len(key.shown) + len(label) + 1, key))
            parts.append(Content.assemble((key.shown, "bold $accent"), f" {label}  "))
            column += len(key.shown) + len(label) + 3
        gap = max(0, self.size.width - column - 11)
        return Content.assemble(*parts, " " * gap, ("^p", "bold $accent"), " Palette ")

    async def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        found = next((key for begin, end, key in self._places if begin <= event.x < end), None)
        action = found.action if found else "palette" if event.x >= self.size.width - 11 else ""
        if action:
            await self.screen.run_action(action)
