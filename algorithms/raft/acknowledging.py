"""What a leader makes of the answers: next_index, match_index, and with them the commit index (Figure 2, "Leaders").

The law: an entry is committed when a majority has it on disk and it is of the leader's own term (paper 5.4.2); the
leader's own disk counts like any other, when it has said so (dissertation 10.2.1).
"""

from __future__ import annotations

from algorithms.raft.applying import apply_committed
from algorithms.raft.leading import Leading
from algorithms.raft.majorities import agreed
from algorithms.raft.membership import after_commit, learner_advanced
from algorithms.raft.messages import AppendEntriesResponse, InstallSnapshotResponse, LogSaved
from algorithms.raft.progress import Progress
from algorithms.raft.reads import confirm, release_held
from algorithms.raft.replication import replicate
from algorithms.raft.roles import see_newer_term
from algorithms.raft.snapshots import take_acknowledgement
from algorithms.raft.state import State
from algorithms.raft.transfer import target_advanced


def append_entries_response(state: State, source: str, message: AppendEntriesResponse) -> None:
    """If successful, update next_index and match_index; if the logs disagree, go back and try again (paper 5.3)."""
    if message.term != state.current_term or state.leading is None:
        _of_another_term(state, source, message.term)
        return
    leading = state.leading
    progress = leading.progress.get(source)
    if progress is None:
        return
    progress.active = True
    newer = message.round > progress.round
    if newer:
        progress.round = message.round
        if leading.reads.waiting or leading.reads.rounds_begun:
            confirm(state, leading)
    if not message.success:
        _refused(state, leading, source, progress, message, newer)
    elif message.match_index > progress.match_index or progress.in_flight or progress.probing:
        progress.accepted(message.match_index)
        _advanced(state, leading, source, progress)


def install_snapshot_response(state: State, source: str, message: InstallSnapshotResponse) -> None:
    """The next chunk, or, behind the last one, the log again."""
    if message.term != state.current_term or state.leading is None:
        _of_another_term(state, source, message.term)
        return
    leading = state.leading
    progress = leading.progress.get(source)
    if progress is None:
        return
    progress.active = True
    progress.round = max(progress.round, message.round)
    confirm(state, leading)
    if take_acknowledgement(state, leading, source, progress, message):
        _advanced(state, leading, source, progress)


def log_saved(state: State, message: LogSaved) -> None:
    """Our own disk has what we appended in this term."""
    leading = state.leading
    if leading is not None and message.term == state.current_term:
        leading.own.match_index = message.match_index
        advance_commit_index(state, leading)


def _of_another_term(state: State, source: str, term: int) -> None:
    """An answer to what was sent in another term says no more than what term its sender is in."""
    if term > state.current_term:
        see_newer_term(state, term, source)


def _advanced(state: State, leading: Leading, source: str, progress: Progress) -> None:
    """This server's log agrees further than before, or has room for more."""
    if progress.match_index > state.commit_index:
        advance_commit_index(state, leading)
    if state.leading is not leading:
        return
    replicate(state, leading, source, progress)
    if leading.change is not None:
        learner_advanced(state, leading, source, progress)
    if leading.transfer is not None and leading.transfer.target == source:
        target_advanced(state, leading)


# ---------------------------------------------------------------- where the logs disagree


def _refused(
    state: State, leading: Leading, source: str, progress: Progress, message: AppendEntriesResponse, newer: bool
) -> None:
    """Decrement next_index and retry, unless this is old news."""
    if progress.transmission is not None or not _is_news(progress, message, newer):
        return
    next_index = _further_back(state, message)
    if message.match_index > progress.match_index:
        next_index = max(next_index, progress.match_index + 1)
    state.note(f"{source}'s log does not agree at {message.match_index}: goes back to {next_index}", "Raft 5.3")
    progress.refused(next_index)
    replicate(state, leading, source, progress)


def _is_news(progress: Progress, message: AppendEntriesResponse, newer: bool) -> bool:
    """A refusal at or below match_index is old, unless it answers a round newer than all answers before: then that
    server has forgotten what it acknowledged (a lying disk, a wiped one), and needs it again."""
    if progress.probing:
        return message.match_index == progress.next_index - 1
    return newer or message.match_index > progress.match_index


def _further_back(state: State, message: AppendEntriesResponse) -> int:
    """Behind our last entry of the term that is in the way; if we have none of it, before all of that term."""
    last = state.log.last_of_term(message.conflict_term, message.match_index)
    return last + 1 if last is not None else min(message.conflict_index, message.match_index)


# ---------------------------------------------------------------- committing


def advance_commit_index(state: State, leading: Leading) -> None:
    """If a majority of match_index is N or more, and the entry at N is of our term, N is committed (paper 5.3, 5.4)."""
    index = agreed(state.log.configuration, leading.match_indexes())
    if index <= state.commit_index or not _may_count(state, index):
        return
    state.commit_index = index
    state.note(f"commit index -> {index}: a majority has it on disk", "Raft 5.3, 5.4")
    apply_committed(state)
    release_held(state, leading)
    after_commit(state, leading)


def _may_count(state: State, index: int) -> bool:
    """Entries of earlier terms are committed only with one of our own: an old one may still be overwritten, however
    many have it (Figure 8)."""
    return state.log.term_at(index) == state.current_term or not state.settings.commit_only_current_term
