"""The kinds of services a cluster can run, by name: where a new system is plugged in.

The law: a kind is imported when somebody asks for it, so that a run pays only for the systems that are in it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from playground.errors import BadInput, nearest
from playground.kinds.kind import Kind

KINDS = {
    "raft": "RaftKind",
    "ring": "RingKind",
    "broker": "BrokerKind",
    "paxos": "PaxosKind",
    "synod": "SynodKind",
    "keeper": "KeeperKind",
}
"""Each kind's class, which stands in the module of its name in `playground.kinds`."""


@cache
def kind_of(name: str) -> Kind:
    """The kind of this name. Raises BadInput."""
    if name not in KINDS:
        raise BadInput(f'there is no service of kind "{name}"{nearest(name, KINDS)}; there are {", ".join(KINDS)}')
    found: Kind = getattr(import_module(f"playground.kinds.{name}"), KINDS[name])()
    return found
