"""The numbers of a text, however they are written: ``10``, ``tien``, ``tiende``, ``2015``, ``6,6 miljoen``, ``mei``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.faithfulness.wording import Alike, wording
from kompasbot.dutch import fold, is_function_word, is_verb, parts, stem
from kompasbot.dutch.dates import MONTHS

_UNITS: Final = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien".split()
_TEENS: Final = {"vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19}
_TENS: Final = dict(
    zip("twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(), range(20, 100, 10), strict=True)
)
_OTHER: Final = {
    "eerste": "1e",
    "tweede": "2e",
    "derde": "3e",
    "tweetal": "2",
    "drietal": "3",
    "viertal": "4",
    "vijftal": "5",
    "tiental": "10",
    "dozijn": "12",
    "tientallen": "tientallen",
    "honderden": "honderden",
    "duizenden": "duizenden",
    "helft": "1/2",
    "kwart": "1/4",
    "dubbel": "x2",
    "verdubbelde": "x2",
    "verdubbelt": "x2",
    "verdubbeld": "x2",
    "verdubbelen": "x2",
    "honderd": "100",
    "duizend": "1000",
    "miljoen": "miljoen",
    "miljard": "miljard",
    "tienduizenden": "tienduizenden",
    "talloze": "talloze",
    "tweemaal": "x2",
    "driemaal": "x3",
}


def _words() -> dict[str, str]:
    table = {word: str(value) for value, word in enumerate(_UNITS)} | {w: str(v) for w, v in (_TEENS | _TENS).items()}
    for unit, value in zip(_UNITS[1:10], range(1, 10), strict=True):
        for ten, tens in _TENS.items():
            table[f"{unit}en{ten}"] = str(tens + value)
    ordinal = {word: f"{number}e" for word, number in table.items()}
    table |= {f"{word}de": number for word, number in ordinal.items() if word not in ("een", "drie")}
    table |= {f"{word}ste": number for word, number in ordinal.items()}
    table |= {f"{word}en": number for word, number in list(table.items()) if word in ("twee", "drie", "vier", "vijf")}
    table |= {"tweeen": "2", "drieen": "3", "eentje": "1"}
    table |= {month: f"maand {month}" for month in MONTHS if month not in ("maart", "mei")}
    del table["een"]
    return {word: number for word, number in (table | _OTHER).items() if number}


_TABLE: Final = _words()
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_COUNTED_WORDS: Final = 3
_ENGLISH: Final = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10"}


_LABEL: Final = re.compile(r"\b(groep(?!en)|klas|leerjaar|graad|niveau|versie|hoofdstuk|stap|bladzijde|pagina)\b")
_FIRSTLY: Final = re.compile(
    r"\b(in|op) de (eerste|tweede|derde|laatste) plaats\b|\bten (eerste|tweede|derde|vierde)\b"
)
_ONE: Final = re.compile(r"\b[eé]é[eé]?n\b|\béen\b", re.IGNORECASE)
_LIST_MARK: Final = re.compile(r"(?<!\w)(\d{1,2})\)")
_NAME: Final = r"(?:[\w-]+ ){0,2}?[A-Z][\w/-]*(?: [A-Z][\w/-]*)*"
_NAMES: Final = re.compile(rf"{_NAME}(?: ?, {_NAME})+(?: en {_NAME})?|{_NAME} (?:en|&) {_NAME}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: its value in one notation, the word that it was, and the stems of what it counts.

    ``labelled``: it names one of a row (``groep 3``) and counts nothing. ``listed``: it is no word of the text, but the
    length of a list in it.
    """

    value: str
    word: str
    counts: frozenset[str] = frozenset()
    labelled: bool = False
    listed: bool = False

    @property
    def is_year(self) -> bool:
        """Whether it reads as a year."""
        return bool(re.fullmatch(r"(19|20)\d\d", self.value))


