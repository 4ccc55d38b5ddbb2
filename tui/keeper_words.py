"""The keeper's messages, znodes and zxids in words. The law: operations are named as ZooKeeper's shell names them."""

from __future__ import annotations

import re

from algorithms.keeper import commands, forwarding, txns
from algorithms.keeper import messages as keeper
from algorithms.keeper.errors import Error
from algorithms.keeper.zab import messages as zab
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Record
from tui.keeper_kinds import unwrapped
from tui.ring_words import counted

GUID = re.compile(r"[^.]+\.\d+\.\d+")
"""What a recipe puts before a name to find it again: client, life and number."""

DIGITS = 10
"""Of the number behind a sequential znode's name."""

LEAST_DIGITS = 4

LONGEST = 24
"""Characters of a path within a sentence."""


def zxid_words(zxid: Zxid) -> str:
    """`5_2a`: epoch and counter, both in ZooKeeper's base 16, without all the zeros."""
    return f"{zxid.epoch:x}_{zxid.counter:x}"


def session_words(session_id: int) -> str:
    """As ZooKeeper prints it, but only as much as tells it from the others: `0x3`."""
    return f"0x{session_id & 0xFFFF:x}" if session_id else "-"


def is_sequential(name: str) -> bool:
    """Whether a number was put behind it."""
    return len(name) >= DIGITS and name[-DIGITS:].isdigit()


def short_name(name: str) -> str:
    """`lock-0000000007` is `lock-0007`, and a recipe's own mark in front of it is left out."""
    if not is_sequential(name):
        return name
    stem, number = name[:-DIGITS], name[-DIGITS:].lstrip("0")
    return f"{_without_guid(stem)}{number:0>{LEAST_DIGITS}}"


def _without_guid(stem: str) -> str:
    """`c1.1.3-lock-`: whose it is stands in another column."""
    guid, dash, kept = stem.partition("-")
    return kept if dash and kept and GUID.fullmatch(guid) else stem


def short_path(path: str) -> str:
    """The last part shortened as in the tree; long ones lose their beginning."""
    words = "/".join(short_name(part) for part in path.split("/"))
    return words if len(words) <= LONGEST else "…/" + words.rpartition("/")[2]


# ---------------------------------------------------------------- messages


def keeper_words(message: Record) -> str:
    """Empty for what is not the keeper's."""
    inner = unwrapped(message)
    if inner is None:
        return "channel: acknowledged"
    return _zab_words(inner) or _forwarded_words(inner) or _client_words(inner)


def _zab_words(message: Record) -> str:
    match message:
        case zab.Notification(vote=None):
            return "who leads?"
        case zab.Notification(round=round, role=role, vote=zab.Vote(leader=leader, zxid=zxid)):
            return f"{'votes' if role == 'looking' else role}: {leader} at {zxid_words(zxid)}, round {round}"
        case zab.FollowerInfo(accepted_epoch=epoch, observes=observes):
            return f"{'observer' if observes else 'follower'}, has accepted epoch {epoch}"
        case zab.LeaderInfo(epoch=epoch):
            return f"new epoch {epoch}?"
        case zab.AckEpoch(current_epoch=epoch, zxid=zxid):
            return f"follows it; is at {zxid_words(zxid)} of epoch {epoch}"
        case zab.Diff(transactions=transactions):
            return f"DIFF of {counted(len(transactions), 'transaction')}"
        case zab.Trunc(zxid=zxid):
            return f"TRUNC to {zxid_words(zxid)}"
        case zab.Snap(zxid=zxid):
            return f"SNAP at {zxid_words(zxid)}"
        case zab.NewLeader(epoch=epoch):
            return f"new leader of epoch {epoch}"
        case zab.AckNewLeader(epoch=epoch):
            return f"has the history of epoch {epoch}"
        case zab.UpToDate(zxid=zxid):
            return f"up to date: {zxid_words(zxid)}"
        case _:
            return _broadcast_words(message)


def _broadcast_words(message: Record) -> str:
    match message:
        case zab.Propose(transaction=zab.Transaction(zxid=zxid, txn=txn)):
            return f"proposal {zxid_words(zxid)}: {txn_words(txn)}"
        case zab.Inform(transaction=zab.Transaction(zxid=zxid, txn=txn)):
            return f"inform {zxid_words(zxid)}: {txn_words(txn)}"
        case zab.Ack(zxid=zxid):
            return f"ack {zxid_words(zxid)}"
        case zab.Commit(zxid=zxid):
            return f"commit {zxid_words(zxid)}"
        case zab.Ping(zxid=zxid) | zab.Pong(zxid=zxid):
            return f"{'ping' if isinstance(message, zab.Ping) else 'pong'}({zxid_words(zxid)})"
        case zab.Durable(what=what):
            return f"its own disk has the {what}"
        case _:
            return ""


