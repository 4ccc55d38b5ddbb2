"""One request of a client while it lasts, and the session it belongs to.

The law: these keep the books and decide nothing. A session's sequence is outstanding from its first try until its
request has ended, however it ended (dissertation 6.3).
"""

from __future__ import annotations

from algorithms import kv
from algorithms.replicated.client_view import Asking, Outstanding
from algorithms.replicated.messages import ChangeConfiguration, ClientCommand, ClientRequest, TransferLeadership

Identity = tuple[str, int]
"""A client_id and a sequence: what names a command to the servers."""


def words(command: Asking) -> str:
    """`put x 1`: the command as one would type it."""
    match command:
        case kv.Get(key):
            return f"get {key}"
        case kv.Put(key, value):
            return f"put {key} {value}"
        case kv.CompareAndSet(key, old, new):
            return f"cas {key} {old} {new}"
        case kv.Append(key, value):
            return f"append {key} {value}"
        case ChangeConfiguration(voters=voters):
            return f"members {' '.join(voters)}"
        case TransferLeadership(target=target):
            return f"transfer {target}"


class ClientSession:
    """Numbers commands from 1 and knows which of them are unanswered."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id
        self._next = 1
        self._outstanding: dict[int, None] = {}

    def open(self) -> int:
        """The sequence of a new command."""
        sequence, self._next = self._next, self._next + 1
        self._outstanding[sequence] = None
        return sequence

    def close(self, sequence: int) -> None:
        """The command has ended; it will never be sent again."""
        del self._outstanding[sequence]

    @property
    def first_unanswered(self) -> int:
        """Sequences grow, so the oldest key of the dict is the least."""
        return next(iter(self._outstanding), self._next)


class Request:
    """What was asked for, under which names, and what became of each try."""

    def __init__(self, request_id: int, command: Asking, asked_at: int) -> None:
        self.request_id = request_id
        self.command = command
        self.asked_at = asked_at
        self.names: list[tuple[ClientSession, int]] = []
        self.tries = 0
        self.redirects = 0
        self.server = ""
        self.backing_off = False
        self.refusal = ""
        self.unanswered: list[tuple[str, Identity]] = []

    @property
    def is_change(self) -> bool:
        """An administrator's wish, as against a command for the store."""
        return isinstance(self.command, ChangeConfiguration | TransferLeadership)

    @property
    def words(self) -> str:
        """What was asked for, as notes call it."""
        return words(self.command)

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Every name a server may answer it under."""
        return tuple((session.client_id, sequence) for session, sequence in self.names)

    def open_in(self, session: ClientSession) -> Identity:
        """Give it a (new) name; the older ones stay good for late answers."""
        self.names.append((session, session.open()))
        return self.identities[-1]

    def close(self) -> None:
        """It has ended, so none of its names is outstanding any more."""
        for session, sequence in self.names:
            session.close(sequence)

    def try_at(self, server: str) -> None:
        """One more try goes to `server`, under the newest name."""
        self.tries += 1
        self.server = server
        self.backing_off = False
        self.unanswered.append((server, self.identities[-1]))

    def awaits(self, server: str, identity: Identity) -> bool:
        """This may be the answer to the last try."""
        return (server, identity) == (self.server, self.identities[-1]) and not self.backing_off

    def answered_by(self, server: str, identity: Identity) -> bool:
        """One try at `server` has its answer; False if each had one before, so that this is a second copy."""
        stood_open = (server, identity) in self.unanswered
        if stood_open:
            self.unanswered.remove((server, identity))
        return stood_open

    @property
    def silent(self) -> tuple[str, ...]:
        """The server of each try that nobody answered."""
        return tuple(server for server, _ in self.unanswered)

    def message(self) -> ClientRequest | ChangeConfiguration | TransferLeadership:
        """What one try sends."""
        session, sequence = self.names[-1]
        match self.command:
            case ChangeConfiguration(_, voters):
                return ChangeConfiguration(sequence, voters, session.client_id)
            case TransferLeadership(_, target):
                return TransferLeadership(sequence, target, session.client_id)
            case command:
                return ClientRequest(ClientCommand(session.client_id, sequence, session.first_unanswered, command))

    def view(self) -> Outstanding:
        """For onlookers."""
        return Outstanding(
            self.request_id,
            self.command,
            self.asked_at,
            self.tries,
            self.server,
            self.backing_off,
            self.silent,
        )
