"""Looking for a leader, from whatever one was before.

The law: a reign, or the time with a leader, ends as a whole: its channels are closed, its timers are forgotten, and the
application serves nobody any more. What is proposed and not committed stays in the log; the next leader decides.
"""

from __future__ import annotations

from algorithms.keeper.zab import election
from algorithms.keeper.zab.state import State


def look(state: State, why: str, source: str) -> None:
    """Begin an election."""
    served = state.phase == "broadcast"
    if state.role != "looking":
        state.note(f"{_farewell(state)}: {why}", source)
    state.role, state.phase, state.leader = "looking", "election", None
    state.leading = state.following = None
    state.reigns += 1
    state.knocking.clear()
    state.channels.close_all()
    state.cancel_timers("limit", "ping", "silence", "finalize")
    if served:
        state.application.lost()
    election.begin(state)


def _farewell(state: State) -> str:
    return "leads no more" if state.role == "leading" else f"leaves {state.leader}"
