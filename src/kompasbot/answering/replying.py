"""From an understood message to what is said: per part its evidence, a verdict, and paragraphs that tell it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kompasbot.answering.answer import BlockKind, Speaker, Status
from kompasbot.answering.draft import Paragraph
from kompasbot.answering.evidence import Asking, Evidence, Gatherer, UnitEvidence, content_words
from kompasbot.answering.intents import Intents
from kompasbot.answering.telling.acts import Acts
from kompasbot.answering.telling.overviews import Overviews
from kompasbot.answering.telling.quoting import own
from kompasbot.answering.telling.reviewed import Match, ReviewedAnswers
from kompasbot.answering.telling.teller import PassageTeller
from kompasbot.answering.trust import TrustMeasures
from kompasbot.answering.understanding import FACTS, Act, AnswerKind, Part, Told, Understanding
from kompasbot.answering.understanding.rules import Understander
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.answering.units import Units, squeezed
from kompasbot.answering.verdict import Judge, Outcome, Verdict
from kompasbot.dutch import fold, looks_english
from kompasbot.knowledge import FacetKind
from kompasbot.prompts import Texts
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.weights import Weights

_MOST_CHOICES: Final = 4
_RECENT: Final = 0.45
_EARLIER: Final = 0.25
"""What a unit has before others in a leaning question when the latest answer told of it, or an earlier one did."""
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
        self._overviews = Overviews(index, self.units, texts, vocabulary, self.gatherer)
        self.reviewed = ReviewedAnswers(index, weights.reviewed)
        self._acts = Acts(index, self.units, texts, self.reviewed, self.gatherer)
        self._passages = PassageTeller(index, self.units, texts, vocabulary, self.gatherer, self.reviewed, self._acts)

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
        listed = self._overviews.told(part, told, asking)
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
        outside = self.reviewed.outside(vector, asking.factsheet)
        verdict = self._judge.judge(part, evidence, match.likeness if match else 0.0, outside, told.last)
        match_reason = (f"nagelezen: {match.answer.id} {match.likeness:.3f}",) if match else ()
        if verdict.outcome is Outcome.OUTSIDE:
            reasons = verdict.reasons + match_reason
            return PartReply(part, Outcome.OUTSIDE, (), reasons, evidence, measures=verdict.measures)
        paragraphs = self._passages.told(part, evidence, verdict, understood, said)
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
