"""The address of a link as a text has it: whole, and without the detour that programs put before it."""

import re
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

_WEB: Final = re.compile(r"https?://[^\s/]\S*$", re.IGNORECASE)
_BREAK: Final = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_DETOURS: Final = (
    (re.compile(r"(?:www\.)?google\.\w{2,3}(?:\.\w{2})?/url"), ("q", "url")),
    (re.compile(r"[\w.-]+\.safelinks\.protection\.outlook\.com/.*"), ("url",)),
    (re.compile(r"lm?\.facebook\.com/l\.php"), ("u",)),
    (re.compile(r"(?:www\.)?linkedin\.com/(?:safety/go|redir/redirect)"), ("url",)),
    (re.compile(r"slack-redir\.net/link"), ("url",)),
)
"""Websites that a program sends every click past, and the parameter that holds the address itself."""


def web_address(href: str, base: str | None = None) -> str | None:
    """The address of a link on the web, joined to its page's where that is known; None for any other."""
    href = _BREAK.sub("", href.strip()).replace(" ", "%20")
    try:
        whole = urljoin(base, href) if base else href
        for _ in range(3):
            inner = _behind(whole)
            if inner is None:
                break
            whole = inner
    except ValueError:
        return None
    return whole if _WEB.match(whole) else None


def _behind(url: str) -> str | None:
    parts = urlsplit(url)
    place = f"{parts.netloc.lower()}{parts.path}"
    for pattern, keys in _DETOURS:
        if pattern.fullmatch(place):
            given = parse_qs(parts.query)
            return next((given[key][0] for key in keys if _WEB.match(given.get(key, [""])[0])), None)
    return None
