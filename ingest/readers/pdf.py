"""PDF to blocks: lines to paragraphs, bullets and headings, over pages; the words under a link as its label."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby, islice, pairwise
from statistics import median
from typing import Any, Final

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pypdf import PdfReader

from ingest.blocks import Block, BlockKind, Label, SourceText
from ingest.files import clean
from ingest.findings import Finding, Severity
from ingest.readers.allowance import allow_page
from ingest.readers.completeness import gaps, incomplete
from ingest.readers.content import Page, PageLink
from ingest.readers.footnotes import take_footnotes
from ingest.readers.lines import Line, lines_of, with_margins
from ingest.readers.pages import DAMAGED, PageReader
from ingest.readers.running import PageLines, Sorted, body_size, without_running
from ingest.readers.titles import Opening, title_of
from ingest.sections import is_capitals, section_of
from kompasbot.errors import UnreadableFile

MOST_PAGES: Final = 2_000
_LARGER: Final = 1.12
"""From this share of the body's size on a line is a heading."""
_LOOSE: Final = 1.3
"""From this share of the usual distance on there is white space between two lines."""
_LONGEST_HEADING: Final = 120
_ENDS: Final = re.compile(r"""[.!?:;…]["'”’)\]]*$""")
_DASH: Final = re.compile(r"^[-–−*]\s+(?=\S)")
_NOTE: Final = re.compile(r"redactie\s*:", re.IGNORECASE)
_HYPHEN: Final = re.compile(r"(\w+)[-\u00ad\u2010]$")
_WEB: Final = re.compile(r"https?://\S+$", re.IGNORECASE)
_WAIT: Final = re.compile(r"please wait|even geduld|een ogenblik geduld|adobe reader|acrobat reader", re.IGNORECASE)


@dataclass(slots=True)
class _Group:
    """Lines that form one block."""

    lines: list[Line]
    bullet: bool
    labels: list[Label] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)


_SCAN: Final = 0.5
"""An image of this part of a page, with hardly any text beside it, is a scan or a picture of a text."""
_HARDLY: Final = 100
_FEW: Final = 0.005
"""Up to this part of the characters is a sign here and there, such as one of a formula."""
_MESSAGE: Final = 1500
"""The message that a form can't be shown, in some languages, is shorter than this."""
_DRAWN: Final = 200
"""From this many drawn shapes on, a page without text may have its letters drawn."""
_WORDS: Final = "Lever de tekst van die bladzijden als Word of Markdown."
_OCR: Final = "Maak met tekstherkenning (OCR) een PDF met tekst, of lever de tekst als Word of Markdown."
_UNSEEN: Final = {
    "laag": "in een laag die uit staat",
    "onzichtbaar": "die onzichtbaar is gemaakt",
    "klein": "die te klein is om te zien",
    "buiten": "buiten de rand van de bladzijde",
}
_REMARKS: Final = {
    "opmerking": ("opmerking bij de tekst", "opmerkingen bij de tekst"),
    "bijlage": ("bijlage", "bijlagen"),
    "geluid": ("geluidsfragment", "geluidsfragmenten"),
    "film": ("film", "films"),
    "verborgen": ("verborgen veld of tekstvak", "verborgen velden of tekstvakken"),
}


def read_pdf(data: bytes, where: str) -> SourceText:
    """Read a PDF; raises :class:`UnreadableFile` when it is damaged, locked or holds no text."""
    try:
        document, sources = _opened(data, where)
        pages = _Pages(where)
        pages.read(document, sources)
    except DAMAGED as error:
        raise _damaged(where, error) from error
    found = without_running(pages.lines, len(sources))
    lines = found.text
    if not lines:
        raise pages.without_text()
    body = body_size(lines)
    for _, own in groupby(lines, key=lambda line: (line.page, line.turn)):
        take_footnotes(list(own), body)
    with_margins(lines)
    groups = _grouped(lines)
    _label(groups, pages.links)
    blocks = tuple(_blocks(groups))
    if _is_form_to_render(document, blocks):
        raise UnreadableFile(
            f"{where}: dit is een XFA-formulier; de inhoud ervan is niet te lezen.",
            "Open het formulier in Adobe Reader, druk het af naar een gewone PDF en gebruik die.",
        )
    looks_like_factsheet = len({section_of(block.text) for block in blocks} - {None}) >= 2
    title = "" if looks_like_factsheet else title_of(document, _opening(groups, blocks), body)
    findings = (*pages.findings(found, _second_reading(data)), *_document_findings(document, where))
    return SourceText(where, blocks, {"titel": title} if title else {}, findings)


