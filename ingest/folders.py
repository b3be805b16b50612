"""One folder of the corpus to a factsheet, its items and its documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ingest.blocks import SourceText
from ingest.documents import ParsedDocument, parse_document
from ingest.factsheets import ParsedFactsheet, looks_like_factsheet, parse_factsheet
from ingest.files import CorpusFile, changed_on
from ingest.findings import Finding
from ingest.formats import can_read, not_read, read_source
from ingest.items import ITEMS_FILE, Identified, identify, load_known
from ingest.likeness import KnownItem
from ingest.links import LINKS_FILE, LinkedText, LinkEntry, check_links, links_of, load_links
from ingest.naming import full_slug, humanised
from ingest.questions import QUESTIONS_FILE, Expected, check_questions, load_questions
from kompasbot.errors import CorpusError, UnreadableFile
from kompasbot.knowledge import Factsheet, Item, ItemType, Link, Origin

_TABLES: Final = (ITEMS_FILE, LINKS_FILE, QUESTIONS_FILE)
_YAML: Final = (".yaml", ".yml")
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
class FolderReading:
    """What a folder says. ``factsheet`` is None when nothing in it could be read; ``doubts`` name uncertain ids."""

    factsheet: Factsheet | None
    items: tuple[Item, ...]
    new: tuple[KnownItem, ...] = ()
    doubts: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass
class _Sources:
    """The files of a folder that could be read, and what was wrong with the others."""

    factsheet: tuple[CorpusFile, SourceText] | None = None
    documents: list[tuple[CorpusFile, SourceText]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_folder(folder: Folder, previous: Mapping[str, str]) -> FolderReading:
    """Read a folder; ``previous`` maps ids to the texts under which they were last published.

    A document that can't be read costs one finding; raises :class:`UnreadableFile` for a broken factsheet or YAML file,
    :class:`CorpusError` for two factsheets, or none where ``items.yaml`` says that there is one.
    """
    sources = _sources(folder)
    known = _known(folder)
    links = load_links(file) if (file := folder.table(LINKS_FILE)) else ()
    expected = load_questions(file) if (file := folder.table(QUESTIONS_FILE)) else {}
    if known and not sources.factsheet:
        raise CorpusError(
            f"In de map {folder.where} staat wel {ITEMS_FILE}, maar geen factsheet.",
            "Zet de factsheet terug als factsheet.md, of haal items.yaml weg." + _because(sources.findings),
        )
    documents = list(_documents(folder, sources))
    if not sources.factsheet:
        return _document_folder(folder, documents, links, expected, sources.findings)
    return _factsheet_folder(folder, sources, known, documents, links, expected, previous)


def _because(findings: Sequence[Finding]) -> str:
    return "".join(f" {finding.where}: {finding.message}" for finding in findings[:1])


def _known(folder: Folder) -> tuple[KnownItem, ...]:
    file = folder.table(ITEMS_FILE)
    return load_known(file, folder.id) if file else ()


def _sources(folder: Folder) -> _Sources:
    sources = _Sources()
    for file in folder.files:
        if file.suffix in _YAML:
            sources.findings += _unknown_table(folder, file)
        elif not can_read(file):
            sources.findings.append(not_read(file))
        elif source := _read(file, _is_named_factsheet(folder, file), sources.findings):
            sources.documents.append((file, source))
    _pick_factsheet(folder, sources)
    return sources


def _unknown_table(folder: Folder, file: CorpusFile) -> Iterator[Finding]:
    if folder.inside(file) not in _TABLES:
        message = "Dit bestand wordt niet gebruikt."
        yield Finding("waarschuwing", file.where, message, f"Bekend zijn in een map: {', '.join(_TABLES)}.")


def _is_named_factsheet(folder: Folder, file: CorpusFile) -> bool:
    return folder.inside(file).rpartition(".")[0].lower() == _FACTSHEET


def _read(file: CorpusFile, is_needed: bool, findings: list[Finding]) -> SourceText | None:
    try:
        return read_source(file)
    except UnreadableFile as error:
        if is_needed:
            raise
        findings.append(_left_out(file, error))
        return None


def _left_out(file: CorpusFile, error: UnreadableFile) -> Finding:
    place, _, message = str(error).partition(": ")
    return Finding("fout", place, f"Dit bestand is overgeslagen: {message}", error.hint)


def _pick_factsheet(folder: Folder, sources: _Sources) -> None:
    """Take the factsheet out of the files: by its name, or by its headings; those in ``documenten`` never are one."""
    found = [
        (file, source)
        for file, source in sources.documents
        if _is_named_factsheet(folder, file) or ("/" not in folder.inside(file) and looks_like_factsheet(source))
    ]
    if len(found) > 1:
        raise CorpusError(
            f"In de map {folder.where} staan {len(found)} factsheets: {', '.join(file.where for file, _ in found)}.",
            "Houd er één over. Hoort de andere bij een ander onderwerp? Zet die dan in een eigen map.",
        )
    if found:
        sources.factsheet = found[0]
        sources.documents.remove(found[0])


def _documents(folder: Folder, sources: _Sources) -> Iterator[tuple[ParsedDocument, str]]:
    """The documents that can be read, each with the date on which its file changed."""
    slugs: dict[str, str] = {}
    for file, source in sources.documents:
        try:
            document = parse_document(source, folder.inside(file))
            if document.slug in slugs:
                raise UnreadableFile(
                    f"{file.where}: dit document krijgt hetzelfde id als {slugs[document.slug]}.",
                    "Geef een van de twee een andere naam.",
                )
        except UnreadableFile as error:
            sources.findings.append(_left_out(file, error))
            continue
        slugs[document.slug] = file.where
        sources.findings += document.findings
        yield document, changed_on(file)


def _document_folder(
    folder: Folder,
    documents: Sequence[tuple[ParsedDocument, str]],
    links: Sequence[LinkEntry],
    expected: Mapping[str, Expected],
    findings: Sequence[Finding],
) -> FolderReading:
    if not documents:
        return FolderReading(None, (), findings=tuple(findings))
    items = [_with_questions(item, expected) for item in _document_items(folder, documents, links)]
    title = humanised(folder.path.name)
    updated = max(item.updated for item in items)
    factsheet = Factsheet(folder.id, title, title, "", updated, "", Origin.DOCUMENT)
    checks = check_questions(items, expected, f"{folder.where}/{QUESTIONS_FILE}")
    return FolderReading(factsheet, tuple(items), findings=(*findings, *checks))


def _factsheet_folder(
    folder: Folder,
    sources: _Sources,
    known: Sequence[KnownItem],
    documents: Sequence[tuple[ParsedDocument, str]],
    links: Sequence[LinkEntry],
    expected: Mapping[str, Expected],
    previous: Mapping[str, str],
) -> FolderReading:
    assert sources.factsheet
    file, source = sources.factsheet
    parsed = parse_factsheet(source)
    factsheet = _factsheet(folder, parsed, file)
    identified = identify(parsed, folder.id, known, previous)
    texts = [LinkedText(one.entry.id, one.item.text, one.item.labels) for one in identified]
    items = [_item(factsheet, one, links_of(text, links)) for one, text in zip(identified, texts, strict=True)]
    items = [_with_questions(item, expected) for item in (*items, *_document_items(folder, documents, links))]
    findings = [
        *sources.findings,
        *parsed.findings,
        *_changes(identified, known, f"{folder.where}/{ITEMS_FILE}"),
        *check_links(texts, links, f"{folder.where}/{LINKS_FILE}", [folder.inside(one) for one in folder.files]),
        *check_questions(items, expected, f"{folder.where}/{QUESTIONS_FILE}"),
    ]
    doubts = tuple(
        f"{file.where}, regel {one.item.line}: '{_start(one)}' {one.doubt}." for one in identified if one.doubt
    )
    return FolderReading(
        factsheet, tuple(items), tuple(one.entry for one in identified if one.is_new), doubts, tuple(findings)
    )


def _start(identified: Identified) -> str:
    text = identified.item.title or identified.item.text
    return text if len(text) <= 60 else f"{text[:60].rpartition(' ')[0]} …"


def _factsheet(folder: Folder, parsed: ParsedFactsheet, file: CorpusFile) -> Factsheet:
    meta = parsed.meta
    title = meta.title or humanised(folder.path.name)
    updated = meta.updated or changed_on(file)
    return Factsheet(
        folder.id, title, meta.topic or title, meta.publisher, updated, meta.source or file.path.name, meta.origin
    )


def _item(factsheet: Factsheet, identified: Identified, links: tuple[Link, ...]) -> Item:
    item = identified.item
    return Item(
        id=identified.entry.id,
        factsheet=factsheet.id,
        type=item.type,
        position=item.position,
        title=identified.title,
        text=item.text,
        origin=factsheet.origin,
        updated=factsheet.updated,
        editor_note=item.editor_note,
        links=links,
    )


def _document_items(
    folder: Folder, documents: Sequence[tuple[ParsedDocument, str]], links: Sequence[LinkEntry]
) -> Iterator[Item]:
    for position, (document, changed) in enumerate(documents, 1):
        entries = [entry for entry in links if entry.file == document.path]
        found = [document.link, *(entry.link for entry in entries)]
        yield Item(
            id=f"{folder.id}/{ItemType.DOCUMENT}/{document.slug}",
            factsheet=folder.id,
            type=ItemType.DOCUMENT,
            position=position,
            title=document.title,
            text="\n\n".join(section.text for section in document.sections),
            origin=document.origin,
            updated=document.updated or changed,
            links=tuple(dict.fromkeys(link for link in found if link and link.url)),
            linked_from=tuple(dict.fromkeys([*document.linked_from, *(entry.item for entry in entries)])),
            sections=document.sections,
        )


def _with_questions(item: Item, expected: Mapping[str, Expected]) -> Item:
    own = expected.get(item.id)
    return replace(item, questions=own.questions, terms=own.terms) if own else item


def _changes(identified: Sequence[Identified], known: Sequence[KnownItem], where: str) -> Iterator[Finding]:
    """What is new in the factsheet, and what is no longer in it."""
    for one in identified:
        if one.is_new:
            yield Finding("info", one.entry.id, f"Dit item is nieuw: '{one.title}'.")
    read = {one.entry.id for one in identified}
    for entry in known:
        if entry.id not in read:
            yield Finding(
                "waarschuwing",
                where,
                f"'{entry.title}' ({entry.id}) staat niet meer in de factsheet.",
                "Klopt dat? Haal het dan ook weg uit items.yaml, vragen.yaml en links.yaml. "
                "Is het alleen herschreven? Zet dan bij dit id een naam uit de nieuwe tekst.",
            )
