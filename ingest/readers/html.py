"""Web pages to blocks. A factsheet is read in full; of any other page trafilatura finds what is its content."""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin

import trafilatura
from lxml import etree

from ingest.blocks import Block, BlockKind, Label, SourceText
from ingest.files import clean
from ingest.sections import section_of, stands_alone
from kompasbot.errors import UnreadableFile

_SKIPPED: Final = frozenset(
    "script style noscript template svg canvas iframe object embed nav header footer aside form button select "
    "input textarea dialog head menu figure img video audio math".split()
)
_BLOCKS: Final = frozenset(
    "p div section article main body html h1 h2 h3 h4 h5 h6 ul ol li blockquote table tr td th thead tbody tfoot "
    "dl dt dd pre address center details summary figcaption hr fieldset hgroup".split()
)
_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog"})
_AROUND: Final = frozenset(
    "menu submenu nav navbar navigation navigatie breadcrumb breadcrumbs kruimelpad footer voettekst sidebar zijbalk "
    "cookies cookiebar cookiebanner cookiemelding skiplink skiplinks".split()
)
"""The last word, or two, of a class or id of what stands around the text of a page."""
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WEB: Final = re.compile(r"https?://\S+$", re.IGNORECASE)
_DEEPEST: Final = 200
_LONGEST_HEADING: Final = 200


def read_html(data: bytes, where: str, address: str | None = None) -> SourceText:
    """Read a page, with its title for one that is no factsheet; ``address`` makes its links whole.

    Raises :class:`UnreadableFile` when it is no page or holds no text, and :class:`MemoryError`: the parser mends
    whatever is wrong with a page, so when it fails all the same, there was no memory left. It seldom says so itself.
    """
    try:
        return _read(data, where, address)
    except etree.LxmlError as error:
        raise MemoryError from error


def _read(data: bytes, where: str, address: str | None) -> SourceText:
    is_binary = b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
    tree = None if is_binary or data.startswith(b"%PDF") else trafilatura.load_html(data)
    if tree is None and b"html" in data[:50].lower():
        raise MemoryError
    if tree is None or not isinstance(tree.tag, str):
        raise UnreadableFile(f"{where}: dit is geen webpagina.", "Sla de pagina opnieuw op als HTML (.html).")
    blocks = _Walker(address).walk(_body(tree))
    if _is_factsheet(blocks):
        return SourceText(where, tuple(blocks))
    title = _title(tree)
    blocks = _content(data, address) or blocks
    if not blocks:
        raise UnreadableFile(
            f"{where}: op deze webpagina staat geen tekst die te lezen is.",
            "Kijk of de pagina zonder scripts werkt, of lever de tekst als Markdown.",
        )
    return SourceText(where, tuple(blocks), {"titel": title} if title else {})


def _is_factsheet(blocks: list[Block]) -> bool:
    return len({section_of(block.text) for block in blocks if block.kind is not BlockKind.BULLET} - {None}) >= 2


def _content(data: bytes, address: str | None) -> list[Block]:
    """What trafilatura takes for the content of the page."""
    found = trafilatura.extract(
        data,
        url=address,
        output_format="html",
        include_links=True,
        include_formatting=True,
        include_tables=True,
        include_comments=False,
        favor_recall=True,
    )
    tree = trafilatura.load_html(found) if found else None
    return _Walker(address).walk(_body(tree)) if tree is not None else []


def _title(tree: Any) -> str:
    found = trafilatura.extract_metadata(tree)
    return " ".join(clean(str(found.title or "")).split())[:_LONGEST_HEADING] if found is not None else ""


def _body(tree: Any) -> Any:
    """The part of a page that holds its content, where it says so."""
    mains = tree.findall(".//main")
    if len(mains) == 1:
        return mains[0]
    body = tree.find(".//body")
    return body if body is not None else tree


