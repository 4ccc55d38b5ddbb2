"""Each file in `transcripts/` is a story: a script above the line, and below it the history that it must make.

`pytest tests/algorithms/raft --accept` rewrites the histories. Read what it wrote before you keep it: from then on
it is the truth. The language is told in `transcript_script.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from transcript_script import Transcript

LINE = "\n" + "-" * 100 + "\n"
STORIES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_the_story_goes_as_it_is_told(story: Path, request: pytest.FixtureRequest) -> None:
    script, _, expected = story.read_text(encoding="utf-8").partition(LINE)
    history = Transcript().run(script)
    if request.config.getoption("--accept", default=False):
        story.write_text(script.rstrip("\n") + "\n" + LINE + "\n" + history, encoding="utf-8")
    else:
        assert history == expected.lstrip("\n"), f"{story.name} went another way; --accept if it is right"
