"""Ranks items for a question: lexical coverage and vectors, fused into one score from 0 to about 1."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.dutch import parts, stem, words
from kompasbot.embedding import QuestionEmbedder, Vector
from kompasbot.errors import UpstreamError
from kompasbot.knowledge import Item, ItemType, Knowledge, Passage, PassageKind
from kompasbot.retrieval import lexical, postings
from kompasbot.retrieval.field import Field
from kompasbot.retrieval.query import Analyser, Concept, Synonyms
from kompasbot.retrieval.sections import sections_named, whole_section
from kompasbot.retrieval.terms import terms
from kompasbot.retrieval.weights import weights_for

Nearest = Callable[[NDArray[np.float32], int], Sequence[tuple[int, float]]]
"""Asks the vector store: a vector and k to pairs of passage ordinal and cosine likeness, k of items and k of other
passages."""

ITEM_SHARE: Final = 0.4
PASSAGE_SHARE: Final = 0.3
VECTOR_SHARE: Final = 0.3
"""What the parts of the score count for; any split near this one does about as well (measured)."""

_BEST: Final = 3
"""An item's passages count by the mean of its best three: one expected question can be alike by chance."""
_DOCUMENT: Final = 0.85
"""What the score of a document is multiplied by: it is knowledge of the second class, and is ranked by one passage."""
_NAMED_SECTION: Final = 1.15
"""What the score of an item is multiplied by when the question names its section (``welke tools …``)."""
_WHOLE_SECTION: Final = 1.0
"""What is added to the scores of a section that is asked for in full."""
_CANDIDATES: Final = 400
_NEIGHBOURS: Final = 120
_QUESTIONS: Final = 64
"""Questions whose concepts are remembered, of at most some 150 KB each."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scored:
    """An item's score with what it rests on: coverage of the question by the item and by its best passage (0 to 1), and
    the cosine of its nearest passage. ``passage`` is the best passage."""

    item: Item
    score: float
    coverage: float
    best_passages: float
    likeness: float
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All items with a score above 0 for a question, best first, and the concepts that were asked for; ``nearest`` is
    the highest cosine of any passage, 0 where words alone decided.
    """

    question: str
    concepts: tuple[Concept, ...]
    scored: tuple[Scored, ...]
    nearest: float = 0.0


@dataclass(frozen=True, slots=True)
class _Best:
    """Per item the mean score of its best passages and the number of the best one (-1 where there is none)."""

    mean: NDArray[np.float32]
    at: NDArray[np.int64]


