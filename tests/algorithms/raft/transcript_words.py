"""Raft's messages, writes and changes in a few words each, for transcripts.

An entry is written `index:term what`, a log position `index:term`, a heartbeat round `#round`.
"""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Append, Record, Save, Trim
from algorithms.raft.messages import (
    AppendEntries,
    AppendEntriesResponse,
    Configuration,
    Entry,
    HardState,
    InstallSnapshot,
    InstallSnapshotResponse,
    RequestVote,
    RequestVoteResponse,
    Snapshot,
    TimeoutNow,
)
from algorithms.raft.view import RaftView
from algorithms.replicated.messages import (
    ChangeConfiguration,
    ClientCommand,
    ClientRequest,
    ClientResponse,
    NoOp,
    TransferLeadership,
)


def command_words(command: kv.Command) -> str:
    match command:
        case kv.Put(key, value):
            return f"{key}={value}"
        case kv.Get(key):
            return f"{key}?"
        case kv.CompareAndSet(key, old, new):
            return f"{key}={old}>{new}"
        case kv.Append(key, value):
            return f"{key}+={value}"


def configuration_words(configuration: Configuration) -> str:
    words = " ".join(configuration.voters)
    if configuration.old_voters:
        words = f"{' '.join(configuration.old_voters)} & {words}"
    if configuration.learners:
        words = f"{words}, learning {' '.join(configuration.learners)}"
    return f"({words})"


def entry_words(index: int, entry: Record) -> str:
    assert isinstance(entry, Entry), f"no log holds {entry}"
    match entry.payload:
        case ClientCommand(_, _, _, command):
            what = command_words(command)
        case Configuration() as configuration:
            what = configuration_words(configuration)
        case NoOp():
            what = "no-op"
    return f"{index}:{entry.term} {what}"


def _entries(first: int, entries: tuple[Record, ...]) -> str:
    return ", ".join(entry_words(first + offset, entry) for offset, entry in enumerate(entries))


def message_words(message: Record) -> str:
    match message:
        case RequestVote() | RequestVoteResponse():
            return _vote_words(message)
        case AppendEntries() | AppendEntriesResponse():
            return _append_words(message)
        case InstallSnapshot() | InstallSnapshotResponse():
            return _snapshot_words(message)
        case TimeoutNow(term):
            return f"TimeoutNow term {term}"
        case _:
            return _client_words(message)


def _vote_words(message: RequestVote | RequestVoteResponse) -> str:
    kind = "PreVote" if message.pre_vote else "Vote"
    match message:
        case RequestVote(term, _, index, last_term):
            transfer = ", for a transfer" if message.leadership_transfer else ""
            return f"Request{kind} term {term}, log ends {index}:{last_term}{transfer}"
        case RequestVoteResponse(term, granted):
            return f"{kind} term {term} {'granted' if granted else 'refused'}"


def _append_words(message: AppendEntries | AppendEntriesResponse) -> str:
    match message:
        case AppendEntries(term, _, index, prev_term, entries, commit, number):
            what = f" [{_entries(index + 1, entries)}]" if entries else ""
            return f"AppendEntries term {term} after {index}:{prev_term}{what} commit {commit} #{number}"
        case AppendEntriesResponse(term, True, index, number):
            return f"Appended term {term} matches to {index} #{number}"
        case AppendEntriesResponse(term, False, index, number, conflict_term, conflict_index):
            hint = f"term {conflict_term} from {conflict_index}" if conflict_term else f"try {conflict_index}"
            return f"Appended term {term} refuses {index}: {hint} #{number}"
    raise AssertionError(message)


def _snapshot_words(message: InstallSnapshot | InstallSnapshotResponse) -> str:
    match message:
        case InstallSnapshot(term, _, index, last_term, offset, data, done):
            end = " done" if done else ""
            return f"InstallSnapshot term {term} to {index}:{last_term} bytes {offset}+{len(data)}{end}"
        case InstallSnapshotResponse(term, index, offset, installed):
            return f"Installed term {term} to {index}: {'all of it' if installed else f'next byte {offset}'}"


def _client_words(message: Record) -> str:
    match message:
        case ClientRequest(ClientCommand(_, sequence, _, command)):
            return f"Request {sequence}: {command_words(command)}"
        case ChangeConfiguration(sequence, voters):
            return f"Request {sequence}: voters {' '.join(voters)}"
        case TransferLeadership(sequence, target):
            return f"Request {sequence}: {target} shall lead"
        case ClientResponse(sequence, status, value, hint, reason):
            more = {"ok": f" {value}", "not_leader": f", perhaps {hint}", "refused": f": {reason}"}.get(status, "")
            return f"{sequence} {status}{more}"
        case _:
            return str(message)


def write_words(effect: Save | Append | Trim) -> str:
    match effect:
        case Save(_, HardState(term, vote)):
            return f"saves term {term}, vote {vote or '-'}"
        case Save(_, Snapshot() as snapshot):
            return f"saves snapshot to {snapshot.last_included_index}:{snapshot.last_included_term}"
        case Save(cell, value):
            return f"saves {cell} {value}"
        case Append(_, index, records):
            return f"writes {_entries(index, records)}" if records else f"cuts its log before {index}"
        case Trim(_, first):
            return f"trims its log to begin at {first}"


def changes(before: Record, after: Record) -> str:
    """What an onlooker would notice."""
    assert isinstance(before, RaftView), before
    assert isinstance(after, RaftView), after
    pairs = (
        ("role", before.role, after.role),
        ("term", before.current_term, after.current_term),
        ("leader", before.leader or "-", after.leader or "-"),
        ("commit", before.commit_index, after.commit_index),
        ("snapshot", before.snapshot_index, after.snapshot_index),
        ("voters", configuration_words(before.configuration), configuration_words(after.configuration)),
    )
    return ", ".join(f"{what} {old} -> {new}" for what, old, new in pairs if old != new)


def strip(view: RaftView) -> str:
    """A log by its terms: everything left of `|` is committed; `..5` is a snapshot up to index 5."""
    cells = [f"..{view.snapshot_index}"] if view.snapshot_index else []
    terms = dict(enumerate(view.window_terms, view.window_first))
    shown = {index: term for index, term in terms.items() if index > view.snapshot_index}
    for index in sorted(shown):
        cells += ["|"] if index == view.commit_index + 1 else []
        cells.append(str(shown[index]))
    cells += ["|"] if view.commit_index >= view.last_index else []
    return " ".join(cells)
