"""What kind of answer a question asks for (an amount, a year, a name, …), and whether a source holds one.

"Wat kost een Collegetour?" is about something the sources know, but no source says what anything costs: an answer
has to say so first. Each kind has a pattern of the question and a test of the source.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.dutch import fold, is_function_word, sentences, stem, words

Alike = Callable[[str], frozenset[str]]
"""The stems under which a source may hold a word: its own, its compound's parts and its synonyms."""


class Want(StrEnum):
    """The kind of answer that a question asks for."""

    NUMBER = "aantal"
    MEASURE = "maat"
    AMOUNT = "bedrag"
    WHEN = "wanneer"
    WHO = "wie"
    WHERE = "waar"
    WHY = "waarom"
    HOW = "hoe"
    WHICH = "welke"


FACTS: Final = frozenset({Want.WHO, Want.WHY, Want.WHEN, Want.NUMBER, Want.MEASURE, Want.AMOUNT, Want.WHERE})
"""Kinds that ask for one fact about something."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What kind of answer is asked for and, where the question says so, of what: ``hoeveel scholen`` counts schools."""

    kind: Want
    of: str | None = None


_CLAUSE: Final = r"(?:^|[.?!,;:] ?|\b(?:en|dan|dus|maar|vertellen|weet je|zeggen|sinds|vanaf|tot) )"
_PATTERNS: Final[tuple[tuple[Want, re.Pattern[str]], ...]] = tuple(
    (want, re.compile(pattern))
    for want, pattern in (
        (
            Want.AMOUNT,
            r"\b(wat|hoeveel)\b.{0,30}\b(kost|kosten|kostte|verdien\w*|betaal\w*|bedraagt)\b"
            r"|\bhoe(veel)? (duur|geld|euro|subsidie|budget|salaris)\b"
            r"|\b(wat|welke?|hoe hoog)\b.{0,20}\b(prijs|tarief|salaris|loon|kosten|bedrag|uurloon|budget)\b"
            r"|\b(is|zijn|was|waren)\b.{1,60}\b(gratis|kosteloos)\b|\bkost(en)?\b.{0,40}\b(iets|geld)\b"
            r"|\bhow much (money|does|do|did|is)\b|\bwhat does .{1,40} cost\b|\bfree of charge\b",
        ),
        (Want.NUMBER, r"\bhoeveel (?P<of>\w+)|\bwelk (percentage|aantal)\b|\bhow many (?P<of_en>\w+)"),
        (
            Want.MEASURE,
            r"\bhoe (groot|lang|ver|oud|hoog|breed|vaak)\b(?! (termijn|adem))|\bhow (old|long|large|big|often)\b",
        ),
        (
            Want.WHEN,
            rf"{_CLAUSE}wanneer\b(?! (je|we|ik|men|partners|het|er))|\b(welk|wat voor) jaar\b"
            r"|\bhoe laat (is|begint|gaat|start|komt)\b|\bop welke (dag|datum)\b|\bopeningstijden\b"
            r"|^when (is|was|did|does|will)\b",
        ),
        (
            Want.WHO,
            r"\bwie (is|was|zijn|waren|werd|wordt) (de|het) (?P<of>\w+)"
            r"|\bhoe (heet|heten) (de|het) (\w+ )??(?P<name>\w+)"
            r"|\bwelke (?P<role>hoogleraar|persoon|directeur|wethouder|voorzitter)\b",
        ),
        (Want.WHO, r"\bwie(ns)?\b|\bwelke (mensen|onderzoekers?|auteurs?)\b|\bwho\b|\bhoe heet\b"),
        (
            Want.WHERE,
            r"\bwaar\b(?! (moet|kan|begin|let|zit) (je|ik|we)?)|\b(in )?welke (plaats\w*|stad|steden|gemeente|regio"
            r"|provincie|land)\b|\bwhere\b|\badres\b",
        ),
        (
            Want.WHY,
            rf"{_CLAUSE}(waarom|waardoor|why)\b|\bhoe komt het dat\b|\b(om welke|wat is de|wat was de) reden\b",
        ),
        (Want.WHICH, r"\bwelke? \w+"),
        (Want.HOW, r"\bhoe\b|\bop welke (manier|wijze)\b|\bhow\b"),
    )
)

