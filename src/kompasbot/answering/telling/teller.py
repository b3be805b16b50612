"""What is told from evidence: the passages that answer, the direct answer first, and what presents the item."""

from collections.abc import Sequence
from typing import Final

from kompasbot.answering.answer import BlockKind, Speaker
from kompasbot.answering.draft import Paragraph, Statement
from kompasbot.answering.evidence import CERTAIN, Evidence, Gatherer, PassageEvidence, UnitEvidence, is_document
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.answering.fitting import Line, leans, lines
from kompasbot.answering.telling.acts import Acts
from kompasbot.answering.telling.direct import decide
from kompasbot.answering.telling.quoting import (
    CLOSE,
    Score,
    chosen_lines,
    place_of,
    presenting,
    quoted,
    support,
    unreviewed,
    whole,
)
from kompasbot.answering.telling.reviewed import ReviewedAnswers
from kompasbot.answering.understanding import FACTS, AnswerKind, Part, Understanding
from kompasbot.answering.understanding.filters import met_by
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.answering.units import Unit, Units, squeezed
from kompasbot.answering.verdict import Outcome, Verdict
from kompasbot.dutch import fold, stem, words
from kompasbot.knowledge import ReviewedAnswer
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept

_SENTENCES: Final = 3
_SENTENCES_OF_A_FACT: Final = 2
_SHORT_NOTE: Final = 4
"""A passage of a reviewed note of up to so many sentences is told whole."""
_CLOSE_TO_PRESENTING: Final = 0.2
"""Beside the sentence that presents an item another is told from this share of its score on."""
_WORN: Final = 0.6
_WORN_BY_NAME: Final = 0.9
"""What was told already is told again rather than something that scores less than this share of it; sooner where the
question says by itself what it is about."""
_SECOND: Final = 0.75
"""A second passage is told beside the best one from this share of its score on, until ``_ENOUGH`` words."""
_ENOUGH: Final = 45
_ASKS_LITTLE: Final = 0.6
"""``Heeft u iets over Collegetours?`` is answered by yes when it asks no more than this beside the name."""
_LIGHT: Final = 0.3
"""A question that asks words of no more than this weight beside a unit's name asks what it is; one that asks no heavier
word beside facets is answered by them."""
_NOTED: Final = 1.0
"""From this likeness on what the editor noted is told too, and first where no passage comes nearer."""
_KIND_BONUS: Final = 0.35
_VALUE_BONUS: Final = 0.2
_MOST_VALUES: Final = 3
"""What a sentence has before others for each value that it gives of the facet that is asked for."""
_IN_PASSAGE: Final = 0.25
_ASKED: Final = 0.7
"""What a sentence has before others that answers an expected question which is the same in meaning."""


