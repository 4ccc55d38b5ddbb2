"""The broker pane: who holds what can be read without colour, trouble is told by words, a click finds its target."""

from __future__ import annotations

from dataclasses import replace

import pytest
from demo_brokers import BROKERS, CALM, OFFSETS, ORDERS, ROWS, broker_frame, copies
from screen_pictures import looks_like
from textual.geometry import Size

from tui.broker_frame import BrokerFace, BrokerFrame, BrokerRow, PartitionFace, Standing, TopicFace
from tui.frame import Frame
from tui.glyphs import ASCII, in_ascii
from tui.look import Look
from tui.paper import Paper
from tui.theme import CONTRAST, DARK, LIGHT
from tui.widgets.broker_grid import columns_of
from tui.widgets.broker_pane import draw_broker, paint_broker
from tui.widgets.cluster_map import paint_map
from tui.widgets.lines import Spot

SIZES = {
    "broker-narrow": Size(80, 18),
    "broker-normal": Size(46, 16),
    "broker-wide": Size(84, 24),
    "broker-full": Size(190, 40),
}
MAPS = {"broker-map-narrow": Size(80, 16), "broker-map-wide": Size(114, 42)}
CHOSEN = replace(BROKERS, chosen="orders/1")


def painted(size: Size = SIZES["broker-wide"], look: Look | None = None, **more: object) -> Paper:
    return paint_broker(broker_frame(**more), size, look or Look())


def line_of(page: Paper, begin: str) -> str:
    return next(line for line in page.plain().splitlines() if begin in line)


@pytest.mark.parametrize("name", SIZES)
def test_the_broker_pane_looks_as_it_should(name: str) -> None:
    assert looks_like(name, painted(SIZES[name], broker=CHOSEN))


@pytest.mark.parametrize("name", MAPS)
def test_the_map_of_a_broker_cluster_looks_as_it_should(name: str) -> None:
    assert looks_like(name, paint_map(broker_frame(), MAPS[name], Look()))


def test_a_calm_cluster_looks_as_it_should() -> None:
    assert looks_like("broker-calm", painted(broker=CALM))


def test_the_broker_pane_looks_as_it_should_in_ascii() -> None:
    page = painted(look=Look(DARK, ASCII))
    page.chars = [[in_ascii(char) for char in row] for row in page.chars]
    assert page.plain().isascii()
    assert looks_like("broker-ascii", page)


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST])
def test_every_palette_paints_the_same_grid(palette: object) -> None:
    assert painted(look=Look(palette)).plain() == painted().plain()  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [Size(1, 1), Size(5, 2), Size(20, 3), Size(24, 6), Size(40, 14), Size(300, 80)])
@pytest.mark.parametrize("broker", [None, BrokerFrame(), BROKERS, CHOSEN, replace(BROKERS, brokers=())])
def test_the_broker_pane_takes_any_size_and_an_empty_cluster(size: Size, broker: BrokerFrame | None) -> None:
    page = paint_broker(broker_frame(broker=broker) if broker else Frame(), size, Look())
    assert [len(row) for row in page.chars] == [size.width] * size.height


# ---------------------------------------------------------------- the grid


def test_a_replica_s_state_has_a_shape_of_its_own() -> None:
    assert line_of(painted(), "orders/3").split()[1:6] == ["orders/3", "●", "·", "♛", "◐"]
    assert "○   ◇" in line_of(painted(), "orders/2")


def test_a_partition_without_a_leader_says_who_could_lead_it() -> None:
    assert "offline, needs n5" in line_of(painted(SIZES["broker-normal"]), "orders/2")
    assert "1 offline" in painted().plain()


def test_a_leader_that_is_down_is_told_before_a_controller_notices() -> None:
    held = replace(ORDERS[0], replicas=copies(("n5", Standing.LEADER, 0)), leader="n5")
    broker = replace(CALM, topics=(TopicFace("orders", False, (held,)),))
    assert "n5 leads, but is down" in line_of(painted(broker=broker), "orders/0")


def test_without_a_controller_the_pane_says_so() -> None:
    assert "no controller" in painted(broker=replace(CALM, controller="")).plain()


