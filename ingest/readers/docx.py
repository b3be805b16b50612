"""Word (.docx) to blocks: headings and lists by their styles, links with their addresses, tables row by row, notes
below the text that they belong to. What is hidden or deleted is left out, and told."""

import email
import email.policy
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from ingest.blocks import Block, BlockKind, Label, SourceText
from ingest.files import clean
from ingest.hrefs import web_address
from ingest.plaintext import text_blocks
from ingest.readers.lists import OUTERMOST, SIGN, lines_of
from ingest.readers.missing import missing
from ingest.readers.page import Walker, tree_of
from ingest.readers.rows import row_blocks
from ingest.readers.skipped import Skipped
from ingest.readers.symbols import form_field, formula, symbol, with_symbols
from ingest.readers.word import (
    Lists,
    Package,
    Part,
    Styles,
    attribute,
    check_archive,
    child,
    is_on,
    name_of,
    relation_of,
    value,
    walk,
)
from ingest.sections import is_usual_heading, section_of
from kompasbot.errors import UnreadableFile
from kompasbot.fetching.content import decoded

_HEADING: Final = re.compile(r"(?:heading|kop)\s*(\d)$", re.IGNORECASE)
_TITLE: Final = frozenset({"title", "titel"})
_QUOTES: Final = frozenset({"quote", "intense quote", "citaat", "duidelijk citaat"})
_LISTED: Final = re.compile(r"(?:list|lijst)[\s-]*(bullet|number|opsom\S*|nummer\S*)\s*(\d)?$", re.IGNORECASE)
_CONTINUED: Final = re.compile(
    r"list paragraph|lijstalinea|list continue|lijstvoortzetting|list \d|lijst \d", re.IGNORECASE
)
"""Styles of a paragraph in a list that is no entry of its own."""
_CONTENTS: Final = re.compile(r"(?:toc|inhopg|inhoudsopgave)\s*\d$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"""HYPERLINK\s+(?:"([^"]+)"|(?!\\)(\S+))""")
_PLACE: Final = re.compile(r'\\l\s+"([^"]+)"')
_NOTE: Final = re.compile(r"redactie\s*:", re.IGNORECASE)
_EMPTY_TITLE: Final = re.compile(
    r"(?:(?:microsoft )?word.*|document\d*|untitled.*|naamloos.*|titel|title|.*\.do[ct][xm]?|sjabloon.*|template.*)",
    re.IGNORECASE,
)
_STEP: Final = 300
"""Twips (twentieths of a point) from which on an indent is a level deeper."""
_LONGEST_HEADING: Final = 200
_DEEPEST: Final = 60
"""Elements within one another, of the kinds that hold paragraphs."""
_MOST_CHUNKS: Final = 3
"""Files within one another."""
_THROUGH: Final = frozenset("ins moveTo smartTag sdtContent customXml bdo dir ruby rubyBase".split())
"""What stands around the text of a paragraph without changing it."""
_AROUND: Final = frozenset("ins moveTo sdtContent customXml".split())
"""What stands around whole paragraphs, rows or cells without changing them."""
_SHOWN: Final = ("t", "txbxContent", "blip", "chart", "relIds", "sym")
_DELETED: Final = ("stuk verwijderde tekst", "stukken verwijderde tekst")
_IMAGE: Final = ("afbeelding", "afbeeldingen")
_CHART: Final = ("grafiek", "grafieken")
_OBJECT: Final = ("ingesloten onderdeel", "ingesloten onderdelen")
_SIGN: Final = ("teken uit een symbolenlettertype", "tekens uit een symbolenlettertype")
_EMPTY_FIELD: Final = ("leeg invulveld", "lege invulvelden")
_LINE: Final = ("regel van een inhoudsopgave", "regels van een inhoudsopgave")
_REMARK: Final = ("opmerking in de kantlijn", "opmerkingen in de kantlijn")
_HEADER: Final = ("kop- of voettekst", "kop- en voetteksten")
_CHUNK: Final = ("ingevoegd bestand", "ingevoegde bestanden")


