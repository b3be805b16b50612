"""How much a word belongs to the field that the sources are about.

A word is of the field when it stands in the sources far more often than in general Dutch: ``school`` and
``gemeente`` are, ``morgen`` and ``lekker`` are not. Questions from outside the field have few such words, however
they are put.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.dutch import always_capitalised, stem, zipf
from kompasbot.retrieval.postings import Postings
from kompasbot.retrieval.query import Concept, Synonyms

_WORDS_A_PASSAGE: Final = 9
_FULL: Final = 1.6
"""From this surplus on (a factor of 40, as a power of ten) a word is wholly of the field."""
_UNKNOWN_ZIPF: Final = 1.5
_KNOWN_NAME: Final = 3.0
_OF_A_NAME: Final = 0.25
"""What a name counts at the most that general Dutch knows too: asking for the weather in Groningen is not of the
field."""
_ONLY_SYNONYM: Final = 0.4
"""What a word counts that only the synonyms of the field know."""
_CACHE: Final = 20_000


class Field:
    """The field of one generation's sources; ``surfaces`` are the words of its items, ``names`` what
    :func:`known_names` gives of them.

    ``counted`` says which passages make the field: those of items, since a document may be about anything.
    """

    def __init__(
        self,
        index: Postings,
        counted: NDArray[np.bool_],
        surfaces: Iterable[str],
        names: Iterable[str],
        synonyms: Synonyms,
    ) -> None:
        self._index = index
        self._counted = counted if counted.any() else np.ones(len(counted), bool)
        self._size = max(1, int(self._counted.sum()))
        self._synonyms = synonyms
        self._general = _general_frequencies(surfaces)
        self._names = frozenset(names)
        self._cache: dict[str, float] = {}

    def knows(self, concept: Concept) -> bool:
        """Whether any passage that makes the field holds a word or what may stand for it."""
        return any(self._counted[self._index.rows(term)[0]].any() for term in concept.alternatives)

    def of_term(self, term: str) -> float:
        """How much a term is of the field, from 0 (not, or unknown to the sources) to 1."""
        if term not in self._cache:
            # Not an lru_cache: around a method it makes a circle, which keeps the index's files open after a switch.
            if len(self._cache) >= _CACHE:
                self._cache.clear()
            self._cache[term] = self._of_term(term)
        return self._cache[term]

    def of_concept(self, concept: Concept) -> float:
        """How much a word of a question is of the field, itself or by what may stand for it."""
        best = max((like * self.of_term(term) for term, like in concept.alternatives.items()), default=0.0)
        known = self._synonyms.of((stem(concept.word),))
        return max(best, _ONLY_SYNONYM if known else 0.0)

    def share(self, concepts: Iterable[Concept]) -> float:
        """The share of a question's weight that is of the field, from 0 to 1; 0 for a question without content."""
        total = found = 0.0
        for concept in concepts:
            total += concept.weight
            found += concept.weight * self.of_concept(concept)
        return found / total if total else 0.0

    def _of_term(self, term: str) -> float:
        held = int(self._counted[self._index.rows(term)[0]].sum())
        if not held:
            return 0.0
        general = self._general.get(term) or 10 ** (max(_UNKNOWN_ZIPF, zipf(term)) - 9)
        surplus = log10(held / self._size / (general * _WORDS_A_PASSAGE))
        return min(_OF_A_NAME if term in self._names else 1.0, max(0.0, surplus / _FULL))


def known_names(texts: Iterable[str]) -> frozenset[str]:
    """The stems of the names in texts that general Dutch knows too."""
    return frozenset(stem(name) for name in always_capitalised(texts) if zipf(name) >= _KNOWN_NAME)


def _general_frequencies(surfaces: Iterable[str]) -> Mapping[str, float]:
    """For each stem how often its forms stand in general Dutch, as a share of all words."""
    found: dict[str, float] = defaultdict(float)
    for word in set(surfaces):
        found[stem(word)] += 10 ** (max(_UNKNOWN_ZIPF, zipf(word)) - 9)
    return found