class Ranker:
    """Ranks the items of one generation. Holds no connection: the vector store is asked through ``nearest``."""

    def __init__(
        self,
        knowledge: Knowledge,
        arrays: Mapping[str, NDArray[np.generic]],
        embedder: QuestionEmbedder,
        nearest: Nearest,
    ) -> None:
        self._knowledge = knowledge
        self._embedder = embedder
        self._nearest = nearest
        self._likeness = weights_for(embedder.name).likeness.scaled
        self._passages = postings.load(arrays, "passages")
        self._items = postings.load(arrays, "items")
        number = {item.id: at for at, item in enumerate(knowledge.items)}
        self._owner = np.asarray([number[passage.item_id] for passage in knowledge.passages], np.int32)
        self._counted = np.minimum(_BEST, np.bincount(self._owner, minlength=len(knowledge.items)))
        self._types = np.asarray([str(item.type) for item in knowledge.items], np.str_)
        self._sheets = np.asarray([item.factsheet for item in knowledge.items], np.str_)
        self._is_document = np.asarray([item.type is ItemType.DOCUMENT for item in knowledge.items], bool)
        self._counted[self._is_document] = 1
        quotable = [passage.kind is PassageKind.TEXT for passage in knowledge.passages]
        # ``En hoeveel zijn het er nu?`` is like any question: what asks for a certain sentence tells no item apart.
        self._of_items = np.asarray([passage.answer is None for passage in knowledge.passages], np.float32)
        self._quotable = np.asarray(quotable, bool) | ~self._is_document[self._owner]
        surfaces = {word for item in knowledge.items if item.type is not ItemType.DOCUMENT for word in _surfaces(item)}
        self._synonyms = Synonyms(knowledge.synonyms)
        # Caches stand outside of what they call: around its own method one would keep an old index alive, in a circle.
        self._analyse = lru_cache(_QUESTIONS)(Analyser(self._synonyms, surfaces, self._passages.vocabulary).analyse)
        counted = ~self._is_document[self._owner] | (self._of_items == 0)
        self.field = Field(self._passages, counted, surfaces, lexical.names(arrays), self._synonyms)

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """The concepts of a question."""
        return self._analyse(question)

    def rank(
        self,
        question: str,
        factsheet: str | None = None,
        types: frozenset[ItemType] | None = None,
        *,
        vector: Vector | None = None,
        words_only: bool = False,
    ) -> Ranking:
        """Rank the items, of one factsheet or of some types only where given.

        ``vector`` is that of the question, which is embedded here without it; with ``words_only`` no vector counts.
        """
        concepts = self.concepts(question)
        passages = self._best(self._highest(lexical.coverage(self._passages, concepts) * self._of_items))
        found = None if words_only else self._neighbours(question, vector)
        found = None if found is None else [(row, cosine) for row, cosine in found if self._of_items[row]]
        nearest = max((cosine for _, cosine in found), default=0.0) if found else 0.0
        neighbours = self._best([(row, self._likeness(cosine)) for row, cosine in found or ()])
        coverage = lexical.coverage(self._items, concepts)
        coverage[self._is_document] = passages.mean[self._is_document]
        score = ITEM_SHARE * coverage + PASSAGE_SHARE * passages.mean + VECTOR_SHARE * neighbours.mean
        if found is None:
            score /= 1 - VECTOR_SHARE
        score[self._is_document] *= _DOCUMENT
        self._prefer_sections(score, question)
        order = np.argsort(-score, kind="stable")
        shown = order[((score > 0) & self._wanted(factsheet, types))[order]]
        scored = (
            Scored(
                self._knowledge.items[at],
                float(score[at]),
                float(coverage[at]),
                float(passages.mean[at]),
                float(neighbours.mean[at]),
                self._passage(passages.at[at] if passages.at[at] >= 0 else neighbours.at[at]),
            )
            for at in shown
        )
        return Ranking(question, concepts, tuple(scored), nearest)

    def alike(self, word: str) -> frozenset[str]:
        """The stems under which a passage may hold a folded word."""
        others = {other[0] for other in self._synonyms.of((stem(word),)) if len(other) == 1}
        return frozenset({stem(word), *parts(word), *others})

    def share(self, concepts: Sequence[Concept], text: str) -> float:
        """The share of a question's weight that a text holds, from 0 to 1."""
        return lexical.share(self._passages, concepts, terms(text))

    def shares(self, concepts: Iterable[Concept], text: str) -> list[float]:
        """For each of some words of a question, how far a text holds it, from 0 to 1."""
        held = terms(text)
        return [lexical.share(self._passages, [concept], held) for concept in concepts]

    def _highest(self, scores: NDArray[np.float32]) -> list[tuple[int, float]]:
        """The passages with the highest scores above 0, of items and documents apart, with the scores, best first."""
        hits = np.flatnonzero(scores)
        second = self._is_document[self._owner[hits]]
        chosen = np.concatenate([_top(scores, hits[~second]), _top(scores, hits[second])])
        order = chosen[np.lexsort((chosen, -scores[chosen]))]
        return list(zip(order.tolist(), scores[order].tolist(), strict=True))

    def _best(self, found: Iterable[tuple[int, float]]) -> "_Best":
        """For each item the mean score of its best passages, and the best one; ``found`` comes best first."""
        size = len(self._knowledge.items)
        best = _Best(np.zeros(size, np.float32), np.full(size, -1, np.int64))
        seen = np.zeros(size, np.int64)
        for passage, score in found:
            owner = self._owner[passage]
            if best.at[owner] < 0 and self._quotable[passage]:
                best.at[owner] = passage
            if seen[owner] < self._counted[owner]:
                best.mean[owner] += score / self._counted[owner]
                seen[owner] += 1
        return best

    def _neighbours(self, question: str, vector: Vector | None) -> Sequence[tuple[int, float]] | None:
        """The nearest passages, or None when the endpoint gives no vector or the store no neighbours: the words alone
        decide then."""
        try:
            vector = self._embedder.embed_question(question) if vector is None else vector
            return self._nearest(vector, min(_NEIGHBOURS, len(self._owner)))
        except UpstreamError as error:
            _log.warning("searching by words alone: %s", error)
            return None

    def _prefer_sections(self, score: NDArray[np.float32], question: str) -> None:
        """Put the items of a section forward that the question names, or asks for in full."""
        score[self._of_types(sections_named(question))] *= _NAMED_SECTION
        whole = whole_section(question)
        if whole:
            score[self._of_types(frozenset({whole}))] += _WHOLE_SECTION

    def _of_types(self, types: frozenset[ItemType]) -> NDArray[np.bool_]:
        return np.isin(self._types, [str(kind) for kind in types])

    def _wanted(self, factsheet: str | None, types: frozenset[ItemType] | None) -> NDArray[np.bool_]:
        """Which items are of one factsheet or of some types, where given."""
        wanted = np.ones(len(self._types), bool) if types is None else self._of_types(types)
        return wanted if factsheet is None else wanted & (self._sheets == factsheet)

    def _passage(self, number: int) -> Passage | None:
        return self._knowledge.passages[number] if number >= 0 else None


def _top(scores: NDArray[np.float32], at: NDArray[np.intp]) -> NDArray[np.intp]:
    if len(at) <= _CANDIDATES:
        return at
    return at[np.argpartition(-scores[at], _CANDIDATES)[:_CANDIDATES]]


def _surfaces(item: Item) -> list[str]:
    return [word for text in (item.title, item.text, *item.questions, *item.terms) for word in words(text)]
