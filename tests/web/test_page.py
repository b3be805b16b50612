"""The demo page."""

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.web.answers import ITEMS
from tests.web.conftest import Chat, new_context
from tests.web.mockserver import MockServer

pytestmark = pytest.mark.browser

SIZES: dict[str, ViewportSize] = {
    "small": {"width": 320, "height": 640},
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 820, "height": 1180},
    "desktop": {"width": 1440, "height": 900},
}


def test_shows_what_the_assistant_knows_by_type(page: Page) -> None:
    page.goto("/")
    expect(page.locator(".group h4")).to_have_text(
        ["Inzichten 2 onderwerpen", "Praktijkvoorbeelden 2 onderwerpen", "Tools 1 onderwerp", "Algemeen 1 onderwerp"]
    )
    expect(page.locator(".card h5")).to_have_text([item["title"] for item in ITEMS])


def test_links_to_known_addresses_and_says_which_are_a_guess(page: Page) -> None:
    page.goto("/")
    guess = page.locator(".card", has_text="Provan")
    expect(guess.get_by_role("link", name=re.compile("Provan & Kenis"))).to_have_attribute(
        "href", "https://doi.org/10.1093/jopart/mum015"
    )
    expect(guess).to_contain_text("vermoedelijke vindplaats")
    expect(page.locator(".card", has_text="Next Education").get_by_role("link")).to_have_count(0)


def test_an_editors_note_is_shown_as_such(page: Page, server: MockServer) -> None:
    server.items = [{**ITEMS[0], "editor_note": "Dit artikel verscheen in 2008."}]
    page.goto("/")
    page.get_by_text("Opmerking van de redactie").click()
    expect(page.get_by_text("Dit artikel verscheen in 2008.")).to_be_visible()


def test_an_item_can_be_asked_about(page: Page, server: MockServer) -> None:
    page.goto("/")
    page.get_by_role("button", name="Vraag hierover STEAM Limburg").click()
    expect(page.get_by_role("heading", name="Vertel meer over STEAM Limburg")).to_be_in_viewport()
    page.get_by_role("heading", name="Bronnen").wait_for()
    assert server.asked[0]["messages"][0]["content"] == "Vertel meer over STEAM Limburg"


def test_more_items_than_one_page_holds_are_all_shown(page: Page, server: MockServer) -> None:
    server.items = [{**ITEMS[4], "id": f"x/tool/{n}", "title": f"Tool {n}"} for n in range(230)]
    page.goto("/")
    expect(page.locator(".card")).to_have_count(230)


def test_says_so_when_the_items_cannot_be_had(page: Page) -> None:
    page.route("**/v1/items?*", lambda route: route.fulfill(status=503, body=""))
    page.goto("/")
    expect(page.get_by_text("De onderwerpen kunnen nu niet worden getoond.")).to_be_visible()
    page.unroute("**/v1/items?*")
    page.get_by_role("button", name="Probeer opnieuw").click()
    expect(page.locator(".card")).to_have_count(len(ITEMS))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_looks_whole_in_every_size_and_theme(
    browser: Browser, server: MockServer, tmp_path: Path, size: str, theme: Literal["light", "dark"]
) -> None:
    context = new_context(browser, server, viewport=SIZES[size], color_scheme=theme)
    chat = Chat(context.new_page(), "/")
    chat.page.locator(".group").first.wait_for()
    chat.ask()
    chat.button("Bron 1:").click()
    chat.page.screenshot(path=tmp_path / f"{size}-{theme}.png", full_page=True)
    assert chat.page.evaluate("document.documentElement.scrollWidth") == SIZES[size]["width"]
    background = chat.page.locator("kompas-chat .frame").evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 23, 22)"}[theme]
    context.close()
