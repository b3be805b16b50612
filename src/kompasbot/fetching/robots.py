"""What a website's robots.txt says to us, by RFC 9309: groups, the longest rule that matches, ``*`` and ``$``.

Python's own parser takes the first rule that matches, ends a group at an empty line, and reads no ``*``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

_TOKEN: Final = re.compile(r"[a-z_-]+|\*")
_DELAY: Final = re.compile(r"\d{1,6}(?:\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one program, a pattern of paths with whether it allows them, and the seconds between two
    requests. Without rules all is allowed."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    @classmethod
    def of(cls, text: str, agent: str) -> "Robots":
        """The groups that name ``agent`` taken together, else those for all programs."""
        groups = list(_groups(text))
        own = [one for one in groups if agent in one.agents] or [one for one in groups if "*" in one.agents]
        return cls(tuple(rule for one in own for rule in one.rules), max((one.delay for one in own), default=0.0))

    def allows(self, url: str) -> bool:
        """Whether an address may be fetched: the longest rule that matches says so; of equal ones, that allows."""
        parts = urlsplit(url)
        path = unquote(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/")
        found = [(len(pattern), allowed) for pattern, allowed in self.rules if _matches(pattern, path)]
        return max(found, default=(0, True))[1]


@dataclass(slots=True)
class _Group:
    agents: set[str] = field(default_factory=set)
    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay: float = 0.0
    is_open: bool = True
    """Whether a further ``User-agent`` joins it, since no rule has followed yet."""


def _groups(text: str) -> Iterator[_Group]:
    group = _Group()
    for line in text.removeprefix("\ufeff").splitlines():
        key, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        match key.lower():
            case "user-agent":
                if not group.is_open:
                    yield group
                    group = _Group()
                token = _TOKEN.match(value.lower())
                group.agents.add(token[0] if token else "")
            case "allow" | "disallow":
                group.is_open = False
                if value:
                    group.rules.append((unquote(value), key.lower() == "allow"))
            case "crawl-delay":
                group.is_open = False
                group.delay = float(value) if _DELAY.fullmatch(value) else 0.0
    yield group


def _matches(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says; searched part by part, so that no pattern takes long."""
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = others.pop() if others and pattern.endswith("$") else None
    for part in others:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if not pattern.endswith("$"):
        return True
    return at == len(path) if last is None else path.endswith(last) and len(path) - len(last) >= at
