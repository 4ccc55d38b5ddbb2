"""What one client may rely on within its session (Hunt, Konar, Junqueira, Reed 2010, section 2.3).

The law: requests are answered in their order, nobody goes back in time, a write that was answered ok is one of the
transactions, and a read says what the tree held at its zxid.
"""

from __future__ import annotations

from algorithms.keeper.commands import (
    Check,
    Create,
    Delete,
    Exists,
    GetAcl,
    GetChildren,
    GetData,
    GetStat,
    Multi,
    SetAcl,
    SetData,
)
from algorithms.keeper.errors import Error
from algorithms.keeper.messages import (
    AclIs,
    ChildrenAre,
    ClientRequest,
    ConnectResponse,
    Created,
    DataIs,
    MultiResult,
    Pong,
    Reply,
    StatIs,
    WatchEvent,
)
from algorithms.keeper.tree.paths import ROOT, parent_of
from algorithms.keeper.txns import ErrorTxn
from algorithms.keeper.zxid import zxid_of
from algorithms.machine import Record
from playground.checks.findings import Findings
from playground.checks.keeper.names import ACKNOWLEDGED, FIFO, LINEARIZABLE, MONOTONE, READS
from playground.checks.keeper.sequence import Held, Sequence

WRITES = Create | Delete | SetData | SetAcl | Multi
READING = GetData | Exists | GetStat | GetChildren | GetAcl


class ClientSession:
    """One client's requests on its connection of now, and how far it has seen."""

    __slots__ = ("open", "read_only", "seen", "session_id", "xid")

    def __init__(self) -> None:
        self.open: list[tuple[ClientRequest, int]] = []
        """What is on its way, and the newest write that anybody had been told of when it was sent."""
        self.seen = 0
        self.session_id = 0
        self.xid = 0
        self.read_only = False


