"""The evidence for a question: its best units, and of each the passages that come nearest by meaning and by words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.answering.planted import planted
from kompasbot.answering.understanding import FACTS, AnswerKind, Part
from kompasbot.answering.understanding.filters import met_by
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.answering.units import Unit, Units, squeezed
from kompasbot.dutch import fold, is_function_word, sentences, stem, words
from kompasbot.embedding import Vector
from kompasbot.knowledge import Item, ItemType, Origin, Passage
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.ranking import Ranking
from kompasbot.retrieval.weights import Weights

_LIST: Final = re.compile(r":\s*\n?\s*(?:-|\w+[^.]*,)|\w+, \w[^.]*\b(?:en|of) \w")
_A_VALUE: Final = 0.025
_MOST_VALUES: Final = 4
"""What each value of the facet that is asked for adds to a passage's score: where four places stand, the list is."""
_NEAREST_ASKED: Final = 2
CERTAIN: Final = frozenset({AnswerKind.COUNT, AnswerKind.AMOUNT, AnswerKind.CONTACT})
"""Kinds of answer that a text surely holds or not: a number of what is counted, an amount, an address."""
_SAME: Final = 0.9
_SHARED: Final = 0.25
"""From this likeness on, and with this share of the weight in common, two questions ask the same."""
_UNITS: Final = 8
"""Units whose passages are looked at."""


