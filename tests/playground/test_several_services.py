"""Several services in one cluster: read from a file, worked by clients, run and judged together."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import msgspec
import pytest

from algorithms.kv import Get, Put
from algorithms.machine import Effect, Event, Ok, Send
from algorithms.raft.settings import RaftSettings
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.commands import Found
from algorithms.ring.machine import RingMachine
from algorithms.ring.messages import Ack
from algorithms.ring.settings import RingSettings
from playground.checks.ring import NAMES
from playground.cluster import open_cluster
from playground.cluster import run as run_cluster
from playground.commands import parse_condition
from playground.digest import Digest
from playground.errors import BadInput
from playground.history_lines import write_histories
from playground.kinds.ring import RingKind
from playground.predicates import evaluate
from playground.run import Run, as_json, check_names, run
from playground.scenario import Scenario, read_scenario
from playground.services import KINDS, kind_of
from playground.session import Session, load, replay, save
from playground.spec import DEFAULT_SPEC, ServiceSpec, Spec
from playground.workload import WorkloadSpec

SECOND = 1_000_000
BOTH = '[cluster]\nservices = ["raft", "ring"]\nclients = 2'
WORK = '[workload]\nrate = 20\nuntil = "3s"\n[workload.ring]\nrate = 30\nkeys = 9\nuntil = "3s"\n'


def scenario(cluster: str = "", rest: str = "", steps: str = "wait 1s") -> Scenario:
    return read_scenario(f'title = "T"\nsteps = """\n{steps}\n"""\n{cluster}\n{rest}', "t", "t.toml")


def told(cluster: str = "", rest: str = "") -> str:
    with pytest.raises(BadInput) as caught:
        scenario(cluster, rest)
    return str(caught.value)


# ---------------------------------------------------------------- what a file says


def test_every_kind_is_found_by_its_name() -> None:
    assert {name: type(kind_of(name)).__name__ for name in KINDS} == KINDS
    assert list(KINDS) == ["raft", "ring", "broker", "paxos", "synod", "keeper"]
    assert kind_of("ring") is kind_of("ring")


def test_services_stand_side_by_side_with_their_settings() -> None:
    spec = scenario(
        BOTH,
        "[cluster.raft]\npre_vote = false\n[cluster.ring]\nn = 2\nr = 1\n[cluster.ring.client]\nchunks_at_once = 2",
    ).spec
    raft, ring = spec.services
    assert raft == ServiceSpec("raft", "raft", RaftSettings(pre_vote=False))
    assert ring == ServiceSpec("ring", "ring", RingSettings(n=2, r=1), RingClientSettings(chunks_at_once=2))


def test_a_cluster_that_does_not_say_is_raft_alone() -> None:
    assert scenario().spec == DEFAULT_SPEC


def test_a_service_may_have_a_name_of_its_own() -> None:
    spec = scenario('[cluster]\nservices = ["store"]\n[cluster.store]\nkind = "ring"\nvirtual_nodes = 8').spec
    assert (spec.services[0].name, spec.services[0].kind) == ("store", "ring")
    session = Session(spec, 1)
    assert session.do("put x 1").text == "store: put x 1 on c1"


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("[cluster.ring]\nn = 7", "line 9: n = 7 replicas cannot be on 5 nodes; n is 5 at most"),
        ("[cluster.ring]\nr = 4", "line 9: r = 4 of n = 3 replicas cannot answer a read; r is 3 at most"),
        ("[cluster.ring]\nw = 4", "line 9: w = 4 of n = 3 replicas cannot have written; w is 3 at most"),
        ("[cluster.ring]\nn = 1", "line 9: r = 2 of n = 1 replicas cannot answer a read"),
        ("[cluster.ring]\nn = 0", 'line 9: "n" must be at least 1, not 0'),
        ("[cluster.ring]\nw = 0", 'line 9: "w" must be at least 1, not 0'),
        ('[cluster.ring]\nhash = "md6"', 'line 9: there is no hash "md6"'),
        ('[cluster.ring]\nzones = ["n9=a"]', 'line 9: "n9=a": there is no node "n9"; did you mean "n5"?'),
        ('[cluster.ring]\nzones = ["n1"]', 'line 9: "n1" is no zone; write it like "n1=east"'),
        ('[cluster.ring]\nzones = ["n1=a", "n1=b"]', "line 9: n1 is in two zones; a node lies in one"),
        ('[cluster.ring]\nconflicts = "lww"', 'line 9: "conflicts" cannot be "lww"'),
        ("[cluster.ring]\nvirtual_node = 3", 'did you mean "virtual_nodes"?'),
        ('[cluster.ring.client]\ncoordinator = "n9"', 'line 9: "coordinator": there is no node "n9"'),
        ("[workload]\nrate = 1\n[workload.raft]\nrate = 2", "line 10: raft has two workloads"),
        ("[workload.rong]\nrate = 1", 'line 8: there is no service "rong"; did you mean "ring"?'),
        ('[workload]\nservice = "rong"', 'line 9: "service" cannot be "rong"; did you mean "ring"?'),
        ("[workload.ring]\ncas = 1", 'line 9: a ring knows no cas: its mix is made of "get", "put" and "delete"'),
        ("[workload.ring]\nappend = 1", "line 9: a ring knows no append"),
        ("[workload.ring]\nw = 9", "line 9: w = 9 of n = 3 replicas cannot have written; w is 3 at most"),
        ("[workload.ring]\nn = 6", "line 9: n = 6 replicas cannot be on 5 nodes"),
        ("[workload.ring]\nget = 0\nput = 0\ndelete = 0", "a workload needs one of get, put and delete"),
        ("[workload]\ndelete = 1", 'line 9: a Raft workload has no "delete"; that is for another system'),
        ("[workload]\nr = 1", 'line 9: a Raft workload has no "r"; that is for another system'),
    ],
)
def test_a_mistake_about_a_ring_is_told_with_its_place(rest: str, sentence: str) -> None:
    assert sentence in told(BOTH, rest)


@pytest.mark.parametrize(
    ("cluster", "sentence"),
    [
        ('[cluster]\nservices = ["raft", "raft"]', '"services" must be one or more different names'),
        ("[cluster]\nservices = []", '"services" must be one or more different names'),
        ('[cluster]\nservices = ["disk"]', 'a service cannot be called "disk": [cluster.disk] means something else'),
        ('[cluster]\nservices = ["rong"]', 'line 6: there is no service of kind "rong"; did you mean "ring"?'),
        ('[cluster]\nservices = ["s"]\n[cluster.s]\nkind = "rong"', "line 8: there is no service of kind"),
        ('[cluster]\nservices = ["ring"]\nnodes = 2', "line 7: n = 3 replicas cannot be on 2 nodes; n is 2 at most"),
        ('[cluster]\nservices = ["ring"]\n[cluster.preset.n1]\nterms = [1]', "line 7: a preset is a log with terms"),
    ],
)
def test_a_mistake_about_services_is_told_with_its_place(cluster: str, sentence: str) -> None:
    assert sentence in told(cluster)


# ---------------------------------------------------------------- what clients do


def test_each_service_may_have_a_workload() -> None:
    spec = scenario(BOTH, WORK).spec
    assert spec.workload == WorkloadSpec(rate=20, until=3 * SECOND)
    usual = RingKind.usual_workload
    assert spec.workloads == (msgspec.structs.replace(usual, service="ring", rate=30, keys=9, until=3 * SECOND),)
    assert (spec.work("raft"), spec.work("ring")) == (spec.workload, spec.workloads[0])


def test_a_workload_may_be_for_the_second_service_alone() -> None:
    spec = scenario(BOTH, "[workload.ring]\nrate = 3").spec
    assert (spec.workload, spec.work("ring").rate) == (None, 3)  # type: ignore[union-attr]
    assert scenario(BOTH, '[workload]\nservice = "ring"\nrate = 3').spec == spec
    assert spec.work("raft") is None


def test_the_ring_does_not_disturb_what_raft_clients_draw() -> None:
    """Each service has dice of its own."""
    works = {"[cluster]\nclients = 2": WORK.split("[workload.ring]")[0], BOTH: WORK}
    alone, beside = (Run(scenario(cluster, work)) for cluster, work in works.items())
    for running in (alone, beside):
        running.session.run_until(SECOND // 2)
    drawn = [
        [each for each in running.histories["raft"] if str(each.process)[:2] == "c1"] for running in (alone, beside)
    ]
    one, other = ([(each.f, each.key, each.argument) for each in found[:5]] for found in drawn)
    assert one == other


# ---------------------------------------------------------------- a run


def test_a_run_judges_all_services() -> None:
    result = run(scenario(BOTH, WORK))
    assert result.verdict == "pass", [check for check in result.checks if check.verdict != "pass"]
    names = tuple(check.name for check in result.checks)
    assert names == check_names(scenario(BOTH).spec)
    assert names[-len(NAMES) - 2 :] == (*NAMES, "liveness", "steps")
    (liveness,) = [check.detail for check in result.checks if check.name == "liveness"]
    assert liveness.startswith("raft: a fresh write was on every server ")
    assert "; ring: a fresh write could be read, and all replicas were equal and nothing moved " in liveness


def test_a_check_that_two_services_share_begins_with_its_service() -> None:
    two = '[cluster]\nservices = ["raft", "other"]\n[cluster.other]\nkind = "raft"'
    names = check_names(scenario(two).spec)
    assert names[0] == "raft:election-safety"
    assert "other:election-safety" in names
    assert names.count("liveness") == 1
    assert run(scenario(two)).verdict == "pass"


class Slow(RingMachine):
    """Never compares replicas, and keeps every node suspected."""

    def handle(self, event: Event, now: int) -> list[Effect]:
        return [
            each
            for each in super().handle(event, now)
            if not (isinstance(each, Send) and isinstance(each.message, Ack))
        ]


def test_a_ring_that_never_becomes_calm_fails_with_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.kinds.ring.RingMachine", Slow)
    result = run(scenario('[cluster]\nservices = ["ring"]', steps="wait 4s"))
    (liveness,) = [check for check in result.checks if check.name == "liveness"]
    assert liveness.verdict == "fail"
    assert liveness.detail.startswith("5s after everything healed ")


def test_the_same_seed_gives_the_same_result() -> None:
    assert run(scenario(BOTH, WORK), 4) == run(scenario(BOTH, WORK), 4)


def test_a_recording_of_both_replays_to_its_digest() -> None:
    running, digest = Run(scenario(BOTH, WORK, "add node n6\nwait 1s\nremove node n1\nkill n2")), Digest()
    for _ in running.go_on():
        pass
    recording = load(save(running.recording), "run.json")
    assert recording == running.recording
    replay(recording, observers=(digest.observe,))
    assert digest.hexdigest() == running.result().digest


def test_numbers_of_single_services_stand_behind_all_else() -> None:
    report = json.loads(as_json(run(scenario(BOTH, WORK)), 1.0))
    assert list(report)[-1] == "services"
    ring = report["services"]["ring"]
    assert (ring["epoch"], ring["members"], [each["node"] for each in ring["nodes"]]) == (
        1,
        5,
        list(DEFAULT_SPEC.nodes),
    )
    assert "type" not in ring
    assert list(json.loads(as_json(run(scenario()), 1.0)))[-1] == "stats"


def test_each_line_of_a_history_names_its_service_where_there_are_several() -> None:
    running = Run(scenario(BOTH, WORK))
    running.session.run_until(2 * SECOND)
    lines = [json.loads(line) for line in write_histories(running.histories)]
    assert {line["service"] for line in lines} == {"raft", "ring"}
    found = [
        line["value"] for line in lines if line["service"] == "ring" and (line["f"], line["type"]) == ("get", "ok")
    ]
    assert found
    assert all(isinstance(value, list) for value in found)
    alone = write_histories({"raft": running.histories["raft"]})
    assert all("service" not in json.loads(line) for line in alone)


def test_a_ring_alone_has_no_leaders_in_its_report() -> None:
    result = run(scenario('[cluster]\nservices = ["ring"]', '[workload]\nrate = 5\nuntil = "2s"'))
    assert result.leaders == ()
    assert [section.service for section in result.sections] == ["ring"]


def test_a_spec_of_nothing_but_rings_can_be_written_down() -> None:
    spec = Spec(services=(ServiceSpec("ring", "ring", RingSettings(), RingClientSettings()),))
    assert msgspec.json.decode(msgspec.json.encode(spec), type=Spec) == spec


SCRIPT = """
from playground.run import run
from playground.scenario import read_scenario
import sys
print(run(read_scenario(sys.argv[1], "t", "t.toml")).digest)
"""


def test_no_hash_seed_changes_the_history_of_a_ring() -> None:
    text = f'title = "T"\nsteps = "add node n6 then remove node n1 after 500ms then kill n2 after 1s"\n{BOTH}\n{WORK}'
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, text],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(digests) == 1


def test_a_ring_in_a_test_of_ones_own() -> None:
    spec = Spec(services=(ServiceSpec("ring", "ring", RingSettings(), RingClientSettings()),))

    async def story() -> None:
        async with open_cluster(spec, seed=7) as cluster:
            assert await cluster.call("ring", Put("x", 1), w=3) == Ok(None)
            assert await cluster.call("ring", Get("x"), r=1) == Found((1,))
            assert await cluster.do("add node n6") == Ok(None)
            assert cluster.leader("ring") is None
            await cluster.sleep(2.0)
            assert evaluate(parse_condition("member(n6) and answer() == done"), cluster.session)

    run_cluster(story)
