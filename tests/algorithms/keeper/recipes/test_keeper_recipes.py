"""The recipes, played by real clients on three real servers (ZooKeeper recipes and solutions)."""

from __future__ import annotations

from functools import partial

from algorithms.keeper.client.machine import KeeperClient
from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.commands import (
    Command,
    Create,
    Dequeue,
    Elect,
    Enqueue,
    EnterBarrier,
    GetChildren,
    Guarded,
    Join,
    Leave,
    LeaveBarrier,
    Lock,
    Look,
    Members,
    Resign,
    Unlock,
)
from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.view import KeeperClientView, KeeperView, RecipeView
from algorithms.machine import Failed, Ok, Outcome, Unknown
from nodes.faults import Cut, Kill, Pause, Restart, Resume
from nodes.world import World

SERVERS = ("n1", "n2", "n3")
SECOND = 1_000_000


class Party:
    """So many clients."""

    def __init__(
        self, clients: int = 3, seed: int = 1, settings: KeeperSettings | None = None, **client: object
    ) -> None:
        self.world = World(seed)
        self.clients = tuple(f"c{number}" for number in range(1, clients + 1))
        chosen = KeeperClientSettings(**client)  # type: ignore[arg-type]
        for name in SERVERS:
            machine = partial(KeeperMachine, name, SERVERS, settings or KeeperSettings())
            self.world.add_node(name, {"keeper": machine})
        for name in self.clients:
            self.world.add_node(name, {"keeper": partial(KeeperClient, name, SERVERS, chosen)})
        self.world.start()
        self.wait(SECOND)

    def wait(self, duration: int) -> None:
        self.world.run_until(self.world.now + duration)

    def begin(self, client: str, command: Command) -> int:
        return self.world.ask(client, "keeper", command)

    def ask(self, client: str, command: Command, within: int = 3 * SECOND) -> Outcome:
        request, end = self.begin(client, command), self.world.now + within
        while request not in self.world.outcomes and self.world.now < end:
            self.world.step()
        return self.outcome(request)

    def outcome(self, request: int) -> Outcome:
        found = self.world.outcomes[request]
        assert isinstance(found, Ok | Failed | Unknown)
        return found

    def ended(self, *requests: int) -> list[bool]:
        return [each in self.world.outcomes for each in requests]

    def view(self, client: str) -> KeeperClientView:
        found = self.world.view(client, "keeper")
        assert isinstance(found, KeeperClientView)
        return found

    def recipe(self, client: str) -> RecipeView:
        (found,) = self.view(client).recipes
        return found

    def waiting_at(self, server: str) -> int:
        """How many znodes lie under the lock /l."""
        view = self.world.view(server, "keeper")
        assert isinstance(view, KeeperView)
        return sum(each.path.startswith("/l/") for each in view.znodes)

    def token(self, client: str, command: Command) -> int:
        outcome = self.ask(client, command)
        assert isinstance(outcome, Ok), outcome
        assert isinstance(outcome.value, int)
        return outcome.value


# ---------------------------------------------------------------- locks


def test_whoever_has_the_lowest_number_holds_the_lock_and_tokens_rise() -> None:
    party = Party()
    first = party.token("c1", Lock("/locks/a"))
    second, third = party.begin("c2", Lock("/locks/a")), party.begin("c3", Lock("/locks/a"))
    party.wait(SECOND)
    assert party.ended(second, third) == [False, False]
    assert party.ask("c1", Unlock("/locks/a")) == Ok(None)
    party.wait(SECOND)
    held = next(each for each in (second, third) if each in party.world.outcomes)
    outcome = party.outcome(held)
    assert isinstance(outcome, Ok)
    assert isinstance(outcome.value, int)
    assert outcome.value > first
    assert party.ended(second, third).count(True) == 1


