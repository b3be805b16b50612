"""A sentence as the rules read it: its words with their stems, and what its negations deny."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kompasbot.answering.faithfulness.wording import wording
from kompasbot.dutch import fold, is_function_word, parts, stem, words

_MARKER: Final = re.compile(r"\[\d+\]")
_IDIOM: Final = re.compile(
    r"\bniet (alleen|enkel|slechts|uitsluitend|te vergeten|voor niets)\b"
    r"|\b(niet uit (het|je) oog|uit het oog niet)\b|\bzonder (twijfel|meer|moeite|problemen|gedoe)\b|\bgeen probleem\b"
    r"|\b(belang|doel) niet (uit|kwijt)\b"
)
_REGARDLESS: Final = re.compile(
    r"\b(maakt|maken|doet|doen|speelt|spelen) (\w+ ){0,4}?(niet uit|er niet toe|geen rol|geen verschil|niets uit)\b"
    r"|\bzonder onderscheid\b|\bniet (bepalend|belangrijk) (is|zijn)\b|\bmag (geen|niet) \w+ (rol|uit)\w*"
    r"|\bgeen (rol|verschil) (speelt|spelen|maakt|maken)\b|\bniet uitma\w+"
)
_IS_REGARDLESS: Final = re.compile(r"\bongeacht\b|\blos van\b|\bonafhankelijk van\b|\bwelke? \w+ (\w+ )?ook\b")
_NEGATOR: Final = re.compile(
    r"(?:niet|geen|nooit|zonder|nauwelijks|amper|evenmin|minder|zelden|weinig|noch|niemand|nergens|niets|not|no|never)"
)
_WHOLE: Final = frozenset("niemand nergens niets".split())
_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """``stems`` run parallel to ``words``; ``content`` are the stems of content words, with the parts of compounds.

    ``denied``: for each negation, the stems that it denies; ``regardless``: whether it says that something is all the
    same (``ongeacht``, ``maakt niet uit``).
    """

    text: str
    folded: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    content: frozenset[str]
    denied: tuple[frozenset[str], ...]
    regardless: bool

    @property
    def denied_stems(self) -> frozenset[str]:
        """All that is denied."""
        return frozenset().union(*self.denied)


@lru_cache(maxsize=4096)
def read(sentence: str) -> Reading:
    """Read a sentence; citation markers are left out."""
    plain = _MARKER.sub(" ", sentence)
    folded = fold(plain)
    found = tuple(words(plain))
    content = frozenset(
        one for word in found if not is_function_word(word) for one in (stem(word), *parts(word))
    ) | frozenset(stem(word.replace("-", "")) for word in re.findall(r"[^\W_]+(?:-[^\W_]+)+", folded))
    regardless = bool(_IS_REGARDLESS.search(folded) or _REGARDLESS.search(folded))
    spoken = _REGARDLESS.sub(" ", _IDIOM.sub(" ", folded))
    return Reading(plain, folded, found, tuple(map(stem, found)), content, tuple(_denials(spoken)), regardless)


def _denials(folded: str) -> list[frozenset[str]]:
    found = []
    for clause in re.split(r"[,;:.]", folded):
        tokens = words(clause)
        for at, token in enumerate(tokens):
            if _NEGATOR.fullmatch(token):
                found.append(_denied(tokens, at))
    return found


def _denied(tokens: list[str], at: int) -> frozenset[str]:
    """The nearest content words after a negation, or before one that ends its clause."""
    if tokens[at] in _WHOLE:
        return frozenset(stem(word) for word in tokens if _says(word))
    after = [word for word in tokens[at + 1 :] if _says(word)]
    before = [word for word in reversed(tokens[:at]) if _says(word)]
    return frozenset(stem(word) for word in (after or before)[:_REACH])


def _says(word: str) -> bool:
    return not is_function_word(word) and not _NEGATOR.fullmatch(word)


def opposite(one: str, other: str) -> bool:
    """Whether two stems mean the contrary of one another."""
    return other in wording().opposites.get(one, ())
