"""Hints: kept for a replica that could not be reached, delivered when it is back (Dynamo 4.6)."""

from __future__ import annotations

from ring_quorum_talk import alive, dead, leaving, without
from ring_server_talk import booted, fired, notes, saves, sent, timers, told
from ring_values import written

from algorithms.machine import Cell, Effect, Erase, Save, Saved
from algorithms.ring.hints import AT_ONCE, Hint
from algorithms.ring.machine import RingMachine
from algorithms.ring.messages import RingIs, Store, Stored
from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import join

OURS, THEIRS = written("ours", "c1.1"), written("theirs", "c2.1")
SECOND = 1_000_000


def keeper(*keys: str, at: int = 0, settings: RingSettings = RingSettings()) -> RingMachine:  # noqa: B008
    """n1 with hints for n2, which seems to be dead."""
    cells = tuple(Cell(f"hint/n2/{key}", Hint("n2", key, OURS, at)) for key in keys)
    machine = booted("n1", saved=Saved(cells), settings=settings)
    dead(machine, "n2")
    return machine


def delivery(effects: list[Effect]) -> Store:
    ((target, store),) = sent(effects, Store)
    assert target == "n2"
    return store


def erased(effects: list[Effect]) -> list[str]:
    return [each.cell for each in effects if isinstance(each, Erase)]


def counts(machine: RingMachine) -> dict[str, int]:
    return {each.target: each.count for each in machine.view().hints}


# ---------------------------------------------------------------- delivering


def test_nothing_is_sent_to_a_target_that_seems_dead() -> None:
    machine = keeper("x")
    effects = fired(machine, "hints")
    assert sent(effects, Store) == []
    assert timers(effects) == {"hints": (500_000, 500_000)}


def test_a_hint_is_sent_when_the_target_is_back_and_erased_when_it_is_there() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    store = delivery(fired(machine, "hints"))
    assert (store.key, store.versions, store.hint_for) == ("x", OURS, "")
    assert counts(machine) == {"n2": 1}
    effects = told(machine, "n2", Stored(store.operation, "x"))
    assert erased(effects) == ["hint/n2/x"]
    assert notes(effects) == ["has delivered all that it kept for n2"]
    assert counts(machine) == {}


def test_hints_outlive_the_node_that_keeps_them() -> None:
    assert counts(keeper("x", "y")) == {"n2": 2}


def test_only_the_targets_own_word_lets_a_hint_go() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    store = delivery(fired(machine, "hints"))
    assert told(machine, "n3", Stored(store.operation, "x")) == []
    assert told(machine, "n2", Stored(store.operation, "y")) == []
    assert told(machine, "n2", Stored(-1, "x")) == []
    assert counts(machine) == {"n2": 1}


def test_several_writes_of_a_key_are_one_hint_as_old_as_the_first() -> None:
    machine = keeper("x", at=3)
    effects = told(machine, "n4", Store(1, 5, "x", THEIRS, "n2"), 9)
    assert saves(effects) == {"hint/n2/x": Hint("n2", "x", join(OURS, THEIRS), 3)}
    assert counts(machine) == {"n2": 1}


def test_a_hint_that_has_grown_meanwhile_stays_and_is_sent_again() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    store = delivery(fired(machine, "hints"))
    told(machine, "n4", Store(1, 5, "x", THEIRS, "n2"))
    effects = told(machine, "n2", Stored(store.operation, "x"))
    assert erased(effects) == []
    again = delivery(effects)
    assert again.versions == join(OURS, THEIRS)
    assert erased(told(machine, "n2", Stored(again.operation, "x"))) == ["hint/n2/x"]


def test_a_second_copy_of_a_word_about_less_does_not_let_more_go() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    store = delivery(fired(machine, "hints"))
    told(machine, "n4", Store(1, 5, "x", THEIRS, "n2"))
    told(machine, "n2", Stored(store.operation, "x"))
    assert told(machine, "n2", Stored(store.operation, "x")) == []
    assert counts(machine) == {"n2": 1}


