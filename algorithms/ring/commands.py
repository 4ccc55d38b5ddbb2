"""What a ring client can be asked for, and how such a request ends.

The law: a write ends as `Ok`, a read as `Found`, a change of members as `Ok` once the new ring has been agreed (its
ranges move behind that); else `Failed` (surely not done) or `Unknown`.
"""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.versions import Chunk, Manifest, Value


class Quorum(Record, frozen=True):
    """How wide one request reaches: 0 is the store's setting.

    `n` nodes from the head of the preference list are asked; `r` or `w` of them must answer. What the ring keeps in the
    long run is the store's N, whatever one request asked for.
    """

    n: int = 0
    r: int = 0
    w: int = 0


class Read(Record, frozen=True):
    """Read `key`. The client remembers what it saw, and its next write of the key replaces just that (Dynamo 4.4)."""

    key: str
    quorum: Quorum = Quorum()


class Write(Record, frozen=True):
    """Write `key`, replacing what this client has seen of it."""

    key: str
    value: Value
    quorum: Quorum = Quorum()


class Delete(Record, frozen=True):
    """Delete `key`, as far as this client has seen it."""

    key: str
    quorum: Quorum = Quorum()


class AddNode(Record, frozen=True):
    """Let `node` join the ring with this weight (1: as many tokens as `virtual_nodes` says)."""

    node: str
    weight: float = 1.0


class RemoveNode(Record, frozen=True):
    """Let `node` leave the ring, whether it is up or not."""

    node: str


class SetWeight(Record, frozen=True):
    """Let `node` have this share of the ring; the others have 1 unless told otherwise."""

    node: str
    weight: float


class PutFile(Record, frozen=True):
    """Write a file: each chunk under `file/NAME/000000` and so on, and then the manifest under `file/NAME`."""

    name: str
    manifest: Manifest
    quorum: Quorum = Quorum()


class GetFile(Record, frozen=True):
    """Read the manifest under `file/NAME`, then every chunk."""

    name: str
    quorum: Quorum = Quorum()


RingCommand = Read | Write | Delete | AddNode | RemoveNode | SetWeight | PutFile | GetFile


class Found(Record, frozen=True):
    """What a read found: no value if there is none, several if there are siblings (in the order of their dots)."""

    values: tuple[Value, ...] = ()


class FileFound(Record, frozen=True):
    """What a file's reading found. `chunks` are those that came, in order, None where none did."""

    name: str
    manifest: Manifest
    chunks: tuple[Chunk | None, ...]

    @property
    def whole(self) -> bool:
        """Every chunk came back as the manifest has it."""
        return self.chunks == self.manifest.chunks


def chunk_key(name: str, number: int) -> str:
    """The key of a file's chunk, `number` from 0 on."""
    return f"file/{name}/{number:06d}"


def manifest_key(name: str) -> str:
    """The key of a file's manifest."""
    return f"file/{name}"
