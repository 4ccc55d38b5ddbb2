"""What a cluster is made of, and how mistakes in it are told."""

from __future__ import annotations

import pytest

from algorithms.raft.settings import RaftSettings
from nodes.faults import Constant, Exponential, Uniform
from playground.commands.amounts import read_latency
from playground.errors import BadInput
from playground.services import kind_of
from playground.spec import DEFAULT_SPEC, PresetSpec, Spec, build_world, read_spec, read_workload
from playground.tables import read_toml


def spec_of(text: str) -> Spec:
    return read_spec(read_toml(text, "test.toml"))


def test_an_empty_table_is_the_default_cluster() -> None:
    assert spec_of("") == DEFAULT_SPEC


def test_nodes_are_counted_or_named() -> None:
    assert spec_of("nodes = 3").nodes == ("n1", "n2", "n3")
    assert spec_of('nodes = ["a", "b"]').nodes == ("a", "b")


def test_settings_of_a_service_stand_in_its_table() -> None:
    spec = spec_of('[raft]\npre_vote = false\nheartbeat_interval = "20ms"\n[raft.client]\nsessions = false')
    assert spec.services[0].settings == RaftSettings(pre_vote=False, heartbeat_interval=20_000)
    assert spec.services[0].client.sessions is False


@pytest.mark.parametrize(
    ("text", "latency"),
    [
        ("2ms", Constant(2_000)),
        ("1ms..3ms", Uniform(1_000, 3_000)),
        ("exponential 5ms", Exponential(5_000)),
    ],
)
def test_latencies_are_written_as_in_the_command_language(text: str, latency: object) -> None:
    assert read_latency(text) == latency


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nodes = 0", 'line 1: "nodes" must be between 1 and 50, not 0'),
        ("nodez = 3", 'line 1: there is no setting "nodez"; did you mean "nodes"?'),
        ('nodes = ["a", "a"]', '"nodes" must be different names'),
        ('nodes = ["a"]\nclients = ["a"]', "line 2: a cannot be a node and a client"),
        ('services = ["raftt"]', 'there is no service of kind "raftt"; did you mean "raft"?'),
        ("[raft]\npre_vot = true", 'line 2: there is no setting "raft.pre_vot"; did you mean "pre_vote"?'),
        ('[raft]\nreads = "leese"', '"reads" cannot be "leese"; did you mean "lease"?'),
        ('[raft]\nelection_timeout_shortest = "400ms"', "the longest election timeout cannot be below the shortest"),
        ('[network]\nlatency = "soon"', '"soon" is no latency'),
        ("[preset.n1]\nterms = [0]", '"terms" must be a list of the terms of the log'),
        ("[preset.n9]\nterms = [1]", 'there is no setting "preset.n9"'),
    ],
)
def test_a_mistake_is_told_in_a_sentence_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        spec_of(text)
    assert sentence in str(caught.value)


def test_a_workload_without_operations_is_refused() -> None:
    table = read_toml("get = 0\nput = 0\ncas = 0\nappend = 0", "test.toml")
    with pytest.raises(BadInput, match="a share above 0"):
        read_workload(table)


def test_an_unknown_kind_of_service_is_told_with_the_nearest() -> None:
    with pytest.raises(BadInput, match='did you mean "raft"'):
        kind_of("Raft")


def test_a_preset_stands_on_the_disk_before_the_first_boot() -> None:
    world = build_world(Spec(presets=(PresetSpec("n2", 4, (1, 1, 4)),)), 1)
    view = world.view("n2", "raft")
    assert (view.current_term, view.last_index, view.last_term) == (4, 3, 4)  # type: ignore[union-attr]
