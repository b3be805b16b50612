"""Axe-core over a page: the copy that axe-playwright-python brings along, so nothing is fetched."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES: Final = ("light", "dark")
ZOOMS: Final[dict[str, ViewportSize]] = {
    "100 %": {"width": 1280, "height": 900},
    "200 %": {"width": 640, "height": 450},  # what 1280 × 900 becomes at 200 %
    "320 px": {"width": 320, "height": 640},
}


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now; WCAG 2.2 AA and best practices."""
    found: dict[str, Any] = Axe().run(page, options={"runOnly": _TAGS, "resultTypes": ["violations"]}).response
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]


def looks(zooms: Sequence[str] = tuple(ZOOMS)) -> Iterator[tuple[str, ViewportSize]]:
    """Every theme in every zoom."""
    for zoom in zooms:
        for theme in THEMES:
            yield theme, ZOOMS[zoom]


def violations_everywhere(page: Page, zooms: Sequence[str] = tuple(ZOOMS)) -> tuple[int, list[str]]:
    """How often axe-core was run, and what it found; a page that needs sideways scrolling counts too."""
    found, runs = [], 0
    for theme, size in looks(zooms):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        runs += 1
        found += [f"{theme}, {size['width']} px: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{theme}, {size['width']} px: sideways scrolling")
    return runs, found
