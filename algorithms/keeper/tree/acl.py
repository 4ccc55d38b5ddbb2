"""Who may do what (ZooKeeper programmer's guide, "ACL permissions").

The law: an ACL is of one znode alone, never of those below it. `world:anyone` is everybody; `digest:user:hash` whoever
has told the password; `auth` stands for all that the session has told, and is written out before it is kept.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha1

from algorithms.keeper.commands import Acl
from algorithms.keeper.errors import Error

PERMISSIONS = "cdrwa"
"""Create a child, delete a child, read, write, administer (set the ACL)."""

Credentials = tuple[tuple[str, str], ...]
"""What a session has told of itself: scheme and id."""


def digest_of(auth: str) -> str:
    """`user:password` as ZooKeeper keeps it: `user:` and the base64 of the SHA-1."""
    user = auth.partition(":")[0]
    return f"{user}:{b64encode(sha1(auth.encode(), usedforsecurity=False).digest()).decode()}"


def allows(acl: tuple[Acl, ...], permission: str, credentials: Credentials) -> bool:
    """Whether one entry gives this permission to somebody whom the session is."""
    return any(permission in each.perms and _is_meant(each, credentials) for each in acl)


def _is_meant(acl: Acl, credentials: Credentials) -> bool:
    return (acl.scheme, acl.id) == ("world", "anyone") or (acl.scheme, acl.id) in credentials


def fixed(acl: tuple[Acl, ...], credentials: Credentials) -> tuple[Acl, ...] | Error:
    """The ACL as it is kept, or why it cannot be."""
    found: list[Acl] = []
    for each in acl:
        if not each.perms or any(letter not in PERMISSIONS for letter in each.perms):
            return Error.INVALIDACL
        if each.scheme == "auth":
            known = [Acl(scheme, name, each.perms) for scheme, name in credentials]
            if not known:
                return Error.INVALIDACL
            found += known
        elif (each.scheme == "world" and each.id == "anyone") or (each.scheme == "digest" and _is_digest(each.id)):
            found.append(each)
        else:
            return Error.INVALIDACL
    return tuple(dict.fromkeys(found)) if found else Error.INVALIDACL


def _is_digest(text: str) -> bool:
    user, colon, password = text.partition(":")
    return bool(user and colon and password)