def _damaged(where: str, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        f"{where}: deze PDF is beschadigd of klopt niet ({type(error).__name__}).",
        "Open de PDF, sla hem opnieuw op en probeer het nog eens. Of lever de tekst als Word of Markdown.",
    )


def _opened(data: bytes, where: str) -> tuple[PDFDocument, list[PDFPage]]:
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableFile(
            f"{where}: deze PDF is beveiligd met een wachtwoord.", "Sla de PDF op zonder wachtwoord en vervang hem."
        ) from error
    pages = list(islice(PDFPage.create_pages(document), MOST_PAGES + 1))
    if len(pages) > MOST_PAGES:
        raise UnreadableFile(
            f"{where}: deze PDF heeft meer dan {MOST_PAGES} bladzijden.", "Splits de PDF in kleinere delen."
        )
    return document, pages


@dataclass(slots=True)
class _Pages:
    """The pages as read one by one: their lines, their links, and what a person should know of them."""

    where: str
    lines: list[PageLines] = field(default_factory=list)
    links: dict[tuple[int, int], tuple[PageLink, ...]] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)

    def read(self, document: PDFDocument, sources: Sequence[PDFPage]) -> None:
        """Read all pages; one that is damaged is left out, but raises what pdfminer does when there is no other."""
        reader = PageReader(document.catalog)
        for number, source in enumerate(sources, 1):
            allow_page()
            try:
                page = reader.read(source, number)
            except DAMAGED:
                if len(sources) == 1:
                    raise
                self.damaged.append(number)
                continue
            for content in page.contents:
                self.lines.append(PageLines(content.height, lines_of(content)))
                self.links[number, content.turn] = content.links
            self.pages.append(replace(page, contents=()))

    def without_text(self) -> UnreadableFile:
        """Why there is no text."""
        if any(page.unknown for page in self.pages):
            return UnreadableFile(
                f"{self.where}: deze PDF zegt niet welke letters erin staan (ToUnicode ontbreekt); "
                "de tekst is wel te zien, maar niet te lezen.",
                _OCR,
            )
        return UnreadableFile(
            f"{self.where}: in deze PDF staat geen tekst die te lezen is; misschien is het een scan of alleen een "
            "plaatje.",
            _OCR,
        )

    def findings(self, lines: Sorted, second: Callable[[int], str]) -> Iterator[Finding]:
        """What was left out, and where; ``lines`` are all that were read, ``second`` is another reading of a page."""
        read: dict[int, str] = {}
        for line in (*lines.text, *lines.running):
            read[line.page] = f"{read.get(line.page, '')} {line.text}"
        yield from self._told(self.damaged, "{} is beschadigd en niet gelezen.", "Sla de PDF opnieuw op. " + _WORDS)
        scans = [page.number for page in self.pages if _is_scan(page, read.get(page.number, ""))]
        yield from self._told(
            scans, "Op {} staat (bijna) geen tekst die te lezen is. Is het een scan of een plaatje?", _OCR
        )
        overfull = [page.number for page in self.pages if page.is_overfull]
        yield from self._told(overfull, "{} is te vol: een deel van de tekst is niet gelezen.", _WORDS)
        unknown = [page.number for page in self.pages if page.unknown]
        lost = sum(page.unknown for page in self.pages)
        yield from self._told(
            unknown,
            f"Van {lost} {'teken' if lost == 1 else 'tekens'} op {{}} zegt deze PDF niet welke letter het is; wat daar "
            "staat, ontbreekt.",
            _OCR,
            "info" if lost < _FEW * sum(map(len, read.values())) else "waarschuwing",
        )
        for why, words in _UNSEEN.items():
            unseen = {page.number: page.unseen[why] for page in self.pages if page.unseen.get(why, "").strip()}
            number = sum(len(text.split()) for text in unseen.values())
            counted = "1 woord" if number == 1 else f"ongeveer {number} woorden"
            hint = "Hoort deze tekst erbij? Maak hem dan zichtbaar."
            severity: Severity = "info" if why == "buiten" else "waarschuwing"
            yield from self._told(list(unseen), f"Tekst {words} is weggelaten: {counted} op {{}}.", hint, severity)
        for line in lines.alone:
            text = f"Op {{}} is deze kleine regel aan de rand weggelaten als kop- of voettekst: '{line.text}'."
            yield from self._told(
                [line.page], text, "Hoort deze regel bij de tekst? Zet hem verder van de rand.", "info"
            )
        for kind, (single, plural) in _REMARKS.items():
            numbers = [page.number for page in self.pages if page.remarks[kind]]
            count = sum(page.remarks[kind] for page in self.pages)
            text = f"Niet meegelezen: {count} {single if count == 1 else plural} op {{}}."
            yield from self._told(numbers, text, "Hoort dit erbij? Zet het in de tekst zelf.", "info")
        filled = [page.number for page in self.pages if page.typed]
        yield from self._told(filled, "Wat op het formulier op {} is ingevuld, is meegelezen.", "", "info")
        checked = [page for page in self.pages if not (page.unknown or page.is_overfull or page.number in scans)]
        parts = (
            (page.number, read.get(page.number, "") + "".join(page.unseen.values()), second(page.number))
            for page in checked
        )
        places, share = gaps(parts)
        yield from incomplete(self.where, [_named(places)] if places else [], share)

    def _told(
        self, numbers: Sequence[int], message: str, hint: str, severity: Severity = "waarschuwing"
    ) -> Iterator[Finding]:
        if numbers:
            told = message.format(_named(numbers))
            yield Finding(severity, self.where, told[0].upper() + told[1:], hint)


