"""The words with which a keeper is asked for something, by the command that they mean.

The law: a path begins with "/" and stands without quotation marks. By that `get /a` is a keeper's and `get a` a
store's, whatever else is in the cluster; what is quoted is a store's key.
"""

from __future__ import annotations

from algorithms.keeper import commands as keeper
from algorithms.machine import Record

KEEPER_VERBS: dict[type[Record], str] = {
    keeper.Create: "create",
    keeper.SetData: "set",
    keeper.GetData: "get PATH",
    keeper.Delete: "delete PATH",
    keeper.Exists: "exists",
    keeper.GetStat: "stat",
    keeper.GetChildren: "ls",
    keeper.GetAcl: "acl",
    keeper.SetAcl: "acl",
    keeper.Sync: "sync",
    keeper.Multi: "multi",
    keeper.AddWatch: "watch",
    keeper.RemoveWatches: "unwatch",
    keeper.AddAuth: "auth",
    keeper.Reconnect: "reconnect",
    keeper.CloseSession: "close session",
    keeper.Lock: "lock",
    keeper.Unlock: "unlock",
    keeper.Elect: "elect PATH",
    keeper.Resign: "resign",
    keeper.EnterBarrier: "barrier enter",
    keeper.LeaveBarrier: "barrier leave",
    keeper.Enqueue: "enqueue",
    keeper.Dequeue: "dequeue",
    keeper.Join: "join",
    keeper.Leave: "leave",
    keeper.Members: "membership",
    keeper.Guarded: "guarded",
    keeper.Look: "look",
}
"""In the order of help. PATH tells a word from the one that stores and brokers have, too."""
