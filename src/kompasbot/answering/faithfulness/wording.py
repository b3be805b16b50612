"""The tables of Dutch wording that ship beside this module: rewordings, words without a claim, opposites, kinds.

They are content, reviewed like the corpus: ``gelijk.yaml`` holds what may be said in other words,
``sterk.yaml`` strong claims, ``woorden.yaml`` the rest. Nothing in them names anything of a factsheet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from kompasbot.dutch import fold, is_function_word, stem, words

_FOLDER: Final = Path(__file__).parent

Phrase = tuple[str, ...]
Alike = Callable[[frozenset[str]], frozenset[str]]
"""What may also be said for stems: the single stems that :meth:`Rewordings.of` gives."""


def phrase(text: str) -> Phrase:
    """The stems of a phrase's content words; of all its words when it has no content."""
    found = words(text)
    return tuple(stem(word) for word in found if not is_function_word(word)) or tuple(stem(word) for word in found)


class Rewordings:
    """Groups of phrases that may stand for one another, found from any of their words."""

    def __init__(self, groups: Iterable[Sequence[Phrase]]) -> None:
        self._groups: list[tuple[Phrase, ...]] = [tuple(one for one in group if one) for group in groups]
        self._by_stem: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number, group in enumerate(self._groups):
            for member in group:
                self._by_stem.setdefault(member[0], []).append((number, frozenset(member)))

    def of(self, stems: frozenset[str]) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
        """What a text with these stems may also be called: single stems, and phrases of several."""
        groups = {
            number
            for one in stems
            for number, member in self._by_stem.get(one, ())
            if len(member) == 1 or member <= stems
        }
        members = [member for number in groups for member in self._groups[number]]
        singles = frozenset(member[0] for member in members if len(member) == 1)
        return singles, tuple({frozenset(member) for member in members if len(member) > 1})


@dataclass(frozen=True, slots=True)
class Wording:
    """The tables, by stems.

    ``neutral`` words carry no claim; ``type_words`` say what an item of a type always is; ``opposites`` map a stem to
    the stems that mean the contrary; ``kinds`` are sets of siblings (morning, afternoon, …), each a list of equals;
    ``aliases`` are spellings of one name, as folded words.
    """

    groups: tuple[tuple[Phrase, ...], ...]
    neutral: frozenset[str]
    type_words: Mapping[str, frozenset[str]]
    opposites: Mapping[str, frozenset[str]]
    kinds: tuple[tuple[frozenset[str], ...], ...]
    aliases: tuple[tuple[Phrase, ...], ...]


@cache
def wording() -> Wording:
    """Read the tables, once."""
    rows = table("woorden.yaml")
    return Wording(
        groups=tuple(tuple(phrase(member) for member in line.split(",")) for line in table("gelijk.yaml")),
        neutral=_stems(rows["neutraal"]),
        type_words={name: _stems(line) for name, line in rows["soortwoorden"].items()},
        opposites=_opposites(rows["tegengesteld"]),
        kinds=tuple(tuple(_stems(side) for side in line.split("|")) for line in rows["soorten"]),
        aliases=tuple(tuple(tuple(words(name)) for name in line.split(",")) for line in rows["namen"]),
    )


def table(name: str) -> Any:
    """Read a table from beside this module."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=loader)


def _stems(line: str) -> frozenset[str]:
    return frozenset(stem(fold(word)) for word in line.split())


def _opposites(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        left, right = (_stems(side) for side in line.split("|"))
        for one, other in ((left, right), (right, left)):
            for word in one:
                found[word] = found.get(word, frozenset()) | other
    return found