def _is_scan(page: Page, text: str) -> bool:
    letters = sum(map(str.isalnum, text))
    return (page.image >= _SCAN and letters < _HARDLY) or (letters == 0 and (page.image > 0 or page.shapes >= _DRAWN))


def _named(numbers: Sequence[int]) -> str:
    """Pages by number: bladzijde 2 t/m 4, 7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return "bladzijde " + ", ".join(str(a) if a == b else f"{a} t/m {b}" for a, b in spans)


def _second_reading(data: bytes) -> Callable[[int], str]:
    """A plain reading of a page by another library; empty where that one fails."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
    except Exception:  # it only checks: what it can't read says nothing of what was read
        return lambda _: ""

    def text(number: int) -> str:
        with suppress(Exception):
            return reader.pages[number - 1].extract_text()
        return ""

    return text


def _is_form_to_render(document: PDFDocument, blocks: Sequence[Block]) -> bool:
    """Whether the file is a form that only Adobe's programs can show: its pages just say so."""
    form = resolve1(document.catalog.get("AcroForm"))
    if not isinstance(form, dict) or "XFA" not in form:
        return False
    text = " ".join(block.text for block in blocks)
    is_short = len(text) < _MESSAGE
    return is_short and (bool(resolve1(document.catalog.get("NeedsRendering"))) or bool(_WAIT.search(text)))


def _document_findings(document: PDFDocument, where: str) -> Iterator[Finding]:
    """What the document as a whole holds besides its pages."""
    files: Any = None
    with suppress(*DAMAGED):
        names = resolve1(document.catalog.get("Names"))
        files = resolve1(names.get("EmbeddedFiles")) if isinstance(names, dict) else None
    if isinstance(files, dict) and (files.get("Names") or files.get("Kids")):
        message = "In deze PDF zitten andere bestanden als bijlage; die zijn niet gelezen."
        yield Finding("waarschuwing", where, message, "Haal ze eruit en zet ze zelf in de map.")


def _opening(groups: Sequence[_Group], blocks: Sequence[Block]) -> list[Opening]:
    """The blocks of the first page with text."""
    first = groups[0].first.page
    return [
        Opening(block.text, group.first.size, group.bold, group.first.y, group.lines[-1].y)
        for group, block in zip(groups, blocks, strict=True)
        if group.first.page == first and not group.bullet and group.first.turn == groups[0].first.turn
    ]


