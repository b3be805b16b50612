"""What the sources of a sentence hold, prepared once for the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.faithfulness.names import acronyms
from kompasbot.answering.faithfulness.numbers import Number, counted, numbers
from kompasbot.answering.faithfulness.reading import Reading, read
from kompasbot.answering.faithfulness.wording import Rewordings, wording
from kompasbot.dutch import sentences
from kompasbot.knowledge import Item
from kompasbot.retrieval.terms import terms

_LIST: Final = "- "


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a source: as it reads, and the stems by which it may be told."""

    reading: Reading
    told: frozenset[str]
    phrases: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The sources together.

    ``stems`` are their own, ``told`` also what rewordings and synonyms make of them, ``phrases`` the rewordings of
    several words; ``asked`` are the words of the expected questions, which count for wording only.
    """

    text: str
    folded: str
    lines: tuple[Line, ...]
    stems: frozenset[str]
    told: frozenset[str]
    phrases: tuple[frozenset[str], ...]
    asked: frozenset[str]
    words: frozenset[str]
    acronyms: frozenset[str]
    numbers: tuple[Number, ...]
    instructs: bool
    denied: frozenset[str]

    def nearest(self, reading: Reading) -> Line:
        """The line of the source that says most of what a sentence says."""
        return max(self.lines, key=lambda line: (len(reading.content & line.told), -len(line.reading.words)))


def hold(sources: Sequence[Item], rewordings: Rewordings) -> Held:
    """Prepare sources; the text counts, not the editor's notes."""
    text = "\n".join(f"{item.title}\n{item.text}" for item in sources)
    lines = tuple(_line(sentence, rewordings) for sentence in sentences(text)) or (_line("", rewordings),)
    stems = frozenset(terms(text)) | {one for line in lines for one in line.reading.content}
    types = frozenset(one for item in sources for one in wording().type_words.get(item.type, ()))
    singles = frozenset(one for line in lines for one in line.told)
    phrases = tuple({phrase for line in lines for phrase in line.phrases})
    return Held(
        text,
        " \n".join(line.reading.folded for line in lines),
        lines,
        stems,
        stems | singles | types,
        phrases,
        frozenset(term for item in sources for line in (*item.questions, *item.terms) for term in terms(line)),
        frozenset(word for line in lines for word in line.reading.words),
        acronyms(text),
        (*numbers(text), *counted(text)),
        any(line.startswith(_LIST) for line in text.splitlines()),
        frozenset(one for line in lines for one in line.reading.denied_stems),
    )


def _line(sentence: str, rewordings: Rewordings) -> Line:
    reading = read(sentence)
    singles, phrases = rewordings.of(reading.content | frozenset(reading.stems))
    return Line(reading, reading.content | singles, phrases)
