"""How a leader's log reaches the others: AppendEntries, batched and pipelined (paper 5.3, dissertation 10.2).

The law: only a leader sends these, and its term and vote were durable before it could win, so its messages need not
wait for its disk (`at_once`). What it has not on its own disk yet, it does not count (dissertation 10.2.1).
"""

from __future__ import annotations

from algorithms.machine import Append, Send
from algorithms.raft.leading import Leading
from algorithms.raft.messages import AppendEntries, Configuration, Entry, LogSaved
from algorithms.raft.progress import Progress
from algorithms.raft.snapshots import begin_transmission, send_chunk
from algorithms.raft.state import State
from algorithms.replicated.messages import Carried, ClientCommand, NoOp


def append_entry(state: State, leading: Leading, payload: ClientCommand | Configuration | NoOp | Carried) -> int:
    """Append an entry to our own log and send it to everybody, in parallel with our own write. Returns its index."""
    log = state.log
    entry = Entry(state.current_term, payload)
    log.append((entry,))
    index = log.last_index
    if isinstance(payload, Configuration):
        leading.adopt(payload, index)
    state.effects.append(Append("log", index, (entry,)))
    state.effects.append(Send(state.name, LogSaved(state.current_term, index)))
    for name, progress in leading.peers:
        replicate(state, leading, name, progress)
    return index


def begin_round(state: State, leading: Leading) -> None:
    """A heartbeat to everybody; who answers it proves that we still led after it was sent (dissertation 6.4).

    It is an empty AppendEntries, and where entries were lost on the way, its refusal tells. Most followers stand at
    the same place, so most get the same message.
    """
    leading.round += 1
    if state.settings.reads == "lease":
        leading.reads.rounds_begun.append((leading.round, state.now))
    base_index, next_index, heartbeat = state.log.base_index, 0, None
    for name, progress in leading.peers:
        if progress.transmission is not None:
            send_chunk(state, leading, name, progress.transmission)
        elif progress.next_index <= base_index:
            begin_transmission(state, leading, name, progress)
        else:
            if heartbeat is None or progress.next_index != next_index:
                next_index = progress.next_index
                heartbeat = _append_entries(state, leading, next_index, ())
            state.effects.append(Send(name, heartbeat, True))


def replicate(state: State, leading: Leading, name: str, progress: Progress) -> None:
    """Send what this follower lacks, as far as its window has room."""
    log, settings = state.log, state.settings
    if progress.transmission is not None:
        return
    while progress.next_index <= log.last_index and progress.has_room(settings.max_in_flight):
        if progress.next_index <= log.base_index:
            begin_transmission(state, leading, name, progress)
            return
        message = _batch(state, leading, progress.next_index)
        state.effects.append(Send(name, message, True))
        progress.sent(message.prev_log_index + len(message.entries))


def _batch(state: State, leading: Leading, next_index: int) -> AppendEntries:
    """The message with the entries from `next_index` on; often it is the one that the last follower got."""
    last, most = leading.last_batch, state.settings.max_batch
    if last is None or not _is_same(state, leading, last, next_index):
        last = leading.last_batch = _append_entries(state, leading, next_index, state.log.slice(next_index, most))
    return last


def _is_same(state: State, leading: Leading, last: AppendEntries, next_index: int) -> bool:
    return (
        last.prev_log_index == next_index - 1
        and last.round == leading.round
        and last.leader_commit == state.commit_index
        and len(last.entries) == min(state.settings.max_batch, state.log.last_index - next_index + 1)
    )


def _append_entries(state: State, leading: Leading, next_index: int, entries: tuple[Entry, ...]) -> AppendEntries:
    prev, term = next_index - 1, state.current_term
    prev_term = state.log.term_at(prev)
    return AppendEntries(term, state.name, prev, prev_term, entries, state.commit_index, leading.round)
