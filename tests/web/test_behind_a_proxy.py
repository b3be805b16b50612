"""The page as the real server gives it below a base path, in a real browser, with all headers and limits on."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kompasbot.settings import Settings
from tests.server.conftest import make_app
from tests.server.conftest import running as serving
from tests.web.conftest import Chat, watch

pytestmark = pytest.mark.browser


def test_a_visitor_asks_below_a_base_path_and_is_told_of_the_limit(browser: Browser, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, base_path="/kompas", limit_visitor="3/minute")
    faults: list[str] = []
    with serving(make_app(settings)) as address:
        context = browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(10_000)
        page = context.new_page()
        watch(page, faults)
        chat = Chat(page, f"{address}/kompas")
        expect(page.locator("#overzicht")).to_contain_text("Techkist Drentstad")
        chat.ask("Wat is de Kieswijzer?")
        assert "De Kieswijzer helpt leraren om lesmateriaal te kiezen." in chat.shown()
        for _ in range(3):
            chat.send("Wat is de Bouwplaat?")
            page.wait_for_timeout(500)
        expect(chat.turn).to_contain_text("in korte tijd veel vragen")
        page.goto(f"{address}/kompas/docs")
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 0
        context.close()
    assert faults == []
