"""A lesson being played: by a person on the screen, and by the checker."""

from __future__ import annotations

import pytest

from playground.digest import Digest
from playground.errors import BadInput
from playground.lessons.checking import check_lesson
from playground.lessons.lesson import Lesson
from playground.lessons.player import LessonPlayer, Stage
from playground.lessons.reading import read_lesson
from playground.session import Session

FRONT = '+++\ntitle = "T"\nabout = "A."\norder = 1\nseed = 3\n+++\n'
ELECT = "```run\nwait until leader(raft) within 3s\n```\n"
ASK = """```predict
Will n1 be up?
- yes {up(n1)}
- no {not up(n1)}
```
```run
kill n1
wait 10ms
```
"""
AIM = """Now you.
```goal
Stop n2.
{not up(n2)}
hint First.
hint Second.
```
```solution
kill n2
```
"""


def lesson(body: str) -> Lesson:
    return read_lesson(FRONT + body, "test", "test.md")


def play(body: str) -> LessonPlayer:
    it = lesson(body)
    return LessonPlayer(it, Session(it.spec, it.seed))


def run_on(player: LessonPlayer) -> None:
    """What the screen does while the lesson runs."""
    while player.stage is Stage.RUNNING and player.wants_at is not None:
        player.session.run_until(player.wants_at)
        player.look()


def test_time_stands_still_while_somebody_reads() -> None:
    player = play("Read.\n" + ELECT)
    assert player.stage is Stage.READING
    assert not player.time_goes_on
    assert player.wants_at is None


def test_a_run_acts_on_the_cluster_and_goes_on_by_itself() -> None:
    player = play(ELECT + "There is one.\n")
    assert player.advance() == ""
    assert player.time_goes_on
    run_on(player)
    assert player.step.text == "There is one."
    assert player.session.world.now > 0


def test_a_prediction_comes_before_time_goes_on() -> None:
    player = play(ASK + "End.\n")
    assert player.asked is not None
    assert "Say first" in player.advance()
    assert player.session.world.now == 0


def test_an_answer_is_found_in_a_future_that_leaves_the_present_alone() -> None:
    player = play(ELECT + ASK + "End.\n")
    player.advance()
    run_on(player)
    before = player.session.world.now, player.session.world.turns, player.session.interventions
    assert player.truths_to_come() == ("no",)
    assert (player.session.world.now, player.session.world.turns, player.session.interventions) == before


def test_the_verdict_is_said_when_the_run_has_ended() -> None:
    player = play(ASK + "End.\n")
    assert not player.answer("1").right
    assert player.said == []
    player.advance()
    run_on(player)
    assert player.said == ["What happened: no You expected: yes"]
    assert player.troubles == []


def test_an_answer_can_be_its_number_its_beginning_or_a_shrug() -> None:
    assert play(ASK).answer("2").given == "no"
    assert play(ASK).answer("Ye").given == "yes"
    assert play(ASK).answer("?").given == "?"
    with pytest.raises(BadInput, match="none of the answers"):
        play(ASK).answer("3")


def test_a_goal_is_reached_by_the_person_in_any_way() -> None:
    player = play(AIM)
    assert "Not yet: up(n2) is true" in player.advance()
    player.session.do("power-loss n2")
    player.look()
    assert player.goal_reached
    assert player.advance() == ""
    assert player.stage is Stage.OVER


def test_hints_come_one_after_another() -> None:
    player = play(AIM)
    assert [player.hint() for _ in range(3)] == ["First.", "Second.", "Second."]


def test_who_gives_up_is_shown_the_way() -> None:
    player = play(AIM)
    player.give_up()
    run_on(player)
    assert player.goal_reached


def test_a_goal_can_be_left_alone() -> None:
    player = play(AIM)
    player.skip()
    assert player.stage is Stage.OVER


def test_a_claim_that_a_meddler_has_made_untrue_is_said_with_its_line() -> None:
    player = play(ELECT + "```claim\nup(n1)\n```\nSee.\n")
    player.session.do("kill n1")
    player.advance()
    run_on(player)
    assert player.said == ["line 11: up(n1): it is not so here: up(n1) is false"]


def test_a_lesson_gives_one_history_at_any_frame_rate() -> None:
    digests = []
    for frame in (700, 16_000):
        player = play(ELECT + ASK + "End.\n")
        digest = Digest()
        player.session.world.add_observer(digest.observe)
        shown = player.session.world.now
        while player.stage is not Stage.OVER:
            if player.asked:
                player.answer("?")
            player.advance()
            shown = max(shown, player.session.world.now)
            while player.stage is Stage.RUNNING and player.wants_at is not None:
                shown += frame
                while player.stage is Stage.RUNNING and player.wants_at is not None and player.wants_at <= shown:
                    player.session.run_until(player.wants_at)
                    player.look()
        digests.append(digest.hexdigest())
    assert digests[0] == digests[1]


# ---------------------------------------------------------------- the checker


def test_a_true_lesson_passes() -> None:
    ok, report = check_lesson(lesson(ELECT + "```claim\nleader(raft)\n```\n" + ASK + AIM))
    assert ok, report
    assert "Will n1 be up? -> no" in report
    assert "Stop n2. -> reached" in report


PLANTS = {
    "an untrue claim": (ELECT + "```claim\nup(n1) and not up(n2)\n```\nSo.\n", "line 11: up(n1) and not up(n2)"),
    "an expectation that is not met": ("```run\nkill n1\nexpect up(n1)\n```\nSo.\n", "line 9: expect up(n1)"),
    "a wait that is in vain": ("```run\nwait until not up(n1) within 1s\n```\nSo.\n", "line 8"),
    "a command that cannot be carried out": ("```run\nkill leader(raft)\n```\nSo.\n", "there is no leader"),
    "a question with two right answers": (ASK.replace("not up(n1)", "up(n2)").replace("up(n1)", "up(n3)"), "2 right"),
    "a question without a right answer": (ASK.replace("not up(n1)", "not up(n2)"), "0 right"),
    "a solution that does not reach its goal": (AIM.replace("kill n2", "kill n3"), "does not reach it"),
    "a goal that is reached already": (AIM.replace("{not up(n2)}", "{up(n2)}"), "before anybody has done anything"),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_the_checker_finds(plant: str) -> None:
    body, told = PLANTS[plant]
    ok, report = check_lesson(lesson(body))
    assert not ok
    assert told in report
