"""From an understood message to what is said: per part its evidence, a verdict, and paragraphs that tell it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kompasbot.answering.answer import BlockKind, Speaker, Status
from kompasbot.answering.draft import Paragraph, Statement
from kompasbot.answering.evidence import (
    CERTAIN,
    Asking,
    Evidence,
    Gatherer,
    PassageEvidence,
    UnitEvidence,
    content_words,
    is_document,
)
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.answering.fitting import Line, leans, lines
from kompasbot.answering.intents import Intents
from kompasbot.answering.telling.acts import Acts
from kompasbot.answering.telling.comparing import Comparer
from kompasbot.answering.telling.direct import decide
from kompasbot.answering.telling.lists import Lister, number
from kompasbot.answering.telling.quoting import (
    CLOSE,
    Score,
    chosen_lines,
    own,
    place_of,
    presenting,
    quoted,
    support,
    unreviewed,
    whole,
)
from kompasbot.answering.telling.reviewed import Match, ReviewedAnswers
from kompasbot.answering.trust import TrustMeasures
from kompasbot.answering.understanding import FACTS, Act, AnswerKind, FacetFilter, Part, Told, Understanding
from kompasbot.answering.understanding.filters import met_by
from kompasbot.answering.understanding.rules import Understander
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.answering.units import Unit, Units, squeezed
from kompasbot.answering.verdict import Judge, Outcome, Verdict
from kompasbot.dutch import fold, looks_english, stem, words
from kompasbot.knowledge import SECTIONS, FacetKind, ItemType, ReviewedAnswer
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.weights import Weights

_SENTENCES: Final = 3
_MOST_CHOICES: Final = 4
_SENTENCES_OF_A_FACT: Final = 2
_SHORT_NOTE: Final = 4
"""A passage of a reviewed note of up to so many sentences is told whole."""
_CLOSE_TO_PRESENTING: Final = 0.2
"""Beside the sentence that presents an item another is told from this share of its score on."""
_WORN: Final = 0.6
"""What was told already is told again rather than something that scores less than this share of it."""
_SECOND: Final = 0.75
"""A second passage is told beside the best one from this share of its score on, until ``_ENOUGH`` words."""
_ENOUGH: Final = 45
_RECENT: Final = 0.45
_EARLIER: Final = 0.25
"""What a unit has before others in a leaning question when the latest answer told of it, or an earlier one did."""
_ASKS_LITTLE: Final = 0.6
"""``Heeft u iets over Collegetours?`` is answered by yes when it asks no more than this beside the name."""
_LIGHT: Final = 0.3
"""A question that asks words of no more than this weight beside a unit's name asks what it is; one that asks no heavier
word beside facets is answered by them."""
_NOTED: Final = 1.0
"""From this likeness on the editor's note answers, where no passage comes nearer."""
_KIND_BONUS: Final = 0.35
_VALUE_BONUS: Final = 0.2
_MOST_VALUES: Final = 3
"""What a sentence has before others for each value that it gives of the facet that is asked for."""
_IN_PASSAGE: Final = 0.25
_ASKED: Final = 0.7
"""What a sentence has before others that answers an expected question which is the same in meaning."""
_ASKS_HOW: Final = frozenset({AnswerKind.HOW_TO, AnswerKind.HOW})


@dataclass(frozen=True, slots=True)
class PartReply:
    """What one part of a question gets: the paragraphs, how it was decided, and the units that they tell of."""

    part: Part
    outcome: Outcome
    paragraphs: tuple[Paragraph, ...]
    reasons: tuple[str, ...] = ()
    evidence: Evidence | None = None
    notice: Paragraph | None = None
    measures: TrustMeasures | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """All that is said to a message. ``choices`` are suggestions that were decided already (asking back)."""

    status: Status
    paragraphs: tuple[Paragraph, ...]
    parts: tuple[PartReply, ...] = ()
    near: tuple[str, ...] = ()
    choices: tuple[str, ...] | None = None
    suggests: bool = True
    reasons: tuple[str, ...] = field(default=())

    @property
    def told(self) -> tuple[str, ...]:
        """The ids of the items and documents that the reply rests on."""
        sources = (basis.item.id for each in self.paragraphs for said in each.statements for basis in said.sources)
        return tuple(dict.fromkeys(sources))


