"""A small menu over the screen: one key, enter or a click picks; esc leaves."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.acts import Choice


class Menu(ModalScreen[Choice | None]):
    """Its result is the choice, or None if somebody left."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Out", show=False),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]

    def __init__(self, title: str, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        with Vertical(id="menu") as menu:
            menu.border_title = self._title
            yield OptionList(*(Option(_line(choice)) for choice in self._choices), compact=True)
            yield Static("enter picks, esc leaves", id="manners")

    def on_key(self, event: events.Key) -> None:
        """A choice's own key picks it."""
        found = next((choice for choice in self._choices if choice.key == event.character), None)
        if found is not None:
            event.stop()
            event.prevent_default()
            self.dismiss(found)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        self.dismiss(self._choices[event.option_index])

    def action_leave(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)

    def action_down(self) -> None:
        """The next line."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """The line before."""
        self.query_one(OptionList).action_cursor_up()


def _line(choice: Choice) -> Content:
    return Content.assemble((f" {choice.key} ", "bold $accent"), f" {choice.label}")
