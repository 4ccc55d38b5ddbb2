"""Becoming a follower, from whatever one was.

The law: a term is on disk before anything is said in it, and a leadership ends as a whole: what was surely not done
is turned away, and of what stands in the log nobody can say yet what will become of it, so nothing is said.
"""

from __future__ import annotations

from algorithms.machine import CancelTimer
from algorithms.raft.leading import Leading
from algorithms.raft.state import LEADERS_TIMERS, State


def become_follower(state: State, term: int, why: str, source: str) -> None:
    """Convert to follower; a newer term begins without a vote. The election timer runs on, or begins to."""
    was = state.role
    state.role, state.leader, state.votes = "follower", None, {}
    if term > state.current_term:
        state.current_term, state.voted_for = term, None
        state.save_hard_state()
    if was != "follower":
        what = {"leader": "steps down", "candidate": "gives up"}.get(was, "does not campaign")
        state.note(f"{what}: {why}", source)
    if state.leading is not None:
        _end_leadership(state, state.leading)


def see_newer_term(state: State, term: int, whose: str) -> None:
    """All servers: a term above our own makes us a follower (paper 5.1)."""
    become_follower(state, term, f"{whose} is in term {term}, we are in {state.current_term}", "Raft 5.1")


def _end_leadership(state: State, leading: Leading) -> None:
    """The writes in `leading.waiting` stand in the log, and a later leader may commit them: their callers hear
    nothing. A change that is appended likewise."""
    state.leading = None
    state.effects.extend([CancelTimer(name) for name in LEADERS_TIMERS])
    state.effects.append(state.election_timer)
    for read in (*leading.reads.before_commit, *leading.reads.waiting):
        state.turn_away(read.caller)
    if leading.change is not None and not leading.change.joint:
        state.turn_away(leading.change.caller)
    if leading.transfer is not None:
        state.reply(leading.transfer.caller, "not_leader", hint=leading.transfer.target)
