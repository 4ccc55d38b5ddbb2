"""Every rule of a keeper's servers is broken on purpose, and the judge says so; one that is left alone is well."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from algorithms.keeper import messages
from algorithms.keeper.recipes.lock import LockRecipe
from algorithms.keeper.state import State
from algorithms.keeper.txns import SetDataTxn, Txn
from algorithms.keeper.zab.messages import Transaction
from algorithms.keeper.zab.state import LOG
from algorithms.keeper.zxid import Zxid
from algorithms.machine import Append, Effect, Received, Save, Send, TimerFired
from nodes.faults import Restart
from nodes.observation import Turn
from nodes.world import World
from playground.checks.keeper import NAMES, KeeperJudge
from playground.checks.keeper.names import (
    DURABLE,
    EPHEMERALS,
    EQUAL,
    FENCING,
    LEADERS,
    LOCKS,
    PRIMARY_ORDER,
    TOTAL_ORDER,
    ZXIDS,
)
from playground.kinds.keeper_standing import in_role, servers
from playground.session import Session
from playground.spec import KEEPER, Spec

SECOND = 1_000_000


class Watched:
    """Five servers with a few znodes, three clients, and the judge."""

    def __init__(self) -> None:
        self.session = Session(Spec(clients=("c1", "c2", "c3"), services=(KEEPER,)), 1)
        self.world: World = self.session.world
        self.judge = KeeperJudge(self.world, "keeper", ("c1", "c2", "c3"))
        self.world.add_observer(self.judge.observe)
        self.go_on(SECOND // 2)
        for text in ("create /a 1", "create /a/b 1 --ephemeral on c2", "set /a 2", "lock /l on c3"):
            self.session.do(text)
        self.go_on(SECOND // 2)
        self.judge.look(self.world)

    def go_on(self, time: int) -> None:
        """So many us."""
        self.session.run_until(self.world.now + time)

    @property
    def leader(self) -> str:
        """Who leads."""
        return in_role(self.world, "keeper", "leader")[0]

    def follower(self, number: int = 0) -> tuple[str, State]:
        """One that follows."""
        return [each for each in servers(self.world, "keeper").items() if each[0] != self.leader][number]

    def turn(self, node: str, *effects: Effect, event: Received | None = None) -> None:
        """Let the judge see a turn of this node in which nothing else happens."""
        self.judge.observe(Turn(self.world.now, node, "keeper", event or TimerFired("nothing"), effects))

    def broken(self) -> list[str]:
        """The checks that fail."""
        return [each.name for each in self.judge.results(self.world) if each.verdict == "fail"]


def deliver(watched: Watched, *transactions: Transaction) -> None:
    """Let a follower log these and deliver them, whoever has proposed them."""
    name, state = watched.follower()
    index = state.zab.state.log.next_index
    state.zab.state.log.append(transactions)
    state.zab.state.last_committed = transactions[-1].zxid
    watched.turn(name, Append(LOG, index, transactions))


def transaction(watched: Watched, counter: int, value: str = "x", version: int = 2) -> Transaction:
    """A change of /a that is so far behind the last one."""
    last = watched.follower()[1].zab.state.last_committed
    return Transaction(Zxid(last.epoch, last.counter + counter), Txn(0, 0, 0, "", SetDataTxn("/a", value, version)))


def other_transaction(watched: Watched) -> None:
    one = transaction(watched, 1)
    watched.judge.servers.sequence.append(one.zxid.number, one.txn)  # type: ignore[arg-type]
    deliver(watched, transaction(watched, 1, "other"))


def passed_over(watched: Watched) -> None:
    one, two = transaction(watched, 1), transaction(watched, 2, version=3)
    watched.judge.servers.sequence.append(one.zxid.number, one.txn)  # type: ignore[arg-type]
    watched.judge.servers.sequence.append(two.zxid.number, two.txn)  # type: ignore[arg-type]
    deliver(watched, two)


def wrong_version(watched: Watched) -> None:
    deliver(watched, transaction(watched, 1, version=7))


def zxid_given_twice(watched: Watched) -> None:
    one = transaction(watched, 1)
    watched.turn("n1", Append(LOG, 99, (one,)))
    watched.turn("n2", Append(LOG, 99, (transaction(watched, 1, "other"),)))


def older_epoch(watched: Watched) -> None:
    name, _ = watched.follower()
    watched.world.inject(Restart(name))
    watched.judge.servers._acknowledged[name] = 9
    watched.judge.servers._delivered.pop(name, None)
    watched.turn(name)


def two_leaders(watched: Watched) -> None:
    name, state = watched.follower()
    state.zab.state.role, state.zab.state.phase = "leading", "broadcast"
    watched.turn(name)


def on_one_disk(watched: Watched) -> None:
    deliver(watched, transaction(watched, 1))


def other_tree(watched: Watched) -> None:
    tree = watched.follower()[1].tree
    znode = tree.get("/a")
    assert znode is not None
    znode.data, tree._digest = "other", (Zxid(0, 0), "")
    watched.judge.servers._looked.clear()


def stale_ephemeral(watched: Watched) -> None:
    tree = watched.follower()[1].tree
    del tree.sessions[next(iter(tree.ephemerals))]
    watched.judge.servers._looked.clear()


@pytest.mark.parametrize(
    ("break_it", "check"),
    [
        (other_transaction, TOTAL_ORDER),
        (passed_over, TOTAL_ORDER),
        (wrong_version, PRIMARY_ORDER),
        (zxid_given_twice, ZXIDS),
        (older_epoch, ZXIDS),
        (two_leaders, LEADERS),
        (on_one_disk, DURABLE),
        (other_tree, EQUAL),
        (stale_ephemeral, EPHEMERALS),
    ],
)
def test_each_rule_is_found_broken(break_it: Callable[[Watched], None], check: str) -> None:
    watched = Watched()
    assert watched.broken() == []
    break_it(watched)
    assert check in watched.broken()


def test_a_keeper_that_is_left_alone_is_well() -> None:
    watched = Watched()
    for text in ("get /a --watch on c2", "set /a 3", "multi set /a 4; create /c; delete /c", "unlock /l on c3"):
        watched.session.do(text)
    watched.go_on(SECOND)
    results = watched.judge.results(watched.world)
    assert [each.name for each in results] == list(NAMES)
    assert [each.name for each in results if each.verdict != "pass"] == []
    assert watched.judge.watches.told == 1


def test_a_lock_that_lets_in_whoever_asks_has_two_holders(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    monkeypatch.setattr(LockRecipe, "_blocks", lambda self, name: False)
    watched.session.do("lock /l on c1")
    watched.go_on(SECOND // 2)
    assert watched.broken() == [LOCKS]


def test_a_second_believer_whose_session_is_over_breaks_nothing_and_is_counted() -> None:
    watched = Watched()
    watched.session.do("lock /l on c1")
    watched.go_on(SECOND // 5)
    watched.session.do("pause c3")
    watched.go_on(3 * SECOND)
    assert watched.broken() == []
    assert watched.judge.locks.two_believers == 1


def test_who_is_told_late_that_it_has_the_lock_breaks_nothing() -> None:
    """c1 stands still before it hears that it is next; its session is over when it wakes and believes."""
    watched = Watched()
    watched.session.do("lock /l on c1")
    watched.session.do("lock /l on c2")
    watched.go_on(SECOND // 5)
    watched.session.do("pause c1")
    watched.session.do("unlock /l on c3")
    watched.go_on(3 * SECOND)
    watched.session.do("resume c1")
    watched.go_on(SECOND // 2)
    assert watched.broken() == []


def test_a_resource_that_takes_an_older_token_is_found() -> None:
    watched = Watched()
    for token in (7, 6):
        request = messages.WriteResource("c1.1", token, "ledger", f"v{token}", token)
        taken = messages.ResourceResponse("c1.1", token, False, f"v{token}", token)
        saved = Save("resource ledger", request)
        watched.turn("n1", saved, Send("c1", taken), event=Received("c1", request))
    assert watched.broken() == [FENCING]


def test_a_second_copy_of_an_older_write_changes_nothing() -> None:
    """The resource answers it as it has answered the first one, and saves nothing."""
    watched = Watched()
    for token, effects in ((6, True), (7, True), (6, False)):
        request = messages.WriteResource("c1.1", token, "ledger", f"v{token}", token)
        taken = messages.ResourceResponse("c1.1", token, False, f"v{token}", token)
        saved = (Save("resource ledger", request),) if effects else ()
        watched.turn("n1", *saved, Send("c1", taken), event=Received("c1", request))
    assert watched.broken() == []


def test_a_snapshot_that_nobody_has_delivered_is_found() -> None:
    watched = Watched()
    name, state = watched.follower()
    ahead = msgspec.structs.replace(state.zab.state.last_committed, counter=99)
    state.zab.state.log.reset(50, ahead)
    state.zab.state.last_committed = ahead
    watched.turn(name)
    assert watched.broken() == [TOTAL_ORDER]
