"""The laws of these worlds count only because they catch bugs that are planted here."""

from __future__ import annotations

import pytest
from keeper_laws import Broken
from keeper_world import Keepers

from algorithms.keeper import delivering, reigning, serving
from algorithms.keeper.messages import WatchEvent
from algorithms.keeper.preparing import Expected, Preparing
from algorithms.keeper.state import State
from algorithms.keeper.tree.data_tree import Change
from algorithms.keeper.txns import CloseSessionTxn, Txn
from algorithms.keeper.zxid import Zxid
from nodes.world import MachineFailed


def is_caught(seeds: int = 6) -> bool:
    """Whether one of the first seeds breaks a law."""
    for seed in range(seeds):
        found = Keepers(seed, 3, 3)
        try:
            found.prepare()
            found.work(8, pause=10_000)
            found.calm_down()
        except (Broken, MachineFailed):
            return True
    return False


def test_conditions_decided_against_the_tree_alone_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def expected(self: Preparing, path: str) -> Expected:
        znode = self._tree.get(path)
        if znode is None:
            return Expected(False)
        count = len(znode.children)
        return Expected(True, znode.version, znode.aversion, znode.created, count, znode.ephemeral_owner, znode.acl)

    monkeypatch.setattr(Preparing, "expected", expected)
    assert is_caught()


def test_ephemerals_that_were_still_being_created_when_their_session_ended_are_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def close_session(self: Preparing, session_id: int, expired: bool) -> CloseSessionTxn:
        self.closing[session_id] = None
        return CloseSessionTxn(self._tree.paths_of(session_id), expired)

    monkeypatch.setattr(Preparing, "close_session", close_session)
    assert is_caught()


def test_ephemerals_created_behind_the_end_of_their_session_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Preparing.close_session

    def close_session(self: Preparing, session_id: int, expired: bool) -> CloseSessionTxn:
        body = real(self, session_id, expired)
        del self.closing[session_id]
        return body

    monkeypatch.setattr(Preparing, "close_session", close_session)
    assert is_caught()


def test_watches_that_fire_behind_the_replies_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = delivering.deliver

    def deliver(state: State, zxid: Zxid, txn: Txn) -> None:
        fire, late = state.watches.fire, list[Change]()
        state.watches.fire = lambda change: late.append(change) or []  # type: ignore[func-returns-value, method-assign]
        real(state, zxid, txn)
        state.watches.fire = fire  # type: ignore[method-assign]
        for change in late:
            for session_id, event, path, mode in fire(change):
                connection = state.by_session.get(session_id)
                if connection is not None:
                    state.tell(connection, WatchEvent(event, path, zxid, mode))

    monkeypatch.setattr(delivering, "deliver", deliver)
    assert is_caught()


def test_watches_that_forget_what_was_missed_while_the_client_moved_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_missed", lambda *_: None)
    assert is_caught()


def test_reads_that_overtake_writes_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = serving._request

    def request(state: State, connection: serving.Connection, message: serving.ClientRequest) -> None:
        if isinstance(message.operation, serving.WRITES | serving.Sync | serving.CloseSession):
            real(state, connection, message)
        else:
            serving._answer_here(state, connection, message)

    monkeypatch.setattr(serving, "_request", request)
    assert is_caught()


def test_sessions_that_never_expire_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reigning, "look_at_sessions", lambda _: None)
    assert is_caught()


def test_without_a_planted_bug_nothing_is_caught() -> None:
    assert not is_caught(2)