class Replier:
    """Replies over one index, without a language model."""

    def __init__(self, index: Index, texts: Texts, vocabulary: Vocabulary, intents: Intents, weights: Weights) -> None:
        self._index = index
        self._texts = texts
        self._words = vocabulary
        self._weights = weights
        self.units = Units(index.knowledge)
        self.understander = Understander(index, self.units, vocabulary, intents)
        self.gatherer = Gatherer(index, self.units, vocabulary, weights)
        self._judge = Judge(index, self.gatherer, weights)
        self._lister = Lister(index, self.units, texts)
        self._comparer = Comparer(index, texts)
        self.reviewed = ReviewedAnswers(index, weights.reviewed)
        self._acts = Acts(index, self.units, texts, self.reviewed, self.gatherer)

    def reply(self, understood: Understanding, asking: Asking) -> Reply:
        """What is said to a message that is neither small talk nor refused by its wording."""
        if understood.act is not Act.ASK:
            acted = self._acts.reply(understood, asking)
            if acted is not None:
                return acted
        which = self._which(understood)
        if which is not None:
            return which
        replies: list[PartReply] = []
        for part in understood.parts:
            said = "\n".join(s.text for r in replies for p in r.paragraphs for s in p.statements)
            replies.append(self._part(part, understood, asking, said))
        return self._joined(replies, understood)

    def _which(self, understood: Understanding) -> Reply | None:
        """A question back where one of several things that were listed is pointed at without saying which."""
        part, told = understood.parts[0], understood.told
        titles = {item: self.units[item].item.title.split(":")[0] for _, item in told.options if item}
        pronoun = self._words.which_of.search(fold(part.text))
        limited = part.units or part.filters or part.several or part.other or part.lists or part.subject
        if len(understood.parts) > 1 or not pronoun or limited or len(titles) < 2:
            return None
        if set(titles) - set(told.last) or len(content_words(part.text)) > 1:
            return None
        before, after = part.text[: pronoun.start()], part.text[pronoun.end() :]
        choices = tuple(f"{before}{title}{after}" for title in list(titles.values())[:_MOST_CHOICES])
        paragraph = own(BlockKind.INTRO, self._texts.get("terugvraag.welke"))
        return Reply(Status.CLARIFY, (paragraph,), near=tuple(titles), choices=choices, reasons=("terugvraag.welke",))

    def texts(self, understood: Understanding) -> tuple[str, ...]:
        """The texts of a message whose vectors the reply asks for."""
        parts = understood.parts
        texts = [text for part in parts for text in (part.query, *part.operands, *([part.asked] if part.leans else []))]
        return tuple(dict.fromkeys(texts))

    def _joined(self, replies: Sequence[PartReply], understood: Understanding) -> Reply:
        """The replies to all parts as one; a part that is told twice is told once."""
        given = [reply for reply in replies if reply.outcome is not Outcome.OUTSIDE]
        near = tuple(dict.fromkeys(unit for reply in replies for unit in _near(reply)))
        reasons = tuple(reason for reply in replies for reason in (str(reply.outcome), *reply.reasons))
        if not given:
            text = self._texts.get("weigering.buiten", seed=understood.text)
            return Reply(Status.REFUSED, (own(BlockKind.INTRO, text),), tuple(replies), near, reasons=reasons)
        paragraphs: list[Paragraph] = []
        seen: set[str] = set()
        said = [statement.text for reply in given for each in reply.paragraphs for statement in each.statements]
        if understood.english and not any(looks_english(text) for text in said):
            paragraphs.append(own(BlockKind.INTRO, self._texts.get("antwoord.engels")))
        for reply in given:
            fresh = [kept for each in reply.paragraphs if (kept := _without(each, seen)) is not None]
            if fresh:
                paragraphs += [reply.notice] if reply.notice else []
                paragraphs += fresh
        partial = any(paragraph.kind is BlockKind.NOTICE for paragraph in paragraphs)
        if len(given) < len(replies):
            missing = next(reply.part.text for reply in replies if reply.outcome is Outcome.OUTSIDE)
            notice = self._half_outside(missing)
            paragraphs += [notice] if notice else []
            partial = partial or notice is not None
        status = Status.PARTIAL if partial else Status.ANSWERED
        return Reply(status, tuple(paragraphs), tuple(replies), near, reasons=reasons)

    def _half_outside(self, missing: str) -> Paragraph | None:
        said = missing.rstrip("?!. ").split()
        if not said or len(said) > 6 or any(not word.strip(",;:").isalpha() for word in said):
            return own(BlockKind.NOTICE, self._texts.get("melding.half_buiten_vast"), Speaker.ABSENCE)
        return own(BlockKind.NOTICE, self._texts.get("melding.half_buiten", deel=" ".join(said)), Speaker.ABSENCE)

    def _part(self, part: Part, understood: Understanding, asking: Asking, said: str) -> PartReply:
        """One part: by lists and comparisons where it asks for these, else from a reviewed answer or evidence."""
        told = understood.told
        listed = self._listed(part, told, asking)
        if listed:
            return PartReply(part, Outcome.TOLD, tuple(listed), ("uit kenmerken en lijsten",))
        sourced = self._sourced(part, told)
        if sourced:
            return PartReply(part, Outcome.TOLD, tuple(sourced), ("bron en redactie",))
        vector = asking.vectors.get(part.query)
        match = self.reviewed.nearest(vector, understood.english, asking.factsheet)
        evidence = self.gatherer.gather(part, told.last, asking)
        if self._is_reviewed(part, match, evidence, told):
            assert match is not None
            paragraphs = self.reviewed.told(match.answer)
            return PartReply(
                part, Outcome.TOLD, tuple(paragraphs), (f"nagelezen: {match.answer.id} {match.likeness:.3f}",), evidence
            )
        evidence = self._focused(part, evidence, told)
        outside = self.reviewed.outside(vector)
        verdict = self._judge.judge(part, evidence, match.likeness if match else 0.0, outside, told.last)
        match_reason = (f"nagelezen: {match.answer.id} {match.likeness:.3f}",) if match else ()
        if verdict.outcome is Outcome.OUTSIDE:
            reasons = verdict.reasons + match_reason
            return PartReply(part, Outcome.OUTSIDE, (), reasons, evidence, measures=verdict.measures)
        paragraphs = self._tell(part, evidence, verdict, understood, said)
        notice = self._notice(part, verdict)
        reasons = verdict.reasons + match_reason
        return PartReply(part, verdict.outcome, tuple(paragraphs), reasons, evidence, notice, verdict.measures)

    def _sourced(self, part: Part, told: Told) -> list[Paragraph]:
        """What is asked of sources, links and the editor's notes, which stand beside the text."""
        units = [self.units[unit] for unit in (part.units or (told.last if part.leans else ()))][:1]
        match part.kind:
            case AnswerKind.UNSURE:
                return self._acts.notes(units, part)
            case AnswerKind.SOURCE if units:
                claim = self._acts.claim(units[0], part)
                return [*claim, *self._acts.source(units[0], told), *self._acts.notes(units, part, named=True)]
            case AnswerKind.DATED if units:
                return self._acts.dated(units[0], told)
            case AnswerKind.LOCATE if units:
                return self._acts.located(units[0])
        return []

    def _is_reviewed(self, part: Part, match: Match | None, evidence: Evidence, told: Told) -> bool:
        if part.units or (part.leans and told.last):
            return False
        other = max(evidence.nearest, evidence.ranking.nearest)
        if any(FacetKind.PLACE in each.kinds and not each.negated for each in part.filters):
            return False
        asks_how = part.kind in _ASKS_HOW or part.tells
        broad = part.kind not in FACTS or part.kind is AnswerKind.WHY
        return self.reviewed.fits(match, other, evidence.asked, asks_how=asks_how, broad=broad)

    def _listed(self, part: Part, told: Told, asking: Asking) -> list[Paragraph]:
        """The paragraphs of a part that asks for a list, a count or a comparison; none when it does not."""
        factsheet = asking.factsheet
        if part.kind is AnswerKind.COMPARE:
            compared = self._compared(part, told, asking)
            if compared:
                return compared
        if part.superlative and part.facet is FacetKind.SINCE:
            before = (*told.last, *self.units.named(told.question))
            units = [self.units[unit] for unit in dict.fromkeys(part.units or before)]
            if len(units) < 2:
                units = self._lister.candidates(part, factsheet, ())
            oldest = self._lister.oldest(units, newest="nieuw" in part.text.lower() or "jong" in part.text.lower())
            if oldest:
                return oldest
        if part.kind is AnswerKind.COUNT and len(part.sections) > 1:
            by_section: dict[ItemType, list[Unit]] = {
                kind: [unit for unit in self.units.within(factsheet) if unit.item.type is kind]
                for kind in SECTIONS
                if kind in part.sections
            }
            return self._lister.counted(by_section)
        if part.whole and not part.filters and not part.units:
            return self._lister.section(part, factsheet, told.all if part.other else ())
        named = set(content_words(part.text)) - self._words.sections.keys()
        if part.other and len(part.sections) == 1 and told.last and not part.filters and len(named) <= 1:
            others = self._lister.section(replace(part, whole=next(iter(part.sections))), factsheet, told.all)
            if others:
                return others[-1:]
        return self._filtered(part, told, factsheet)

    def _filtered(self, part: Part, told: Told, factsheet: str | None) -> list[Paragraph]:
        """The items that meet the facet values a part names."""
        lists = part.lists or (part.several and not part.leans)
        content = {stem(word) for word in content_words(part.text)}
        plain = (
            part.leans
            and part.kind is AnswerKind.OPEN
            and not part.yes_no
            and all(not each.negated for each in part.filters)
        )
        bare = plain and bool(part.filters) and content <= {w for each in part.filters for w in each.value.split()}
        if not (part.filters or part.excluded) or not (lists or bare) or (part.units and not part.lists):
            return []
        asked = part if part.lists or not bare else replace(part, sections=frozenset({ItemType.EXAMPLE}))
        candidates = self._lister.candidates(asked, factsheet, told.all)
        filters = part.filters if part.lists or bare else _without_kinds(part.filters)
        if not filters and not part.excluded:
            return []
        units = self._lister.meeting(candidates, filters)
        if not units or (len(units) == len(candidates) > 3 and not part.excluded):
            return []
        if bare and not lists and len(units) == 1:
            return []  # the item itself says more than a line of a list
        entries = self._lister.listed(units, part)
        if entries is None:
            return []
        lead: list[Paragraph] = []
        if part.kind is AnswerKind.COUNT or (part.exists and part.yes_no):
            text = self._texts.get("samengesteld.ja") if part.exists and part.yes_no else self._count(units)
            basis = tuple(basis for statement in entries.statements for basis in statement.sources)
            lead = [Paragraph(BlockKind.SECTION, (Statement(text, basis, Speaker.COMPOSED),))]
        return [*lead, entries]

    def _count(self, units: Sequence[Unit]) -> str:
        counted = number(len(units))
        return self._texts.get("samengesteld.gevonden", aantal=counted[:1].upper() + counted[1:])

    def _compared(self, part: Part, told: Told, asking: Asking) -> list[Paragraph]:
        """Two units side by side, or two things within what is known, each by its own passage."""
        units = list(part.units)
        if len(units) < 2 and part.leans:
            units = list(dict.fromkeys((*units, *told.last)))
        by_operand = [self._operand(operand) for operand in part.operands]
        if len(by_operand) == 2 and all(by_operand) and by_operand[0].id != by_operand[1].id:  # type: ignore[union-attr]
            units = [unit.id for unit in by_operand if unit]
        common = any(word in part.text.lower() for word in ("gemeen", "overeenkomst", "lijk"))
        if len(units) >= 2 and len({self.units[unit].item.title for unit in units[:2]}) == 2:
            return self._comparer.compared([self.units[unit] for unit in units[:2]], common)
        if len(part.operands) == 2:
            sides = [self._side(operand, asking) for operand in part.operands]
            if all(sides):
                return [paragraph for side in sides for paragraph in side]
        return []

    def _operand(self, phrase: str) -> Unit | None:
        named = self.units.named(phrase)
        return self.units[named[0]] if named else None

    def _side(self, phrase: str, asking: Asking) -> list[Paragraph]:
        """The passage about one side of a comparison."""
        asked = Part(text=phrase, query=phrase, kind=AnswerKind.DEFINE)
        evidence = self.gatherer.gather(asked, (), asking)
        best = max(
            (passage for unit in evidence.units for passage in unit.passages), key=lambda p: p.score, default=None
        )
        return whole(best) if best is not None and best.coverage > 0.5 else []

    def _focused(self, part: Part, evidence: Evidence, told: Told) -> Evidence:
        """The units that are named come first; a leaning part looks in what was told, the latest first, and elsewhere
        only when another unit holds clearly more.
        """
        if part.units:
            return _reordered(evidence, [unit for unit in evidence.units if unit.unit.id in part.units])
        if not (part.leans and told.last):
            return evidence
        if part.other or part.lists:
            fresh = [unit for unit in evidence.units if unit.unit.id not in told.all]
            wanted = part.sections or frozenset({self.units[told.last[0]].item.type})
            return _reordered(evidence, [unit for unit in fresh if unit.unit.item.type in wanted] or fresh)

        def held(unit: UnitEvidence) -> float:
            best = unit.best.score if unit.best else 0.0
            recent = _RECENT if unit.unit.id in told.last else _EARLIER if unit.unit.id in told.all else 0.0
            return best + recent

        return _reordered(evidence, sorted(evidence.units, key=held, reverse=True))

    def _notice(self, part: Part, verdict: Verdict) -> Paragraph | None:
        if verdict.outcome is Outcome.ABSENT:
            return own(BlockKind.NOTICE, self._texts.get(f"melding.soort.{part.kind}"), Speaker.ABSENCE)
        if verdict.outcome is Outcome.NEAR:
            return own(BlockKind.NOTICE, self._texts.get("melding.dichtbij"), Speaker.ABSENCE)
        return None

    def _tell(
        self, part: Part, evidence: Evidence, verdict: Verdict, understood: Understanding, said: str
    ) -> list[Paragraph]:
        """The paragraphs of a part that evidence answers, the direct answer first."""
        unit = verdict.unit
        if unit is None:
            return []
        if understood.english:
            english = self.reviewed.english(unit.unit.id)
            if english is not None and self._answers_in_english(part, english, unit, understood):
                return self.reviewed.told(english)
        before = f"{understood.told.text}\n{said}"
        rest = self.gatherer.rest(unit.unit, part, evidence.concepts)
        asks = sum(concept.weight for concept in rest) > _LIGHT
        of_item = unit.best is not None and not is_document(unit.best.source)
        denied = part.confirms_negation and not self._holds_any(unit, rest)
        is_named = unit.unit.id in part.units
        if denied or (part.kind is AnswerKind.DEFINE and of_item and is_named):
            asks = False
        told = self._presented(unit)
        if told and squeezed(told[0].statements[0].text) in squeezed(before):
            asks = True  # to present it once more would say nothing
        if not asks and part.kind not in FACTS and part.kind is not AnswerKind.PROVEN:
            if denied:
                return [self._said("klopt", told), *told]
        else:
            told = self._passages(part, evidence, unit, verdict, before)
        if verdict.outcome is Outcome.TOLD and part.yes_no:
            told = self._with_direct(part, unit, rest, told)
        if self._is_for_editor(unit):
            return [*self._acts.notes([unit.unit], part, named=True), *told]
        if part.doubts and unit.unit.item.editor_note:
            told = [*told, *self._acts.notes([unit.unit], part, named=True)]
        return told

    def _is_for_editor(self, unit: UnitEvidence) -> bool:
        """Whether the editor's note answers rather than any passage."""
        nearest = max((each.asked.likeness or 0.0 for each in unit.passages if each.asked), default=0.0)
        return unit.noted >= _NOTED and unit.noted > nearest

    def _answers_in_english(
        self, part: Part, english: ReviewedAnswer, unit: UnitEvidence, understood: Understanding
    ) -> bool:
        """Whether the telling in English holds the fact that is asked for, and was not told before."""
        text = " ".join(sentence.text for sentence in (*english.sentences, *english.steps))
        if squeezed(english.sentences[0].text) in squeezed(understood.told.text):
            return False
        return part.kind not in FACTS or self.gatherer.holds(part, text, unit.unit)

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
        if fresh and best is not candidates[0] and best.score < _WORN * candidates[0].score:
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
        if line is None or not is_document(best.source) or self.units.name_words(item.id) & said:
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
        rest = self.gatherer.rest(unit.unit, part, evidence.concepts)
        found = lines(text, unreviewed(source))
        entries = [line for line in found if line.entry]
        if is_document(source):
            whole_text, place = text, place_of(source, passage.passage)
        else:
            whole_text, place = source.text, None
        first = presenting(source) if presents else None

        def score(sentence: str) -> float:
            inside = _IN_PASSAGE if sentence in text else 0.0
            kind = _KIND_BONUS if self.gatherer.holds(part, sentence, unit.unit) else 0.0
            kind += _VALUE_BONUS * min(_MOST_VALUES, self.gatherer.facets_in(part, sentence, unit.unit))
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
        facet = None if numbers(part.text) else self._facet_answer(part, unit.unit, rest)
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