class SessionRules:
    """The sessions of one service's clients."""

    def __init__(self, sequence: Sequence, findings: Findings) -> None:
        self._sequence, self._findings = sequence, findings
        self._clients: dict[str, ClientSession] = {}
        self._newest = 0
        """The newest write that any client has been told of."""
        self.replies = self.acknowledged = 0

    def of(self, client: str) -> ClientSession:
        """What is known of this client."""
        return self._clients.setdefault(client, ClientSession())

    def begun(self, client: str) -> None:
        """A new connection, or none: what was on the old one will not be answered."""
        self.of(client).open.clear()

    def sent(self, client: str, session_id: int, request: ClientRequest) -> None:
        """A request is on its way."""
        known = self.of(client)
        self._session(known, session_id)
        if request.xid <= known.xid:
            self._findings.add(FIFO, f"{client} sent request {request.xid} behind its {known.xid}")
        known.xid = max(known.xid, request.xid)
        known.open.append((request, self._newest))

    def _session(self, known: ClientSession, session_id: int) -> None:
        """In a new session one may begin anew."""
        if session_id and session_id != known.session_id:
            known.session_id, known.seen, known.xid = session_id, 0, 0

    def heard(self, client: str, session_id: int, payload: Record) -> Reply | None:
        """What a server has said; a reply comes back with its request taken off, see `answered`."""
        known = self.of(client)
        match payload:
            case ConnectResponse(new_id, _, _, read_only):
                self._session(known, new_id)
                known.read_only = read_only
            case Pong(zxid) | WatchEvent(_, _, zxid):
                known.seen = max(known.seen, zxid.number)
        return None

    def answered(self, client: str, reply: Reply) -> ClientRequest | None:
        """The request that this reply ends, once it was judged."""
        known = self.of(client)
        self.replies += 1
        zxid = reply.zxid.number
        if zxid < known.seen:
            what = f"{client} was answered as of {reply.zxid}"
            self._findings.add(MONOTONE, f"{what}, having seen {zxid_of(known.seen)} in the same session")
        known.seen = max(known.seen, zxid)
        if not known.open or known.open[0][0].xid != reply.xid:
            expected = f"was waiting for {known.open[0][0].xid}" if known.open else "was waiting for nothing"
            self._findings.add(FIFO, f"{client} was answered request {reply.xid}, and {expected}")
            return None
        request, newest = known.open.pop(0)
        if isinstance(request.operation, WRITES) and reply.error is Error.OK:
            self._write(client, known, request, reply)
            self._behind(client, newest, reply)
        elif isinstance(request.operation, Create | Delete | SetData):
            self._refused(client, request.operation, reply)
        elif isinstance(request.operation, READING):
            self._read(client, request.operation, reply)
        return request

    # ------------------------------------------------------------ writes

    def _write(self, client: str, known: ClientSession, request: ClientRequest, reply: Reply) -> None:
        self.acknowledged += 1
        txn = self._sequence.txn(reply.zxid.number)
        mine = txn is not None and (txn.session_id, txn.xid) == (known.session_id, request.xid)
        if not mine or (txn is not None and isinstance(txn.body, ErrorTxn)):
            what = f"{client} was told ok for its request {request.xid} as of {reply.zxid}"
            self._findings.add(ACKNOWLEDGED, f"{what}, where there is {txn.body if txn is not None else 'nothing'}")
            return
        results = reply.result.results if isinstance(reply.result, MultiResult) else (reply.result,)
        operations = request.operation.operations if isinstance(request.operation, Multi) else (request.operation,)
        for operation, result in zip(operations, results, strict=False):
            if not isinstance(operation, Check | Delete) and isinstance(result, Created | StatIs):
                path = result.path if isinstance(result, Created) else getattr(operation, "path", "")
                held = self._sequence.held(path, reply.zxid.number)
                if len(operations) == 1 and (held is None or held.stat != result.stat):
                    self._findings.add(READS, f"{client} was told {result} as of {reply.zxid}, and the tree had {held}")

    def _behind(self, client: str, newest: int, reply: Reply) -> None:
        """Hunt et al. call it A-linearizability: of writes, whoever may have read what."""
        if reply.zxid.number <= newest:
            what = f"{client} was told of its write as {reply.zxid}, and had sent it when somebody"
            self._findings.add(LINEARIZABLE, f"{what} had been told of {zxid_of(newest)}")
        self._newest = max(self._newest, reply.zxid.number)

    def _refused(self, client: str, operation: Create | Delete | SetData, reply: Reply) -> None:
        """A refusal is a transaction, too, and must be right about the tree that it met."""
        zxid = reply.zxid.number
        held = self._sequence.held(operation.path, zxid)
        above = self._sequence.held(parent_of(operation.path), zxid) if operation.path != ROOT else None
        match reply.error:
            case Error.NONODE:
                wrong = (above if isinstance(operation, Create) else held) is not None
            case Error.NODEEXISTS:
                wrong = held is None
            case Error.BADVERSION:
                wrong = held is None or held.stat.version == getattr(operation, "version", -1)
            case Error.NOTEMPTY:
                wrong = held is None or not held.children
            case Error.NOCHILDRENFOREPHEMERALS:
                wrong = above is None or not above.stat.ephemeral_owner
            case _:
                wrong = False
        if wrong:
            what = f"{client} was told {reply.error.name} for {operation.path} as of {reply.zxid}"
            self._findings.add(READS, f"{what}, where it is {held.stat if held is not None else 'not there'}")

    # ------------------------------------------------------------ reads

    def _read(self, client: str, operation: READING, reply: Reply) -> None:
        held = self._sequence.held(operation.path, reply.zxid.number)
        if reply.zxid.number > self._sequence.last:
            wrong = "nobody has delivered that yet"
        elif reply.error is Error.NONODE or reply.is_missing:
            wrong = "it was there" if held is not None else ""
        elif reply.error is not Error.OK:
            return
        elif held is None:
            wrong = "it was not there"
        else:
            wrong = _difference(reply.result, held)
        if wrong:
            what = f"{client} read {operation.path} as of {reply.zxid} as {_told(reply)}"
            self._findings.add(READS, f"{what}: {wrong}")


def _difference(result: Record, held: Held) -> str:
    match result:
        case DataIs(data, stat) if data != held.data or stat != held.stat:
            return f"it held {held.data!r} in version {held.stat.version}"
        case ChildrenAre(children, _) if children != held.children:
            return f"its children were {' '.join(held.children)}"
        case AclIs(acl, _) if acl != held.acl:
            return f"its ACL was {held.acl}"
        case ChildrenAre(_, stat) | AclIs(_, stat) | StatIs(stat) if stat != held.stat:
            return f"its stat was {held.stat}"
        case _:
            return ""


def _told(reply: Reply) -> str:
    match reply.result:
        case DataIs(data, stat):
            return f"{data!r} in version {stat.version}"
        case ChildrenAre(children, _):
            return " ".join(children) or "childless"
        case _:
            return "missing" if reply.is_missing or reply.error is Error.NONODE else "there"
