"""A document beside a factsheet: its blocks to sections that can be cited."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from ingest.blocks import Block, BlockKind, SourceText, as_text
from ingest.findings import Finding
from ingest.frontmatter import FrontMatter
from ingest.links import checked_url
from ingest.naming import full_slug, humanised
from ingest.yamlfiles import texts
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Known, Link, Origin, Section

DOCUMENTS_FOLDER: Final = "documenten"
_KEYS: Final = ("titel", "uitgever", "bijgewerkt", "bron", "weergave", "url", "known", "linked_from")


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
    link: Link | None
    findings: tuple[Finding, ...] = ()


def parse_document(source: SourceText, path: str) -> ParsedDocument:
    """Read a document; raises :class:`UnreadableFile` when it is empty or its front matter is wrong."""
    front = FrontMatter.of(source)
    heading = next((block.text for block in source.blocks if block.kind is BlockKind.HEADING), "")
    title = front.text("titel") or heading or humanised(PurePosixPath(path).stem)
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
        link=_link(front, title),
        findings=tuple(front.unknown(_KEYS)),
    )


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


def _link(front: FrontMatter, title: str) -> Link | None:
    url = checked_url(front.text("url"), front.where)
    if not url:
        return None
    known = front.text("known") or Known.KNOWN
    if known not in list(Known):
        raise UnreadableFile(f"{front.where}: 'known: {known}' is niet bekend.", f"Kies uit: {', '.join(Known)}.")
    return Link(title, url, Known(known))
