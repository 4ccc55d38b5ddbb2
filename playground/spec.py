"""What a cluster is made of, as a value. The law: spec, seed and interventions together are the whole run."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.raft.client_settings import RaftClientSettings
from algorithms.raft.settings import RaftSettings
from nodes.faults import Latency
from nodes.observation import Observer
from nodes.world import USUAL_LATENCY, World
from playground.commands.amounts import read_latency
from playground.services import kind_of
from playground.tables import Table
from playground.workload import WorkloadSpec, working

MOST_NODES = 50
"""Nodes of one sort that a cluster may have: messages grow with their square."""

MOST_RATE = 100_000
"""Operations a second that one client may begin."""


class ServiceSpec(Record, frozen=True):
    """One service: a machine on every node, and a client machine on every client node."""

    name: str = "raft"
    kind: str = "raft"
    settings: RaftSettings = RaftSettings()
    client: RaftClientSettings = RaftClientSettings()


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
    """A cluster. `service_time` is how long one turn of a machine takes its node's processor, microseconds."""

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


DEFAULT_SPEC = Spec()


def build_world(spec: Spec, seed: int | str, observers: tuple[Observer, ...] = ()) -> World:
    """The cluster of `spec`, booted, at time 0; observers are told of the boot, too."""
    world = World(seed, spec.network.latency, spec.shuffle_ties)
    for observer in observers:
        world.add_observer(observer)
    for node in spec.nodes:
        servers = {each.name: kind_of(each.kind).server(node, spec.nodes, each.settings) for each in spec.services}
        world.add_node(node, servers, spec.disk.sync, spec.service_time)
    for client in spec.clients:
        machines = {each.name: kind_of(each.kind).client(client, spec.nodes, each.client) for each in spec.services}
        if spec.workload and client in (spec.workload.clients or spec.clients):
            first = spec.services[0].name
            machines[first] = working(machines[first], spec.workload, client, seed)
        world.add_node(client, machines, spec.disk.sync, spec.service_time)
    _preset(spec, world)
    world.start()
    return world


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
    services = tuple(_service(table, name) for name in table.texts("services", ("raft",)))
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
        tuple(_presets(table.table("preset"), nodes)),
    )
    for each in (network, disk, table):
        each.finish()
    return spec


def read_workload(table: Table, spec: Spec = DEFAULT_SPEC) -> WorkloadSpec:
    """What the clients of `spec` do, from a scenario's table [workload]. Raises BadInput."""
    workload = table.settings(WorkloadSpec, least={"keys": 1, "concurrency": 1, "rate": 1})
    if workload.get + workload.put + workload.cas + workload.append == 0:
        raise table.wrong("get", "a workload needs one of get, put, cas and append with a share above 0")
    table.all_of("clients", spec.clients, ())
    if workload.rate > MOST_RATE:
        raise table.wrong("rate", f'"rate" can be {MOST_RATE} a second at most')
    return workload


def _names(table: Table, key: str, letter: str, usual: int) -> tuple[str, ...]:
    """Either how many there are, or their names."""
    if isinstance(table.values.get(key), list):
        names = table.texts(key)
        if len(set(names)) < len(names) or not all(name.isidentifier() for name in names):
            raise table.wrong(key, f'"{key}" must be different names made of letters and digits')
        return names
    count = table.whole(key, usual)
    if not 1 <= count <= MOST_NODES:
        raise table.wrong(key, f'"{key}" must be between 1 and {MOST_NODES}, not {count}')
    return tuple(f"{letter}{number}" for number in range(1, count + 1))


def _service(cluster: Table, name: str) -> ServiceSpec:
    table = cluster.table(name)
    kind = kind_of(table.text("kind", name))
    client = table.table("client").settings(kind.client_settings, least=kind.least)
    settings = table.settings(kind.settings, least=kind.least)
    assert isinstance(settings, RaftSettings), "There is one kind so far."
    assert isinstance(client, RaftClientSettings), "There is one kind so far."
    if settings.election_timeout_longest < settings.election_timeout_shortest:
        raise table.wrong("election_timeout_longest", "the longest election timeout cannot be below the shortest")
    return ServiceSpec(name, table.text("kind", name), settings, client)


def _presets(table: Table, nodes: tuple[str, ...]) -> list[PresetSpec]:
    presets = []
    for node in nodes:
        if table.has(node):
            entry = table.table(node)
            terms = tuple(entry.values.get("terms", ()))
            if not entry.has("terms") or not all(isinstance(term, int) and term > 0 for term in terms):
                raise entry.wrong("terms", '"terms" must be a list of the terms of the log, like [1, 1, 2]')
            presets.append(PresetSpec(node, entry.whole("current_term", max(terms, default=0)), terms))
            entry.finish()
    table.finish()
    return presets
