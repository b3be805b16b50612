"""Names, titles, slugs and keywords for items that have none yet."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from ingest.blocks import Label
from ingest.factsheets import ParsedItem
from ingest.likeness import KnownItem, content_stems
from kompasbot.dutch import fold, is_common, is_function_word, sentences, stem, words, zipf
from kompasbot.knowledge import ItemType

_NAME: Final = re.compile(
    r"[A-ZÀ-Þ][\w'’.&-]*\w(?:\s+(?:&\s+)?(?:(?:van|de|den|der|het|ter|ten)\s+)*[A-ZÀ-Þ][\w'’&-]*\w)*"
)
_CITED: Final = re.compile(r"\(?\b(?:19|20)\d\d[a-z]?\b\)?|\bet al\.?|\be\.a\.")
_SEVERAL: Final = re.compile(r"\s*[&(),]\s*")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{6,}")
_ORDINARY: Final = 2.0
_MOST_NAMES: Final = 6
_MOST_KEYWORDS: Final = 5
_TITLE_WORDS: Final = 8
_SLUG_WORDS: Final = 5
_SLUG_LENGTH: Final = 40


def full_slug(text: str) -> str:
    """Small ASCII letters, digits and hyphens; empty when the text has no such character."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text).replace("'", "")))


def short_slug(text: str) -> str:
    """The first words of :func:`full_slug`, short enough for an id that people read."""
    short = "-".join(full_slug(text).split("-")[:_SLUG_WORDS])
    return short if len(short) <= _SLUG_LENGTH else short[:_SLUG_LENGTH].rpartition("-")[0] or short[:_SLUG_LENGTH]


def unique(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or with the first number from 2 that makes it unique."""
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


def humanised(name: str) -> str:
    """A folder's or file's name as a title: ``mijn-map`` becomes ``Mijn map``."""
    text = " ".join(re.split(r"[-_\s]+", name)).strip()
    return text[:1].upper() + text[1:]


def names_in(item: ParsedItem) -> tuple[str, ...]:
    """Proper names of an item, most telling first: those of its links, then words with capitals in its text."""
    found = [name for sentence in sentences(f"{item.title or ''}\n{item.text}") for name in _capitalised(sentence)]
    names: list[str] = []
    for name in [part for label in item.labels for part in _SEVERAL.split(_name_of_label(label))] + found:
        if name and not any(_is_part(name, longer) for longer in names):
            names.append(name)
    return tuple(names[:_MOST_NAMES])


def _is_part(name: str, longer: str) -> bool:
    return f" {' '.join(words(name))} " in f" {' '.join(words(longer))} "


def _name_of_label(label: Label) -> str:
    """A link's label without the year and ``et al.`` of a citation; empty for one such as ``Lees meer``."""
    name = " ".join(_CITED.sub(" ", label[0]).split()).strip(" ,.;:")
    if name.isupper() or (name[:1].isupper() and name != label[0]):
        return name
    several = len(name.split()) > 1 and all(word[:1].isupper() for word in name.split())
    return name if any(map(str.isupper, name)) and (several or not all(map(is_common, words(name)))) else ""


def _capitalised(sentence: str) -> Iterator[str]:
    """Names in a sentence; its first word counts only when it is no ordinary word."""
    for match in _NAME.finditer(sentence):
        name = match[0]
        if match.start() == 0 and any(zipf(word) >= _ORDINARY for word in words(name)[:1]):
            name = name.partition(" ")[2]
            name = name[next((at for at, char in enumerate(name) if char.isupper()), len(name)) :]
        if len(name) > 2:
            yield name


def mint(item: ParsedItem, folder: str, topic: str, taken: Collection[str], others: Sequence[ParsedItem]) -> KnownItem:
    """A new entry for an unknown item; ``taken`` are the ids in use, ``others`` all items of its factsheet."""
    title = item.title or _title(item, topic)
    label = "" if item.type is ItemType.GENERAL else next(filter(None, map(_name_of_label, item.labels)), "")
    short = short_slug(label) or short_slug(title) or "item"
    return KnownItem(unique(f"{folder}/{item.type}/{short}", taken), title, names_in(item), _keywords(item, others))


def _title(item: ParsedItem, topic: str) -> str:
    if item.type is ItemType.GENERAL:
        return f"Over de factsheet {topic}".strip() if item.position == 1 else "Tot slot"
    names = [*filter(None, map(_name_of_label, item.labels)), *names_in(item)]
    if names:
        return names[0]
    first = item.text.split()
    return " ".join(first[:_TITLE_WORDS]).rstrip(" .,;:") + ("…" if len(first) > _TITLE_WORDS else "")


def _keywords(item: ParsedItem, others: Sequence[ParsedItem]) -> tuple[str, ...]:
    """The words that few other items of the factsheet have, the rarest in Dutch first."""
    bearers = Counter(found for other in others for found in content_stems(other.text))
    candidates = {stem(fold(word)): word.lower() for word in reversed(_LONG_WORD.findall(item.text))}
    ranked = sorted(
        (found for found, word in candidates.items() if not is_function_word(fold(word))),
        key=lambda found: (bearers[found], zipf(fold(candidates[found])), found),
    )
    return tuple(candidates[found] for found in ranked[:_MOST_KEYWORDS])
