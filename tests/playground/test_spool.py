"""Bytes of files lie on the real disk, by digest, and are given back."""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.ring.versions import Chunk
from playground import spool as spooling
from playground.errors import BadInput
from playground.spool import LARGEST_CHUNK, SMALLEST_CHUNK, Spool, check_file, chunk_size


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where spools put their files, and nobody else does."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spools"))
    (tmp_path / "spools").mkdir()
    return tmp_path


def a_file(folder: Path, content: bytes) -> str:
    path = folder / "file.bin"
    path.write_bytes(content)
    return str(path)


def spools(folder: Path) -> list[Path]:
    return list((folder / "spools").iterdir())


def test_a_file_comes_back_piece_by_piece(folder: Path) -> None:
    content = bytes(range(256)) * 100
    spool = Spool()
    manifest = spool.take(a_file(folder, content))
    assert (manifest.size, manifest.sha256) == (25_600, hashlib.sha256(content).hexdigest())
    assert {chunk.size for chunk in manifest.chunks} == {SMALLEST_CHUNK, 25_600 % SMALLEST_CHUNK}
    assert b"".join(spool.read(chunk) or b"" for chunk in manifest.chunks) == content
    assert spool.manifest(manifest.sha256) == manifest


def test_equal_pieces_lie_there_once(folder: Path) -> None:
    spool = Spool()
    manifest = spool.take(a_file(folder, bytes(10 * SMALLEST_CHUNK)))
    assert len(manifest.chunks) == 10
    assert [path.stat().st_size for path in spools(folder)] == [SMALLEST_CHUNK]


def test_an_empty_file_has_no_pieces(folder: Path) -> None:
    assert Spool().take(a_file(folder, b"")).chunks == ()
    assert spools(folder) == []


@settings(deadline=None, max_examples=25)
@given(st.binary(max_size=3 * SMALLEST_CHUNK))
def test_bytes_and_files_are_cut_alike(content: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        assert Spool().take(file.name) == Spool().take_bytes(content)


def test_chunks_are_powers_of_two_up_to_one_mebibyte() -> None:
    assert [chunk_size(size) for size in (0, 300_000, 3_100_000, 64 << 20, 1 << 30)] == [
        SMALLEST_CHUNK, 8_192, 65_536, LARGEST_CHUNK, LARGEST_CHUNK,
    ]  # fmt: skip


def test_the_disk_space_is_given_back_with_the_spool(folder: Path) -> None:
    spool = Spool()
    spool.take(a_file(folder, b"abc"))
    assert len(spools(folder)) == 1
    del spool
    gc.collect()
    assert spools(folder) == []


def test_a_child_process_does_not_take_it_away(folder: Path) -> None:
    spool = Spool()
    chunk = spool.take(a_file(folder, b"abc")).chunks[0]
    child = os.fork()
    if child == 0:
        del spool
        gc.collect()
        os._exit(0)
    os.waitpid(child, 0)
    assert spool.read(chunk) == b"abc"


def test_a_copy_in_another_process_reads_what_is_there_and_writes_elsewhere(folder: Path) -> None:
    spool = Spool()
    chunk = spool.take(a_file(folder, b"abc")).chunks[0]
    copy = pickle.loads(pickle.dumps(spool))
    other = copy.take(a_file(folder, b"defg")).chunks[0]
    own = spool.take(a_file(folder, b"hi")).chunks[0]
    assert (copy.read(chunk), copy.read(other), spool.read(own)) == (b"abc", b"defg", b"hi")
    assert len(spools(folder)) == 2
    del copy
    gc.collect()
    assert spool.read(chunk) == b"abc"


def test_a_piece_that_is_gone_or_was_changed_does_not_come_back(folder: Path) -> None:
    spool = Spool()
    chunk = spool.take(a_file(folder, b"abc")).chunks[0]
    assert spool.read(Chunk("00" * 32, 3)) is None
    spools(folder)[0].write_bytes(b"abd")
    assert spool.read(chunk) is None
    spools(folder)[0].unlink()
    assert spool.read(chunk) is None


# ---------------------------------------------------------------- what cannot be taken


def told(path: str) -> str:
    sentences = []
    for take in (Spool().take, check_file):
        with pytest.raises(BadInput) as caught:
            take(path)
        sentences.append(str(caught.value))
    assert sentences[0] == sentences[1]
    return sentences[0]


def test_what_is_no_file_is_told(folder: Path) -> None:
    assert told("/nowhere/at/all") == "/nowhere/at/all cannot be read: No such file or directory"
    assert told(str(folder)) == f"{folder} is a folder; name a file in it"
    assert told("/dev/zero") == "/dev/zero is no regular file; copy what comes out of it into one"


def test_a_file_over_a_gibibyte_is_told_before_it_is_read(folder: Path) -> None:
    path = a_file(folder, b"")
    os.truncate(path, (1 << 30) + 1)
    assert told(path) == f"{path} has 1.1 GB, and a file here has 1 GiB at most"
    assert spools(folder) == []


def test_a_file_that_grows_while_it_is_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "_size_of", lambda path: 0)
    monkeypatch.setattr(spooling, "MOST_BYTES", 10_000)
    with pytest.raises(BadInput, match="at most"):
        Spool().take(a_file(folder, bytes(20_000)))


def test_a_full_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "_new_file", lambda spool: "/dev/full")
    with pytest.raises(BadInput, match="the chunks of the file cannot be kept in /dev/full: No space left on device"):
        Spool().take(a_file(folder, b"abc"))
