"""What speaks for and against a question being answered by its best item: measured, before a status is decided."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kompasbot.answering.asked import Asked
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.wants import Want, lacks
from kompasbot.dutch import fold, is_function_word, sentences, stem, words
from kompasbot.knowledge import Item, Passage, PassageKind
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import SYNONYM, Concept
from kompasbot.retrieval.ranking import Scored
from kompasbot.retrieval.sections import is_section_word
from kompasbot.retrieval.terms import terms

_LONG: Final = 12
"""Weighty words: a question of this many or more counts as long."""
_DENIES: Final = re.compile(
    r"\b(noemt|vermeldt|zegt|geeft|staat|staan)\b.*\bniet\b|\bniet\b.*\b(genoemd|vermeld|gevonden)\b"
)
_SAME: Final = 0.85
_FOCUS_WORDS: Final = 2
_WORDS: Final = r"((?:\w+ ){0,2}\w+)"
_FOCUS: Final = re.compile(
    rf"\b(?:welke?|which|wat voor|hoeveel) {_WORDS}"
    r"|\b(?:wat|wie) (?:is|zijn|was|waren|doet|doen|verdient|kost|vinden|vindt|staat)\b "
    rf"(?:er |bij |in )*(?:de |het |een )?{_WORDS}"
    rf"|\bhoe \w+ (?:ik|je|we|men)\b (?:aan |met |een |de |het |mijn |bij |op )*{_WORDS}"
)
"""The words that say what a question is about: after ``welke``, ``wat is een``, ``hoe bouw ik een``."""

_EITHER: Final = re.compile(r"\b(\w+) of (?:de |het |een |met |in |bij |van )*(\w+)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The measures of a question against its best item; shares and weights are from 0 to 1.

    ``field``: the share of the question that is of the sources' field. ``item``: the share that the item holds.
    ``passages``: how well its best passages cover the question. ``missing``: the share that neither the item, its
    expected questions nor synonyms know, with the ``missed`` words by weight; ``unknown``: the share that no source
    knows. ``focus``: the weight of what the question is ``about`` (a word, or empty), where the item does not hold it.
    ``untold`` is the weight of the heaviest word that the item's own text does not hold, whatever is expected of it.
    ``length``: 1 for a question of twelve weighty words or more. ``strange``: names that no source holds. ``named``:
    the question calls the item by its name; ``titled``: it consists of words of the item's title. ``denied``: the
    word asked for by ``welke`` that the editor's note says the source does not tell. ``lacking``: the kind of answer
    that is asked for is not in the item. ``expected``: the question nearly is one of its expected questions.
    ``placed``: it says nothing but names, one of which the item holds (``voorbeelden uit Zutphen``).
    """

    field: float
    item: float
    passages: float
    missing: float
    missed: Mapping[str, float]
    unknown: float
    focus: float
    about: str
    untold: float
    length: float
    strange: tuple[str, ...]
    named: bool
    titled: bool
    denied: str
    lacking: bool
    expected: bool
    placed: bool


def gather(index: Index, asked: Asked, concepts: Sequence[Concept], chosen: Sequence[Scored]) -> Evidence:
    """Measure a question against the items chosen for it: the first, which is the best, or all when several are asked
    for. ``chosen`` is not empty.
    """
    best = chosen[0].item
    asked_words = set(words(asked.text))
    concepts = [one for one in concepts if one.word in asked_words and not is_section_word(one.word)] or concepts
    told = chosen if asked.several else chosen[:1]
    known, text = (frozenset().union(*(_held(one.item, expected) for one in told)) for expected in (True, False))
    said = names(asked.text)
    placed = all(one.word in said for one in concepts) and any(_covered(one, text) >= 1.0 for one in concepts)
    concepts = _one_of_two(asked.text, concepts, known)
    total = sum(concept.weight for concept in concepts) or 1.0
    missed = _missed(known, concepts)
    unknown = sum(one.weight for one in concepts if not index.knows(one))
    about = _focus(asked.text, concepts)
    lack = max(
        ((one.weight * (2 - _covered(one, text) - _covered(one, known)) / 2, one.word) for one in about),
        default=(0.0, ""),
    )
    return Evidence(
        field=index.field_share(concepts),
        item=chosen[0].coverage,
        passages=chosen[0].best_passages,
        missing=sum(missed.values()) / total,
        missed=missed,
        unknown=unknown / total,
        focus=lack[0],
        about=lack[1],
        untold=max((one.weight * (1 - _covered(one, text)) for one in concepts), default=0.0),
        length=min(len(concepts), _LONG) / _LONG,
        strange=tuple(name for name in said if not index.knows(Concept(name, _as_terms(name), 1.0))),
        named=names_item(best, asked.text),
        titled=not _missed(frozenset(terms(best.title)), concepts),
        denied=_denied(best, asked, about),
        lacking=all(lacks(asked.wish, asked.text, f"{one.item.title}\n{one.item.text}", index.alike) for one in chosen),
        expected=_is_expected(asked.text, chosen[0].passage),
        placed=placed,
    )


