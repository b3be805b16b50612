"""The title of a PDF: what the file says of itself, or what stands largest on its first page."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from lxml import etree
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.utils import decode_text

from ingest.files import clean
from ingest.readers.pages import DAMAGED
from ingest.sections import is_usual_heading
from kompasbot.dutch import fold

_LONGEST: Final = 200
_LARGER: Final = 1.12
_PROGRAM: Final = re.compile(r"^(?:microsoft (?:word|powerpoint|excel)|powerpoint|word)\s*-\s*", re.IGNORECASE)
_FILE: Final = re.compile(
    r"\.(?:docx?|pptx?|xlsx?|pdf|indd|odt|rtf|html?|tex|dvi|qxd|pub|pages|md|txt|tmp)$", re.IGNORECASE
)
_NONE: Final = re.compile(
    r"(?:(?:untitled|naamloos|naamloze|titelloze)(?: \w+)?|(?:\w+ )?(?:zonder|geen) titel|titel|title|no title"
    r"|(?:new |nieuw |word[- ])?document|doc|map|book|blad|sheet|presentatie|presentation"
    r"|(?:microsoft )?powerpoint[- ](?:presentatie|presentation)|dia|slide|sjabloon|template|layout"
    r"|kopie van.*|copy of.*|anonymous|about:blank|print|afdruk|scan.*|img.*|export|microsoft word.*|concept"
    r"|draft|test)[\s\d._()-]*",
    re.IGNORECASE,
)
_FEWEST_WORDS: Final = 2
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Opening:
    """A block of the first page; ``size`` in points, ``y`` its first line, ``last`` its last one."""

    text: str
    size: float
    bold: bool
    y: float
    last: float


def title_of(document: PDFDocument, page: Sequence[Opening], body: float) -> str:
    """The title; empty when the file has none that says what it is about."""
    named = ""
    with suppress(*DAMAGED, etree.LxmlError):  # what describes the file may be broken where its text is not
        named = _named(document)
    shown = _shown(page, body)
    if not named or not shown:
        return named or shown
    words, others = _words(named), _words(shown)
    if words & others:
        return shown if len(words) < _FEWEST_WORDS <= len(others) or named.endswith(("...", "…")) else named
    on_page = _words(" ".join(one.text for one in page))
    stale = len(words & on_page) < _HALF * len(words) and len(others) >= _FEWEST_WORDS
    return shown if stale else named


def _named(document: PDFDocument) -> str:
    """The title that the file says it has, when that is one for people."""
    given = [_decoded(info.get("Title")) for info in document.info if isinstance(info, dict)]
    for title in (*given, _of_metadata(document.catalog)):
        bare = " ".join(clean(_PROGRAM.sub("", title.strip())).split())
        if _FILE.search(bare):
            continue
        is_name = " " not in bare and bool(re.search(r"[_\d/\\]", bare))
        letters = sum(map(str.isalpha, bare))
        if not is_name and _may_be_title(bare) and letters >= len(bare) // 2:
            return bare
    return ""


def _decoded(value: Any) -> str:
    resolved = resolve1(value)
    return decode_text(resolved) if isinstance(resolved, bytes) else ""


def _of_metadata(catalog: Mapping[str, Any]) -> str:
    """The title in the XML that describes the file."""
    stream = resolve1(catalog.get("Metadata"))
    if not isinstance(stream, PDFStream):
        return ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(stream.get_data(), parser)
    titles = root.iterfind(".//{http://purl.org/dc/elements/1.1/}title") if root is not None else ()
    return next((text for one in titles if (text := "".join(one.itertext()).strip())), "")


def _shown(page: Sequence[Opening], body: float) -> str:
    """The largest block of the first page, with what goes on in the same size; or else a bold one at its head."""
    fit = [at for at, one in enumerate(page) if _may_be_title(one.text)]
    large = [at for at in fit if page[at].size > _LARGER * body]
    if not large:
        first = next(iter(page), None)
        return first.text if first and first.bold and _may_be_title(first.text) else ""
    most = max(page[at].size for at in large)
    largest = [at for at, one in enumerate(page) if one.size >= 0.97 * most]
    begin = next(at for at in large if at in largest)
    several = any(after - before > 1 for before, after in pairwise(largest))
    if several and large[0] < largest[0]:  # the largest are headings of parts, below a smaller title
        begin = large[0]
    title = page[begin].text
    for before, after in zip(page[begin:], page[begin + 1 :], strict=False):
        near = 0 < before.last - after.y < 2 * before.size and abs(after.size - before.size) < 0.05 * before.size
        if not near or not _may_be_title(after.text) or len(title) + len(after.text) > _LONGEST:
            break
        title = f"{title} {after.text}"
    return title


def _may_be_title(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return 3 <= letters and len(text) <= _LONGEST and not (is_usual_heading(text) or _NONE.fullmatch(text))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", fold(text)) if len(word) > 2}
