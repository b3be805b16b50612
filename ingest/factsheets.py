"""A factsheet's blocks to its items; one parser for our own form and for raw exports.

Own form: a heading per section, a heading per item, paragraphs, ``> Redactie:`` notes. Raw export: a line per section,
a bullet per item with nested bullets, an introduction before and a closing paragraph after. A section with headings is
read by its headings, one with bullets by its bullets, any other by its paragraphs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest.blocks import Block, BlockKind, Label, SourceText, as_text
from ingest.findings import Finding
from ingest.frontmatter import FrontMatter
from ingest.grouping import (
    SECTION_NAMES,
    Draft,
    Part,
    block_section,
    drafts_of,
    heading_level,
    is_kicker_block,
    parts_of,
)
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import SECTIONS, ItemType, Origin

_KEYS: Final = ("titel", "title", "kompaspunt", "uitgever", "bijgewerkt", "bron", "weergave")
_NOTE: Final = re.compile(r"redactie\s*:\s*", re.IGNORECASE)
_FINISHED: Final = re.compile(r"""[.!?…:]["'”’)\]]*$""")


@dataclass(frozen=True, slots=True)
class FactsheetMeta:
    """What a factsheet says of itself; an empty text or None where it does not say so."""

    title: str
    topic: str
    publisher: str
    updated: str | None
    source: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item as read, before it has an id; ``position`` counts from 1 within its type, ``line`` within the file."""

    type: ItemType
    position: int
    title: str | None
    text: str
    editor_note: str | None
    labels: tuple[Label, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class ParsedFactsheet:
    """A factsheet as read. Items by section in the order of :class:`ItemType`, then by position."""

    meta: FactsheetMeta
    items: tuple[ParsedItem, ...]
    findings: tuple[Finding, ...] = ()


def looks_like_factsheet(source: SourceText) -> bool:
    """Whether a file has the headings of at least two of the three sections."""
    return len({block_section(block) for block in source.blocks} - {None}) >= 2


def parse_factsheet(source: SourceText) -> ParsedFactsheet:
    """Read a factsheet; raises :class:`UnreadableFile` without any of the sections or for wrong front matter."""
    kickers = [block.text for block in source.blocks if is_kicker_block(block)]
    parts = parts_of([block for block in source.blocks if not is_kicker_block(block)])
    if not any(part.type in SECTIONS for part in parts):
        raise UnreadableFile(
            f"{source.where}: in deze factsheet staat geen van de koppen {', '.join(SECTION_NAMES.values())}.",
            "Zet boven elk onderdeel de kop met precies die woorden.",
        )
    findings = [*source.findings, *FrontMatter.of(source).unknown(_KEYS)]
    drafts = drafts_of(parts, source.where, findings)
    items = tuple(_numbered(drafts))
    findings += _remarks(source.where, items)
    return ParsedFactsheet(_meta(source, kickers, parts[0]), items, tuple(findings))


def _numbered(drafts: Sequence[Draft]) -> Iterator[ParsedItem]:
    """The drafts with a text as items, by type; positions count from 1 within a type."""
    for kind in (*SECTIONS, ItemType.GENERAL):
        items = [_item(draft) for draft in drafts if draft.type is kind]
        for position, item in enumerate((item for item in items if item.text), 1):
            yield replace(item, position=position)


def _item(draft: Draft) -> ParsedItem:
    notes: list[str] = []
    body: list[Block] = []
    note_open = False
    for block in draft.blocks:
        note_open = block.kind is BlockKind.QUOTE and (note_open or bool(_NOTE.match(block.text)))
        if note_open:
            notes.append(_NOTE.sub("", block.text, count=1) if _NOTE.match(block.text) else block.text)
        else:
            body.append(block)
    labels = tuple(dict.fromkeys([*draft.labels, *(label for block in body for label in block.labels)]))
    return ParsedItem(draft.type, 0, draft.title, as_text(body), "\n\n".join(notes) or None, labels, draft.line)


def _remarks(where: str, items: Sequence[ParsedItem]) -> Iterator[Finding]:
    filled = {item.type for item in items}
    for section in SECTIONS:
        if section not in filled:
            yield Finding(
                "waarschuwing",
                where,
                f"Onder '{SECTION_NAMES[section]}' staat geen enkel item.",
                "Klopt dat niet? Kijk of de kop er staat, met items eronder.",
            )
    for item in items:
        last = item.text.rsplit("\n", 1)[-1]
        if not last.startswith("- ") and not _FINISHED.search(last):
            yield Finding(
                "waarschuwing",
                f"{where}, regel {item.line}",
                f"De laatste zin van dit item lijkt niet af: '… {last[-60:]}'.",
                "Maak de zin af in de factsheet als dat kan.",
            )


def _meta(source: SourceText, kickers: Sequence[str], introduction: Part) -> FactsheetMeta:
    front = FrontMatter.of(source)
    heading = next((block.text for block in introduction.blocks if heading_level(block) is not None), "")
    topic = front.text("kompaspunt") or _after_colon(kickers)
    title = front.text("titel") or front.text("title")
    return FactsheetMeta(
        title=title or topic or heading,
        topic=topic or title or heading,
        publisher=front.text("uitgever") or next((k.capitalize() for k in kickers if ":" not in k), ""),
        updated=front.day("bijgewerkt"),
        source=front.text("bron"),
        origin=front.origin((Origin.FACTSHEET, Origin.SUMMARY), Origin.FACTSHEET),
    )


def _after_colon(kickers: Sequence[str]) -> str:
    """The name of the compass point in ``KOMPASPUNT: REGIONALE SAMENWERKING``."""
    name = next((kicker.split(":", 1)[1].strip() for kicker in kickers if ":" in kicker), "")
    return name.capitalize() if name == name.upper() else name
