"""The words and patterns by which a message is understood: content (``prompts/begrip.yaml``), checked when loaded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kompasbot.answering.understanding.turn import Act, AnswerKind
from kompasbot.dutch import fold, is_function_word, stem
from kompasbot.errors import KompasbotError, reason_of
from kompasbot.knowledge import FacetKind, ItemType
from kompasbot.shipped import shipped

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ActPattern:
    """A message is this act when the signal stands in it and every other content word (stemmed) is allowed, or when the
    ``strong`` signal stands in it, whatever else it says.
    """

    signal: Pattern
    allowed: frozenset[str]
    strong: Pattern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The compiled file; the fields are named as its keys are translated in :func:`load_vocabulary`."""

    acts: tuple[tuple[Act, ActPattern], ...]
    correction: Pattern
    switch: Pattern
    back: Pattern
    real_switch: Pattern
    asks: Pattern
    asks_for: Pattern
    second_question: Pattern
    leans: Pattern
    tells: Pattern
    salutation: Pattern
    seeks: Pattern
    other: Pattern
    ordinals: tuple[str, ...]
    last: Pattern
    which_of: Pattern
    pointing: Pattern
    kinds: tuple[tuple[AnswerKind, Pattern], ...]
    yes_no: Pattern
    not_yes_no: Pattern
    exists: Pattern
    confirms_negation: Pattern
    several: Pattern
    superlative: Pattern
    negation: Pattern
    quantified: Pattern
    same: Pattern
    persons: Pattern
    other_half: Pattern
    sections: Mapping[str, ItemType]
    listing: Pattern
    one_of: Pattern
    purpose: Pattern
    where_already: Pattern
    list_words: frozenset[str]
    facets: tuple[tuple[FacetKind, Pattern], ...]
    holds: Mapping[AnswerKind, Pattern]
    reporter: Pattern
    doubts: Pattern
    school_years: Mapping[str, tuple[int, int]]

    def kind_of(self, folded: str) -> tuple[AnswerKind, str | None]:
        """The kind of answer that a folded question asks for, and the noun that it is of, where it names one."""
        for kind, pattern in self.kinds:
            match = pattern.search(folded)
            if match:
                nouns = [value for value in match.groupdict().values() if value and not is_function_word(value)]
                return kind, nouns[0] if nouns else None
        return AnswerKind.OPEN, None

    def sections_named(self, words: list[str]) -> frozenset[ItemType]:
        """The sections that folded words name."""
        return frozenset(self.sections[word] for word in words if word in self.sections)


@lru_cache(maxsize=4)
def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """Load ``begrip.yaml`` from ``folder``, by default the shipped ``prompts``; raises on a broken pattern or name."""
    path = (folder or shipped("prompts")) / "begrip.yaml"
    try:
        return _vocabulary(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError, re.error, KeyError, AttributeError, TypeError) as error:
        raise KompasbotError(
            f"Het bestand {path} is niet bruikbaar: {reason_of(error)}.", "Herstel het bestand."
        ) from error


def _vocabulary(table: Mapping[str, Any]) -> Vocabulary:
    turns = table["wending"]
    return Vocabulary(
        acts=tuple((Act(name), _act(found)) for name, found in table["handelingen"].items()),
        correction=re.compile(turns["correctie"]),
        switch=re.compile(turns["wissel"]),
        back=re.compile(turns["terug"]),
        real_switch=re.compile(table["wissel_echt"]),
        asks=re.compile(table["vraagwoord"]),
        asks_for=re.compile(table["vraag_om"]),
        second_question=re.compile(table["tweede_vraag"]),
        leans=re.compile(table["leunt"]),
        tells=re.compile(table["vertelt"]),
        salutation=re.compile(table["aanhef"]),
        seeks=re.compile(table["zoekt_iets"]),
        other=re.compile(table["anders"]),
        ordinals=tuple(table["ordinaal"]),
        last=re.compile(table["laatste"]),
        which_of=re.compile(table["welke_van"]),
        pointing=re.compile(table["aanwijzing"]),
        kinds=tuple((AnswerKind(row["soort"]), re.compile(row["patroon"])) for row in table["soorten"]),
        yes_no=re.compile(table["ja_nee"]),
        not_yes_no=re.compile(table["geen_ja_nee"]),
        exists=re.compile(table["bestaat_er"]),
        confirms_negation=re.compile(table["bevestigt_ontkenning"]),
        several=re.compile(table["meer_dan_een"]),
        superlative=re.compile(table["overtreffend"]),
        negation=re.compile(table["ontkenning"]),
        quantified=re.compile(table["hoeveel_ervan"]),
        same=re.compile(table["hetzelfde"]),
        persons=re.compile(table["zij"]),
        other_half=re.compile(table["andere_helft"]),
        sections={word: ItemType(kind) for kind, found in table["onderdelen"].items() for word in found.split()},
        listing=re.compile(table["lijst"]),
        one_of=re.compile(table["een_ervan"]),
        purpose=re.compile(table["doel"]),
        where_already=re.compile(table["waar_al"]),
        list_words=_stems(table["lijstwoorden"]),
        facets=tuple((FacetKind(kind), re.compile(found)) for kind, found in table["kenmerken"].items()),
        holds={AnswerKind(kind): _held(AnswerKind(kind), found) for kind, found in table["bevat"].items()},
        reporter=re.compile(table["verslaggever"]),
        doubts=re.compile(table["klopt_het"]),
        school_years={name: (int(first), int(last)) for name, (first, last) in table["leerjaren"].items()},
    )


def _act(found: Mapping[str, Any]) -> ActPattern:
    strong = _joined(found["sterk"]) if "sterk" in found else None
    return ActPattern(_joined(found["signaal"]), _stems(found["mag"]), strong)


_CASED = (AnswerKind.WHO, AnswerKind.WHERE, AnswerKind.HOW_TO)
"""Kinds that are told by capitals: names, places, and advice by the verb that begins a sentence."""


def _held(kind: AnswerKind, found: str) -> Pattern:
    """What a text holds of a kind."""
    return re.compile(found, 0 if kind in _CASED else re.IGNORECASE)


def _joined(patterns: list[str]) -> Pattern:
    if not isinstance(patterns, list) or not patterns:
        raise TypeError("hier hoort een lijst van patronen te staan")
    return re.compile("|".join(f"(?:{each})" for each in patterns))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(fold(word)) for word in text.split())