def read_docx(data: bytes, where: str) -> SourceText:
    """A Word file as read; raises :class:`UnreadableFile` when it is damaged or holds no text."""
    check_archive(data, where)
    skipped = Skipped()
    try:
        package = Package(data, where)
        blocks = list(_Reader(package.main, skipped).blocks())
        title = _title(package, blocks)
        plain = list(_plain_texts(package.main))
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.LxmlError) as error:
        raise UnreadableFile(
            f"{where}: dit Word-bestand is beschadigd of het is geen Word-bestand ({type(error).__name__}).",
            "Open het in Word, sla het opnieuw op als .docx en vervang het bestand.",
        ) from error
    if not blocks:
        raise UnreadableFile(
            f"{where}: in dit Word-bestand staat geen tekst; misschien bestaat het uit plaatjes.",
            "Zet de tekst erin als gewone tekst, of haal het bestand weg.",
        )
    lost = missing(where, (block.text for block in blocks), skipped.left, plain)
    findings = (*skipped.findings(where), *lost)
    return SourceText(where, tuple(blocks), {"titel": title} if title else {}, findings)


def _plain_texts(document: Part) -> Iterator[str]:
    """What a second reader finds, who only looks at the letters: all paragraphs but what was deleted."""
    for part in (document, document.of_kind("footnotes"), document.of_kind("endnotes")):
        for paragraph in walk(part.tree, "p") if part else ():
            yield "".join(one.text or "" for one in walk(paragraph, "t") if _belongs_to(one, paragraph))


def _belongs_to(text: Any, paragraph: Any) -> bool:
    for one in text.iterancestors():
        name = name_of(one)
        if one is paragraph:
            return True
        if name in ("p", "del", "moveFrom") or (name == "Fallback" and _chosen(one.getparent()) is not one):
            return False
    return False


def _title(package: Package, blocks: list[Block]) -> str:
    """The title that the file says it has, where no heading of its text says what it is about."""
    heading = next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
    is_factsheet = len({section_of(block.text) for block in blocks} - {None}) >= 2
    if is_factsheet or (heading and not is_usual_heading(heading)):
        return ""
    part = next((one.place for one in package.targets("").values() if one.kind == "core-properties"), "")
    found = next(walk(package.parsed(part), "title"), None) if package.has(part) else None
    title = " ".join(clean(found.text or "").split()) if found is not None else ""
    return "" if is_usual_heading(title) or _EMPTY_TITLE.fullmatch(title) else title[:_LONGEST_HEADING]


