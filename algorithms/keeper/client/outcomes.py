"""How a server's reply ends a command. The law: an error name of ZooKeeper's stands before its sentence."""

from __future__ import annotations

from algorithms.keeper.commands import Exists, SetAcl, SetData
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import (
    AclIs,
    ChildrenAre,
    Created,
    DataIs,
    MultiResult,
    Nothing,
    Reply,
    StatIs,
)
from algorithms.keeper.view import Stat
from algorithms.machine import Failed, Ok, Outcome, Record


def outcome_of(operation: Record, reply: Reply) -> Outcome:
    """`Ok` with what `commands.py` promises, or `Failed`."""
    if reply.error is not Error.OK:
        return Failed(_why(reply))
    if isinstance(operation, Exists):
        return Ok(not reply.is_missing)
    return Ok(_value(operation, reply))


def said(error: Error) -> str:
    """The name and what it means."""
    return f"{error.name}: {error.value}"


def _why(reply: Reply) -> str:
    if isinstance(reply.result, MultiResult) and reply.result.errors:
        place = reply.result.errors.index(reply.error) + 1
        return f"{said(reply.error)} (operation {place} of the multi; none was done)"
    return said(reply.error)


def _value(operation: Record, reply: Reply) -> str | int | bool | None:
    match reply.result:
        case Created(path):
            return path
        case DataIs(data):
            return data
        case ChildrenAre(children):
            return " ".join(children)
        case AclIs(acl):
            return " ".join(f"{each.scheme}:{each.id}:{each.perms}" for each in acl)
        case StatIs(stat) if isinstance(operation, SetData):
            return stat.version
        case StatIs(stat) if isinstance(operation, SetAcl):
            return stat.aversion
        case StatIs(stat):
            return stat_in_words(stat)
        case MultiResult(results):
            return " ".join(_part(each) for each in results)
        case Nothing():
            return None


def _part(result: Created | StatIs | Nothing) -> str:
    match result:
        case Created(path):
            return path
        case StatIs(stat):
            return f"v{stat.version}"
        case Nothing():
            return "ok"


def stat_in_words(stat: Stat) -> str:
    """`version 2, czxid 0x1_00000003, ...`"""
    owner = f", ephemeral of {stat.ephemeral_owner:#x}" if stat.ephemeral_owner else ""
    return (
        f"version {stat.version}, {stat.num_children} children, {stat.data_length} bytes, czxid {stat.czxid}, "
        f"mzxid {stat.mzxid}, pzxid {stat.pzxid}{owner}"
    )
