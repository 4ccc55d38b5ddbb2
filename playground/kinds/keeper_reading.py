"""How histories and people are told of what clients do with a keeper."""

from __future__ import annotations

from algorithms.keeper import commands
from algorithms.machine import Ok, Record
from playground import history
from playground.commands.keeper_verbs import KEEPER_VERBS

QUIET = (commands.AddAuth, commands.Reconnect, commands.CloseSession)
"""What is no operation on anything."""


class KeeperReading:
    """See `history.Reading`. A key is a path, or a resource."""

    def call(self, command: Record) -> tuple[str, history.Key, history.Argument] | None:
        """See `history.Reading`."""
        if type(command) not in KEEPER_VERBS or isinstance(command, QUIET):
            return None
        f = KEEPER_VERBS[type(command)].removesuffix(" PATH")
        match command:
            case commands.Create(path, data) | commands.SetData(path, data):
                return f, path, data
            case commands.Guarded(_, name, value):
                return f, name, value
            case commands.Look(name):
                return f, name, None
            case commands.Multi(operations):
                return f, " ".join(each.path for each in operations), None
            case commands.Enqueue(path, item):
                return f, path, item
            case _:
                return f, command.path, None  # type: ignore[attr-defined]

    def outcome(self, command: Record, result: Record) -> tuple[str, history.Value]:
        """See `history.Reading`."""
        match result:
            case Ok(value):
                return "ok", value
            case _:
                return history.without_result(result), None
