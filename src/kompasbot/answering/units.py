"""Units: an item with the documents that it links to, what they are called, and where their passages stand."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kompasbot.answering.faithfulness.names import names
from kompasbot.dutch import is_dictionary_word, is_function_word, sentences, stem, words, zipf
from kompasbot.knowledge import Item, ItemType, Knowledge, PassageKind

_ORDINARY: Final = 3.6
"""From this general frequency (Zipf) on a dictionary word in a name does not tell the unit apart: ``universiteit``."""
_MOST_UNITS: Final = 3
"""A word in the names of more units than this tells none apart."""
_LONG_WORD: Final = 7
"""A name of one word calls a unit by itself when it is longer than this."""
_MOST_SENTENCES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Unit:
    """What is known of one item: itself and the documents that it links to; a document that no item links to is a
    unit of its own. ``rows`` are the numbers of its citable passages in ``knowledge.passages``, ``phrases`` the names
    (as stems) that it is called by in full. ``asked`` maps such a row to those of the questions that a sentence in it
    answers, ``noted`` are those that the editor's note answers.
    """

    item: Item
    documents: tuple[Item, ...]
    rows: tuple[int, ...]
    phrases: tuple[tuple[str, ...], ...]
    asked: Mapping[int, tuple[int, ...]]
    noted: tuple[int, ...]

    @property
    def id(self) -> str:
        """The id of its item."""
        return self.item.id

    @property
    def sources(self) -> tuple[Item, ...]:
        """The item and its documents."""
        return (self.item, *self.documents)


class Units:
    """The units of one generation, by id of the item; ``of`` finds those that an item or document belongs to."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        items = {item.id: item for item in knowledge.items}
        linked: dict[str, list[Item]] = defaultdict(list)
        for item in knowledge.items:
            for owner in item.linked_from:
                if owner in items:
                    linked[owner].append(item)
        rows: dict[str, list[int]] = defaultdict(list)
        asked: dict[int, list[int]] = defaultdict(list)
        noted: dict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(knowledge.passages):
            if passage.kind is PassageKind.TEXT:
                rows[passage.item_id].append(row)
            elif passage.answer is not None and passage.answer in (items[passage.item_id].editor_note or ""):
                noted[passage.item_id].append(row)
            elif passage.answer is not None:
                for text_row in rows[passage.item_id]:
                    if _holds(knowledge.passages[text_row].text, passage.answer):
                        asked[text_row].append(row)
        self._units: dict[str, Unit] = {}
        self.of: dict[str, tuple[str, ...]] = {}
        for item in knowledge.items:
            if item.type is ItemType.DOCUMENT and any(owner in items for owner in item.linked_from):
                self.of[item.id] = tuple(owner for owner in item.linked_from if owner in items)
                continue
            self.of[item.id] = (item.id,)
            documents = tuple(linked[item.id])
            own = tuple(row for source in (item, *documents) for row in rows[source.id])
            asked_here = {row: tuple(asked[row]) for row in own if row in asked}
            noted_here = tuple(noted[item.id])
            self._units[item.id] = Unit(item, documents, own, tuple(_phrases(item)), asked_here, noted_here)
        self._by_name = self._names()

    def __getitem__(self, unit_id: str) -> Unit:
        return self._units[unit_id]

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def get(self, unit_id: str) -> Unit | None:
        """The unit of an item, or None."""
        return self._units.get(unit_id)

    def within(self, factsheet: str | None) -> list[Unit]:
        """All units, of one factsheet where one is given, in corpus order."""
        return [unit for unit in self._units.values() if factsheet in (None, unit.item.factsheet)]

    def _names(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for unit in self._units.values():
            for form in {form for word in _name_words(unit.item) for form in (word, stem(word))}:
                found[form].append(unit.id)
        return {word: tuple(ids) for word, ids in found.items() if len(ids) <= _MOST_UNITS}

    def name_words(self, unit_id: str) -> frozenset[str]:
        """The folded words that call a unit."""
        return frozenset(_name_words(self._units[unit_id].item))

    def named(self, text: str, corrected: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """The ids of the units that a text calls by a name, those called most fully first, else in the text's order.

        ``corrected`` maps folded words of the text to the corpus words that typing errors were read as.
        """
        said = words(text)
        said = [(corrected or {}).get(word, word) for word in said]
        stems = tuple(stem(word) for word in said)
        weight: dict[str, float] = {}
        for at, word in enumerate(said):
            for unit_id in self._by_name.get(word) or self._by_name.get(stems[at]) or self._inflected(word):
                weight[unit_id] = weight.get(unit_id, 0.0) + 1.0 - at / 1000
        for unit in self._units.values():
            for phrase in unit.phrases:
                place = _position(phrase, stems)
                if place is not None:
                    weight[unit.id] = weight.get(unit.id, 0.0) + len(phrase) - place / 1000
        return tuple(sorted(weight, key=lambda unit_id: -weight[unit_id]))

    def _inflected(self, word: str) -> tuple[str, ...]:
        """The units whose name a word is a form of: ``limburgs`` of Limburg."""
        if len(word) <= _LONG_WORD - 2 or word[-1] not in "se":
            return ()
        return self._by_name.get(word[:-1]) or self._by_name.get(word[:-2], ())

    @cached_property
    def _told_by(self) -> Mapping[str, str]:
        """Each sentence of the sources, squeezed, with the id of the item or document it stands in."""
        found: dict[str, str] = {}
        for item in self._knowledge.items:
            for text in (item.text, item.title):
                for sentence in sentences(text):
                    found.setdefault(squeezed(sentence), item.id)
            if len(found) > _MOST_SENTENCES:
                break
        for answer in self._knowledge.answers:
            for reviewed in (*answer.sentences, *answer.steps):
                found.setdefault(squeezed(reviewed.text), reviewed.supports[0].item_id)
        return found

    def told_in(self, text: str) -> list[tuple[str, str]]:
        """The sentences of a text that stand in the sources, in order, each with the id of its item or document."""
        pairs = ((sentence, self._told_by.get(squeezed(sentence))) for sentence in sentences(text))
        return [(sentence, item_id) for sentence, item_id in pairs if item_id]


def squeezed(sentence: str) -> str:
    """The words of a text without markers, as one text: what sentences are compared by."""
    return " ".join(words(re.sub(r"\[\d+\]", " ", sentence)))


def _holds(text: str, sentence: str) -> bool:
    """Whether a passage holds a sentence; of several sentences, the first: a cut may fall between them."""
    return " ".join(sentences(sentence)[0].split()) in " ".join(text.split())


def _labels(item: Item) -> list[str]:
    head = item.title.split(":")[0].split("(")[0].strip()
    hyphenated = [token.strip(".,:;()") for token in item.title.split() if "-" in token and token[0].isupper()]
    return [head, *hyphenated, *(link.label for link in item.links)]


def _phrases(item: Item) -> list[tuple[str, ...]]:
    """The names of an item in full, as stems: of at least two words, or one long word."""
    found = []
    for label in _labels(item) if item.type is not ItemType.GENERAL else [link.label for link in item.links]:
        name = label.split("(")[0]
        said = words(name) if "-" in name else [word for word in words(name) if not is_function_word(word)]
        if len(said) > 1 or (said and len(said[0]) > _LONG_WORD):
            found.append(tuple(stem(word) for word in said))
    return list(dict.fromkeys(found))


def _name_words(item: Item) -> list[str]:
    said = [word for label in (item.title, *(link.label for link in item.links)) for word in names(label)]
    return [word for word in dict.fromkeys(said) if not _is_ordinary(word)]


def _is_ordinary(word: str) -> bool:
    return word.isdigit() or (is_dictionary_word(word) and zipf(word) >= _ORDINARY)


def _position(phrase: Sequence[str], stems: Sequence[str]) -> int | None:
    """Where all words of a phrase stand in a text, in any order and near one another, or None."""
    try:
        places = [stems.index(word) for word in phrase]
    except ValueError:
        return None
    return min(places) if max(places) - min(places) <= len(phrase) + 1 else None
