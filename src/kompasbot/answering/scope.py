"""Whether a question is about what the sources are about at all: measured, since questions from elsewhere share words
with any source, and questions of the field may share none.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.evidence import Evidence
from kompasbot.answering.faithfulness.names import names
from kompasbot.dutch import stem
from kompasbot.knowledge import PassageKind
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.terms import terms
from kompasbot.retrieval.weights import ScopeWeights

_SAME: Final = 0.85


@dataclass(frozen=True, slots=True)
class ScopeMeasures:
    """What speaks for and against a question being of the field, each from 0 to 1.

    ``field``: the share of its words that is of the sources' field; ``coverage``: what the best item holds of it, with
    its expected questions; ``unknown``: the share that no source knows; ``likeness``: how near the best passage or
    expected question is in meaning; ``strange``: whether it says names that no source holds.
    """

    field: float
    coverage: float
    unknown: float
    likeness: float
    strange: bool
    expected: bool

    def total(self, weights: ScopeWeights) -> float:
        """The measures as one number: above 0 a question is of the field rather than not."""
        return (
            weights.field * self.field
            + weights.coverage * self.coverage
            + weights.unknown * self.unknown
            + weights.likeness * self.likeness
            + (weights.strange if self.strange else 0.0)
            + weights.bias
        )


def measure(index: Index, evidence: Evidence, likeness: float) -> ScopeMeasures:
    """Measure a part; ``likeness`` is scaled from 0 to 1, 0 without vectors."""
    concepts = evidence.concepts
    total = sum(concept.weight for concept in concepts) or 1.0
    best = evidence.ranking.scored[0] if evidence.ranking.scored else None
    passage = best.passage if best else None
    return ScopeMeasures(
        field=index.field_share(concepts),
        coverage=best.coverage if best else 0.0,
        unknown=sum(concept.weight for concept in concepts if not index.knows(concept)) / total,
        likeness=likeness,
        strange=bool(strange_names(index, evidence.part.text)),
        expected=passage is not None
        and passage.kind is PassageKind.QUESTION
        and _nearly_same(evidence.part.text, passage.text),
    )


def strange_names(index: Index, text: str, held: Collection[str] = ()) -> tuple[str, ...]:
    """The names that a question says and no item holds, nor the folded words ``held``."""
    said = (name for name in names(text) if name not in held)
    return tuple(name for name in said if not index.knows(Concept(name, {stem(name): 1.0, name: 1.0}, 1.0)))


def _nearly_same(question: str, other: str) -> bool:
    mine, theirs = set(terms(question)), set(terms(other))
    shared = len(mine & theirs)
    return shared > 1 and shared >= _SAME * len(mine | theirs)
