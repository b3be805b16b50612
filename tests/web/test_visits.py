"""A visitor who comes back: every page and file of the real server is as it was the first time."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from kompasbot.settings import Settings
from kompasbot.shipped import shipped
from tests.server.conftest import make_app
from tests.server.conftest import running as serving
from tests.server.manage.conftest import TOKEN
from tests.web.conftest import watch

pytestmark = pytest.mark.browser
PAGES = ("/", "/insluiten", "/chat", "/docs", "/beheer/inloggen", "/index.html", "/insluiten.html")
WITH_WIDGET = ("/", "/insluiten", "/index.html", "/insluiten.html")
STYLES = "[...document.styleSheets].reduce((sum, sheet) => sum + sheet.cssRules.length, 0)"
WIDGET = "Boolean(document.querySelector('kompas-chat')?.shadowRoot?.querySelector('textarea'))"
FETCHES = """(paths) => Promise.all(paths.map(async (path) => {
    const [first, again, checked] = [await fetch(path), await fetch(path), await fetch(path, { cache: "no-cache" })];
    const texts = await Promise.all([first, again, checked].map((reply) => reply.text()));
    return [path, first.status, texts[0].length > 0, new Set(texts).size];
}))"""


def reloaded(page: Page, address: str) -> Page:
    page.goto(address)
    page.reload()
    return page


def visited_twice(page: Page, address: str) -> Page:
    page.goto(address)
    page.goto("about:blank")
    page.goto(address)
    return page


def gone_back_to(page: Page, address: str) -> Page:
    page.goto(address)
    page.goto(address.rsplit("/", 1)[0] + "/pagina.css")
    page.go_back()
    return page


def opened_in_a_new_tab(page: Page, address: str) -> Page:
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    return other


@pytest.fixture(scope="module", params=["", "/kompas"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), base_path=request.param, admin_token=TOKEN)
    with serving(make_app(settings)) as found:
        yield found + request.param


@pytest.fixture
def visit(browser: Browser) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A browser window of somebody who was never here before, and what goes wrong in it."""
    faults: list[str] = []
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.on("page", lambda page: watch(page, faults))
    yield context, faults
    context.close()


@pytest.mark.parametrize("come", [reloaded, visited_twice, gone_back_to, opened_in_a_new_tab])
def test_every_page_is_the_same_at_a_second_visit(
    visit: tuple[BrowserContext, list[str]], address: str, come: Callable[[Page, str], Page]
) -> None:
    context, faults = visit
    for path in PAGES:
        page = come(context.new_page(), address + path)
        assert page.evaluate(STYLES) > 0, path
        if path in WITH_WIDGET:
            page.wait_for_function(WIDGET)
    assert faults == []


def test_every_file_is_the_same_at_a_second_visit(visit: tuple[BrowserContext, list[str]], address: str) -> None:
    context, faults = visit
    page = context.new_page()
    page.goto(f"{address}/")
    web = shipped("web")
    files = [str(path.relative_to(web)) for path in web.rglob("*.*")]
    assert len(files) >= 25
    for path, status, has_text, versions in page.evaluate(FETCHES, [f"{address}/{name}" for name in files]):
        assert (status, has_text, versions) == (200, True, 1), path
    for icon in ("favicon.svg", "beheer/teken.svg"):
        for _ in range(2):
            page.goto(f"{address}/{icon}")
            assert page.evaluate("document.documentElement.nodeName") == "svg"
    assert faults == []
