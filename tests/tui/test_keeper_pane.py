"""The keeper's pane: who leads, who is late, who holds the lock; the tree is told without colour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from demo_keeper import CALM, CHOSEN, ELECTION, KEEPER, LOST, keeper
from screen_pictures import looks_like
from textual.geometry import Size

from tui.frame import Frame
from tui.glyphs import ASCII, in_ascii
from tui.keeper_frame import KeeperFrame, QueueFace, SessionFace
from tui.keeper_sentences import queue_words
from tui.look import Look
from tui.paper import Paper
from tui.theme import CONTRAST, DARK, LIGHT
from tui.widgets.cluster_map import paint_map
from tui.widgets.keeper_pane import draw_keeper, paint_keeper
from tui.widgets.keeper_tree import compacted

SIZES = {"narrow": Size(80, 18), "normal": Size(46, 18), "wide": Size(84, 23), "full": Size(190, 30)}
MAPS = {"normal": Size(74, 18), "wide": Size(114, 42)}


def painted(made: KeeperFrame = KEEPER, size: Size = SIZES["wide"], look: Look | None = None) -> Paper:
    return paint_keeper(keeper(made), size, look or Look())


def line_of(page: Paper, begin: str) -> str:
    return next(line for line in page.plain().splitlines() if begin in line)


@pytest.mark.parametrize("size", SIZES)
def test_the_keeper_s_pane_looks_as_it_should(size: str) -> None:
    assert looks_like(f"keeper-{size}", painted(size=SIZES[size]))


def test_a_calm_keeper_and_one_without_a_quorum_look_as_they_should() -> None:
    assert looks_like("keeper-calm", painted(CALM))
    assert looks_like("keeper-lost", painted(LOST))


def test_a_chosen_znode_is_shown_in_full() -> None:
    assert looks_like("keeper-chosen", painted(CHOSEN, Size(84, 32)))


@pytest.mark.parametrize("size", MAPS)
def test_the_map_of_a_keeper_looks_as_it_should(size: str) -> None:
    assert looks_like(f"keeper-map-{size}", paint_map(keeper(), MAPS[size], Look()))


def test_the_keeper_s_pane_is_plain_in_ascii() -> None:
    page = painted(look=Look(DARK, ASCII))
    page.chars = [[in_ascii(char) for char in row] for row in page.chars]
    assert page.plain().isascii()
    assert looks_like("keeper-ascii", page)


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST])
def test_every_palette_paints_the_same_tree(palette: object) -> None:
    assert painted(look=Look(palette)).plain() == painted().plain()  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [Size(1, 1), Size(5, 2), Size(20, 3), Size(24, 6), Size(40, 14), Size(300, 80)])
@pytest.mark.parametrize("made", [None, KeeperFrame(), KEEPER, CHOSEN, LOST, ELECTION])
def test_the_keeper_s_pane_takes_any_size(size: Size, made: KeeperFrame | None) -> None:
    page = paint_keeper(keeper(made) if made else Frame(), size, Look())
    assert [len(row) for row in page.chars] == [size.width] * size.height


# ---------------------------------------------------------------- who is how far


def test_each_server_has_role_zxids_and_sync_in_its_line() -> None:
    assert line_of(painted(), "n2   ♛").split()[1:7] == ["n2", "♛", "leading", "5_2b", "5_2a", "✓"]
    assert line_of(painted(), "n4   ◐").split()[1:8] == ["n4", "◐", "catches", "up", "4_1f", "4_1f", "·"]


def test_a_proposal_says_who_has_acknowledged_it_and_what_it_lacks() -> None:
    assert "5_2b set /config v13 n1· n2✓ n3✓ n4· n5· needs 1 ack" in painted().plain()


def test_an_election_counts_votes() -> None:
    assert "election: n2 has 4 votes, 3 are needed" in painted(ELECTION).plain()


def test_without_a_quorum_it_says_how_many_are_needed() -> None:
    text = " ".join(painted(LOST).plain().replace("│", " ").split())
    assert "no quorum: 2 of 5 voters are up, 3 are needed; nobody can write" in text


# ---------------------------------------------------------------- sessions, locks, the tree


def test_a_session_has_a_bar_and_a_number() -> None:
    assert "0x3 c1→n1 ━" in painted().plain()
    assert "0.8/1.2 s" in painted().plain()


def test_an_expired_session_is_struck_and_named() -> None:
    page = painted(LOST)
    row = next(y for y, line in enumerate(page.plain().splitlines()) if "0x8 c3" in line)
    assert "✕ expired" in page.plain().splitlines()[row]
    assert page.styles[row][page.plain().splitlines()[row].index("0x8")].strike


def test_a_narrow_pane_has_two_sessions_on_a_line() -> None:
    line = line_of(painted(size=SIZES["normal"]), "c1→n1")
    assert "c2→n3" in line


def test_a_queue_is_told_in_the_order_of_waiting() -> None:
    assert "lock /locks/task: c1 holds, token 5_21 ← c2 ← c3" in painted().plain()
    assert "lock /locks/task: c1 holds 5_21 ← c2 ← c3" in painted(size=SIZES["normal"]).plain()


def test_kinds_of_znodes_are_told_by_letters() -> None:
    page = painted(size=SIZES["full"])
    assert line_of(page, "lock-0008").split()[3:5] == ["lock-0008", "ES"]
    assert line_of(page, " task ").split()[4] == "C"
    assert line_of(page, "└ tmp").split()[3] == "T"
    assert "config         ◕2  v12" in page.plain()


def test_a_waiter_says_for_whom_it_waits() -> None:
    assert "c2 waits for c1" in line_of(painted(size=SIZES["full"]), "lock-0008")
    assert "c1 holds it" in line_of(painted(size=SIZES["full"]), "lock-0007")


def test_where_lines_are_scarce_a_znode_that_only_leads_to_another_shares_its_line() -> None:
    names = [f"{each.before}{each.name}" for each in compacted(KEEPER.znodes, "")]
    assert "election/n_0000000001" in names
    assert "locks/task" in names
    deep = next(each for each in compacted(KEEPER.znodes, "") if each.path.endswith("08"))
    assert deep.lasts == (False, False)


def test_what_does_not_fit_is_counted() -> None:
    assert "and 4 znodes more" in painted(size=SIZES["normal"]).plain()


def test_a_click_finds_znodes_and_servers() -> None:
    spots = draw_keeper(keeper(), SIZES["full"], Look())[1]
    assert {"/config", "/locks/task"} <= {spot.key for spot in spots}
    assert {"n1", "n5", "c1"} <= {spot.node for spot in spots}


def test_a_session_that_nobody_counts_is_empty() -> None:
    assert SessionFace(1, "c1", "n1", 1_000_000).share == 0.0
    assert "nobody counts" in painted(replace(KEEPER, sessions=(SessionFace(1, "c1", "n1", 1_000_000),))).plain()


def test_a_queue_that_is_too_long_is_counted_and_a_herd_is_told_as_one() -> None:
    waiting = tuple(f"c{number}" for number in range(2, 40))
    long = QueueFace("/l", "lock", ("c1",), waiting, 1)
    assert queue_words(long, 44) == "lock /l: c1 holds 0_1 ← c2 ← c3 and 36 more"
    assert queue_words(replace(long, herd=True), 60) == "lock /l: c1 holds, token 0_1; all 38 others watch it"
