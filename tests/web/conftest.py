"""A real Chromium, the mock server, and a visitor who opens the page and asks."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Locator,
    Page,
    ViewportSize,
    sync_playwright,
)

from kompasbot.settings import Settings
from tests.server.conftest import make_app
from tests.server.conftest import running as serving
from tests.web.answers import ITEMS, START, stream
from tests.web.mockserver import MockServer

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SIZE: ViewportSize = {"width": 800, "height": 700}
NAMES = ("chromium", "chromium-browser", "google-chrome")
HOST = """<!doctype html><html lang="nl"><meta charset="utf-8"><title>Een school</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="/kompas-chat.js"></script><main><h1>Een school</h1><a href="/">Een link</a></main>{body}"""


def host(body: str) -> str:
    """A website that uses the widget."""
    return HOST.format(body=body)


def chromium_path() -> str | None:
    """Where a Chromium is, if there is one."""
    wanted = os.environ.get("KOMPASBOT_CHROMIUM")
    return wanted or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for these tests only: a running Playwright occupies the thread's event loop."""
    path = chromium_path()
    if path is None:
        reason = "no Chromium found; install it (Debian: apt-get install chromium) or set KOMPASBOT_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def running() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture(scope="package")
def school(running: MockServer) -> str:
    """The address of another website, which the real server lets in as the site "school"."""
    return running.url


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the real server."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="package")
def real(school: str, data: Path) -> Iterator[str]:
    """The real server over the small fictional factsheet; gives its address."""
    with serving(make_app(Settings(data=data, sites={"school": [school]}))) as address:
        yield address


@pytest.fixture
def server(running: MockServer) -> MockServer:
    """The server as new."""
    running.reset(lambda _body: stream(START), ITEMS)
    running.pages["/school"] = host('<kompas-chat contact="hulp@school.example"></kompas-chat>')
    running.pages["/knop"] = host('<kompas-chat mode="launcher"></kompas-chat>')
    return running


@pytest.fixture(scope="package")
def faults() -> list[str]:
    """What went wrong inside the page: uncaught errors, dialogs, and everything that the browser's policies stopped."""
    return []


def new_context(browser: Browser, server: MockServer, **options: Any) -> BrowserContext:
    """A browser window; ``options`` are Playwright's."""
    context = browser.new_context(**{"viewport": SIZE, "base_url": server.url, "reduced_motion": "reduce", **options})
    context.set_default_timeout(5000)
    return context


@pytest.fixture(scope="package")
def tab(browser: Browser, running: MockServer, faults: list[str]) -> Iterator[Page]:
    """One tab for most tests, because opening one costs a third of a test's time."""
    context = new_context(browser, running)
    page = context.new_page()
    watch(page, faults)
    yield page
    context.close()


@pytest.fixture
def page(tab: Page, server: MockServer, faults: list[str]) -> Iterator[Page]:
    """A fresh visit; fails when the page had an error or broke its Content-Security-Policy."""
    server.pages["/leeg"] = "<!doctype html><title>Leeg</title>"
    tab.goto("/leeg")
    tab.evaluate("sessionStorage.clear()")
    tab.set_viewport_size(SIZE)
    tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    faults.clear()
    yield tab
    tab.unroute_all()
    assert faults == []


@pytest.fixture
def clocked(browser: Browser, server: MockServer, faults: list[str]) -> Iterator[Page]:
    """As ``page``, with a clock that the test turns."""
    context = new_context(browser, server)
    page = context.new_page()
    page.clock.install()
    watch(page, faults)
    faults.clear()
    yield page
    context.close()
    assert faults == []


def watch(page: Page, faults: list[str]) -> None:
    """Note errors of the page in ``faults``."""

    def on_console(message: ConsoleMessage) -> None:
        if re.search("security policy|trusted", message.text, re.I):
            faults.append(message.text)

    def on_error(error: Error) -> None:
        faults.append(str(error))

    def on_dialog(dialog: Dialog) -> None:
        faults.append(f"a script ran: {dialog.message}")
        dialog.dismiss()

    page.on("console", on_console)
    page.on("dialog", on_dialog)
    page.on("pageerror", on_error)


class Chat:
    """The widget on a page, in a visitor's words."""

    def __init__(self, page: Page, path: str = "/school") -> None:
        self.page = page
        page.goto(path)
        self.host = page.locator("kompas-chat")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Stel je vraag")

    @property
    def turn(self) -> Locator:
        """The last question with its answer."""
        return self.page.locator("kompas-chat .turn").last

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def send(self, question: str) -> None:
        self.box.fill(question)
        self.box.press("Enter")

    def ask(self, question: str = "Hoe start ik?") -> None:
        """Send, and wait until the answer is complete."""
        self.send(question)
        self.turn.get_by_role("button", name="Kopieer met bronnen").wait_for()

    def shown(self) -> str:
        """The visible text of the last turn."""
        return self.turn.inner_text()


@pytest.fixture
def chat(page: Page) -> Chat:
    return Chat(page)
