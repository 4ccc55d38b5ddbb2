"""The language of transcripts: one command a line, `#` begins a comment that is kept in the history.

Before `start`:
    cluster n1 n2 n3            servers and voters        spare n4          a server that is no voter
    settings pre_vote=false     as in RaftSettings
    log n1 1 1 4                a log by its terms        term n1 6 [n2]    its term (and vote), else the last entry's
Then:
    start | campaign n1 | heartbeat n1 | fire n1 TIMER | timers n1 | advance 10ms
    deliver all | deliver n1->n2 [how many] | deliver last n1->n2 | copy n1->n2 (deliver and keep) | drop n1->n2
    delay n1->n2 (the oldest is overtaken by all others)
    hold n1->n2 | release n1->n2 | cut n1->n2 | cut n1--n2 | isolate n1 | heal     (`*` stands for everybody)
    propose n1 x=1 | append n1 x+=a | read n1 x | again n1 (the last request, once more)
    change n1 n2 n3 n4 (ask n1 that these be the voters) | transfer n1 n2
    crash n1 | restart n1 | disk n1 hold | disk n1 release | tear n1
    logs | stores | flying | refusals
    quietly COMMAND             the same, with nothing told
"""

from __future__ import annotations

from transcript_network import Disk, Network, Packet
from transcript_words import strip

from algorithms import kv
from algorithms.machine import Append, Machine, Record, Save, Torn
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Configuration, Entry, HardState, Snapshot
from algorithms.raft.settings import RaftSettings
from algorithms.raft.view import RaftView
from algorithms.replicated.messages import ChangeConfiguration, ClientCommand, ClientRequest, TransferLeadership

CLIENT = "c1"


