"""The reviewed expected questions and terms of items (``vragen.yaml``), and the synonyms of the field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.files import CorpusFile
from ingest.findings import Finding
from ingest.yamlfiles import load_mapping, texts
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Item, ItemType

QUESTIONS_FILE: Final = "vragen.yaml"
ENOUGH_QUESTIONS: Final = 16
_KEYS: Final = frozenset({"vragen", "termen"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What people would ask of an item, and words they would use."""

    questions: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def load_questions(file: CorpusFile) -> dict[str, Expected]:
    """Read ``vragen.yaml``, by item id; raises :class:`UnreadableFile`."""
    return read_questions(load_mapping(file), file.where)


def read_questions(table: Mapping[str, object], where: str) -> dict[str, Expected]:
    """What a table of questions says, by item id; raises :class:`UnreadableFile`."""
    return {key: _expected(value, f"{where}, bij {key}") for key, value in table.items()}


def _expected(value: object, where: str) -> Expected:
    if not isinstance(value, dict) or not set(value) <= _KEYS:
        raise UnreadableFile(
            f"{where}: hier horen alleen de regels 'vragen:' en 'termen:' te staan.", "Kijk naar het item erboven."
        )
    return Expected(texts(value.get("vragen"), where), texts(value.get("termen"), where))


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
