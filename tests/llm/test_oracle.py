"""What the product does to the answers of a strong model, that was given the sources whole."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from kompasbot.answering.answer import Answer, BlockKind, Speaker, Status
from tests.llm.oracle import Case, Oracle, cases, shipped_index
from tests.llm.scripted import saying, serving
from tests.llm.talk import ask, bot, told

ABSENCES = Path(__file__).parent / "data" / "absences.jsonl"
PATIENT = {"chat_first_seconds": 20, "chat_next_seconds": 20, "chat_total_seconds": 60, "chat_condense_seconds": 20}


@cache
def replayed() -> tuple[tuple[Case, Answer], ...]:
    """Each case with what the reader gets."""
    oracle = Oracle()
    with serving(oracle) as server:
        found = [
            (case, ask(bot(server.url, **PATIENT), *(text for _, text in case.history), case.question, over=over))
            for over in [shipped_index()]
            for case in cases()
        ]
    assert oracle.unknown == []
    return tuple(found)


def shown(answer: Answer) -> list[str]:
    return [re.sub(r" (\[\d+\])+$", "", text) for text in told(answer)]


def share(kept: list[bool]) -> float:
    return sum(kept) / len(kept)


def test_there_are_answers_of_every_status_to_questions_and_follow_ups_in_two_languages() -> None:
    assert len(cases()) >= 37
    assert {case.status for case in cases()} == {"answered", "partial", "refused", "clarify"}
    assert sum(bool(case.history) for case in cases()) >= 3
    assert sum("||" in case.answer for case in cases()) >= 2


def test_right_sentences_reach_the_reader_unchanged() -> None:
    kept = [sentence in shown(answer) for case, answer in replayed() for sentence in case.cited]
    assert len(kept) >= 60
    assert share(kept) >= 0.98


def test_right_sentences_about_what_the_sources_lack_are_kept_as_such() -> None:
    rows = [(s, answer) for case, answer in replayed() if case.kind == "right" for s in case.lacking]
    assert share([sentence in shown(answer) for sentence, answer in rows]) >= 0.95
    origins = {s.text: s.origin for _, answer in rows for block in answer.blocks for s in block.sentences}
    assert {origins[sentence] for sentence, _ in rows} == {Speaker.ABSENCE}


def test_a_sentence_that_denies_what_a_source_tells_is_stopped() -> None:
    rows = [(s, answer) for case, answer in replayed() if case.kind == "wrong" for s in case.lacking]
    assert share([sentence not in shown(answer) for sentence, answer in rows]) >= 0.95


def test_the_status_is_the_models_own() -> None:
    assert [(c.question, a.status) for c, a in replayed() if c.kind == "right" and a.status != c.status] == []


def test_no_notice_of_ours_stands_before_an_answer_and_nothing_is_said_twice() -> None:
    for case, answer in replayed():
        if case.status in ("answered", "partial"):
            first = answer.blocks[0]
            assert first.kind is not BlockKind.NOTICE or shown(answer)[0] in case.lacking, case.question
        assert len(set(shown(answer))) == len(shown(answer)), case.question


def test_every_answer_is_the_models_own_where_it_wrote_something_that_can_be_shown() -> None:
    assert sum(answer.engine.name == "llm" for _, answer in replayed()) >= len(cases()) - 1


def test_the_choices_of_a_question_back_are_the_models() -> None:
    case, answer = next(row for row in replayed() if row[0].status == "clarify")
    assert answer.status is Status.CLARIFY
    assert [f"- {choice}" for choice in answer.suggestions] == case.answer.splitlines()[2:]
    assert answer.citations == ()


@pytest.mark.parametrize(("right", "least"), [(True, 0.95), (False, 0.9)])
def test_what_is_said_to_be_lacking_is_looked_up_in_all_that_the_model_saw(right: bool, least: float) -> None:
    rows = [json.loads(line) for line in ABSENCES.read_text(encoding="utf-8").splitlines()]
    found = []
    for row in rows:
        if row["right"] is right:
            with serving(saying(f"STATUS: deels\n{row['sentence']}\n")) as server:
                answer = ask(bot(server.url, **PATIENT), row["question"], over=shipped_index())
            found.append((row["sentence"] in told(answer)) is right)
    assert len(found) >= 20
    assert share(found) >= least