@dataclass(slots=True)
class _Text:
    """The text of a paragraph in the making, with the labels of its links and what it leads to."""

    text: str = ""
    style: str = ""
    labels: list[Label] = field(default_factory=list)
    bold: bool = True
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    diagrams: list[Part] = field(default_factory=list)

    def link(self, start: int, url: str | None) -> None:
        label = " ".join(clean(self.text[start:]).split())
        if label:
            self.labels.append((label, web_address(url) if url else None))


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction, and where its result begins once that has begun."""

    instruction: str = ""
    start: int | None = None
    form: Any = None


class _Reader:
    """Walks through the body of a document."""

    def __init__(self, document: Part, skipped: Skipped, depth: int = 0) -> None:
        self._part = document
        self._skipped = skipped
        self._depth = depth
        self._styles = Styles(document)
        self._lists = Lists(document, self._styles)
        self._number = 0
        self._fields: list[_Field] = []
        self._held: _Text | None = None
        self._cells = 0
        self._last: Block | None = None
        self._notes = {
            kind: {attribute(one, "id") or "": (part, one) for one in walk(part.tree, kind)}
            for kind, part in (("footnote", document.of_kind("footnotes")), ("endnote", document.of_kind("endnotes")))
            if part
        }

    def blocks(self) -> Iterator[Block]:
        """The blocks of the body, in order."""
        body = child(self._part.tree, "body")
        if body is None:
            raise ValueError("no body")
        yield from self._in(body, 0)
        if self._held:
            yield from self._closed(self._held, None)
        for kind in self._notes:
            for number in list(self._notes[kind]):
                yield from self._note(kind, number, None)
        remarks = self._part.of_kind("comments")
        self._skipped.add(*_REMARK, sum(1 for _ in walk(remarks.tree, "comment")) if remarks else 0)
        self._skipped.add(*_HEADER, self._headers())

    def _headers(self) -> int:
        """How many headers and footers have a text."""
        ids = {key for key, target in self._part.targets.items() if target.kind in ("header", "footer")}
        used = {relation_of(one) for one in walk(self._part.tree, "headerReference", "footerReference")}
        parts = filter(None, map(self._part.part, ids & used))
        return sum(any(re.search(r"[^\W\d]", one.text or "") for one in walk(part.tree, "t")) for part in parts)

    def _in(self, parent: Any, depth: int) -> Iterator[Block]:
        if depth > _DEEPEST:
            return
        for element in parent:
            name = name_of(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element, depth + 1)
            elif name == "sdt":
                content = self._filled(element)
                yield from self._in(content, depth + 1) if content is not None else ()
            elif name in _AROUND:
                yield from self._in(element, depth + 1)
            elif name == "altChunk":
                yield from self._chunk(relation_of(element))
            elif name == "AlternateContent":
                yield from self._in(_chosen(element), depth + 1)
            elif name == "subDoc":
                self._skipped.add(*_CHUNK)
            elif name in ("oMathPara", "oMath"):
                yield from self._emit(BlockKind.PARAGRAPH, 0, formula(element), ())
            elif name == "del":
                self._deleted(element)

    def _filled(self, control: Any) -> Any:
        """The content of a control for filling in, or None for one that nobody filled in, and for a table of contents,
        which Word makes of the headings."""
        content = child(control, "sdtContent")
        if is_on(control, "sdtPr", "showingPlcHdr"):
            self._leave(content, _EMPTY_FIELD)
            return None
        if value(control, "sdtPr", "docPartObj", "docPartGallery") == "Table of Contents":
            lines = [one for one in walk(content, "p") if _plain(one)] if content is not None else []
            self._skipped.add(*_LINE, len(lines))
            self._skipped.leave("".join(map(_plain, lines)))
            return None
        return content

    def _leave(self, element: Any, kind: tuple[str, str]) -> None:
        text = _plain(element) if element is not None else ""
        if text:
            self._skipped.add(*kind)
            self._skipped.leave(text)

    def _deleted(self, element: Any) -> None:
        if any((one.text or "").strip() for one in walk(element, "t", "delText")):
            self._skipped.add(*_DELETED)

    # Tables

    def _table(self, table: Any, depth: int) -> Iterator[Block]:
        """Its rows in order; a cell that reaches over several rows stands in each."""
        above: dict[int, list[Block]] = {}
        for row in self._parts(table, "tr"):
            if is_on(row, "trPr", "hidden"):
                self._skipped.hide(_plain(row))
            elif child(row, "trPr", "del") is not None:
                self._deleted(row)
            else:
                cells, merged = self._cells_of(row, above, depth)
                for block in row_blocks(cells, merged):
                    yield from self._emit(block.kind, block.level, block.text, block.labels)

    def _cells_of(self, row: Any, above: dict[int, list[Block]], depth: int) -> tuple[list[list[Block]], list[bool]]:
        """The blocks of each column of a row, and whether they stand in a row ``above``, which is kept up to date."""
        before = value(row, "trPr", "gridBefore")
        cells: list[list[Block]] = [[] for _ in range(min(int(before), 100) if before.isdecimal() else 0)]
        merged = [False] * len(cells)
        for cell in self._parts(row, "tc"):
            merge = child(cell, "tcPr", "vMerge")
            goes_on = merge is not None and attribute(merge, "val") in (None, "continue")
            self._cells += 1
            blocks = above.get(len(cells), []) if goes_on else list(self._in(cell, depth))
            self._cells -= 1
            if merge is not None:
                above[len(cells)] = blocks
            else:
                above.pop(len(cells), None)
            cells.append(blocks)
            merged.append(goes_on)
            wide = value(cell, "tcPr", "gridSpan")
            more = min(int(wide), 100) - 1 if wide.isdecimal() else 0
            cells += [[] for _ in range(more)]
            merged += [False] * more
        return cells, merged

    def _parts(self, parent: Any, wanted: str) -> Iterator[Any]:
        """The rows of a table or the cells of a row, also those in a control for filling in."""
        for element in parent:
            name = name_of(element)
            if name == wanted:
                yield element
            elif name == "sdt":
                content = child(element, "sdtContent")
                if is_on(element, "sdtPr", "showingPlcHdr"):
                    yield from (_emptied(one) for one in self._parts(content, wanted) if content is not None)
                    self._leave(content, _EMPTY_FIELD)
                elif content is not None:
                    yield from self._parts(content, wanted)
            elif name in _AROUND:
                yield from self._parts(element, wanted)

    # Paragraphs

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        read, self._held = self._held or _Text(), None
        read.style = value(child(paragraph, "pPr"), "pStyle")
        self._text(paragraph, read)
        mark = child(paragraph, "pPr", "rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self._held = read  # its end was deleted: the next paragraph goes on where it stops
            return
        for one in self._fields:
            if one.start is not None:  # it goes on in the next paragraph
                self._linked(one.instruction, one.start, read)
                one.start = 0
        yield from self._closed(read, paragraph)

    def _closed(self, read: _Text, paragraph: Any) -> Iterator[Block]:
        properties = child(paragraph, "pPr") if paragraph is not None else None
        chain = self._styles.chain(value(properties, "pStyle"))
        labels = list(dict.fromkeys(read.labels))
        text = " ".join(clean(read.text).split())
        is_contents = any(_CONTENTS.match(value(style, "name")) for style in chain[:1]) or self._is_in_contents(
            paragraph
        )
        if text and is_contents:
            self._skipped.add(*_LINE)
            self._skipped.leave(text)
            text = ""
        after = self._last
        if text:
            kind, level = self._kind(properties, chain, text, read)
            for line in lines_of(read.text) if kind is BlockKind.PARAGRAPH else (text,):
                own = [label for label in labels if label[0] in line]
                labels = [label for label in labels if label not in own]
                is_typed = kind is BlockKind.PARAGRAPH and SIGN.match(line)
                shape = (BlockKind.BULLET, _typed_level(properties, line, read.text)) if is_typed else (kind, level)
                sign = SIGN.match(line) if shape[0] is BlockKind.BULLET else None
                yield from self._emit(*shape, line[sign.end() :] if sign else line, tuple(own))
            after = self._last
        for kind_of_note, number in read.notes:
            yield from self._note(kind_of_note, number, after)
        for box in read.boxes:
            yield from self._in(box, 1)
        for diagram in read.diagrams:
            for one in walk(diagram.tree, "p"):
                yield from self._emit(BlockKind.PARAGRAPH, 0, _plain(one), ())

    def _is_in_contents(self, paragraph: Any) -> bool:
        return paragraph is not None and any(
            one.instruction.split()[:1] == ["TOC"] and one.start is not None for one in self._fields
        )

    def _emit(self, kind: BlockKind, level: int, text: str, labels: tuple[Label, ...]) -> Iterator[Block]:
        text = " ".join(clean(text).split())
        if text:
            self._number += 1
            self._last = Block(kind, text, level, labels, self._number)
            yield self._last

    def _note(self, kind: str, number: str, after: Block | None) -> Iterator[Block]:
        """A note stands below the text that it belongs to."""
        part, note = self._notes.get(kind, {}).pop(number, (None, None))
        if part is None or (attribute(note, "type") or "normal") not in ("normal",):
            return
        level = _inside(after)
        outer, self._part, self._fields, fields = self._part, part, [], self._fields
        blocks = list(self._in(note, 1))
        self._part, self._fields = outer, fields
        for block in blocks:
            yield Block(BlockKind.PARAGRAPH, block.text, level, block.labels, block.line)

    def _text(self, parent: Any, read: _Text) -> None:
        """Collect the text of a paragraph; what was deleted while changes are tracked has gone."""
        for element in parent:
            name = name_of(element)
            if name == "r":
                self._run(element, read)
            elif name == "hyperlink":
                start = len(read.text)
                self._text(element, read)
                read.link(start, self._address(relation_of(element), attribute(element, "anchor")))
            elif name == "fldSimple":
                start = len(read.text)
                self._text(element, read)
                self._linked(attribute(element, "instr") or "", start, read)
            elif name == "sdt":
                content = self._filled(element)
                if content is not None:
                    self._text(content, read)
            elif name in _THROUGH:
                self._text(element, read)
            elif name in ("oMath", "oMathPara"):
                read.bold = False
                read.text += formula(element)
            elif name == "del":
                self._deleted(element)
            elif name == "AlternateContent":
                self._text(_chosen(element), read)

    def _run(self, run: Any, read: _Text) -> None:
        properties = child(run, "rPr")
        if self._switch(properties, "vanish", read):
            self._skipped.hide(_plain(run))
            return
        before = len(read.text)
        self._signs(run, properties, read)
        if read.text[before:].strip():
            read.bold = read.bold and self._switch(properties, "b", read)

    def _switch(self, properties: Any, name: str, read: _Text) -> bool:
        """Whether the letters of a run are hidden or bold: by itself, its style, or that of its paragraph."""
        own = is_on(properties, name)
        style = value(properties, "rStyle")
        if own is None and style:
            own = self._styles.switch(style, name)
        return bool(self._styles.switch(read.style, name) if own is None else own)

    def _signs(self, run: Any, properties: Any, read: _Text) -> None:
        fonts = child(properties, "rFonts") if properties is not None else None
        font = attribute(fonts, "ascii") or attribute(fonts, "hAnsi") if fonts is not None else None
        for element in run:
            name = name_of(element)
            if name == "t":
                self._say(with_symbols(element.text or "", font), read)
            elif name in ("tab", "ptab"):
                self._say("\t", read)
            elif name in ("br", "cr"):
                self._say("\n", read)
            elif name == "noBreakHyphen":
                self._say("-", read)
            elif name == "sym":
                sign = symbol(attribute(element, "char"), attribute(element, "font"))
                self._say(sign or "", read)
                self._skipped.add(*_SIGN, int(sign is None))
            elif name == "instrText" and self._fields:
                self._fields[-1].instruction += element.text or ""
            elif name == "fldChar":
                self._field(attribute(element, "fldCharType"), element, read)
            elif name in ("footnoteReference", "endnoteReference"):
                read.notes.append((name.removesuffix("Reference"), attribute(element, "id") or ""))
            elif name == "AlternateContent":
                self._signs(_chosen(element), properties, read)
            elif name in ("drawing", "pict", "object"):
                self._picture(element, read)
            elif name in ("ruby", "rubyBase"):
                self._text(element, read)

    def _say(self, text: str, read: _Text) -> None:
        """Add to the text, or to the instruction of a field that has no result yet."""
        waiting = next((one for one in reversed(self._fields) if one.start is None), None)
        if waiting is None:
            read.text += text
        else:
            waiting.instruction += text

    def _field(self, kind: str | None, mark: Any, read: _Text) -> None:
        """A field is: begin, its instruction, separate, its result, end. A link may go on over a paragraph."""
        if kind == "begin":
            self._fields.append(_Field(form=child(mark, "ffData")))
        elif kind == "separate" and self._fields:
            self._fields[-1].start = len(read.text)
        elif kind == "end" and self._fields:
            closed = self._fields.pop()
            if closed.form is not None and (closed.start is None or not read.text[closed.start :].strip()):
                self._say(form_field(closed.form), read)
            if closed.start is not None:
                self._linked(closed.instruction, min(closed.start, len(read.text)), read)

    def _linked(self, instruction: str, start: int, read: _Text) -> None:
        if instruction.split()[:1] == ["HYPERLINK"]:
            match, place = _ADDRESS.search(instruction), _PLACE.search(instruction)
            url = (match[1] or match[2]) if match else None
            read.link(start, f"{url}#{place[1]}" if url and place and "#" not in url else url)

    def _address(self, relation: str | None, anchor: str | None) -> str | None:
        target = self._part.targets.get(relation or "")
        if target is None or not target.is_external:
            return None
        return f"{target.place}#{anchor}" if anchor and "#" not in target.place else target.place

    def _picture(self, picture: Any, read: _Text) -> None:
        """A picture may hold text boxes, or show a diagram whose text stands in a part of its own."""
        boxes = [box for box in walk(picture, "txbxContent") if not _is_inside(box, picture)]
        read.boxes += boxes
        diagrams = [self._part.part(relation_of(one, "dm")) for one in walk(picture, "relIds")]
        read.diagrams += filter(None, diagrams)
        inside = list(walk(picture, "blip", "imagedata"))
        if any(True for _ in walk(picture, "chart")):
            self._skipped.add(*_CHART)
        elif any(True for _ in walk(picture, "OLEObject", "control")):
            self._skipped.add(*_OBJECT)
        elif inside and not boxes:
            self._skipped.add(*_IMAGE)

    # What a paragraph is

    def _kind(self, properties: Any, chain: list[Any], text: str, read: _Text) -> tuple[BlockKind, int]:
        heading = self._heading(properties, chain)
        if heading and len(text) <= _LONGEST_HEADING:
            return BlockKind.HEADING, heading
        level = self._list_level(properties, chain)
        if level is not None:
            return BlockKind.BULLET, level
        names = [value(style, "name").strip().lower() for style in chain]
        if _QUOTES.intersection(names) or _NOTE.match(text):
            return BlockKind.QUOTE, 0
        ends = text.endswith((".", "!", "?", ":", ";", ","))
        if read.bold and not self._cells and len(text) <= _LONGEST_HEADING and not ends and not SIGN.match(text):
            return BlockKind.HEADING, 6
        goes_on = self._last is not None and not self._cells and any(map(_CONTINUED.match, names))
        return BlockKind.PARAGRAPH, _inside(self._last) if goes_on else 0

    def _heading(self, properties: Any, chain: list[Any]) -> int:
        """The level of a heading, by the outline level or name of the paragraph, its style or what that stands on."""
        for place in (properties, *chain):
            outline = value(place if place is properties else child(place, "pPr"), "outlineLvl")
            if outline.isdecimal():
                return min(int(outline) + 1, 6) if int(outline) < 9 else 0
            name = value(place, "name").strip() if place is not properties else ""
            match = _HEADING.match(name)
            if match or name.lower() in _TITLE:
                return min(int(match[1]), 6) if match else 1
        return 0

    def _list_level(self, properties: Any, chain: list[Any]) -> int | None:
        """The depth of a list entry, one deeper when it has a number (as in Markdown); None for any other text."""
        for place in (properties, *chain):
            is_own = place is properties
            numbering = child(place, "numPr") if is_own else child(place, "pPr", "numPr")
            listed = None if is_own else _LISTED.match(value(place, "name").strip())
            if numbering is None and not listed:
                continue
            number, depth = value(numbering, "numId"), value(numbering, "ilvl")
            if number == "0":
                return None
            level = int(depth) if depth.isdecimal() else 0
            if listed:
                level = int(listed[2] or 1) - 1
            elif not is_own and not depth:
                level = self._lists.level_of(number, attribute(place, "styleId") or "") or 0
            is_numbered = bool(listed and listed[1].lower().startswith(("number", "nummer")))
            kind = self._lists.kind(number, int(depth or 0)) or ("decimal" if is_numbered else "bullet")
            return None if kind == "none" and not listed else 2 * level + (kind != "bullet")
        return None

    # Files within the file

    def _chunk(self, relation: str | None) -> Iterator[Block]:
        """A file that Word would put in here on opening: a page, a text or another Word file."""
        part = self._part.part(relation)
        data = self._part.package.read(part.path) if part else b""
        ending = part.path.rpartition(".")[2].lower() if part else ""
        if ending in ("mht", "mhtml", "eml"):
            message = email.message_from_bytes(data, policy=email.policy.default)
            body = message.get_body(("html", "plain"))
            data, ending = (body.get_content().encode(), body.get_content_subtype()) if body else (b"", "")
        found: list[Block] = []
        if data.startswith(b"PK") and self._depth < _MOST_CHUNKS:
            check_archive(data, part.path if part else "")
            found = list(_Reader(Package(data, "").main, self._skipped, self._depth + 1).blocks())
        elif ending in ("html", "htm", "xhtml"):
            tree = tree_of(decoded(data))
            found = Walker(skipped=self._skipped).walk(tree) if tree is not None else []
        elif ending in ("txt", "plain"):
            found = text_blocks(clean(decoded(data)))
        if not found:
            self._skipped.add(*_CHUNK)
        for block in found:
            yield from self._emit(block.kind, block.level, block.text, block.labels)


def _inside(block: Block | None) -> int:
    """The level of a paragraph that belongs to the one before it."""
    if block is None or block.kind not in (BlockKind.BULLET, BlockKind.PARAGRAPH):
        return 0
    return block.level + (block.kind is BlockKind.BULLET)


def _chosen(alternatives: Any) -> Any:
    """What to read of contents that say the same in several ways: the first one that holds something."""
    choices = [one for one in alternatives if name_of(one) in ("Choice", "Fallback")]
    held = (one for one in choices if next(walk(one, *_SHOWN), None) is not None)
    return next(held, choices[0] if choices else [])


def _is_inside(box: Any, picture: Any) -> bool:
    """Whether a text box is part of another, or only stands there for programs that can't show the first."""
    for one in box.iterancestors():
        if one is picture:
            return False
        if name_of(one) == "txbxContent" or (name_of(one) == "Fallback" and _chosen(one.getparent()) is not one):
            return True
    return False


def _emptied(cell: Any) -> Any:
    """A cell that nobody filled in."""
    return etree.Element(cell.tag)


def _plain(element: Any) -> str:
    """The bare text of an element."""
    return "".join(one.text or "" for one in walk(element, "t"))


def _typed_level(properties: Any, text: str, source: str) -> int:
    """The depth of a bullet that was typed, by its indent, the white space before it, and its sign."""
    indent = child(properties, "ind") if properties is not None else None
    given = attribute(indent, "left") or attribute(indent, "start") if indent is not None else None
    left = int(given) if given and given.isdecimal() else 0
    spaces = len(source) - len(source.lstrip())
    return 2 * (left // _STEP + spaces) + (text[0] not in OUTERMOST)
