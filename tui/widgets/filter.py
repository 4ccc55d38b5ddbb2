"""The line that narrows the event log. The law: every letter counts at once; enter keeps it, esc forgets it."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

PLACEHOLDER = "/ show only events with this text; enter keeps it, esc forgets it"


class FilterLine(Input):
    """It posts what is to be shown."""

    class Narrowed(Message):
        """Show only events with `text`; `left` if the person is done typing."""

        def __init__(self, text: str, left: bool) -> None:
            super().__init__()
            self.text = text
            self.left = left

    def __init__(self, id: str | None = None) -> None:
        super().__init__(placeholder=PLACEHOLDER, compact=True, id=id)
        self.cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """One letter more or less."""
        event.stop()
        self.post_message(self.Narrowed(event.value, left=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Done."""
        event.stop()
        self.post_message(self.Narrowed(event.value, left=True))

    def on_key(self, event: events.Key) -> None:
        """Forget it."""
        if event.key == "escape":
            event.stop()
            with self.prevent(Input.Changed):
                self.value = ""
            self.post_message(self.Narrowed("", left=True))