def test_what_has_just_changed_hands_is_marked_for_a_moment() -> None:
    assert "◆ orders/1" in painted().plain()
    assert "◆ orders" not in painted(broker=CALM).plain()


def test_a_reassignment_says_where_to_and_how_far_it_is() -> None:
    assert "to n4 41%" in line_of(painted(), "orders/3")


def test_high_watermark_and_log_end_stand_at_every_width() -> None:
    for size in SIZES.values():
        assert "1,240  1,243" in line_of(painted(size), "orders/0")
        assert "e4" in line_of(painted(size), "orders/0")


def test_internal_topics_fold_where_there_is_no_room_and_unfold_for_the_chosen_partition() -> None:
    assert "__consumer_offsets  3 partitions" in painted(SIZES["broker-narrow"]).plain()
    chosen = replace(BROKERS, chosen=OFFSETS[0].name)
    assert "3 partitions" not in painted(SIZES["broker-narrow"], broker=chosen).plain()


def test_what_does_not_fit_is_counted_with_its_trouble() -> None:
    many = tuple(replace(ORDERS[2 if number == 29 else 0], number=number, age=1.0) for number in range(30))
    broker = replace(CALM, topics=(TopicFace("orders", False, many),))
    assert "partitions more: 1 offline" in painted(SIZES["broker-normal"], broker=broker).plain()


def test_the_chosen_partition_is_among_the_shown_ones() -> None:
    many = tuple(replace(ORDERS[0], number=number) for number in range(30))
    broker = replace(CALM, topics=(TopicFace("orders", False, many),), chosen="orders/23")
    assert "orders/23" in painted(SIZES["broker-normal"], broker=broker).plain()


def test_with_many_brokers_replicas_are_listed_by_mark() -> None:
    names = tuple(f"n{number}" for number in range(1, 31))
    rows = tuple(BrokerRow(name, True, BrokerFace(name[-1])) for name in names)
    broker = replace(CALM, brokers=rows)
    assert columns_of(broker, 80).cell == 0
    assert "♛3 ●1" in line_of(painted(broker=broker), "orders/0")


# ---------------------------------------------------------------- who reads and writes


def test_a_member_shows_its_partitions_and_what_it_has_just_gained() -> None:
    assert "orders/0,+1" in line_of(painted(), "c2*")


def test_a_rebalance_is_told_by_its_state_and_a_sign() -> None:
    assert "▞ audit  PreparingRebalance" in painted().plain()
    assert "● billing  Stable  gen 4" in painted().plain()


def test_lag_is_summed_over_members_and_partitions_that_nobody_owns() -> None:
    assert [group.lag for group in BROKERS.groups] == [12 + 8 + 111, 37]
    assert "none  payments/0" in painted().plain()


def test_the_largest_lag_has_the_longest_bar() -> None:
    page = painted()
    assert line_of(page, "c3    orders/3").count("━") > line_of(page, "c2*").count("━") > 0


def test_open_transactions_stand_before_those_that_are_over() -> None:
    text = painted().plain()
    assert 0 < text.index("app  Ongoing") < text.index("old  CompleteCommit")


def test_a_client_shows_what_it_wrote_and_read() -> None:
    assert "►4,210 …5  txn ongoing" in line_of(painted(), "c1")
    assert "▬1,930" in line_of(painted(), "▲ c2")


# ---------------------------------------------------------------- clicks


def test_partitions_and_nodes_can_be_clicked_where_they_stand() -> None:
    _, spots = draw_broker(broker_frame(), SIZES["broker-wide"], Look())
    assert {spot.key for spot in spots if spot.key} == {each.name for each in BROKERS.partitions}
    assert {row.node for row in ROWS} <= {spot.node for spot in spots if spot.node}
    first = next(spot for spot in spots if spot.key == "orders/0")
    assert isinstance(first, Spot)
    assert first.y == 2


def test_a_copy_that_is_half_there_is_half_copied() -> None:
    face = PartitionFace("t", 0, "n1", 0, copies(("n1", Standing.LEADER, 300), ("n2", Standing.BEHIND, 200)),
                         start=100, end=300)  # fmt: skip
    assert face.copied(face.replicas[1]) == 0.5
