"""A file on its way into a cluster.

The law: what is recorded names the bytes, so a replay with other bytes is no replay, and says so.
"""

from __future__ import annotations

from os.path import expanduser
from pathlib import PurePath

from algorithms.ring.versions import Manifest
from playground.commands.values import PutFile
from playground.errors import BadInput
from playground.made_file import made_file
from playground.spool import Spool

MADE = "input"
"""What a file is called that no file was given for."""


def taken(wish: PutFile, spool: Spool, seed: int | str, given: str) -> PutFile:
    """The wish with the file's name and digest, its bytes being in the spool. Raises BadInput.

    `given` is the path that a run was given for its input; without one the input is made from the seed.
    """
    path = wish.path or given
    manifest = spool.take(expanduser(path)) if path else spool.take_bytes(made_file(seed))
    if wish.sha256 not in ("", manifest.sha256):
        raise BadInput(_another(path, wish.sha256, manifest))
    return PutFile(path, wish.name or PurePath(path).name or MADE, manifest.sha256)


def _another(path: str, sha256: str, manifest: Manifest) -> str:
    what = path or "the file made from the seed"
    return f"{what} is not the file that was put then: its SHA-256 is {manifest.sha256}, and it was {sha256}"
