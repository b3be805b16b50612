"""The numbers of a text, however they are written: ``10``, ``tien``, ``tiende``, ``2015``, ``6,6 miljoen``, ``mei``."""

import re
from dataclasses import dataclass
from typing import Final

from kompasbot.dutch import fold, is_function_word, stem

_UNITS: Final = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien".split()
_TEENS: Final = {"vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19}
_TENS: Final = dict(
    zip("twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(), range(20, 100, 10), strict=True)
)
_MONTHS: Final = "januari februari maart april mei juni juli augustus september oktober november december".split()
_OTHER: Final = {
    "eerste": "1",
    "tweede": "2",
    "derde": "3",
    "beide": "2",
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
    "half": "1/2",
    "halve": "1/2",
    "jaarlijks": "",
}


def _words() -> dict[str, str]:
    table = {word: str(value) for value, word in enumerate(_UNITS)} | {w: str(v) for w, v in (_TEENS | _TENS).items()}
    for unit, value in zip(_UNITS[1:10], range(1, 10), strict=True):
        for ten, tens in _TENS.items():
            table[f"{unit}en{ten}"] = str(tens + value)
    table |= {f"{word}de": number for word, number in list(table.items()) if word not in ("een", "drie")}
    table |= {f"{word}ste": number for word, number in list(table.items())}
    table |= {month: f"maand {month}" for month in _MONTHS if month not in ("maart", "mei")}
    del table["een"]
    return {word: number for word, number in (table | _OTHER).items() if number}


_TABLE: Final = _words()
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*%?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENGLISH: Final = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: its value in one notation, the word that it was, and the stem of the noun that it counts."""

    value: str
    word: str
    counts: str | None

    @property
    def is_year(self) -> bool:
        """Whether it reads as a year."""
        return bool(re.fullmatch(r"(19|20)\d\d", self.value))


def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text, in order; citation markers ``[n]`` and list marks ``1)`` are no numbers."""
    plain = re.sub(r"\[\d+\]|(?<!\w)\d{1,2}\)", " ", text)
    tokens = [fold(token) for token in _NUMBER.findall(plain)]
    return tuple(
        Number(value, token, _counted(tokens[at + 1 : at + 4]))
        for at, token in enumerate(tokens)
        if (value := _value(token)) is not None
    )


def _value(token: str) -> str | None:
    if token[0].isdigit():
        bare = token.rstrip("%").replace(",", ".")
        grouped = re.fullmatch(r"\d{1,3}(\.\d{3})+", bare)
        return bare.replace(".", "") if grouped else bare
    return _TABLE.get(token) or _ENGLISH.get(token)


def _counted(following: list[str]) -> str | None:
    """The stem of the first content word after a number: ``10 basisscholen`` counts schools."""
    for word in following:
        if not is_function_word(word) and not word[0].isdigit() and word not in _TABLE:
            return stem(word)
    return None
