"""The widget's figures, measured in a real browser: ``python -m tests.proof.widget``."""

import gzip
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.answers import ITEMS, START, stream
from tests.web.axe import violations_everywhere
from tests.web.conftest import FLAGS, Chat, chromium_path, host, new_context, watch
from tests.web.mockserver import WEB, MockServer
from tests.web.states import STATES
from tests.web.test_access import LOG_STATUS
from tests.web.test_replay import paint_times
from tests.web.test_safety import FIELDS, MAKES_NOTHING, PAYLOADS, hostile

_PAGES: Final = ("/school", "/knop", "/", "/insluiten.html")
_ROUNDS: Final = 5

TITLE: Final = "The chat widget"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what was wanted, what was found, and whether that is good enough."""

    name: str
    wanted: str
    found: str
    good: bool


def measure() -> list[Figure]:
    """Every figure of the widget; takes about three minutes."""
    with sync_playwright() as playwright, MockServer() as server:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        faults: list[str] = []
        found = [
            *_accessible(_page(browser, server, faults), server),
            *_announced(_page(browser, server, faults), server),
            *_harmless(_page(browser, server, faults), server),
            _size(),
            *_painted(_page(browser, server, faults)),
            _none("violations of the content security policy, errors in the page", len(faults)),
        ]
        browser.close()
    return found


def _none(name: str, count: int) -> Figure:
    return Figure(name, "0", str(count), count == 0)


def _page(browser: Browser, server: MockServer, faults: list[str]) -> Page:
    server.reset(lambda _body: stream(START), ITEMS)
    server.pages["/school"] = host('<kompas-chat contact="hulp@school.example"></kompas-chat>')
    server.pages["/knop"] = host('<kompas-chat mode="launcher"></kompas-chat>')
    server.pages["/leeg"] = "<!doctype html><title>Leeg</title>"
    page = new_context(browser, server).new_page()
    watch(page, faults)
    return page


def _visit(page: Page, path: str) -> Chat:
    page.goto("/leeg")
    page.evaluate("sessionStorage.clear()")
    return Chat(page, path)


def _accessible(page: Page, server: MockServer) -> list[Figure]:
    runs = 0
    found: list[str] = []
    for path in _PAGES:
        for reach in STATES.values():
            chat = _visit(page, path)
            if path == "/knop":
                chat.button("Stel je vraag").click()
            reach(chat, server)
            more, violations = violations_everywhere(page)
            runs, found = runs + more, found + violations
            page.set_viewport_size({"width": 800, "height": 700})
    what = f"axe-core violations in {runs} runs ({len(STATES)} states, {len(_PAGES)} pages, 2 themes, 3 zooms)"
    return [_none(what, len(found))]


def _announced(page: Page, server: MockServer) -> list[Figure]:
    most = 0
    for reach in STATES.values():
        chat = _visit(page, "/school")
        page.evaluate(LOG_STATUS)
        reach(chat, server)
        most = max(most, len(page.evaluate("said")))
    return [Figure("most announcements to a screen reader in any state", "at most 3", str(most), most <= 3)]


def _harmless(page: Page, server: MockServer) -> list[Figure]:
    chat = Chat(page)
    harmed = 0
    for payload in PAYLOADS:
        server.replies = [stream(hostile(payload))]
        chat.ask("Wat is dit?")
        chat.turn.locator("summary").first.click()
        harmed += any(page.evaluate(MAKES_NOTHING).values())
    return [_none(f"hostile inputs of {len(PAYLOADS) * len(FIELDS)} that rendered or ran", harmed)]


def _size() -> Figure:
    files = [WEB / "kompas-chat.js", *sorted((WEB / "widget").glob("*.js"))]
    size = sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files)
    name = f"everything it loads, {len(files)} files, gzipped"
    return Figure(name, "at most 40 KB", f"{size / 1024:.1f} KB", size <= 40 * 1024)


def _painted(page: Page) -> list[Figure]:
    times: list[float] = []
    for _ in range(_ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            times += paint_times(page, Path(folder))
    middle, high = statistics.median(times), sorted(times)[int(0.95 * len(times))]
    name = f"from the end of a sentence on the server to its paint, {len(times)} sentences"
    found = f"{middle:.0f} ms at the median, {high:.0f} ms at the 95th percentile"
    return [Figure(name, "at most 50 ms at the median", found, middle <= 50)]


if __name__ == "__main__":
    for one in measure():
        print(f"{'ok ' if one.good else 'NOT'} {one.name}: {one.found} (wanted {one.wanted})")
