"""What a system must bring along to be played with, run and judged like the others.

The law: whoever handles several services asks their kinds, and knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Protocol

from algorithms.machine import Append, Record, Save, Trim
from nodes.node import Factory
from nodes.observation import Observation, Observer
from nodes.world import World
from playground.checks.verdict import CheckResult

if TYPE_CHECKING:
    from algorithms.ring.versions import Manifest
    from playground.commands.values import Ask, Placed
    from playground.history import HistoryRecorder, Reading
    from playground.session import Session
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table
    from playground.workload import Operations, WorkloadSpec


Manifests = Callable[[str], "Manifest"]
"""The pieces of a file that was taken in, by the SHA-256 of the whole."""


class Watcher(Protocol):
    """Watches a world and finds at once what must not be: for the screen."""

    rules: int
    """How many rules are watched."""

    @property
    def violations(self) -> Sequence[object]:
        """What was found, in order; `str` gives a sentence."""

    def observe(self, observation: Observation) -> None:
        """Take one observation."""


class Ledger(Protocol):
    """What a session remembers of one service."""

    def observe(self, observation: Observation) -> None:
        """Take one observation."""


class Judge(Protocol):
    """Judges a run by one check or by several."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its checks, as reports and scenario files have them."""

    @property
    def observe(self) -> Observer | None:
        """Takes one observation; None if it need not be told of any."""

    def look(self, world: World) -> None:
        """Called every tenth of a virtual second, and more often once everything has healed."""

    def results(self, world: World, expired: Callable[[], bool]) -> tuple[CheckResult, ...]:
        """The verdicts so far, in the order of `names`; what is not decided when `expired()` holds is `unknown`."""


class Settling(Protocol):
    """Waits, once everything has healed, until a service makes progress and is calm."""

    def look(self) -> str | None:
        """Do what is due now. None while it is not calm; then what it found, in words before "after ..."."""

    def why_not(self) -> str:
        """What is missing still, in words behind "after ..."."""


class Section(Record, frozen=True):
    """What a report says of one service: lines for people, and a record of facts for machines."""

    service: str
    lines: tuple[str, ...]
    facts: Record


class Holdings:
    """Who holds how much at one moment: a table, and lines about it. A kind may remember more in it, to compare."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()


class Kind(Protocol):
    """One kind of service."""

    # ------------------------------------------------------------ what it is made of

    @property
    def settings(self) -> type[Record]:
        """What can be set about its servers."""

    @property
    def client_settings(self) -> type[Record]:
        """What can be set about its clients."""

    @property
    def least(self) -> Mapping[str, int]:
        """The least value (times in microseconds) of each setting, of servers and clients, that cannot be 0."""

    def check(self, table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
        """Raise BadInput (by `table.wrong`) if these settings make no sense together, or not with these nodes."""

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """Makes the machine of the node `name` at each of its boots. `nodes` are those the cluster begins with."""

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """Makes the client machine of the client node `name` at each of its boots."""

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """What stands on the node's disk before its first boot. Raises BadInput if there can be no such thing."""

    # ------------------------------------------------------------ what clients do

    @property
    def usual_workload(self) -> WorkloadSpec:
        """What a workload is where a scenario does not say."""

    def check_workload(self, table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
        """Raise BadInput (by `table.wrong`) if its clients cannot do this."""

    def operations(self, workload: WorkloadSpec) -> Operations:
        """What the workload's operations are, for one life of one client."""

    @property
    def reading(self) -> Reading:
        """How histories tell of its operations."""

    def refusal(self, ask: Ask, service: str) -> str:
        """A sentence if no service of this kind can ever do what is asked; else nothing."""

    def resolve(self, ask: Ask, service: ServiceSpec, world: World) -> Ask:
        """The same with what was left out, its nodes being names. Raises BadInput if it makes no sense now."""

    def request(self, ask: Ask, manifest: Manifests) -> Record:
        """What the client machine is asked for, of a resolved wish."""

    @property
    def guarantee(self) -> str:
        """What it promises its clients, and what it gives up for that, in one line."""

    def reign_of(self, message: Record) -> int | None:
        """The number of the reign (a term, a ballot's round, an epoch) that a message between servers proves: its
        sender leads. None if it proves none."""

    # ------------------------------------------------------------ how it stands

    @property
    def roles(self) -> tuple[str, ...]:
        """What its machines can be; none if they are all alike."""

    @property
    def places(self) -> tuple[str, ...]:
        """The selectors that it can place: `owner(x)` of a ring, `partition-leader(orders/0)` of brokers."""

    def place(self, placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
        """The node that this selector of a key means now. Raises BadInput, if only since there is no such thing."""

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """Where each server that is up stands, a line each."""

    def keys(self, world: World, service: str) -> Iterable[str]:
        """The keys that somebody holds, parts of files left out."""

    def names(self, world: World, service: str, what: str) -> Iterable[str]:
        """The names of its `partitions` or `groups`; none if it has no such thing."""

    def files(self, world: World, service: str) -> Iterable[str]:
        """The names of the files that somebody holds."""

    def holdings(self, world: World, service: str, before: Holdings | None) -> Holdings | None:
        """Who holds how much now, compared with an earlier moment; None if everybody holds everything."""

    def ledger(self, world: World, service: str, clients: tuple[str, ...]) -> Ledger | None:
        """What a session remembers of it while it goes on, for questions about the past; None if nothing."""

    def section(self, world: World, service: str, ledger: Ledger | None) -> Section | None:
        """What a report says of it beyond what it says of all; `ledger` is what the session has remembered."""

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> Watcher:
        """What must always hold of `service` in this world, from now on, and is told at once."""

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks of all its judges, in order."""

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """Whoever judges a run, in the order of a report. `history` is what the clients do with the service."""

    def settling(self, session: Session, service: str) -> Settling:
        """To be asked once everything has healed."""
