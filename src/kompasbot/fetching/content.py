"""What a body is: by what it begins with, then by what it is declared as, then by its name; and its text in UTF-8."""

import codecs
import html
import re
from collections.abc import Mapping
from email.message import Message
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

KIND_OF: Final = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/markdown": "md",
    "text/x-markdown": "md",
    "text/plain": "txt",
}
"""Which media types are read, and as what."""
TEXTS: Final = frozenset({"html", "md", "txt"})
"""The kinds that are text, in some encoding."""
ENOUGH: Final = 1024
"""Bytes from which on the start of a body says of what kind it is."""
_BY_NAME: Final = {
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".md": "md",
    ".markdown": "md",
    ".txt": "txt",
}
_ANY: Final = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/force-download", "application/x-download"}
    | {"application/download", "application/unknown", "unknown/unknown", "content/unknown", "*/*"}
)
"""Media types that say no more than that there is something."""
_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)[\s>]", re.I | re.S
)
_WORD_PART: Final = re.compile(rb"word/document\d*\.xml")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding=[\"']([\w.-]+)", re.I
)
_HEAD: Final = 8 * 1024
"""Bytes of a page in which it says what it is and where it leads to."""
_IGNORED: Final = re.compile(r"<!--.*?-->|<(noscript|script|style|template)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_META: Final = re.compile(r"<meta\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_REFRESH: Final = re.compile(r"\s*(\d+)(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=)?\s*(.*)", re.IGNORECASE | re.DOTALL)
_SCRIPTED: Final = re.compile(
    r"""\blocation(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*(["'])([^"'<>\s]{1,2000})\1\s*\)?\s*(?:[;<}\n]|$)"""
)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
_FEW_WORDS: Final = 60
"""Words up to which a page whose script leads elsewhere says nothing of its own."""
_LONGEST_WAIT: Final = 15
"""Seconds after which a page that leads on is read as a page of its own."""


def kind_of(start: bytes, headers: Mapping[str, str], url: str, whole: bool = False) -> str | None:
    """Of what kind a body is that begins so, or None for one that is not read. An archive may be a Word file until
    the ``whole`` of it is there."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    declared = KIND_OF.get(media)
    if b"%PDF-" in start[:ENOUGH]:
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return "docx" if declared == "docx" or not whole or _WORD_PART.search(start) else None
    if _PAGE.match(start[:ENOUGH]) and (declared or media in _ANY):
        return "md" if declared == "md" else "html"
    named = _BY_NAME.get(PurePosixPath(_name(headers, url)).suffix.lower())
    if declared == "txt" and named == "md":
        return named
    if declared is None and media in _ANY and named in TEXTS and b"\0" not in start:
        return named
    return declared


def _name(headers: Mapping[str, str], url: str) -> str:
    """The name under which a body is offered, else the last part of its address."""
    message = Message()
    message["content-disposition"] = headers.get("content-disposition", "")
    return message.get_filename() or unquote(urlsplit(url).path.rpartition("/")[2])


def charset_of(headers: Mapping[str, str]) -> str | None:
    """The encoding that the header declares, if any."""
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    return message.get_content_charset()


def as_utf8(body: bytes, charset: str | None, kind: str) -> bytes:
    """A text in UTF-8: as it is when it is that already, or when nothing says what else it is."""
    codec = _codec(charset)
    is_wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (codec or "").startswith("utf-16")
    if b"\0" in body and not is_wide:
        return body
    if codec is None and kind == "html":
        return body  # the reader of pages knows what a page says of itself
    text = decoded(body, charset)
    return body if body.startswith(codecs.BOM_UTF8) or text.encode() == body else codecs.BOM_UTF8 + text.encode()


def decoded(body: bytes, charset: str | None = None) -> str:
    """The text of a body: by its byte order mark; as UTF-8 where it is that; else in the encoding that is declared, in
    the header or in the page; else in that of Western Windows, which covers Latin 1."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = _codec(charset) or _codec(_declared(body))
    if declared and declared.startswith("utf-16") and b"\0" in body:
        return body.decode(declared, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode(declared if declared and not declared.startswith("utf-") else _likely(body), "replace")


def _declared(body: bytes) -> str | None:
    match = _META_CHARSET.search(body[:_HEAD])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def _codec(name: str | None) -> str | None:
    """The codec for a declared name, or None for one that is not known. Latin 1 and ASCII are read as their Windows
    counterpart, as browsers do."""
    try:
        found = codecs.lookup(name or "").name
        b"".decode(found)
    except (LookupError, ValueError):
        return None
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}.get(found, found)


def _likely(body: bytes) -> str:
    """UTF-8 for a text in which it only broke here and there."""
    text = body.decode("utf-8", "replace")
    return "utf-8" if text.count("\ufffd") * 10 < sum(char > "\x7f" for char in text) else "cp1252"


def refreshes_to(body: bytes, headers: Mapping[str, str]) -> str | None:
    """Where a page leads on to by itself, by its header, ``<meta http-equiv="refresh">``, or a script when it holds
    little else; None for a page that stays."""
    whole = decoded(body[:_HEAD])
    page = _IGNORED.sub(" ", whole)
    target = _refresh(headers.get("refresh", ""))
    if target is None and len(body) < _HEAD and len(_TAG.sub("", page).split()) <= _FEW_WORDS:
        match = _SCRIPTED.search(_COMMENT.sub(" ", whole))
        target = match[2] if match else None
    for meta in _META.finditer(page):
        given = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(meta[1])}
        if given.get("http-equiv", "").strip().lower() == "refresh":
            target = _refresh(html.unescape(given.get("content", ""))) or target
    return target


def _refresh(content: str) -> str | None:
    match = _REFRESH.match(content)
    target = match[2].strip().strip("'\"").strip() if match else ""
    return target if match and target and int(match[1]) <= _LONGEST_WAIT else None
