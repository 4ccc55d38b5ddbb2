"""Whether servers that have applied the same entries hold the same store: what all the rules of a log are for.

The law: looking changes nothing. It looks at the end of the chain, so it also sees what goes wrong behind the log:
a command that is applied twice, or a snapshot that leaves something out (Raft 5.4.3, State Machine Safety).
"""

from __future__ import annotations

from algorithms import kv
from nodes.world import World
from playground.checks.verdict import CheckResult
from playground.standing import log_views

SAME_STORE = "same-store"

LONGEST = 40
"""Characters of a value that a difference shows."""


class Agreement:
    """Let it `look` now and then; two servers need not stand at one entry at one time to be compared."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._first: dict[int, tuple[str, kv.Pairs]] = {}
        """By index: who was first seen to have applied just so much, and its store then."""
        self._compared = 0
        self._difference = ""

    def look(self, world: World) -> None:
        """Compare every server that is up with whoever was seen at the same entry before."""
        for name, view in log_views(world, self.service).items():
            first, store = self._first.setdefault(view.last_applied, (name, view.store))
            self._compared += first != name
            if store != view.store and not self._difference:
                self._difference = (
                    f"behind entry {view.last_applied}, {first} had {_shown(store, view.store)}, "
                    f"and {name} has {_shown(view.store, store)}"
                )

    def result(self) -> CheckResult:
        """The verdict so far."""
        if self._difference:
            return CheckResult(SAME_STORE, "fail", self._difference)
        return CheckResult(SAME_STORE, "pass", f"{self._compared:,} times two servers stood at one entry")


def _shown(store: kv.Pairs, other: kv.Pairs) -> str:
    """The first pair that is not in the other one."""
    pair = next((pair for pair in store.pairs if pair not in other.pairs), None)
    if pair is None:
        return "nothing there"
    value = repr(pair.value)
    return f"{pair.key} = {value if len(value) <= LONGEST else f'{value[:LONGEST]}… ({len(value)} characters)'}"
