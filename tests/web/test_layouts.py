"""Where a page may put the widget: it is as wide as its place, and never wider than the screen."""

import pytest
from playwright.sync_api import Page

from tests.web.conftest import Chat, host
from tests.web.mockserver import MockServer

pytestmark = pytest.mark.browser

WIDGET = "<kompas-chat></kompas-chat>"
LAYOUTS = {
    "flex row": f'<div class="flex">{WIDGET}</div>',
    "flex row beside text": f'<div class="flex"><p>Naast de assistent staat iets</p>{WIDGET}</div>',
    "centred column": f'<div class="column">{WIDGET}</div>',
    "grid": f'<div class="grid">{WIDGET}</div>',
    "centred grid": f'<div class="grid centred">{WIDGET}</div>',
    "table cell": f"<table><tr><td>{WIDGET}</td></tr></table>",
    "table beside text": f"<table><tr><td>Tekst</td><td>{WIDGET}</td></tr></table>",
    "float": f'<div class="float">{WIDGET}</div>',
    "floating itself": '<kompas-chat class="float"></kompas-chat>',
    "absolute": f'<div class="absolute">{WIDGET}</div>',
    "absolute itself": '<div class="room"><kompas-chat class="absolute"></kompas-chat></div>',
    "inline-block": f'<div class="inline">{WIDGET}</div>',
    "inline-block itself": '<kompas-chat class="inline"></kompas-chat>',
    "dialog": f"<dialog open>{WIDGET}</dialog>",
    "block": f"<div>{WIDGET}</div>",
}
STYLES = """
.flex { display: flex; }
.column { display: flex; flex-direction: column; align-items: center; }
.grid { display: grid; }
.grid.centred { justify-items: center; }
.float { float: left; }
.absolute { position: absolute; }
.room { position: relative; min-height: 50em; }
.inline { display: inline-block; }
dialog { padding: 0; border: 0; }
"""
LEAST = 250  # px on a phone of 320; the rest are the page's own margins and what stands beside it


PLACES = [
    (layout, width) for layout in LAYOUTS for width in (320, 1000) if (layout, width) != ("table beside text", 320)
]
"""A table does not wrap: beside text there is no room for it on a phone."""


@pytest.mark.parametrize(("layout", "width"), PLACES)
def test_is_as_wide_as_its_place_and_fits_the_screen(page: Page, server: MockServer, layout: str, width: int) -> None:
    server.pages["/school"] = host(LAYOUTS[layout])
    page.set_viewport_size({"width": width, "height": 700})
    chat = Chat(page)
    page.evaluate(
        "(text) => new CSSStyleSheet().replace(text).then((sheet) => { document.adoptedStyleSheets = [sheet]; })",
        STYLES,
    )
    chat.box.wait_for()
    box = page.locator("kompas-chat .frame").bounding_box()
    assert box
    beside = "beside" in layout
    assert box["width"] >= (LEAST - 80 * beside if width == 320 else 400)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
