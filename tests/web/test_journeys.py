"""One whole visit, on a desktop and a phone, in good and in bad circumstances."""

import threading

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from tests.web.answers import START, events, stream
from tests.web.conftest import Chat, new_context, watch
from tests.web.mockserver import MockServer, Reply

pytestmark = pytest.mark.browser

SIZES: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
NO_STORAGE = """for (const name of ["sessionStorage", "localStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });"""


def good(context: BrowserContext, server: MockServer) -> None:
    """Nothing special."""


def without_storage(context: BrowserContext, server: MockServer) -> None:
    """The browser keeps nothing."""
    context.add_init_script(NO_STORAGE)


def slow(context: BrowserContext, server: MockServer) -> None:
    """300 ms there and back, 50 KB/s, and an answer that drips."""
    network = context.new_cdp_session(context.pages[0])
    network.send("Network.enable")
    limits = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
    network.send("Network.emulateNetworkConditions", limits)
    server.replies.append(Reply(tuple(part for event in events(START) for part in (event, 0.05))))


def broken(context: BrowserContext, server: MockServer) -> None:
    """The server goes away in the middle of the first answer, and then refuses."""
    server.replies = [Reply((*events(START)[:5], 0.2), cut=True), Reply((b"",), 502, "text/html"), stream(START)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("circumstances", [good, without_storage, slow, broken], ids=lambda one: one.__name__)
def test_a_visit(browser: Browser, server: MockServer, faults: list[str], circumstances: object, size: str) -> None:
    context = new_context(browser, server, viewport=SIZES[size], has_touch=size == "phone", is_mobile=size == "phone")
    context.set_default_timeout(15_000)
    page = context.new_page()
    watch(page, faults)
    faults.clear()
    assert callable(circumstances)
    circumstances(context, server)
    chat = Chat(page, "/knop")
    chat.button("Stel je vraag").click()
    chat.button("Hoe start ik een regionale samenwerking?").click()
    if circumstances is broken:
        for _ in range(2):
            expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()
            expect(chat.turn.get_by_text("Provan & Kenis (2005)").first).to_be_visible()
            chat.button("Maak het antwoord af").click()
            page.wait_for_timeout(300)
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible(timeout=15_000)
    assert chat.turn.locator(".answer .said").count() == 7
    chat.button("Bron 4:").first.click()
    expect(chat.turn.get_by_role("group", name="Bron 4:")).to_be_in_viewport()
    chat.button("Sluit bron 4").click()
    chat.button("Hoe bouw je aan vertrouwen tussen partners?").click()
    chat.turn.get_by_role("heading", name="Bronnen").wait_for()
    chat.button("Dit antwoord helpt").and_(chat.turn.locator("button")).first.click()
    expect(chat.turn.get_by_text("Wil je er iets bij schrijven?")).to_be_visible()
    chat.button("Nieuw gesprek").click()
    expect(page.get_by_role("heading", name="Waar kan ik je mee helpen?")).to_be_visible()
    chat.button("Sluit de assistent").click()
    expect(chat.button("Stel je vraag")).to_be_focused()
    context.close()
    assert faults == []


def test_a_page_that_is_left_and_returned_to_while_answering(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    server.replies.append(Reply((*events(START)[:4], gate)))
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Provan & Kenis (2005)")).to_be_visible()
    chat.page.goto("/leeg")
    chat.page.go_back()
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()
    chat.button("Maak het antwoord af").click()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()
    gate.set()
