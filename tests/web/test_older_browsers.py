"""Browsers of the baseline in docs/insluiten.md: what is newer than they are is taken away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.answers import ITEMS
from tests.web.conftest import Chat, host, new_context, watch
from tests.web.mockserver import MockServer

pytestmark = pytest.mark.browser

NEWER = """(() => {
  const away = (holder, ...names) => names.forEach((name) => holder && delete holder[name]);
  const prototypes = (...names) => names.map((name) => globalThis[name]?.prototype).filter(Boolean);
  away(Map, "groupBy");
  away(Object, "groupBy");
  away(Array, "fromAsync");
  away(Promise, "withResolvers", "try");
  away(URL, "canParse", "parse");
  away(AbortSignal, "any");
  away(RegExp, "escape");
  away(Math, "sumPrecise", "f16round");
  away(Error, "isError");
  away(Array.prototype, "toSorted", "toReversed", "toSpliced", "with");
  away(String.prototype, "isWellFormed", "toWellFormed");
  away(Map.prototype, "getOrInsert", "getOrInsertComputed");
  away(Set.prototype, "union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf",
    "isDisjointFrom");
  away(ArrayBuffer.prototype, "transfer", "resize", "transferToFixedLength");
  away(Uint8Array, "fromBase64", "fromHex");
  away(globalThis.Response, "json");
  away(Element.prototype, "setHTML", "setHTMLUnsafe", "getHTML", "checkVisibility", "togglePopover", "showPopover",
    "hidePopover", "requestClose", "moveBefore", "ariaNotify");
  away(Document, "parseHTMLUnsafe", "parseHTML");
  away(Document.prototype, "startViewTransition");
  away(HTMLDialogElement.prototype, "requestClose");
  away(Intl, "DurationFormat", "Segmenter");
  away(globalThis, "Iterator", "scheduler", "navigation", "CloseWatcher", "Temporal");
  for (const prototype of prototypes("ReadableStream")) away(prototype, Symbol.asyncIterator, "values");
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  away(iterators, "map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach", "some", "every", "find");
})()"""
"""Since 2023: all that Safari 16.4, Firefox 115 or Chromium 111 lack, as far as the widget could think of using it."""


@pytest.fixture
def older(browser: Browser, server: MockServer, faults: list[str]) -> Iterator[Page]:
    """A page of an older browser."""
    context = new_context(browser, server)
    context.add_init_script(NEWER)
    page = context.new_page()
    watch(page, faults)
    faults.clear()
    yield page
    assert page.evaluate("[Map.groupBy, [].toSorted, globalThis.Iterator].every((one) => one === undefined)")
    context.close()
    assert faults == []


@pytest.mark.parametrize("path", ["/school", "/knop"])
def test_a_visitor_asks_reads_sources_judges_and_comes_back(older: Page, server: MockServer, path: str) -> None:
    chat = Chat(older, path)
    if path == "/knop":
        older.locator("kompas-chat .opener").click()
    chat.ask("Hoe start ik?")
    expect(chat.button("Stop")).to_be_hidden()
    chat.button("Bron 6:").first.click()
    expect(chat.turn.locator(".card")).to_be_visible()
    chat.turn.locator("summary").first.click()
    chat.button("Dit antwoord helpt niet").click()
    older.get_by_role("textbox", name="Wil je er iets bij schrijven?").fill("Te lang")
    chat.turn.locator("form").get_by_role("button", name="Verstuur").click()
    expect(chat.turn.get_by_text("Bedankt voor je reactie.")).to_be_visible()
    older.reload()
    expect(older.locator("kompas-chat .sources summary").first).to_be_attached()
    assert len(server.asked) == 1


def test_the_page_of_the_assistant_and_that_for_editors_show_all(older: Page, server: MockServer) -> None:
    older.goto("/")
    expect(older.locator("#overzicht .card")).to_have_count(len(ITEMS))
    older.goto("/insluiten.html")
    expect(older.locator("#attributen tbody tr")).to_have_count(11)
    expect(older.locator("#code")).to_contain_text("<kompas-chat")


PAIRS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const parts = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const [r, g, b] = parts(color).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (parts(color)[3] > 250) return color;
    }
    return null;
  };
  const frame = document.querySelector("kompas-chat").shadowRoot.querySelector(".frame");
  const shown = ".question, .said, .mark, .pill, .quiet, .automated p, .card .title, .notice, textarea";
  return [...frame.querySelectorAll(shown)]
    .filter((node) => node.getClientRects().length)
    .map((node) => {
      const [ground, text] = [behind(node), getComputedStyle(node).color];
      if (ground === null) return [node.className, 0];
      const [high, low] = [light(ground), light(text)].sort((a, b) => b - a);
      return [node.className, (high + 0.05) / (low + 0.05)];
    });
}"""


NEWER_STYLES = ("light-dark(", "oklch(from ", "contain-intrinsic-inline-size")


def without_newer_styles(page: Page) -> None:
    """Load the style sheet with names that this browser knows no more than an older one knows the real ones."""

    def renamed(route: Route) -> None:
        reply = route.fetch()
        text = reply.text()
        for name in NEWER_STYLES:
            assert name in text
            text = text.replace(name, f"un{name}")
        route.fulfill(response=reply, body=text)

    page.route("**/widget/styles.js", renamed)


@pytest.mark.parametrize("theme", ["", "dark"])
def test_without_newer_colours_all_can_be_read(page: Page, server: MockServer, theme: str) -> None:
    without_newer_styles(page)
    page.emulate_media(color_scheme="dark")
    server.pages["/school"] = host(f'<kompas-chat theme="{theme}"></kompas-chat>')
    chat = Chat(page)
    chat.ask()
    chat.button("Bron 6:").first.click()
    contrasts = page.evaluate(PAIRS)
    assert len(contrasts) > 10
    assert [(name, ratio) for name, ratio in contrasts if ratio < 4.5] == []


@pytest.mark.parametrize("width", [320, 1000])
def test_without_newer_sizes_the_widget_can_be_used_where_the_page_is_as_wide_as_its_content(
    page: Page, server: MockServer, width: int
) -> None:
    without_newer_styles(page)
    page.set_viewport_size({"width": width, "height": 700})
    server.pages["/school"] = host("<table><tr><td><kompas-chat></kompas-chat></td></tr></table>")
    chat = Chat(page)
    chat.box.wait_for()
    box = page.locator("kompas-chat .frame").bounding_box()
    assert box
    assert box["width"] >= 250
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_error_while_the_sources_are_shown_ends_the_waiting(page: Page, server: MockServer) -> None:
    chat = Chat(page)
    page.evaluate("import('/widget/texts.js').then(({ texts }) => { texts.groups = null; })")
    page.evaluate("addEventListener('unhandledrejection', (event) => event.preventDefault())")
    chat.send("Hoe start ik?")
    expect(chat.turn).to_contain_text("De assistent heeft een storing.")
    expect(chat.button("Stop")).to_be_hidden()
    expect(chat.turn.locator(".busyline")).to_have_count(0)
    page.evaluate("import('/widget/texts.js').then(({ texts }) => { texts.groups = { inzicht: 'Inzichten' }; })")
    chat.ask("En dan?")
    expect(chat.turn.locator(".sources")).to_be_visible()
