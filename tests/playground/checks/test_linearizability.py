"""The checker against the definition, tried out in full on small histories."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from playground.checks.linearizability import judge, known_operations
from playground.checks.model import DEAD, Needs, State
from playground.checks.search import Search, never
from playground.checks.steps import Problem, Step
from playground.errors import BadInput
from playground.history import Operation, Value

# ---------------------------------------------------------------- the definition, by brute force


def outcome_in(operation: Operation, state: Value) -> tuple[bool, Value]:
    """Whether the operation can have its outcome in `state`, and the state behind it."""
    match operation.f:
        case "get":
            return operation.outcome == "info" or same(operation.result, state), state
        case "put":
            return True, operation.argument
        case "append":
            return True, ("" if state is None else str(state)) + operation.argument
        case _ if operation.outcome == "refused":
            return not same(operation.argument[0], state), state
        case _:
            return same(operation.argument[0], state), operation.argument[1]


def same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def explained(operations: list[Operation], state: Value = None) -> bool:
    """Whether some order explains the operations of one key, each order tried."""
    left = [each for each in operations if each.outcome != "fail"]
    if all(each.outcome == "info" for each in left):
        return True
    for each in left:
        if any(other.outcome != "info" and other.ended < each.began for other in left):
            continue
        possible, behind = outcome_in(each, state)
        if possible and explained([other for other in left if other is not each], behind):
            return True
    return False


def every_key_is_explained(operations: list[Operation]) -> bool:
    keys = sorted({each.key for each in operations})
    return all(explained([each for each in operations if each.key == key]) for key in keys)


# ---------------------------------------------------------------- small histories of every kind

NUMBERS = st.sampled_from([None, 0, 1, 2])
TEXTS = st.sampled_from([None, "", "a", "b", "ab", "ba", "aa"])
LETTERS = st.sampled_from(["a", "b", ""])


@st.composite
def histories(draw: st.DrawFn, fs: tuple[str, ...], values: st.SearchStrategy[Value], most: int = 7) -> list[Operation]:
    """Operations with random overlaps, outcomes and results; most are not linearizable, many are nearly so."""
    count = draw(st.integers(1, most))
    order = draw(st.permutations([place for place in range(count) for _ in range(2)]))
    places: dict[int, list[int]] = {}
    for position, place in enumerate(order, 1):
        places.setdefault(place, []).append(position)
    operations = []
    for process, (began, ended) in places.items():
        f = draw(st.sampled_from(fs))
        outcomes = {"cas": ["ok", "ok", "refused", "fail", "info"]}.get(f, ["ok", "ok", "ok", "info", "info", "fail"])
        outcome = draw(st.sampled_from(outcomes))
        argument = {
            "get": st.none(),
            "put": values,
            "cas": st.tuples(values, values),
            "append": LETTERS,
        }[f]
        result = draw(values) if f == "get" and outcome == "ok" else None
        end = None if outcome == "info" else ended
        operations.append(Operation(process, f, "x", draw(argument), outcome, result, began, end))
    return sorted(operations, key=lambda each: each.began)


REGISTERS = histories(("get", "get", "put"), NUMBERS)
SWAPS = histories(("get", "put", "cas", "cas"), NUMBERS)
APPENDS = histories(("get", "get", "append"), TEXTS)
EVERYTHING = histories(("get", "put", "cas", "append"), TEXTS)


def put(value: Value, began: int, ended: int | None, outcome: str = "ok", f: str = "put") -> Operation:
    return Operation(began, f, "x", value, outcome, None, began, ended if outcome != "info" else None)


def cas(old: Value, new: Value, began: int, ended: int | None, outcome: str = "ok") -> Operation:
    return Operation(began, "cas", "x", (old, new), outcome, None, began, ended if outcome != "info" else None)


def get(value: Value, began: int, ended: int) -> Operation:
    return Operation(began, "get", "x", None, "ok", value, began, ended)


@settings(max_examples=600, deadline=None)
@given(st.one_of(REGISTERS, SWAPS, APPENDS, EVERYTHING))
def test_the_verdict_is_that_of_trying_every_order(operations: list[Operation]) -> None:
    assert judge(operations).linearizable == explained(operations)


@settings(max_examples=150, deadline=None)
@given(st.one_of(REGISTERS, SWAPS, APPENDS, EVERYTHING), st.one_of(SWAPS, APPENDS))
def test_each_key_is_judged_for_itself(one: list[Operation], other: list[Operation]) -> None:
    behind = 2 * len(one)
    moved = [
        msgspec.structs.replace(
            each, key="y", began=each.began + behind, ended=each.ended + behind if each.ended else None
        )
        for each in other
    ]
    assert judge(one + moved).linearizable == (explained(one) and explained(other))


@settings(max_examples=300, deadline=None)
@given(st.one_of(REGISTERS, SWAPS, APPENDS, EVERYTHING))
def test_a_witness_proves_that_the_whole_history_is_illegal(operations: list[Operation]) -> None:
    witness = judge(operations).witness
    if witness is None:
        return
    assert not explained(list(witness.operations))
    assert witness.minimal
    shorter = [cut(each, witness.ends - 1) for each in operations if each.began < witness.ends]
    assert explained(shorter), "the prefix before the witness's end is legal"


def cut(operation: Operation, position: int) -> Operation:
    if operation.ended is None or operation.ended <= position or operation.outcome == "fail":
        return operation
    if operation.outcome == "refused":
        return msgspec.structs.replace(operation, outcome="fail")
    return msgspec.structs.replace(operation, outcome="info", ended=None)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["get put", "get put cas", "get append", "get put cas append"]))
def test_what_really_happened_is_linearizable(simulate, seed: int, fs: str) -> None:
    for values in (3, None):
        history = simulate(seed, 150, keys=2, concurrency=6, fs=fs, unknown=0.1, values=values)
        assert judge(history).linearizable is True


# ---------------------------------------------------------------- the tale of each rule


def test_a_read_of_an_overwritten_value_is_stale() -> None:
    history = [put(1, 1, 2), put(2, 3, 4), get(1, 5, 6)]
    judgement = judge(history)
    assert judgement.linearizable is False
    assert judgement.witness is not None
    assert judgement.witness.operations == tuple(history)
    assert judgement.witness.possible == ("2",)


def test_reads_during_a_write_may_see_either_value_but_not_go_back() -> None:
    write = put(1, 1, 10)
    assert judge([write, get(None, 2, 3), get(1, 4, 5)]).linearizable is True
    assert judge([write, get(1, 2, 3), get(None, 4, 5)]).linearizable is False


def test_an_unknown_write_may_take_effect_long_after_it_was_given_up() -> None:
    late = put(7, 1, None, "info")
    assert judge([late, put(1, 2, 3), get(1, 4, 5), get(7, 6, 7), get(7, 8, 9)]).linearizable is True
    assert judge([late, put(1, 2, 3), get(7, 4, 5), get(1, 6, 7)]).linearizable is False


def test_an_unknown_write_takes_effect_only_once() -> None:
    late = put(7, 1, None, "info")
    history = [late, get(7, 2, 3), put(1, 4, 5), get(7, 6, 7)]
    assert judge(history).linearizable is False


def test_a_failed_write_is_never_seen() -> None:
    assert judge([put(7, 1, 2, "fail"), get(7, 3, 4)]).linearizable is False


def test_two_compare_and_sets_cannot_both_find_the_same_value() -> None:
    witness = judge([put(0, 1, 2), get(0, 3, 4), cas(0, 1, 5, 8), cas(0, 1, 6, 7), get(1, 9, 10)]).witness
    assert witness is not None
    assert [each.f for each in witness.operations] == ["put", "cas", "cas"]


def test_a_refused_compare_and_set_must_have_found_another_value() -> None:
    assert judge([put(0, 1, 2), cas(0, 1, 3, 4, "refused")]).linearizable is False
    assert judge([put(0, 1, 6), cas(None, 1, 3, 4, "refused")]).linearizable is True


def test_an_unread_unknown_write_can_explain_a_refusal() -> None:
    history = [put(5, 1, None, "info"), put(0, 2, 3), cas(0, 1, 4, 5, "refused")]
    assert judge(history).linearizable is True
    assert judge([*history, get(0, 6, 7)]).linearizable is False


def test_an_unread_unknown_write_behind_an_append_can_explain_a_refusal() -> None:
    first, late = put("a", 1, 2), put("q", 3, None, "info")
    more, refused = put("b", 4, 5, f="append"), cas("ab", "z", 6, 7, "refused")
    assert judge([first, late, more, refused]).linearizable is True
    assert judge([first, more, refused]).linearizable is False


def test_appends_appear_once_and_in_one_order() -> None:
    one, two = put("a", 1, 4, f="append"), put("b", 2, 3, f="append")
    assert judge([one, two, get("ba", 5, 6), get("ba", 7, 8)]).linearizable is True
    assert judge([one, two, get("ba", 5, 6), get("ab", 7, 8)]).linearizable is False
    assert judge([one, two, get("aba", 5, 6)]).linearizable is False


@pytest.mark.parametrize(
    ("written", "read", "equal"), [(True, 1, False), (1, 1.0, True), ("1", 1, False), (0, None, False)]
)
def test_values_are_equal_as_in_json(written: Value, read: Value, equal: bool) -> None:
    assert judge([put(written, 1, 2), get(read, 3, 4)]).linearizable is equal


def test_a_read_of_what_nobody_wrote_is_its_own_witness() -> None:
    witness = judge([put(1, 1, 2), get(1, 3, 4), get(9, 5, 6)]).witness
    assert witness is not None
    assert witness.operations == (get(9, 5, 6),)


def test_a_write_stays_in_the_witness_as_long_as_its_reader_does(simulate) -> None:
    history = simulate(3, 600, concurrency=4)
    stale = next(each for each in history[400:] if each.f == "get" and each.outcome == "ok")
    overwritten = next(each.result for each in history[100:] if each.f == "get" and each.result is not None)
    spoiled = [msgspec.structs.replace(each, result=overwritten) if each == stale else each for each in history]
    witness = judge(spoiled).witness
    assert witness is not None
    assert not explained(list(witness.operations))
    assert len(witness.operations) == 3
    assert {each.argument for each in witness.operations} > {overwritten}
    assert witness.last.began == stale.began


def test_the_earliest_violation_of_all_keys_is_told() -> None:
    late = [msgspec.structs.replace(get(9, 10, 11), key="a")]
    early = [msgspec.structs.replace(get(9, 2, 3), key="b")]
    judgement = judge([*late, *early])
    assert judgement.wrong == ("a", "b")
    assert judgement.witness is not None
    assert judgement.witness.key == "b"


# ---------------------------------------------------------------- size and time


def test_many_unknown_writes_do_not_make_it_slow() -> None:
    writes = [put(number, number, None, "info") for number in range(1, 2_001)]
    reads = [get(number % 2_000 + 1, 2 * number + 4_000, 2 * number + 4_001) for number in range(700, 1_900)]
    assert judge([*writes, *reads]).linearizable is True
    again = get(reads[3].result, 9_000, 9_001)
    assert judge([*writes, *reads, again]).linearizable is False


def test_many_equal_unknown_operations_do_not_make_it_slow() -> None:
    unknown = [put(number % 3, number, None, "info") for number in range(1, 201)]
    reads = [get(number * 2 % 3, 2 * number + 1_000, 2 * number + 1_001) for number in range(204)]
    assert judge([*unknown, *reads]).linearizable is False


def test_a_long_history_needs_no_deep_stack(simulate) -> None:
    history = simulate(1, 20_000, concurrency=10, fs="get put cas", values=5)
    assert judge(history).linearizable is True


def test_without_time_the_verdict_is_unknown(simulate) -> None:
    judgement = judge(simulate(1, 100), expired=lambda: True)
    assert judgement.linearizable is None
    assert judgement.undecided == ("k0",)


def test_a_violation_found_in_time_counts_though_other_keys_are_undecided(simulate) -> None:
    looks = iter([False] * 3 + [True] * 1_000_000)
    wrong = [msgspec.structs.replace(get(9, 1, 2), key="a")]
    judgement = judge([*wrong, *simulate(1, 5_000)], expired=lambda: next(looks))
    assert judgement.linearizable is False
    assert judgement.undecided == ("k0",)


def test_an_unknown_model_is_answered_with_the_nearest() -> None:
    assert known_operations("register") == ("get", "put")
    with pytest.raises(BadInput, match='did you mean "register"'):
        known_operations("regster")


# ---------------------------------------------------------------- the tests above, tested


def always(self: Step, state: State) -> bool:
    return True


def none_of_them(self: Search, *_: object) -> list[object]:
    return []


def all_dead(self: Needs, state: object) -> State:
    return DEAD


def all_matter(self: Problem, operation: Operation) -> bool:
    return operation.f != "get"


def none_matters(self: Problem, operation: Operation) -> bool:
    return False


def visited_before(self: Search, configuration: tuple[int, int, int, State]) -> bool:
    new = configuration[0] not in self._seen
    self._seen[configuration[0]] = []
    return new


BUGS = [
    (Step, "agrees", always),
    (Search, "_unknown_ways", none_of_them),
    (Search, "_is_new", visited_before),
    (Needs, "seen", all_dead),
    (Problem, "_matters", none_matters),
]


@pytest.mark.parametrize(("where", "name", "bug"), BUGS)
def test_a_bug_planted_in_the_search_is_found(
    where: type, name: str, bug: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, bug)
    with pytest.raises(Found):
        look_for_a_wrong_verdict()


def test_pruning_of_unknown_operations_only_saves_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Problem, "_matters", all_matter)
    look_for_a_wrong_verdict()


class Found(Exception):
    """A history that the checker judges wrongly."""


def look_for_a_wrong_verdict() -> None:
    @settings(max_examples=400, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
    @given(st.one_of(REGISTERS, SWAPS, APPENDS, EVERYTHING))
    def look(operations: list[Operation]) -> None:
        if Search(Problem(operations), never).run(1_000_000) != explained(operations):
            raise Found

    look()
