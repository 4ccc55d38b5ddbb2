"""Which keepers, clients and workloads there can be, and what clients do of their own accord."""

from __future__ import annotations

import pytest

from algorithms.keeper import commands
from algorithms.keeper.commands import Mode
from playground.errors import BadInput
from playground.kinds.keeper_workload import KeeperOperations
from playground.scenario import read_scenario
from playground.spec import Spec
from playground.workload import WorkloadSpec

HEAD = 'title = "a"\nstory = "b"\nsteps = "wait 1ms"\n[cluster]\nservices = ["keeper"]\n'


def spec(text: str) -> Spec:
    return read_scenario(HEAD + text, "s", "s.toml").spec


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[cluster.keeper]\nobservers = ["n9"]', '"observers" names "n9", which is no node'),
        ('[cluster.keeper]\nobservers = ["n1", "n2", "n3", "n4", "n5"]', "somebody must vote"),
        ('[cluster.keeper]\nobservers = ["n1", "n1"]', "an observer is named twice"),
        ('[cluster.keeper]\nmin_session_timeout = "9s"', "the shortest session timeout is longer than the longest"),
        ('[cluster.keeper]\nnotification_timeout_shortest = "9s"', "the shortest timeout is longer than the longest"),
        ("[cluster.keeper]\nsnap_count = 0", "snap_count"),
        ("[cluster.keeper]\nsnapcount = 5", 'did you mean "snap_count"'),
        ('[cluster.keeper.client]\nserver = "c1"', '"server" names "c1", which is no node'),
        ('[cluster.keeper.client]\nresource_node = "x"', '"resource_node" names "x", which is no node'),
        ('[cluster.keeper.client]\nbackoff_shortest = "9s"', "the shortest backoff is longer than the longest"),
        ("[workload]\nput = 1", 'a keeper knows no "put"'),
        ("[workload]\nget = 0\ncreate = 0\nset = 0\ndelete = 0\nchildren = 0", "a workload needs one of create, set"),
        ("[workload]\nephemeral = 101", "ephemeral is a share of 100, not 101"),
        ('[workload]\nlockers = ["c9"]', "c9"),
        ("[cluster.preset.n1]\nterms = [1]\n", "a preset is a Raft log"),
        ('[chaos]\nonly = ["transfer"]', "transfer"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        spec(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_clients_may_be_more_than_nodes() -> None:
    assert len(spec("clients = 51").clients) == 51
    with pytest.raises(BadInput, match='"clients" must be between 1 and 100, not 101'):
        spec("clients = 101")


# ---------------------------------------------------------------- the workload


def test_of_a_hundred_creations_so_many_are_ephemeral() -> None:
    operations = KeeperOperations(WorkloadSpec(ephemeral=30))
    made = [operations.operation("create", "k1", str(number)) for number in range(100)]
    assert sum(isinstance(each, commands.Create) and each.mode is Mode.EPHEMERAL for each in made) == 30


def test_of_a_hundred_reads_so_many_watch() -> None:
    operations = KeeperOperations(WorkloadSpec(watched=25))
    made = [operations.operation(f, "k1", "") for f in ("get", "exists", "children", "get") for _ in range(25)]
    assert sum(bool(getattr(each, "watch", False)) for each in made) == 25


def test_every_fourth_write_expects_a_version() -> None:
    operations = KeeperOperations(WorkloadSpec())
    made = [operations.operation("set", "k1", str(number)) for number in range(12)]
    versions = [each.version for each in made if isinstance(each, commands.SetData)]
    assert versions == [-1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 0]


def test_a_lock_is_taken_written_under_and_let_go() -> None:
    operations = KeeperOperations(WorkloadSpec())
    made = [operations.operation("lock", "k1", value) for value in "abcd"]
    assert [type(each) for each in made] == [commands.Lock, commands.Guarded, commands.Unlock, commands.Lock]


def test_who_takes_locks_does_nothing_else_and_one_thing_behind_the_other() -> None:
    work = WorkloadSpec(create=3, set=2, rate=50, concurrency=4, lockers=("c2",))
    assert work.of("c1") is work
    mine = work.of("c2")
    assert (mine.kind, mine.concurrency, mine.lock, mine.create, mine.set, mine.get) == ("closed", 1, 1, 0, 0, 0)