_MONEY: Final = re.compile(r"€|\beuro\b|\b(gratis|kosteloos)\b")
_MOMENT: Final = re.compile(r"\b(19|20)\d\d\b|\b(ochtend|middag|dagdeel|jaarlijks|elk jaar|maandelijks)\b")
_UNIT: Final = re.compile(
    r"\b(jaar|jaren|maand|maanden|week|weken|dag|dagen|uur|uren|minuten|meter|kilometer|procent)\b|%"
)
_OFTEN: Final = re.compile(r"\b(jaarlijks|elk jaar|maandelijks|wekelijks|dagelijks|meerjarig\w*)\b")
_REASON: Final = re.compile(
    r"\b(omdat|doordat|want|zodat|om te|om .{3,60} te|daardoor|daarom|waardoor|reden|verkla\w+|hoe het komt)\b"
)
_PERSON: Final = re.compile(
    r"\b[A-Z][\w-]+|\b(leraren|docenten|wetenschappers|gezinnen|ouders|bedrijven|scholen|professional)\b"
)
_REPORTER: Final = re.compile(
    r"\b(?:[Vv]olgens|[Aa]ldus|schrijft|schrijven|meldt|melden|zegt) (?:de |het )?"
    r"(?:[A-Z]\S*|\S+\.(?:nl|com|org|eu|net)\b)(?: (?:(?:van|voor|en|de|het) )*[A-Z]\S*)*"
)
"""Who tells something: their name is not an answer to who it is about."""
_PLACE: Final = re.compile(r"\b(in|te|bij|op|via) (de |het )?(\w+ )?[A-Z][\w/-]+|\bwww\.")
_FITS: Final = {
    Want.AMOUNT: _MONEY,
    Want.WHEN: _MOMENT,
    Want.WHO: _PERSON,
    Want.WHERE: _PLACE,
    Want.WHY: _REASON,
}


def wish(question: str) -> Wish | None:
    """The kind of answer that a question asks for, or None when its wording asks for no kind in particular."""
    folded = fold(question)
    for kind, pattern in _PATTERNS:
        match = pattern.search(folded)
        if match:
            named = [value for value in match.groupdict().values() if value and not is_function_word(value)]
            return Wish(kind, named[0] if named else None)
    return None


def holds(kind: Want | None, sentence: str) -> bool:
    """Whether a sentence holds something of a kind: a number, a year, a name, a reason, …"""
    if kind in (Want.NUMBER, Want.MEASURE):
        return bool(numbers(sentence))
    pattern = _FITS.get(kind) if kind else None
    return bool(pattern and pattern.search(sentence))


def lacks(wished: Wish | None, question: str, text: str, alike: Alike) -> bool:
    """Whether a question asks for a kind of answer that a source's ``text`` does not hold.

    Only kinds that can be told for certain count; ``welke``, ``hoe`` and ``waar`` never lack.
    """
    test = _LACKING.get(wished.kind) if wished else None
    return bool(wished and test and test(wished, question, text, alike))


def _no_amount(_wished: Wish, _question: str, text: str, _alike: Alike) -> bool:
    return not _MONEY.search(text)


def _no_moment(_wished: Wish, _question: str, text: str, _alike: Alike) -> bool:
    return not _MOMENT.search(text)


def _no_reason(_wished: Wish, _question: str, text: str, _alike: Alike) -> bool:
    return not _REASON.search(text)


def _no_measure(_wished: Wish, question: str, text: str, _alike: Alike) -> bool:
    """No number with a unit behind it; ``hoe vaak`` and ``hoe lang`` may also have a word such as ``jaarlijks``."""
    if re.search(r"\b(vaak|lang|often|long)\b", fold(question)) and _OFTEN.search(text):
        return False
    behind = (sentence.split(number.word, 1)[-1][:25] for sentence in sentences(text) for number in numbers(sentence))
    return not any(_UNIT.search(part) for part in behind)


def _no_count(wished: Wish, _question: str, text: str, alike: Alike) -> bool:
    """No number that counts what is asked for; without a noun any number will do."""
    found = [(number, sentence) for sentence in sentences(text) for number in numbers(sentence) if not number.is_year]
    if wished.of is None:
        return not found
    wanted = alike(wished.of)
    return not any(number.counts & wanted or _close(number.word, wanted, sentence) for number, sentence in found)


def _close(number: str, wanted: frozenset[str], sentence: str) -> bool:
    """Whether a number stands at most two words before a wanted one."""
    found = words(sentence)
    return any(stem(word) in wanted and number in found[max(0, at - 2) : at] for at, word in enumerate(found))


def _no_name(wished: Wish, question: str, text: str, alike: Alike) -> bool:
    """No sentence that holds the role together with a name which the question does not say itself."""
    if wished.of is None:
        return False
    wanted, said = alike(wished.of), set(names(question))
    told = sentences(_REPORTER.sub("", text))
    return not any(
        wanted & _stems(sentence) and any(name not in said and stem(name) not in wanted for name in names(sentence))
        for sentence in told
    )


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


_LACKING: Final[dict[Want, Callable[[Wish, str, str, Alike], bool]]] = {
    Want.AMOUNT: _no_amount,
    Want.NUMBER: _no_count,
    Want.MEASURE: _no_measure,
    Want.WHEN: _no_moment,
    Want.WHO: _no_name,
    Want.WHY: _no_reason,
}
