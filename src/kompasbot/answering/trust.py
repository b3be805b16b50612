"""How far a unit answers a question, and whether the question is about what the sources are about at all: measured,
since questions from elsewhere share words with any source, and questions of the field may share none.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Final

from kompasbot.answering.evidence import Evidence, UnitEvidence
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.understanding import FACTS
from kompasbot.dutch import stem, words, zipf
from kompasbot.knowledge import PassageKind
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.terms import terms
from kompasbot.retrieval.weights import TrustWeights

_SAME: Final = 0.85
_LONG: Final = 12
"""Weighty words: a question of this many or more counts as long."""


_PREPARED: Final = 16
"""An item with so many expected questions is found by most of the words that people use."""


@dataclass(frozen=True, slots=True)
class TrustMeasures:
    """What speaks for and against a unit answering a part, each from 0 to about 1.

    Of the question: ``field`` and ``unknown`` are the shares of its words that are of the sources' field, and that no
    source knows; ``fact``: a fact is asked for; ``strange``: it says names that the unit does not hold; ``length``: 1
    from twelve words. Of meaning: ``nearest`` is how near the best passage or expected question comes, ``beside`` how
    much nearer a question is that the sources do not answer. Of the unit's item among all: ``rank``, ``coverage`` and
    ``ranked_likeness``; ``named``: the part calls it by name; ``missing``: the weight of the heaviest word that neither
    the unit nor its expected questions know, ``noun``: how far they lack what is counted or whose name is asked. Of its
    best passage: ``likeness`` in meaning, ``asked`` of the nearest question that it is known to answer (where no such
    question is known, the same as ``likeness``), and ``holds``:
    a fact is asked for, and it has one of that kind. ``bare``: 1 for an item without expected questions, of which the
    other measures are lower.
    """

    field: float
    unknown: float
    fact: bool
    strange: bool
    length: float
    nearest: float
    beside: float
    rank: float
    coverage: float
    ranked_likeness: float
    named: bool
    missing: float
    noun: float
    likeness: float
    asked: float
    holds: bool
    bare: float

    def total(self, weights: TrustWeights) -> float:
        """The measures as one number: the higher, the more surely the unit answers the part."""
        weighted = (getattr(weights, each.name) * getattr(self, each.name) for each in fields(self))
        return float(sum(weighted, weights.bias))

    def __str__(self) -> str:
        return ", ".join(f"{each.name} {float(getattr(self, each.name)):.2f}" for each in fields(self))


def measure(
    index: Index, evidence: Evidence, unit: UnitEvidence, rest: Sequence[Concept], nearest: float, outside: float
) -> TrustMeasures:
    """Measure a unit against a part; ``rest`` is what the part asks beside the unit's name. The likeness of what is
    ``nearest``, and of the nearest question from ``outside``, are scaled from 0 to 1, and 0 without vectors.
    """
    part = evidence.part
    holding = [passage for passage in unit.passages if passage.fits] if part.kind in FACTS else []
    best = holding[0] if holding else unit.passages[0]
    known = known_of(unit)
    sources = {source.id for source in unit.unit.sources}
    scored = next((each for each in evidence.ranking.scored if each.item.id in sources), None)
    noun = [concept for concept in rest if concept.word == part.of]
    total = sum(concept.weight for concept in evidence.concepts) or 1.0
    unknown = sum(concept.weight for concept in evidence.concepts if not index.knows(concept))
    return TrustMeasures(
        field=index.field_share(evidence.concepts),
        unknown=unknown / total,
        fact=part.kind in FACTS,
        strange=bool(strange_names(index, part.text, _words_of(unit))),
        length=min(len(rest), _LONG) / _LONG,
        nearest=nearest,
        beside=max(0.0, outside - nearest),
        rank=scored.score if scored else 0.0,
        coverage=evidence.ranking.scored[0].coverage if evidence.ranking.scored else 0.0,
        ranked_likeness=scored.likeness if scored else 0.0,
        named=bool(part.units),
        missing=lacks(index, rest, unit),
        noun=1 - index.share(noun, known) if noun else 0.0,
        likeness=best.likeness or 0.0,
        asked=max(0.0, (best.asked.likeness if best.asked else best.likeness) or 0.0),
        holds=bool(holding),
        bare=max(0.0, 1 - len(unit.unit.item.questions) / _PREPARED),
    )


def is_expected(evidence: Evidence) -> bool:
    """Whether a part is nearly word for word an expected question of the item that ranks first."""
    passage = evidence.ranking.scored[0].passage if evidence.ranking.scored else None
    if passage is None or passage.kind is not PassageKind.QUESTION:
        return False
    mine, theirs = set(terms(evidence.part.text)), set(terms(passage.text))
    shared = len(mine & theirs)
    return shared > 1 and shared >= _SAME * len(mine | theirs)


def strange_names(index: Index, text: str, held: Collection[str] = ()) -> tuple[str, ...]:
    """The names that a question says and no item holds, nor the folded words ``held``."""
    said = (name for name in names(text) if name not in held)
    return tuple(name for name in said if not index.knows(Concept(name, {stem(name): 1.0, name: 1.0}, 1.0)))


def lacks(index: Index, concepts: Sequence[Concept], unit: UnitEvidence) -> float:
    """The weight of the heaviest word that is not known of a unit, of words that are not likely mistyped."""
    real = list({concept.word: concept for concept in concepts if zipf(concept.word)}.values())
    shares = index.shares(real, known_of(unit))
    return max((concept.weight * (1 - share) for concept, share in zip(real, shares, strict=True)), default=0.0)


def known_of(unit: UnitEvidence) -> str:
    """All that is known of a unit, with what it is expected to be asked."""
    item = unit.unit.item
    asked = (question for source in unit.unit.sources for each in source.asked for question in each.questions)
    return " ".join((*_texts(unit), *item.questions, *item.terms, *asked))


def _texts(unit: UnitEvidence) -> list[str]:
    return [f"{source.title} {source.text} {source.editor_note or ''}" for source in unit.unit.sources]


def _words_of(unit: UnitEvidence) -> frozenset[str]:
    return frozenset(word for text in _texts(unit) for word in words(text))
