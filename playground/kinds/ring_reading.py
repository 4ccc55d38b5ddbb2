"""How histories and people are told of a ring's operations.

The law: a value that was found stands among those that were found with it; which of them is right nobody decides here.
"""

from __future__ import annotations

import msgspec

from algorithms.machine import Ok, Record
from algorithms.ring.commands import Delete, FileFound, Found, GetFile, PutFile, Read, Write
from algorithms.ring.versions import Chunk, Manifest, Value
from playground import history


class RingReading:
    """See `history.Reading`. What a get read is a list of the siblings' values; nothing was there if it is empty."""

    def call(self, command: Record) -> tuple[str, history.Key, history.Argument] | None:
        """See `history.Reading`."""
        match command:
            case Read(key):
                return "get", key, None
            case Write(key, value):
                return "put", key, plain(value)
            case Delete(key):
                return "delete", key, None
            case PutFile(name, manifest):
                return "file-put", name, plain(manifest)
            case GetFile(name):
                return "file-get", name, None
            case _:
                return None

    def outcome(self, command: Record, result: Record) -> tuple[str, history.Value]:
        """See `history.Reading`."""
        match result:
            case Ok():
                return "ok", None
            case Found(values):
                return "ok", history.Compound(msgspec.json.encode([plain(each) for each in values]).decode())
            case FileFound():
                return "ok", result.whole
            case _:
                return history.without_result(result), None


def plain(value: Value) -> str | int | float | bool | None:
    """The value, or words for a part of a file."""
    match value:
        case Chunk(sha256, size):
            return f"{size} bytes, SHA-256 {sha256}"
        case Manifest(size, sha256, chunks):
            return f"{size} bytes in {len(chunks)} chunks, SHA-256 {sha256}"
        case _:
            return value
