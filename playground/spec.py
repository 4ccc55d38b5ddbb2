"""What a cluster is made of, as a value. The law: spec, seed and interventions together are the whole run."""

from __future__ import annotations

from functools import partial

import msgspec

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.settings import BrokerSettings
from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.settings import KeeperSettings
from algorithms.machine import Record
from algorithms.paxos.settings import PaxosSettings
from algorithms.paxos.synod.settings import SynodClientSettings, SynodSettings
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.client_settings import LogClientSettings
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.settings import RingSettings
from nodes.faults import Latency
from nodes.node import Factory
from nodes.observation import Observer
from nodes.world import USUAL_LATENCY, World
from playground.commands.amounts import read_latency
from playground.commands.naming import MOST_NODES, no_such
from playground.errors import BadInput
from playground.kinds.kind import Kind
from playground.services import kind_of
from playground.tables import Table
from playground.workload import WorkloadSpec, working

TAKEN = ("nodes", "clients", "services", "network", "disk", "service_time", "shuffle_ties", "preset")
"""What stands in [cluster] besides the tables of services."""

MOST_CLIENTS = 100
"""They do not talk to each other, so there may be more of them."""

MOST_RATE = 100_000
"""Operations a second that one client may begin."""


Settings = RaftSettings | RingSettings | BrokerSettings | PaxosSettings | SynodSettings | KeeperSettings
"""What can be set about the servers of a service."""

ClientSettings = (
    LogClientSettings | RingClientSettings | BrokerClientSettings | SynodClientSettings | KeeperClientSettings
)
"""What can be set about its clients."""


class ClientSpec(Record, frozen=True):
    """One client of a service that is set otherwise than the rest."""

    client: str
    settings: ClientSettings


class ServiceSpec(Record, frozen=True):
    """One service: a machine on every node, and a client machine on every client node."""

    name: str = "raft"
    kind: str = "raft"
    settings: Settings = RaftSettings()
    client: ClientSettings = LogClientSettings()
    special: tuple[ClientSpec, ...] = ()
    """Clients that are set otherwise."""

    def client_settings(self, client: str) -> ClientSettings:
        """How this client is set."""
        return next((each.settings for each in self.special if each.client == client), self.client)


class NetworkSpec(Record, frozen=True):
    """What every link is like when nothing disturbs it."""

    latency: Latency = USUAL_LATENCY


class DiskSpec(Record, frozen=True):
    """How long a sync takes, microseconds."""

    sync: int = 1_000


class PresetSpec(Record, frozen=True):
    """What stands on a node's disk before its first boot: a log of entries with these terms."""

    node: str
    current_term: int
    terms: tuple[int, ...]


class Spec(Record, frozen=True):
    """A cluster. `service_time` is how long one turn of a machine takes its node's processor, microseconds.

    `workload` is what clients do with the first service, `workloads` what they do with others, each of which it names.
    """

    nodes: tuple[str, ...] = ("n1", "n2", "n3", "n4", "n5")
    clients: tuple[str, ...] = ("c1",)
    services: tuple[ServiceSpec, ...] = (ServiceSpec(),)
    network: NetworkSpec = NetworkSpec()
    disk: DiskSpec = DiskSpec()
    service_time: int = 20
    shuffle_ties: bool = False
    """Let the seed order what falls on one instant, so that those orders are explored too."""
    workload: WorkloadSpec | None = None
    presets: tuple[PresetSpec, ...] = ()
    workloads: tuple[WorkloadSpec, ...] = ()

    def work(self, service: str) -> WorkloadSpec | None:
        """What clients do with this service."""
        if service == self.services[0].name and self.workload is not None:
            return self.workload
        return next((each for each in self.workloads if each.service == service), None)


DEFAULT_SPEC = Spec()

RING = ServiceSpec("ring", "ring", RingSettings(), RingClientSettings())

BROKER = ServiceSpec("broker", "broker", BrokerSettings(), BrokerClientSettings())

PAXOS = ServiceSpec("paxos", "paxos", PaxosSettings())

KEEPER = ServiceSpec("keeper", "keeper", KeeperSettings(), KeeperClientSettings())

