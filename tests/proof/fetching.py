"""What links lead to is refused, in time: ``python -m tests.proof.fetching``."""

import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ingest.linked import read_copy
from kompasbot.fetching.checking import Checker
from kompasbot.fetching.fetching import MOST_REDIRECTS, Limits
from kompasbot.fetching.guard import Guard, Refused
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health
from tests.bench import megabytes
from tests.fetching.test_guard import FORMS, OWN, is_absolute, nowhere
from tests.fetching.website import PAGE, Behaviour, Website, bomb, drip, drip_headers, endless, website
from tests.proof.book import Figure, run

TITLE: Final = "Fetching: addresses and bodies that are refused"
_LIMITS: Final = Limits(seconds=5, size=5 << 20, pause=0)
_SLACK: Final = 5.0
"""Seconds that a busy machine may add to the limit on time."""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name, website() as site:
        before = megabytes(os.getpid())
        figures = [_forms(), _names(), _redirects(site, Path(name)), *_bodies(site, Path(name))]
        grown = megabytes(os.getpid()) - before
    return [*figures, Figure("growth of memory over all of these", "≤ 100 MB", f"{grown:.0f} MB", grown <= 100)]


def _is_refused(judge: Callable[[], object]) -> bool:
    try:
        judge()
    except Refused:
        return True
    return False


def _forms() -> Figure:
    """Addresses whose form says enough: nothing is looked up."""
    times = []
    passed = []
    for form in FORMS:
        began = time.perf_counter()
        if not _is_refused(lambda form=form: Guard(nowhere).check_url(form)):  # type: ignore[misc]
            passed.append(form)
        times.append((time.perf_counter() - began) * 1e3)
    found = f"{len(FORMS) - len(passed)} of {len(FORMS)}, each within {max(times):.1f} ms"
    return Figure("forms of forbidden addresses refused, nothing looked up", "all of ≥ 100", found, not passed)


def _names() -> Figure:
    """Names that lead into the own network."""
    refused = [
        one
        for one in OWN
        if _is_refused(lambda one=one: Guard(lambda _h, _p: [one]).addresses("goed.example", 443))  # type: ignore[misc]
    ]
    found = f"{len(refused)} of {len(OWN)}"
    return Figure("names with such an address refused", "all", found, len(refused) == len(OWN))


def _redirects(site: Website, folder: Path) -> Figure:
    """Redirects to them, from a page that may be read."""
    urls = [site.redirect(f"/naar/{number}", form) for number, form in enumerate(FORMS) if is_absolute(form)]
    began = time.perf_counter()
    records = Checker(Shelf(folder), read_copy, site.guard(), _LIMITS).check(urls)
    seconds = time.perf_counter() - began
    blocked = sum(one.health is Health.BLOCKED for one in records.values())
    found = f"{blocked} of {len(urls)}, nothing asked of them, {seconds / len(urls) * 1e3:.0f} ms each"
    return Figure("redirects to them refused", "all", found, blocked == len(urls) == len(site.paths()))


def _bodies(site: Website, folder: Path) -> list[Figure]:
    """Answers that are slow, endless, packed or of a wrong kind: none is kept."""
    html = "text/html"
    cases: dict[str, Behaviour] = {
        "a body a byte at a time": drip,
        "headers a byte at a time": drip_headers,
        "a body without an end": endless,
        "50 MB packed small": bomb,
        "an announced length of 9 GB": lambda one: one.reply(200, b"x", content_type=html, content_length=str(9 << 30)),
        "packed twice": lambda one: one.reply(200, PAGE, content_type=html, content_encoding="gzip, gzip"),
        "packed with br": lambda one: one.reply(200, PAGE, content_type=html, content_encoding="br"),
        "packed and broken off": lambda one: one.reply(
            200, gzip.compress(PAGE)[:-9], content_type=html, content_encoding="gzip"
        ),
        "a picture": lambda one: one.reply(200, b"x", content_type="image/png"),
        "no kind": lambda one: one.reply(200, b"x"),
        "redirects in a circle": lambda one: one.reply(302, location=one.path),
    }
    return [_body(site, folder / str(number), name, case) for number, (name, case) in enumerate(cases.items())]


def _body(site: Website, folder: Path, name: str, behaviour: Behaviour) -> Figure:
    path = f"/{folder.name}"
    site.pages[path] = behaviour
    record, seconds = _checked(site, folder, site.url(path))
    asked = site.paths().count(path)
    good = record.body is None and seconds <= _LIMITS.seconds + _SLACK and asked <= MOST_REDIRECTS + 1
    found = f"{record.reason or record.health.value}, after {seconds:.1f} s"
    return Figure(name, f"not kept, within {_LIMITS.seconds:.0f} s", found, good)


def _checked(site: Website, folder: Path, url: str) -> tuple[Record, float]:
    began = time.perf_counter()
    record = Checker(Shelf(folder), read_copy, site.guard(), _LIMITS).check([url])[url]
    return record, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(run(["fetching"]))
