"""A library of made-up Dutch documents, of any size: no text twice, and as unlike one another as real ones are.

A document is about a theme, uses a few words of its own again and again, and each of its sections some of these most;
between them stand everyday words by their frequency. That gives vectors that lie in groups, rare words that tell
documents apart and common words that do not. ``RANDOM`` has words by frequency and nothing else: all vectors are then
nearly as far from one another, which is the hardest case for a search by neighbours, and no text that anyone writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

SECTIONS: Final = 33
"""Sections of a document; with its title that makes 34 passages."""
_SENTENCES: Final = 8
_WORDS: Final = 12
_THEMES: Final = 250
_THEME_WORDS: Final = 120
_OWN_WORDS: Final = 16
_SECTION_WORDS: Final = 5
_SHARES: Final = (0.55, 0.2, 0.12, 0.13)
"""How much of a text are everyday words, words of its theme, of the document, and of the section."""


class Kind(Enum):
    """How the words of a document are chosen."""

    THEMES = "documents about themes"
    RANDOM = "documents of random words"


@dataclass(frozen=True, slots=True)
class Question:
    """A question made of words that one document uses often, and the file of that document."""

    text: str
    document: str


class Library:
    """Writes documents and asks about them; always the same ones for a seed."""

    def __init__(self, kind: Kind = Kind.THEMES, seed: int = 1) -> None:
        from wordfreq import top_n_list

        self._words = np.asarray([word for word in top_n_list("nl", 40_000) if word.isalpha()], object)
        self._kind = kind
        self._seed = seed
        everyday = 1 / (np.arange(len(self._words)) + 10)
        self._cumulative = np.cumsum(everyday / everyday.sum())
        self._content = np.asarray([at for at, word in enumerate(self._words) if at > 400 and len(word) > 4])
        chance = np.random.default_rng(seed)
        self._themes = [chance.choice(self._content, _THEME_WORDS, replace=False) for _ in range(_THEMES)]

    def write(self, folder: Path, passages: int) -> int:
        """Write so many passages of documents into a folder; gives the number of documents."""
        folder.mkdir(parents=True, exist_ok=True)
        number = max(1, passages // (SECTIONS + 1))
        for at in range(number):
            (folder / name_of(at)).write_text(self._document(at), encoding="utf-8")
        return number

    def questions(self, documents: int, number: int) -> Iterator[Question]:
        """Questions about documents spread over the library, each with three words of one of its sections."""
        for at in np.linspace(0, documents - 1, min(number, documents)).astype(int):
            chance, own = self._own(int(at))
            section = chance.choice(own, (SECTIONS, _SECTION_WORDS))[SECTIONS // 2]
            first, second, third = self._words[list(dict.fromkeys([*section, *own]))[:3]]
            yield Question(f"Wat heeft {first} te maken met {second} en {third}?", name_of(int(at)))

    def _own(self, at: int) -> tuple[np.random.Generator, NDArray[np.int64]]:
        """The chance of a document and its own words: most from its theme, some from anywhere."""
        chance = np.random.default_rng((self._seed, at))
        theme = self._themes[at % _THEMES]
        own = np.concatenate(
            [chance.choice(theme, _OWN_WORDS // 2, replace=False), chance.choice(self._content, _OWN_WORDS // 2)]
        )
        return chance, own

    def _document(self, at: int) -> str:
        chance, own = self._own(at)
        of_section = chance.choice(own, (SECTIONS, _SECTION_WORDS))
        shape = (SECTIONS, 3 + _SENTENCES * _WORDS)
        ids = np.searchsorted(self._cumulative, chance.random(shape)).clip(max=len(self._words) - 1)
        if self._kind is Kind.THEMES:
            source = chance.choice(len(_SHARES), shape, p=_SHARES)
            source[:, :3] = 3
            rows = np.arange(SECTIONS)[:, None]
            theme = self._themes[at % _THEMES]
            ids = np.choose(
                source,
                [
                    ids,
                    theme[(chance.random(shape) ** 2 * len(theme)).astype(int)],
                    chance.choice(own, shape),
                    of_section[rows, chance.integers(0, _SECTION_WORDS, shape)],
                ],
            )
        title = " ".join(self._words[own[:3]])
        return f"# {title.capitalize()} ({at})\n\n" + "\n\n".join(map(self._section, ids))

    def _section(self, ids: NDArray[np.int64]) -> str:
        words = self._words[ids]
        body = (" ".join(words[at : at + _WORDS]).capitalize() for at in range(3, len(words), _WORDS))
        return f"## {' '.join(words[:3])}\n\n" + " ".join(f"{sentence}." for sentence in body)


def name_of(at: int) -> str:
    """The file of a document."""
    return f"document-{at:05}.md"
