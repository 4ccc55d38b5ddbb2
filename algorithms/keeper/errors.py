"""ZooKeeper's own error names (KeeperException.Code), each with a sentence for people."""

from __future__ import annotations

from enum import Enum


class Error(Enum):
    """What a server says no with; the last ones only a client's own machine says."""

    OK = "done"
    NONODE = "there is no such znode"
    NODEEXISTS = "there is such a znode already"
    BADVERSION = "the znode has another version by now"
    NOTEMPTY = "the znode has children"
    NOCHILDRENFOREPHEMERALS = "an ephemeral znode can have no children"
    NOAUTH = "its ACL does not allow that to this session"
    INVALIDACL = "this is no ACL that a znode can have"
    AUTHFAILED = "the server does not accept these credentials"
    BADARGUMENTS = "these arguments make no sense"
    RUNTIMEINCONSISTENCY = "another operation of the same multi failed"
    NOTREADONLY = "a read-only server takes no writes"
    NOWATCHER = "this session has no such watch"
    UNIMPLEMENTED = "this server does not know that request"
    SESSIONMOVED = "the session is with another server by now"
    SESSIONEXPIRED = "the session has expired"
    CONNECTIONLOSS = "the connection was lost before the answer came; it may be done"
    OPERATIONTIMEOUT = "no server could be reached in time"
