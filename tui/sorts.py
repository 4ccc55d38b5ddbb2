"""What sort of event a turn is, told from what it does."""

from __future__ import annotations

from algorithms.machine import Invoke, Note, Received, Send
from algorithms.raft.messages import AppendEntries, RequestVote
from algorithms.replicated.messages import ClientRequest, ClientResponse
from algorithms.ring.messages import ChangeRequest, ReadRequest, RingResponse, WriteRequest
from nodes.observation import Turn
from tui.glyphs import Sort

REQUESTS = (ClientRequest, ReadRequest, WriteRequest, ChangeRequest)
ANSWERS = (ClientResponse, RingResponse)

COMMITS = "commit index"
"""How a note begins that is marked as good news."""

SUSPICION = "SWIM"
"""How the source begins of a note about who is alive."""


SAID = {
    "is the active controller": Sort.LEADER,
    "is no longer the active controller": Sort.ELECTION,
    "leads in ballot ": Sort.LEADER,
    "prepares ballot ": Sort.ELECTION,
    "its timer ran out: asks who misses ": Sort.ELECTION,
    "stops leading in ballot ": Sort.ELECTION,
    "begins ballot ": Sort.ELECTION,
    "is established: ": Sort.LEADER,
    "is elected in round ": Sort.ELECTION,
    "leads no more: ": Sort.ELECTION,
    "truncates its log ": Sort.MOVE,
    "its session ": Sort.SUSPICION,
    "has not heard ": Sort.SUSPICION,
    "fences ": Sort.SUSPICION,
    "is fenced": Sort.SUSPICION,
}
"""How notes begin that stand out."""

WITHIN = {
    ": nobody leads instead of ": Sort.TROUBLE,
    " leads instead of ": Sort.LEADER,
    " rebalances: ": Sort.MOVE,
    " is chosen: ": Sort.EPOCH,
    " has expired": Sort.SUSPICION,
    " fill the holes": Sort.MOVE,
    "its znode ": Sort.EPOCH,
}
"""What notes have in them that stand out."""


def sort_of(turn: Turn, term: int) -> Sort:
    """`term` is the newest in which anybody is known to have led."""
    if type(turn.event) is Received and type(turn.event.message) in (*REQUESTS, *ANSWERS):
        return Sort.CLIENT
    for effect in turn.effects:
        if type(effect) is Invoke:
            return Sort.CLIENT
        if type(effect) is Send:
            match effect.message:
                case AppendEntries(term=newer) if newer > term:
                    return Sort.LEADER
                case RequestVote():
                    return Sort.ELECTION
                case message if type(message) in REQUESTS:
                    return Sort.CLIENT
    return Sort.NOTE


def sort_of_note(note: Note, sort: Sort) -> Sort:
    """Of one note in a turn of this sort."""
    if note.text.startswith(COMMITS):
        return Sort.COMMIT
    if note.source.startswith(SUSPICION):
        return Sort.SUSPICION
    begins = (found for begin, found in SAID.items() if note.text.startswith(begin))
    return next(begins, next((found for words, found in WITHIN.items() if words in note.text), sort))
