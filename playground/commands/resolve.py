"""Selectors become names, against the world at the instant of injection.

The law: what is resolved holds only names, so that it means the same whenever it is carried out; the dice are the
caller's and only their `random()` is used. A selector that matches nobody is bad input: the caller decides whether
that ends a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import TYPE_CHECKING, assert_never

from algorithms.keeper import commands as keeper
from algorithms.paxos.synod import commands as synod
from nodes.world import World
from playground.commands.naming import IT, MOST_NODES, no_such
from playground.commands.table import SELECTORS
from playground.commands.values import (
    AddNode,
    Ask,
    Calm,
    Command,
    Cut,
    Disk,
    DiskState,
    Do,
    Group,
    Heal,
    HealAll,
    InRole,
    Kind,
    Members,
    Named,
    NodeAction,
    OnLinks,
    OnNodes,
    Partition,
    Placed,
    Reassign,
    RemoveNode,
    SetWeight,
    ShutDown,
    Some,
    Transfer,
    Verb,
    Who,
    Wish,
)
from playground.errors import BadInput
from playground.services import KINDS, kind_of
from playground.standing import in_role

if TYPE_CHECKING:
    from playground.spec import ServiceSpec, Spec


def resolve(command: Command, world: World, spec: Spec, dice: Random) -> Command:
    """The same command with names for selectors, and for what was left out. Raises BadInput."""
    return _Resolution(world, spec, dice).command(command)


def resolve_node(who: Who, world: World, spec: Spec, dice: Random) -> str:
    """The one node that `who` means now. Raises BadInput."""
    return _Resolution(world, spec, dice).one(who)


def bind(command: Command, names: Mapping[str, Group]) -> Command:
    """The same command with each name that a scenario has given replaced by the nodes it stands for."""
    match command:
        case OnNodes(action, nodes):
            return OnNodes(action, _bound(nodes, names))
        case OnLinks(action, sources, targets, both):
            return OnLinks(action, _bound(sources, names), _bound(targets, names), both)
        case Partition(groups):
            return Partition(tuple(_bound(group, names) for group in groups))
        case Ask(wish, client, service, reach):
            return Ask(_bound_wish(wish, names), client, service, reach)
        case HealAll() | Calm():
            return command
        case _:
            assert_never(command)


def _bound(group: Group, names: Mapping[str, Group]) -> Group:
    return tuple(each for who in group for each in (names.get(who.name, (who,)) if isinstance(who, Named) else (who,)))


def _bound_wish(wish: Wish, names: Mapping[str, Group]) -> Wish:
    match wish:
        case Transfer(target):
            return Transfer(_bound((target,), names)[0])
        case Members(voters):
            return Members(_bound(voters, names))
        case AddNode(node, weight):
            return AddNode(_single(Named(node), names).name, weight)
        case RemoveNode(who):
            return RemoveNode(_bound((who,), names)[0])
        case SetWeight(who, weight):
            return SetWeight(_bound((who,), names)[0], weight)
        case Reassign(partition, replicas, throttle):
            return Reassign(partition, _bound(replicas, names), throttle)
        case ShutDown(who):
            return ShutDown(_bound((who,), names)[0])
        case synod.Propose(value, server):
            return synod.Propose(value, _single(Named(server), names).name)
        case synod.Learn(server):
            return synod.Learn(_single(Named(server), names).name)
        case keeper.Reconnect(server):
            return keeper.Reconnect(_single(Named(server), names).name)
        case _:
            return wish


def _single(who: Named, names: Mapping[str, Group]) -> Named:
    """A node that need not be there yet, or one that was given this name."""
    bound = _bound((who,), names)[0]
    return bound if isinstance(bound, Named) else who


def concerned(command: Command) -> Group:
    """Whom a resolved command was done to: what `it` means afterwards. Nothing for what concerns all."""
    match command:
        case OnNodes(_, nodes):
            return nodes
        case OnLinks(_, sources, _, _):
            return sources
        case Ask(Transfer(target)):
            return (target,)
        case Ask(AddNode(node)):
            return (Named(node),)
        case Ask(RemoveNode(who) | SetWeight(who) | ShutDown(who)):
            return (who,)
        case Partition(groups):
            return groups[0]
        case Ask() | HealAll() | Calm():
            return ()
        case _:
            assert_never(command)


class _Resolution:
    """One command; a node that it names, or that a selector has picked, is not picked by another selector."""

    def __init__(self, world: World, spec: Spec, dice: Random) -> None:
        self.world, self.spec, self.dice = world, spec, dice
        self.servers: tuple[str, ...] = tuple(name for name in world.names if name not in spec.clients)
        self.eligible: tuple[str, ...] = self.servers
        self.taken: list[str] = []
        self._drawn: tuple[str, ...] = ()

    def command(self, command: Command) -> Command:
        match command:
            case OnNodes():
                return self.on_nodes(command)
            case OnLinks(action, sources, targets, both):
                return self.on_links(OnLinks(action, self.group(sources), targets, both))
            case Partition(groups):
                return self.partition(groups)
            case Ask():
                return self.ask(command)
            case HealAll() | Calm():
                return command
            case _:
                assert_never(command)

    # ------------------------------------------------------------ kinds of commands

    def on_nodes(self, command: OnNodes) -> Command:
        self.eligible = tuple(name for name in self.servers if self._makes_sense(command.action, name))
        nodes = self.group(command.nodes)
        if not nodes:
            raise BadInput("there is no node left for this")
        match command.action:
            case Do(Verb.ISOLATE):
                return self.isolate(nodes)
            case Do(Verb.HEAL):
                return self.on_links(OnLinks(Heal(), nodes, (Some(Kind.EVERYONE),), True))
            case Disk(DiskState.WIPE):
                self._must_be_down(nodes)
        return OnNodes(command.action, nodes)

    def isolate(self, nodes: Group) -> Command:
        others = tuple(Named(name) for name in self.servers if Named(name) not in nodes)
        if not others:
            raise BadInput("there is no other server to isolate these from")
        return OnLinks(Cut(), nodes, others, True)

    def _makes_sense(self, action: NodeAction, name: str) -> bool:
        node = self.world.node(name)
        match action:
            case Do(Verb.RESTART) | Disk(DiskState.WIPE):
                return not node.up
            case Do(Verb.RESUME):
                return node.paused
            case Do(Verb.PAUSE):
                return node.up and not node.paused
            case _:
                return node.up

    def _must_be_down(self, nodes: Group) -> None:
        for who in nodes:
            if isinstance(who, Named) and self.world.node(who.name).up:
                raise BadInput(f"{who.name} is up; kill it before its disk can be wiped")

    def on_links(self, command: OnLinks) -> Command:
        targets = self.group(command.targets)
        if not any(source != target for source in command.sources for target in targets):
            raise BadInput("a link leads from one node to another")
        return OnLinks(command.action, command.sources, targets, command.both)

    def partition(self, groups: tuple[Group, ...]) -> Command:
        """Groups with `rest` come last, whichever place they have."""
        done: dict[int, Group] = {}
        for place, group in sorted(enumerate(groups), key=lambda each: _has_rest(each[1])):
            done[place] = self.group(group)
        if any(not group for group in done.values()):
            raise BadInput("one of the groups would be empty")
        return Partition(tuple(done[place] for place in range(len(groups))))

    def ask(self, command: Ask) -> Command:
        clients = self.spec.clients
        if not clients:
            raise BadInput("there is no client in this cluster that could ask")
        client = self._known("client", command.client or clients[0], clients)
        service = self._asked(command)
        kind = kind_of(service.kind)
        if refusal := kind.refusal(command, service.name):
            raise BadInput(refusal)
        wish = self._resolved_wish(command.wish)
        return kind.resolve(Ask(wish, client, service.name, command.reach), service, self.world)

    def _asked(self, command: Ask) -> ServiceSpec:
        """The service that is named; else the first that knows what is wished for, or the first of all."""
        services = {each.name: each for each in self.spec.services}
        if command.service is not None:
            return services[self._known("service", command.service, tuple(services))]
        knowing = [each for each in services.values() if not kind_of(each.kind).refusal(command, each.name)]
        return (knowing or self.spec.services)[0]

    def _resolved_wish(self, wish: Wish) -> Wish:
        match wish:
            case Transfer(target):
                return Transfer(Named(self.one(target)))
            case Members(voters):
                return Members(self.group(voters))
            case AddNode(node):
                self._must_be_a_server(node)
            case RemoveNode(who):
                return RemoveNode(Named(self.one(who)))
            case SetWeight(who, weight):
                return SetWeight(Named(self.one(who)), weight)
            case Reassign(partition, replicas, throttle):
                return Reassign(partition, self.in_order(replicas), throttle)
            case ShutDown(who):
                return ShutDown(Named(self.one(who)))
        return wish

    def in_order(self, group: Group) -> Group:
        """Every name once, in the order in which they are said: the first replica is the preferred one."""
        return _named(dict.fromkeys(name for who in group for name in self.names(who)))

    def _must_be_a_server(self, node: str) -> None:
        """One that there is, or that can be made."""
        if node in self.spec.clients:
            raise BadInput(f"{node} is a client; a node needs a name of its own")
        if node in (IT, *(each.name for each in self.spec.services)):
            raise BadInput(f'a node cannot be called "{node}"')
        if node not in self.servers and len(self.servers) >= MOST_NODES:
            raise BadInput(f"there are {len(self.servers)} nodes, and a cluster has {MOST_NODES} at most")

    def _known(self, what: str, name: str, known: tuple[str, ...]) -> str:
        if name not in known:
            raise BadInput(no_such(what, name, known, known))
        return name

    # ------------------------------------------------------------ selectors

    def one(self, who: Who) -> str:
        found = self.names(who)
        if len(found) != 1:
            raise BadInput(f"one node is wanted here, and this is {len(found)}")
        return found[0]

    def group(self, group: Group) -> Group:
        """Every name once, in order; what says it by name is taken before what chooses."""
        chosen = [name for who in group if isinstance(who, Named) for name in self.names(who)]
        for who in group:
            if not isinstance(who, Named):
                chosen += self.names(who)
        return _named(dict.fromkeys(chosen))

    def names(self, who: Who) -> tuple[str, ...]:
        match who:
            case Named(name):
                names: tuple[str, ...] = (self._node(name),)
            case InRole(role, service):
                names = (self._in_role(role, service),)
            case Placed():
                names = (self._placed(who),)
            case Some(kind):
                names = self._some(kind)
            case _:
                assert_never(who)
        if who not in (Some(Kind.ALL), Some(Kind.EVERYONE)):
            self.taken += names
        return names

    def _node(self, name: str) -> str:
        if name not in self.world.names:
            if name == IT:
                raise BadInput('nothing has been done yet that "it" could mean')
            words = (*self.world.names, *(each.verb for each in SELECTORS))
            raise BadInput(no_such("node", name, words, self.world.names))
        return name

    def _in_role(self, role: str, service: str) -> str:
        services = {each.name: each for each in self.spec.services}
        self._known("service", service, tuple(services))
        roles = kind_of(services[service].kind).roles
        if role not in roles:
            there = f"; its roles are {', '.join(roles)}" if roles else ": its servers are all alike"
            raise BadInput(f"{service} has no {role}{there}")
        found = in_role(self.world, service, role)
        free = tuple(name for name in found if name not in self.taken)
        if not free:
            raise BadInput(f"there is no {'other ' if found else ''}{role} of {service} now")
        return free[0] if role == "leader" else self._any(free)

    def _placed(self, placed: Placed) -> str:
        """Asked of the first service whose kind has such places."""
        services = self.spec.services
        service = next((each for each in services if placed.place in kind_of(each.kind).places), None)
        if service is None:
            owner = next((each for each in KINDS if placed.place in kind_of(each).places), "")
            raise BadInput(f"{placed.place}() is asked of a service of kind {owner}, and this cluster has none")
        return kind_of(service.kind).place(placed, service.name, self.world, self.dice, self.taken)

    def _some(self, kind: Kind) -> tuple[str, ...]:
        match kind:
            case Kind.RANDOM:
                return (self._random(),)
            case Kind.MAJORITY:
                return self._shuffled()[: len(self.servers) // 2 + 1]
            case Kind.MINORITY:
                return self._shuffled()[len(self.servers) // 2 + 1 :]
            case Kind.REST:
                return tuple(name for name in self.servers if name not in self.taken)
            case Kind.ALL:
                return self.servers
            case Kind.EVERYONE:
                return self.world.names
            case _:
                assert_never(kind)

    def _random(self) -> str:
        free = tuple(name for name in self.eligible if name not in self.taken)
        if not free:
            raise BadInput("there is no node now for which this makes sense")
        return self._any(free)

    def _any(self, names: tuple[str, ...]) -> str:
        return names[int(self.dice.random() * len(names))]

    def _shuffled(self) -> tuple[str, ...]:
        """One order for the whole command, so that its majority and its minority are each other's rest."""
        if not self._drawn:
            keyed = sorted((self.dice.random(), name) for name in self.servers)
            self._drawn = tuple(name for _, name in keyed)
        return self._drawn


def _named(names: Iterable[str]) -> Group:
    return tuple(Named(name) for name in names)


def _has_rest(group: Group) -> bool:
    return Some(Kind.REST) in group