def _grouped(lines: Sequence[Line]) -> list[_Group]:
    """Lines to blocks: each either goes on where the one before stopped, or begins a new one.

    A footnote stands behind the block that its page ends with, also when that goes on on the next page.
    """
    pitch = _pitch(lines)
    groups: list[_Group] = []
    notes: list[_Group] = []
    for line in lines:
        if line.note is not None:
            if notes and (notes[-1].first.page, notes[-1].first.note) == (line.page, line.note):
                notes[-1].lines.append(line)
            else:
                notes.append(_Group([line], False))
            continue
        if notes and groups and not _goes_on(groups[-1], line, pitch):
            groups += notes
            notes = []
        if groups and _goes_on(groups[-1], line, pitch):
            groups[-1].lines.append(line)
            continue
        dash = _DASH.match(line.text)
        if dash and line.sign is None:
            line.sign = line.left
            line.cut(dash.end())
        groups.append(_Group([line], line.sign is not None))
    return groups + notes


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance between two lines, in parts of the size of the text."""
    steps = [
        (one.y - other.y) / one.size
        for one, other in pairwise(lines)
        if one.page == other.page and 0 < one.y - other.y < 3 * one.size
    ]
    return median(steps) if steps else 1.2


def _goes_on(group: _Group, line: Line, pitch: float) -> bool:
    """Whether a line belongs to the block above it."""
    last = group.lines[-1]
    if line.sign is not None or line.single or last.single or last.note is not None or _parted(group, line, pitch):
        return False
    ended = bool(_ENDS.search(last.text))
    if abs(last.y - line.y) < 0.3 * last.size and line.left > last.right:
        return not ended
    if group.bullet:
        if _DASH.match(line.text) and abs(line.left - group.first.start) < 0.3 * line.size:
            return False
        aligned = abs((line.left - line.base) - (group.first.left - group.first.base)) < 0.4 * line.size
        return aligned or not (ended or _room(last, line))
    if is_capitals(line.text) and _room(last, line):
        return False
    return not ended or not _room(last, line, line.size if last.page == line.page and line.y < last.y else 0.0)


def _parted(group: _Group, line: Line, pitch: float) -> bool:
    """Whether size, capitals, boldness or white space part a line from the block above it."""
    last = group.lines[-1]
    capitals = is_capitals(last.text)
    down = last.y - line.y
    return (
        line.turn != last.turn
        or abs(line.size - last.size) > 0.08 * last.size
        or (is_capitals(line.text) != capitals and (capitals or bool(_ENDS.search(last.text))))
        or (group.bold and not line.bold and not _ENDS.search(last.text) and _room(last, line))
        or (last.page == line.page and down > _LOOSE * pitch * last.size)
    )


def _room(last: Line, line: Line, spare: float = 0.0) -> bool:
    """Whether the first word of a line would have fitted on the one before, with room to spare: then that one was
    ended on purpose.
    """
    word = line.text.split(maxsplit=1)[0]
    width = line.places[min(len(word), len(line.places)) - 1][1] - line.left
    return last.right + 0.3 * line.size + width + spare < last.edge - 0.1 * line.size


def _joined(lines: Sequence[Line], words: Counter[str]) -> str:
    text = ""
    for line in lines:
        text = _with_next(text, line.text, words) if text else line.text
    return " ".join(text.split())


def _with_next(text: str, following: str, words: Counter[str]) -> str:
    """Two lines as one; a hyphen at the end of the first goes, unless the word has it anyway."""
    match = _HYPHEN.search(text)
    if not match or not following[:1].isalpha():
        return f"{text} {following}"
    before, sign = match[1], text[-1]
    after = re.match(r"\w+", following)
    rest = after[0] if after else ""
    if sign != "-" and rest[:1].islower():
        return text[:-1] + following
    if re.match(r"(?:en|of)\b(?!-)", following):
        return f"{text} {following}"
    if not rest[:1].islower():
        return text + following
    spelt = (
        following[len(rest) : len(rest) + 1] == "-"
        or len(before) <= 2
        or not before.islower()
        or words[f"{before}-{rest}".lower()] > 0
    )
    return text + following if spelt else text[:-1] + following


def _blocks(groups: Sequence[_Group]) -> Iterator[Block]:
    words = Counter(
        word.lower() for group in groups for line in group.lines for word in re.findall(r"[\w-]+", line.text)
    )
    sizes = _heading_sizes(groups)
    indents = _indents(groups)
    bullet: Block | None = None
    under = 0.0
    for number, group in enumerate(groups, 1):
        text = clean(_joined(group.lines, words))
        first = group.first
        kind, level = _kind(group, text, sizes)
        if group.bullet:
            kind, level = BlockKind.BULLET, 2 * _rank(first.start - first.base, indents)
        elif kind is BlockKind.PARAGRAPH and bullet and abs(first.left - first.base - under) < 0.7 * first.size:
            level = bullet.level + 1
        block = Block(kind, text, level, tuple(dict.fromkeys(group.labels)), number, first.page)
        if group.bullet:
            bullet, under = block, first.left - first.base
        elif level == 0 or kind is BlockKind.HEADING:
            bullet = None
        yield block


def _kind(group: _Group, text: str, sizes: Sequence[float]) -> tuple[BlockKind, int]:
    if _NOTE.match(text):
        return BlockKind.QUOTE, 0
    if group.first.single or group.first.note is not None:
        return BlockKind.PARAGRAPH, 0
    if len(text) <= _LONGEST_HEADING and not group.bullet:
        size = round(group.first.size, 1)
        if size in sizes:
            return BlockKind.HEADING, min(sizes.index(size) + 1, 6)
        if group.bold and not _ENDS.search(text):
            return BlockKind.HEADING, min(len(sizes) + 2, 6)
    return BlockKind.PARAGRAPH, 0


def _heading_sizes(groups: Sequence[_Group]) -> list[float]:
    """The sizes of text that are larger than the body's, largest first."""
    letters: Counter[float] = Counter()
    for group in groups:
        for line in group.lines:
            letters[round(line.size, 1)] += len(line.text)
    body = letters.most_common(1)[0][0]
    return sorted((size for size in letters if size > _LARGER * body), reverse=True)