def test_each_waits_for_the_one_before_it_alone() -> None:
    party = Party()
    party.ask("c1", Lock("/l"))
    party.begin("c2", Lock("/l"))
    party.wait(100_000)
    party.begin("c3", Lock("/l"))
    party.wait(100_000)
    assert party.recipe("c2").waits_for == party.recipe("c1").znode
    assert party.recipe("c3").waits_for == party.recipe("c2").znode
    party.ask("c1", Unlock("/l"))
    party.wait(SECOND)
    assert [party.view(name).notifications for name in ("c2", "c3")] == [1, 0]


def test_a_herd_wakes_everybody() -> None:
    party = Party(5)
    party.ask("c1", Lock("/l", herd=True))
    for name in party.clients[1:]:
        party.begin(name, Lock("/l", herd=True))
    party.wait(SECOND)
    before = [party.view(name).notifications for name in party.clients[1:]]
    party.ask("c1", Unlock("/l"))
    party.wait(SECOND)
    after = [party.view(name).notifications for name in party.clients[1:]]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 1, 1]


def test_readers_share_and_a_writer_waits_for_all_of_them() -> None:
    party = Party()
    assert isinstance(party.ask("c1", Lock("/l", shared=True)), Ok)
    assert isinstance(party.ask("c2", Lock("/l", shared=True)), Ok)
    writer = party.begin("c3", Lock("/l"))
    party.wait(SECOND)
    party.ask("c2", Unlock("/l"))
    party.wait(SECOND)
    assert party.ended(writer) == [False]
    party.ask("c1", Unlock("/l"))
    party.wait(SECOND)
    assert party.ended(writer) == [True]


def test_a_lock_moves_on_when_its_holder_dies() -> None:
    party = Party()
    party.ask("c1", Lock("/l"))
    waiting = party.begin("c2", Lock("/l"))
    party.world.inject(Kill("c1"))
    party.wait(3 * SECOND)
    assert isinstance(party.outcome(waiting), Ok)


def test_who_has_waited_too_long_leaves_nothing_behind() -> None:
    party = Party(lock_wait=SECOND)
    party.ask("c1", Lock("/l"))
    waiting = party.begin("c2", Lock("/l"))
    party.wait(2 * SECOND)
    assert party.outcome(waiting) == Failed("OPERATIONTIMEOUT: no server could be reached in time")
    children = party.ask("c1", GetChildren("/l"))
    assert isinstance(children, Ok)
    assert str(children.value).count("lock-") == 1


def test_what_is_not_held_cannot_be_let_go() -> None:
    assert isinstance(Party().ask("c1", Unlock("/l")), Failed)


# ---------------------------------------------------------------- a lost reply (kazoo #732)


def lost_reply(guid: bool) -> tuple[Party, int, int]:
    """c1's server dies after it has created the znode and before it has said so; how many znodes, and c1's request."""
    party = Party(2)
    party.ask("c2", Create("/l"))
    request = party.begin("c1", Lock("/l", guid=guid))
    server = party.view("c1").server
    party.world.inject(Cut(server, "c1"))
    while not party.waiting_at(server):
        party.world.step()
    party.world.inject(Kill(server))
    party.wait(6 * SECOND)
    return party, request, party.waiting_at(next(name for name in SERVERS if name != server))


def test_with_a_name_of_its_own_a_client_finds_its_znode_again() -> None:
    party, request, count = lost_reply(guid=True)
    assert isinstance(party.outcome(request), Ok)
    assert count == 1


def test_without_one_it_leaves_an_orphan_and_waits_for_itself() -> None:
    party, request, count = lost_reply(guid=False)
    assert count == 2
    assert party.ended(request) == [False]


# ---------------------------------------------------------------- fencing


def late_holder(fencing: bool, checks: bool = False) -> tuple[Party, Outcome]:
    """c1 holds the lock and stands still until its session is over; c2 writes; c1 wakes and writes."""
    party = Party(3, settings=KeeperSettings(fencing=fencing), checks_before_guarded_write=checks)
    party.ask("c1", Lock("/l"))
    party.world.inject(Pause("c1"))
    assert isinstance(party.ask("c2", Lock("/l"), 5 * SECOND), Ok)
    assert isinstance(party.ask("c2", Guarded("/l", "file", "newer")), Ok)
    late = party.begin("c1", Guarded("/l", "file", "older"))
    party.world.inject(Resume("c1"))
    party.wait(SECOND)
    return party, party.outcome(late)