PLAY_SPEC = Spec(clients=("c1", "c2", "c3"), services=(ServiceSpec(), RING, PAXOS, BROKER, KEEPER))
"""Everything there is, side by side: what one plays with who has not asked for anything else."""


def build_world(spec: Spec, seed: int | str, observers: tuple[Observer, ...] = ()) -> World:
    """The cluster of `spec`, booted, at time 0; observers are told of the boot, too."""
    world = World(seed, spec.network.latency, spec.shuffle_ties)
    for observer in observers:
        world.add_observer(observer)
    for node in spec.nodes:
        add_server(world, spec, node)
    for client in spec.clients:
        machines = {each.name: _client(spec, each, client, seed) for each in spec.services}
        world.add_node(client, machines, spec.disk.sync, spec.service_time)
    _preset(spec, world)
    world.start()
    return world


def add_server(world: World, spec: Spec, node: str) -> None:
    """Add a node that is down, with a server of every service. It need not be one that the cluster begins with."""
    servers = {each.name: kind_of(each.kind).server(node, spec.nodes, each.settings) for each in spec.services}
    world.add_node(node, servers, spec.disk.sync, spec.service_time)


def _client(spec: Spec, service: ServiceSpec, client: str, seed: int | str) -> Factory:
    """Each service has dice of its own, and the first one those of a cluster that has no other."""
    kind = kind_of(service.kind)
    machine, work = kind.client(client, spec.nodes, service.client_settings(client)), spec.work(service.name)
    if work is None or client not in (work.clients or spec.clients):
        return machine
    work = work.of(client)
    dice = seed if service is spec.services[0] else f"{seed}:{service.name}"
    return working(machine, work, client, dice, partial(kind.operations, work))


def _preset(spec: Spec, world: World) -> None:
    service = spec.services[0]
    for preset in spec.presets:
        for write in kind_of(service.kind).preset(preset):
            world.node(preset.node).disk.write(service.name, write)


# ---------------------------------------------------------------- from a scenario file


def read_spec(table: Table) -> Spec:
    """The cluster of a scenario's table [cluster]. Raises BadInput."""
    nodes, clients = _names(table, "nodes", "n", 5), _names(table, "clients", "c", 1)
    if shared := [name for name in nodes if name in clients]:
        raise table.wrong("clients", f"{shared[0]} cannot be a node and a client")
    services = tuple(_service(table, name, nodes, clients) for name in _services(table))
    network = table.table("network")
    disk = table.table("disk")
    spec = Spec(
        nodes,
        clients,
        services,
        NetworkSpec(network.amount("latency", read_latency, 'a latency, like "1ms..3ms"', USUAL_LATENCY)),
        DiskSpec(disk.duration("sync", DiskSpec().sync)),
        table.duration("service_time", Spec().service_time),
        table.flag("shuffle_ties", False),
        None,
        tuple(_presets(table.table("preset"), nodes, services[0])),
    )
    for each in (network, disk, table):
        each.finish()
    return spec


def with_workloads(spec: Spec, table: Table) -> Spec:
    """The cluster with what its clients do, from a scenario's table [workload].

    What stands in [workload] itself is for the first service, or the one that it names; [workload.ring] is for the
    service of this name. Raises BadInput.
    """
    names = [each.name for each in spec.services]
    for key, value in table.values.items():
        if isinstance(value, dict) and key not in names:
            raise table.wrong(key, no_such("service", key, names, names))
    own = {key: value for key, value in table.values.items() if not (key in names and isinstance(value, dict))}
    works = [read_workload(table.table(name), spec, name) for name in names if name in table.values and name not in own]
    if own or not works:
        works.insert(0, read_workload(Table(own, table.where, table.source, table.path), spec))
    asked = [each.service or names[0] for each in works]
    if twice := next((name for name in asked if asked.count(name) > 1), None):
        raise table.wrong(twice, f"{twice} has two workloads; [workload] itself is for {names[0]}")
    first = next((each for each in works if not each.service), None)
    others = tuple(each for each in works if each is not first)
    return msgspec.structs.replace(spec, workload=first, workloads=others)