class PassageTeller:
    """Tells what evidence answers, over one index."""

    def __init__(
        self,
        index: Index,
        units: Units,
        texts: Texts,
        vocabulary: Vocabulary,
        gatherer: Gatherer,
        reviewed: ReviewedAnswers,
        acts: Acts,
    ) -> None:
        self._index = index
        self._units = units
        self._texts = texts
        self._words = vocabulary
        self._gatherer = gatherer
        self._reviewed = reviewed
        self._acts = acts

    def told(
        self, part: Part, evidence: Evidence, verdict: Verdict, understood: Understanding, said: str
    ) -> list[Paragraph]:
        """The paragraphs of a part that evidence answers, the direct answer first."""
        unit = verdict.unit
        if unit is None:
            return []
        if understood.english:
            english = self._reviewed.english(unit.unit.id)
            if english is not None and self._answers_in_english(part, english, unit, understood):
                return self._reviewed.told(english)
        before = f"{understood.told.text}\n{said}"
        rest = self._gatherer.rest(unit.unit, part, evidence.concepts)
        asks = sum(concept.weight for concept in rest) > _LIGHT
        of_item = unit.best is not None and not is_document(unit.best.source)
        denied = part.confirms_negation and not self._holds_any(unit, rest)
        is_named = unit.unit.id in part.units
        if denied or (part.kind is AnswerKind.DEFINE and of_item and is_named):
            asks = False
        told = self._presented(unit)
        if told and not denied and squeezed(told[0].statements[0].text) in squeezed(before):
            asks = True  # to present it once more would say nothing
        if not asks and part.kind not in FACTS and part.kind is not AnswerKind.PROVEN:
            if denied:
                return [self._said("klopt", told), *told]
        else:
            told = self._passages(part, evidence, unit, verdict, before)
        if verdict.outcome is Outcome.TOLD and part.yes_no:
            told = self._with_direct(part, unit, rest, told)
        answering = {sentence for sentence, likeness in unit.noted.items() if likeness >= _NOTED}
        if answering:
            noted = self._acts.notes([unit.unit], part, named=True, only=answering)
            first = part.kind is not AnswerKind.PROVEN and self._is_for_editor(unit)
            return [*noted, *told] if first else [*told, *noted]
        if part.doubts and unit.unit.item.editor_note:
            told = [*told, *self._acts.notes([unit.unit], part, named=True)]
        return told

    def _is_for_editor(self, unit: UnitEvidence) -> bool:
        """Whether the editor's note answers rather than any passage."""
        nearest = max((each.asked.likeness or 0.0 for each in unit.passages if each.asked), default=0.0)
        return max(unit.noted.values(), default=0.0) >= max(_NOTED, nearest)

    def _answers_in_english(
        self, part: Part, english: ReviewedAnswer, unit: UnitEvidence, understood: Understanding
    ) -> bool:
        """Whether the telling in English holds the fact that is asked for, and was not told before."""
        text = " ".join(sentence.text for sentence in (*english.sentences, *english.steps))
        if squeezed(english.sentences[0].text) in squeezed(understood.told.text):
            return False
        return part.kind not in FACTS or self._gatherer.holds(part, text, unit.unit)

    def _presented(self, unit: UnitEvidence) -> list[Paragraph]:
        """What an item is: its text, to three sentences and its list."""
        item = unit.unit.item
        if is_document(item):
            best = unit.best
            return whole(best) if best else []
        found = lines(item.text, unreviewed(item))
        prose = [line for line in found if not line.entry][:_SENTENCES]
        chosen = [line for line in found if line in prose or line.entry]
        return quoted(item, item.text, chosen, None)

    def _passages(
        self, part: Part, evidence: Evidence, unit: UnitEvidence, verdict: Verdict, before: str
    ) -> list[Paragraph]:
        """The passage that decided, and another that comes as near; what was told before gives way.

        An item that the question does not name is presented too, in its own words: a visitor has to know what it is.
        """
        candidates = list(unit.passages)
        if part.kind in FACTS:
            candidates = [passage for passage in candidates if passage.fits] or candidates
        fresh = [passage for passage in candidates if self._is_new(passage, before)]
        best = (fresh or candidates)[0]
        worn = _WORN if part.leans else _WORN_BY_NAME
        if fresh and best is not candidates[0] and best.score < worn * candidates[0].score:
            best = candidates[0]
        named = bool(part.units) or (part.leans and not part.other) or is_document(unit.unit.item)
        told = self._quoted(part, evidence, unit, best, presents=not named and not is_document(best.source))
        close = [each for each in fresh or candidates if each is not best and each.score >= _SECOND * best.score]
        if verdict.outcome is not Outcome.ABSENT and close and _words(told) < _ENOUGH:
            told += self._quoted(part, evidence, unit, close[0])
        return told if named else self._introduced(unit, best, told)

    def _introduced(self, unit: UnitEvidence, best: PassageEvidence, told: list[Paragraph]) -> list[Paragraph]:
        """What is told, and then the sentence that presents the item where nothing calls it by its name."""
        item = unit.unit.item
        line = presenting(item)
        said = {word for paragraph in told for each in paragraph.statements for word in words(each.text)}
        if line is None or not is_document(best.source) or self._units.name_words(item.id) & said:
            return told
        return [*told, *quoted(item, item.text, [line], None)]

    def _is_new(self, passage: PassageEvidence, before: str) -> bool:
        told = squeezed(before)
        return any(squeezed(line.text) not in told for line in lines(passage.passage.text, unreviewed(passage.source)))

    def _quoted(
        self,
        part: Part,
        evidence: Evidence,
        unit: UnitEvidence,
        passage: PassageEvidence,
        presents: bool = False,
    ) -> list[Paragraph]:
        """The sentences of a passage that answer a part; of an item with the one that presents it where asked."""
        source, text = passage.source, passage.passage.text
        rest = self._gatherer.rest(unit.unit, part, evidence.concepts)
        found = lines(text, unreviewed(source))
        entries = [line for line in found if line.entry]
        if is_document(source):
            whole_text, place = text, place_of(source, passage.passage)
        else:
            whole_text, place = source.text, None
        first = presenting(source) if presents else None

        def score(sentence: str) -> float:
            inside = _IN_PASSAGE if sentence in text else 0.0
            kind = _KIND_BONUS if self._gatherer.holds(part, sentence, unit.unit) else 0.0
            kind += _VALUE_BONUS * min(_MOST_VALUES, self._gatherer.facets_in(part, sentence, unit.unit))
            if passage.asked is not None:
                kind += _ASKED * max(0.0, passage.asked.sentences.get(squeezed(sentence), 0.0))
            if first is not None and sentence == first.text:
                return 1.0 + inside + kind
            return self._index.share(rest, sentence) + inside + kind if rest else inside + kind

        if is_document(source) and len(found) <= _SHORT_NOTE and not entries:
            chosen = found
        else:
            most = _SENTENCES_OF_A_FACT if part.kind in FACTS else _SENTENCES
            close = _CLOSE_TO_PRESENTING if presents else CLOSE
            chosen = chosen_lines(whole_text, score, most, close, wary=unreviewed(source))
        if (part.kind in FACTS or part.yes_no) and not any(line.entry for line in chosen):
            chosen = _answer_first(chosen, score)
        return quoted(source, whole_text, chosen, place)

    def _with_direct(
        self, part: Part, unit: UnitEvidence, rest: Sequence[Concept], told: list[Paragraph]
    ) -> list[Paragraph]:
        """A yes-no question gets yes or no first, where facets or the told sentences carry it."""
        statements = [statement for paragraph in told for statement in paragraph.statements]
        if part.exists and part.units and sum(concept.weight for concept in rest) <= _ASKS_LITTLE:
            return [self._yes(True, told), *told]
        says_how_many = numbers(part.text) or self._words.quantified.search(fold(part.text))
        facet = None if says_how_many else self._facet_answer(part, unit.unit, rest)
        if facet is not None:
            return facet
        direct = decide(self._index, part, rest, [statement.text for statement in statements], self._words)
        return told if direct is None or not statements else [self._yes(direct.yes, told), *told]

    def _holds_any(self, unit: UnitEvidence, rest: Sequence[Concept]) -> bool:
        """Whether a unit says anything of the words that are asked about."""
        texts = " ".join(source.text for source in unit.unit.sources)
        return any(self._index.share([concept], texts) > 0 for concept in rest)

    def _yes(self, yes: bool, told: Sequence[Paragraph]) -> Paragraph:
        return self._said("ja" if yes else "nee", told)

    def _said(self, key: str, told: Sequence[Paragraph]) -> Paragraph:
        """A short answer of ours that rests on the first sentence that is told."""
        first = told[0].statements[0]
        text = self._texts.get(f"samengesteld.{key}")
        return Paragraph(BlockKind.SECTION, (Statement(text, first.sources, Speaker.COMPOSED),))

    def _facet_answer(self, part: Part, unit: Unit, rest: Sequence[Concept]) -> list[Paragraph] | None:
        """Yes, with its sentence, when the unit has all facet values that are asked for."""
        wanted = [each for each in part.filters if not each.negated]
        met = [facet for each in wanted if (facet := met_by(unit.item.facets, each))]
        named = {word for each in wanted for word in each.value.split()}
        if not wanted or len(met) < len(wanted):
            return None
        facet = met[0]
        unsaid = [
            each for each in rest if stem(each.word) not in named and not self._index.share([each], facet.support.quote)
        ]
        if part.kind in CERTAIN or max((concept.weight for concept in unsaid), default=0.0) > _LIGHT:
            return None
        basis = support((facet.support,), self._index.items)
        told = [Paragraph(BlockKind.SECTION, (Statement(facet.support.quote, basis),))]
        return [self._yes(True, told), *told]


def _words(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(statement.text.split()) for paragraph in paragraphs for statement in paragraph.statements)


def _answer_first(chosen: Sequence[Line], score: Score) -> tuple[Line, ...]:
    """The sentence that answers before the others, unless one leans on the sentence before it."""
    if len(chosen) < 2 or any(leans(line.text) for line in chosen[1:]):
        return tuple(chosen)
    best = max(chosen, key=lambda line: score(line.text))
    return (best, *(line for line in chosen if line is not best))
