"""Whether a sentence says anything that its source can carry: what asks, breaks off or only fills a line does not."""

import re
from functools import cache
from itertools import pairwise
from typing import Final

from kompasbot.answering.faithfulness.coverage import weigh
from kompasbot.answering.faithfulness.held import Held, Line
from kompasbot.answering.faithfulness.numbers import is_number_word
from kompasbot.answering.faithfulness.reading import Reading
from kompasbot.answering.faithfulness.wording import wording
from kompasbot.dutch import is_function_word, is_verb, parts, sentences, words

_LEAST: Final = 0.7
"""The weight of what one line of the source must hold of a sentence."""
_LEAST_LEANING: Final = 1.0
"""Of one that says what it is about in the sentence before."""
_LITTLE: Final = 1.5
_LACKS: Final = 0.5
"""Where a line holds less than that little, what the source lacks may weigh this share of it."""
_NEUTRAL: Final = 0.4
"""What a word without a claim of its own (``belang``, ``deel``) adds as a share of its weight: two may make a claim."""
_NUMBER: Final = 0.6
_UNFINISHED: Final = frozenset(
    "maar en of want dus omdat doordat zodat opdat als dat die wie wat waar de het een om te van voor met in op naar "
    "bij door tussen zonder ook zoals".split()
)
"""A sentence does not end with these; some particles do (``mee``, ``aan``, ``af``)."""
_URGES: Final = re.compile(
    r"\bhet is (?:\w+ ){0,2}?(?:belangrijk|goed|zaak|nodig|verstandig|slim|handig|raadzaam|aan te raden)"
    r"(?: \w+)?,? (?:om|dat)\b"
)
_POINTS: Final = frozenset("kijk bekijk lees zie gebruik denk vraag".split())
"""An urging that only points to what the source tells: ``kijk bij Next Education``."""
_ADVISES: Final = re.compile(r"\b(?:advies|adviezen|advise\w+|aanbevel\w+|aanraden|raadt|raden|tips?|moet|moeten)\b")
_INVERTED: Final = frozenset("je jij u we wij ze zij hij het men ik".split())
_LEANS: Final = re.compile(r"^\W*(?:deze|dit|dat|die|(?:daar|hier)\w*)\b")
_BIDS: Final = frozenset(
    "begin bouw doe ga help kom laat leer maak neem nodig plan regel start stel vraag vul wees werk zet zorg".split()
)
"""Words that bid where they open a sentence, though the dictionary knows them as nouns or helping verbs first."""
_MANY: Final = re.compile(r"^\W*(?:veel|vele|sommige|de meeste|steeds meer) (?!van\b)\w+")
_AMOUNT: Final = re.compile(
    r"\b(?:veel|vele|sommige|meeste|meer|alle|elke?|iedere?|divers\w*|verschillende|verscheidene|meerdere|tal|aantal"
    r"|groot|grote|breed|brede|vaak|procent|ruim)\b|\b(?!(?:19|20)\d\d\b)\d"
)
_TWICE: Final = re.compile(r"\b((?:de|het|een) [^\W\d_]{6,})\b[^,;:]*? \1\b")


def claim_fault(reading: Reading, held: Held, lacking: float) -> str | None:
    """Why a sentence claims nothing that its source can carry, or None; ``lacking`` is the weight of what it lacks."""
    if any(line.reading.folded == reading.folded for line in held.lines):
        return None
    faults = (
        (_asks(reading), "een vraag beweert niets"),
        (_breaks_off(reading), "de zin is niet af"),
        (bool(_TWICE.search(reading.folded)), "de zin noemt hetzelfde twee keer"),
        (_says_nothing(reading, held, lacking), "de zin zegt niets wat in de bron staat"),
        (bool(_MANY.match(reading.folded)) and not _AMOUNT.search(held.folded), "de bron noemt geen hoeveelheid"),
        (_urges(reading.folded) and not any(_advises(line) for line in held.lines), "de bron geeft geen advies"),
    )
    return next((reason for fault, reason in faults if fault), None)


def _asks(reading: Reading) -> bool:
    said = sentences(reading.text.strip())
    return bool(said) and all(sentence.rstrip("\"'”’) ").endswith("?") for sentence in said)


def _says_nothing(reading: Reading, held: Held, lacking: float) -> bool:
    evidence = max(_evidence(reading, line, held) for line in held.lines)
    least = _LEAST_LEANING if _LEANS.match(reading.folded) else _LEAST
    return evidence < least or (evidence < _LITTLE and lacking > _LACKS * evidence)


def _breaks_off(reading: Reading) -> bool:
    ended = reading.text.rstrip().endswith((".", "!", "…", ":", ")", '"', "”"))
    return not ended and bool(reading.words) and reading.words[-1] in _UNFINISHED


def _evidence(reading: Reading, line: Line, held: Held) -> float:
    """The weight of a sentence's words that a line of the source holds, each once."""
    pairs = set(pairwise(line.reading.stems))
    found: dict[str, float] = {}
    before = ""
    for at, (word, stemmed) in enumerate(zip(reading.words, reading.stems, strict=True)):
        together, before = (before, stemmed) in pairs, stemmed
        if is_number_word(word) or word.isdigit():
            found[stemmed] = _NUMBER
        elif not is_function_word(word) and len(word) > 1 and _told(reading, at, line, held):
            apart = reading.joined.get(at, frozenset())
            plain = stemmed in without_claim() and not apart & line.told and not together
            found[stemmed] = weigh(reading.words, at) * (_NEUTRAL if plain else 1.0)
    return sum(found.values())


def _told(reading: Reading, at: int, line: Line, held: Held) -> bool:
    """Whether a line of the source holds a word: it, the verb it belongs to, a part of it, or what says the same."""
    word, stemmed = reading.words[at], reading.stems[at]
    said = {stemmed, *parts(word), *reading.joined.get(at, ())}
    return bool(said & line.told) or word in held.acronyms or _in_phrase(reading, line, stemmed)


@cache
def without_claim() -> frozenset[str]:
    """Stems that say nothing by themselves, or what every item of a type is."""
    return wording().neutral.union(*wording().type_words.values())


def _in_phrase(reading: Reading, line: Line, stemmed: str) -> bool:
    said = frozenset(reading.stems) | reading.content
    return any(stemmed in phrase and phrase <= said for phrase in line.phrases)


def _urges(folded: str) -> bool:
    """Whether a sentence tells its reader to do something, other than to look at what the source tells."""
    return bool(_URGES.search(folded)) or _bids(folded, _POINTS)


def _bids(clause: str, excused: frozenset[str] = frozenset()) -> bool:
    """Whether a clause opens with a verb that bids: its bare stem, with no subject behind it."""
    first, second, *_ = (*words(clause), "", "")
    if not first or first in excused or second in _INVERTED or second.isdigit():
        return False
    if first in _BIDS:
        return True
    return is_verb(first) and not is_function_word(first) and not first.endswith(("en", "t", "d", "de", "te"))


def _advises(line: Line) -> bool:
    folded = line.reading.folded
    return bool(_ADVISES.search(folded)) or any(_bids(clause) for clause in re.split(r"[:;,]", folded))
