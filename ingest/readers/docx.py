"""Word (.docx) to blocks: headings and lists by their styles, links with their addresses, tables row by row."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from ingest.blocks import Block, BlockKind, Label, SourceText
from ingest.files import clean
from ingest.sections import BULLET_SIGNS
from kompasbot.errors import UnreadableFile

MOST_PARTS: Final = 2_000
MOST_BYTES: Final = 50 * 1024 * 1024
MOST_RATIO: Final = 150
_SMALL: Final = 1024 * 1024
"""A part up to this size may be packed as tightly as it likes."""
_HEADING: Final = re.compile(r"(?:heading|kop)\s*(\d)$", re.IGNORECASE)
_TITLE: Final = frozenset({"title", "titel"})
_QUOTES: Final = frozenset({"quote", "intense quote", "citaat", "duidelijk citaat"})
_LIST: Final = re.compile(r"(?:list|lijst)\b.*?(bullet|number|opsom\w*|nummer\w*)?\s*(\d)?$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r'HYPERLINK\s+"([^"]+)"')
_WEB: Final = re.compile(r"https?://\S+$", re.IGNORECASE)
_NOTE: Final = re.compile(r"redactie\s*:", re.IGNORECASE)
_SIGN: Final = re.compile(rf"(?:[{BULLET_SIGNS}]\s*|[-–*]\s+|o\s+(?=[A-ZÀ-Þ]))(?=\S)")
"""A bullet that was typed: a sign with a tab or spaces behind it."""
_OUTERMOST: Final = "•●·\uf0b7"
"""The signs that Word itself begins with; others stand a level deeper."""
_STEP: Final = 300
"""Twips (twentieths of a point) from which on an indent is a level deeper."""
_LONGEST_HEADING: Final = 200


def check_archive(data: bytes, where: str) -> None:
    """Refuse a zip that would grow too large, before anything is unpacked; raises :class:`UnreadableFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise UnreadableFile(
            f"{where}: dit is geen Word-bestand (.docx), of het is beschadigd.",
            "Open het in Word, sla het opnieuw op als .docx en vervang het bestand.",
        ) from error
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(f"{where}: dit Word-bestand is versleuteld.", "Sla het op zonder wachtwoord.")
    total = sum(part.file_size for part in parts)
    swollen = any(part.file_size > _SMALL and part.file_size > MOST_RATIO * part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_BYTES or swollen:
        raise UnreadableFile(
            f"{where}: dit Word-bestand is uitgepakt te groot ({total >> 20} MB in {len(parts)} delen).",
            "Haal grote plaatjes en bijlagen eruit, of lever de tekst als Markdown.",
        )


def read_docx(data: bytes, where: str) -> SourceText:
    """Read a Word file; raises :class:`UnreadableFile` when it is damaged or holds no text."""
    check_archive(data, where)
    try:
        found = list(_Reader(Document(io.BytesIO(data))).blocks())
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.LxmlError) as error:
        raise UnreadableFile(
            f"{where}: dit Word-bestand is beschadigd of het is geen Word-bestand ({type(error).__name__}).",
            "Open het in Word, sla het opnieuw op als .docx en vervang het bestand.",
        ) from error
    if not found:
        raise UnreadableFile(
            f"{where}: in dit Word-bestand staat geen tekst; misschien bestaat het uit plaatjes.",
            "Zet de tekst erin als gewone tekst, of haal het bestand weg.",
        )
    return SourceText(where, tuple(found))


@dataclass(slots=True)
class _Text:
    """The text of a paragraph in the making, with the labels of its links."""

    text: str = ""
    labels: list[Label] = field(default_factory=list)
    bold: bool = True
    field_url: str | None = None
    field_start: int = 0
    in_field: bool = False

    def link(self, start: int, url: str | None) -> None:
        label = " ".join(self.text[start:].split())
        if label:
            self.labels.append((label, url if url and _WEB.match(url) else None))


class _Reader:
    """Walks through the body of a document."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._number = 0

    @cached_property
    def _styles(self) -> dict[str, Any]:
        return {style.style_id: style for style in self._document.styles}

    @cached_property
    def _numbered(self) -> dict[tuple[str, str], str]:
        """The number format by list and level."""
        try:
            numbering = self._document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return {}
        formats: dict[tuple[str, str], str] = {}
        kinds = {one.get(qn("w:abstractNumId")): one for one in numbering.findall(qn("w:abstractNum"))}
        for one in numbering.findall(qn("w:num")):
            kind = kinds.get(_value(one.find(qn("w:abstractNumId"))))
            for level in kind.findall(qn("w:lvl")) if kind is not None else ():
                key = str(one.get(qn("w:numId"))), str(level.get(qn("w:ilvl")))
                formats[key] = _value(level.find(qn("w:numFmt"))) or "bullet"
        return formats

    def blocks(self) -> Iterator[Block]:
        """The blocks of the body, in order."""
        yield from self._in(self._document.element.body)

    def _in(self, parent: Any) -> Iterator[Block]:
        for element in parent.iterchildren():
            if element.tag == qn("w:p"):
                yield from self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield from self._table(element)
            elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
                yield from self._in(element)

    def _table(self, table: Any) -> Iterator[Block]:
        """A row of short cells is one paragraph; cells that hold more are read one after the other."""
        for row in table.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not table:
                continue
            cells = [list(self._in(cell)) for cell in row.iterchildren(qn("w:tc"))]
            if any(len(cell) > 1 or any(one.kind is BlockKind.BULLET for one in cell) for cell in cells):
                yield from (block for cell in cells for block in cell)
            elif any(cells):
                texts = [block.text for cell in cells for block in cell]
                labels = tuple(label for cell in cells for block in cell for label in block.labels)
                yield self._block(BlockKind.PARAGRAPH, " | ".join(texts), 0, labels)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        read = _Text()
        self._text(paragraph, read)
        text = " ".join(clean(read.text).split())
        if text:
            kind, level = self._kind(paragraph, text, read)
            sign = _SIGN.match(text)
            if kind is BlockKind.BULLET and sign:
                text = text[sign.end() :]
            yield self._block(kind, text, level, tuple(dict.fromkeys(read.labels)))
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(one.tag.endswith("}Fallback") for one in box.iterancestors()):
                yield from self._in(box)

    def _block(self, kind: BlockKind, text: str, level: int, labels: tuple[Label, ...]) -> Block:
        self._number += 1
        return Block(kind, text, level, labels, self._number)

    def _text(self, parent: Any, read: _Text) -> None:
        """Collect the text of a paragraph; what was deleted while changes are tracked has gone."""
        for element in parent.iterchildren():
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name == "hyperlink":
                start = len(read.text)
                self._text(element, read)
                read.link(start, self._target(element.get(qn("r:id"))))
            elif name == "fldSimple":
                start = len(read.text)
                self._text(element, read)
                match = _ADDRESS.search(element.get(qn("w:instr")) or "")
                if match:
                    read.link(start, match[1])
            elif name == "r":
                self._run(element, read)
            elif name in ("ins", "smartTag", "sdt", "sdtContent", "customXml", "bdo", "dir"):
                self._text(element, read)

    def _run(self, run: Any, read: _Text) -> None:
        before = len(read.text)
        for element in run.iterchildren():
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name == "t":
                read.text += element.text or ""
            elif name in ("tab", "br", "cr"):
                read.text += " "
            elif name == "noBreakHyphen":
                read.text += "-"
            elif name == "instrText":
                match = _ADDRESS.search(element.text or "")
                read.field_url = match[1] if match else read.field_url
            elif name == "fldChar":
                self._field(element.get(qn("w:fldCharType")), read)
        if read.text[before:].strip():
            bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
            read.bold = read.bold and bold is not None and _value(bold) not in ("0", "false")

    @staticmethod
    def _field(kind: str | None, read: _Text) -> None:
        """A link as a field: begin, its address, separate, its words, end."""
        if kind == "separate":
            read.field_start = len(read.text)
        elif kind == "end" and read.field_url:
            read.link(read.field_start, read.field_url)
            read.field_url = None

    def _target(self, relation: str | None) -> str | None:
        found = self._document.part.rels.get(relation) if relation else None
        return str(found.target_ref) if found is not None and found.is_external else None

    def _kind(self, paragraph: Any, text: str, read: _Text) -> tuple[BlockKind, int]:
        properties = paragraph.find(qn("w:pPr"))
        style = self._styles.get(_value(properties.find(qn("w:pStyle")) if properties is not None else None))
        name = str(style.name if style is not None else "").strip()
        heading = _HEADING.match(name)
        if (heading or name.lower() in _TITLE) and len(text) <= _LONGEST_HEADING:
            return BlockKind.HEADING, min(int(heading[1]), 6) if heading else 1
        level = self._list_level(properties, style, name)
        if level is not None:
            return BlockKind.BULLET, level
        if name.lower() in _QUOTES or _NOTE.match(text):
            return BlockKind.QUOTE, 0
        if _SIGN.match(text):
            return BlockKind.BULLET, _typed_level(properties, text, read.text)
        if read.bold and len(text) <= _LONGEST_HEADING and not text.endswith((".", "!", "?", ":", ";", ",")):
            return BlockKind.HEADING, 6
        return BlockKind.PARAGRAPH, 0

    def _list_level(self, properties: Any, style: Any, name: str) -> int | None:
        """The depth of a list entry, one deeper when it has a number (as in Markdown); None for any other text."""
        numbering = properties.find(qn("w:numPr")) if properties is not None else None
        own = numbering is not None
        if not own and style is not None:
            numbering = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        listed = _LIST.match(name)
        if numbering is None and not listed:
            return None
        number = _value(numbering.find(qn("w:numId"))) if numbering is not None else ""
        if own and number == "0":
            return None
        depth = _value(numbering.find(qn("w:ilvl"))) if numbering is not None else ""
        level = int(depth or 0) if own or not listed else int(listed[2] or 1) - 1
        kind = self._numbered.get((number, depth or "0"), "decimal" if "umber" in name or "ummer" in name else "bullet")
        return 2 * level + (kind != "bullet")


def _typed_level(properties: Any, text: str, source: str) -> int:
    """The depth of a bullet that was typed, by its indent, the white space before it, and its sign."""
    indent = properties.find(qn("w:ind")) if properties is not None else None
    given = indent.get(qn("w:left")) or indent.get(qn("w:start")) if indent is not None else None
    left = int(given) if given and given.isdecimal() else 0
    spaces = len(source) - len(source.lstrip())
    return 2 * (left // _STEP + spaces) + (text[0] not in _OUTERMOST)


def _value(element: Any) -> str:
    return str(element.get(qn("w:val")) or "") if element is not None else ""
