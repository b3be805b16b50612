"""How much an item as read resembles an item that is known: by names, then by words, a little by position."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.factsheets import ParsedItem
from kompasbot.dutch import is_function_word, stem, words
from kompasbot.knowledge import ItemType

_NAMES: Final = 0.6
_POSITION: Final = 0.1
_KEYWORDS: Final = 0.6
_SAME_TITLE: Final = 0.9
_SAME_TEXT: Final = 0.75
_ENOUGH_NAMES: Final = 2


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An entry of ``items.yaml``: an id and what the item is recognised by."""

    id: str
    title: str
    names: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def type(self) -> ItemType:
        """The section, from the middle part of the id."""
        return ItemType(self.id.split("/")[1])


@dataclass(frozen=True, slots=True)
class Resemblance:
    """``evidence`` from names and words, ``score`` with position added to tell two alike apart; both 0 to 1."""

    evidence: float
    score: float


@lru_cache(maxsize=4096)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text))


@lru_cache(maxsize=4096)
def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry content."""
    return frozenset(stem(word) for word in words(text) if not is_function_word(word))


def _whole(item: ParsedItem) -> str:
    return f"{item.title or ''}\n{item.text}"


def _holds(text: str, phrase: str) -> bool:
    """Whether the words of a phrase stand next to each other in a text, in any form of each word."""
    return bool(phrase) and f" {' '.join(_stems(phrase))} " in f" {' '.join(_stems(text))} "


def resemblances(
    items: Sequence[ParsedItem], known: Sequence[KnownItem], previous: Mapping[str, str]
) -> list[list[Resemblance]]:
    """A row per item as read, a column per known item of the same section.

    ``previous`` gives the text under which an id was last published, where there is one.
    """
    bearers = Counter(
        name for entry in known for name in set(entry.names) for item in items if _holds(_whole(item), name)
    )
    longest = max(len(items), len(known), 1)
    return [
        [
            _resemblance(_evidence(item, entry, bearers, previous.get(entry.id)), abs(row - column) / longest)
            for column, entry in enumerate(known)
        ]
        for row, item in enumerate(items)
    ]


def _resemblance(evidence: float, distance: float) -> Resemblance:
    return Resemblance(evidence, (1 - _POSITION) * evidence + _POSITION * (1 - distance))


def _evidence(item: ParsedItem, entry: KnownItem, bearers: Counter[str], previous: str | None) -> float:
    now = _by_text(item, previous)
    by_words = max(_by_words(item, entry), now)
    evidence = _NAMES * _by_names(item, entry, bearers) + (1 - _NAMES) * by_words if entry.names else by_words
    if now >= _SAME_TEXT:
        evidence = max(evidence, now)
    if item.title and _stems(item.title) == _stems(entry.title):
        evidence = max(evidence, _SAME_TITLE)
    return evidence


def _by_names(item: ParsedItem, entry: KnownItem, bearers: Counter[str]) -> float:
    """Names found, up to two; a name that several items bear counts less."""
    found = sum(1 / bearers[name] for name in entry.names if _holds(_whole(item), name))
    return min(1.0, found / min(_ENOUGH_NAMES, len(entry.names)))


def _by_words(item: ParsedItem, entry: KnownItem) -> float:
    text, title = content_stems(_whole(item)), content_stems(entry.title)
    keywords = [content_stems(keyword) for keyword in entry.keywords]
    by_keywords = sum(keyword <= text for keyword in keywords) / len(keywords) if keywords else 0.0
    by_title = len(title & text) / len(title) if title else 0.0
    return _KEYWORDS * by_keywords + (1 - _KEYWORDS) * by_title


def _by_text(item: ParsedItem, previous: str | None) -> float:
    """The share of words that two texts have in common (Dice)."""
    if not previous:
        return 0.0
    now, then = content_stems(item.text), content_stems(previous)
    return 2 * len(now & then) / (len(now) + len(then)) if now or then else 0.0