def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text, in order; citation markers ``[n]`` and list marks ``1)`` are no numbers."""
    plain = re.sub(r"\[\d+\]|(?<!\w)\d{1,2}\)", " ", text)
    plain = _FIRSTLY.sub(" ", fold(_ONE.sub(" 1 ", plain)))
    found = []
    for match in _NUMBER.finditer(plain):
        value = _value(match[0])
        if value is not None:
            labelled = bool(_LABEL.search(plain[max(0, match.start() - 26) : match.start()]))
            counts = frozenset() if labelled else _counted(plain[match.end() :])
            found.append(Number(value, match[0], counts, labelled))
    return tuple(found)


def is_number_word(word: str) -> bool:
    """Whether a folded word is a number."""
    return word[0].isdigit() or word in _TABLE


def counted(text: str) -> tuple[Number, ...]:
    """The lengths of a text's lists: its bullets, its ``1) … 2) …``, its runs of names."""
    lengths = {sum(line.startswith("- ") for line in text.splitlines())}
    lengths.add(max((int(mark) for mark in _LIST_MARK.findall(text)), default=0))
    plain = re.sub(r"\([^)]*\)", "", text)
    lengths |= {len(re.split(r" ?, | en | & ", run)) for run in _NAMES.findall(plain)}
    cardinal = [Number(str(length), "", listed=True) for length in sorted(lengths) if length > 1]
    ordinal = [Number(f"{at}e", "", listed=True) for at in range(1, max(lengths) + 1) if max(lengths) > 1]
    return (*cardinal, *ordinal)


def _value(token: str) -> str | None:
    if token[0].isdigit():
        bare = token.rstrip("%").replace(",", ".")
        grouped = re.fullmatch(r"\d{1,3}(\.\d{3})+", bare)
        return bare.replace(".", "") if grouped else bare
    return _TABLE.get(token) or _ENGLISH.get(token)


def _counted(following: str) -> frozenset[str]:
    """The stems of the content words right after a number, with their parts: ``10 kleine basisscholen``."""
    found: list[str] = []
    for match in re.finditer(r"\s*([^\W\d_]+(?:['-][^\W\d_]+)*)|(.)", following):
        word = match[1]
        if not word or is_function_word(word) or word in _TABLE or is_verb(word) or len(found) >= _COUNTED_WORDS:
            break
        found.append(word)
    stems = (one for word in found for piece in word.split("-") for one in (stem(piece), *parts(piece)))
    return frozenset(stems)


def number_fault(sentence: str, held: Sequence[Number], alike: Alike) -> str | None:
    """Why a number of a sentence is not the source's, or None."""
    for number in numbers(sentence):
        same = [one for one in held if one.value == number.value and one.labelled == number.labelled]
        others = [one for one in held if _same_thing(one, number, alike) and one.value != number.value]
        elliptic = any(not (one.counts or one.is_year or one.listed) for one in same)  # "inmiddels zijn het er 120"
        if others and not elliptic and not any(_same_thing(one, number, alike) for one in same):
            return f"het getal '{number.word}' is in de bron '{others[0].word}'"
        if not same and (number.value != "1" or number.labelled):
            return f"het getal '{number.word}' staat niet in de bron"
        if same and not any(_fits(one, number, alike) for one in same):
            return f"het getal '{number.word}' telt in de bron iets anders"
    return None


def _same_thing(one: Number, other: Number, alike: Alike) -> bool:
    alike_counts = other.counts | alike(other.counts)
    return not one.is_year and bool(one.counts & alike_counts) and not _siblings(one.counts, other.counts)


def _siblings(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two things are different ones of a kind: a primary and a secondary school."""
    for kind in wording().kinds:
        first, second = ({at for at, side in enumerate(kind) if side & counts} for counts in (one, other))
        if first and second and not first & second:
            return True
    return False


def _fits(held: Number, said: Number, alike: Alike) -> bool:
    if held.listed or held.is_year or not held.counts or not said.counts:
        return True
    return _same_thing(held, said, alike) or said.counts <= wording().neutral
