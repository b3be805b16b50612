"""The page ``/insluiten`` and the document for editors: what they say is what the widget does."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.axe import violations
from tests.web.mockserver import WEB

pytestmark = pytest.mark.browser

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "insluiten.md").read_text(encoding="utf-8")


def documented(heading: str) -> list[str]:
    """The names in the first column of the table below a heading."""
    section = DOCUMENT.split(f"## {heading}\n", 1)[1].split("\n#", 1)[0]
    return re.findall(r"^\| `([\w-]+)`", section, re.MULTILINE)


def shown(page: Page, table: str) -> list[str]:
    return page.locator(f"#{table} tbody th").all_inner_texts()


def test_the_attributes_are_those_of_the_element(page: Page) -> None:
    page.goto("/insluiten.html")
    names = documented("Attributen")
    assert shown(page, "attributen") == names
    mirrored: list[str] = page.evaluate(
        """() => { const prototype = customElements.get("kompas-chat").prototype;
          const own = Object.entries(Object.getOwnPropertyDescriptors(prototype));
          return own.filter(([, found]) => found.set).map(([name]) => name); }"""
    )
    assert set(mirrored) == set(names)


def test_the_styles_are_those_that_the_style_sheet_reads(page: Page) -> None:
    page.goto("/insluiten.html")
    names = documented("Stijlen")
    assert shown(page, "stijlen") == names
    assert set(re.findall(r"--kompas-[\w-]+", (WEB / "widget" / "styles.js").read_text())) - {"--kompas-…"} == set(
        names
    )


def test_the_mapping_to_the_design_system_is_the_one_in_the_document() -> None:
    sheet = (WEB / "nl-design-system.css").read_text(encoding="utf-8")
    mapped = {
        name: re.findall(r"--(?:nl|utrecht)[\w-]+", value)
        for name, value in re.findall(r"(--kompas[\w-]+): (.*);", sheet)
    }
    rows = re.findall(r"^\| `(--kompas[\w-]+)` \| `(--[\w-]+)` \| (?:`(--[\w-]+)` )?\|", DOCUMENT, re.MULTILINE)
    assert mapped == {name: [token for token in tokens if token] for name, *tokens in rows}


def test_a_theme_of_the_design_system_is_taken_over(page: Page) -> None:
    page.goto("/school")
    page.add_style_tag(url="/nl-design-system.css")
    page.evaluate(
        "document.documentElement.style.setProperty('--utrecht-button-primary-action-background-color', '#123456')"
    )
    button = page.get_by_role("button", name="Verstuur je vraag")
    assert button.evaluate("(node) => getComputedStyle(node).backgroundColor") == "rgb(18, 52, 86)"


def test_what_an_editor_chooses_is_shown_at_once_and_put_in_the_lines(page: Page) -> None:
    page.goto("/insluiten.html")
    page.get_by_label("Titel boven het gesprek").fill('Vraag "het" ons')
    page.get_by_label("Naam van je site").fill("school")
    page.get_by_label("Kleur van knoppen en links").fill("#7a1f5c")
    page.get_by_label("Altijd licht").check()
    expect(page.locator("kompas-chat").get_by_role("heading", name='Vraag "het" ons')).to_be_visible()
    send = page.get_by_role("button", name="Verstuur je vraag")
    assert send.evaluate("(node) => getComputedStyle(node).backgroundColor") == "rgb(122, 31, 92)"
    lines = page.locator("#code").inner_text()
    assert '<kompas-chat theme="light" site="school" heading="Vraag &quot;het&quot; ons"></kompas-chat>' in lines
    assert "--kompas-accent: #7a1f5c;" in lines
    page.get_by_label("Achter een ronde knop").check()
    expect(page.get_by_role("button", name="Stel je vraag")).to_be_visible()
    expect(page.get_by_text("De ronde knop staat rechtsonder")).to_be_visible()
    assert 'mode="launcher"' in page.locator("#code").inner_text()


def test_a_colour_that_is_hard_to_read_is_said(page: Page) -> None:
    page.goto("/insluiten.html")
    expect(page.locator("#contrast")).to_contain_text("Goed te lezen")
    page.get_by_label("Kleur van knoppen en links").fill("#ffcc00")
    expect(page.locator("#contrast")).to_contain_text("Let op: het contrast is 1,5.")


def test_the_lines_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/insluiten.html")
    page.get_by_role("button", name="Kopieer de regels").click()
    expect(page.get_by_text("Gekopieerd.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#code").inner_text()


def test_one_colour_is_enough_for_the_dark_too(page: Page) -> None:
    page.goto("/school")
    page.emulate_media(color_scheme="dark")
    page.locator("kompas-chat").evaluate("(node) => node.style.setProperty('--kompas-accent', '#123456')")
    assert [one for one in violations(page) if "contrast" in one] == []
