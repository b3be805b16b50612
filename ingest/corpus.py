"""The corpus folder to knowledge, in the steps of :func:`read_corpus`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.assembly import FolderReading, read_folder
from ingest.files import SYNONYMS_FILE, CorpusFile, corpus_digest, list_files, with_synonyms
from ingest.findings import Finding
from ingest.folders import YAML_ENDINGS, Folder
from ingest.likeness import KnownItem
from ingest.linked import Linked
from ingest.questions import load_synonyms
from ingest.readings import Readings
from kompasbot.errors import CorpusError, UncertainMatch
from kompasbot.knowledge import Item, Knowledge


@dataclass(frozen=True, slots=True)
class CorpusReading:
    """What was read: the knowledge without passages, what a person should know, and ids that are new by folder.

    ``digest`` is :func:`corpus_digest` from just before the reading. The new ids still have to be written with
    :func:`ingest.items.remember_ids`, each with the folder that is its key.
    """

    knowledge: Knowledge
    findings: tuple[Finding, ...]
    new_ids: Mapping[Path, tuple[KnownItem, ...]]
    digest: str


class UncertainReading(UncertainMatch):
    """Ids are in doubt; ``reading`` is all that was read, with the ids that are proposed."""

    def __init__(self, message: str, hint: str, reading: CorpusReading) -> None:
        super().__init__(message, hint)
        self.reading = reading


def read_corpus(
    corpus: Path,
    previous: Knowledge | None = None,
    accept: bool = False,
    links: Path | None = None,
    readings: Readings | None = None,
) -> CorpusReading:
    """Read all factsheets and documents of a corpus, and what was fetched from their links into the folder ``links``.

    ``previous`` is what was last published: its texts help to recognise reworded items; ``readings`` saves reading
    what did not change. Raises :class:`UncertainReading` when ids are in doubt, unless ``accept`` takes the proposed
    ones; :class:`CorpusError` and its subclasses as :func:`~ingest.files.list_files` and
    :func:`~ingest.assembly.read_folder` do.
    """
    readings = readings or Readings()
    digest = corpus_digest(corpus, links)
    linked = Linked.of(links, readings)
    files = with_synonyms(list_files(corpus))
    synonyms, findings = _read_root(files)
    folders = _folders(corpus, files)
    texts = {item.id: item.text for item in previous.items} if previous else {}
    found = [read_folder(folder, texts, linked, readings) for folder in folders]
    doubts = [doubt for reading in found for doubt in reading.doubts]
    findings += _accepted(doubts) if accept else []
    findings += [finding for reading in found for finding in reading.findings]
    knowledge = _knowledge(corpus, found, synonyms)
    findings += _check_linked_from(knowledge.items)
    new_ids = {folder.path: reading.new for folder, reading in zip(folders, found, strict=True) if reading.new}
    whole = CorpusReading(knowledge, tuple(findings), new_ids, digest)
    if doubts and not accept:
        raise _uncertain(doubts, whole)
    return whole


def _is_at_root(file: CorpusFile) -> bool:
    return len(file.parts) == 1


def _is_root_yaml(file: CorpusFile) -> bool:
    return _is_at_root(file) and file.suffix in YAML_ENDINGS


def _read_root(files: Sequence[CorpusFile]) -> tuple[tuple[tuple[str, ...], ...], list[Finding]]:
    """The synonyms, and findings on YAML files at the root that nothing reads."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    findings = []
    for file in filter(_is_root_yaml, files):
        if file.where == SYNONYMS_FILE:
            synonyms = load_synonyms(file)
        else:
            hint = f"Hier hoort alleen {SYNONYMS_FILE}; andere YAML-bestanden staan in de map van een factsheet."
            findings.append(Finding("waarschuwing", file.where, "Dit bestand wordt niet gebruikt.", hint))
    return synonyms, findings


def _folders(corpus: Path, files: Sequence[CorpusFile]) -> list[Folder]:
    """The files by folder, in the order of the folders' ids; raises :class:`CorpusError` for two of the same id."""
    by_name: dict[str, list[CorpusFile]] = {}
    for file in files:
        if not _is_root_yaml(file):
            by_name.setdefault(file.path.stem if _is_at_root(file) else file.parts[0], []).append(file)
    folders: dict[str, Folder] = {}
    for name, own in by_name.items():
        folder = Folder(corpus / name, tuple(own))
        if folder.id in folders:
            raise CorpusError(
                f"De mappen {folders[folder.id].where} en {name} krijgen dezelfde naam in de index: {folder.id}.",
                "Geef een van de twee een andere naam.",
            )
        folders[folder.id] = folder
    return [folders[key] for key in sorted(folders)]


def _accepted(doubts: Sequence[str]) -> list[Finding]:
    """Findings of the proposals that a person has accepted."""
    placed = [doubt.partition(": ") for doubt in doubts]
    return [Finding("waarschuwing", place, f"Aangenomen: {doubt}") for place, _, doubt in placed]


def _uncertain(doubts: Sequence[str], reading: CorpusReading) -> UncertainReading:
    return UncertainReading(
        "Van deze items is niet zeker welk id ze houden:\n" + "\n".join(f"- {doubt}" for doubt in doubts),
        "Klopt het eerste id dat bij elk item staat? Geef dan --accept mee. Klopt het niet? Zet in items.yaml bij "
        "het goede id een naam uit de tekst (bij 'namen'), of haal het id weg als het item er niet meer is.",
        reading,
    )


def _knowledge(corpus: Path, readings: Sequence[FolderReading], synonyms: tuple[tuple[str, ...], ...]) -> Knowledge:
    factsheets = tuple(reading.factsheet for reading in readings if reading.factsheet)
    if not factsheets:
        problems = [f"{finding.where}: {finding.message}" for reading in readings for finding in reading.findings]
        raise CorpusError(
            "\n".join([f"In de map {corpus} staat niets dat kompasbot kan lezen.", *problems[:5]]),
            "Zet er een map in met een factsheet, bijvoorbeeld factsheet.md.",
        )
    items = tuple(item for reading in readings for item in reading.items)
    answers = tuple(answer for reading in readings for answer in reading.answers)
    return Knowledge(factsheets, items, synonyms, answers=answers)


def _check_linked_from(items: Sequence[Item]) -> Iterator[Finding]:
    ids = {item.id for item in items}
    for item in items:
        for linking in item.linked_from:
            if linking not in ids:
                yield Finding(
                    "waarschuwing",
                    item.id,
                    f"Volgens dit document linkt '{linking}' ernaar, maar dat item is er niet.",
                    "Kijk in items.yaml welk id het moet zijn.",
                )