def _indents(groups: Sequence[_Group]) -> list[float]:
    """The places where bullets begin, from the margin on, each once."""
    found: list[float] = []
    for group in sorted((one for one in groups if one.bullet), key=lambda one: one.first.start - one.first.base):
        place = group.first.start - group.first.base
        if not found or place - found[-1] > 0.5 * group.first.size:
            found.append(place)
    return found


def _rank(place: float, indents: Sequence[float]) -> int:
    return min(range(len(indents)), key=lambda at: abs(indents[at] - place))


def _label(groups: Sequence[_Group], links: Mapping[tuple[int, int], Sequence[PageLink]]) -> None:
    """Give each block the labels of the links in it; one that runs over lines has a link on each, joined here."""
    for group in groups:
        open_at: tuple[str, str | None] | None = None
        for line in group.lines:
            for start, end, url in sorted(_under(line, links[line.page, line.turn]), key=lambda one: one[0]):
                label = " ".join(line.text[start:end].split())
                if start == 0 and open_at and open_at[1] == url and group.labels:
                    label = _with_next(group.labels.pop()[0], label, Counter())
                group.labels.append((clean(label), url if url and _WEB.match(url) else None))
                open_at = (label, url) if end >= len(line.text) else None
            if not any(True for _ in _under(line, links[line.page, line.turn])):
                open_at = None


def _under(line: Line, links: Sequence[PageLink]) -> Iterator[tuple[int, int, str | None]]:
    """The stretches of a line that stand in a link."""
    middle = line.y + 0.3 * line.size
    for link in links:
        if not link.rect.bottom <= middle <= link.rect.top:
            continue
        inside = [
            at
            for at, (left, right) in enumerate(line.places)
            if link.rect.left <= (left + right) / 2 <= link.rect.right
        ]
        if inside and line.text[inside[0] : inside[-1] + 1].strip():
            start, end = (_at_seam(at, line) for at in (inside[0], inside[-1] + 1))
            yield *_whole_words(line.text, start, end), link.url


def _at_seam(at: int, line: Line) -> int:
    """A place in a line, moved to where another text object begins when that is a letter away."""
    return next((near for near in (at, at - 1, at + 1) if near in line.seams), at)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of a text, at whole words: half a letter more or less is a matter of measuring."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return start, end
