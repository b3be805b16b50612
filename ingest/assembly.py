"""Puts together what a folder of the corpus says: its factsheet, items and documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.answers import ANSWERS_FILE, read_answers
from ingest.blocks import SourceText
from ingest.documents import ParsedDocument, parse_document
from ingest.facets import FACETS_FILE, read_facets
from ingest.factsheets import ParsedFactsheet, parse_factsheet
from ingest.files import CorpusFile, changed_on
from ingest.findings import Finding
from ingest.folders import Folder, Sources, Tables, left_out, load_tables, read_sources
from ingest.items import ITEMS_FILE, Identified, identify
from ingest.likeness import KnownItem
from ingest.linked import Linked
from ingest.links import LINKS_FILE, LinkedText, LinkEntry, check_links, links_of
from ingest.naming import humanised
from ingest.questions import QUESTIONS_FILE, Expected, check_questions, read_asked
from ingest.readings import Readings
from kompasbot.errors import CorpusError, UnreadableFile
from kompasbot.knowledge import Factsheet, Item, ItemType, Link, Origin, ReviewedAnswer


@dataclass(frozen=True, slots=True)
class FolderReading:
    """What a folder says. ``factsheet`` is None when nothing in it could be read; ``doubts`` name uncertain ids."""

    factsheet: Factsheet | None
    items: tuple[Item, ...]
    answers: tuple[ReviewedAnswer, ...] = ()
    new: tuple[KnownItem, ...] = ()
    doubts: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_folder(folder: Folder, previous: Mapping[str, str], linked: Linked, readings: Readings) -> FolderReading:
    """Read a folder; ``previous`` maps ids to the texts under which they were last published, ``linked`` is what was
    fetched from its links, ``readings`` what is known of files that did not change.

    A document that can't be read costs one finding; raises :class:`UnreadableFile` for a broken factsheet or YAML file,
    :class:`CorpusError` for two factsheets, or none where ``items.yaml`` says that there is one.
    """
    sources = read_sources(folder, readings)
    tables = load_tables(folder)
    documents = list(_documents(folder, sources))
    if sources.factsheet:
        reading = _factsheet_folder(folder, sources.factsheet, documents, tables, sources.findings, previous)
        return _with_reviewed(folder, _with_fetched(folder, reading, tables, linked), tables)
    if tables.known:
        raise CorpusError(
            f"In de map {folder.where} staat wel {ITEMS_FILE}, maar geen factsheet.{_because(sources.findings)}",
            "Zet de factsheet terug als factsheet.md, of haal items.yaml weg.",
        )
    reading = _document_folder(folder, documents, tables, sources.findings)
    return _with_reviewed(folder, replace(reading, items=tuple(map(linked.checked, reading.items))), tables)


def _with_fetched(folder: Folder, reading: FolderReading, tables: Tables, linked: Linked) -> FolderReading:
    """The reading with the health of its links, and the documents that were fetched from them."""
    findings: list[Finding] = []
    fetched = linked.documents(folder.id, reading.items, tables.links, findings)
    items = (*map(linked.checked, reading.items), *fetched)
    return replace(reading, items=items, findings=(*reading.findings, *findings))


def _with_reviewed(folder: Folder, reading: FolderReading, tables: Tables) -> FolderReading:
    """The reading with the reviewed facets, answers and questions, which rest on its items and documents."""
    findings: list[Finding] = []
    facets = read_facets(tables.facets, reading.items, f"{folder.where}/{FACETS_FILE}", findings)
    answers = read_answers(tables.answers, folder.id, reading.items, f"{folder.where}/{ANSWERS_FILE}", findings)
    asked = read_asked(tables.expected, reading.items, f"{folder.where}/{QUESTIONS_FILE}", findings)
    items = tuple(replace(item, facets=facets.get(item.id, ()), asked=asked.get(item.id, ())) for item in reading.items)
    return replace(reading, items=items, answers=answers, findings=(*reading.findings, *findings))


def _because(findings: Sequence[Finding]) -> str:
    return "".join(f" {finding.where}: {finding.message}" for finding in findings[:1])


def _documents(folder: Folder, sources: Sources) -> Iterator[tuple[ParsedDocument, str]]:
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
            sources.findings.append(left_out(error))
            continue
        slugs[document.slug] = file.where
        sources.findings += document.findings
        yield document, changed_on(file)


def _document_folder(
    folder: Folder,
    documents: Sequence[tuple[ParsedDocument, str]],
    tables: Tables,
    findings: Sequence[Finding],
) -> FolderReading:
    if not documents:
        return FolderReading(None, (), findings=tuple(findings))
    items = [_with_questions(item, tables.expected) for item in _document_items(folder, documents, tables.links)]
    title = humanised(folder.path.name)
    updated = max(item.updated for item in items)
    factsheet = Factsheet(folder.id, title, title, "", updated, "", Origin.DOCUMENT)
    checks = check_questions(items, tables.expected, f"{folder.where}/{QUESTIONS_FILE}")
    return FolderReading(factsheet, tuple(items), findings=(*findings, *checks))


def _factsheet_folder(
    folder: Folder,
    read: tuple[CorpusFile, SourceText],
    documents: Sequence[tuple[ParsedDocument, str]],
    tables: Tables,
    findings: Sequence[Finding],
    previous: Mapping[str, str],
) -> FolderReading:
    file, source = read
    parsed = parse_factsheet(source)
    factsheet = _factsheet(folder, parsed, file)
    identified = identify(parsed, folder.id, tables.known, previous)
    texts = [LinkedText(one.entry.id, one.item.text, one.item.labels) for one in identified]
    items = [_item(factsheet, one, links_of(text, tables.links)) for one, text in zip(identified, texts, strict=True)]
    items = [
        _with_questions(item, tables.expected) for item in (*items, *_document_items(folder, documents, tables.links))
    ]
    findings = [
        *findings,
        *parsed.findings,
        *_changes(identified, tables.known, f"{folder.where}/{ITEMS_FILE}"),
        *check_links(texts, tables.links, f"{folder.where}/{LINKS_FILE}", [folder.inside(one) for one in folder.files]),
        *check_questions(items, tables.expected, f"{folder.where}/{QUESTIONS_FILE}"),
    ]
    doubts = tuple(
        f"{file.where}, regel {one.item.line}: '{_start(one)}' {one.doubt}." for one in identified if one.doubt
    )
    return FolderReading(
        factsheet,
        tuple(items),
        new=tuple(one.entry for one in identified if one.is_new),
        doubts=doubts,
        findings=tuple(findings),
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
        registered = [entry.link for entry in entries if entry.link.url]
        yield Item(
            id=f"{folder.id}/{ItemType.DOCUMENT}/{document.slug}",
            factsheet=folder.id,
            type=ItemType.DOCUMENT,
            position=position,
            title=document.title,
            text="\n\n".join(section.text for section in document.sections),
            origin=document.origin,
            updated=document.updated or changed,
            links=tuple(dict.fromkeys([*document.links, *registered])),
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
                "Klopt dat? Haal het dan ook weg uit de YAML-bestanden van deze map. "
                "Is het alleen herschreven? Zet dan bij dit id een naam uit de nieuwe tekst.",
            )
