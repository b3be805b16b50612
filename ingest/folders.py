"""One folder of the corpus: which of its files is the factsheet, which are documents, and what its tables say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ingest.answers import ANSWERS_FILE
from ingest.blocks import SourceText
from ingest.drafts import DRAFTS_FILE
from ingest.facetdrafts import FACET_DRAFTS_FILE
from ingest.facets import FACETS_FILE
from ingest.factsheets import looks_like_factsheet
from ingest.files import CorpusFile
from ingest.findings import Finding
from ingest.formats import can_read, not_read, read_source
from ingest.items import ITEMS_FILE, load_known
from ingest.likeness import KnownItem
from ingest.links import LINKS_FILE, LinkEntry, load_links
from ingest.naming import full_slug
from ingest.questions import QUESTIONS_FILE, Expected, load_questions
from ingest.readings import Readings
from ingest.yamlfiles import load_entries, load_mapping
from kompasbot.errors import CorpusError, UnreadableFile

YAML_ENDINGS: Final = (".yaml", ".yml")
TABLES: Final = (ITEMS_FILE, LINKS_FILE, QUESTIONS_FILE, FACETS_FILE, ANSWERS_FILE)
"""The YAML files that a folder may have."""
_DRAFTS: Final = {DRAFTS_FILE: "conceptvragen", FACET_DRAFTS_FILE: "conceptkenmerken"}
_APPROVE: Final = "Kijk ze na en neem ze over: kompasbot enrich --approve <id van het item>."
_FACTSHEET: Final = "factsheet"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the corpus with its files; a file at the root of the corpus is a folder of its own name."""

    path: Path
    files: tuple[CorpusFile, ...]

    @property
    def id(self) -> str:
        """The first part of the ids of its items."""
        return full_slug(self.path.name) or "map"

    @property
    def where(self) -> str:
        """The folder's name as messages use it."""
        return self.path.name

    def inside(self, file: CorpusFile) -> str:
        """The path of a file inside this folder."""
        return "/".join(file.parts[1:] or file.parts)

    def table(self, name: str) -> CorpusFile | None:
        """The YAML file of this name, or None."""
        return next((file for file in self.files if self.inside(file) == name), None)


@dataclass(frozen=True, slots=True)
class Tables:
    """What the YAML files of a folder say: its known items, the link registry, and the expected questions by id.

    The reviewed ``facets`` (by id) and ``answers`` are as they were written: they are read beside what they rest on.
    """

    known: tuple[KnownItem, ...]
    links: tuple[LinkEntry, ...]
    expected: Mapping[str, Expected]
    facets: Mapping[str, Any]
    answers: Sequence[Mapping[str, Any]]


def load_tables(folder: Folder) -> Tables:
    """Read the YAML files of a folder, each of which may be missing; raises :class:`UnreadableFile`."""
    items, links, questions, facets, answers = map(folder.table, TABLES)
    return Tables(
        known=load_known(items, folder.id) if items else (),
        links=load_links(links) if links else (),
        expected=load_questions(questions) if questions else {},
        facets=load_mapping(facets) if facets else {},
        answers=load_entries(answers) if answers else [],
    )


@dataclass
class Sources:
    """The files of a folder that could be read, and what was wrong with the others."""

    factsheet: tuple[CorpusFile, SourceText] | None = None
    documents: list[tuple[CorpusFile, SourceText]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_sources(folder: Folder, readings: Readings) -> Sources:
    """Read the texts of a folder; one that can't be read costs a finding.

    Raises :class:`UnreadableFile` when that one is ``factsheet.*``, :class:`CorpusError` for two factsheets.
    """
    sources = Sources()
    named = [file for file in folder.files if _is_named_factsheet(folder, file) and file.suffix not in YAML_ENDINGS]
    _refuse_two(folder, named)
    for file in folder.files:
        if file.suffix in YAML_ENDINGS:
            sources.findings += _unknown_table(folder, file)
        elif not can_read(file):
            sources.findings.append(not_read(file))
        elif source := _read(file, readings, _is_named_factsheet(folder, file), sources.findings):
            sources.documents.append((file, source))
    _pick_factsheet(folder, sources, named)
    return sources


def _unknown_table(folder: Folder, file: CorpusFile) -> Iterator[Finding]:
    if folder.inside(file) in _DRAFTS:
        message = f"Hier staan {_DRAFTS[folder.inside(file)]} die nog niemand heeft nagekeken."
        yield Finding("info", file.where, message, _APPROVE)
    elif folder.inside(file) not in TABLES:
        message = "Dit bestand wordt niet gebruikt."
        yield Finding("waarschuwing", file.where, message, f"Bekend zijn in een map: {', '.join(TABLES)}.")


def _is_named_factsheet(folder: Folder, file: CorpusFile) -> bool:
    return folder.inside(file).rpartition(".")[0].lower() == _FACTSHEET


def _read(file: CorpusFile, readings: Readings, is_needed: bool, findings: list[Finding]) -> SourceText | None:
    try:
        return read_source(file, readings)
    except UnreadableFile as error:
        if is_needed:
            raise
        findings.append(left_out(error))
        return None


def left_out(error: UnreadableFile) -> Finding:
    """The finding for a file that can't be read and is not needed."""
    place, _, message = str(error).partition(": ")
    return Finding("fout", place, f"Dit bestand is overgeslagen: {message}", error.hint)


def _pick_factsheet(folder: Folder, sources: Sources, named: Sequence[CorpusFile]) -> None:
    """Take the factsheet out of the files: by its name, or by its headings; those in ``documenten`` never are one."""
    found = [
        file for file, source in sources.documents if "/" not in folder.inside(file) and looks_like_factsheet(source)
    ]
    factsheets = list(dict.fromkeys([*named, *found]))
    _refuse_two(folder, factsheets)
    sources.factsheet = next((pair for pair in sources.documents if pair[0] in factsheets), None)
    if sources.factsheet:
        sources.documents.remove(sources.factsheet)


def _refuse_two(folder: Folder, factsheets: Sequence[CorpusFile]) -> None:
    if len(factsheets) > 1:
        names = ", ".join(one.where for one in factsheets)
        raise CorpusError(
            f"In de map {folder.where} staan twee of meer factsheets: {names}.",
            "Houd er één over. Hoort de andere bij een ander onderwerp? Zet die dan in een eigen map.",
        )
