"""When the gate stops a publication, and what it says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from ingest.gate import Verdict
from kompasbot.cli.gate import answer_faults, judged
from kompasbot.cli.gauge import EXPECTED, Gauged, SetGauge
from kompasbot.knowledge import ReviewedAnswer, ReviewedSentence, Support
from kompasbot.store.notes import Asked, Measured, Notes, Resolved
from tests.shelf import ITEMS, knowledge

SHEET = "lesmateriaal"
FIRST = "zoeken zet het goede item bovenaan"


def asked(value: float, cited: Sequence[str] = ("a",), row: str = "r", answer: str = "") -> Asked:
    return Asked(row, {"r@1": (value,)}, tuple(cited), answer)


def measured(right: int, of: int = 100, first: int = 0) -> Measured:
    """A set of which the first questions are right."""
    return Measured({f"retrieval q{at}": asked(float(at < right)) for at in range(first, of)})


def gauged(
    new: Mapping[str, Measured],
    earlier: Mapping[str, Measured] | None = None,
    fresh: Sequence[str] = (),
    gone: Sequence[str] = (),
) -> Gauged:
    told = {key: (key, "moet", "komt") for one in new.values() for key in one.questions}
    sets = {name: SetGauge(one, told, {"r": f"{name}/evaluatie/questions.jsonl, regel 5"}) for name, one in new.items()}
    return Gauged(sets, earlier or {}, frozenset(fresh), frozenset(gone), (SHEET,))


def after(before: Measured, new: Measured, fresh: Sequence[str] = (), gone: Sequence[str] = ()) -> Verdict:
    """The verdict on a set by a first publication of it."""
    return judged(gauged({SHEET: new}, None, fresh, gone), published(before))


def published(first: Measured, notes: Notes = Notes()) -> Notes:  # noqa: B008 - it is frozen
    return judged(gauged({SHEET: first}), notes).notes(())


def test_a_figure_that_falls_beyond_chance_stops() -> None:
    assert after(measured(91), measured(90)).message == ""
    assert f"{SHEET}: {FIRST}: van 91,0 % naar 80,0 %" in after(measured(91), measured(80)).message


@pytest.mark.parametrize(("of", "may_fall"), [(9, 0), (10, 1), (30, 1), (60, 2), (200, 4)])
def test_of_a_small_set_a_question_or_two_is_chance(of: int, may_fall: int) -> None:
    assert after(measured(of, of), measured(of - may_fall, of)).message == ""
    assert after(measured(of, of), measured(of - may_fall - 1, of)).message != ""


def test_a_slow_decline_is_held_against_the_best_however_long_ago() -> None:
    notes = published(measured(97))
    for right in (96, 95):
        verdict = judged(gauged({SHEET: measured(right)}), notes)
        assert verdict.message == ""
        notes = verdict.notes(())
    assert list(judged(gauged({SHEET: measured(94)}), notes).before.values()) == [0.97]
    assert judged(gauged({SHEET: measured(94)}), notes).message != ""


def test_a_better_generation_is_the_baseline_of_the_next() -> None:
    notes = published(measured(95), published(measured(80)))
    assert list(judged(gauged({SHEET: measured(80)}), notes).before.values()) == [0.95]


def test_what_was_forced_stops_nothing_again_but_is_told_until_it_recovers() -> None:
    forced = published(measured(60), published(measured(95)))
    again = judged(gauged({SHEET: measured(60)}), forced)
    assert again.message == ""
    assert "Nog lager dan voor een publicatie met --force" in again.findings[0].message
    assert "van 95,0 % naar 60,0 %" in again.findings[0].message
    assert judged(gauged({SHEET: measured(50)}), again.notes(())).message != ""
    recovered = judged(gauged({SHEET: measured(95)}), again.notes(()))
    assert recovered.findings == ()
    assert judged(gauged({SHEET: measured(60)}), recovered.notes(())).message != ""


def test_only_questions_that_are_the_same_are_compared() -> None:
    other = Measured({key: Asked("anders", one.marks) for key, one in measured(0, 10).questions.items()})
    changed = Measured({**measured(100).questions, **other.questions})
    assert after(measured(100), changed).message == ""
    assert list(after(measured(100), changed).before.values()) == [1.0]


def test_what_can_not_be_compared_is_named() -> None:
    assert judged(gauged({SHEET: measured(20)}), Notes()).uncompared == (SHEET,)
    other = Measured({key: Asked("anders", one.marks) for key, one in measured(20).questions.items()})
    verdict = after(measured(90), other)
    assert (verdict.message, verdict.uncompared) == ("", (SHEET,))


def test_a_set_that_was_never_noted_is_held_against_what_the_generation_before_answers_now() -> None:
    verdict = judged(gauged({SHEET: measured(20)}, {SHEET: measured(90)}), Notes())
    assert f"{FIRST}: van 90,0 % naar 20,0 %" in verdict.message


def test_of_the_expected_questions_those_that_both_know_are_compared() -> None:
    def own(**scores: float) -> Measured:
        return Measured({key: Asked(key, {"own": (score,)}) for key, score in scores.items()})

    notes = judged(gauged({EXPECTED: own(a=1, b=1, c=1)}), Notes()).notes(())
    assert judged(gauged({EXPECTED: own(a=1, b=1, new=0)}), notes).message == ""
    worse = judged(gauged({EXPECTED: own(a=1, b=0, new=0)}), notes)
    assert (worse.message != "", list(worse.figures.values())) == (True, [0.5])
    assert judged(gauged({EXPECTED: own(x=0)}), notes).uncompared == (EXPECTED,)


def test_the_questions_that_fell_most_are_shown_once_each_and_no_more_than_ten() -> None:
    shown = [worse.question for worse in after(measured(30, 30), measured(0, 30)).worse]
    assert len(shown) == len(set(shown)) == 10


def with_answer(value: float, cited: Sequence[str]) -> Measured:
    pair = {"retrieval q": asked(value, cited), "answers q": Asked("r", {"precision": (value,)}, tuple(cited))}
    return Measured({**pair, **measured(5, 5).questions})


def test_an_answer_that_tells_what_it_told_and_new_items_is_not_worse() -> None:
    before = with_answer(1, ["a", "b"])
    verdict = after(before, with_answer(0, ["nieuw", "a", "b"]), fresh=["nieuw"])
    assert verdict.message == ""
    assert "Antwoorden met items die nieuw zijn of weg: 1." in verdict.findings[0].message
    assert after(before, with_answer(0, ["nieuw", "a", "b"])).message != ""
    assert after(before, with_answer(0, ["nieuw", "a"]), fresh=["nieuw"]).message != ""
    # It is the baseline of the next, for which nothing is new.
    assert judged(gauged({SHEET: with_answer(0, ["nieuw", "a", "b"])}), verdict.notes(())).message == ""


def test_an_answer_that_rested_on_an_item_that_is_gone_is_not_worse() -> None:
    before = with_answer(1, ["a", "weg"])
    assert after(before, with_answer(0, ["b"]), gone=["weg"]).message == ""
    assert after(before, with_answer(0, ["b"])).message != ""


def facts(standing: Sequence[str], gone: Sequence[str] = (), answer: str = "") -> Measured:
    row = Resolved({}, dict.fromkeys(standing, 2), tuple(gone))
    return Measured({"answers q": Asked("r", {"facts": (1.0,)}, ("a",), answer)}, {"r": row})


def test_a_fact_that_is_gone_is_shown_with_both_answers_and_the_place_to_change() -> None:
    verdict = after(facts(["10"], answer="Er doen 10 scholen mee."), facts([], ["10"], "Er doen 12 scholen mee."))
    assert verdict.message == ""
    [changed] = verdict.facts
    assert (changed.question, changed.fact) == ("answers q", "10")
    assert (changed.before, changed.after) == ("Er doen 10 scholen mee.", "Er doen 12 scholen mee.")
    assert changed.where == f"{SHEET}/evaluatie/questions.jsonl, regel 5"


def test_a_fact_that_was_accepted_stops_nothing_again_but_is_told_until_the_file_changes() -> None:
    notes = after(facts(["10"]), facts([], ["10"])).notes(())
    again = judged(gauged({SHEET: facts([], ["10"])}), notes)
    assert again.facts == ()
    assert "verwacht '10'" in again.findings[0].message
    assert again.findings[0].where.endswith("regel 5")


@pytest.mark.parametrize(("first", "stops"), [(1, False), (20, False), (21, True)])
def test_a_set_that_loses_many_questions_stops_and_one_that_loses_few_says_so(first: int, stops: bool) -> None:
    verdict = after(measured(100), measured(100, first=first))
    said = f"Van de 100 vragen in {SHEET}/evaluatie zijn er {first} weg."
    assert (said in verdict.message) is stops
    assert (said in [finding.message for finding in verdict.findings]) is not stops


def test_a_set_that_is_gone_stops() -> None:
    verdict = judged(gauged({}), published(measured(100)))
    assert f"Van de 100 vragen in {SHEET}/evaluatie zijn er 100 weg." in verdict.message
    assert verdict.uncompared == (SHEET,)


def test_questions_whose_item_is_gone_are_told_and_are_not_lost() -> None:
    aside = tuple((f"q{at}", f"Vraag {at}?", f"{SHEET}/tool/weg") for at in range(50))
    new = {SHEET: SetGauge(measured(100, first=50), {}, {}, aside)}
    verdict = judged(Gauged(new, sheets=(SHEET,)), published(measured(100)))
    assert verdict.message == ""
    assert f"({SHEET}/tool/weg): 50. 'Vraag 0?'" in verdict.findings[0].message


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