def _forwarded_words(message: Record) -> str:
    """Between the applications of a server and its leader."""
    match message:
        case forwarding.ForwardedRequest(operation=operation):
            return f"forwards {operation_words(operation)}"
        case forwarding.OpenSession(client=client):
            return f"a session for {client}?"
        case forwarding.Revalidate(session_id=session):
            return f"does session {session_words(session)} live?"
        case forwarding.Revalidated(session_id=session, timeout=timeout):
            return f"session {session_words(session)} {'lives' if timeout else 'is no more'}"
        case forwarding.CloseSessionRequest(session_id=session):
            return f"end session {session_words(session)}"
        case forwarding.Touched(session_ids=sessions):
            return f"{counted(len(sessions), 'session')} live{'s' if len(sessions) == 1 else ''}"
        case forwarding.MovedAway(session_id=session):
            return f"session {session_words(session)} has moved away"
        case forwarding.Synced():
            return "synced"
        case _:
            return ""


def txn_words(txn: Record) -> str:
    """What a transaction makes true: `create /locks/a`."""
    match txn:
        case txns.Txn(body=body):
            return txn_words(body)
        case txns.CreateTxn(path=path):
            return f"create {short_path(path)}"
        case txns.DeleteTxn(path=path):
            return f"delete {short_path(path)}"
        case txns.SetDataTxn(path=path) | txns.SetAclTxn(path=path):
            return f"{'set' if isinstance(txn, txns.SetDataTxn) else 'setAcl'} {short_path(path)}"
        case txns.CreateSessionTxn(client=client):
            return f"session of {client}"
        case txns.CloseSessionTxn(expired=expired):
            return "session expires" if expired else "session ends"
        case txns.MultiTxn(txns=parts):
            return f"multi of {len(parts)}"
        case txns.ErrorTxn(error=error):
            return error.name
        case _:
            return type(txn).__name__.removesuffix("Txn").lower()


OPERATIONS = {
    commands.Create: "create", commands.Delete: "delete", commands.SetData: "set", commands.SetAcl: "setAcl",
    commands.GetData: "get", commands.Exists: "exists", commands.GetStat: "stat", commands.GetChildren: "ls",
    commands.GetAcl: "getAcl", commands.Sync: "sync", commands.AddWatch: "addWatch",
    commands.RemoveWatches: "removeWatches",
}  # fmt: skip


def operation_words(operation: Record) -> str:
    """`create /config`."""
    found = OPERATIONS.get(type(operation))
    if found is not None:
        watches = " -w" if getattr(operation, "watch", False) else ""
        return f"{found}{watches} {short_path(operation.path)}"  # type: ignore[attr-defined]
    match operation:
        case commands.Multi(operations=parts):
            return f"multi of {len(parts)}"
        case commands.AddAuth(scheme=scheme):
            return f"addauth {scheme}"
        case commands.CloseSession():
            return "close session"
        case _:
            return type(operation).__name__


def _client_words(message: Record) -> str:
    match message:
        case keeper.ConnectRequest(session_id=session):
            return f"session {session_words(session)} again" if session else "a new session?"
        case keeper.ConnectResponse(refused=refused) if refused:
            return f"refused: {refused}"
        case keeper.ConnectResponse(session_id=session):
            return f"session {session_words(session)}" if session else "session expired"
        case keeper.SetWatches(watches=watches):
            return f"sets {len(watches)} watch{'es' if len(watches) != 1 else ''} again"
        case keeper.ClientRequest(operation=operation):
            return operation_words(operation)
        case keeper.Reply(xid=xid, error=error):
            return f"reply {xid}" if error is Error.OK else f"reply {xid}: {error.name}"
        case keeper.WatchEvent(event=event, path=path):
            return f"watch: {short_path(path)} {event.value}"
        case keeper.Ping() | keeper.Pong():
            return "ping" if isinstance(message, keeper.Ping) else "pong"
        case keeper.Gone(why=why):
            return f"session {why}"
        case _:
            return _resource_words(message)


def _resource_words(message: Record) -> str:
    match message:
        case keeper.WriteResource(name=name, value=value, token=token):
            return f"write {name} {value} with token {token:x}"
        case keeper.ReadResource(name=name):
            return f"read {name}"
        case keeper.ResourceResponse(rejected=rejected, token=token):
            return f"rejected: has seen {token:x}" if rejected else "resource: done"
        case _:
            return ""
