"""Addresses as websites and people write them, in the form in which they can be asked for."""

import re
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from kompasbot.fetching.guard import Refused

_LINE_SIGNS: Final = re.compile(r"[\t\r\n]")
_TO_QUOTE: Final = re.compile(r"[ \"<>^`{|}\u0080-\U0010ffff]")
"""What browsers quote in an address; other controls stay, and are refused."""
_FRONT: Final = re.compile(
    r"/?(?:nl|en|nl-nl|en-gb|nl_nl)?/?(?:index|home|homepage|default|start|startpagina|welkom|welcome)?(?:\.\w{3,5})?/?",
    re.IGNORECASE,
)
"""The path of a website's front page."""
_NOTHING: Final = re.compile(
    r"(?:^|[/_-])(?:404|not-?_?found|niet-?_?gevonden|page-?not-?found)(?:[./_-]|$)", re.IGNORECASE
)
"""In the path of a page that says that there is none."""
_OF_ERRORS: Final = re.compile(r"404|not-?found|niet-?gevonden|error|fout|redirect|from=|ref=|utm_", re.IGNORECASE)
_SHORTENERS: Final = frozenset(
    "aka.ms bit.ly buff.ly edu.nl goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly t.co t.ly tiny.cc tinyurl.com "
    "youtu.be".split()
)
"""Websites whose every address leads elsewhere, to a front page as well as to any other."""


def quoted(url: str) -> str:
    """An address as browsers ask for it: without line breaks, its spaces and letters beyond ASCII as ``%20``."""
    plain = _LINE_SIGNS.sub("", url).strip()
    begin = re.match(r"(?:\w+:)?(?://[^/?#]*)?", plain)
    at = begin.end() if begin else 0
    return plain[:at] + _TO_QUOTE.sub(lambda sign: quote(sign[0]), plain[at:])


def joined(base: str, target: str) -> str:
    """Where a redirect leads to; raises :class:`Refused` for what is no address."""
    place, mark, rest = _LINE_SIGNS.sub("", target).strip().partition("?")
    try:
        return quoted(urljoin(base, place.replace("\\", "/") + mark + rest))
    except ValueError as error:
        raise Refused("het adres klopt niet") from error


def page_of(url: str) -> str:
    """The address of the page that an address names a place of: without its ``#fragment``."""
    return url.partition("#")[0]


def leads_to_nothing(asked: str, answered: str) -> bool:
    """Whether the address of a page led to one for pages that are not there, by its own address."""
    return bool(_NOTHING.search(urlsplit(answered).path)) and not _NOTHING.search(urlsplit(asked).path)


def leads_to_the_front(asked: str, answered: str) -> bool:
    """Whether the address of a page led to the front page of a website, as many do with pages that are gone."""
    before, after = urlsplit(asked), urlsplit(answered)
    if not _FRONT.fullmatch(after.path) or (after.query and not _OF_ERRORS.search(after.query)):
        return False
    if _FRONT.fullmatch(before.path) and not before.query:
        return False
    if _domain(before.hostname) == _domain(after.hostname):
        return True
    return before.path.strip("/").count("/") > 0 and _domain(before.hostname) not in _SHORTENERS


def _domain(host: str | None) -> str:
    return ".".join((host or "").rstrip(".").split(".")[-2:])
