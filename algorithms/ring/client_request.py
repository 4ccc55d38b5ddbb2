"""One request of a ring client while it lasts. The law: these keep the books and decide nothing."""

from __future__ import annotations

from algorithms.ring.client_view import Asking
from algorithms.ring.commands import (
    AddNode,
    Delete,
    GetFile,
    PutFile,
    Quorum,
    Read,
    RemoveNode,
    RingCommand,
    SetWeight,
    Write,
)
from algorithms.ring.messages import ChangeRequest, ReadRequest, WriteRequest
from algorithms.ring.versions import Chunk, Manifest, Value

Message = ReadRequest | WriteRequest | ChangeRequest


class Request:
    """What was asked for, as a message that every try repeats, and what became of the tries."""

    def __init__(self, request_id: int, command: RingCommand, message: Message, asked_at: int) -> None:
        self.request_id = request_id
        self.command = command
        self.message = message
        self.asked_at = asked_at
        self.tries = 0
        self.server = ""
        self.perhaps_done = False
        """A coordinator has said that it does not know."""
        self.silent: list[str] = []
        """The server of each try that was not answered in time."""
        self.refusal = ""
        """Why the last try came to nothing."""

    @property
    def sequence(self) -> int:
        """What names it to the servers."""
        return self.message.sequence

    @property
    def is_read(self) -> bool:
        """It changes nothing."""
        return isinstance(self.message, ReadRequest)

    def view(self) -> Asking:
        """For onlookers."""
        return Asking(self.request_id, self.command, self.asked_at, self.tries, self.server)


def words(command: RingCommand) -> str:
    """`put x 1`: the command as one would type it."""
    match command:
        case Read(key, quorum):
            return f"get {key}{_flags(quorum)}"
        case Write(key, value, quorum):
            return f"put {key} {value_words(value)}{_flags(quorum)}"
        case Delete(key, quorum):
            return f"delete {key}{_flags(quorum)}"
        case AddNode(node):
            return f"add node {node}"
        case RemoveNode(node):
            return f"remove node {node}"
        case SetWeight(node, weight):
            return f"weight {node} {weight:g}"
        case PutFile(name):
            return f"file put {name}"
        case GetFile(name):
            return f"file get {name}"


def value_words(value: Value) -> str:
    """A value in a few characters."""
    match value:
        case Chunk(sha256, size):
            return f"<{size} bytes {sha256[:8]}>"
        case Manifest(size, _, chunks):
            return f"<file of {size} bytes in {len(chunks)} chunks>"
        case _:
            return str(value)


def _flags(quorum: Quorum) -> str:
    named = (("n", quorum.n), ("r", quorum.r), ("w", quorum.w))
    return "".join(f" --{letter} {count}" for letter, count in named if count)
