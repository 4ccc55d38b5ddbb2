"""A file goes into a ring, comes back, and nothing about it is believed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from algorithms.machine import Failed, Unknown
from algorithms.ring.commands import FileFound
from algorithms.ring.versions import Chunk, Manifest
from playground.commands import parse_condition
from playground.errors import BadInput
from playground.files import judge
from playground.made_file import SIZE, made_file
from playground.predicates import evaluate
from playground.session import Session, replay
from playground.spool import Spool

SECOND = 1_000_000


def done(session: Session, *lines: str, seconds: int = 4) -> None:
    for line in lines:
        session.do(line)
        session.run_until(session.world.now + seconds * SECOND)


def holds(session: Session, text: str) -> bool:
    return evaluate(parse_condition(text), session)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A file of 25,000 bytes."""
    path = tmp_path / "report.pdf"
    path.write_bytes(bytes(range(250)) * 100)
    return path


# ---------------------------------------------------------------- the whole way


def test_a_file_comes_back_whole(ring: Session, report: Path) -> None:
    digest = hashlib.sha256(report.read_bytes()).hexdigest()
    done(ring, f'file put "{report}"')
    assert ring.interventions[-1].text == f'ring: file put "{report}" as "report.pdf" sha256 {digest} on c1'
    assert holds(ring, 'not file("report.pdf")')
    done(ring, 'file get "report.pdf" on c2')
    assert holds(ring, 'file("report.pdf") == whole and answer() == whole')
    sentence = f"report.pdf: 7 chunks, 25.0 kB, came back whole, SHA-256 {digest}"
    assert ring.file_sentences() == (sentence,)
    assert [ring.file_sentence(number) for number in (1, 2, 3)] == ["", sentence, ""]


def test_a_file_can_have_another_name(ring: Session, report: Path) -> None:
    done(ring, f'file put "{report}" as mine', "file get mine")
    assert holds(ring, "file(mine) == whole")


def test_a_file_of_which_a_chunk_is_gone_is_missing(ring: Session, report: Path) -> None:
    done(ring, f'file put "{report}" as mine', 'delete "file/mine/000003"', "file get mine")
    assert holds(ring, "file(mine) == missing")
    assert ring.file_sentences() == ("mine: 7 chunks, 25.0 kB, 1 of them did not come back (the first is number 4)",)


def test_without_an_input_one_is_made_from_the_seed(ring: Session) -> None:
    done(ring, "file put input as story", "file get story")
    assert holds(ring, "file(story) == whole")
    assert replay(ring.recording()).interventions == ring.interventions


def test_the_made_file_is_the_same_for_a_seed() -> None:
    assert made_file(1) == made_file("1")
    assert made_file(1) != made_file(2)
    assert SIZE <= len(made_file(1)) < SIZE + 200


def test_the_input_that_was_given_is_recorded_by_its_path(report: Path, ring: Session) -> None:
    session = Session(ring.spec, 1, given=str(report))
    session.run_until(SECOND)
    assert session.do("file put input").text.startswith(f'ring: file put "{report}" as "report.pdf" sha256 ')


# ---------------------------------------------------------------- replays


def test_a_replay_of_another_file_says_so(ring: Session, report: Path) -> None:
    done(ring, f'file put "{report}"')
    report.write_bytes(b"other")
    then, now = ring.interventions[-1].text.split("sha256 ")[1][:64], hashlib.sha256(b"other").hexdigest()
    with pytest.raises(BadInput) as caught:
        replay(ring.recording())
    assert str(caught.value) == f"{report} is not the file that was put then: its SHA-256 is {now}, and it was {then}"


def test_a_replay_without_the_file_says_so(ring: Session, report: Path) -> None:
    done(ring, f'file put "{report}"')
    report.unlink()
    with pytest.raises(BadInput, match="cannot be read: No such file or directory"):
        replay(ring.recording())


def test_a_fork_shares_the_bytes(ring: Session, report: Path) -> None:
    done(ring, f'file put "{report}" as mine')
    fork = ring.fork()
    done(fork, "file get mine")
    assert holds(fork, "file(mine) == whole")
    assert holds(ring, "not file(mine)")


# ---------------------------------------------------------------- mistakes


def test_what_cannot_be_put_is_told_and_not_recorded(ring: Session, tmp_path: Path) -> None:
    for line in (f'file put "{tmp_path}"', 'file put "/nowhere"', "file put nothing-here"):
        with pytest.raises(BadInput):
            ring.do(line)
    assert ring.interventions == []


def test_an_unknown_name_is_told_with_the_nearest(ring: Session, report: Path) -> None:
    done(ring, f'file put "{report}" as report')
    with pytest.raises(BadInput, match='there is no file "raport"; did you mean "report"'):
        ring.do("file get raport")


def test_a_file_whose_holders_are_all_down_is_known_still(ring: Session, report: Path) -> None:
    done(ring, f'file put "{report}" as mine', "kill all", "file get mine", seconds=15)
    assert holds(ring, "file(mine) == missing")
    assert ring.file_sentences()[0].startswith("mine: did not come back: ")


# ---------------------------------------------------------------- the judgement


def taken() -> tuple[Spool, Manifest]:
    spool = Spool()
    return spool, spool.take_bytes(b"".join(number.to_bytes(2) for number in range(5_120)))


def test_a_chunk_that_is_another_one_is_caught() -> None:
    spool, manifest = taken()
    wrong = (spool.take_bytes(b"else").chunks[0], *manifest.chunks[1:])
    whole, sentence = judge("f", FileFound("f", manifest, wrong), spool)
    assert (whole, sentence) == (False, "f: 3 chunks, 10.2 kB, chunk number 1 is not what the manifest says")


def test_a_chunk_whose_bytes_are_nowhere_is_caught() -> None:
    spool, manifest = taken()
    strange = msgspec.structs.replace(manifest, chunks=(Chunk("00" * 32, 5),))
    assert judge("f", FileFound("f", strange, strange.chunks), spool)[0] is False


def test_chunks_in_the_wrong_order_are_caught_by_the_whole() -> None:
    spool, manifest = taken()
    turned = msgspec.structs.replace(manifest, chunks=(manifest.chunks[2], *manifest.chunks[:2]))
    whole, sentence = judge("f", FileFound("f", turned, turned.chunks), spool)
    assert not whole
    assert "together they are not what the manifest says" in sentence


@pytest.mark.parametrize("outcome", [Failed("no quorum"), Unknown("no quorum")])
def test_a_reading_that_failed_says_why(outcome: Failed | Unknown) -> None:
    assert judge("f", outcome, Spool()) == (False, "f: did not come back: no quorum")
