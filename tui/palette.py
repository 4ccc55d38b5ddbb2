"""The command palette: every key, every node, every speed, every command of the language, by name.

The law: it is made from the same tables as bindings and help, so that nothing can be missing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider

from playground.commands import COMMANDS
from tui.keys import KEYS
from tui.pace import LADDER, Pace
from tui.screens.main import MainScreen

SECRET = ("palette", "out")
"""Keys that make no sense in a palette."""


class Entry(NamedTuple):
    """One line of the palette."""

    title: str
    help: str
    deed: Callable[[], Awaitable[object] | Any]


class PlaygroundCommands(Provider):
    """All of it, while the main screen is below."""

    async def discover(self) -> Hits:
        """What is shown before anything is typed."""
        for entry in self._entries():
            yield DiscoveryHit(entry.title, entry.deed, help=entry.help)

    async def search(self, query: str) -> Hits:
        """What fits `query`."""
        matcher = self.matcher(query)
        for entry in self._entries():
            score = max(matcher.match(entry.title), 0.5 * matcher.match(entry.help))
            if score > 0:
                yield Hit(score, matcher.highlight(entry.title), entry.deed, help=entry.help)

    def _entries(self) -> Iterator[Entry]:
        screen = self.screen
        if isinstance(screen, MainScreen):
            yield from _keys(screen)
            yield from _services(screen)
            yield from _nodes(screen)
            yield from _speeds(screen)
            yield from _commands(screen)


def _keys(screen: MainScreen) -> Iterator[Entry]:
    for key in KEYS:
        if key.action not in SECRET:
            yield Entry(f"{key.label}  ({key.shown})", key.help, partial(screen.run_action, key.action))


def _services(screen: MainScreen) -> Iterator[Entry]:
    for service in screen.run.session.spec.services:
        help = f"Show the roles, the pane and the node of {service.name}."
        yield Entry(f"Look at {service.name}", help, partial(screen.pick_service, service.name))


def _nodes(screen: MainScreen) -> Iterator[Entry]:
    for name in screen.run.session.world.names:
        yield Entry(f"Select {name}", f"Let keys act on {name}.", partial(screen.select, name))


def _speeds(screen: MainScreen) -> Iterator[Entry]:
    for speed in LADDER:
        words = Pace(speed).words()
        yield Entry(f"Speed {Pace(speed).short()}", f"{words}.", partial(screen.set_pace, Pace(speed)))


def _commands(screen: MainScreen) -> Iterator[Entry]:
    for form in COMMANDS:
        yield Entry(f"Command {form.form}", f"{form.help}.", partial(screen.action_console, form.example))
