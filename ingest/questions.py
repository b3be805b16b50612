"""The reviewed expected questions and terms of items and of their sentences (``vragen.yaml``), and the synonyms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ingest.files import CorpusFile
from ingest.findings import Finding
from ingest.reviewed import Losses, Quotes, Withheld, fields, line_of_text, lines_of_text, place
from ingest.yamlfiles import load_mapping, texts
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import AskedSentence, Item, ItemType

QUESTIONS_FILE: Final = "vragen.yaml"
ENOUGH_QUESTIONS: Final = 16
_SHAPE: Final = "Elk deel heeft een regel 'zin:' en een lijst 'vragen:'."
_KEYS: Final = frozenset({"vragen", "termen", "zinnen"})
_OF_A_SENTENCE: Final = ("zin", "vragen")


@dataclass(frozen=True, slots=True)
class Expected:
    """What people would ask of an item, words they would use, and the entries of its sentences as they were written:
    these are read beside the text that they quote.
    """

    questions: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    sentences: tuple[Mapping[str, Any], ...] = ()


def load_questions(file: CorpusFile) -> dict[str, Expected]:
    """Read ``vragen.yaml``, by item id; raises :class:`UnreadableFile`."""
    return read_questions(load_mapping(file), file.where)


def read_questions(table: Mapping[str, object], where: str) -> dict[str, Expected]:
    """What a table of questions says, by item id; raises :class:`UnreadableFile`."""
    return {key: _expected(value, f"{where}, bij {key}") for key, value in table.items()}


def _expected(value: object, where: str) -> Expected:
    if not isinstance(value, dict) or not set(value) <= _KEYS:
        raise UnreadableFile(
            f"{where}: hier horen alleen de regels 'vragen:', 'termen:' en 'zinnen:' te staan.",
            "Kijk naar het item erboven.",
        )
    sentences = value.get("zinnen") or []
    if not isinstance(sentences, list) or not all(isinstance(entry, dict) for entry in sentences):
        raise UnreadableFile(f"{where}: bij 'zinnen:' hoort een lijst te staan; elk deel begint met '- '.", _SHAPE)
    return Expected(texts(value.get("vragen"), where), texts(value.get("termen"), where), tuple(sentences))


def read_asked(
    expected: Mapping[str, Expected], items: Sequence[Item], where: str, findings: list[Finding]
) -> dict[str, tuple[AskedSentence, ...]]:
    """The questions that a certain sentence answers, by item id. Those of a sentence that does not stand in the item
    are withheld, and cost a finding; nothing else is lost.
    """
    quotes = Quotes(items)
    found: dict[str, tuple[AskedSentence, ...]] = {}
    for key, entries in ((key, entry.sentences) for key, entry in expected.items() if key in quotes.items):
        losses = Losses()
        found[key] = tuple(_asked(quotes, key, entries, f"{where}, bij {key}", losses))
        findings += losses.findings("De vraag bij de zin", "De vragen bij de zinnen")
    return found


def _asked(
    quotes: Quotes, item_id: str, entries: Sequence[object], where: str, losses: Losses
) -> Iterator[AskedSentence]:
    for entry in entries:
        try:
            told = fields(entry, _OF_A_SENTENCE)
            sentence = line_of_text(told, "zin")
            if not quotes.notes(item_id, sentence):
                quotes.support(item_id, sentence)
            questions = lines_of_text(told.get("vragen"), "vragen")
            if not questions:
                raise Withheld("'vragen:' ontbreekt.", _SHAPE)
        except Withheld as reason:
            name = entry.get("zin") if isinstance(entry, dict) else None
            losses.add(reason, place(where, entry), f"'{str(name or '…')[:60]}'")
        else:
            yield AskedSentence(sentence, questions)


def check_questions(items: Sequence[Item], expected: Mapping[str, Expected], where: str) -> Iterator[Finding]:
    """Ids that do not exist, and items of a factsheet with few questions; one finding without any questions."""
    if not expected:
        yield from _without_questions(items, where)
        return
    ids = {item.id for item in items}
    for key in expected:
        if key not in ids:
            yield Finding(
                "waarschuwing",
                where,
                f"Er staan vragen bij '{key}', maar dat item is er niet.",
                "Kijk in items.yaml welk id het moet zijn, of haal de vragen weg.",
            )
    for item in items:
        if item.type is not ItemType.DOCUMENT and len(item.questions) < ENOUGH_QUESTIONS:
            yield Finding(
                "info",
                item.id,
                f"Bij dit item staan {len(item.questions)} vragen in {where}; {ENOUGH_QUESTIONS} of meer is beter.",
                "Schrijf vragen op zoals mensen ze stellen, met andere woorden dan de tekst.",
            )


def _without_questions(items: Sequence[Item], where: str) -> Iterator[Finding]:
    number = sum(item.type is not ItemType.DOCUMENT for item in items)
    if number:
        yield Finding(
            "info",
            where,
            f"Er zijn nog geen verwachte vragen bij de {number} items van deze factsheet.",
            "Met vragen zoals mensen ze stellen vindt kompasbot de items beter. Zet ze in dit bestand.",
        )


def load_synonyms(file: CorpusFile) -> tuple[tuple[str, ...], ...]:
    """Read ``begrippen.yaml``: each head word and its synonyms as one tuple; raises :class:`UnreadableFile`."""
    return tuple((key, *texts(value, f"{file.where}, bij {key}")) for key, value in load_mapping(file).items())
