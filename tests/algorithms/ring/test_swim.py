"""SWIM, section by section: probes, suspicion, news (Das, Gupta, Motivala 2002)."""

from __future__ import annotations

from ring_server_talk import NODES, booted, fired, notes, sent, timers, told

from algorithms.ring.messages import Ack, Ping, PingRequest, Status
from algorithms.ring.settings import RingSettings

SETTINGS = RingSettings()


def first_probe(machine):
    effects = fired(machine, "probe")
    return effects, *sent(effects, Ping)[0]


def test_each_protocol_period_pings_one_member_3_1() -> None:
    effects = fired(booted(), "probe")
    assert len(sent(effects, Ping)) == 1
    assert timers(effects)["probe"] == (SETTINGS.probe_interval, SETTINGS.probe_interval)


def test_a_round_pings_every_other_member_once_4_3() -> None:
    machine = booted()
    targets = [sent(fired(machine, "probe"), Ping)[0][0] for _ in range(4)]
    assert sorted(targets) == ["n2", "n3", "n4", "n5"]


def test_rounds_have_orders_of_their_own_4_3() -> None:
    machine = booted(nodes=tuple(f"n{number}" for number in range(1, 10)))
    rounds = [[sent(fired(machine, "probe"), Ping)[0][0] for _ in range(8)] for _ in range(3)]
    assert len({tuple(each) for each in rounds}) == 3


def test_a_ping_is_answered_at_once_3_1() -> None:
    effects = told(booted(), "n2", Ping(7, 1, "", ()))
    assert [(to, ack.sequence, ack.node) for to, ack in sent(effects, Ack)] == [("n2", 7, "n1")]


def test_without_an_answer_k_others_are_asked_to_try_3_1() -> None:
    machine = booted()
    _, target, ping = first_probe(machine)
    effects = fired(machine, f"probe-silent {ping.sequence}")
    asked = sent(effects, PingRequest)
    assert len(asked) == SETTINGS.indirect_probes
    assert all(request.target == target and to != target for to, request in asked)


def test_who_is_asked_to_try_pings_and_passes_the_answer_on_3_1() -> None:
    machine = booted()
    [(to, ping)] = sent(told(machine, "n2", PingRequest(5, "n3", ())), Ping)
    assert to == "n3"
    [(asker, ack)] = sent(told(machine, "n3", Ack(ping.sequence, "n3", 1, "", ())), Ack)
    assert (asker, ack.sequence, ack.node) == ("n2", 5, "n3")


def test_who_cannot_be_reached_by_anybody_is_suspected_4_2() -> None:
    machine = booted()
    _, target, ping = first_probe(machine)
    fired(machine, f"probe-silent {ping.sequence}")
    effects = fired(machine, f"probe-failed {ping.sequence}")
    assert machine.state.membership.status(target) == "suspected"
    assert timers(effects)[f"suspicion {target}"] == (SETTINGS.suspicion_time, SETTINGS.suspicion_time)
    assert notes(effects) == [f"suspects {target}: neither it nor those asked to try had an answer from it"]


def test_an_answer_in_time_keeps_it_alive() -> None:
    machine = booted()
    _, target, ping = first_probe(machine)
    told(machine, target, Ack(ping.sequence, target, 1, "", ()))
    fired(machine, f"probe-failed {ping.sequence}")
    assert machine.state.is_alive(target)


def test_an_indirect_answer_is_as_good_3_1() -> None:
    machine = booted()
    _, target, ping = first_probe(machine)
    helper = next(name for name in NODES if name not in ("n1", target))
    fired(machine, f"probe-silent {ping.sequence}")
    told(machine, helper, Ack(ping.sequence, target, 1, "", ()))
    fired(machine, f"probe-failed {ping.sequence}")
    assert machine.state.is_alive(target)


def test_a_suspicion_that_nobody_contradicts_makes_it_dead_4_2() -> None:
    machine = booted()
    told(machine, "n2", Ping(1, 1, "", (Status("n3", "suspected", 0),)))
    fired(machine, "suspicion n3")
    assert machine.state.membership.status("n3") == "dead"


def test_a_higher_incarnation_overrules_a_suspicion_4_2() -> None:
    machine = booted()
    told(machine, "n2", Ping(1, 1, "", (Status("n3", "suspected", 4),)))
    told(machine, "n2", Ping(2, 1, "", (Status("n3", "alive", 4),)))
    assert machine.state.membership.status("n3") == "suspected"
    told(machine, "n2", Ping(3, 1, "", (Status("n3", "alive", 5),)))
    assert machine.state.is_alive("n3")


def test_who_hears_that_it_is_suspected_raises_its_incarnation_4_2() -> None:
    machine = booted()
    mine = machine.state.membership.incarnation
    [(_, ack)] = sent(told(machine, "n2", Ping(1, 1, "", (Status("n1", "suspected", mine),))), Ack)
    assert Status("n1", "alive", mine + 1) in ack.news


def test_a_member_that_is_pinged_is_told_what_is_said_of_it() -> None:
    machine = booted()
    told(machine, "n2", Ping(1, 1, "", (Status("n3", "dead", 4),)))
    machine.state.membership.news.clear()
    pings = dict(sent(fired(machine, "probe"), Ping)[0] for _ in range(4))
    assert pings["n3"].news == (Status("n3", "dead", 4),)
    assert pings["n4"].news == ()


def test_its_own_word_is_better_than_news() -> None:
    machine = booted()
    told(machine, "n2", Ping(1, 1, "", (Status("n3", "dead", 4),)))
    told(machine, "n3", Ping(1, 1, "", ()))
    assert machine.state.is_alive("n3")


def test_dead_nodes_are_probed_on_so_that_partitions_find_together_again() -> None:
    machine = booted()
    told(machine, "n2", Ping(1, 1, "", (Status("n3", "dead", 4),)))
    targets = [sent(fired(machine, "probe"), Ping)[0][0] for _ in range(4)]
    assert "n3" in targets


def test_news_travels_with_pings_and_is_told_only_so_often_4_1() -> None:
    machine = booted()
    told(machine, "n2", Ping(1, 1, "", (Status("n3", "suspected", 4),)))
    carried = [
        any(news.node == "n3" for news in ping.news)
        for _ in range(20)
        for _, ping in sent(fired(machine, "probe"), Ping)
    ]
    assert carried[0]
    assert not carried[-4] or not carried[-1]


def test_a_late_answer_of_another_node_is_not_passed_on() -> None:
    machine = booted()
    [(_, ping)] = sent(told(machine, "n2", PingRequest(5, "n3", ())), Ping)
    assert sent(told(machine, "n4", Ack(ping.sequence, "n4", 1, "", ())), Ack) == []
    [(asker, ack)] = sent(told(machine, "n3", Ack(ping.sequence, "n3", 1, "", ())), Ack)
    assert (asker, ack.node) == ("n2", "n3")
