"""The console of the command language. The law: whatever was typed here is answered here, mistakes as well.

It knows no cluster: it posts `Console.Said`, and whoever acts on it calls `reply`, `complain` or `tell`.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from tui.completion import Offer, hint, last_word
from tui.history import TypedLines

MOST_LINES = 200
"""Lines of answers that are kept."""

SHOWN_COMPLETIONS = 12

WELCOME = "Type a command, such as kill leader(raft), cut n1 -> n2 or put x 1. Tab completes."


class FromHistoryOrGrammar(Suggester):
    """The grey text behind the cursor: the newest such line, else the first completion."""

    def __init__(self, typed: TypedLines, offer: Offer) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._typed = typed
        self._offer = offer

    async def get_suggestion(self, value: str) -> str | None:
        """What `value` may become."""
        return self._typed.beginning_with(value) or next(iter(self._offer(value)), None)


class Prompt(Input):
    """One line with completion (tab) and history (up, down)."""

    def __init__(self, typed: TypedLines, offer: Offer) -> None:
        super().__init__(
            placeholder="a command; tab completes, esc leaves",
            suggester=FromHistoryOrGrammar(typed, offer),
            compact=True,
        )
        self.cursor_blink = False
        self._typed = typed
        self._offer = offer
        self._cycle: list[str] = []
        self._place = 0

    def on_key(self, event: events.Key) -> None:
        """At once, not as bindings: those run after letters that were typed behind them, if somebody types fast."""
        match event.key:
            case "enter":
                self.post_message(self.Submitted(self, self.value))
                self._put("")
            case "tab":
                self._complete(1)
            case "shift+tab":
                self._complete(-1)
            case "up":
                self._put(self._typed.earlier(self.value))
            case "down":
                self._put(self._typed.later())
            case _:
                return
        event.stop()
        event.prevent_default()

    def _complete(self, direction: int) -> None:
        """Put the next completion there; again and again goes round."""
        if self.value not in self._cycle:
            self._cycle = self._offer(self.value)
            self._place = -1 if direction > 0 else 0
        if self._cycle:
            self._place = (self._place + direction) % len(self._cycle)
            self._put(self._cycle[self._place])
            if len(self._cycle) == 1:
                self._cycle = []

    def _put(self, line: str) -> None:
        self.value = line
        self.cursor_position = len(line)


class Console(Vertical):
    """Answers above, the prompt below, and under it what can be typed next."""

    BORDER_TITLE = "console"

    class Said(Message):
        """Somebody typed a command."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """Somebody wants out of the console."""

    def __init__(self, typed: TypedLines, offer: Offer, id: str | None = None) -> None:
        super().__init__(id=id)
        self._typed = typed
        self._offer = offer
        self._lines: list[Content] = [Content.styled(WELCOME, "$text-muted")]

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False, id="answers"):
            yield Static(self._text())
        with Horizontal(id="prompt"):
            yield Static("> ", id="mark")
            yield Prompt(self._typed, self._offer)
        yield Static("", id="hint")

    @property
    def prompt(self) -> Prompt:
        """Where one types."""
        return self.query_one(Prompt)

    @property
    def plain(self) -> str:
        """All answers, as text."""
        return self._text().plain

    # ------------------------------------------------------------ answers

    def reply(self, text: str) -> None:
        """It was done."""
        self._add(Content.styled(f"  {text}", "$text"))

    def complain(self, text: str) -> None:
        """It could not be done: one sentence."""
        self._add(Content.assemble(("x ", "$error"), (text, "$text-error")))

    def tell(self, text: str, good: bool) -> None:
        """A request has ended."""
        self._add(Content.styled(f"  {text}", "$text-success" if good else "$text-warning"))

    def _add(self, line: Content) -> None:
        self._lines = [*self._lines, line][-MOST_LINES:]
        if self.is_mounted:
            self.query_one("#answers Static", Static).update(self._text())
            self.query_one("#answers", VerticalScroll).scroll_end(animate=False)

    def _text(self) -> Content:
        return Content("\n").join(self._lines)

    # ------------------------------------------------------------ typing

    def begin(self, text: str = "") -> None:
        """Take the keyboard, with `text` typed already."""
        self.prompt.value = text or self.prompt.value
        self.prompt.cursor_position = len(self.prompt.value)
        self.screen.set_focus(self.prompt)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: say it."""
        event.stop()
        text = event.value.strip()
        if text:
            self._typed.add(text)
            self._add(Content.assemble(("> ", "$text-muted"), (text, "bold")))
            self.post_message(self.Said(text))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what may follow, and the form of this command."""
        event.stop()
        self.query_one("#hint", Static).update(self._hint(event.value))

    def _hint(self, text: str) -> Content:
        form = hint(text)
        words = [line[len(text) - len(last_word(text)) :] for line in self._offer(text)]
        offered = "  ".join(words[:SHOWN_COMPLETIONS]) + (" ..." if len(words) > SHOWN_COMPLETIONS else "")
        about = f"{form.form}: {form.help}" if form else ""
        return Content.assemble((about, "$text-muted"), "   " if about else "", (offered, "$text-accent"))

    def on_key(self, event: events.Key) -> None:
        """Escape leaves; what was typed stays."""
        if event.key == "escape":
            event.stop()
            self.post_message(self.Left())
