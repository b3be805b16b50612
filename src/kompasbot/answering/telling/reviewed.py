"""Reviewed answers: which one a question is of by meaning, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.answering.answer import BlockKind, Speaker
from kompasbot.answering.draft import Paragraph, Statement
from kompasbot.answering.telling.quoting import support
from kompasbot.answering.units import squeezed
from kompasbot.knowledge import ReviewedAnswer, ReviewedSentence
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.weights import ReviewedWeights

_BEST: Final = 2
"""A question is compared with the mean of so many of the nearest ways to ask an answer: one may be alike by chance."""


@dataclass(frozen=True, slots=True)
class Match:
    """The reviewed answer that a question is nearest to, with the cosine."""

    answer: ReviewedAnswer
    likeness: float


class ReviewedAnswers:
    """The reviewed answers of one index."""

    def __init__(self, index: Index, weights: ReviewedWeights) -> None:
        self._index = index
        self._weights = weights
        self._asked = [answer for answer in index.knowledge.answers for _ in answer.questions]
        self._vectors = index.question_vectors
        answers = [answer for answer in index.knowledge.answers if self._stands(answer)]
        self._standing = {answer.id for answer in answers if not answer.outside}
        self._sentences = {
            squeezed(sentence.text): sentence for answer in answers for sentence in (*answer.sentences, *answer.steps)
        }
        self._simple = {answer.about: answer for answer in answers if answer.about and answer.simple}
        self._english = {answer.about: answer for answer in answers if answer.about and answer.english}

    def _stands(self, answer: ReviewedAnswer) -> bool:
        """Whether all that an answer rests on is in the index."""
        supports = (each for sentence in (*answer.sentences, *answer.steps) for each in sentence.supports)
        return all(each.item_id in self._index.items for each in supports)

    def nearest(self, vector: NDArray[np.float32] | None, english: bool, factsheet: str | None) -> Match | None:
        """The answer to a broad question that a question is nearest to, in its language."""
        if vector is None or not len(self._vectors):
            return None
        cosines = self._vectors @ vector
        best: dict[str, list[float]] = {}
        answers: dict[str, ReviewedAnswer] = {}
        for answer, cosine in zip(self._asked, cosines, strict=True):
            if answer.id in self._standing and answer.english is english and factsheet in (None, answer.factsheet):
                best.setdefault(answer.id, []).append(float(cosine))
                answers[answer.id] = answer
        if not best:
            return None
        means = {key: float(np.mean(sorted(found, reverse=True)[:_BEST])) for key, found in best.items()}
        key = max(means, key=lambda each: means[each])
        return Match(answers[key], means[key])

    def outside(self, vector: NDArray[np.float32] | None, factsheet: str | None) -> float:
        """The cosine of the nearest question that a person said the sources do not answer, 0 without any."""
        outside = [answer.outside and factsheet in (None, answer.factsheet) for answer in self._asked]
        if vector is None or not any(outside):
            return 0.0
        return float((self._vectors[outside] @ vector).max())

    def fits(self, match: Match | None, other: float, asked: float, *, asks_how: bool, broad: bool) -> bool:
        """Whether a question is clearly of the nearest answer; ``other`` is the cosine of the nearest passage or
        expected question, ``asked`` that of the nearest question which one sentence answers; ``asks_how`` and ``broad``
        (it asks for no fact) say how the question is put.
        """
        if match is None or not broad:
            return False
        weights = self._weights
        if match.likeness >= weights.sure:
            return asks_how or match.likeness >= asked
        least, behind = (weights.how, weights.behind) if asks_how else (weights.likely, 0.0)
        return match.likeness >= least and match.likeness >= other - behind

    def sentence(self, squeezed_text: str) -> Statement | None:
        """A sentence of a reviewed answer, by its squeezed text, with what it rests on."""
        reviewed = self._sentences.get(squeezed_text)
        return self._statements([reviewed])[0] if reviewed else None

    def simple(self, unit: str) -> ReviewedAnswer | None:
        """The easier wording of an item."""
        return self._simple.get(unit)

    def english(self, unit: str) -> ReviewedAnswer | None:
        """The telling of an item in English."""
        return self._english.get(unit)

    def told(self, answer: ReviewedAnswer, short: bool = False) -> list[Paragraph]:
        """An answer as paragraphs: running text, then its steps; ``short`` without the steps where there is text."""
        paragraphs = []
        if answer.sentences:
            paragraphs.append(Paragraph(BlockKind.SECTION, self._statements(answer.sentences)))
        if answer.steps and not (short and answer.sentences):
            paragraphs.append(Paragraph(BlockKind.SECTION, self._statements(answer.steps), list=True))
        return paragraphs

    def _statements(self, sentences: Sequence[ReviewedSentence]) -> tuple[Statement, ...]:
        return tuple(
            Statement(sentence.text, support(sentence.supports, self._index.items), Speaker.REVIEWED)
            for sentence in sentences
        )