@dataclass
class _Walker:
    """Collects blocks from a tree, with the state that nested elements need."""

    address: str | None
    blocks: list[Block] = field(default_factory=list)
    text: str = ""
    labels: list[Label] = field(default_factory=list)
    heading: int = 0
    quotes: int = 0
    lists: list[bool] = field(default_factory=list)
    """For each open list whether it is numbered."""
    bullet: bool = False
    length: int = 0
    """How many characters the tree holds."""

    def walk(self, tree: Any) -> list[Block]:
        """The blocks of a tree."""
        self.length = _length(tree)
        self._element(tree, 0)
        self._end()
        return self.blocks

    def _element(self, element: Any, depth: int) -> None:
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or depth > _DEEPEST:
            return
        if _is_hidden(element) or self._is_around(element):
            return
        if element.tag not in _BLOCKS:
            self._inline(element, depth)
            return
        self._end()
        match element.tag:
            case "ul" | "ol":
                self.lists.append(element.tag == "ol")
                self._children(element, depth)
                self._end()
                self.lists.pop()
            case "blockquote":
                self.quotes += 1
                self._children(element, depth)
                self._end()
                self.quotes -= 1
            case "tr":
                self._row(element, depth)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.heading = int(element.tag[1])
                self._children(element, depth)
                self._end()
                self.heading = 0
            case _:
                self.bullet = element.tag == "li" or self.bullet
                self._children(element, depth)
                self._end()
                self.bullet = False if element.tag == "li" else self.bullet

    def _is_around(self, element: Any) -> bool:
        """Whether an element is a menu or the like by its name, and does not hold much of the page all the same."""
        names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
        return any(map(_names_around, names)) and 3 * _length(element) < self.length

    def _inline(self, element: Any, depth: int) -> None:
        start = len(self.text)
        if element.tag == "br":
            self._break()
        self._children(element, depth)
        href = element.get("href") or element.get("target")
        if element.tag in ("a", "ref") and href is not None and len(self.text) >= start:
            label = " ".join(clean(self.text[start:]).split())
            if label:
                whole = urljoin(self.address, href) if self.address else href
                self.labels.append((label, whole if _WEB.match(whole) else None))

    def _break(self) -> None:
        """A line that stands alone, such as a heading in capitals, is a paragraph of its own."""
        if stands_alone(" ".join(self.text.split())):
            self._end()
        else:
            self.text += " "

    def _children(self, element: Any, depth: int) -> None:
        self.text += element.text or ""
        for child in element:
            self._element(child, depth + 1)
            self.text += child.tail or ""

    def _row(self, row: Any, depth: int) -> None:
        """A table's row of short cells is one paragraph; cells that hold more are read one after the other."""
        first = len(self.blocks)
        counts = []
        for cell in row:
            before = len(self.blocks)
            self._element(cell, depth + 1)
            self._end()
            counts.append(len(self.blocks) - before)
        if max(counts, default=0) <= 1 and sum(counts) > 1:
            cells = self.blocks[first:]
            labels = tuple(label for cell in cells for label in cell.labels)
            self.blocks[first:] = [
                Block(BlockKind.PARAGRAPH, " | ".join(cell.text for cell in cells), 0, labels, first + 1)
            ]

    def _end(self) -> None:
        """Close the block that is open."""
        text, labels = " ".join(clean(self.text).split()), tuple(dict.fromkeys(self.labels))
        self.text, self.labels = "", []
        if not text:
            return
        kind, level = self._kind(text)
        self.blocks.append(Block(kind, text, level, labels, len(self.blocks) + 1))
        if kind is BlockKind.BULLET:
            self.bullet = False

    def _kind(self, text: str) -> tuple[BlockKind, int]:
        depth = 2 * (len(self.lists) - 1) + (self.lists[-1] if self.lists else False)
        if self.heading and len(text) <= _LONGEST_HEADING:
            return BlockKind.HEADING, self.heading
        if self.quotes:
            return BlockKind.QUOTE, 0
        if self.lists:
            return (BlockKind.BULLET, depth) if self.bullet else (BlockKind.PARAGRAPH, depth + 1)
        return BlockKind.PARAGRAPH, 0


def _names_around(name: str) -> bool:
    """Whether a class or id says that an element is a menu, a bar about cookies, or a foot: ``hoofd-menu``."""
    parts = [part.lower() for part in _WORD.findall(name)]
    return bool(parts) and bool({parts[-1], "".join(parts[-2:])} & _AROUND or parts[0].startswith("cookie"))


def _length(element: Any) -> int:
    return sum(map(len, element.itertext()))


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") in _ROLES
        or bool(_HIDDEN.search(element.get("style") or ""))
    )
