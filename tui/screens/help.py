"""Help for the focused pane first, then for everything: searchable, and enter does what the line says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from playground.commands import COMMANDS, Form
from tui.keys import Key, for_pane, matching
from tui.panes import BY_NAME


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants after reading: an action of the main screen, or a command to begin in the console."""

    action: str = ""
    command: str = ""


class Help(ModalScreen[Asked | None]):
    """Keys, then commands; what is typed narrows both."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Out", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "move(10)", "Page down", show=False, priority=True),
        Binding("pageup", "move(-10)", "Page up", show=False, priority=True),
    ]

    def __init__(self, pane: str) -> None:
        super().__init__()
        self._pane = pane
        self._asked: list[Asked] = []

    def compose(self) -> ComposeResult:
        about = BY_NAME[self._pane]
        with Vertical(id="help") as box:
            box.border_title = f"help: {about.title}"
            box.border_subtitle = "enter does it, esc leaves"
            yield Static(about.text, id="about")
            search = Input(placeholder="search keys and commands", compact=True)
            search.cursor_blink = False
            yield search
            yield OptionList(compact=True)

    def on_mount(self) -> None:
        """Show everything; typing narrows it."""
        self._fill("")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        """Enter does what the marked line says."""
        self._finish(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """So does a click."""
        self._finish(event.option_index)

    def _fill(self, words: str) -> None:
        keys = matching(words, for_pane(self._pane))
        forms = [form for form in COMMANDS if _has(form, words)]
        self._asked = [*(Asked(action=key.action) for key in keys), *(Asked(command=form.example) for form in forms)]
        lines = self.query_one(OptionList)
        lines.clear_options()
        lines.add_options([*(Option(_key_line(key)) for key in keys), *(Option(_form_line(form)) for form in forms)])
        lines.highlighted = 0 if self._asked else None

    def _finish(self, place: int | None) -> None:
        self.dismiss(self._asked[place] if place is not None and place < len(self._asked) else None)

    def action_move(self, by: int) -> None:
        """The keyboard stays with the search; the arrows move the mark."""
        lines = self.query_one(OptionList)
        if self._asked:
            lines.highlighted = max(0, min(len(self._asked) - 1, (lines.highlighted or 0) + by))

    def action_leave(self) -> None:
        """Out."""
        self.dismiss(None)


def _has(form: Form, words: str) -> bool:
    return all(word in f"{form.form} {form.help}".lower() for word in words.lower().split())


def _key_line(key: Key) -> Content:
    return Content.assemble((f"{key.shown:>10}  ", "bold $accent"), (f"{key.label:<10} ", "bold"), key.help)


def _form_line(form: Form) -> Content:
    return Content.assemble((f"{':':>10}  ", "bold $accent"), (f"{form.form}  ", "bold"), (form.help, "$text-muted"))
