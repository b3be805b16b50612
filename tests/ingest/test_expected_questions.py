"""The expected questions, terms and synonyms of the corpus in this repository: really different from one another."""

import json
from collections import Counter
from itertools import combinations

import pytest

from ingest.files import CorpusFile
from ingest.questions import Expected, load_questions, load_synonyms
from ingest.yamlfiles import load_yaml
from kompasbot.dutch import is_function_word, stem, words
from kompasbot.shipped import CHECKOUT

CORPUS = CHECKOUT / "corpus"
FOLDER = CORPUS / "regionale-samenwerking"
EXPECTED = load_questions(CorpusFile("vragen.yaml", FOLDER / "vragen.yaml"))


def stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if not is_function_word(word)}


def names() -> set[str]:
    items = load_yaml(CorpusFile("items.yaml", FOLDER / "items.yaml"))
    return {one for item in items for name in item["namen"] for one in stems(name)}


def is_near_copy(one: set[str], other: set[str]) -> bool:
    shared = len(one & other)
    return shared >= 3 and shared >= 0.7 * min(len(one), len(other))


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=EXPECTED.keys())
def test_no_two_questions_of_an_item_are_near_copies(expected: Expected) -> None:
    of_names = names()
    content = [(question, stems(question) - of_names) for question in expected.questions]
    copies = [(a, b) for (a, one), (b, other) in combinations(content, 2) if is_near_copy(one, other)]
    assert copies == []


def test_a_question_in_another_word_order_is_a_near_copy() -> None:
    assert is_near_copy(stems("Wie betaalt de excursie van de klas?"), stems("De klas op excursie: wie betaalt?"))


def test_no_question_stands_with_two_items() -> None:
    count = Counter(question.casefold() for expected in EXPECTED.values() for question in expected.questions)
    assert [question for question, times in count.items() if times > 1] == []


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=EXPECTED.keys())
def test_no_term_stands_twice_with_an_item(expected: Expected) -> None:
    count = Counter(term.casefold() for term in expected.terms)
    assert [term for term, times in count.items() if times > 1] == []


def test_synonyms_stand_once_in_their_group() -> None:
    groups = load_synonyms(CorpusFile("begrippen.yaml", CORPUS / "begrippen.yaml"))
    assert [group for group in groups if len(set(group)) < len(group) or len(group) < 2] == []


DEVELOPMENT = CHECKOUT.parent / "shared" / "eval" / "dev" / "questions.jsonl"


def test_no_expected_question_is_a_near_copy_of_a_development_question() -> None:
    if not DEVELOPMENT.is_file():
        pytest.skip(f"the development questions are not here ({DEVELOPMENT.name})")
    asked = [json.loads(line)["question"] for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines()]
    of_names = names()
    theirs = [(question, stems(question) - of_names) for question in asked]
    ours = [(question, stems(question) - of_names) for one in EXPECTED.values() for question in one.questions]
    assert [(a, b) for a, one in ours for b, other in theirs if is_near_copy(one, other)] == []
