"""What the overview shows, as values: every service on every node, so that one fault shows what each makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from tui.glyphs import Role

OLD = 1.0
"""The age of what is no news."""


@dataclass(frozen=True, slots=True)
class Square:
    """One service on one server. `number` is what counts there (`T5 i42`), from the most telling part on.

    `since` is when it came to be in this role, as far as somebody has looked; `age` goes from 0 (just now) to 1.
    """

    role: Role
    numbers: tuple[str, ...] = ()
    trouble: bool = False
    since: int = 0
    age: float = OLD


@dataclass(frozen=True, slots=True)
class Asking:
    """One service for one client: requests that were done, are under way, and ended otherwise. `state` if not well."""

    done: int = 0
    waiting: int = 0
    unsure: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class ServerLine:
    """A server, and what it is in each service, in the order of the services."""

    node: str
    up: bool
    frozen: bool
    isolated: bool
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client, and how it fares with each service; None where it has none."""

    node: str
    up: bool
    askings: tuple[Asking | None, ...]


@dataclass(frozen=True, slots=True)
class News:
    """The last thing that stood out in a service."""

    at: int = 0
    node: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class OverviewFrame:
    """The whole cluster at one moment; the services stand in the frame itself."""

    servers: tuple[ServerLine, ...] = ()
    clients: tuple[ClientLine, ...] = ()
    news: tuple[News, ...] = ()
    """Of each service."""
