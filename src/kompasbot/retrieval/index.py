"""One generation of the index, open for questions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kompasbot.dutch import is_function_word, sentences, stem, words
from kompasbot.embedding import Matrix, QuestionEmbedder, Vector, embedder_for
from kompasbot.errors import NotFound
from kompasbot.knowledge import Item, ItemType, Knowledge, Passage, PassageKind
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.ranking import Ranker, Ranking, Scored
from kompasbot.settings import Settings

if TYPE_CHECKING:
    from kompasbot.store import Generation

ANSWER_VECTORS: Final = "answers"
"""The name of the array with the vectors of reviewed answers' questions, beside the lexical index."""
MEAN_VECTOR: Final = "mean"
"""The name of the array with the mean of the vectors of all citable passages."""
_HUBNESS: Final = 0.3
_NO_VECTORS: Final = np.zeros((0, 0), np.float32)
_SNIPPET: Final = 240


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result: an item or document, with the sentence that fits best and, in a document, where that stands."""

    item: Item
    score: float
    snippet: str
    passage: Passage | None


class Index:
    """One published generation: its knowledge, and search over it. Safe to use from several threads."""

    def __init__(self, generation: "Generation", embedder: QuestionEmbedder) -> None:
        self._generation = generation
        self.knowledge: Knowledge = generation.knowledge
        self.items: Mapping[str, Item] = {item.id: item for item in self.knowledge.items}
        self.embedder = embedder
        """Gives the vectors of questions that go with those of this generation."""
        self.remote = embedder.remote
        """Whether a search may wait for an endpoint."""
        self.question_vectors: Matrix = np.asarray(generation.arrays.get(ANSWER_VECTORS, _NO_VECTORS))
        """The vectors of the ways to ask the reviewed answers, in the order of the knowledge."""
        self._mean: Vector = np.asarray(generation.arrays.get(MEAN_VECTOR, _NO_VECTORS)).reshape(-1)
        self._hubness = float(self._mean @ self._mean)
        self._ranker = Ranker(self.knowledge, generation.arrays, embedder, generation.nearest)

    @property
    def id(self) -> str:
        """The generation's id."""
        return self._generation.id

    @property
    def created(self) -> str:
        """When the generation was built, as an ISO time."""
        return self._generation.manifest.created

    @property
    def sources(self) -> str:
        """The digest of the corpus that the generation was built from."""
        return self._generation.manifest.sources

    def rank(
        self,
        question: str,
        factsheet: str | None = None,
        types: frozenset[ItemType] | None = None,
        *,
        vector: Vector | None = None,
        words_only: bool = False,
    ) -> Ranking:
        """Rank the items for a question, whose ``vector`` may be known already; with ``words_only`` no vector counts.

        Raises :class:`NotFound` for an unknown factsheet.
        """
        self.check_factsheet(factsheet)
        return self._ranker.rank(question, factsheet, types, vector=vector, words_only=words_only)

    def vectors(self, passages: Sequence[int]) -> Matrix:
        """The vectors of passages by their numbers in the knowledge, of length 1, as float32 of shape (passages,
        dimension); raises :class:`~kompasbot.errors.UpstreamError` when only a server has them, and does not answer.
        """
        return self._generation.vectors(passages)

    def likeness(self, vector: Vector, passages: Sequence[int]) -> Vector:
        """The cosine of a question's vector with each of some passages, less part of how much nearer than others a
        passage is to everything: some are neighbours of any question (hubs; Radovanović and others, 2010).
        """
        vectors = self.vectors(passages)
        hubness = vectors @ self._mean - self._hubness if self._mean.size else np.zeros(len(vectors), np.float32)
        return np.asarray(vectors @ vector - _HUBNESS * hubness, np.float32)

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """The weighty words of a question, each with the terms that may stand for it."""
        return self._ranker.concepts(question)

    def share(self, concepts: Sequence[Concept], text: str) -> float:
        """The share of a question's weight that a text holds, from 0 to 1: how well a sentence fits a question."""
        return self._ranker.share(concepts, text)

    def shares(self, concepts: Sequence[Concept], text: str) -> list[float]:
        """For each of some words of a question, how far a text holds it, from 0 to 1; the text is read once."""
        return self._ranker.shares(concepts, text)

    def field_share(self, concepts: Sequence[Concept]) -> float:
        """The share of a question's weight that is of the field of the sources, from 0 to 1."""
        return self._ranker.field.share(concepts)

    def knows(self, concept: Concept) -> bool:
        """Whether any item, expected question or term holds a word or what may stand for it; documents do not count
        where there are items.
        """
        return self._ranker.field.knows(concept)

    def alike(self, word: str) -> frozenset[str]:
        """The stems under which a source may hold a folded word: its own, its compound's parts, its synonyms."""
        return self._ranker.alike(word)

    def tells(self, value: str) -> bool:
        """Whether a source holds an address, number or name, whatever stands between its letters and digits."""
        signs = [re.escape(sign) for sign in value if sign.isalnum()]
        if not signs:
            return False
        told = re.compile(r"(?<![^\W_])" + r"[\W_]{0,3}".join(signs) + r"(?![^\W_])", re.IGNORECASE)
        return any(told.search(text) for item in self.knowledge.items for text in _texts_of(item))

    def check_factsheet(self, factsheet: str | None) -> None:
        """Raise :class:`NotFound` for a factsheet that the index does not hold."""
        if factsheet is not None and factsheet not in {known.id for known in self.knowledge.factsheets}:
            raise NotFound(
                f"Er is geen factsheet met de naam '{factsheet[:80]}'.",
                "Kies een factsheet uit /v1/items, of laat 'factsheet' weg.",
            )

    def search(
        self,
        query: str,
        limit: int = 10,
        factsheet: str | None = None,
        type: ItemType | None = None,
        *,
        vector: Vector | None = None,
        words_only: bool = False,
    ) -> list[Hit]:
        """The best ``limit`` items or documents for a question, best first; by what :meth:`rank` takes."""
        types = None if type is None else frozenset({type})
        ranking = self.rank(query, factsheet, types, vector=vector, words_only=words_only)
        return [self._hit(query, scored) for scored in ranking.scored[:limit]]

    def _hit(self, query: str, scored: Scored) -> Hit:
        passage = scored.passage if scored.item.type is ItemType.DOCUMENT else None
        source = passage.text if passage and passage.kind is PassageKind.TEXT else scored.item.text
        return Hit(scored.item, scored.score, snippet(source, query), passage)

    def close(self) -> None:
        """Close the generation; the index can't be used afterwards."""
        self._generation.close()


def _texts_of(item: Item) -> tuple[str, ...]:
    links = (text for link in item.links for text in (link.label, link.url or ""))
    return (item.title, item.text, item.editor_note or "", *links)


def snippet(text: str, query: str) -> str:
    """The sentence of a text that shares most with a question, shortened to 240 characters."""
    wanted = {stem(word) for word in words(query) if not is_function_word(word)}
    found = sentences(text) or [text]
    best = max(found, key=lambda sentence: len(wanted & {stem(word) for word in words(sentence)}))
    return best if len(best) <= _SNIPPET else best[: _SNIPPET - 1].rsplit(" ", 1)[0] + "…"


def open_index(settings: Settings, generation_id: str | None = None) -> Index:
    """Open a generation, by default the current one; raises :class:`NoIndex` or :class:`IndexMismatch`."""
    from kompasbot.store import Generation, place_of

    embedder = embedder_for(settings)
    generation = Generation.open(place_of(settings), generation_id, embedder.name, settings.exact_search_up_to)
    index = Index(generation, embedder)
    embedder.expect(generation.manifest.dimension, index.tells)
    return index