def read_workload(table: Table, spec: Spec = DEFAULT_SPEC, service: str = "") -> WorkloadSpec:
    """What the clients of `spec` do with one service (the first if neither argument nor table names it), from a table.

    Raises BadInput.
    """
    names = tuple(each.name for each in spec.services)
    named = table.one_of("service", (service,) if service else names, service or names[0])
    asked = next(each for each in spec.services if each.name == named)
    kind = kind_of(asked.kind)
    workload = table.settings(WorkloadSpec, kind.usual_workload, {"keys": 1, "concurrency": 1, "rate": 1})
    table.all_of("clients", spec.clients, ())
    table.all_of("transactors", spec.clients, ())
    table.all_of("lockers", spec.clients, ())
    if workload.rate > MOST_RATE:
        raise table.wrong("rate", f'"rate" can be {MOST_RATE} a second at most')
    kind.check_workload(table, workload, asked.settings, spec.nodes)
    return msgspec.structs.replace(workload, service="" if named == names[0] else named)


def _names(table: Table, key: str, letter: str, usual: int) -> tuple[str, ...]:
    """Either how many there are, or their names."""
    if isinstance(table.values.get(key), list):
        names = table.texts(key)
        if len(set(names)) < len(names) or not all(name.isidentifier() for name in names):
            raise table.wrong(key, f'"{key}" must be different names made of letters and digits')
        return names
    count = table.whole(key, usual)
    most = MOST_NODES if key == "nodes" else MOST_CLIENTS
    if not 1 <= count <= most:
        raise table.wrong(key, f'"{key}" must be between 1 and {most}, not {count}')
    return tuple(f"{letter}{number}" for number in range(1, count + 1))


def _services(cluster: Table) -> tuple[str, ...]:
    names = cluster.texts("services", ("raft",))
    if not names or len(set(names)) < len(names) or not all(name.isidentifier() for name in names):
        raise cluster.wrong("services", '"services" must be one or more different names, like ["raft", "ring"]')
    if taken := next((name for name in names if name in TAKEN), None):
        raise cluster.wrong("services", f'a service cannot be called "{taken}": [cluster.{taken}] means something else')
    return names


def _service(cluster: Table, name: str, nodes: tuple[str, ...], names: tuple[str, ...]) -> ServiceSpec:
    table = cluster.table(name)
    word = table.text("kind", name)
    try:
        kind = kind_of(word)
    except BadInput as error:
        raise (
            table.wrong("kind", str(error)) if table.has("kind") else cluster.wrong("services", str(error))
        ) from None
    clients = table.table("client")
    special = tuple(_special(clients, each, kind, nodes) for each in names if clients.has(each))
    client = clients.settings(kind.client_settings, least=kind.least)
    settings = table.settings(kind.settings, least=kind.least)
    assert isinstance(settings, Settings), f"{word} is set by {settings}."
    client = _client_settings(client)
    kind.check(table, settings, nodes)
    kind.check(clients, client, nodes)
    return ServiceSpec(name, word, settings, client, special)


def _special(clients: Table, name: str, kind: Kind, nodes: tuple[str, ...]) -> ClientSpec:
    """`[cluster.broker.client.c3]`: what it does not say is as in `[cluster.broker.client]`."""
    own = clients.table(name)
    usual = {key: value for key, value in clients.values.items() if not isinstance(value, dict)}
    table = Table({**usual, **own.values}, own.where, own.source, own.path)
    settings = table.settings(kind.client_settings, least=kind.least)
    kind.check(table, settings, nodes)
    return ClientSpec(name, _client_settings(settings))


def _client_settings(settings: Record) -> ClientSettings:
    assert isinstance(settings, ClientSettings), f"No client is set by {settings}."
    return settings


def _presets(table: Table, nodes: tuple[str, ...], service: ServiceSpec) -> list[PresetSpec]:
    presets = []
    for node in nodes:
        if table.has(node):
            entry = table.table(node)
            terms = tuple(entry.values.get("terms", ()))
            if not entry.has("terms") or not all(isinstance(term, int) and term > 0 for term in terms):
                raise entry.wrong("terms", '"terms" must be a list of the terms of the log, like [1, 1, 2]')
            presets.append(PresetSpec(node, entry.whole("current_term", max(terms, default=0)), terms))
            entry.finish()
            try:
                kind_of(service.kind).preset(presets[-1])
            except BadInput as error:
                raise table.wrong(node, str(error)) from None
    table.finish()
    return presets
