"""Files over a store of keys: a program that a client runs, chunk by chunk.

The law: a file is there when its manifest is, so that is written last and read first; some chunks are under way at
one time.
"""

from __future__ import annotations

from algorithms.machine import Failed, Ok, Record, Unknown
from algorithms.ring.commands import FileFound, Found, GetFile, PutFile, Read, Write, chunk_key, manifest_key
from algorithms.ring.versions import Chunk, Manifest


class FileTransfer:
    """One file on its way. `next_command` is asked for work until it has none; `heard` takes results."""

    def __init__(self, request_id: int, command: PutFile | GetFile, at_once: int) -> None:
        self.request_id = request_id
        self.command = command
        self.manifest = command.manifest if isinstance(command, PutFile) else None
        self._at_once = at_once
        self._next = 0
        self._under_way: dict[int, int] = {}
        """By sequence: the chunk's number; -1 is the manifest."""
        self._chunks: list[Chunk | None] = []
        self._written = 0
        """Chunks that are surely there."""
        self._problem: Failed | Unknown | None = None
        self._manifest_done = False

    def work(self) -> list[tuple[int, Read | Write]]:
        """What can be asked for now: numbers of chunks (-1 is the manifest) with what to ask."""
        chosen: list[tuple[int, Read | Write]] = []
        while len(self._under_way) + len(chosen) < self._at_once:
            number = self._take()
            if number is None:
                break
            chosen.append((number, self._ask(number)))
        return chosen

    def began(self, sequence: int, number: int) -> None:
        """The request of this sequence is about this chunk."""
        self._under_way[sequence] = number

    def heard(self, sequence: int, result: Record) -> Record | None:
        """Take one result; the result of the whole if that was the last."""
        number = self._under_way.pop(sequence)
        if isinstance(self.command, PutFile):
            self._wrote(result)
        else:
            self._found(number, result)
        if number < 0:
            self._manifest_done = True
        return self._end()

    def _take(self) -> int | None:
        """The next chunk; the manifest when its turn has come."""
        if self._problem is not None:
            return None
        if self.manifest is None:
            return self._once(-1) if self._next == 0 else None
        if self._next < len(self.manifest.chunks):
            self._next += 1
            return self._next - 1
        alone = not self._under_way and not self._manifest_done and isinstance(self.command, PutFile)
        return self._once(-1) if alone else None

    def _once(self, number: int) -> int | None:
        return None if number in self._under_way.values() or self._asked_manifest else self._mark(number)

    _asked_manifest = False

    def _mark(self, number: int) -> int:
        self._asked_manifest = True
        return number

    def _ask(self, number: int) -> Read | Write:
        name, quorum = self.command.name, self.command.quorum
        key = manifest_key(name) if number < 0 else chunk_key(name, number)
        if isinstance(self.command, GetFile):
            return Read(key, quorum)
        value = self.command.manifest if number < 0 else self.command.manifest.chunks[number]
        return Write(key, value, quorum)

    def _wrote(self, result: Record) -> None:
        if not isinstance(result, Failed | Unknown):
            self._written += 1
        elif self._problem is None or isinstance(result, Unknown):
            self._problem = result

    def _found(self, number: int, result: Record) -> None:
        values = result.values if isinstance(result, Found) else ()
        if number < 0:
            manifests = [value for value in values if isinstance(value, Manifest)]
            if manifests:
                self.manifest = manifests[-1]
                self._chunks = [None] * len(self.manifest.chunks)
            else:
                self._problem = _no_file(self.command.name, result)
            return
        assert self.manifest is not None, "Chunks are asked for behind the manifest."
        wanted = self.manifest.chunks[number]
        self._chunks[number] = wanted if wanted in values else None

    def _end(self) -> Record | None:
        if self._under_way:
            return None
        if self._problem is not None:
            return self._came_to_nothing(self._problem)
        if self.manifest is None or not self._manifest_done or self._next < len(self.manifest.chunks):
            return None
        if isinstance(self.command, PutFile):
            return Ok(self.command.name)
        return FileFound(self.command.name, self.manifest, tuple(self._chunks))

    def _came_to_nothing(self, problem: Failed | Unknown) -> Failed | Unknown:
        """What was written stays, perhaps over a file that had this name before; so that is no clear no."""
        if not self._written:
            return problem
        assert isinstance(self.command, PutFile), "Only who puts a file writes."
        chunks = len(self.command.manifest.chunks)
        manifest = "perhaps" if self._manifest_done and isinstance(problem, Unknown) else "not"
        return Unknown(f"{self._written} of {chunks} chunks are there, the manifest {manifest}: {problem.reason}")


def _no_file(name: str, result: Record) -> Failed:
    return result if isinstance(result, Failed) else Failed(f"there is no file {name}")
