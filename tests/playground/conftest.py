"""A stage: the nodes of the default cluster with puppets for Raft machines, whose views a test sets as it likes.

And sessions with a ring or brokers on it, alone or beside Raft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
import pytest

from algorithms import kv
from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.settings import BrokerSettings
from algorithms.machine import Effect, Event, Record
from algorithms.raft.messages import Configuration
from algorithms.raft.view import RaftView
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.settings import RingSettings
from nodes.world import World
from playground.session import Session
from playground.spec import DEFAULT_SPEC, ServiceSpec, Spec

USUAL = RaftView(
    name="",
    role="follower",
    current_term=1,
    voted_for=None,
    leader=None,
    commit_index=0,
    last_applied=0,
    first_index=1,
    last_index=0,
    last_term=0,
    snapshot_index=0,
    window_first=1,
    window_terms=(),
    configuration=Configuration(DEFAULT_SPEC.nodes),
    peers=(),
    store=kv.Pairs(),
)


class Puppet:
    """A machine that does nothing and looks as the stage says."""

    def __init__(self, views: dict[str, RaftView], name: str) -> None:
        self._views, self._name = views, name

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        """Nothing."""
        return ()

    def view(self) -> Record:
        """What the test has set."""
        return self._views[self._name]


@dataclass
class Stage:
    """A world of puppets; `set` changes what one of them looks like."""

    world: World = field(default_factory=lambda: World(0))
    spec: Spec = DEFAULT_SPEC
    views: dict[str, RaftView] = field(default_factory=dict)

    def set(self, node: str, store: dict[str, kv.Value] | None = None, **changes: Any) -> None:
        """Let `node` look different from now on."""
        pairs = kv.Pairs(tuple(kv.Pair(key, value) for key, value in (store or {}).items()))
        self.views[node] = msgspec.structs.replace(self.views[node], store=pairs, **changes)


@pytest.fixture
def stage() -> Stage:
    """Five servers and a client, all up, all followers in term 1."""
    made = Stage()
    for name in made.spec.nodes:
        made.views[name] = msgspec.structs.replace(USUAL, name=name)
        made.world.add_node(name, {"raft": partial(Puppet, made.views, name)})
    for name in made.spec.clients:
        made.world.add_node(name, {})
    made.world.start()
    return made


RING = ServiceSpec("ring", "ring", RingSettings(), RingClientSettings())


@pytest.fixture
def ring() -> Session:
    """Five ring servers and two clients, half a second after their boot."""
    session = Session(Spec(clients=("c1", "c2"), services=(RING,)), 1)
    session.run_until(500_000)
    return session


@pytest.fixture
def both() -> Session:
    """Raft and a ring on the same nodes; Raft has a leader already."""
    session = Session(Spec(services=(ServiceSpec(), RING)), 1)
    session.run_until(1_000_000)
    return session


BROKER = ServiceSpec("broker", "broker", BrokerSettings(), BrokerClientSettings())


@pytest.fixture
def brokers() -> Session:
    """Five brokers and three clients, with a topic of two partitions, two seconds after their boot."""
    session = Session(Spec(clients=("c1", "c2", "c3"), services=(BROKER,)), 1)
    session.run_until(1_000_000)
    session.do("topic create orders --partitions 2 --replicas 3")
    session.run_until(2_000_000)
    return session
