"""Makes of a Markdown export what a publisher would send: a web page, a Word file or a PDF, with links that lead on."""

import io
import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from markdown_it import MarkdownIt

from ingest.blocks import BlockKind
from ingest.markdown import read_markdown
from ingest.sections import section_of

LAYOUTS: Final = {
    "gewoon": "",
    "kolommen": "body { columns: 2; column-gap: 2em; font-size: 11px }",
    "drie kolommen": "body { columns: 3; column-gap: 1.5em; font-size: 11px }",
    "smal": "body { width: 9cm; text-align: justify }",
    "ruim": "body { font-family: serif; font-size: 10pt } li { margin-bottom: 8pt }",
}
"""How a PDF may look; the text is the same in each."""


def with_addresses(markdown: str) -> str:
    """The export with an address in each of its links; the originals have lost theirs."""
    number = itertools.count(1)
    return re.sub(r"\]\(#\)", lambda _: f"](https://plek{next(number)}.example/pad?x=1)", markdown)


WORD: Final = tuple(itertools.product(("capitals", "bold", "style"), ("style", "typed")))
"""How headings and bullets may be made in Word."""
WIDE: Final = ("kolommen", "drie kolommen")
"""The layouts that are printed on larger paper."""
_BEFORE: Final = (
    '<div id="cookie-bar">Wij gebruiken cookies. <button>Akkoord</button> <a href="/cookies">Lees meer</a></div>'
    '<a class="skip-link" href="#inhoud">Direct naar de inhoud</a>'
    '<nav><ul><li><a href="/">Home</a></li><li>Nieuws</li></ul></nav>'
    '<div class="menu">Home Nieuws Contact</div><ul class="site-menu"><li>Thema\'s</li><li>Agenda</li></ul>'
    '<ol class="breadcrumb"><li>Home</li><li>Factsheets</li></ol>'
)
_AFTER: Final = (
    '<div class="subMenu">Vorige Volgende</div><ul id="footer-menu"><li>Privacy</li><li>Colofon</li></ul>'
    '<div class="site-footer">Postbus 1, Utrecht. <p>Volg ons.</p></div><footer>Alle rechten voorbehouden.</footer>'
)


def as_page(markdown: str) -> str:
    """A web page of the export as a website has it: with menus, a bar about cookies and a foot around the text."""
    page = as_html(markdown)
    begin, end = page.index("<body>") + len("<body>"), page.index("</body>")
    return f"{page[:begin]}{_BEFORE}<div class='page has-menu'>{page[begin:end]}</div>{_AFTER}{page[end:]}"


def as_html(markdown: str, style: str = "") -> str:
    """A web page of the export, with nothing around the text."""
    nested = re.sub(r"^ - ", "    - ", markdown, flags=re.MULTILINE)
    body = MarkdownIt().render(nested)
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Export</title><style>{style}</style></head>'
        f"<body>{body}</body></html>"
    )


def as_docx(markdown: str, headings: str = "capitals", bullets: str = "style") -> bytes:
    """A Word file of the export, with links as hyperlinks.

    ``headings`` (of the sections) are lines in ``capitals``, in ``bold`` or of a ``style``; ``bullets`` are a ``style``
    too, or ``typed``: a sign and a tab.
    """
    document = Document()
    for block in read_markdown(markdown, "export").blocks:
        deep = block.level > 0
        paragraph, text = document.add_paragraph(), block.text
        if block.kind is BlockKind.BULLET and bullets == "style":
            paragraph.style = document.styles["List Bullet 2" if deep else "List Bullet"]
        elif block.kind is BlockKind.BULLET:
            paragraph.paragraph_format.left_indent = Cm(1.3 if deep else 0.6)
            paragraph.add_run("o\t" if deep else "•\t")
        elif section_of(text) and headings != "capitals":
            text = text.capitalize()
            if headings == "style":
                paragraph.style = document.styles["Heading 1"]
        _fill(paragraph, text, block.labels)
        for run in paragraph.runs if section_of(text) and headings == "bold" else ():
            run.bold = True
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _fill(paragraph: Any, text: str, labels: Sequence[tuple[str, str | None]]) -> None:
    """The text in runs, with the words of each link as a hyperlink."""
    at = 0
    for label, url in labels:
        start = text.index(label, at)
        paragraph.add_run(text[at:start])
        relation = paragraph.part.relate_to(url or "#", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        run = paragraph.add_run(label)
        link.append(run._r)
        paragraph._p.append(link)
        at = start + len(label)
    paragraph.add_run(text[at:])


def print_pdf(page: Any, html: str, target: Path, paper: str = "A5") -> None:
    """Print a page to PDF in a browser, with a running header and page numbers."""
    small = "style='font-size: 9px'"
    page.set_content(html)
    page.pdf(
        path=str(target),
        format=paper,
        display_header_footer=True,
        header_template=f"<span {small}>Interventiekompas technologieonderwijs</span>",
        footer_template=f"<b {small}>Pagina <span class=pageNumber></span> van <span class=totalPages></span></b>",
        margin={"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"},
    )


def plain_pdf(pages: Sequence[Sequence[tuple[float, float, float, str]]], fonts: str = "Helvetica") -> bytes:
    """A PDF with lines at their places: for each page the left side, the height, the size and the text."""
    contents = []
    for lines in pages:
        shown = [b"BT /F1 %g Tf %g %g Td (%s) Tj ET" % (size, left, y, _escaped(text)) for left, y, size, text in lines]
        contents.append(b"\n".join(shown))
    return pdf_of(contents, fonts)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def pdf_of(contents: Sequence[bytes], font: str = "Helvetica", page_extra: bytes = b"") -> bytes:
    """A PDF of these content streams, one a page."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % font.encode(),
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R %s >>" % (5 + 2 * number, page_extra)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return assembled(objects)


def assembled(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects, with its table of places."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            trailer,
            len(data),
        )
    )
