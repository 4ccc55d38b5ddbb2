"""What the synod is asked for, as text. The law: reading it gives the same value."""

from __future__ import annotations

import json

from algorithms.paxos.synod import commands


def write_synod_wish(wish: commands.Propose | commands.Learn) -> str:
    """The wish as one would type it."""
    at = f" at {wish.server}" if wish.server else ""
    match wish:
        case commands.Propose(value):
            return f"propose {json.dumps(value, ensure_ascii=not value.isprintable())}{at}"
        case _:
            return f"learn{at}"
