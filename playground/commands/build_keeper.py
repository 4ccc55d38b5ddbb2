"""From lark's tree to values: what a keeper is asked for. The methods are named as the rules of `language.lark`."""

from __future__ import annotations

from typing import Any

from lark import Token, v_args

from algorithms.keeper import commands
from algorithms.keeper.commands import OPEN_ACL, Acl, Mode, WatchMode
from playground.commands.build_words import Misfit, Words

Flags = dict[str, tuple[Token, Any]]
PERMS = "cdrwa"
WHY_NOT = {"container": "a container is persistent and takes no number"}


@v_args(inline=True)
class KeeperWishes(Words):
    """See `build.Builder`."""

    def ZNODE(self, token: Token) -> Token:
        """A path as ZooKeeper has it: no empty parts, none that is . or .., and no / at the end."""
        parts = str(token).split("/")[1:]
        if token != "/" and any(part in ("", ".", "..") for part in parts):
            raise Misfit(token, f"{token} is no path of a znode; one is written like /a/b, or / for the root")
        return token

    def keeper_flags(self, *parts: Any) -> Flags:
        found: Flags = {}
        rest = list(parts)
        while rest:
            token = rest.pop(0)
            name = str(token).removeprefix("--")
            if name in found:
                raise Misfit(token, f"{token} is said twice")
            found[name] = token, rest.pop(0) if token.type == "KEEPER_FLAG" else True
        return found

    def znode_data(self, token: Token) -> str:
        """As it was typed: 007 stays 007."""
        return self.quoted(token) if token.type == "STRING" else str(token)

    def time(self, us: int) -> Time:
        return Time(us)

    # ------------------------------------------------------------ writes

    def create(self, path: Token, data: str | None, flags: Flags) -> commands.Create:
        _only(flags, "create", ("ephemeral", "sequential", "container", "ttl", "acl"))
        if path == "/":
            raise Misfit(path, "the root is always there")
        ttl = _duration(flags, "ttl")
        acl = _acl(*flags["acl"]) if "acl" in flags else OPEN_ACL
        return commands.Create(str(path), data or "", _mode(flags), acl, ttl)

    def set_data(self, path: Token, data: str, flags: Flags) -> commands.SetData:
        _only(flags, "set", ("version",))
        return commands.SetData(str(path), data, _version(flags))

    def delete_znode(self, path: Token, flags: Flags) -> commands.Delete:
        _only(flags, "delete PATH", ("version",))
        if path == "/":
            raise Misfit(path, "the root cannot be deleted")
        return commands.Delete(str(path), _version(flags))

    def check_znode(self, path: Token, flags: Flags) -> commands.Check:
        _only(flags, "check", ("version",))
        return commands.Check(str(path), _version(flags))

    def multi(self, *operations: Any) -> commands.Multi:
        return commands.Multi(operations)

    def set_acl(self, path: Token, flags: Flags) -> commands.SetAcl | commands.GetAcl:
        """Without --acl it is read."""
        _only(flags, "acl", ("acl", "version"))
        if "acl" in flags:
            return commands.SetAcl(str(path), _acl(*flags["acl"]), _version(flags))
        if "version" in flags:
            raise Misfit(flags["version"][0], "--version means something only together with --acl")
        return commands.GetAcl(str(path))

    # ------------------------------------------------------------ reads and watches

    def get_data(self, path: Token, flags: Flags) -> commands.GetData:
        _only(flags, "get PATH", ("watch",))
        return commands.GetData(str(path), "watch" in flags)

    def exists(self, path: Token, flags: Flags) -> commands.Exists:
        _only(flags, "exists", ("watch",))
        return commands.Exists(str(path), "watch" in flags)

    def get_children(self, path: Token, flags: Flags) -> commands.GetChildren:
        _only(flags, "ls", ("watch",))
        return commands.GetChildren(str(path), "watch" in flags)

    def stat(self, path: Token) -> commands.GetStat:
        return commands.GetStat(str(path))

    def sync(self, path: Token) -> commands.Sync:
        return commands.Sync(str(path))

    def watch(self, path: Token, flags: Flags) -> commands.AddWatch:
        _only(flags, "watch", ("recursive",))
        mode = WatchMode.PERSISTENT_RECURSIVE if "recursive" in flags else WatchMode.PERSISTENT
        return commands.AddWatch(str(path), mode)

    def unwatch(self, path: Token) -> commands.RemoveWatches:
        return commands.RemoveWatches(str(path))

    # ------------------------------------------------------------ the session

    def auth(self, scheme: Token, *credentials: Token) -> commands.AddAuth:
        first = credentials[0]
        text = ":".join(str(each) for each in credentials) if first.type != "STRING" else self.quoted(first)
        if scheme != "digest":
            raise Misfit(scheme, f'there is no scheme "{scheme}" to log in with; there is digest')
        if ":" not in text.strip(":"):
            raise Misfit(first, 'credentials are written as user and password, like "bob:secret"')
        return commands.AddAuth(str(scheme), text)

    def reconnect(self, server: Token | None) -> commands.Reconnect:
        return commands.Reconnect(self._node(server) if server is not None else "")

    def close_session(self) -> commands.CloseSession:
        return commands.CloseSession()

    # ------------------------------------------------------------ recipes

    def lock(self, path: Token, flags: Flags) -> commands.Lock:
        _only(flags, "lock", ("shared", "herd", "no-guid"))
        return commands.Lock(str(path), "shared" in flags, "herd" in flags, "no-guid" not in flags)

    def unlock(self, path: Token) -> commands.Unlock:
        return commands.Unlock(str(path))

    def stand(self, path: Token) -> commands.Elect:
        return commands.Elect(str(path))

    def resign(self, path: Token) -> commands.Resign:
        return commands.Resign(str(path))

    def enter_barrier(self, path: Token, size: int) -> commands.EnterBarrier:
        if size < 1:
            raise Misfit(path, f"a barrier waits for 1 client or more, not for {size}")
        return commands.EnterBarrier(str(path), size)

    def leave_barrier(self, path: Token) -> commands.LeaveBarrier:
        return commands.LeaveBarrier(str(path))

    def enqueue(self, path: Token, item: str) -> commands.Enqueue:
        return commands.Enqueue(str(path), item)

    def dequeue(self, path: Token) -> commands.Dequeue:
        return commands.Dequeue(str(path))

    def join(self, path: Token) -> commands.Join:
        return commands.Join(str(path))

    def leave(self, path: Token) -> commands.Leave:
        return commands.Leave(str(path))

    def membership(self, path: Token) -> commands.Members:
        return commands.Members(str(path))

    def guarded(self, path: Token, name: str, value: str) -> commands.Guarded:
        return commands.Guarded(str(path), name, value)

    def look(self, name: str) -> commands.Look:
        return commands.Look(name)


