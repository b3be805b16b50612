"""Whether an English sentence can be the translation of a Dutch one: equal numbers and names, and the same sign."""

import re
from collections.abc import Iterable
from typing import Final

from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.dutch import fold, words, zipf_english

_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"hundred": "100", "thousand": "1000", "million": "miljoen", "thirty": "30", "forty": "40", "fifty": "50"}
_NUMBERS |= {
    word: f"{value}e" for value, word in enumerate("first second third fourth fifth sixth seventh eighth".split(), 1)
}
_NOT: Final = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|neither|nor|hardly|cannot|\w+n't)\b", re.IGNORECASE
)
_NIET: Final = re.compile(
    r"\b(?:niet|geen|nooit|niemand|niets|zonder|noch|nauwelijks|nergens)\b(?! alleen\b)", re.IGNORECASE
)
_ONLY: Final = re.compile(r"\bnot (?:only|just|merely)\b", re.IGNORECASE)
_TRANSLATED: Final = frozenset(
    "i dutch english american german belgian netherlands holland united states us usa america europe european january "
    "february march april may june july august september october november december".split()
)
_COMMON: Final = 4.0
"""The frequency (Zipf) from which an English word that opens a sentence is no name."""
_LONGEST: Final = 2.2
"""How many times as many words as the other one of the two may have."""


def pair_fault(english: str, dutch: str) -> str | None:
    """Why an English sentence may say something else than its Dutch one, or None."""
    theirs, ours = len(words(english)), len(words(dutch))
    if not theirs or not ours or max(theirs, ours) > _LONGEST * min(theirs, ours) + 2:
        return "de zinnen zijn niet even lang"
    if _counted(english) != _counted_in_dutch(dutch):
        return "de getallen verschillen"
    held = set(words(fold(dutch)))
    strange = [name for name in names(english) if name not in held | _TRANSLATED and not _opens(name, english)]
    if strange:
        return f"de naam '{strange[0]}' staat niet in de Nederlandse zin"
    if bool(_NOT.search(_ONLY.sub(" ", english))) != bool(_NIET.search(dutch)):
        return "de een ontkent wat de ander zegt"
    return None


def _opens(name: str, english: str) -> bool:
    """Whether a word has its capital only since the sentence begins with it."""
    first = next(iter(english.split()), "").strip("\"'“‘(,")
    return fold(first) == name and not any(sign.isupper() for sign in first[1:]) and zipf_english(name) >= _COMMON


def _counted(text: str) -> set[str]:
    # "one" is as often a pronoun; Dutch "een" is as often an article: neither counts.
    return _digits(re.findall(r"\d[\d.,]*", text)) | {_NUMBERS[word] for word in words(text) if word in _NUMBERS} - {
        "1"
    }


def _counted_in_dutch(text: str) -> set[str]:
    return _digits(number.value for number in numbers(text) if not number.value.startswith("maand")) - {"1"}


def _digits(found: Iterable[str]) -> set[str]:
    """Numbers without the signs that English and Dutch write differently."""
    return {re.sub(r"(?<=\d)[.,](?=\d)", "", number).rstrip(".,") for number in found}