def test_a_resource_that_looks_at_tokens_rejects_a_late_holder() -> None:
    party, outcome = late_holder(fencing=True)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("fenced: file has seen the newer token")
    assert party.ask("c3", Look("file")) == Ok("newer")


def test_one_that_does_not_loses_the_newer_write() -> None:
    party, outcome = late_holder(fencing=False)
    assert isinstance(outcome, Ok)
    assert party.ask("c3", Look("file")) == Ok("older")


def test_who_does_not_hold_the_lock_does_not_write() -> None:
    party = Party()
    party.ask("c1", Lock("/l"))
    party.begin("c2", Lock("/l"))
    party.wait(SECOND)
    assert party.ask("c2", Guarded("/l", "file", "x")) == Failed("c2 does not hold /l")


# ---------------------------------------------------------------- the others


def test_one_leads_and_the_next_one_leads_after_it() -> None:
    party = Party()
    first = party.token("c1", Elect("/e"))
    second = party.begin("c2", Elect("/e"))
    party.wait(SECOND)
    assert party.recipe("c1").state == "leading"
    assert party.ended(second) == [False]
    party.ask("c1", Resign("/e"))
    party.wait(SECOND)
    outcome = party.outcome(second)
    assert isinstance(outcome, Ok)
    assert isinstance(outcome.value, int)
    assert outcome.value > first


def test_nobody_is_through_the_barrier_before_the_last_one_is_there() -> None:
    party = Party()
    entering = [party.begin(name, EnterBarrier("/b", 3)) for name in ("c1", "c2")]
    party.wait(SECOND)
    assert party.ended(*entering) == [False, False]
    assert party.ask("c3", EnterBarrier("/b", 3)) == Ok(None)
    party.wait(SECOND)
    assert party.ended(*entering) == [True, True]
    leaving = [party.begin(name, LeaveBarrier("/b")) for name in ("c1", "c2")]
    party.wait(SECOND)
    assert party.ended(*leaving) == [False, False]
    party.begin("c3", LeaveBarrier("/b"))
    party.wait(SECOND)
    assert party.ended(*leaving) == [True, True]


def test_items_leave_a_queue_in_the_order_in_which_they_came() -> None:
    party = Party()
    for item in ("a", "b", "c"):
        party.ask("c1", Enqueue("/q", item))
    assert [party.ask("c2", Dequeue("/q")) for _ in range(3)] == [Ok("a"), Ok("b"), Ok("c")]


def test_two_that_take_at_once_take_different_items() -> None:
    party = Party()
    waiting = [party.begin(name, Dequeue("/q")) for name in ("c2", "c3")]
    party.wait(SECOND)
    party.ask("c1", Enqueue("/q", "a"))
    party.ask("c1", Enqueue("/q", "b"))
    party.wait(SECOND)
    assert sorted(str(party.outcome(each)) for each in waiting) == [str(Ok("a")), str(Ok("b"))]


def test_a_member_is_one_as_long_as_its_session_lives() -> None:
    party = Party()
    party.ask("c1", Join("/g"))
    party.ask("c2", Join("/g"))
    assert party.ask("c3", Members("/g")) == Ok("c1 c2")
    party.ask("c1", Leave("/g"))
    party.world.inject(Kill("c2"))
    party.wait(3 * SECOND)
    assert party.ask("c3", Members("/g")) == Ok("")


def test_a_recipe_survives_a_server_and_not_the_session() -> None:
    party = Party()
    party.ask("c1", Lock("/l"))
    server = party.view("c1").server
    party.world.inject(Kill(server))
    party.wait(SECOND)
    assert party.recipe("c1").state == "held"
    party.world.inject(Restart(server))
    party.world.inject(Pause("c1"))
    party.wait(4 * SECOND)
    party.world.inject(Resume("c1"))
    party.wait(SECOND)
    assert party.view("c1").recipes == ()
