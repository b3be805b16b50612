"""Markdown and plain text to blocks, also when an export has bent the rules of Markdown.

markdown-it does the parsing. Three habits of exports are dealt with around it: the nesting of a list follows from the
indent in the source (one space is enough), bullets may be typographic signs, and a heading in capitals or with the name
of a section stands alone without blank lines around it.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import Block, BlockKind, Label, SourceText
from ingest.hrefs import web_address
from ingest.readers.rows import row_text
from ingest.readers.skipped import Skipped
from ingest.sections import BULLET_SIGNS, section_of, stands_alone
from ingest.sitecodes import without_codes
from ingest.yamlfiles import parse_yaml
from kompasbot.errors import UnreadableFile

_FRONT: Final = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TOML_FRONT: Final = re.compile(r"\+\+\+[ \t]*\n(.*?\n)??\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_PLAIN_VALUE: Final = re.compile(r"^(\w+): +(\w.*: .*)$", re.MULTILINE)
"""A value of front matter with a colon in it, which YAML wants between quotes and people write without."""
_BULLET_SIGN: Final = re.compile(rf"^(\s*)[{BULLET_SIGNS}–](?:\s+|(?=\w))")
_NUMBER: Final = re.compile(r"^\s*\d+[.)]\s+")
_LIST_OR_MARKUP: Final = re.compile(r"\s*(?:[-*+>#|]|\d+[.)])\s*")
_LINE_END: Final = re.compile(r"\r\n?")
_ATTRIBUTES: Final = re.compile(r"\s*\{:?\s*[#.][\w:.-]+(?:\s+[^{}\n]{1,200})?\}\s*$")
"""What programs write behind a heading to name it: ``{#naam}``."""
_FENCE: Final = re.compile(r"\s{0,3}(```+|~~~+)")
_NOTE: Final = re.compile(r"\s{0,3}\[\^([^\]\s]{1,60})\]:\s*(.*)$")
_MARKER: Final = re.compile(r"\[\^([^\]\s]{1,60})\]")
_BREAK: Final = re.compile(r"<br\b", re.IGNORECASE)
_HTML_TAG: Final = re.compile(r"</?([a-zA-Z][\w:-]*)")
_HREF: Final = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_IS_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:|[#/.?]|[^\s]*[/.][^\s]", re.IGNORECASE)
_IMAGE: Final = ("afbeelding", "afbeeldingen")
_CONTENTS: Final = ("regel van een inhoudsopgave", "regels van een inhoudsopgave")
_LONGEST_HEADING: Final = 200
_KNOWN_TAGS: Final = frozenset(
    "a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption "
    "center cite code col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption "
    "figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li "
    "link main map mark math menu meta meter nav noscript object ol optgroup option output p param picture pre "
    "progress q rp rt ruby s samp script search section select slot small source span strike strong style sub summary "
    "sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr".split()
)


@dataclass(frozen=True, slots=True)
class _Note:
    """A note of a text: the line on which it stands, and its text in parts."""

    line: int
    parts: list[str] = field(default_factory=list)


def read_markdown(text: str, where: str, address: str | None = None) -> SourceText:
    """Read a cleaned text; raises what :func:`split_front_matter` does."""
    meta, body, first_line = split_front_matter(text, where, address)
    skipped = Skipped()
    blocks = markdown_blocks(body, first_line, skipped)
    return SourceText(where, tuple(blocks), meta, tuple(skipped.findings(where)))


def split_front_matter(text: str, where: str, address: str | None = None) -> tuple[dict[str, object], str, int]:
    """The front matter (in YAML or TOML), the rest, and the line on which the rest begins.

    Of a text that was fetched from an ``address`` it only gives the title: it may not say how it is to be shown. Raises
    :class:`~kompasbot.errors.UnreadableFile` when it is broken, but for such a text.
    """
    if address is None:
        return _split(text, where)
    try:
        meta, body, first_line = _split(text, where)
    except UnreadableFile:
        return {}, text, 1
    title = meta.get("titel") or meta.get("title")
    return {"titel": title} if isinstance(title, str) else {}, body, first_line


def _split(text: str, where: str) -> tuple[dict[str, object], str, int]:
    toml = _TOML_FRONT.match(text)
    match = toml or _FRONT.match(text)
    if not match:
        return {}, text, 1
    value = _toml(match[1] or "", where) if toml else parse_yaml(_PLAIN_VALUE.sub(_quoted, match[1] or ""), where, 2)
    if value is not None and not isinstance(value, dict):
        return {}, text, 1
    meta = {str(key): content for key, content in (value or {}).items()}
    return meta, text[match.end() :], text.count("\n", 0, match.end()) + 1


def _toml(text: str, where: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(
            f"{where}: de regels boven in dit bestand, tussen +++ en +++, kloppen niet ({error}).",
            "Verbeter ze, of schrijf ze als 'titel: …' tussen --- en ---.",
        ) from error


def _quoted(match: re.Match[str]) -> str:
    return f"{match[1]}: {json.dumps(match[2].rstrip(), ensure_ascii=False)}"


class _Markdown(MarkdownIt):
    """Takes every link for one, so that its label is found; :data:`_WEB` decides which addresses count."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002
        return True


@cache
def _parser() -> MarkdownIt:
    return _Markdown("commonmark").enable("table").disable(["code"])


def markdown_blocks(body: str, first_line: int = 1, skipped: Skipped | None = None) -> list[Block]:
    """The blocks of a text without front matter; ``first_line`` is the number of its first line in the file, and
    ``skipped`` counts what is left out."""
    skipped = Skipped() if skipped is None else skipped
    lines, numbers, notes = _prepared(without_codes(_LINE_END.sub("\n", body), skipped), first_line)
    reader = _BlockReader(lines, numbers, notes, skipped)
    found: dict[str, Any] = {}
    for token in _parser().parse("\n".join(lines), found):
        reader.take(token)
    reader.end(found.get("references", {}))
    return _without_contents(reader.blocks, reader.contents, skipped)


def _prepared(body: str, first_line: int) -> tuple[list[str], list[int], dict[str, _Note]]:
    """The lines with usual bullets and free-standing headings, the number of each in the file, and the notes by name.

    Of blank lines in a row one is kept: they say no more, and cost as much as lines with text.
    """
    lines: list[str] = []
    numbers: list[int] = []
    sources, notes = _split_notes(body.expandtabs(4).split("\n"), first_line)
    fence = ""
    for number, source in enumerate(sources, first_line):
        if lines and not lines[-1] and not source.strip():
            continue
        fence = _fence_after(source, fence)
        bare = source if fence else _ATTRIBUTES.sub("", source)
        if source.strip() and not bare.strip():
            continue
        line = _NUMBER.sub("", bare) if section_of(bare) else _BULLET_SIGN.sub(r"\1- ", bare)
        alone = not _LIST_OR_MARKUP.match(line.lstrip("*_")) and stands_alone(line)
        for part in ("", line.strip(), "") if alone else (line,):
            lines.append(part)
            numbers.append(number)
    return lines, numbers, notes


def _fence_after(line: str, fence: str) -> str:
    """The mark of the code that is open after a line, when ``fence`` was open before it; empty for none."""
    mark = _FENCE.match(line)
    if mark and (not fence or mark[1].startswith(fence)):
        return "" if fence else mark[1]
    return fence


def _split_notes(lines: Sequence[str], first_line: int) -> tuple[list[str], dict[str, _Note]]:
    """The lines with empty ones in place of the notes, and the notes by name."""
    kept: list[str] = []
    notes: dict[str, _Note] = {}
    name, fence, is_after_blank = "", "", False
    for number, line in enumerate(lines, first_line):
        fence = _fence_after(line, fence)
        start = None if fence else _NOTE.match(line)
        if start:
            name = start[1]
            notes.setdefault(name, _Note(number)).parts.append(start[2])
        elif name and line.strip() and (line.startswith("  ") or not is_after_blank):
            notes[name].parts.append(line.strip())
        else:
            name = name if not line.strip() else ""
            kept.append(line)
            is_after_blank = not line.strip()
            continue
        kept.append("")
        is_after_blank = False
    return kept, notes


def _without_contents(blocks: list[Block], contents: set[int], skipped: Skipped) -> list[Block]:
    """The blocks but for the lines of a table of contents: links to a place in the same text that say no more than the
    heading there."""
    names = {_name(block.text) for number, block in enumerate(blocks) if number not in contents}
    doubles = {number for number in contents if _name(blocks[number].text) in names}
    if doubles:
        skipped.add(*_CONTENTS, len(doubles))
    return [block for number, block in enumerate(blocks) if block.text and number not in doubles]


def _name(text: str) -> str:
    return re.sub(r"[\W\d_]+", " ", text).strip().lower()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text: plain, with the labels of its links and the names of its notes; ``entries`` are its links when
    it has nothing but links to places in the same text."""

    text: str
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    entries: tuple["_Line", ...] = ()


_NO_ENTRY: Final = _Line("")


@dataclass
class _BlockReader:
    """Collects blocks from markdown-it's tokens, with the state that nested tokens need."""

    lines: Sequence[str]
    numbers: Sequence[int]
    notes: dict[str, _Note]
    skipped: Skipped
    blocks: list[Block] = field(default_factory=list)
    contents: set[int] = field(default_factory=set)
    """The blocks that are a link to a place in the same text, and nothing else."""
    quotes: int = 0
    heading: int = 0
    level: int = 1
    """The level of the last heading."""
    bullet: tuple[int, str] | None = None
    """The level of the list entry that has just begun, and the text of its number where that is no mere counter."""
    cells: list[_Line] | None = None
    used: set[str] = field(default_factory=set)
    """The addresses that the text leads to."""

    def take(self, token: Token) -> None:
        """Take the next token of the parser."""
        match token.type:
            case "heading_open":
                self.heading = self.level = int(token.tag[1])
            case "heading_close":
                self.heading = 0
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self.quotes -= 1
            case "list_item_open":
                self.bullet = self._bullet(token)
            case "tr_open":
                self.cells = []
            case "tr_close":
                self._row(token)
            case "inline":
                self._inline(token)
            case "fence":
                self._add(BlockKind.PARAGRAPH, token.content, token)
            case "html_block":
                self._html(token)

    def end(self, references: Mapping[str, Any]) -> None:
        """Add what no text leads to: notes, and lines that only look like the address of a link."""
        self._add_notes(list(self.notes))
        for reference in references.values():
            line = reference["map"][0]
            if reference["href"] not in self.used and not _IS_ADDRESS.match(reference["href"]):
                text = " ".join(self.lines[line].split())
                self.blocks.append(Block(BlockKind.PARAGRAPH, text, 0, (), self.numbers[line]))

    def _bullet(self, token: Token) -> tuple[int, str]:
        """An entry with a number is taken as one level deeper: ``1) … 2) …`` often stands in an entry with a dash."""
        indent = self._indent(token)
        if not token.info:
            return indent, ""
        return indent + 1, f"{token.info}{token.markup} " if len(token.info) > 2 else ""

    def _indent(self, token: Token) -> int:
        line = self.lines[token.map[0]] if token.map else ""
        return len(line) - len(line.lstrip())

    def _inline(self, token: Token) -> None:
        line = self._line(token.children or ())
        if self.cells is not None:
            self.cells.append(line)
            return
        if self.quotes:
            self._add(BlockKind.QUOTE, line.text, token, 0, line.labels)
        elif self.heading:
            kind = BlockKind.HEADING if len(line.text) <= _LONGEST_HEADING else BlockKind.PARAGRAPH
            self._add(kind, line.text, token, self.heading if kind is BlockKind.HEADING else 0, line.labels)
        elif self.bullet:
            level, number = self.bullet
            self._add(BlockKind.BULLET, number + line.text, token, level, line.labels)
            if line.entries:
                self.contents.add(len(self.blocks) - 1)
        else:
            for part in line.entries or (line,):
                self._add(BlockKind.PARAGRAPH, part.text, token, self._indent(token), part.labels)
                if line.entries:
                    self.contents.add(len(self.blocks) - 1)
        self._add_notes(line.notes)

    def _row(self, token: Token) -> None:
        cells, self.cells = self.cells or [], None
        labels = tuple(dict.fromkeys(label for cell in cells for label in cell.labels))
        self._add(BlockKind.PARAGRAPH, row_text(cell.text for cell in cells), token, 0, labels)
        self._add_notes([note for cell in cells for note in cell.notes])

    def _html(self, token: Token) -> None:
        """A piece of HTML, walked as a page is; a word between angle brackets is none."""
        tag = _HTML_TAG.search(token.content)
        if tag and not _is_markup(token.content[tag.start() :]):
            self._add(BlockKind.PARAGRAPH, token.content, token, self._indent(token))
            return
        from ingest.readers.page import Walker, tree_of

        tree = tree_of(token.content)
        walker = Walker(skipped=self.skipped, level=self.level)
        for block in walker.walk(tree) if tree is not None else ():
            is_quote = self.quotes and block.kind is not BlockKind.HEADING
            self._add(BlockKind.QUOTE if is_quote else block.kind, block.text, token, block.level, block.labels)

    def _add(self, kind: BlockKind, text: str, token: Token, level: int = 0, labels: tuple[Label, ...] = ()) -> None:
        line = self.numbers[token.map[0]] if token.map else (self.blocks[-1].line if self.blocks else 1)
        self.blocks.append(Block(kind, " ".join(text.split()), level, labels, line))
        self.bullet = None

    def _add_notes(self, names: Sequence[str]) -> None:
        """A note stands below the text that it belongs to."""
        after = self.blocks[-1] if self.blocks else None
        for name in names:
            note = self.notes.pop(name, None)
            if note is None:
                continue
            [inline] = _parser().parseInline(" ".join(note.parts))
            line = self._line(inline.children or ())
            kind, level = BlockKind.PARAGRAPH, 0
            if after and after.kind in (BlockKind.QUOTE, BlockKind.PARAGRAPH):
                kind, level = after.kind, after.level
            elif after and after.kind is BlockKind.BULLET:
                level = after.level + 1
            self.blocks.append(Block(kind, line.text, level, line.labels, note.line))
            self._add_notes(line.notes)

    def _line(self, tokens: Sequence[Token]) -> _Line:
        """The plain text of a line, the labels of its links, and the notes that it leads to."""
        labels: list[Label] = []
        entries: list[_Line] = []
        text = outside = ""
        start, address = 0, None
        for token in tokens:
            opens = _link_start(token)
            if opens is not None:
                start, address = len(text), opens
                self.used.add(opens)
            elif token.type == "link_close" or (token.type == "html_inline" and token.content.lower() == "</a>"):
                label = " ".join(text[start:].split())
                if label and address is not None:
                    labels.append((label, web_address(address)))
                    entries.append(_Line(label, (labels[-1],)) if len(address) > 1 and address[0] == "#" else _NO_ENTRY)
                address = None
            else:
                said = self._plain(token)
                text += said
                outside += "" if address is not None else said
        names = [name for name in _MARKER.findall(text) if name in self.notes]
        text = " ".join(_MARKER.sub(lambda match: "" if match[1] in self.notes else match[0], text).split())
        is_contents = bool(entries) and _NO_ENTRY not in entries and not outside.strip()
        return _Line(text, tuple(labels), tuple(dict.fromkeys(names)), tuple(entries) if is_contents else ())

    def _plain(self, token: Token) -> str:
        match token.type:
            case "text" | "code_inline":
                return token.content
            case "softbreak" | "hardbreak":
                return " "
            case "image":
                self.used.add(str(token.attrs.get("src", "")))
                self.skipped.add(*_IMAGE)
            case "html_inline" if _BREAK.match(token.content):
                return " "
            case "html_inline" if token.content.lower().startswith("<img"):
                self.skipped.add(*_IMAGE)
            case "html_inline" if not _is_markup(token.content):
                return token.content
        return ""


def _link_start(token: Token) -> str | None:
    """The address of the link that a token opens, or None."""
    if token.type == "link_open":
        return str(token.attrs.get("href", ""))
    if token.type == "html_inline" and token.content[:2].lower() == "<a":
        match = _HREF.search(token.content)
        return unescape(match[1] or match[2] or match[3] or "") if match else None
    return None


def _is_markup(tag: str) -> bool:
    """Whether something between angle brackets is a tag, and not a word such as ``<naam school>``."""
    name = _HTML_TAG.match(tag)
    if name is None or tag.startswith("</") or "=" in tag.partition(">")[0] or "/>" in tag:
        return True
    return name[1].lower() in _KNOWN_TAGS or "-" in name[1] or ":" in name[1]
