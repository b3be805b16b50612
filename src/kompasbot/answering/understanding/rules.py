"""Understands a message by rules: its act, its questions, and of each what is asked about what.

The words and patterns stand in ``prompts/begrip.yaml``. The rules read a message once; what they make of it is all that
the steps behind them know.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from kompasbot.answering.answer import Question
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.intents import Intents
from kompasbot.answering.understanding.filters import FacetValues
from kompasbot.answering.understanding.memory import remember
from kompasbot.answering.understanding.turn import Act, AnswerKind, FacetFilter, Part, Told, Understanding
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.answering.units import Units
from kompasbot.dutch import fold, is_function_word, is_verb, looks_english, sentences, stem, words
from kompasbot.knowledge import FacetKind, ItemType
from kompasbot.retrieval.index import Index

_MOST_PARTS: Final = 3
_MOST_WORDS_OF_AN_ACT: Final = 16
_FEW: Final = 1
_LONG: Final = 14
_SHORTEST_HALF: Final = 3
_LONGEST_CONTEXT: Final = 500
_POINTS_AT: Final = (
    r"\b(?:de|het|die|dat|nummer|the|over|van|optie)\s+(?:{names}|{at})"
    r"(?!\s+(?!tool|voorbeeld|inzicht|advies|punt|bron|item|vorm|one|optie|genoemde)\w)"
    r"|^\W*(?:{names})\W*$|\[{at}\]"
)
_MASKED: Final = re.compile(r"\[[a-z][a-z -]*\]")
"""What stands for personal data that was left out: it asks for nothing."""
_NUMBER: Final = re.compile(r"\[(\d{1,3})\]")
_COUNTED_OUT: Final = re.compile(r":\s+([^.:\n]+,[^.:\n]+\b(?:en|of)\b[^.:\n]+)\.")
_BETWEEN_ENTRIES: Final = re.compile(r",\s*(?:en|of)?\s*|\s+(?:en|of)\s+(?=(?:een|de|het|één)\b)")
_BETWEEN: Final = re.compile(
    r"\b(?:tussen|van)\b (.+?) (?:en|met|and) (.+)$|^(.+?) (?:van|met|en|versus|vs\.?|of|and) (.+)$"
)
_FACET_OF: Final = {
    AnswerKind.WHERE: FacetKind.PLACE,
    AnswerKind.WHEN: FacetKind.SINCE,
    AnswerKind.YEAR: FacetKind.SINCE,
}
_LANGUAGES: Final = {"engels": "en", "english": "en", "nederlands": "nl", "dutch": "nl"}


class Understander:
    """Understands messages over one index."""

    def __init__(self, index: Index, units: Units, vocabulary: Vocabulary, intents: Intents) -> None:
        self._index = index
        self._units = units
        self._words = vocabulary
        self._intents = intents
        self._facets = FacetValues(units)
        self._ordinals = [
            re.compile(_POINTS_AT.format(names=names, at=at)) for at, names in enumerate(vocabulary.ordinals, 1)
        ]

    def understand(self, question: Question) -> Understanding:
        """What the last message of a conversation means."""
        text = _MASKED.sub(" ", question.text).strip() or question.text
        told = remember(question.history, self._units, self._intents)
        english = looks_english(text)
        small_talk = self._intents.small_talk(text)
        refusal = self._intents.refusal(text)
        if refusal:
            return Understanding(act=Act.REFUSED, text=text, told=told, english=english, reply=f"weigering.{refusal}")
        act = self._act(text, told)
        if act is not None and not (small_talk and small_talk != "klacht"):
            return self._of_act(act, text, told, english)
        if small_talk:
            return Understanding(
                act=Act.SMALL_TALK, text=text, told=told, english=english, reply=f"praatje.{small_talk}"
            )
        return self._of_questions(text, told, english)

    def _act(self, text: str, told: Told) -> Act | None:
        """The act of a message that does nothing else, or None; most acts need an answer before them."""
        folded = fold(text)
        said = words(text)
        if len(said) > _MOST_WORDS_OF_AN_ACT or _NUMBER.search(folded):
            return None
        content = [stem(word) for word in said if not is_function_word(word)]
        for act, pattern in self._words.acts:
            if not told.latest and act not in (Act.VAGUE, Act.LANGUAGE):
                continue
            if pattern.strong is not None and pattern.strong.search(folded):
                return act
            if pattern.signal.search(folded) and all(word in pattern.allowed or word.isdigit() for word in content):
                return act
        return None

    def _of_act(self, act: Act, text: str, told: Told, english: bool) -> Understanding:
        part = self._part(told.question, told, "") if told.question else None
        language = ""
        if act is Act.LANGUAGE:
            said = set(words(text))
            language = next((code for name, code in _LANGUAGES.items() if name in said), "anders")
        return Understanding(
            act=act, text=text, parts=(part,) if part else (), told=told, english=english, language=language
        )

    def _of_questions(self, text: str, told: Told, english: bool) -> Understanding:
        text = self._earlier_half(text, told) or text
        switched = bool(self._words.real_switch.search(fold(text)))
        rest, corrected = self._without_turns(text)
        before = Told(text=told.text, latest=told.latest) if switched else told
        questions, context = self._questions(rest)
        parts: list[Part] = []
        for asked in questions[:_MOST_PARTS]:
            part = self._part(asked, before, context, corrected=corrected)
            if parts and parts[-1].lists and part.facet and not part.units and self._asks_no_more(asked):
                parts[-1] = replace(parts[-1], facet=part.facet)  # "welke onderzoeken zijn er, en uit welk jaar?"
                continue
            parts.append(self._leaning_on(part, parts))
        return Understanding(act=Act.ASK, text=text, parts=tuple(parts), told=before, english=english, context=context)

    def _earlier_half(self, text: str, told: Told) -> str | None:
        """The second thing that the question before asked, where a message only points at that (``En het andere?``)."""
        if not self._words.other_half.search(fold(text)) or len(words(text)) > _LONG:
            return None
        halves, _ = self._questions(told.question)
        return halves[1] if len(halves) > 1 else None

    def _asks_no_more(self, text: str) -> bool:
        """Whether a question says little beside what it asks for: ``en in welk jaar begonnen ze?``"""
        return len(self._content(text)) <= _FEW or bool(self._words.leans.search(fold(text)))

    def _without_turns(self, text: str) -> tuple[str, bool]:
        """A message without the words by which it corrects, switches or comes back, and whether it corrects."""
        corrected = False
        rest = text.strip()
        for opening in (self._words.salutation, self._words.purpose):
            match = opening.match(fold(rest))
            if match and len(fold(rest)) == len(rest) and self._content(rest[match.end() :]):
                named = self._units.named(rest[: match.end()])
                rest = rest.replace(":", ".", 1) if named else rest[match.end() :].strip()
        for _ in range(2):
            folded = fold(rest)
            if len(folded) != len(rest):
                break  # positions differ: leave it whole
            for pattern in (self._words.correction, self._words.switch, self._words.back):
                match = pattern.match(folded)
                if match and match.end() and rest[match.end() :].strip(" .,!?:;"):
                    corrected = corrected or pattern is self._words.correction
                    rest = rest[match.end() :].strip()
                    break
            else:
                break
        return rest, corrected

    def _questions(self, text: str) -> tuple[list[str], str]:
        """The questions of a message, and the sentences around them as context."""
        found = sentences(text)
        asked = [sentence for sentence in found if sentence.rstrip().endswith("?")]
        asked = asked or [sentence for sentence in found if self._asks(sentence)]
        if not asked:
            return [text], ""
        context = " ".join(sentence for sentence in found if sentence not in asked)[-_LONGEST_CONTEXT:]
        return [part for sentence in asked for part in self._split(sentence)], context

    def _asks(self, sentence: str) -> bool:
        folded = fold(sentence)
        return sentence.rstrip().endswith("?") or bool(
            self._words.asks.search(folded) or self._words.asks_for.search(folded)
        )

    def _split(self, sentence: str) -> list[str]:
        """The halves of a sentence that asks two things, each a question by itself."""
        folded = fold(sentence)
        if len(folded) != len(sentence) or self._words.kind_of(folded)[0] is AnswerKind.COMPARE:
            return [sentence]
        match = self._words.second_question.search(folded, 8)
        if not match or not self._words.asks.search(folded[: match.start()]):
            return [sentence]
        first, second = sentence[: match.start()], sentence[match.end() :]
        if len(words(first)) < _SHORTEST_HALF or len(words(second)) < _SHORTEST_HALF - 1:
            return [sentence]
        return [f"{first}?", *self._split(second)]

    def _content(self, text: str) -> list[str]:
        """The words of a question that say what it is about: neither function words nor names of a section."""
        return [word for word in words(text) if not is_function_word(word) and word not in self._words.sections]

    def _part(self, text: str, told: Told, context: str, corrected: bool = False) -> Part:
        """One question, understood by itself and in its conversation."""
        if context and not self._content(text):
            text, context = f"{context} {text}", ""
        folded = " ".join(fold(text).split())
        said = words(text)
        kind, noun = self._words.kind_of(folded)
        asks_yes_no = self._words.yes_no.search(folded) or _begins_with_verb(text)
        yes_no = bool(asks_yes_no) and not self._words.not_yes_no.search(folded)
        sections = self._words.sections_named(said)
        plural = self._words.sections_named([word for word in said if word.endswith(("en", "s"))])
        if not sections and self._words.where_already.search(folded):
            sections = frozenset({ItemType.EXAMPLE})
        named = self._units.named(text, self._corrections(text))
        if not named and context and self._words.persons.search(folded):
            # "Onze Collegetours lopen dood. Hoe krijg ik ze weer leuk?"
            named = self._units.named(context, self._corrections(context))[:1]
        pointed, subject = self._pointed(folded, told)
        content = self._content(text)
        leans = (
            told.anything
            and not named
            and (
                corrected
                or len(content) <= _FEW + 1
                or (len(said) <= _LONG and bool(self._words.leans.search(folded)))
                or bool(self._words.same.search(folded))
                or bool(self._words.pointing.search(folded))
            )
        )
        filters = self._filters(folded, named)
        seeks = bool(self._words.seeks.search(folded)) and bool(filters)
        sections = sections or (frozenset({ItemType.EXAMPLE}) if seeks else sections)
        exists = bool(self._words.exists.search(folded))
        part = Part(
            text=text,
            query=text,
            kind=kind,
            yes_no=yes_no,
            of=noun,
            units=(pointed,) if pointed else () if self._words.negation.search(folded) and plural else named,
            operands=self._operands(folded) if kind is AnswerKind.COMPARE else (),
            sections=sections,
            lists=bool(plural) or seeks or (bool(sections) and bool(self._words.one_of.search(folded))),
            whole=self._whole(folded, said, sections),
            several=bool(self._words.several.search(folded)),
            excluded=named if self._words.negation.search(folded) and bool(plural) else (),
            exists=(exists and yes_no) or (exists and bool(sections)),
            other=bool(self._words.other.search(folded)) and not self._words.same.search(folded),
            filters=filters,
            facet=_FACET_OF.get(kind)
            or next((facet for facet, pattern in self._words.facets if pattern.search(folded)), None),
            superlative=bool(self._words.superlative.search(folded)),
            leans=bool(leans or pointed or subject),
            tells=bool(self._words.tells.search(folded)) and not text.rstrip().endswith("?"),
            subject=subject,
            doubts=bool(self._words.doubts.search(folded)),
            confirms_negation=bool(self._words.confirms_negation.search(folded)),
        )
        return self._with_focus(part, told, context)

    def _filters(self, folded: str, named: Sequence[str]) -> tuple[FacetFilter, ...]:
        """The facet values that a question names beside the units that it calls by name."""
        own = {stem(word) for unit in named for word in self._units.name_words(unit)}
        own |= {word for unit in named for phrase in self._units[unit].phrases for word in phrase}
        own |= {stem(word) for word in self._words.sections}
        found = self._facets.filters(folded, self._words.negation)
        return tuple(each for each in found if not set(each.value.split()) <= own)

    def _corrections(self, text: str) -> Mapping[str, str]:
        concepts = self._index.concepts(text)
        return {concept.word: concept.corrected for concept in concepts if concept.corrected}

    def _pointed(self, folded: str, told: Told) -> tuple[str | None, str]:
        """The item that a question points at by number in the list shown last, and the words of that entry."""
        numbered = _NUMBER.search(folded)
        if numbered and told.numbered.get(int(numbered[1])):
            return told.numbered[int(numbered[1])], ""
        last = bool(self._words.last.search(folded))
        at = next((at for at, pattern in enumerate(self._ordinals) if pattern.search(folded)), None)
        if at is None and not last:
            return None, ""
        options = told.options or self._enumerated(told)
        at = len(options) - 1 if last else at
        if at is None or not 0 <= at < len(options):
            return None, ""
        entry, item_id = options[at]
        several = len({item for _, item in options}) > 1
        if several and item_id:
            return item_id, ""
        before = told.question if not self._content(folded) or (len(self._content(folded)) == 1 and last) else ""
        return item_id, f"{entry} {before}".strip()

    def _enumerated(self, told: Told) -> tuple[tuple[str, str | None], ...]:
        """What the latest answer, or else the notes of its item, counts out: ``drie vormen: a, b of c``."""
        if not told.last:
            return ()
        unit = self._units[told.last[0]]
        concepts = self._index.concepts(told.question)
        texts = sorted(
            (self._index.knowledge.passages[row].text for row in unit.rows),
            key=lambda text: -self._index.share(concepts, text),
        )
        for text in (told.latest, *texts):
            match = _COUNTED_OUT.search(text)
            if match:
                entries = [entry.strip(" ,.") for entry in _BETWEEN_ENTRIES.split(match[1])]
                return tuple((entry, unit.id) for entry in entries if entry)
        return ()

    def _operands(self, folded: str) -> tuple[str, ...]:
        """The two phrases that are compared."""
        match = _BETWEEN.search(folded.rstrip("?!. "))
        if not match:
            return ()
        first, second = (side for side in match.groups() if side)
        return (first, second)

    def _whole(self, folded: str, said: Sequence[str], sections: frozenset[ItemType]) -> ItemType | None:
        """The section that is asked for in full: one is named, a list is asked for, and nothing else limits it."""
        if len(sections) != 1 or not self._words.listing.search(folded):
            return None
        limits = any(
            not is_function_word(word) and word not in self._words.sections and stem(word) not in self._general
            for word in said
        )
        return None if limits else next(iter(sections))

    @property
    def _general(self) -> frozenset[str]:
        """Words that limit no list: those of asking, and those of the factsheets' own titles."""
        titles = [sheet.title + " " + sheet.topic for sheet in self._index.knowledge.factsheets]
        return self._words.list_words | {stem(word) for title in titles for word in words(title)}

    def _with_focus(self, part: Part, told: Told, context: str) -> Part:
        """A question that leans on what was told gets its subject in the words that are searched for."""
        if part.leans and told.last and len(self._content(part.text)) <= _FEW and (part.sections or part.other):
            if part.sections and told.question:
                return replace(part, query=f"{told.question} {part.text}")
            item = self._units[told.last[0]].item
            return replace(part, query=f"{item.title}. {item.text}"[:_LONGEST_CONTEXT])
        if part.subject:
            title = self._units[part.units[0]].item.title.split(":")[0] if part.units else ""
            return replace(part, query=f"{title}: {part.subject} {part.text}")
        if part.units or not (part.leans and told.last):
            around = f"{context} {part.text}" if context else part.text
            return replace(part, query=around.strip())
        titles = " ".join(self._units[unit].item.title.split(":")[0] for unit in told.last[:1])
        return replace(part, query=f"{titles}: {part.subject} {part.text}".replace(":  ", ": "))

    def _leaning_on(self, part: Part, before: Sequence[Part]) -> Part:
        """The second half of a message is about what the first half named, unless it names something itself."""
        if not before or part.units or part.lists:
            return part
        first = before[0]
        content = self._content(part.text)
        own = {name for name in names(part.text) if first.units and name not in self._units.name_words(first.units[0])}
        if own:
            return part
        if not first.units and len(content) > 2 and not self._words.leans.search(fold(part.text)):
            return part
        return replace(part, units=first.units, query=f"{first.text} {part.text}", leans=True)


def _begins_with_verb(text: str) -> bool:
    """Whether a question has its verb first (``Rijdt er een bus?``): in Dutch it asks yes or no then."""
    said = words(text)
    if not text.rstrip().endswith("?") or len(said) < 3 or is_function_word(said[0]):
        return False
    return is_verb(said[0]) and text.split(maxsplit=1)[0].isalpha()
