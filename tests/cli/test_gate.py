"""When the gate stops a publication, and what it says of it."""

from collections.abc import Mapping
from dataclasses import replace

from kompasbot.cli.gate import EXPECTED, answer_faults, judged
from kompasbot.knowledge import ReviewedAnswer, ReviewedSentence, Support
from kompasbot.store.notes import Measured
from tests.shelf import ITEMS, knowledge

SHEET = "lesmateriaal"


def measured(value: float, asked: str = "a", scores: Mapping[str, float] | None = None) -> Measured:
    return Measured(asked, {"retrieval r@1": value}, scores or {})


def expected(**scores: float) -> Measured:
    return Measured("", {}, scores)


def test_a_figure_that_falls_beyond_chance_does_not_pass() -> None:
    assert judged({SHEET: measured(0.90)}, [{SHEET: measured(0.91)}]).passed
    verdict = judged({SHEET: measured(0.80)}, [{SHEET: measured(0.91)}])
    assert not verdict.passed
    assert "zoeken zet het goede item bovenaan: van 91,0 % naar 80,0 %" in verdict.message


def test_a_slow_decline_is_held_against_the_best_before_it() -> None:
    kept = [{SHEET: measured(0.95)}, {SHEET: measured(0.969)}]
    verdict = judged({SHEET: measured(0.931)}, kept)
    assert (verdict.passed, list(verdict.before.values())) == (False, [0.969])


def test_what_can_not_be_compared_is_named() -> None:
    assert judged({SHEET: measured(0.2)}, []).uncompared == (SHEET,)
    verdict = judged({SHEET: measured(0.2)}, [{SHEET: measured(0.9, asked="b")}])
    assert (verdict.passed, verdict.uncompared) == (True, (SHEET,))
    assert judged({}, [{SHEET: measured(0.9)}]).uncompared == (SHEET,)


def test_of_the_expected_questions_those_that_both_know_are_compared() -> None:
    before = expected(a=1, b=1, c=1)
    assert judged({EXPECTED: expected(a=1, b=1, new=0)}, [{EXPECTED: before}]).passed
    verdict = judged({EXPECTED: expected(a=1, b=0, new=0)}, [{EXPECTED: before}])
    assert (verdict.passed, list(verdict.figures.values())) == (False, [0.5])
    assert judged({EXPECTED: expected(x=0)}, [{EXPECTED: before}]).uncompared == (EXPECTED,)


def test_the_questions_that_fell_most_are_shown_once_each() -> None:
    rows = {SHEET: {"zoek": ("Vraag?", "'A'", "'B'"), "antwoord": ("Vraag?", "'A'", "niets"), "goed": ("x", "y", "y")}}
    new, old = (
        measured(0.5, scores={"zoek": 0.5, "antwoord": 0, "goed": 1}),
        measured(0.9, scores={"zoek": 1, "antwoord": 1, "goed": 1}),
    )
    [worse] = judged({SHEET: new}, [{SHEET: old}], rows).worse
    assert (worse.question, worse.got) == ("Vraag?", "niets")


def test_no_more_than_ten_questions_are_shown() -> None:
    keys = [f"q{number}" for number in range(30)]
    rows = {SHEET: {key: (key, "", "") for key in keys}}
    new, old = measured(0, scores=dict.fromkeys(keys, 0.0)), measured(1, scores=dict.fromkeys(keys, 1.0))
    assert len(judged({SHEET: new}, [{SHEET: old}], rows).worse) == 10


def test_reviewed_answers_are_held_against_their_sources() -> None:
    source = ITEMS[1]
    told = {
        "goed": "Lesmateriaal dat leraren zelf maken, wordt vaker gebruikt.",
        "fout": "Lesmateriaal dat leraren zelf maken, wordt minder gebruikt.",
    }
    answers = tuple(
        ReviewedAnswer(
            id=name, factsheet=SHEET, sentences=(ReviewedSentence(text, (Support(source.id, source.text),)),)
        )
        for name, text in told.items()
    )
    assert [one.id for one in answer_faults(replace(knowledge(), answers=answers))] == ["fout"]
