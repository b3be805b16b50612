"""For everyone: keyboard, screen reader, zoom, small screens, contrast (WCAG 2.2 AA)."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.web.answers import START, events
from tests.web.axe import violations, violations_everywhere
from tests.web.conftest import Chat
from tests.web.mockserver import MockServer, Reply, problem
from tests.web.states import STATES

pytestmark = pytest.mark.browser

LOG_STATUS = """() => { window.said = [];
  const region = document.querySelector("kompas-chat").shadowRoot.querySelector("[role=status]");
  const note = () => region.textContent && said.push(region.textContent);
  new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true }); }"""
FOCUSED = """() => { const found = document.querySelector("kompas-chat").shadowRoot.activeElement;
  return found?.ariaLabel || found?.innerText || found?.localName; }"""


def _said(page: Page) -> list[str]:
    found: list[str] = page.evaluate("said")
    return found


def test_an_answer_is_announced_as_busy_then_once_whole(chat: Chat) -> None:
    chat.page.evaluate(LOG_STATUS)
    chat.ask()
    said = _said(chat.page)
    assert said[0] == "Bezig met je antwoord…"
    assert said[1].startswith("Klaar. Hier is wat de factsheet zegt")
    assert "[1]" not in said[1]
    assert len(said) == 2


def test_a_slow_answer_is_at_most_three_announcements(clocked: Page, server: MockServer) -> None:
    chat = Chat(clocked)
    clocked.evaluate(LOG_STATUS)
    gate, later = threading.Event(), threading.Event()
    pieces = events(START)
    server.replies.append(Reply((gate, *pieces[:4], later, *pieces[4:])))
    chat.send("Hoe start ik?")
    clocked.clock.run_for(9_000)
    gate.set()
    expect(chat.turn.get_by_text("Provan & Kenis (2005)")).to_be_visible()
    clocked.clock.run_for(9_000)
    later.set()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()
    assert len(_said(clocked)) == 3


def test_trouble_is_announced_and_the_countdown_is_not_read_out(clocked: Page, server: MockServer) -> None:
    chat = Chat(clocked)
    clocked.evaluate(LOG_STATUS)
    server.replies.append(problem(429, "Te veel vragen", "Wacht even.", ("Retry-After", "20")))
    chat.send("Hoe start ik?")
    expect(chat.button("Probeer opnieuw")).to_be_visible()
    clocked.clock.run_for(21_000)
    assert _said(clocked)[1:] == [
        "Te veel vragen. Wacht even. Je kunt het over 20 seconden opnieuw proberen.",
        "Je kunt het nu opnieuw proberen.",
    ]


def test_the_transcript_is_a_silent_log(chat: Chat) -> None:
    expect(chat.log).to_have_attribute("aria-live", "off")
    expect(chat.log).to_have_accessible_name("Gesprek")


def test_nothing_is_disabled_while_busy_and_the_focus_stays(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    server.replies.append(Reply((*events(START)[:4], gate, *events(START)[4:])))
    chat.send("Hoe start ik?")
    expect(chat.button("Verstuur je vraag")).to_have_attribute("aria-disabled", "true")
    expect(chat.box).to_be_focused()
    assert chat.page.locator("kompas-chat :disabled").count() == 0
    chat.send("Nog een vraag")
    expect(chat.page.get_by_text("Wacht tot het antwoord klaar is, of kies Stop.")).to_be_visible()
    expect(chat.box).to_have_value("Nog een vraag")
    gate.set()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()
    assert len(server.asked) == 1


def test_a_whole_visit_with_the_keyboard_alone(page: Page) -> None:
    chat = Chat(page, "/knop")
    press = page.keyboard.press
    press("Tab")
    press("Tab")
    assert page.evaluate(FOCUSED) == "Stel je vraag"
    press("Enter")
    expect(chat.box).to_be_focused()
    page.keyboard.type("Hoe start ik?")
    press("Enter")
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()
    press("Shift+Tab")
    while not str(page.evaluate(FOCUSED)).startswith("Bron 1:"):
        press("Shift+Tab")
    press("Enter")
    expect(chat.turn.get_by_role("group", name="Bron 1:")).to_be_focused()
    press("Tab")
    assert page.evaluate(FOCUSED) == "Sluit bron 1"
    press("Escape")
    expect(chat.turn.locator(".mark").first).to_be_focused()
    expect(chat.turn.locator(".card")).to_have_count(0)
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(chat.button("Stel je vraag")).to_be_focused()


def test_on_a_phone_the_panel_fills_the_screen_and_holds_the_focus(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    chat = Chat(page, "/knop")
    chat.button("Stel je vraag").click()
    box = page.get_by_role("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 375, "height": 700}
    for _ in range(14):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") in ("kompas-chat", "body")
    chat.button("Sluit de assistent").click()
    expect(chat.button("Stel je vraag")).to_be_focused()


def test_an_open_panel_stays_open_on_the_next_page_without_taking_the_focus(page: Page) -> None:
    chat = Chat(page, "/knop")
    chat.button("Stel je vraag").click()
    page.goto("/knop")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.activeElement.localName") == "body"


def test_every_focus_can_be_seen(chat: Chat) -> None:
    chat.ask()
    for _ in range(25):
        chat.page.keyboard.press("Tab")
        seen = chat.page.evaluate(
            """() => { const f = document.querySelector("kompas-chat").shadowRoot.activeElement; if (!f) return true;
              const s = getComputedStyle(f), b = getComputedStyle(f.closest(".box") ?? f);
              return parseFloat(s.outlineWidth) >= 2 && s.outlineStyle !== "none" || b.boxShadow !== "none"; }"""
        )
        assert seen


def test_targets_are_at_least_24_pixels(chat: Chat) -> None:
    chat.ask()
    chat.button("Bron 1:").click()
    small = chat.page.evaluate(
        """() => [...document.querySelector("kompas-chat").shadowRoot.querySelectorAll("button, a, summary, textarea")]
          .filter((n) => n.checkVisibility()).map((n) => [n.innerText, n.getBoundingClientRect()])
          .filter(([, r]) => Math.min(r.width, r.height) < 24).map(([text]) => text)"""
    )
    assert small == []


@pytest.mark.parametrize("path", ["/", "/school", "/knop"])
def test_a_screen_of_320_pixels_needs_no_sideways_scrolling(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    chat = Chat(page, path)
    if path == "/knop":
        chat.button("Stel je vraag").click()
    chat.ask("Hoe start ik een regionale samenwerkingsovereenkomst?")
    chat.button("Bron 6:").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert chat.log.evaluate("(node) => node.scrollWidth - node.clientWidth") <= 0
    chat.box.scroll_into_view_if_needed()
    expect(chat.box).to_be_in_viewport()


def test_texts_say_their_language(chat: Chat) -> None:
    frame = chat.page.locator("kompas-chat .frame")
    expect(frame).to_have_attribute("lang", "nl")
    expect(frame).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_state_theme_or_zoom(page: Page, server: MockServer, state: str) -> None:
    STATES[state](Chat(page), server)
    runs, found = violations_everywhere(page)
    assert found == []
    assert runs == 6


def test_axe_finds_nothing_in_the_panel(page: Page, server: MockServer) -> None:
    chat = Chat(page, "/knop")
    chat.button("Stel je vraag").click()
    chat.ask()
    assert violations_everywhere(page)[1] == []


@pytest.mark.parametrize("path", ["/", "/insluiten.html"])
def test_axe_finds_nothing_on_our_own_pages(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("kompas-chat .frame").wait_for()
    if path == "/":
        page.locator(".group").first.wait_for()
    assert violations_everywhere(page)[1] == []


def test_axe_looks_inside_the_widget(chat: Chat) -> None:
    chat.ask()
    chat.host.evaluate("(node) => node.style.setProperty('--kompas-text', '#eee')")
    assert any("color-contrast" in one and "kompas-chat" in one for one in violations(chat.page))
