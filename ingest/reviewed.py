"""What reviewed facets and answers share: each is read by itself, with the sentences that it rests on.

One that can't be used is withheld, and said so; the others are read on.
"""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ingest.findings import Finding
from ingest.yamlfiles import LINE, texts
from kompasbot.dutch import sentences
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Item, Support

_COPY: Final = "Kopieer een hele zin of een heel deel van een lijst uit de tekst, zonder iets te veranderen."
_ALIKE: Final = 0.6
"""How alike a sentence of the source must be to be shown as what was meant."""
_CLOSING: Final = ".;:, "


class Withheld(Exception):
    """A reviewed value or answer can't be used; ``hint`` says what to do about it.

    The message goes on where the report has named what it is about.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Losses:
    """What was withheld, by the reason: a sentence that is lost takes all that rests on it along, and is told once."""

    def __init__(self) -> None:
        self._by_reason: dict[tuple[str, str], dict[tuple[str, str], None]] = {}

    def add(self, reason: Withheld, where: str, name: str) -> None:
        """Note a value or answer by its name, with the place where it stands."""
        self._by_reason.setdefault((str(reason), reason.hint), {})[name, where] = None

    def findings(self, one: str, several: str) -> Iterator[Finding]:
        """What the report says; ``one`` and ``several`` are what the names are of, in Dutch."""
        for (message, hint), withheld in self._by_reason.items():
            names = ", ".join(name for name, _ in withheld)
            what = f"{one} {names} doet" if len(withheld) == 1 else f"{several} {names} doen"
            yield Finding("fout", next(where for _, where in withheld), f"{what} niet mee: {message}", hint)


def place(where: str, entry: object) -> str:
    """The file with the line on which an entry of a list begins, where it is known."""
    line = entry.get(LINE) if isinstance(entry, dict) else None
    return f"{where}, regel {line}" if line else where


def fields(entry: object, known: Collection[str]) -> Mapping[str, Any]:
    """An entry's fields; raises :class:`Withheld` for what is no mapping, and for a field that nothing reads."""
    hint = f"Bekend zijn hier: {', '.join(known)}."
    if not isinstance(entry, dict):
        raise Withheld(f"'{str(entry)[:60]}' hoort uit regels te bestaan als 'naam: …'.", hint)
    unknown = [str(key) for key in entry if key not in known and key != LINE]
    if unknown:
        raise Withheld(f"de regel '{unknown[0]}:' is niet bekend.", hint)
    return entry


def line_of_text(entry: Mapping[str, Any], key: str) -> str:
    """A field that holds one text; empty when it is not there. Raises :class:`Withheld` for anything else."""
    return " ".join(lines_of_text([entry[key]] if entry.get(key) is not None else None, key))


def lines_of_text(value: object, key: str) -> tuple[str, ...]:
    """A field that holds a list of texts; raises :class:`Withheld` for anything else."""
    try:
        return texts(value, f"bij '{key}:'")
    except UnreadableFile as error:
        raise Withheld(str(error), error.hint) from error


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of an item on one line, with the places where its sentences begin and end."""

    line: str
    sentences: tuple[str, ...]
    starts: frozenset[int]
    ends: frozenset[int]

    @classmethod
    def of(cls, text: str) -> "_Text":
        found = tuple(" ".join(one.split()) for one in sentences(text))
        starts, ends, at = [], [], 0
        for sentence in found:
            starts.append(at)
            # A quote may leave out the mark that closes its sentence.
            ends += [at + len(sentence), at + len(sentence.rstrip(_CLOSING))]
            at += len(sentence) + 1
        return cls(" ".join(found), found, frozenset(starts), frozenset(ends))

    def holds(self, quote: str) -> tuple[bool, bool]:
        """Whether a quote stands in the text, and whether it does so without breaking off a sentence."""
        at = self.line.find(quote)
        stands = at >= 0
        while at >= 0:
            if at in self.starts and at + len(quote) in self.ends:
                return True, True
            at = self.line.find(quote, at + 1)
        return stands, False


class Quotes:
    """The texts of items and documents, in which quotes are looked up."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = {item.id: item for item in items}
        self._texts: dict[str, _Text] = {}
        self._advices: dict[tuple[str, str], str] = {}

    def notes(self, item_id: str, quote: str) -> bool:
        """Whether a quote is a whole sentence, or more, of the editor's note at an item."""
        item = self.items.get(item_id)
        return bool(item and item.editor_note and quote and all(_Text.of(item.editor_note).holds(quote)))

    def support(self, item_id: str, quote: str) -> Support:
        """A quote that stands word for word, and whole, in an item; raises :class:`Withheld` for any other."""
        if not item_id or not quote:
            raise Withheld("een bron of citaat ontbreekt.", "Zet er een id van een item of document bij, met een zin.")
        item = self.items.get(item_id)
        if item is None:
            hint = "Kijk in items.yaml en in de map documenten welk id het moet zijn."
            raise Withheld(f"de bron '{item_id}' is er niet.", hint)
        text = self._texts.setdefault(item_id, _Text.of(item.text))
        stands, whole = text.holds(" ".join(sentences(quote)))
        if not whole:
            said = "breekt een zin af van" if stands else "staat niet woord voor woord in"
            advice = self._advices.get((item_id, quote)) or _advice(text, quote)
            self._advices[item_id, quote] = advice
            raise Withheld(f"'{_start(quote)}' {said} '{item_id}'.", advice)
        return Support(item_id, quote)


def _advice(text: _Text, quote: str) -> str:
    likely = difflib.get_close_matches(quote, text.sentences, 1, _ALIKE)
    return f"Is dit de zin? '{likely[0]}' Neem hem dan precies zo over." if likely else _COPY


def _start(quote: str) -> str:
    return quote if len(quote) <= 80 else f"{quote[:80].rpartition(' ')[0]} …"
