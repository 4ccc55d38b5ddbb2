"""Recording what clients did, and histories as JSON lines."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms import kv
from algorithms.machine import Answer, Asked, Effect, Event, Failed, Invoke, Note, Ok, TimerFired, Unknown
from algorithms.replicated.messages import TransferLeadership
from nodes.faults import Kill
from nodes.observation import Booted, Crashed, Injected, Observation, Turn
from playground.checks.model import MODELS
from playground.errors import BadInput
from playground.history import Compound, HistoryRecorder, Operation
from playground.history_lines import read_lines, write_lines

PUT, GET, CAS = kv.Put("x", 1), kv.Get("x"), kv.CompareAndSet("x", 1, 2)


def turn(at: int, *effects: Effect, event: Event | None = None, node: str = "c1", service: str = "raft") -> Turn:
    return Turn(at, node, service, event or TimerFired("next"), effects)


def recorded(*observations: Observation) -> tuple[Operation, ...]:
    recorder = HistoryRecorder("raft", ["c1", "c2"])
    for observation in observations:
        recorder.observe(observation)
    return recorder.operations


def read(text: str, model: str = "kv") -> list[Operation]:
    return read_lines(io.BytesIO(text.encode()), "h.jsonl", MODELS[model])


# ---------------------------------------------------------------- the recorder


def test_an_operation_of_a_workload_reaches_from_its_invocation_to_its_answer() -> None:
    history = recorded(turn(10, Note("begins"), Invoke(1, GET)), turn(30, Answer(1, Ok(7))))
    assert history == (Operation("c1/0", "get", "x", None, "ok", 7, 1, 2, 10, 30),)


def test_a_request_from_outside_begins_with_its_event() -> None:
    history = recorded(turn(10, event=Asked(4, PUT)), turn(30, Answer(4, Ok(None))))
    assert history == (Operation("c1/0", "put", "x", 1, "ok", None, 1, 2, 10, 30),)


def test_operations_of_one_client_that_overlap_are_different_processes() -> None:
    history = recorded(
        turn(1, Invoke(1, PUT), Invoke(2, GET)),
        turn(2, Answer(1, Ok())),
        turn(3, Invoke(3, PUT)),
        turn(4, Answer(2, Ok(1))),
    )
    assert [(each.process, each.began, each.ended) for each in history] == [
        ("c1/0", 1, 5 - 2),
        ("c1/1", 2, 5),
        ("c1/0", 4, None),
    ]


@pytest.mark.parametrize(
    ("command", "result", "outcome"),
    [
        (PUT, Failed("no leader"), "fail"),
        (PUT, Unknown("no answer in time"), "info"),
        (CAS, Ok(True), "ok"),
        (CAS, Ok(False), "refused"),
    ],
)
def test_every_way_in_which_a_request_ends_has_its_outcome(command: kv.Command, result: Ok, outcome: str) -> None:
    assert [each.outcome for each in recorded(turn(1, Invoke(1, command)), turn(2, Answer(1, result)))] == [outcome]


@pytest.mark.parametrize("end", [Injected(5, Kill("c1")), Crashed(5, "c1", "its disk failed"), Booted(5, "c1", 2)])
def test_a_client_that_goes_down_leaves_its_operations_unknown(end: Observation) -> None:
    history = recorded(turn(1, Invoke(1, PUT)), end, turn(9, Invoke(1, GET)), turn(10, Answer(1, Ok(1))))
    assert [(each.f, each.outcome, each.ended) for each in history] == [("put", "info", None), ("get", "ok", 3)]


def test_only_the_commands_of_the_store_count_and_only_those_of_clients_of_the_service() -> None:
    change = Asked(1, TransferLeadership(1, "n2"))
    others = (
        turn(1, event=change),
        turn(2, Answer(1, Ok())),
        turn(3, Invoke(1, PUT), node="n1"),
        turn(4, Invoke(1, PUT), service="paxos"),
        Injected(5, Kill("n1")),
    )
    assert recorded(*others) == ()


# ---------------------------------------------------------------- lines

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.just(Compound('[1,{"a":null}]')),
)


@st.composite
def operations(draw: st.DrawFn) -> list[Operation]:
    made, position = [], 0
    for process in range(draw(st.integers(0, 5))):
        f = draw(st.sampled_from(["get", "put", "cas", "append"]))
        outcome = draw(st.sampled_from(["ok", "fail", "info"] + (["refused"] if f == "cas" else [])))
        argument = {"get": st.none(), "put": VALUES, "cas": st.tuples(VALUES, VALUES), "append": st.text(max_size=3)}[f]
        result = draw(VALUES) if f == "get" and outcome == "ok" else None
        began, ended, position = position + 1, position + 2, position + 2
        at, until = draw(st.sampled_from([(None, None), (5, 9)]))
        made.append(Operation(process, f, "x", draw(argument), outcome, result, began, ended, at, until))
    return made


@given(operations())
def test_what_is_written_is_read_again(history: list[Operation]) -> None:
    text = "\n".join(write_lines(history))
    assert read(text) == history


def test_an_operation_without_a_completion_is_unknown() -> None:
    assert [each.outcome for each in read('{"process":1,"type":"invoke","f":"put","key":"x","value":1}')] == ["info"]


def test_a_process_may_go_on_after_an_unknown_operation() -> None:
    call = '{"process":1,"type":"%s","f":"put","key":"x","value":1,"time":5}\n'
    history = read(call % "invoke" + call % "info" + "\n" + call % "invoke" + call % "ok")
    assert [(each.outcome, each.began, each.ended) for each in history] == [("info", 1, 2), ("ok", 4, 5)]


def test_one_and_one_point_nothing_are_the_same_inside_of_arrays_too() -> None:
    line = '{"process":1,"type":"invoke","f":"put","key":"x","value":%s}'
    assert read(line % '[1.0,{"b":true,"a":2}]')[0].argument == read(line % '[1,{"a":2.0,"b":true}]')[0].argument


GOOD = '{"process":1,"type":"invoke","f":"put","key":"x","value":1}\n'

BAD = [
    ("{", "line 2: this is not JSON"),
    ("[1]", "line 2: this is no JSON object like"),
    ('{"process":2,"type":"invok","f":"put","key":"x","value":1}', '"type" is "invok".*did you mean "invoke"'),
    ('{"process":2,"type":"invoke","f":"puts","key":"x","value":1}', '"f" is "puts".*did you mean "put"'),
    ('{"proces":2,"type":"invoke","f":"put","key":"x","value":1}', '"process" is missing; this line has "proces"'),
    (
        '{"process":true,"type":"invoke","f":"put","key":"x","value":1}',
        '"process" must be a number or a string, not true',
    ),
    ('{"process":2,"type":"invoke","f":"put","key":null,"value":1}', '"key" must be a string or a number, not null'),
    ('{"process":2,"type":"invoke","f":"put","key":"x"}', 'an invocation of put needs a "value"'),
    ('{"process":2,"type":"invoke","f":"cas","key":"x","value":1}', r'a cas needs "value": \[old, new\], not 1'),
    ('{"process":2,"type":"invoke","f":"append","key":"x","value":1}', 'an append needs a string as "value", not 1'),
    ('{"process":1,"type":"invoke","f":"get","key":"x"}', "process 1 invokes get while its put of line 1 is open"),
    ('{"process":2,"type":"ok","f":"put","key":"x","value":1}', "process 2 ends a put .ok. and has none open"),
    ('{"process":1,"type":"ok","f":"get","key":"x","value":1}', 'ends get of "x", but began put of "x" in line 1'),
    ('{"process":1,"type":"ok","f":"put","key":"y","value":1}', 'ends put of "y", but began put of "x" in line 1'),
    ('{"process":2,"type":"invoke","f":"put","key":"x","value":1,"time":"now"}', '"time" must be a number of nanosec'),
    ("[" * 100_000, "line 2: this is not JSON"),
    ('{"process":2,"type":"invoke","f":"put","key":"x","value":NaN}', "line 2: this is not JSON"),
]


@pytest.mark.parametrize(("line", "complaint"), BAD, ids=[complaint[:40] for _, complaint in BAD])
def test_a_bad_line_is_named_with_what_is_wrong(line: str, complaint: str) -> None:
    with pytest.raises(BadInput, match=r"^h\.jsonl, line 2: .*\.$") as told:
        read(GOOD + line)
    assert told.match(complaint)


def test_an_operation_outside_of_the_model_is_bad_input() -> None:
    with pytest.raises(BadInput, match='"f" is "cas", and this model knows get or put'):
        read('{"process":1,"type":"invoke","f":"cas","key":"x","value":[1,2]}', "register")


def test_a_get_that_is_ok_must_say_what_it_read() -> None:
    call = '{"process":1,"type":"invoke","f":"get","key":"x"}\n'
    with pytest.raises(BadInput, match='line 2: an ok of a get needs the "value"'):
        read(call + call.replace("invoke", "ok"))


def test_bytes_that_are_no_text_are_bad_input() -> None:
    with pytest.raises(BadInput, match="line 1: this is not JSON"):
        read_lines(io.BytesIO(b'{"process":"\xff"}'), "h.jsonl", MODELS["kv"])
