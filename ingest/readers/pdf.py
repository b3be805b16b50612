"""PDF to blocks: lines to paragraphs, bullets and headings, over pages; the words under a link as its label."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ingest.blocks import Block, BlockKind, Label, SourceText
from ingest.readers.content import PageContent, PageLink, page_content
from ingest.readers.lines import Line, lines_of, with_margins
from ingest.readers.running import without_running
from ingest.sections import is_capitals
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


def read_pdf(data: bytes, where: str) -> SourceText:
    """Read a PDF; raises :class:`UnreadableFile` when it is damaged, locked or holds no text."""
    try:
        contents = _contents(data, where)
    except (PyPdfError, RecursionError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise UnreadableFile(
            f"{where}: deze PDF is beschadigd of klopt niet ({type(error).__name__}).",
            "Open de PDF, sla hem opnieuw op en probeer het nog eens. Of lever de tekst als Word of Markdown.",
        ) from error
    lines = without_running([(content, lines_of(content)) for content in contents])
    if not lines:
        raise UnreadableFile(
            f"{where}: in deze PDF staat geen tekst die te lezen is; misschien is het een scan of alleen een plaatje.",
            "Maak met tekstherkenning (OCR) een PDF met tekst, of lever de tekst als Word of Markdown.",
        )
    with_margins(lines)
    groups = _grouped(lines)
    _label(groups, contents)
    return SourceText(where, tuple(_blocks(groups)))


def _contents(data: bytes, where: str) -> list[PageContent]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile(
            f"{where}: deze PDF is beveiligd met een wachtwoord.", "Sla de PDF op zonder wachtwoord en vervang hem."
        )
    if len(reader.pages) > MOST_PAGES:
        raise UnreadableFile(
            f"{where}: deze PDF heeft meer dan {MOST_PAGES} bladzijden.", "Splits de PDF in kleinere delen."
        )
    return [page_content(page, number) for number, page in enumerate(reader.pages, 1)]


def _grouped(lines: Sequence[Line]) -> list[_Group]:
    """Lines to blocks: each either goes on where the one before stopped, or begins a new one."""
    pitch = _pitch(lines)
    groups: list[_Group] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, pitch):
            groups[-1].lines.append(line)
            continue
        dash = _DASH.match(line.text)
        if dash and line.sign is None:
            line.sign = line.left
            line.cut(dash.end())
        groups.append(_Group([line], line.sign is not None))
    return groups


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
    if line.sign is not None or _parted(group, line, pitch):
        return False
    ended = bool(_ENDS.search(last.text))
    if abs(last.y - line.y) < 0.3 * last.size and line.left > last.right:
        return not ended
    if group.bullet:
        aligned = abs((line.left - line.base) - (group.first.left - group.first.base)) < 0.7 * line.size
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
        abs(line.size - last.size) > 0.08 * last.size
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
        text = _joined(group.lines, words)
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


def _label(groups: Sequence[_Group], contents: Sequence[PageContent]) -> None:
    """Give each block the labels of the links in it; one that runs over lines has a link on each, joined here."""
    links = {content.number: content.links for content in contents}
    for group in groups:
        open_at: tuple[str, str | None] | None = None
        for line in group.lines:
            for start, end, url in sorted(_under(line, links[line.page]), key=lambda one: one[0]):
                label = " ".join(line.text[start:end].split())
                if start == 0 and open_at and open_at[1] == url and group.labels:
                    label = _with_next(group.labels.pop()[0], label, Counter())
                group.labels.append((label, url if url and _WEB.match(url) else None))
                open_at = (label, url) if end >= len(line.text) else None
            if not any(True for _ in _under(line, links[line.page])):
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
