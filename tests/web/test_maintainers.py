"""A maintainer's way through the pages in a real browser: every page accessible, a dry run followed to its report."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from kompasbot.settings import Settings
from tests.server.conftest import make_app
from tests.server.conftest import running as serving
from tests.server.manage.conftest import PLATE, SHEET, TOKEN
from tests.server.manage.test_pages import fill
from tests.web.axe import violations
from tests.web.conftest import new_context, watch
from tests.web.mockserver import MockServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 640}
PARTS = ("Overzicht", "Vragen", "Reacties", "Suggesties", "Items", "Links", "Versies", "Bijwerken")


def faults_of(page: Page) -> list[str]:
    """What is wrong with a page as it looks on a desktop in the light and on a phone in the dark."""
    found = []
    for theme, size in (("light", DESKTOP), ("dark", PHONE)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        found += [f"{page.url} {theme}: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} {theme}: sideways scrolling")
    page.set_viewport_size(DESKTOP)
    return found


def test_a_maintainer_looks_around_and_tries_a_factsheet(browser: Browser, running: MockServer, tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "lesmateriaal"
    folder.mkdir(parents=True)
    (folder / "factsheet.md").write_text(SHEET, encoding="utf-8")
    settings = Settings(data=tmp_path / "data", corpus=tmp_path / "corpus", admin_token=TOKEN, keep_questions=True)
    fill(settings)
    faults: list[str] = []
    with serving(make_app(settings)) as address:
        context = new_context(browser, running, base_url=address)
        context.set_default_timeout(30_000)
        page = context.new_page()
        watch(page, faults)
        page.goto("/beheer")
        faults += faults_of(page)
        page.get_by_label("Sleutel").fill(TOKEN)
        page.get_by_role("button", name="Inloggen").click()
        for part in PARTS:
            page.get_by_role("link", name=part, exact=True).click()
            page.locator("[aria-current=page]", has_text=part).wait_for()
            faults += faults_of(page)
        page.get_by_label("Bestand", exact=True).set_input_files(
            {"name": "Nieuw.md", "mimeType": "text/markdown", "buffer": (SHEET + PLATE).encode()}
        )
        page.get_by_label("Het oude bestand").select_option("lesmateriaal/factsheet.md")
        page.get_by_role("button", name="Zet klaar").click()
        page.get_by_role("button", name="Doe een proef").click()
        page.get_by_role("heading", name="Proef: klaar").wait_for(timeout=240_000)
        expect(page.locator(".report")).to_contain_text("Bouwplaat")
        faults += faults_of(page)
        page.get_by_role("button", name="Haal weg").click()
        expect(page.get_by_text("Er staan geen bestanden klaar")).to_be_visible()
        page.get_by_role("button", name="Uitloggen").click()
        expect(page.get_by_label("Sleutel")).to_be_visible()
        context.close()
    assert faults == []


def test_the_forms_work_without_script(browser: Browser, running: MockServer, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", corpus=tmp_path / "corpus", admin_token=TOKEN)
    with serving(make_app(settings)) as address:
        context = new_context(browser, running, base_url=address, java_script_enabled=False)
        page = context.new_page()
        page.goto("/beheer")
        page.get_by_label("Sleutel").fill(TOKEN)
        page.get_by_role("button", name="Inloggen").click()
        page.get_by_role("link", name="Bijwerken").click()
        page.get_by_label("Bestand", exact=True).set_input_files(
            {"name": "Nieuw.md", "mimeType": "text/markdown", "buffer": SHEET.encode()}
        )
        page.get_by_label("Naam van de nieuwe factsheet").fill("Lesmateriaal")
        page.get_by_role("button", name="Zet klaar").click()
        expect(page.get_by_role("rowheader")).to_contain_text("lesmateriaal/factsheet.md")
        page.get_by_role("button", name="Uitloggen").click()
        expect(page.get_by_label("Sleutel")).to_be_visible()
        context.close()
