"""Why an answer came out as it did: what was understood, looked at, decided and said, as values that a person or a
program can read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.answer import Answer, Speaker, Status
from kompasbot.answering.draft import Judged, Paragraph, Statement
from kompasbot.answering.evidence import PassageEvidence
from kompasbot.answering.replying import PartReply, Reply
from kompasbot.answering.understanding import FacetFilter, Part, Understanding
from kompasbot.answering.units import squeezed

_MOST_PASSAGES: Final = 3
"""Passages of a unit that are shown."""
_LONGEST: Final = 300
"""Characters of a passage that are shown."""


class Fate(StrEnum):
    """What became of a sentence."""

    TOLD = "verteld"
    REPEATED = "herhaling"
    REPLACED = "vervangen"
    DROPPED = "weggelaten"


@dataclass(frozen=True, slots=True)
class PartTrace:
    """One part of a question as it was understood; ``units`` are those that it names or points at."""

    text: str
    query: str
    kind: str
    yes_no: bool
    leans: bool
    of: str | None
    units: tuple[str, ...]
    excluded: tuple[str, ...]
    operands: tuple[str, ...]
    sections: tuple[str, ...]
    filters: tuple[str, ...]
    facet: str | None


@dataclass(frozen=True, slots=True)
class UnderstandingTrace:
    """A message as it was understood; ``told`` are the items that the latest answer before it told of."""

    act: str
    english: bool
    language: str
    reply: str
    parts: tuple[PartTrace, ...]
    told: tuple[str, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UnitTrace:
    """A unit that was looked at for a part (which counts from 1), best first."""

    part: int
    id: str
    title: str
    rank: float
    score: float


@dataclass(frozen=True, slots=True)
class PassageTrace:
    """A passage of a unit with its scores from 0 to 1: ``likeness`` in meaning, None where words alone decided, and
    ``coverage`` in words; ``fits`` says whether it holds the kind of answer that is asked for.
    """

    part: int
    unit: str
    source: str
    heading: str | None
    page: int | None
    text: str
    likeness: float | None
    coverage: float
    fits: bool
    score: float


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """What was decided on a part."""

    part: int
    outcome: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerdictTrace:
    """What was decided on a message."""

    status: Status
    reasons: tuple[str, ...]
    parts: tuple[PartVerdict, ...]


@dataclass(frozen=True, slots=True)
class SentenceTrace:
    """A sentence and what became of it: ``instead`` is what was said in its place, ``reason`` why, in Dutch."""

    text: str
    fate: Fate
    origin: Speaker | None = None
    sources: tuple[str, ...] = ()
    instead: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about, step by step."""

    understanding: UnderstandingTrace
    units: tuple[UnitTrace, ...]
    evidence: tuple[PassageTrace, ...]
    verdict: VerdictTrace
    sentences: tuple[SentenceTrace, ...]


def trace_of(understood: Understanding, reply: Reply, answer: Answer, judged: Sequence[Judged] = ()) -> Trace:
    """The trace of an answer that was made from a reply; ``judged`` are the sentences of a language model."""
    numbered = list(enumerate(reply.parts, 1))
    return Trace(
        _understood(understood),
        tuple(each for number, part in numbered for each in _units(number, part)),
        tuple(each for number, part in numbered for each in _passages(number, part)),
        VerdictTrace(
            answer.status,
            reply.reasons,
            tuple(PartVerdict(number, str(part.outcome), part.reasons) for number, part in numbered),
        ),
        (*_told(answer), *_not_shown(judged), *_repeated(reply, answer)),
    )


def _understood(understood: Understanding) -> UnderstandingTrace:
    return UnderstandingTrace(
        str(understood.act),
        understood.english,
        understood.language,
        understood.reply,
        tuple(_part(part) for part in understood.parts),
        understood.told.last,
        dict(understood.reasons),
    )


def _part(part: Part) -> PartTrace:
    return PartTrace(
        part.text,
        part.query,
        str(part.kind),
        part.yes_no,
        part.leans,
        part.of,
        part.units,
        part.excluded,
        part.operands,
        tuple(sorted(part.sections)),
        tuple(_filter(each) for each in part.filters),
        str(part.facet) if part.facet else None,
    )


def _filter(facet: FacetFilter) -> str:
    """A filter as a person reads it: ``niet plaats: limburg``."""
    kinds = " of ".join(str(kind) for kind in facet.kinds)
    return f"{'niet ' if facet.negated else ''}{kinds}: {facet.value}"


def _units(number: int, part: PartReply) -> Iterator[UnitTrace]:
    for unit in part.evidence.units if part.evidence else ():
        yield UnitTrace(number, unit.unit.id, unit.unit.item.title, _rounded(unit.rank), _rounded(unit.score))


def _passages(number: int, part: PartReply) -> Iterator[PassageTrace]:
    for unit in part.evidence.units if part.evidence else ():
        for passage in unit.passages[:_MOST_PASSAGES]:
            yield _passage(number, passage)


def _passage(number: int, found: PassageEvidence) -> PassageTrace:
    text = found.passage.text
    return PassageTrace(
        number,
        found.unit,
        found.source.id,
        found.passage.heading,
        found.passage.page,
        text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…",
        None if found.likeness is None else _rounded(max(0.0, min(1.0, found.likeness))),
        _rounded(found.coverage),
        found.fits,
        _rounded(found.score),
    )


def _told(answer: Answer) -> Iterator[SentenceTrace]:
    ids = {citation.number: citation.item_id for citation in answer.citations}
    for block in answer.blocks:
        for sentence in block.sentences:
            sources = tuple(dict.fromkeys(ids[number] for number in sentence.citations))
            yield SentenceTrace(sentence.text, Fate.TOLD, sentence.origin, sources)


def _not_shown(judged: Iterable[Judged]) -> Iterator[SentenceTrace]:
    """The sentences of a language model that were not shown as it wrote them."""
    for each in judged:
        if each.reason:
            fate = Fate.REPLACED if each.instead else Fate.DROPPED
            yield SentenceTrace(each.text, fate, instead=each.instead, reason=each.reason)


def _repeated(reply: Reply, answer: Answer) -> Iterator[SentenceTrace]:
    """The sentences of a part that another part tells already; a language model's answer has none."""
    if answer.engine.name != "extractive":
        return
    left = Counter(squeezed(statement.text) for statement in _statements(reply.paragraphs))
    for statement in _statements(paragraph for part in reply.parts for paragraph in part.paragraphs):
        key = squeezed(statement.text)
        left[key] -= 1
        if left[key] < 0:
            sources = tuple(dict.fromkeys(basis.item.id for basis in statement.sources))
            yield SentenceTrace(statement.text, Fate.REPEATED, statement.speaker, sources)


def _statements(paragraphs: Iterable[Paragraph]) -> Iterator[Statement]:
    return (statement for paragraph in paragraphs for statement in paragraph.statements)


def _rounded(score: float) -> float:
    return round(float(score), 4)
