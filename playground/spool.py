"""Where the bytes of files lie while a cluster holds their chunks: one file on the real disk, found by digest.

The law: what lies here never changes, so forks of a session share it, and a copy in another process can read it as long
as its maker lives. A file is never whole in memory. The disk space is given back with the spool, by its maker alone.
"""

from __future__ import annotations

import hashlib
import os
import stat
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from algorithms.ring.versions import Chunk, Manifest
from playground.commands.amounts import write_bytes
from playground.errors import BadInput

MOST_BYTES = 1 << 30
"""The largest file."""
LARGEST_CHUNK = 1 << 20
SMALLEST_CHUNK = 1 << 12
USUAL_CHUNKS = 64
"""A file is cut into about so many pieces, unless they would become larger than the largest chunk."""


def chunk_size(size: int) -> int:
    """How large the chunks of a file of this size are: a power of two, 1 MiB from 64 MiB on."""
    wanted = SMALLEST_CHUNK
    while wanted < LARGEST_CHUNK and wanted * USUAL_CHUNKS < size:
        wanted *= 2
    return wanted


class Spool:
    """Made empty; its file is made with the first byte."""

    def __init__(self) -> None:
        self._path = ""
        self._places: dict[str, tuple[str, int, int]] = {}
        """By SHA-256: in which file the chunk lies, where it begins there, and its size."""
        self._manifests: dict[str, Manifest] = {}
        """By the SHA-256 of the whole."""
        self._end = 0

    def __getstate__(self) -> dict[str, Any]:
        """A copy reads what is here, and writes elsewhere."""
        return {**self.__dict__, "_path": "", "_end": 0}

    def manifest(self, sha256: str) -> Manifest:
        """The pieces of a file that was taken in."""
        return self._manifests[sha256]

    # ------------------------------------------------------------ taking in

    def take(self, path: str) -> Manifest:
        """Take in the file at `path`. Raises BadInput if it cannot be read, is no file or is too large."""
        try:
            size = _size_of(path)
            with open(path, "rb") as source:
                return self._take(_pieces(source, chunk_size(size), path))
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror or error}") from None

    def take_bytes(self, content: bytes) -> Manifest:
        """Take in what was made in memory."""
        size = chunk_size(len(content))
        return self._take(content[at : at + size] for at in range(0, len(content), size))

    def _take(self, pieces: Iterator[bytes]) -> Manifest:
        whole, chunks, size = hashlib.sha256(), [], 0
        for piece in pieces:
            whole.update(piece)
            size += len(piece)
            chunks.append(self._keep(piece))
        manifest = Manifest(size, whole.hexdigest(), tuple(chunks))
        self._manifests[manifest.sha256] = manifest
        return manifest

    def _keep(self, piece: bytes) -> Chunk:
        digest = hashlib.sha256(piece).hexdigest()
        if digest not in self._places:
            self._write(piece)
            self._places[digest] = (self._path, self._end, len(piece))
            self._end += len(piece)
        return Chunk(digest, len(piece))

    def _write(self, piece: bytes) -> None:
        if not self._path:
            self._path = _new_file(self)
        try:
            with open(self._path, "r+b") as file:
                file.seek(self._end)
                file.write(piece)
        except OSError as error:
            raise BadInput(
                f"the chunks of the file cannot be kept in {self._path}: {error.strerror or error}"
            ) from None

    # ------------------------------------------------------------ reading back

    def read(self, chunk: Chunk) -> bytes | None:
        """The bytes of a chunk; None if they are not here, or not as they should be."""
        place = self._places.get(chunk.sha256)
        if place is None:
            return None
        path, begins, size = place
        try:
            with open(path, "rb") as file:
                file.seek(begins)
                found = file.read(size)
        except OSError:
            return None
        return found if len(found) == chunk.size and hashlib.sha256(found).hexdigest() == chunk.sha256 else None


def _new_file(spool: Spool) -> str:
    import tempfile

    number, path = tempfile.mkstemp(prefix="cluster-playground-", suffix=".chunks")
    os.close(number)
    weakref.finalize(spool, _remove, path, os.getpid())
    return path


def _remove(path: str, maker: int) -> None:
    if os.getpid() == maker:
        Path(path).unlink(missing_ok=True)


def check_file(path: str) -> None:
    """Raise BadInput if this is no file that could be taken in."""
    try:
        _size_of(path)
        with open(path, "rb"):
            pass
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}") from None


def _size_of(path: str) -> int:
    found = os.stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise BadInput(f"{path} is a folder; name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise BadInput(f"{path} is no regular file; copy what comes out of it into one")
    _refuse_too_large(found.st_size, path)
    return found.st_size


def _pieces(source: BinaryIO, size: int, path: str) -> Iterator[bytes]:
    """Chunk by chunk; a file may grow while it is read."""
    total = 0
    while piece := source.read(size):
        total += len(piece)
        _refuse_too_large(total, path)
        yield piece


def _refuse_too_large(size: int, path: str) -> None:
    if size > MOST_BYTES:
        raise BadInput(f"{path} has {write_bytes(size)}, and a file here has 1 GiB at most")
