"""Web pages to blocks: walked by our own rules; where these find nothing, what trafilatura takes for its content."""

from typing import Any, Final

import trafilatura
from lxml import etree

from ingest.blocks import Block, BlockKind, SourceText
from ingest.files import clean
from ingest.hrefs import web_address
from ingest.readers.missing import missing
from ingest.readers.page import Walker, plain_texts, tree_of
from ingest.readers.skipped import Skipped
from ingest.sections import section_of
from kompasbot.errors import UnreadableFile
from kompasbot.fetching.content import decoded

_LONGEST_TITLE: Final = 200
_OUTSIDE: Final = ("blok buiten het hoofddeel van de pagina", "blokken buiten het hoofddeel van de pagina")


def read_html(data: bytes, where: str, address: str | None = None) -> SourceText:
    """The blocks of a page, and its title for a page that is no factsheet; ``address`` makes its links whole.

    Raises :class:`UnreadableFile` when it is no page or holds no text, and :class:`MemoryError`: the parser mends
    whatever is wrong with a page, so when it fails all the same, there was no memory left. It seldom says so itself.
    """
    try:
        return _read(data, where, address)
    except etree.LxmlError as error:
        raise MemoryError from error


def _read(data: bytes, where: str, address: str | None) -> SourceText:
    is_binary = b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
    tree = None if is_binary or data.startswith(b"%PDF") else tree_of(decoded(data))
    if tree is None and b"html" in data[:50].lower():
        raise MemoryError
    if tree is None:
        raise UnreadableFile(f"{where}: dit is geen webpagina.", "Sla de pagina opnieuw op als HTML (.html).")
    body, skipped = _body(tree), Skipped()
    base = tree.find(".//base[@href]")
    address = web_address(base.get("href"), address) or address if base is not None else address
    plain = list(plain_texts(body))
    blocks = Walker(address, skipped).walk(body)
    skipped.add(*_OUTSIDE, _outside(tree, body))
    is_factsheet = _is_factsheet(blocks)
    title = "" if is_factsheet else _title(tree)
    if not is_factsheet and all(block.kind is BlockKind.HEADING for block in blocks):
        blocks = _content(tree, address, skipped) or blocks
    if not blocks:
        raise UnreadableFile(
            f"{where}: op deze webpagina staat geen tekst die te lezen is.",
            "Kijk of de pagina zonder scripts werkt, of lever de tekst als Markdown.",
        )
    lost = missing(where, (block.text for block in blocks), skipped.left, plain)
    findings = (*skipped.findings(where), *lost)
    return SourceText(where, tuple(blocks), {"titel": title} if title else {}, findings)


def _is_factsheet(blocks: list[Block]) -> bool:
    return len({section_of(block.text) for block in blocks if block.kind is not BlockKind.BULLET} - {None}) >= 2


def _content(tree: Any, address: str | None, skipped: Skipped) -> list[Block]:
    """What trafilatura takes for the content of the page."""
    found = trafilatura.extract(
        tree,
        url=address,
        output_format="html",
        include_links=True,
        include_formatting=True,
        include_tables=True,
        include_comments=False,
        favor_recall=True,
    )
    content = tree_of(found) if found else None
    return Walker(address, skipped).walk(_body(content)) if content is not None else []


def _title(tree: Any) -> str:
    found = trafilatura.extract_metadata(tree)
    return " ".join(clean(str(found.title or "")).split())[:_LONGEST_TITLE] if found is not None else ""


def _outside(tree: Any, content: Any) -> int:
    """How many blocks of a page stand outside the part with its content, but for menus and the like."""
    whole = tree.find(".//body")
    if whole is None or content is whole or content not in whole.iterdescendants():
        return 0
    return len(Walker(passed_over=content).walk(whole))


def _body(tree: Any) -> Any:
    """The part of a page that holds its content, where it says so."""
    for path in (".//main", ".//*[@role='main']"):
        mains = tree.findall(path)
        if len(mains) == 1:
            return mains[0]
    body = tree.find(".//body")
    return body if body is not None else tree
