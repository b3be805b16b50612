"""Builds HTML from data: a text is always text, never markup."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final, TypeAlias
from urllib.parse import urlsplit

_SCHEMES: Final = frozenset(("http", "https"))
_VOID: Final = frozenset(("input", "link", "meta", "img"))


class Html(str):
    """Text that is markup already; only :func:`tag` and :func:`join` make it."""

    __slots__ = ()


Part: TypeAlias = "str | Html | Sequence[Part] | None"


def tag(name: str, /, *parts: Part, **attributes: str | bool | None) -> Html:
    """An element; ``class_`` and ``for_`` lose their underscore, other underscores become dashes; None leaves out."""
    shown = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{shown}>" if name in _VOID else f"<{name}{shown}>{join(*parts)}</{name}>")


def join(*parts: Part) -> Html:
    """Parts in a row: markup as it is, everything else escaped."""
    return Html("".join(_one(part) for part in parts))


def _one(part: Part) -> str:
    if part is None:
        return ""
    if isinstance(part, str):
        return part if isinstance(part, Html) else escape(part)
    return join(*part)


def safe_url(url: str | None) -> str | None:
    """An address that may be linked to; None for any other."""
    if not url or re.search(r"[\x00-\x20]", url):
        return None
    parts = urlsplit(url)
    return url if parts.scheme.lower() in _SCHEMES and parts.netloc else None