def _one_of_two(question: str, concepts: Sequence[Concept], held: frozenset[str]) -> list[Concept]:
    """The words of a question without those for which it offers another that is held: ``een bibliotheek of museum``."""
    has = {one.word: _covered(one, held) >= 1.0 for one in concepts}
    needless = set()
    for match in _EITHER.finditer(" ".join(fold(question).split())):
        first, second = (has.get(word) for word in match.groups())
        if first is not None and second is not None and first != second:
            needless.add(match[2] if first else match[1])
    return [one for one in concepts if one.word not in needless]


def _denied(item: Item, asked: Asked, about: Iterable[Concept]) -> str:
    """The first word that is asked for by ``welke`` and that the editor's note says the source does not tell."""
    if asked.wants is not Want.WHICH or asked.several or not item.editor_note:
        return ""
    denials = [one for one in sentences(item.editor_note) if _DENIES.search(one)]
    held = [set(terms(one)) for one in denials]
    return next((one.word for one in about if any(stem(one.word) in denial for denial in held)), "")


def _is_expected(question: str, passage: Passage | None) -> bool:
    """Whether the best passage is an expected question with nearly the same words."""
    if passage is None or passage.kind is not PassageKind.QUESTION:
        return False
    mine, theirs = set(terms(question)), set(terms(passage.text))
    shared = len(mine & theirs)
    return shared > 1 and shared >= _SAME * len(mine | theirs)


def missed_by(item: Item, concepts: Iterable[Concept]) -> dict[str, float]:
    """The words of a question that neither an item nor its expected questions hold, with their weights."""
    return _missed(_held(item, True), concepts)


def _missed(known: frozenset[str], concepts: Iterable[Concept]) -> dict[str, float]:
    return {one.word: weight for one in concepts if (weight := one.weight * (1 - _covered(one, known))) > 0}


def names_item(item: Item, question: str) -> bool:
    """Whether a question calls an item by a name in its title."""
    return names_said(item, question) > 0


def names_said(item: Item, question: str) -> int:
    """How many names of an item's title a question says."""
    return len(set(names(item.title)) & set(words(question)))


def _as_terms(name: str) -> dict[str, float]:
    return {stem(name): 1.0, name: 1.0}


def _covered(concept: Concept, held: frozenset[str]) -> float:
    """How far a text with the terms ``held`` holds a word: a synonym holds it in full, a compound's part nearly."""
    best = max((like for term, like in concept.alternatives.items() if term in held), default=0.0)
    return min(1.0, best / SYNONYM)


def _focus(question: str, concepts: Iterable[Concept]) -> list[Concept]:
    """The words that a question is about: those after ``welke``, ``wat is een``, ``hoe bouw ik een``."""
    found = [next(filter(None, match.groups())) for match in _FOCUS.finditer(" ".join(fold(question).split()))]
    about = [word for word in words(found[-1]) if not is_function_word(word)][:_FOCUS_WORDS] if found else []
    return [one for one in concepts if one.word in about]


@lru_cache(maxsize=4096)
def _held(item: Item, expected: bool) -> frozenset[str]:
    """The terms of an item's title and text, with those of its expected questions and terms where asked."""
    more = (*item.questions, *item.terms) if expected else ()
    return frozenset(terms(" \n".join((item.title, item.text, *more))))
