"""Whether a file came back from the ring as it went in.

The law: nothing is believed. Every chunk that came is read from the spool by its digest and hashed, and the whole too.
"""

from __future__ import annotations

import hashlib

from algorithms import kv
from algorithms.machine import Failed, Record, Unknown
from algorithms.ring.commands import FileFound, Found
from playground.commands.amounts import write_bytes
from playground.kinds.ring_reading import plain
from playground.spool import Spool


def found(outcome: Record) -> kv.Value:
    """What a ring's read found, as `Answers.newest` tells it."""
    match outcome:
        case Found((value,)):
            return plain(value)
        case Found(values):
            return "|".join(kv.text_of(plain(each)) for each in values) or None
        case FileFound():
            return "whole" if outcome.whole else "missing"
        case _:
            raise AssertionError(f"a request ended with {outcome}")


def judge(name: str, outcome: Record, spool: Spool) -> tuple[bool, str]:
    """Whether the reading of this file gave it back byte for byte, and a sentence about it."""
    match outcome:
        case FileFound(_, manifest):
            trouble = _trouble(outcome, spool)
            ended = trouble or f"came back whole, SHA-256 {manifest.sha256}"
            return not trouble, f"{name}: {_count(len(manifest.chunks))}, {write_bytes(manifest.size)}, {ended}"
        case Failed(reason) | Unknown(reason):
            return False, f"{name}: did not come back: {reason}"
        case _:
            return False, f"{name}: did not come back"


def _count(chunks: int) -> str:
    return "1 chunk" if chunks == 1 else f"{chunks} chunks"


def _trouble(outcome: FileFound, spool: Spool) -> str:
    """What is wrong with it; nothing if it is whole."""
    manifest = outcome.manifest
    if missing := [number for number, chunk in enumerate(outcome.chunks, 1) if chunk is None]:
        return f"{len(missing)} of them did not come back (the first is number {missing[0]})"
    whole = hashlib.sha256()
    for number, (chunk, wanted) in enumerate(zip(outcome.chunks, manifest.chunks, strict=True), 1):
        piece = spool.read(chunk) if chunk is not None and chunk == wanted else None
        if piece is None:
            return f"chunk number {number} is not what the manifest says"
        whole.update(piece)
    same = whole.hexdigest() == manifest.sha256
    return "" if same else f"and together they are not what the manifest says (SHA-256 {whole.hexdigest()})"
