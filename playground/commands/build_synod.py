"""From lark's tree to values: what the synod is asked for. The methods are named as the rules of `language.lark`."""

from __future__ import annotations

from lark import Token, v_args

from algorithms import kv
from algorithms.paxos.synod import commands
from playground.commands import values
from playground.commands.build_words import Words


@v_args(inline=True)
class SynodWishes(Words):
    """See `build.Builder`."""

    def propose(self, value: kv.Value, server: Token | None) -> values.Wish:
        return commands.Propose(kv.text_of(value), self._node(server) if server is not None else "")

    def learn(self, server: Token | None) -> values.Wish:
        return commands.Learn(self._node(server) if server is not None else "")