@dataclass(frozen=True, slots=True)
class AskedEvidence:
    """The nearest of the questions that a passage answers: how near it is by meaning (None without vectors) and by the
    share of the weight that it holds, each from 0 to about 1. ``sentences`` are those that answer such questions, each
    with how near its nearest question is (by words without vectors).
    """

    likeness: float | None
    coverage: float
    sentences: Mapping[str, float]

    @property
    def is_the_same(self) -> bool:
        """Whether a question asks nearly the same, so that the passage surely answers it."""
        return self.likeness is not None and self.likeness >= _SAME and self.coverage >= _SHARED


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    """A passage with how well it fits a question.

    Each measure from 0 to about 1: by meaning (None without vectors), by the share of the question's weight that it
    holds, and whether it holds the kind of answer that is asked for.
    """

    passage: Passage
    source: Item
    unit: str
    likeness: float | None
    coverage: float
    fits: bool
    score: float
    asked: AskedEvidence | None = None


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """A unit with its rank among all, and its passages, the best first."""

    unit: Unit
    rank: float
    score: float
    passages: tuple[PassageEvidence, ...]
    noted: Mapping[str, float] = field(default_factory=dict)
    """The sentences of the editor's note (squeezed), each with how near a question comes that it answers."""

    @property
    def best(self) -> PassageEvidence | None:
        """The best passage."""
        return self.passages[0] if self.passages else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for one part: its units, best first; ``concepts`` are the words of the part, ``rest`` those that
    are asked about the best unit beside its name.
    """

    part: Part
    units: tuple[UnitEvidence, ...]
    concepts: tuple[Concept, ...]
    ranking: Ranking
    nearest: float
    """The highest cosine of any citable passage, 0 without vectors."""
    asked: float = 0.0
    """The highest cosine of any question that a sentence answers, 0 without vectors."""

    @property
    def best(self) -> UnitEvidence | None:
        """The best unit."""
        return self.units[0] if self.units else None


@dataclass(frozen=True, slots=True)
class Asking:
    """What goes with a question beside its words: the factsheet to look in, and the vectors of its texts. A text whose
    vector is not there is compared by words alone.
    """

    factsheet: str | None = None
    vectors: Mapping[str, Vector] = field(default_factory=dict)


class Gatherer:
    """Gathers evidence over one index."""

    def __init__(self, index: Index, units: Units, vocabulary: Vocabulary, weights: Weights) -> None:
        self._index = index
        self._units = units
        self._words = vocabulary
        self._weights = weights

    def gather(self, part: Part, focus: Sequence[str], asking: Asking) -> Evidence:
        """The evidence for a part; ``focus`` are the units last told, which a leaning question looks in first."""
        factsheet, vector = asking.factsheet, asking.vectors.get(part.query)
        bare = asking.vectors.get(part.asked) if part.leans else None
        ranking = self._index.rank(part.query, factsheet, vector=vector, words_only=vector is None)
        # A word that is said again asks nothing more, and is not looked up again.
        concepts = tuple({concept.word: concept for concept in self._index.concepts(part.asked)}.values())
        ranks = self._ranks(ranking)
        wanted = self._candidates(part, ranks, focus, factsheet)
        about = {*part.units, *focus}
        found = [
            self._unit(self._units[unit], part, concepts, vector, bare if unit in about else None, ranks.get(unit, 0.0))
            for unit in wanted
        ]
        nearest = max((one.nearest for one in found), default=0.0)
        order = sorted((one for one in found), key=lambda one: -one.evidence.score)
        asked = max((one.asked for one in found), default=0.0)
        return Evidence(part, tuple(one.evidence for one in order), concepts, ranking, nearest, asked)

    def _ranks(self, ranking: Ranking) -> dict[str, float]:
        """The rank of each unit: its item's score, or that of the best of its documents."""
        ranks: dict[str, float] = {}
        for scored in ranking.scored:
            for unit in self._units.of.get(scored.item.id, ()):
                ranks[unit] = max(ranks.get(unit, 0.0), scored.score)
        return ranks

    def _candidates(
        self, part: Part, ranks: dict[str, float], focus: Sequence[str], factsheet: str | None
    ) -> list[str]:
        """The units to look at: those that are named or pointed at, those last told, and the best ranked."""
        named = [unit for unit in part.units if factsheet in (None, self._units[unit].item.factsheet)]
        best = sorted(ranks, key=lambda unit: -ranks[unit])[:_UNITS]
        last = [unit for unit in focus if self._units.get(unit)] if part.leans else []
        return list(dict.fromkeys((*named, *last, *best)))

    def _unit(
        self,
        unit: Unit,
        part: Part,
        concepts: Sequence[Concept],
        vector: Vector | None,
        bare: Vector | None,
        rank: float,
    ) -> "_Found":
        """The evidence of a unit; ``bare`` is the vector of a question that leans on it, without what it leans on."""
        rest = self.rest(unit, part, concepts)
        rows = (*unit.rows, *(row for asked in unit.asked.values() for row in asked), *unit.noted)
        cosines = dict(zip(rows, self._index.likeness(vector, rows), strict=True)) if vector is not None else None
        if cosines is not None and bare is not None:
            # With the name of what it leans on, a question is near to all that is called so.
            alone = dict(zip(rows, self._index.likeness(bare, rows), strict=True))
            together = {row: (alone[row] + cosines[row]) / 2 for row in unit.rows}
            cosines = {row: max(alone[row], cosines[row]) for row in rows} | together
        passages = []
        for row in unit.rows:
            passage = self._index.knowledge.passages[row]
            if (self._opens_note(passage) and len(unit.rows) > 1) or self._is_planted(passage):
                continue
            asked = self._asked(unit.asked.get(row, ()), rest, cosines)
            likeness = self._weights.likeness.stretched(float(cosines[row])) if cosines is not None else None
            source = self._index.items[passage.item_id]
            passages.append(self._passage(passage, source, unit, part, rest, likeness, asked))
        passages.sort(key=lambda one: -one.score)
        weights = self._weights.unit
        texts = " ".join(f"{source.title} {source.text}" for source in unit.sources)
        nearest_passage = min(1.0, max((each.likeness or 0.0 for each in passages), default=0.0))
        asked_likeness = max(0.0, max((each.asked.likeness or 0.0 for each in passages if each.asked), default=0.0))
        coverage = self._index.share(concepts, texts)
        score = weights.rank * rank + weights.likeness * nearest_passage + weights.coverage * coverage
        score += weights.asked * (asked_likeness or nearest_passage)
        nearest = max((float(cosines[row]) for row in unit.rows), default=0.0) if cosines else 0.0
        noted = self._asked(unit.noted, rest, cosines)
        nearest_asked = max((float(cosines[row]) for row in rows[len(unit.rows) :]), default=0.0) if cosines else 0.0
        return _Found(
            UnitEvidence(unit, rank, score, tuple(passages), noted.sentences if noted else {}), nearest, nearest_asked
        )

    def _asked(
        self, rows: Sequence[int], rest: Sequence[Concept], cosines: Mapping[int, float] | None
    ) -> AskedEvidence | None:
        """The expected questions of a passage, of which ``rows`` are the numbers; None where there are none."""
        if not rows:
            return None
        passages = self._index.knowledge.passages
        near = rows if cosines is None else sorted(rows, key=lambda row: -cosines[row])[:_NEAREST_ASKED]
        covered = {row: self._index.share(rest, passages[row].text) if rest else 0.0 for row in near}
        stretched = self._weights.likeness.stretched
        measured = covered if cosines is None else {row: stretched(float(cosines[row])) for row in rows}
        sentences: dict[str, float] = {}
        for row, nearness in measured.items():
            sentence = squeezed(passages[row].answer or "")
            sentences[sentence] = max(nearness, sentences.get(sentence, 0.0))
        likeness = None if cosines is None else max(measured.values())
        return AskedEvidence(likeness, max(covered.values()), sentences)

    def _opens_note(self, passage: Passage) -> bool:
        """Whether a passage is the opening of a note: that says what the note was made from, and answers nothing."""
        source = self._index.items[passage.item_id]
        return source.origin is Origin.NOTE and bool(source.sections) and passage.text in source.sections[0].text

    def _is_planted(self, passage: Passage) -> bool:
        """Whether a document that nobody reviewed is named by a command to a machine."""
        source = self._index.items[passage.item_id]
        unread = is_document(source) and source.origin is not Origin.NOTE
        return unread and any(planted(name) for name in (source.title, passage.heading or ""))

    def rest(self, unit: Unit, part: Part, concepts: Sequence[Concept]) -> tuple[Concept, ...]:
        """What a question asks beside the unit's own name."""
        own = self._units.name_words(unit.id)
        own |= {stem(word) for word in own}
        phrases = {word for phrase in unit.phrases for word in phrase}
        named = unit.id in part.units
        return tuple(
            concept
            for concept in concepts
            if concept.word not in own
            and stem(concept.word) not in own
            and (concept.corrected or concept.word) not in own
            and not (named and stem(concept.word) in phrases)
            and concept.word not in self._words.sections
        )

    def _passage(
        self,
        passage: Passage,
        source: Item,
        unit: Unit,
        part: Part,
        rest: Sequence[Concept],
        likeness: float | None,
        asked: AskedEvidence | None,
    ) -> PassageEvidence:
        coverage = self._index.share(rest, passage.text) if rest else 0.0
        headed = self._index.share(rest, passage.heading) if rest and passage.heading else 0.0
        fits = (
            self.holds(part, passage.text, unit)
            or (headed > 0 and self._asks_the_same(part, passage.heading))
            or (asked is not None and asked.is_the_same and part.kind not in CERTAIN)
        )
        weights = self._weights.passage
        # A passage of which nobody wrote down what it answers is measured twice by itself.
        asked_likeness = asked.likeness if asked is not None else likeness
        asked_coverage = asked.coverage if asked is not None else coverage
        if likeness is None or asked_likeness is None:
            by_words = weights.likeness + weights.coverage + weights.asked
            score = by_words * max(coverage, headed) + weights.asked_coverage * asked_coverage
        else:
            score = weights.likeness * likeness + weights.asked * asked_likeness
            score += weights.coverage * coverage + weights.asked_coverage * asked_coverage
        score += weights.heading * headed
        score += weights.kind if fits else 0.0
        score += _A_VALUE * min(_MOST_VALUES, self.facets_in(part, passage.text, unit))
        if part.kind is AnswerKind.WHICH and self._enumerates(part, passage.text):
            score += _A_VALUE * _MOST_VALUES
        return PassageEvidence(passage, source, unit.id, likeness, max(coverage, headed), fits, score, asked)

    def holds(self, part: Part, text: str, unit: Unit) -> bool:
        """Whether a text holds the kind of answer that a part asks for: a year, a count of what is counted, …"""
        if part.kind is AnswerKind.WHO and part.of:
            return self._names_one(part, text, unit)
        return bool(self.facets_in(part, text, unit)) or self._says(part, text, unit)

    def _says(self, part: Part, text: str, unit: Unit) -> bool:
        pattern = self._words.holds.get(part.kind)
        if part.kind is AnswerKind.COUNT:
            return self._counts(part, text)
        if part.kind is AnswerKind.WHICH:
            return self._enumerates(part, text)
        if pattern is None:
            return False
        if part.kind is AnswerKind.WHO:
            known = self._units.name_words(unit.id) | set(words(part.text))
            called = pattern.finditer(self._words.reporter.sub("", text))
            return any(not set(words(match[0])) <= known for match in called)
        return bool(pattern.search(text))

    def _names_one(self, part: Part, text: str, unit: Unit) -> bool:
        """Whether a sentence of a text names somebody in the role that is asked for."""
        wanted = self._index.alike(part.of or "")
        known = self._units.name_words(unit.id) | set(words(part.text))
        for sentence in sentences(self._words.reporter.sub("", text)):
            in_role = wanted & {stem(word) for word in words(sentence)}
            if in_role and any(name not in known and stem(name) not in wanted for name in names(sentence)):
                return True
        return False

    def _enumerates(self, part: Part, text: str) -> bool:
        """Whether a text lists what is asked for by ``welke``: ``drie vormen``, or the word before a list."""
        if part.of is None:
            return False
        wanted = self._index.alike(part.of)
        said = [stem(word) for word in words(text)]
        if not wanted & set(said):
            return False
        return self._counts(part, text) or bool(_LIST.search(text)) or any(word.isdigit() for word in said)

    def _asks_the_same(self, part: Part, heading: str | None) -> bool:
        """Whether a heading is a question for the same kind of answer."""
        if heading is None or not heading.endswith("?"):
            return False
        return self._words.kind_of(fold(heading))[0] is part.kind

    def facets_in(self, part: Part, text: str, unit: Unit) -> int:
        """How many values of the facet that a part asks for rest on a sentence of a text."""
        wanted = [] if part.kind in FACTS else [each for each in part.filters if not each.negated]
        met = {facet for each in wanted if (facet := met_by(unit.item.facets, each))}
        asked = {facet for facet in unit.item.facets if facet.kind is part.facet}
        return len({facet.value for facet in met | asked if facet.support.quote in text})

    def _counts(self, part: Part, text: str) -> bool:
        """Whether a number in a text counts what is asked for; without a noun any number does."""
        found = [number for number in numbers(text) if not number.is_year]
        if part.of is None:
            return bool(found)
        wanted = self._index.alike(part.of)
        said = [stem(word) for word in words(text)]
        for number in found:
            if number.counts & wanted:
                return True
            places = [at for at, word in enumerate(words(text)) if word == number.word]
            if any(wanted & set(said[at + 1 : at + 5]) for at in places):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Found:
    evidence: UnitEvidence
    nearest: float
    asked: float


def is_document(source: Item) -> bool:
    """Whether a source is a linked document rather than an item of a factsheet."""
    return source.type is ItemType.DOCUMENT


def content_words(text: str) -> list[str]:
    """The folded words of a text that carry content."""
    return [word for word in words(text) if not is_function_word(word)]
