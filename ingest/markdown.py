"""Markdown and plain text to blocks, also when an export has bent the rules of Markdown.

markdown-it does the parsing. Three habits of exports are dealt with around it: the nesting of a list follows from the
indent in the source (one space is enough), bullets may be typographic signs, and a heading in capitals or with the name
of a section stands alone without blank lines around it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import Block, BlockKind, Label, SourceText
from ingest.sections import BULLET_SIGNS, section_of, stands_alone
from ingest.yamlfiles import parse_yaml

_FRONT: Final = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_PLAIN_VALUE: Final = re.compile(r"^(\w+): +(\w.*: .*)$", re.MULTILINE)
"""A value of front matter with a colon in it, which YAML wants between quotes and people write without."""
_BULLET_SIGN: Final = re.compile(rf"^(\s*)[{BULLET_SIGNS}–](?:\s+|(?=\w))")
_NUMBER: Final = re.compile(r"^\s*\d+[.)]\s+")
_LIST_OR_MARKUP: Final = re.compile(r"\s*(?:[-*+>#|]|\d+[.)])\s*")
_LINE_END: Final = re.compile(r"\r\n?")
_TAG: Final = re.compile(r"<[^<>]*>")
_WEB: Final = re.compile(r"https?://\S+$", re.IGNORECASE)
_LONGEST_HEADING: Final = 200


def read_markdown(text: str, where: str) -> SourceText:
    """Read a cleaned text; raises :class:`~kompasbot.errors.UnreadableFile` when its front matter is broken."""
    meta, body, first_line = _split_front_matter(text, where)
    return SourceText(where, tuple(markdown_blocks(body, first_line)), meta)


def _split_front_matter(text: str, where: str) -> tuple[dict[str, object], str, int]:
    """The front matter, the rest, and the line on which the rest begins."""
    match = _FRONT.match(text)
    if not match:
        return {}, text, 1
    value = parse_yaml(_PLAIN_VALUE.sub(_quoted, match[1] or ""), where, first_line=2)
    if value is not None and not isinstance(value, dict):
        return {}, text, 1
    meta = {str(key): content for key, content in (value or {}).items()}
    return meta, text[match.end() :], text.count("\n", 0, match.end()) + 1


def _quoted(match: re.Match[str]) -> str:
    return f"{match[1]}: {json.dumps(match[2].rstrip(), ensure_ascii=False)}"


class _Markdown(MarkdownIt):
    """Takes every link for one, so that its label is found; :data:`_WEB` decides which addresses count."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002
        return True


@cache
def _parser() -> MarkdownIt:
    return _Markdown("commonmark").enable("table").disable(["code", "reference"])


def markdown_blocks(body: str, first_line: int = 1) -> list[Block]:
    """The blocks of a text without front matter; ``first_line`` is the number of its first line in the file."""
    lines, numbers = _prepared(body, first_line)
    reader = _BlockReader(lines, numbers)
    for token in _parser().parse("\n".join(lines)):
        reader.take(token)
    return [block for block in reader.blocks if block.text]


def _prepared(body: str, first_line: int) -> tuple[list[str], list[int]]:
    """The lines with usual bullets and free-standing headings, and the number of each in the file.

    Of blank lines in a row one is kept: they say no more, and cost as much as lines with text.
    """
    lines: list[str] = []
    numbers: list[int] = []
    for number, source in enumerate(_LINE_END.sub("\n", body).expandtabs(4).split("\n"), first_line):
        if lines and not lines[-1] and not source.strip():
            continue
        line = _NUMBER.sub("", source) if section_of(source) else _BULLET_SIGN.sub(r"\1- ", source)
        alone = not _LIST_OR_MARKUP.match(line.lstrip("*_")) and stands_alone(line)
        for part in ("", line.strip(), "") if alone else (line,):
            lines.append(part)
            numbers.append(number)
    return lines, numbers


@dataclass
class _BlockReader:
    """Collects blocks from markdown-it's tokens, with the state that nested tokens need."""

    lines: Sequence[str]
    numbers: Sequence[int]
    blocks: list[Block] = field(default_factory=list)
    quotes: int = 0
    heading: int = 0
    bullet: tuple[int, str] | None = None
    """The level of the list entry that has just begun, and the text of its number where that is no mere counter."""
    cells: list[str] | None = None

    def take(self, token: Token) -> None:
        """Take the next token of the parser."""
        match token.type:
            case "heading_open":
                self.heading = int(token.tag[1])
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
                self._add(BlockKind.PARAGRAPH, " | ".join(filter(None, self.cells or ())), token)
                self.cells = None
            case "inline":
                self._inline(token)
            case "fence":
                self._add(BlockKind.PARAGRAPH, token.content, token)
            case "html_block":
                self._add(BlockKind.PARAGRAPH, _without_tags(token.content), token)

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
        text, labels = _inline_text(token.children or ())
        if self.cells is not None:
            self.cells.append(text)
        elif self.quotes:
            self._add(BlockKind.QUOTE, text, token, 0, labels)
        elif self.heading:
            kind = BlockKind.HEADING if len(text) <= _LONGEST_HEADING else BlockKind.PARAGRAPH
            self._add(kind, text, token, self.heading if kind is BlockKind.HEADING else 0, labels)
        elif self.bullet:
            level, number = self.bullet
            self._add(BlockKind.BULLET, number + text, token, level, labels)
        else:
            self._add(BlockKind.PARAGRAPH, text, token, self._indent(token), labels)

    def _add(self, kind: BlockKind, text: str, token: Token, level: int = 0, labels: tuple[Label, ...] = ()) -> None:
        line = self.numbers[token.map[0]] if token.map else (self.blocks[-1].line if self.blocks else 1)
        self.blocks.append(Block(kind, " ".join(text.split()), level, labels, line))
        self.bullet = None


def _without_tags(html: str) -> str:
    """The text of a piece of HTML, in a time that follows its length, however many comments and tags stay open."""
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        kept.append(html[at:start])
        at = end + 3
    return _TAG.sub(" ", " ".join([*kept, html[at:]]))


def _inline_text(tokens: Sequence[Token]) -> tuple[str, tuple[Label, ...]]:
    """The plain text of a line, and the labels of its links."""
    labels: list[Label] = []
    text = ""
    start, address = 0, ""
    for token in tokens:
        if token.type == "link_open":
            start, address = len(text), str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            labels.extend(_label(text[start:], address))
        else:
            text += _plain(token)
    return text, tuple(labels)


def _label(text: str, address: str) -> Iterator[Label]:
    label = " ".join(text.split())
    if label:
        yield label, address if _WEB.match(address) else None


def _plain(token: Token) -> str:
    match token.type:
        case "text" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return " "
        case "html_inline" if token.content.lower().startswith("<br"):
            return " "
        case _:
            return ""