# ---------------------------------------------------------------- flags


def _only(flags: Flags, verb: str, known: tuple[str, ...]) -> None:
    """Only flags that mean something for the verb."""
    for name, (token, _) in flags.items():
        if name not in known:
            there = ", ".join(f"--{each}" for each in known)
            raise Misfit(token, f"{token} means nothing for {verb}; there {'is' if len(known) == 1 else 'are'} {there}")


def _mode(flags: Flags) -> Mode:
    clash = [each for each in ("ephemeral", "container", "ttl") if each in flags]
    if len(clash) > 1:
        raise Misfit(flags[clash[1]][0], f"a znode cannot be --{clash[0]} and --{clash[1]}")
    sequential = "sequential" in flags
    if "container" in flags:
        if sequential:
            raise Misfit(flags["sequential"][0], WHY_NOT["container"])
        return Mode.CONTAINER
    if "ttl" in flags:
        return Mode.PERSISTENT_SEQUENTIAL_WITH_TTL if sequential else Mode.PERSISTENT_WITH_TTL
    if "ephemeral" in flags:
        return Mode.EPHEMERAL_SEQUENTIAL if sequential else Mode.EPHEMERAL
    return Mode.PERSISTENT_SEQUENTIAL if sequential else Mode.PERSISTENT


def _version(flags: Flags) -> int:
    """-1 if it is not said: any."""
    if "version" not in flags:
        return -1
    token, value = flags["version"]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0 or token.type != "KEEPER_FLAG":
        raise Misfit(token, f"--version must be a whole number, 0 or above, not {value}")
    return value


def _duration(flags: Flags, name: str) -> int:
    if name not in flags:
        return 0
    token, value = flags[name]
    if not isinstance(value, Time) or not value.us:
        raise Misfit(token, f"--{name} must be a time like 2s, not {getattr(value, 'us', value)}")
    return value.us


class Time:
    """A duration behind a flag, so that it is no number."""

    def __init__(self, us: int) -> None:
        self.us = us


def _acl(token: Token, text: Any) -> tuple[Acl, ...]:
    """`world:anyone:r,digest:bob:HASH:cdrwa`: scheme, id and letters; the id may hold colons."""
    if not isinstance(text, str):
        raise Misfit(token, f'--acl is quoted, like "world:anyone:r", not {getattr(text, "us", text)}')
    return tuple(_one_acl(token, each) for each in text.split(","))


def _one_acl(token: Token, text: str) -> Acl:
    scheme, _, rest = text.partition(":")
    who, colon, perms = rest.rpartition(":")
    if not scheme or not colon or not perms or any(each not in PERMS for each in perms):
        raise Misfit(token, f'"{text}" is no ACL; write scheme, id and letters out of {PERMS}, like "world:anyone:r"')
    return Acl(scheme, who, perms)
