"""Ranks items for a question: lexical coverage and vectors, fused into one score from 0 to about 1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.dutch import words
from kompasbot.embedding import Embedder
from kompasbot.knowledge import Item, ItemType, Knowledge, Passage
from kompasbot.retrieval import lexical, postings
from kompasbot.retrieval.query import Analyser, Concept, Synonyms
from kompasbot.retrieval.sections import sections_named
from kompasbot.retrieval.terms import terms

Nearest = Callable[[NDArray[np.float32], int], Sequence[tuple[int, float]]]
"""Asks the vector store: a vector and k to pairs of passage ordinal and cosine likeness."""

ITEM_SHARE: Final = 0.5
PASSAGE_SHARE: Final = 0.2
VECTOR_SHARE: Final = 0.3
_NAMED_SECTION: Final = 1.15
"""What the score of an item is multiplied by when the question names its section (``welke tools …``)."""
_NEIGHBOURS: Final = 120


@dataclass(frozen=True, slots=True)
class Scored:
    """An item's score with what it rests on: coverage of the question by the item and by its best passage (0 to 1), and
    the cosine of its nearest passage. ``passage`` is the best passage."""

    item: Item
    score: float
    coverage: float
    best_passage: float
    likeness: float
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All items with a score above 0 for a question, best first, and the concepts that were asked for."""

    question: str
    concepts: tuple[Concept, ...]
    scored: tuple[Scored, ...]


class Ranker:
    """Ranks the items of one generation. Holds no connection: the vector store is asked through ``nearest``."""

    def __init__(
        self,
        knowledge: Knowledge,
        arrays: Mapping[str, NDArray[np.generic]],
        embedder: Embedder,
        nearest: Nearest,
    ) -> None:
        self._knowledge = knowledge
        self._embedder = embedder
        self._nearest = nearest
        self._passages = postings.load(arrays, "passages")
        self._items = postings.load(arrays, "items")
        number = {item.id: at for at, item in enumerate(knowledge.items)}
        self._owner = np.asarray([number[passage.item_id] for passage in knowledge.passages], np.int32)
        self._is_document = np.asarray([item.type is ItemType.DOCUMENT for item in knowledge.items], bool)
        surfaces = {word for item in knowledge.items if item.type is not ItemType.DOCUMENT for word in _surfaces(item)}
        self._analyser = Analyser(Synonyms(knowledge.synonyms), surfaces, self._passages.vocabulary)

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """The concepts of a question."""
        return self._analyser.analyse(question)

    def rank(self, question: str, factsheet: str | None = None, types: frozenset[ItemType] | None = None) -> Ranking:
        """Rank the items, of one factsheet or of some types only where given."""
        concepts = self.concepts(question)
        passage_coverage = lexical.coverage(self._passages, concepts)
        best, best_at = self._best_passages(passage_coverage)
        coverage = lexical.coverage(self._items, concepts)
        coverage[self._is_document] = best[self._is_document]
        likeness, nearest_at = self._likeness(question)
        score = ITEM_SHARE * coverage + PASSAGE_SHARE * best + VECTOR_SHARE * likeness
        score[self._in_sections(sections_named(question))] *= _NAMED_SECTION
        shown = [at for at in np.argsort(-score, kind="stable") if score[at] > 0 and self._wanted(at, factsheet, types)]
        scored = (
            Scored(
                self._knowledge.items[at],
                float(score[at]),
                float(coverage[at]),
                float(best[at]),
                float(likeness[at]),
                self._passage(best_at[at] if best[at] > 0 else nearest_at[at]),
            )
            for at in shown
        )
        return Ranking(question, concepts, tuple(scored))

    def share(self, concepts: Sequence[Concept], text: str) -> float:
        """The share of a question's weight that a text holds, from 0 to 1."""
        return lexical.share(self._passages, concepts, terms(text))

    def _best_passages(self, coverage: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """For each item the coverage of its best passage, and that passage's number."""
        best = np.zeros(len(self._knowledge.items), np.float32)
        at = np.full(len(best), -1, np.int64)
        hits = np.flatnonzero(coverage)
        order = hits[np.argsort(coverage[hits], kind="stable")]
        best[self._owner[order]] = coverage[order]
        at[self._owner[order]] = order
        return best, at

    def _likeness(self, question: str) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """For each item the cosine of its nearest passage (0 where it is not among the nearest), and that passage."""
        best = np.zeros(len(self._knowledge.items), np.float32)
        at = np.full(len(best), -1, np.int64)
        vector = self._embedder.embed_matrix([question])[0]
        for passage, cosine in self._nearest(vector, min(_NEIGHBOURS, len(self._owner))):
            owner = self._owner[passage]
            if cosine > best[owner]:
                best[owner], at[owner] = cosine, passage
        return best, at

    def _in_sections(self, named: frozenset[ItemType]) -> NDArray[np.bool_]:
        return np.asarray([item.type in named for item in self._knowledge.items], bool)

    def _wanted(self, at: int, factsheet: str | None, types: frozenset[ItemType] | None) -> bool:
        item = self._knowledge.items[at]
        return (factsheet is None or item.factsheet == factsheet) and (types is None or item.type in types)

    def _passage(self, number: int) -> Passage | None:
        return self._knowledge.passages[number] if number >= 0 else None


def _surfaces(item: Item) -> list[str]:
    return [word for text in (item.title, item.text, *item.questions, *item.terms) for word in words(text)]
