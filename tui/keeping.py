"""What the screen writes to disk: pictures and recordings. The law: names come from seed and virtual time, and a disk
that refuses is a sentence, not a crash.
"""

from __future__ import annotations

from pathlib import Path

from playground.session import Session, save
from tui.acts import CannotNow
from tui.config import state_folder


def keep_picture(svg: str, session: Session) -> Path:
    """A picture of the screen; the result is where it is. CannotNow if it cannot be written."""
    return _write(f"{_stem(session)}.svg", svg.encode())


def keep_recording(session: Session) -> Path:
    """Spec, seed and everything done: enough to see the same run again. CannotNow if it cannot be written."""
    return _write(f"{_stem(session)}.json", save(session.recording()))


def _stem(session: Session) -> str:
    return f"seed-{session.seed}-at-{session.world.now / 1e6:.6f}s"


def _write(name: str, content: bytes) -> Path:
    path = state_folder() / "saved" / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise CannotNow(f"{path} cannot be written: {error.strerror}") from None
    return path
