"""The file of a run that was given none: about 300 kB of text, made from the seed.

The law: the same seed makes the same bytes on every machine. Only `random()` is drawn: it is the same on every Python.
"""

from __future__ import annotations

from random import Random

SIZE = 300_000

WORDS = (
    "node", "ring", "token", "key", "range", "owner", "replica", "hint", "quorum", "clock", "epoch", "member", "chunk",
    "gossip", "repair", "sibling", "tombstone", "tree", "leaves", "joins", "moves", "waits", "reads", "writes", "holds",
    "keeps", "finds", "asks", "tells", "counts", "one", "two", "three", "many", "every", "another",
)  # fmt: skip


def made_file(seed: int | str) -> bytes:
    """Lines of words, numbered, so that no two chunks are alike."""
    dice = Random(f"{seed}:file")
    lines: list[bytes] = []
    size = 0
    while size < SIZE:
        words = " ".join(WORDS[int(dice.random() * len(WORDS))] for _ in range(12))
        line = f"{len(lines) + 1:05d} {words}.\n".encode()
        lines.append(line)
        size += len(line)
    return b"".join(lines)
