"""The parts of Dutch compounds: ``samenwerkingsverband`` is ``samenwerking`` and ``verband``.

Dutch writes compounds as one word, so that a question's ``school`` would miss an item's ``basisschool``. A word is
cut where both halves are common words by themselves; the commoner their rarest half, the better the cut.
"""

from functools import lru_cache
from typing import Final

from kompasbot.dutch.words import CACHE, stem, zipf

_LINKS: Final = ("", "s", "en", "e")
_SHORTEST: Final = 3
_COMMON_PART: Final = 3.0
_COMMON_SHORT: Final = 4.0
_OWN_WORD: Final = 4.9
"""A word this common stands for itself: cutting ``samenwerking`` would only add noise."""
_NOT_PARTS: Final = frozenset(
    "aan achter alle ander baar beste bij binnen boven buiten door eind erin ing ingen ische isch lijk loos maal "
    "mede mee meer "
    "naar neer niet niets onder over rijk sche schap schappen tegen tegenover ten ter tie ties toe tot tussen uit "
    "van ver "
    "voor vol voort wat weg zaam zij zijn zelf ron ren den ten nen len "
    "sen het een den der die dat met als zou kan".split()
)


def _is_part(part: str) -> bool:
    if len(part) < _SHORTEST or part in _NOT_PARTS:
        return False
    return zipf(part) >= (_COMMON_SHORT if len(part) < 5 else _COMMON_PART)


def _cuts(word: str) -> list[tuple[float, tuple[str, str]]]:
    """All cuts into two common words, each with the frequency of its rarer half (shorter halves count less)."""
    found = []
    for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
        tail = word[at:]
        if not _is_part(tail):
            continue
        for link in _LINKS:
            head = word[: at - len(link)] if link and word[:at].endswith(link) else word[:at] if not link else ""
            if head and _is_part(head):
                shorter = min(len(head), len(tail))
                found.append((min(zipf(head), zipf(tail)) + 0.4 * shorter - 0.2 * len(link), (head, tail)))
    return found


@lru_cache(maxsize=CACHE)
def parts(word: str) -> tuple[str, ...]:
    """The stems of a folded compound's parts, at most four; empty when the word is no compound of common words."""
    if len(word) < 7 or not word.isalpha() or zipf(word) >= _OWN_WORD:
        return ()
    cuts = _cuts(word)
    if not cuts:
        return ()
    head, tail = max(cuts)[1]
    found = dict.fromkeys((stem(head), stem(tail), *(parts(head) if len(head) >= 9 else ())))
    return tuple(part for part in found if part != stem(word))
