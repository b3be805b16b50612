"""The lexical index over items and over their passages, and its scores for the concepts of a question."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.knowledge import ItemType, Knowledge, Passage, PassageKind
from kompasbot.retrieval import postings
from kompasbot.retrieval.field import known_names
from kompasbot.retrieval.postings import Floats, Postings
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.terms import terms

_NAMES: Final = "names"
_FIELD_WEIGHT = {PassageKind.TITLE: 2.0, PassageKind.TEXT: 2.0, PassageKind.QUESTION: 1.0, PassageKind.TERMS: 1.0}


def build_arrays(knowledge: Knowledge) -> dict[str, NDArray[np.generic]]:
    """The arrays of both inverted indexes, by name; units are numbered as ``knowledge.items`` and ``.passages``.

    The known names of all texts stand beside them: to gather these takes as long as reading everything.
    """
    items: list[dict[str, float]] = [{} for _ in knowledge.items]
    passages = _collecting(knowledge, items)
    found = {f"passages.{k}": v for k, v in postings.build(passages, len(knowledge.passages)).items()}
    found |= {f"items.{k}": v for k, v in postings.build(items, len(items)).items()}
    known = known_names(text for item in knowledge.items for text in (item.title, item.text))
    return {**found, _NAMES: np.frombuffer("\n".join(sorted(known)).encode(), np.uint8)}


def names(arrays: Mapping[str, NDArray[np.generic]]) -> list[str]:
    """The known names among the arrays of :func:`build_arrays`."""
    return bytes(arrays[_NAMES]).decode().split("\n")


def passage_terms(passage: Passage) -> dict[str, float]:
    """The terms of a passage, with those of its heading."""
    return terms(f"{passage.heading}\n{passage.text}" if passage.heading else passage.text)


def _collecting(knowledge: Knowledge, items: Sequence[dict[str, float]]) -> Iterator[dict[str, float]]:
    """The terms of each passage, one after another; meanwhile those of an item's passages are added up in ``items``,
    weighted by field. A document's are left to its passages: it may be a book.
    """
    number = {item.id: at for at, item in enumerate(knowledge.items) if item.type is not ItemType.DOCUMENT}
    for passage in knowledge.passages:
        weighted = passage_terms(passage)
        at = number.get(passage.item_id)
        if at is not None:
            for term, count in weighted.items():
                items[at][term] = items[at].get(term, 0.0) + _FIELD_WEIGHT[passage.kind] * count
        yield weighted


def concept_scores(index: Postings, concept: Concept) -> Floats:
    """What each unit has of a concept, from 0 to the concept's idf: its best alternative counts."""
    scores = np.zeros(index.size, np.float32)
    for term, likeness in concept.alternatives.items():
        units, impacts = index.rows(term)
        if len(units):
            worth = impacts * np.float32(likeness * concept.weight * index.rareness(term))
            scores[units] = np.maximum(scores[units], worth)
    return scores


def ceiling(index: Postings, concept: Concept) -> float:
    """What a unit would score on a concept at the most: the idf of the word itself, or of its best known
    alternative.
    """
    known = [index.rareness(term) * like for term, like in concept.alternatives.items() if term in index.vocabulary]
    return concept.weight * (max(known) if known else index.rareness(concept.word))


def coverage(index: Postings, concepts: Iterable[Concept]) -> Floats:
    """The share of a question's weight that each unit holds, from 0 to 1."""
    total, scores = 0.0, np.zeros(index.size, np.float32)
    for concept in concepts:
        scores += concept_scores(index, concept)
        total += ceiling(index, concept)
    return scores / np.float32(total) if total else scores


def share(index: Postings, concepts: Iterable[Concept], held: Mapping[str, float]) -> float:
    """The share of a question's weight that a text with the terms ``held`` has, from 0 to 1."""
    total = found = 0.0
    for concept in concepts:
        total += ceiling(index, concept)
        present = [like * index.rareness(term) for term, like in concept.alternatives.items() if term in held]
        found += concept.weight * max(present, default=0.0)
    return found / total if total else 0.0
