"""Paths: what names a znode (ZooKeeper programmer's guide, "Data model").

The law: a path begins with "/", has no empty part, none that is "." or "..", and no "/" at its end but for the root.
"""

from __future__ import annotations

ROOT = "/"
SEQUENCE_DIGITS = 10


def why_not(path: str) -> str:
    """A sentence if this is no path; else nothing."""
    if not path.startswith("/"):
        return f'"{path}" is no path: a path begins with "/"'
    if path == ROOT:
        return ""
    if path.endswith("/"):
        return f'"{path}" is no path: a path does not end with "/"'
    for part in path[1:].split("/"):
        if part == "":
            return f'"{path}" is no path: there is nothing between two "/"'
        if part in (".", ".."):
            return f'"{path}" is no path: "{part}" means nothing here'
    if any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in path):
        return f"{path!r} is no path: it has characters that cannot be printed"
    return ""


def parent_of(path: str) -> str:
    """The parent's path. The root has none."""
    assert path != ROOT, "the root has no parent"
    return path[: path.rindex("/")] or ROOT


def name_of(path: str) -> str:
    """What stands behind the last "/"."""
    return path[path.rindex("/") + 1 :]


def child_of(parent: str, name: str) -> str:
    """The path of the child of this name."""
    return f"/{name}" if parent == ROOT else f"{parent}/{name}"


def numbered(path: str, number: int) -> str:
    """The path of a sequential znode: ten digits behind the name, so that names sort as they were made."""
    return f"{path}{number:0{SEQUENCE_DIGITS}d}"


def is_below(path: str, ancestor: str) -> bool:
    """Whether `path` is `ancestor` or lies below it."""
    return path == ancestor or ancestor == ROOT or path.startswith(f"{ancestor}/")
