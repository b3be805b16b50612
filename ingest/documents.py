"""A document beside a factsheet: its blocks to sections that can be cited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from ingest.blocks import Block, BlockKind, SourceText, as_text
from ingest.findings import Finding
from ingest.frontmatter import FrontMatter
from ingest.links import checked_url
from ingest.naming import full_slug, humanised
from ingest.sections import is_usual_heading
from ingest.yamlfiles import LINE, texts
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Known, Link, Origin, Section

DOCUMENTS_FOLDER: Final = "documenten"
_KEYS: Final = (
    "titel",
    "title",
    "uitgever",
    "bijgewerkt",
    "bron",
    "bronnen",
    "weergave",
    "url",
    "known",
    "linked_from",
)
_SOURCE_HINT: Final = "Schrijf elke bron als '- titel: …' met daaronder, als het er is, 'url: …'."
_SOURCE_KEYS: Final = frozenset({"titel", "url", "known", LINE})


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as read; ``path`` is its path inside its folder, ``updated`` an ISO date or None."""

    path: str
    slug: str
    title: str
    origin: Origin
    updated: str | None
    sections: tuple[Section, ...]
    linked_from: tuple[str, ...]
    links: tuple[Link, ...]
    findings: tuple[Finding, ...] = ()


def parse_document(source: SourceText, path: str) -> ParsedDocument:
    """Read a document; raises :class:`UnreadableFile` when it is empty or its front matter is wrong."""
    front = FrontMatter.of(source)
    named = front.text("titel") or front.text("title")
    title = named or _heading(source.blocks) or humanised(PurePosixPath(path).stem)
    sections = _sections(source.blocks, title)
    if not sections:
        raise UnreadableFile(f"{source.where}: in dit bestand staat geen tekst.", "Vul het bestand, of haal het weg.")
    return ParsedDocument(
        path=path,
        slug=document_slug(path),
        title=title,
        origin=front.origin((Origin.DOCUMENT, Origin.NOTE), Origin.DOCUMENT),
        updated=front.day("bijgewerkt"),
        sections=sections,
        linked_from=texts(source.meta.get("linked_from"), f"{source.where}, linked_from"),
        links=(*_own_address(front, title), *_sources(source)),
        findings=(*source.findings, *front.unknown(_KEYS)),
    )


def _heading(blocks: Sequence[Block]) -> str:
    """The first heading, unless that does not say what the document is about, such as 'Inleiding' or '1. Opening'."""
    first = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
    return first.text if first and first.page in {None, 1} and not is_usual_heading(first.text) else ""


def document_slug(path: str) -> str:
    """The last part of a document's id, from its path inside the folder, without ``documenten/`` and the ending."""
    parts = PurePosixPath(path).with_suffix("").parts
    return full_slug(" ".join(parts[1:] if parts[0] == DOCUMENTS_FOLDER and len(parts) > 1 else parts)) or "document"


def _sections(blocks: Sequence[Block], title: str) -> tuple[Section, ...]:
    """Cut at every heading and page; the text under the document's title has no heading."""
    sections: list[Section] = []
    heading: str | None = None
    current: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING or (current and block.page != current[-1].page):
            sections += _section(current, heading)
            current = []
        if block.kind is not BlockKind.HEADING:
            current.append(block)
        else:
            heading = None if block.text == title else block.text
    return tuple(sections + _section(current, heading))


def _section(blocks: list[Block], heading: str | None) -> list[Section]:
    return [Section(as_text(blocks), heading, blocks[0].page)] if blocks else []


def _own_address(front: FrontMatter, title: str) -> Iterator[Link]:
    """Where the document itself stands, by ``url`` and ``known``."""
    url = checked_url(front.text("url"), front.where)
    if url:
        yield Link(title, url, _known(front.text("known"), front.where))


def _sources(source: SourceText) -> Iterator[Link]:
    """What a note was made from, by ``bronnen``: the title of each source, with its address where it has one."""
    where = f"{source.where}, bronnen"
    entries = source.meta.get("bronnen") or []
    if not isinstance(entries, list):
        raise UnreadableFile(f"{where}: hier hoort een lijst te staan.", _SOURCE_HINT)
    for entry in entries:
        if not isinstance(entry, dict) or not entry.get("titel") or not set(entry) <= _SOURCE_KEYS:
            raise UnreadableFile(f"{where}: een bron heeft een titel, en verder alleen url en known.", _SOURCE_HINT)
        title, url = str(entry["titel"]), checked_url(str(entry.get("url") or ""), where)
        yield Link(title, url, _known(str(entry.get("known") or ""), where) if url else Known.UNKNOWN)


def _known(given: str, where: str) -> Known:
    known = given or Known.KNOWN
    if known not in list(Known):
        raise UnreadableFile(f"{where}: 'known: {known}' is niet bekend.", f"Kies uit: {', '.join(Known)}.")
    return Known(known)
