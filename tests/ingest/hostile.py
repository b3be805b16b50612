"""Files that mean harm, are damaged, or hold nothing: small ones for the tests, larger ones for the proof."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from docx import Document
from pypdf import PdfReader, PdfWriter

from tests.exports import assembled, pdf_of, plain_pdf

PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096
GOOD_PDF: Final = plain_pdf([[(72, 700, 10, "Gewone tekst.")]])
_BODY: Final = (
    '<?xml version="1.0"?>{doctype}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body>{body}</w:body></w:document>"
)
_PARAGRAPH: Final = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def _page(content: bytes, more: bytes = b"", resources: bytes = b"<< /Font << /F1 3 0 R >> >>") -> list[bytes]:
    """The objects of a PDF of one page; ``more`` stands in the dictionary of its content stream."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %s /Contents 5 0 R >>" % resources,
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content),
    ]


def _locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD_PDF)))
    writer.encrypt("geheim")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _looped() -> bytes:
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Length 5 >>"
    return assembled([*_page(b"/X Do", b"", b"<< /XObject << /X 6 0 R >> >>"), form + b"\nstream\n/X Do\nendstream"])


def _many_pages(number: int) -> bytes:
    return pdf_of([b""] * number)


def pdfs(size: int) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """PDFs; the bombs among them unpack to ``size`` bytes."""
    flate = b"/Filter /FlateDecode"
    yield "leeg", lambda: b""
    yield "alleen-kop", lambda: b"%PDF-1.7\n"
    yield "afgekapt", lambda: GOOD_PDF[: len(GOOD_PDF) // 3]
    yield "ruis", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40
    yield "wachtwoord", _locked
    yield "scan", lambda: assembled(_page(b"q 595 0 0 842 0 0 cm Q"))
    yield "zonder-bladzijden", lambda: assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Kids [] /Count 0 >>"])
    yield (
        "kring-van-bladzijden",
        lambda: assembled(
            [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"]
        ),
    )
    yield "kring-van-vormen", _looped
    yield "bom", lambda: assembled(_page(zlib.compress(b" " * size, 9), flate))
    yield (
        "bom-in-bom",
        lambda: assembled(
            _page(zlib.compress(zlib.compress(b" " * size, 9), 9), b"/Filter [/FlateDecode /FlateDecode]")
        ),
    )
    yield "zonder-lettertype", lambda: assembled(_page(b"BT /F9 12 Tf (tekst) Tj ET", b"", b"<< >>"))
    yield "verkeerd-filter", lambda: assembled(_page(b"geen zlib", flate))
    yield "te-veel-bladzijden", lambda: _many_pages(2001)
    yield (
        "alleen-script",
        lambda: assembled(
            [b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert) >> >>", *_page(b"")[1:]]
        ),
    )
    yield "diepe-lijst", lambda: assembled(_page(b"[" * (size // 1000) + b"]" * (size // 1000)))
    yield "zonder-catalogus", lambda: assembled([b"<< >>"])
    yield "plaatje", lambda: PNG
    yield "word", _good_docx
    yield "webpagina", lambda: b"<html><body>tekst</body></html>"


def _good_docx(*texts: str) -> bytes:
    document = Document()
    for text in texts or ("Gewone tekst.",):
        document.add_paragraph(text)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _docx_with(parts: Mapping[str, bytes | None]) -> bytes:
    """A good Word file with parts replaced, added, or (None) left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_good_docx())) as good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            if name not in parts:
                bad.writestr(name, good.read(name))
        for name, data in parts.items():
            if data is not None:
                bad.writestr(name, data)
    return target.getvalue()


def _document(body: str, doctype: str = "") -> bytes:
    return _docx_with({"word/document.xml": _BODY.format(doctype=doctype, body=body).encode()})


def _laughs() -> bytes:
    entities = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))]
    return _document(_PARAGRAPH.format("&a10;"), f"<!DOCTYPE w [{''.join(entities)}]>")


def _outside() -> bytes:
    doctype = '<!DOCTYPE w [<!ENTITY weg SYSTEM "file:///etc/passwd">]>'
    return _document(_PARAGRAPH.format("&weg;"), doctype)


def _flagged() -> bytes:
    """A zip whose first entry says that it is encrypted."""
    data = bytearray(_good_docx())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _nested_zip() -> bytes:
    inner = _good_docx()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("factsheet.docx", inner)
    return target.getvalue()


def word_files(size: int) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Word files; the bombs among them unpack to ``size`` bytes."""
    yield "leeg", lambda: b""
    yield "geen-zip", lambda: b"geen zip"
    yield "afgekapt", lambda: _good_docx()[:-200]
    yield "bom", lambda: _docx_with({"word/document.xml": b" " * size})
    yield "bom-ernaast", lambda: _docx_with({"word/media/a.bin": b"\0" * size})
    yield "veel-delen", lambda: _docx_with({f"word/media/{n}.bin": b"" for n in range(2100)})
    yield "oud-word", lambda: OLE
    yield "versleuteld", _flagged
    yield "zip-in-zip", _nested_zip
    yield "zonder-document", lambda: _docx_with({"word/document.xml": None})
    yield "zonder-soorten", lambda: _docx_with({"[Content_Types].xml": None})
    yield "kapotte-xml", lambda: _docx_with({"word/document.xml": b"<w:document"})
    yield "entiteiten", _laughs
    yield "entiteit-van-buiten", _outside
    yield "zonder-tekst", lambda: _document("<w:p/>")
    yield (
        "alleen-plaatje",
        lambda: _docx_with(
            {
                "word/media/a.png": PNG,
                "word/document.xml": _BODY.format(doctype="", body="<w:p><w:r><w:drawing/></w:r></w:p>").encode(),
            }
        ),
    )
    yield "diepe-xml", lambda: _document("<w:sdt>" * 30_000 + "</w:sdt>" * 30_000)
    yield "pdf", lambda: GOOD_PDF
    yield "plaatje", lambda: PNG


def pages(size: int) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Web pages."""
    yield "leeg", lambda: b""
    yield "alleen-labels", lambda: b"<html><body><p></p><div></div></body></html>"
    yield "alleen-script", lambda: b"<html><body><script>" + b"a=1;" * 5000 + b"</script></body></html>"
    yield "binair", lambda: bytes(range(256)) * 20
    yield "plaatje", lambda: PNG
    yield "pdf", lambda: GOOD_PDF
    yield "diep", lambda: b"<div>" * (size // 500) + b"</div>" * (size // 500)
    yield "veel-kenmerken", lambda: b"<p " + b"".join(b"a%d=b " % n for n in range(size // 500)) + b"></p>"


def texts(size: int) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Texts."""
    yield "leeg", lambda: b""
    yield "binair", lambda: PNG
    yield "latin-1", lambda: "één café".encode("latin-1")
    yield "utf-16", lambda: "tekst".encode("utf-16")
    yield (
        "yaml-bom",
        lambda: (
            b"---\na: &a [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(
                f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n".encode() for n in range(8)
            )
            + b"titel: *i\n---\ntekst\n"
        ),
    )


def heavy_texts(size: int) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Texts that are costly to read for their ``size`` in bytes; some hold words all the same."""
    yield "open-commentaar", lambda: b"<!--" * (size // 4)
    yield "open-labels", lambda: b"<div>\n" + b"<" * size
    yield "witregels", lambda: b"\n" * size + b"x"
    yield "haakjes", lambda: b"[" * size
    yield "plaatjes", lambda: b"![a" * (size // 3)
    yield "punten", lambda: b"- a\n" * (size // 4)
    yield "cellen", lambda: b"|a" * (size // 20) + b"|\n" + b"|-" * (size // 20) + b"|\n" + b"|\n" * (size // 3)
    yield "tekens-op-tekens", lambda: b"a" + "\u0301\u0327".encode() * (size // 4)
    yield "citaten", lambda: b"> " * (size // 2) + b"a"
    yield "diepe-yaml", lambda: b"---\n" + b"[" * size + b"\n---\ntekst\n"


def hostile(size: int = 2_000_000) -> dict[str, Callable[[], bytes]]:
    """All of them by file name."""
    kinds = {"pdf": pdfs, "docx": word_files, "html": pages, "md": texts}
    return {f"{name}.{ending}": make for ending, kind in kinds.items() for name, make in kind(size)}