def test_a_late_word_about_less_does_not_let_more_go() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    early = delivery(fired(machine, "hints"))
    told(machine, "n4", Store(1, 5, "x", THEIRS, "n2"))
    again = delivery(fired(machine, "hints", 60 * SECOND))
    assert (again.operation, again.versions) == (early.operation, OURS)
    effects = told(machine, "n2", Stored(early.operation, "x"))
    assert erased(effects) == []
    assert delivery(effects).versions == join(OURS, THEIRS)


def test_what_is_not_confirmed_is_sent_again_after_longer_and_longer() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    at, times = 0, []
    while at < 40 * SECOND:
        if sent(fired(machine, "hints", at), Store):
            times.append(at // SECOND)
        at += SECOND // 2
    assert times == [0, 1, 3, 7, 15, 31]


def test_whichever_copy_is_answered_the_answer_counts() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    first = delivery(fired(machine, "hints"))
    fired(machine, "hints", 60 * SECOND)
    assert erased(told(machine, "n2", Stored(first.operation, "x"))) == ["hint/n2/x"]


def test_a_clock_that_is_set_back_does_not_stop_deliveries() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    fired(machine, "hints", 3600 * SECOND)
    assert delivery(fired(machine, "hints", 0)).key == "x"


def test_a_target_gets_a_few_at_a_time_and_the_next_when_these_are_there() -> None:
    keys = [f"k{number:02d}" for number in range(AT_ONCE + 2)]
    machine = keeper(*keys)
    alive(machine, "n2")
    stores = [store for _, store in sent(fired(machine, "hints"), Store)]
    assert [store.key for store in stores] == keys[:AT_ONCE]
    assert sent(fired(machine, "hints"), Store) == []
    for store in stores[:-1]:
        assert sent(told(machine, "n2", Stored(store.operation, store.key)), Store) == []
    rest = told(machine, "n2", Stored(stores[-1].operation, stores[-1].key))
    assert [store.key for _, store in sent(rest, Store)] == keys[AT_ONCE:]


def test_a_delivery_names_the_epoch_that_is_now() -> None:
    machine = keeper("x")
    alive(machine, "n2")
    fired(machine, "hints")
    told(machine, "n3", RingIs(leaving("n5")))
    assert delivery(fired(machine, "hints", 60 * SECOND)).epoch == 2


# ---------------------------------------------------------------- who does not come for them


def test_a_hint_that_is_too_old_is_dropped_with_a_sentence() -> None:
    machine = keeper("x", "y", settings=RingSettings(hint_lifetime=SECOND))
    assert erased(fired(machine, "hints", SECOND)) == []
    effects = fired(machine, "hints", SECOND + 1)
    assert erased(effects) == ["hint/n2/x", "hint/n2/y"]
    assert notes(effects) == ["drops 2 hints for n2: nobody came for them in time"]


def test_nothing_is_sent_of_what_was_dropped() -> None:
    machine = keeper("x", settings=RingSettings(hint_lifetime=SECOND))
    alive(machine, "n2")
    fired(machine, "hints")
    assert sent(fired(machine, "hints", 60 * SECOND), Store) == []
    told(machine, "n4", Store(1, 5, "x", THEIRS, "n2"), 60 * SECOND)
    assert delivery(fired(machine, "hints", 60 * SECOND)).versions == THEIRS


def test_what_was_kept_for_a_node_that_has_left_is_a_stray_before_the_hint_goes() -> None:
    machine = keeper("x")
    told(machine, "n3", RingIs(without("n2")))
    effects = fired(machine, "hints")
    writes = [each for each in effects if isinstance(each, Save | Erase)]
    assert writes == [Save("key/x", OURS), Erase("hint/n2/x", False)]
    assert counts(machine) == {}


def test_a_node_that_is_about_to_leave_still_gets_its_hints() -> None:
    machine = keeper("x")
    told(machine, "n3", RingIs(leaving("n2")))
    alive(machine, "n2")
    assert delivery(fired(machine, "hints")).key == "x"


def test_a_node_that_joins_gets_hints_as_well() -> None:
    machine = booted("n1")
    told(machine, "n4", Store(1, 5, "x", OURS, "n2"))
    assert delivery(fired(machine, "hints")).versions == OURS