def _reordered(evidence: Evidence, first: Sequence[UnitEvidence]) -> Evidence:
    rest = [unit for unit in evidence.units if unit not in first]
    return replace(evidence, units=(*first, *rest))


def _near(reply: PartReply) -> Iterable[str]:
    return (unit.unit.id for unit in reply.evidence.units) if reply.evidence else ()


def _without(paragraph: Paragraph, seen: set[str]) -> Paragraph | None:
    """A paragraph without the sentences that were said, which are noted; None when nothing is left."""
    fresh = []
    for statement in paragraph.statements:
        key = squeezed(statement.text)
        if key not in seen or statement.speaker is Speaker.COMPOSED:
            fresh.append(statement)
            seen.add(key)
    if not fresh:
        return None
    return Paragraph(paragraph.kind, tuple(fresh), paragraph.heading, paragraph.list)


def _without_kinds(filters: Sequence[FacetFilter]) -> tuple[FacetFilter, ...]:
    """The filters that tell where something plays, for whom and with whom, not what kind of thing it is."""
    return tuple(each for each in filters if set(each.kinds) - {FacetKind.KIND})


def _words(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(statement.text.split()) for paragraph in paragraphs for statement in paragraph.statements)


def _answer_first(chosen: Sequence[Line], score: Score) -> tuple[Line, ...]:
    """The sentence that answers before the others, unless one leans on the sentence before it."""
    if len(chosen) < 2 or any(leans(line.text) for line in chosen[1:]):
        return tuple(chosen)
    best = max(chosen, key=lambda line: score(line.text))
    return (best, *(line for line in chosen if line is not best))
