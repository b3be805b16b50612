"""Manners towards websites: what robots.txt asks is done, one request at a time, with a pause between two."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from kompasbot.fetching.fetching import AGENT, Fetcher, Limits, TooMuch, Unreachable
from kompasbot.fetching.guard import Refused
from kompasbot.fetching.network import Clock
from kompasbot.fetching.robots import Robots

_ROBOTS_SIZE: Final = 512 * 1024
_LONGEST_PAUSE: Final = 10.0


class Unwelcome(Exception):
    """The website's robots.txt does not let us fetch an address."""


@dataclass(slots=True)
class _Site:
    """A website by its name, whatever the scheme and port; its robots.txt, or why there is none to be had, by both."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    robots: dict[str, Robots | Refused | Unreachable] = field(default_factory=dict)
    last: float = 0.0


class Manners:
    """The turns of one run. Safe to use from several threads."""

    def __init__(self, fetcher: Fetcher, limits: Limits, clock: Clock) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._clock = clock
        self._sites: dict[str, _Site] = {}
        self._adding = threading.Lock()

    @contextmanager
    def turn(self, url: str) -> Iterator[None]:
        """Wait until an address may be asked for, and keep others from its website meanwhile.

        Raises :class:`Unwelcome`, and what came of fetching robots.txt: where it is out of reach, so is all else
        (RFC 9309, section 2.3.1.4).
        """
        parts = urlsplit(url)
        with self._adding:
            site = self._sites.setdefault((parts.hostname or "").removesuffix("."), _Site())
        with site.lock:
            robots = self._robots(f"{parts.scheme}://{parts.netloc}".lower(), site)
            if not robots.allows(url):
                raise Unwelcome
            self._wait(site, robots.delay)
            yield

    def _robots(self, origin: str, site: _Site) -> Robots:
        """Read once a run."""
        if origin not in site.robots:
            try:
                self._wait(site)
                site.robots[origin] = self._fetched(origin)
            except (Refused, Unreachable) as error:
                site.robots[origin] = error
        found = site.robots[origin]
        if isinstance(found, Robots):
            return found
        raise found

    def _fetched(self, origin: str) -> Robots:
        try:
            found = self._fetcher.fetch_start(f"{origin}/robots.txt", _ROBOTS_SIZE)
        except TooMuch as error:
            raise Unreachable(f"de robots.txt van de website is niet te lezen: {error}") from error
        if found.status >= 500:
            raise Unreachable(f"de robots.txt van de website is nu niet te lezen (code {found.status})")
        return Robots.of((found.body or b"").decode("utf-8", "replace"), AGENT) if found.status == 200 else Robots()

    def _wait(self, site: _Site, asked: float = 0.0) -> None:
        pause = min(max(self._limits.pause, asked), _LONGEST_PAUSE) if site.last else 0.0
        self._clock.sleep(max(0.0, site.last + pause - self._clock.now()))
        site.last = self._clock.now()
