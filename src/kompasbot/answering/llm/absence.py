"""Sentences that say what the sources lack: recognised by their wording, and kept only when no source tells it."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.faithfulness import Checker
from kompasbot.answering.faithfulness.claims import without_claim
from kompasbot.answering.faithfulness.coverage import weigh
from kompasbot.answering.faithfulness.held import Line
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.answering.faithfulness.reading import read
from kompasbot.answering.llm.sources import Source
from kompasbot.answering.understanding import AnswerKind
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.dutch import fold, is_function_word, parts, stem, words

_PLACES: Final = (
    r"(?:bron(?:nen)?|factsheets?|tekst(?:en)?|notities?|document(?:en)?|informatie|voorbeeld(?:en)?|hierover|daarover"
    r"|sources?|factsheet|documents?|notes?)"
)
_LACK: Final = r"(?:niet|geen|niets|nergens|niemand|nooit|no|not|nothing|none|nobody|nowhere|\w+n't)"
_TELLS: Final = (
    r"(?:sta(?:at|an)|noem(?:t|en)|zeg(?:t|gen)|vermeld(?:t|en)|gev(?:en)|geeft|vertel(?:t|len)|beschrij(?:ft|ven)"
    r"|vind|vond|lees|blijkt|bevat(?:ten)?|gaan|gaat|leggen|legt|say|says|mention|mentions|tell|tells|state|states|give"
    r"|gives|describe|describes|contain|contains|list|lists|find|found|is|are)"
)
_SAYS_LACK: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:in|uit|bij|volgens) (?:de|mijn|deze|het|mijn) {_PLACES}\b.*\b{_LACK}\b",
        rf"\b{_LACK}\b.*\b(?:in|uit|bij) (?:de|mijn|deze|het) {_PLACES}\b",
        rf"\b(?:de|mijn|deze) {_PLACES}(?: zelf| hier\w*)? {_TELLS}\b.*\b{_LACK}\b",
        rf"\b{_TELLS} (?:de|mijn|deze|het) {_PLACES}\b.*\b{_LACK}\b",
        r"\b(?:staat|staan|vind ik|lees ik) (?:er|daar|hier)?\s*(?:\w+ ){0,4}?(?:niet|niets|geen|nergens)\b",
        r"\b(?:wordt|worden|is|zijn) (?:\w+ ){0,3}?niet (?:genoemd|vermeld|bekend|beschreven|te vinden)\b",
        r"\b(?:the|my|these) (?:sources?|factsheets?|documents?|notes?) (?:do|does|did)(?:n't| not)\b",
        r"\b(?:not|nothing|no) .*\bin (?:the|my|these) (?:sources?|factsheets?|documents?|notes?)\b",
        r"\bis not (?:mentioned|stated|described|given)\b",
    )
)
_FRAME: Final = frozenset(
    stem(word)
    for word in (
        "bron bronnen factsheet factsheets tekst teksten notitie notities document documenten informatie staat staan "
        "noemt noemen zegt zeggen vermeldt vermelden geeft geven vertelt vertellen lees blijkt bevat genoemd "
        "vermeld bekend beschreven nee precies hoeveel helaas alleen verder ook expliciet iets niets over "
        "gaat gaan"
    ).split()
)
_KINDS: Final = (
    (AnswerKind.AMOUNT, re.compile(r"\b(?:kost(?:en)?|bedrag\w*|prij[sz]\w*|budget\w*|tarie\w+|geld)\b")),
    (AnswerKind.CONTACT, re.compile(r"\b(?:telefoon\w*|e-?mail\w*|openingstijd\w*|contactgegevens)\b")),
    (AnswerKind.WHEN, re.compile(r"\b(?:wanneer|jaar|jaartal|datum)\b")),
    (AnswerKind.COUNT, re.compile(r"\b(?:hoeveel|aantal)\b")),
    (AnswerKind.WHO, re.compile(r"\b(?:wie|naam|namen)\b")),
    (AnswerKind.WHY, re.compile(r"\b(?:waarom|reden)\b")),
    (AnswerKind.WHICH, re.compile(r"\bwelke\b")),
)
"""The words by which a sentence says what kind of answer the sources lack."""
_BY_NAME: Final = re.compile(r"\b(?:naam|namen)\b")
_CALLS: Final = re.compile(r"\b(?:heet|heten|genaamd|namelijk|zijn)\b[^.;]*?[A-Z]|: ?[A-Z]")
"""A text that gives names rather than mentions some."""
_LISTS: Final = re.compile(r", [^,.]+ en \w|: ?\w+[^.]*[,;]")
_BEGUN: Final = re.compile(r"\b(?:sinds|begon\w*|gestart|startte\w*|opgericht|richtten|ontsta\w+)\b")
_BEGINNING: Final = frozenset(
    stem(word) for word in "begint begon begonnen gestart bestaan bestaat ontstaan opgericht".split()
)
_ADDRESS: Final = re.compile(r"\S*\w\.\w\S*")
_LIGHT: Final = 0.4
"""What a word without a claim of its own counts for, as a share of its weight."""
_WEIGHTY: Final = 0.8
"""What a line of another unit than the one in question must hold at least."""
_LONGEST: Final = 32
_TOLD: Final = 0.85
"""A line of the sources that holds this share of what is said to be lacking tells it."""
_KEPT_APART: Final = re.compile(r"\b(?:maar|wel|though|but)\b")


def says_lack(text: str) -> bool:
    """Whether a sentence says that the sources lack something."""
    folded = fold(text).rstrip(" .!")
    return any(pattern.search(folded) for pattern in _SAYS_LACK)


def asks_fairly(text: str, given: str) -> bool:
    """Whether a sentence is a short question that names nothing but what stands in ``given``."""
    if not text.endswith("?") or len(words(text)) > _LONGEST or re.search(r"[<\[\]{}@]|://|www\.", text):
        return False
    return not _brought(text, given)


def _brought(text: str, given: str) -> list[str]:
    """The names and numbers of a text that ``given`` does not hold."""
    folded = fold(given)
    said = words(folded)
    known = {*said, *(stem(word) for word in said)}
    strange = [name for name in names(text) if name not in known and stem(name) not in known]
    return strange + [digits for digits in re.findall(r"\d+", text) if digits not in folded]


@dataclass(frozen=True, slots=True)
class AbsenceCheck:
    """Checks what a model says to be absent against all that it was shown.

    ``named`` gives the units that a text calls by name, ``focus`` those that the question is about; ``vocabulary``
    how an answer of a kind (an amount, a date, a name) is to be seen in a text. ``answered`` says whether the evidence
    answers the question, ``asked`` is what the visitor wrote.
    """

    sources: Sequence[Source]
    checker: Checker
    named: Callable[[str], tuple[str, ...]]
    focus: Sequence[str]
    vocabulary: Vocabulary
    answered: bool
    asked: str

    def fault(self, text: str) -> str | None:
        """Why a sentence of this kind may not be shown, or None."""
        if len(words(text)) > _LONGEST or self._strange(text):
            return "de zin noemt iets wat vraag noch bronnen noemen"
        units = self.named(text) or tuple(self.focus)
        kind = next((kind for kind, pattern in _KINDS if pattern.search(fold(text))), None)
        lacking = self._lacking(text, units)
        if not lacking and kind is None:
            return "de bronnen zeggen het wel" if self.answered else None
        for source in self.sources:
            for heading, line in self._lines(source):
                if self._tells(heading, line, lacking, source.unit in units) and (
                    kind is None or self._fits(kind, line, source, lacking, _BY_NAME.search(fold(text)) is not None)
                ):
                    return f"dit staat wel in bron {source.number}: {line.reading.text.strip()[:80]}"
        return None

    def _strange(self, text: str) -> bool:
        """Whether a sentence brings a name, address or number that neither the visitor nor the sources gave."""
        shown = (f"{source.title} {source.about} {source.shown}" for source in self.sources)
        return bool(_brought(text, " ".join((self.asked, *shown))))

    def _lines(self, source: Source) -> Iterator[tuple[frozenset[str], Line]]:
        """The lines of a source, each with the stems of the heading that it stands under."""
        for line in self.checker.held((source.checked,)).lines:
            said = line.reading.text.strip()
            heading = next((part.heading for part in source.item.sections if part.heading and said in part.text), "")
            yield read(heading).content if heading else frozenset(), line

    def _lacking(self, text: str, units: Sequence[str]) -> dict[str, float]:
        """The stems of what is said to be lacking, with their weights: not those that name the units it is about, nor
        those that only say what kind of thing it is.
        """
        reading = read(_KEPT_APART.split(text)[0])
        own = {stem(word) for source in self.sources if source.unit in units for word in words(source.title)}
        called = {stem(word) for word in names(text)} & own
        kinds = {word for _, pattern in _KINDS for match in pattern.findall(fold(text)) for word in words(match)}
        found: dict[str, float] = {}
        for at, (word, stemmed) in enumerate(zip(reading.words, reading.stems, strict=True)):
            ordinary = is_function_word(word) or stemmed in _FRAME or word in kinds or len(word) < 3
            if not ordinary and stemmed not in called:
                light = stemmed in without_claim()
                found[stemmed] = weigh(reading.words, at) * (_LIGHT if light else 1.0)
        return found or {stem(word): _LIGHT for word in kinds}

    def _tells(self, heading: frozenset[str], line: Line, lacking: dict[str, float], about: bool) -> bool:
        """Whether a line, under its heading, tells most of what is said to be lacking."""
        said = frozenset(line.reading.stems) | heading
        light = without_claim()
        if _BEGUN.search(line.reading.folded):
            said |= _BEGINNING
        told = sum(
            weight
            for stemmed, weight in lacking.items()
            if stemmed in said or (stemmed not in light and _holds(line, stemmed))
        )
        share = told / sum(lacking.values()) if lacking else 0.0
        return share >= _TOLD and (about or (len(lacking) > 1 and told >= _WEIGHTY))

    def _fits(self, kind: AnswerKind, line: Line, source: Source, lacking: Collection[str], by_name: bool) -> bool:
        """Whether a line holds an answer of this kind."""
        text = line.reading.text
        counted = [number for number in numbers(text) if not (number.is_year or number.labelled)]
        if kind is AnswerKind.COUNT:
            return any(not number.counts or set(lacking) & number.counts for number in counted)
        if kind is AnswerKind.WHICH:
            return bool(counted or _LISTS.search(text))
        if kind is AnswerKind.WHO:
            own = set(words(source.item.title))
            plain = _ADDRESS.sub(" ", self.vocabulary.reporter.sub(" ", text))
            if by_name:
                return bool(_CALLS.search(plain)) and any(name not in own for name in names(plain))
            return any(name not in own for name in names(plain)) or bool(
                self.vocabulary.holds[kind].search(plain.lower())
            )
        pattern = self.vocabulary.holds.get(kind)
        return pattern is not None and bool(pattern.search(text))


def _holds(line: Line, stemmed: str) -> bool:
    inflected = stemmed.removesuffix("e")
    return bool({stemmed, inflected} & line.told) or any(stemmed in parts(word) for word in line.reading.words)
