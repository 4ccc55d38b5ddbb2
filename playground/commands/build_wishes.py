"""From lark's tree to values: what a client is asked for. The methods are named as the rules of `language.lark`."""

from __future__ import annotations

import json

from lark import Token, v_args

from algorithms import kv
from playground.commands import values
from playground.commands.build_broker import BrokerWishes
from playground.commands.build_keeper import KeeperWishes
from playground.commands.build_synod import SynodWishes
from playground.commands.build_words import Misfit
from playground.commands.naming import Names

INPUT = "input"
"""The file that a run was given, unless it is quoted."""
LEAST_WEIGHT, MOST_WEIGHT = 0.001, 1_000.0
"""Between these a share of the ring means something."""

_Flags = tuple[tuple[Token, Token], ...]
_Reaching = tuple[values.Wish, values.Reach]


@v_args(inline=True)
class Wishes(BrokerWishes, SynodWishes, KeeperWishes):
    """See `build.Builder`."""

    def ask(
        self, service: Token | None, asked: values.Wish | values.Ask | _Reaching, client: Token | None
    ) -> values.Command:
        if isinstance(asked, values.Ask):  # A group's wish names its client by itself.
            if client is not None:
                raise Misfit(client, f"a group's member is named already: {asked.client}")
            return values.Ask(asked.wish, asked.client, service and self._service(service))
        wish, reach = asked if isinstance(asked, tuple) else (asked, values.Reach())
        return values.Ask(wish, client and self._node(client), service and self._service(service), reach)

    def put(self, key: str, value: kv.Value, flags: _Flags) -> _Reaching:
        return kv.Put(key, value), _reach(flags, "put", "nw")

    def get(self, key: str, flags: _Flags) -> _Reaching:
        return kv.Get(key), _reach(flags, "get", "nr")

    def delete(self, key: str, flags: _Flags) -> _Reaching:
        return values.Delete(key), _reach(flags, "delete", "nw")

    def reach(self, *parts: Token) -> _Flags:
        return tuple(zip(parts[::2], parts[1::2], strict=True))

    def add_node(self, name: Token, flag: Token | None, weight: Token | None) -> values.Wish:
        """From here on the name can be used."""
        if self._names is not None and name not in self._names.nodes:
            self._names = Names((*self._names.nodes, str(name)), self._names.services)
        if not str(name).isidentifier():
            raise Misfit(name, f'"{name}" is no name for a node; it is made of letters and digits')
        return values.AddNode(str(name), 1.0 if weight is None else _weight(weight))

    def remove_node(self, node: values.Who) -> values.Wish:
        return values.RemoveNode(node)

    def set_weight(self, node: values.Who, weight: Token) -> values.Wish:
        return values.SetWeight(node, _weight(weight))

    def put_file(self, path: str, name: str | None, sha256: Token | None) -> values.Wish:
        return values.PutFile(path, name or "", sha256.split()[1] if sha256 else "")

    def get_file(self, name: str) -> values.Wish:
        return values.GetFile(name)

    def bare_path(self, token: Token) -> str:
        return "" if token == INPUT else str(token)

    def quoted_path(self, token: Token) -> str:
        path = self.quoted(token)
        if not path or "\0" in path:
            raise Misfit(token, f"{token} is no path of a file")
        return path

    def cas(self, key: str, old: kv.Value, new: kv.Value) -> values.Wish:
        return kv.CompareAndSet(key, old, new)

    def append(self, key: str, value: kv.Value) -> values.Wish:
        return kv.Append(key, value if isinstance(value, str) else json.dumps(value))

    def transfer(self, target: values.Who) -> values.Wish:
        return values.Transfer(target)

    def members(self, voters: values.Group) -> values.Wish:
        return values.Members(voters)


def _reach(flags: _Flags, verb: str, known: str) -> values.Reach:
    """The flags' numbers; each flag once, and only those that mean something for the verb."""
    found: dict[str, int] = {}
    for flag, number in flags:
        letter = flag.removeprefix("--")
        if letter not in known:
            raise Misfit(
                flag, f"{flag} means nothing for {verb}; there are {' and '.join(f'--{each}' for each in known)}"
            )
        if letter in found:
            raise Misfit(flag, f"{flag} is said twice")
        if int(number) < 1:
            raise Misfit(number, f"{flag} must be at least 1, not {number}")
        found[letter] = int(number)
    return values.Reach(**found)


def _weight(number: Token) -> float:
    weight = float(number)
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        raise Misfit(number, f"a weight must be above 0 (from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g}), not {number}")
    return weight