class Transcript:
    """Runs a script; `lines` is the history it makes."""

    def __init__(self) -> None:
        self.network = Network(self._machine)
        self._voters: tuple[str, ...] = ()
        self._settings: dict[str, object] = {}
        self._sequence = 0
        self._request: Record | None = None

    def run(self, script: str) -> str:
        for number, line in enumerate(script.splitlines(), 1):
            words = line.partition("#")[0].split()
            if not words:
                self.network.lines.append(line.rstrip())
                continue
            self.network.lines.append(f"> {line.strip()}")
            try:
                self._do(words)
            except Exception as error:
                error.add_note(f"in line {number} of the script: {line}")
                raise
        return "\n".join(self.network.lines).strip("\n") + "\n"

    def _machine(self, name: str) -> Machine:
        return RaftMachine(name, Configuration(self._voters), RaftSettings(**self._settings))  # type: ignore[arg-type]

    # ------------------------------------------------------------ words to deeds

    def _do(self, words: list[str]) -> None:
        match words:
            case ["quietly", *rest]:
                self.network.quiet = True
                self._do(rest)
                self.network.quiet = False
            case ["cluster" | "spare" | "settings" | "log" | "term", *_]:
                self._prepare(words)
            case ["deliver" | "copy" | "delay" | "drop" | "hold" | "release" | "cut" | "isolate" | "heal", *_]:
                self._links(words)
            case ["propose" | "append" | "again" | "read" | "change" | "transfer", *_]:
                self._clients(words)
            case ["logs" | "stores" | "flying" | "refusals" | "timers", *_]:
                self._show(words)
            case ["tear" | "disk", *_]:
                self._disks(words)
            case _:
                self._servers(words)

    def _prepare(self, words: list[str]) -> None:
        match words:
            case ["cluster", *names]:
                self._voters = tuple(names)
                for name in names:
                    self.network.add(name)
            case ["spare", *names]:
                for name in names:
                    self.network.add(name)
            case ["settings", *pairs]:
                self._settings |= dict(_setting(pair) for pair in pairs)
            case ["log", name, *terms]:
                entries = tuple(_preset(index, int(term)) for index, term in enumerate(terms, 1))
                self.network.servers[name].disk.write(Append("log", 1, entries))
                self._term(name, entries[-1].term, None)
            case ["term", name, term, *vote]:
                self._term(name, int(term), vote[0] if vote else None)
            case _:
                raise ValueError(f"no such preparation: {words}")

    def _term(self, name: str, term: int, vote: str | None) -> None:
        self.network.servers[name].disk.write(Save("hard_state", HardState(term, vote)))

    def _servers(self, words: list[str]) -> None:
        network = self.network
        match words:
            case ["start"]:
                for name in network.servers:
                    network.boot(name)
            case ["campaign", name]:
                network.fire(name, "election")
            case ["heartbeat", name]:
                network.fire(name, "heartbeat")
            case ["fire", name, timer]:
                network.fire(name, timer)
            case ["advance", duration]:
                network.now += int(duration.removesuffix("ms")) * 1000
            case ["crash", *names]:
                for name in names:
                    network.crash(name)
            case ["restart", *names]:
                for name in names:
                    network.boot(name)
            case _:
                raise ValueError(f"no such command: {words}")

    def _disks(self, words: list[str]) -> None:
        match words:
            case ["tear", name]:
                self.network.servers[name].disk.tear("log")
            case ["disk", name, "hold"]:
                self.network.servers[name].disk_held = True
            case ["disk", name, "release"]:
                self.network.release_disk(name)
            case _:
                raise ValueError(f"no such command for disks: {words}")

    def _links(self, words: list[str]) -> None:
        network = self.network
        match words:
            case ["deliver", "all"]:
                network.deliver_all()
            case ["deliver", "last", link]:
                self._take(network.on(_link(link))[-1:])
            case ["deliver", link, *count]:
                self._take(network.on(_link(link))[: int(count[0]) if count else None])
            case ["copy", link]:
                network.arrive(network.on(_link(link))[0])
            case ["delay", link]:
                network.delay(_link(link))
            case ["drop", *links]:
                self._drop(links)
            case ["hold", *links]:
                network.held |= self._expand(links)
            case ["release", *links]:
                network.held -= self._expand(links)
            case ["cut", *links]:
                network.cut |= self._expand(links)
            case ["isolate", name]:
                network.cut |= self._expand([f"{name}--*"])
            case ["heal"]:
                network.cut.clear()
            case _:
                raise ValueError(f"no such command for links: {words}")

    def _take(self, packets: list[Packet]) -> None:
        for packet in packets:
            self.network.flying.remove(packet)
            self.network.arrive(packet)

    def _drop(self, links: list[str]) -> None:
        doomed = self._expand(links)
        for packet in [packet for packet in self.network.flying if packet.link in doomed]:
            self.network.flying.remove(packet)
            self.network.tell(f"lost: {packet.words()}")

    def _expand(self, links: list[str]) -> set[tuple[str, str]]:
        """`n1->n2`, `n1--n2` for both directions, `*` for everybody."""
        found: set[tuple[str, str]] = set()
        names = list(self.network.servers)
        for link in links:
            left, right = link.split("--" if "--" in link else "->")
            lefts, rights = names if left == "*" else [left], names if right == "*" else [right]
            pairs = {(source, target) for source in lefts for target in rights if source != target}
            found |= pairs | {(target, source) for source, target in pairs if "--" in link}
        return found

    def _clients(self, words: list[str]) -> None:
        match words:
            case ["again", name]:
                assert self._request is not None, "nothing was asked for yet"
                self._ask(name, self._request)
            case [what, name, *rest]:
                self._sequence += 1
                self._ask(name, self._make_request(what, rest))

    def _make_request(self, what: str, rest: list[str]) -> Record:
        number = self._sequence
        match what, rest:
            case "propose", [pair]:
                key, _, value = pair.partition("=")
                return ClientRequest(ClientCommand(CLIENT, number, number, kv.Put(key, int(value))))
            case "append", [pair]:
                key, _, value = pair.partition("+=")
                return ClientRequest(ClientCommand(CLIENT, number, number, kv.Append(key, value)))
            case "read", [key]:
                return ClientRequest(ClientCommand(CLIENT, number, number, kv.Get(key)))
            case "change", voters:
                return ChangeConfiguration(number, tuple(voters), CLIENT)
            case "transfer", [target]:
                return TransferLeadership(number, target, CLIENT)
            case _:
                raise ValueError(f"no such request: {what} {rest}")

    def _ask(self, name: str, request: Record) -> None:
        self._request = request
        self.network.arrive(Packet(CLIENT, name, request))

    # ------------------------------------------------------------ looking

    def _show(self, words: list[str]) -> None:
        network = self.network
        match words:
            case ["logs", *names]:
                for name in names or network.servers:
                    network.tell(self._log_line(name))
            case ["stores"]:
                for name, view in self._views():
                    pairs = " ".join(f"{pair.key}={pair.value}" for pair in view.store.pairs)
                    network.tell(f"{name} applied {view.last_applied}: {pairs}")
            case ["flying"]:
                for packet in network.flying:
                    network.tell(packet.words())
            case ["refusals"]:
                counts = [f"{name} {count}" for name, count in sorted(network.refusals.items())]
                network.tell(f"probes refused: {', '.join(counts)}; {sum(network.refusals.values())} in all")
            case ["timers", name]:
                network.tell(f"{name} has set: {', '.join(sorted(network.servers[name].timers))}")

    def _views(self) -> list[tuple[str, RaftView]]:
        views = [(name, server.machine.view()) for name, server in self.network.servers.items() if server.machine]
        return [(name, view) for name, view in views if isinstance(view, RaftView)]

    def _log_line(self, name: str) -> str:
        server = self.network.servers[name]
        if server.machine is None:
            return f"{name:2} is down, on disk      {_on_disk(server.disk)}"
        view = server.machine.view()
        assert isinstance(view, RaftView), view
        return f"{name:2} {view.role:13} term {view.current_term}  {strip(view)}"


def _on_disk(disk: Disk) -> str:
    """As `strip`, without the mark of what is committed: no disk knows that."""
    snapshot = disk.cells.get("snapshot")
    cells = [f"..{snapshot.last_included_index}"] if isinstance(snapshot, Snapshot) else []
    return " ".join([*cells, *(_term_on_disk(record) for record in disk.journals["log"].records)])


def _term_on_disk(record: Record) -> str:
    assert isinstance(record, Entry | Torn), record
    return str(record.term) if isinstance(record, Entry) else "torn"


def _setting(pair: str) -> tuple[str, object]:
    name, _, value = pair.partition("=")
    known: dict[str, object] = {"true": True, "false": False}
    return name, known.get(value, int(value) if value.isdecimal() else value)


def _preset(index: int, term: int) -> Entry:
    """Entries of equal index and term are equal, as the Log Matching property wants it."""
    return Entry(term, ClientCommand(f"term{term}", index, 1, kv.Put("x", f"{index}:{term}")))


def _link(words: str) -> tuple[str, str]:
    source, _, target = words.partition("->")
    return source, target
