"""What a keeper is asked for, as text. The law: reading it gives the same value."""

from __future__ import annotations

import json
import re
from typing import assert_never

from algorithms.keeper import commands
from algorithms.keeper.commands import OPEN_ACL, Acl, Mode, WatchMode
from algorithms.machine import Record
from playground.commands.amounts import write_duration
from playground.commands.grammar import is_bare

WORD = re.compile(r"-?(0|[1-9][0-9]*)")
"""A number that stands for itself."""
ZNODE = re.compile(r"/([^\s\"()]|\([^\s\"()]*\))*(?<![,;])")
"""A path that the lexer takes for one word."""


PLAIN: dict[type[Record], str] = {
    commands.GetStat: "stat",
    commands.GetAcl: "acl",
    commands.Sync: "sync",
    commands.RemoveWatches: "unwatch",
    commands.Unlock: "unlock",
    commands.Elect: "elect",
    commands.Resign: "resign",
    commands.LeaveBarrier: "barrier leave",
    commands.Dequeue: "dequeue",
    commands.Join: "join",
    commands.Leave: "leave",
    commands.Members: "membership",
}
"""What needs no more than a path."""


def write_keeper_wish(wish: commands.Command) -> str:
    """The wish as one would type it."""
    match wish:
        case _ if type(wish) in PLAIN:
            return f"{PLAIN[type(wish)]} {wish.path}"  # type: ignore[union-attr]
        case commands.Create() | commands.Delete() | commands.SetData():
            return _write(wish)
        case commands.Multi(operations):
            return f"multi {'; '.join(_write(each) for each in operations)}"
        case commands.SetAcl(path, acl, version):
            return f"acl {path} --acl {_acl(acl)}{_version(version)}"
        case commands.GetData(path, watch):
            return f"get {path}{_watch(watch)}"
        case commands.Exists(path, watch):
            return f"exists {path}{_watch(watch)}"
        case commands.GetChildren(path, watch):
            return f"ls {path}{_watch(watch)}"
        case commands.AddWatch(path, mode):
            return f"watch {path}{' --recursive' if mode is WatchMode.PERSISTENT_RECURSIVE else ''}"
        case _:
            return _other(wish)


def _write(operation: commands.Create | commands.Delete | commands.SetData | commands.Check) -> str:
    match operation:
        case commands.Create(path, data, mode, acl, ttl):
            what = f" {_data(data)}" if data else ""
            who = f" --acl {_acl(acl)}" if acl != OPEN_ACL else ""
            return f"create {path}{what}{_mode(mode)}{f' --ttl {write_duration(ttl)}' if ttl else ''}{who}"
        case commands.SetData(path, data, version):
            return f"set {path} {_data(data)}{_version(version)}"
        case commands.Delete(path, version):
            return f"delete {path}{_version(version)}"
        case commands.Check(path, version):
            return f"check {path}{_version(version)}"
        case _:
            assert_never(operation)


def _other(wish: commands.Command) -> str:
    match wish:
        case commands.AddAuth(scheme, auth):
            return f"auth {scheme} {json.dumps(auth)}"
        case commands.Reconnect(server):
            return f"reconnect {server}".rstrip()
        case commands.CloseSession():
            return "close session"
        case commands.Lock(path, shared, herd, guid):
            said = (("shared", shared), ("herd", herd), ("no-guid", not guid))
            return f"lock {path}{''.join(f' --{flag}' for flag, on in said if on)}"
        case commands.EnterBarrier(path, size):
            return f"barrier enter {path} {size}"
        case commands.Enqueue(path, item):
            return f"enqueue {path} {_data(item)}"
        case commands.Guarded(path, name, value):
            return f"guarded {path} {_name(name)} {_data(value)}"
        case commands.Look(name):
            return f"look {_name(name)}"
        case _:
            raise AssertionError(f"{wish} has no words.")


def _name(name: str) -> str:
    return name if is_bare(name) else json.dumps(name)


def write_path(path: str) -> str:
    """A path in a selector: unquoted, if the lexer can tell where it ends."""
    return path if ZNODE.fullmatch(path) else json.dumps(path)


def _data(text: str) -> str:
    if is_bare(text) or WORD.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _mode(mode: Mode) -> str:
    first = " --ephemeral" if mode.ephemeral else " --container" if mode is Mode.CONTAINER else ""
    return f"{first}{' --sequential' if mode.sequential else ''}"


def _version(version: int) -> str:
    return f" --version {version}" if version >= 0 else ""


def _watch(watch: bool) -> str:
    return " --watch" if watch else ""


def _acl(acl: tuple[Acl, ...]) -> str:
    return json.dumps(",".join(f"{each.scheme}:{each.id}:{each.perms}" for each in acl))
