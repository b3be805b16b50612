"""What is done with a word, whoever wrote it."""

import time

import pytest

from kompasbot.dutch import LONGEST_WORD, fold, sentences, words
from kompasbot.retrieval.query import Analyser, Synonyms
from kompasbot.retrieval.terms import terms


@pytest.mark.parametrize("text", ["a" * 100_000, "ß" * 100_000, "a-" * 100_000, "\ufdfa" * 1000, "é" * 100_000])
def test_no_term_is_longer_than_a_word_may_be(text: str) -> None:
    assert max(map(len, (*words(text), *terms(text))), default=0) <= LONGEST_WORD


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bètapartners", "betapartners"),
        ("e\u0301e\u0301n", "een"),
        ("ﬃ ½ Straße", "ffi 1\u20442 strasse"),
        ("zo’n", "zo'n"),
        ("a\ufdfab", "a b"),
    ],
)
def test_text_is_folded_to_letters_without_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_signs_on_signs_are_folded_in_time_that_grows_with_their_number() -> None:
    began = time.process_time()
    assert fold("a" + "\u0301\u0327" * 200_000) == "a"
    assert time.process_time() - began < 2


def test_a_row_of_marks_is_cut_into_sentences_in_time_that_grows_with_its_length() -> None:
    began = time.process_time()
    assert sentences("?" * 200_000) == ["?" * 200_000]
    assert time.process_time() - began < 2
    assert len(sentences("A. 1. Bb. " * 20_000)) == 40_000
    assert time.process_time() - began < 4
    assert sentences("1. Begin klein. 12. Vraag hulp.") == ["1. Begin klein.", "12.", "Vraag hulp."]
    assert sentences('Echt waar?!" Ja... Nee.') == ['Echt waar?!"', "Ja...", "Nee."]


def test_a_question_is_read_for_a_bounded_number_of_words() -> None:
    analyser = Analyser(Synonyms(()), ["samenwerking"], {"samenwerk": 1})
    concepts = analyser.analyse(" ".join(f"vraag{at}" for at in range(1000)))
    assert len(concepts) == 250
    concepts = analyser.analyse(" ".join(f"samenwerki{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(100)))
    assert sum(one.corrected is not None for one in concepts) == 40
