"""A storm over a keeper passes where nothing is planted, and finds what is."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from algorithms.keeper.client.watches import ClientWatches
from algorithms.keeper.messages import SetWatch
from algorithms.keeper.preparing import Preparing
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.txns import CloseSessionTxn
from algorithms.keeper.zab import machine
from algorithms.keeper.zab.broadcast import _tell
from algorithms.keeper.zab.delivering import deliver_up_to
from algorithms.keeper.zab.reigns import Leading
from algorithms.keeper.zab.state import State
from algorithms.keeper.zxid import ZERO
from playground.checks.keeper.names import (
    DURABLE,
    EPHEMERALS,
    PRIMARY_ORDER,
    TOTAL_ORDER,
    WATCHES,
)
from playground.run import Run
from playground.scenario import Scenario, load

SECOND = 1_000_000
WHOLE = load("keeper-random-chaos")


def storm(settings: KeeperSettings | None = None, seconds: int = 10) -> Scenario:
    """The random chaos, over sooner, and perhaps with other servers."""
    assert WHOLE.chaos is not None
    (service,) = WHOLE.spec.services
    changed = msgspec.structs.replace(service, settings=settings or service.settings)
    chaos = msgspec.structs.replace(WHOLE.chaos, duration=seconds * SECOND)
    spec = msgspec.structs.replace(WHOLE.spec, services=(changed,))
    return msgspec.structs.replace(WHOLE, spec=spec, chaos=chaos)


def broken(scenario: Scenario, seed: int) -> list[str]:
    """The checks that fail."""
    run = Run(scenario, seed)
    for _ in run.go_on():
        pass
    return [each.name for each in run.result().checks if each.verdict != "pass"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_passes_where_nothing_is_planted(seed: int) -> None:
    assert broken(storm(), seed) == []


# ---------------------------------------------------------------- planted


def a_minority_is_enough(patch: pytest.MonkeyPatch) -> None:
    """One server too few must have a proposal on its disk."""

    def commit(state: State, leading: Leading) -> None:
        acked = leading.voters_acked(state.name, state.voters)
        reached = sorted([acked.get(name, ZERO) for name in state.voters])[(len(state.voters) - 1) // 2 + 1]
        if state.phase == "broadcast" and reached > state.last_committed:
            for transaction in state.log.between(state.last_committed, reached):
                _tell(leading, state, transaction)
                deliver_up_to(state, transaction.zxid)

    patch.setattr("algorithms.keeper.zab.broadcast.commit", commit)
    patch.setattr(machine, "commit", commit)


def what_is_outstanding_does_not_count(patch: pytest.MonkeyPatch) -> None:
    """Conditions are decided on the tree of now, and not on that which the transaction will meet."""
    expected = Preparing.expected

    def of_now(self: Preparing, path: str) -> object:
        kept, self._expected = self._expected, {}
        try:
            return expected(self, path)
        finally:
            self._expected = kept

    patch.setattr(Preparing, "expected", of_now)


def an_ephemeral_stays_behind(patch: pytest.MonkeyPatch) -> None:
    """A session ends, and one of its znodes does not (ZOOKEEPER-5010 has another cause and the same effect)."""
    close = Preparing.close_session

    def forgetful(self: Preparing, session_id: int, expired: bool) -> CloseSessionTxn:
        txn = close(self, session_id, expired)
        return msgspec.structs.replace(txn, paths=txn.paths[:-1])

    patch.setattr(Preparing, "close_session", forgetful)


def watches_do_not_move(patch: pytest.MonkeyPatch) -> None:
    """A client goes to another server and does not set its watches there."""

    def nothing(self: ClientWatches) -> tuple[SetWatch, ...]:
        return ()

    patch.setattr(ClientWatches, "to_set", nothing)


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (a_minority_is_enough, DURABLE),
        (what_is_outstanding_does_not_count, PRIMARY_ORDER),
        (an_ephemeral_stays_behind, EPHEMERALS),
        (watches_do_not_move, WATCHES),
    ],
)
def test_a_storm_finds_what_is_planted(
    plant: Callable[[pytest.MonkeyPatch], None], check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    assert any(check in broken(storm(), seed) for seed in range(1, 5))


def test_a_storm_finds_a_server_that_keeps_what_nobody_else_has() -> None:
    """ZOOKEEPER-1154: DIFF instead of TRUNC."""
    settings = WHOLE.spec.services[0].settings
    assert isinstance(settings, KeeperSettings)
    careless = msgspec.structs.replace(settings, truncate_on_sync=False)
    assert any(TOTAL_ORDER in broken(storm(careless), seed) for seed in range(1, 5))
