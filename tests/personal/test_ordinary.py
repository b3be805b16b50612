"""Ordinary questions of the field come through as they are."""

from pathlib import Path
from typing import Final

import yaml

from kompasbot.personal import mask
from kompasbot.shipped import shipped

QUESTIONS: Final = (Path(__file__).parent / "gewone-vragen.txt").read_text(encoding="utf-8").splitlines()


def test_an_ordinary_question_has_nothing_to_mask() -> None:
    assert len(QUESTIONS) >= 200
    assert [mask(question) for question in QUESTIONS if mask(question) != question] == []


def test_hardly_any_expected_question_of_the_factsheets_has_something_to_mask() -> None:
    expected = [
        question
        for path in sorted(shipped("corpus").glob("*/vragen.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).values()
        for question in (entry.get("vragen", ()) if isinstance(entry, dict) else entry)
    ]
    assert len(expected) > 200
    masked = [question for question in expected if mask(question) != question]
    assert len(masked) <= len(expected) * 0.005, masked
