"""The real server: its widget on another website, under the strictest policy, and its own pages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kompasbot.records.store import Records
from kompasbot.server.widget import release
from tests.shelf import ITEMS
from tests.web.axe import violations_everywhere
from tests.web.conftest import Chat, new_context, watch
from tests.web.mockserver import MockServer

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="nl"><meta charset="utf-8"><title>Een school</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><h1>Een school</h1>
<script type="module" src="{real}/kompas-chat.js"></script><kompas-chat site="{site}"></kompas-chat>"""
POLICY = (
    "default-src 'none'; script-src {real}; connect-src {real}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'"
)


def embed(server: MockServer, real: str, site: str = "school") -> None:
    server.pages["/elders"] = PAGE.format(real=real, site=site)
    server.csp = POLICY.format(real=real)


def test_two_lines_put_the_assistant_on_another_website(page: Page, server: MockServer, real: str, data: Path) -> None:
    embed(server, real)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    chat = Chat(page, "/elders")
    chat.ask("Wat onderzocht Jansen?")
    chat.button("Bron 1:").first.click()
    expect(chat.turn.locator(".card")).to_contain_text("onze samenvatting van de factsheet")
    chat.button("Dit antwoord helpt niet").click()
    page.get_by_role("textbox", name="Wil je er iets bij schrijven?").fill("Te kort")
    chat.turn.locator("form").get_by_role("button", name="Verstuur").click()
    expect(chat.turn.get_by_text("Bedankt voor je reactie.")).to_be_visible(timeout=15_000)
    records = Records(data)
    kept = records.judgements()[-1]
    records.close()
    assert (kept.rating, kept.remark, kept.question, kept.site) == ("down", "Te kort", None, "school")
    assert {url.split("/")[2] for url in loaded} == {server.url.split("/")[2], real.split("/")[2]}


def test_a_website_that_is_not_let_in_gets_a_dutch_sentence(page: Page, server: MockServer, real: str) -> None:
    embed(server, real, site="museum")
    chat = Chat(page, "/elders")
    chat.send("Wat onderzocht Jansen?")
    expect(chat.turn).to_contain_text("De assistent is nu niet te bereiken.")
    expect(chat.button("Probeer opnieuw")).to_be_visible()


AS_OPENAI = """async ([base, path, body]) => {
    const reply = await fetch(base + path, {
        method: "POST",
        headers: {
            Authorization: "Bearer maakt-niet-uit",
            "Content-Type": "application/json",
            "X-Stainless-Lang": "js",
            "X-Stainless-Retry-Count": "0",
            "OpenAI-Organization": "school",
        },
        body: JSON.stringify(body),
    });
    return [reply.status, await reply.json(), reply.headers.get("x-request-id")];
}"""


def test_a_browser_client_of_openai_works_from_a_website_that_is_let_in(
    page: Page, server: MockServer, real: str
) -> None:
    server.csp = POLICY.format(real=real)
    server.pages["/elders"] = "<!doctype html><title>Een school</title>"
    page.goto("/elders")
    question = {"model": "kompasbot", "messages": [{"role": "user", "content": "Wat is de Kieswijzer?"}]}
    status, reply, request_id = page.evaluate(AS_OPENAI, [f"{real}/v1", "/chat/completions", question])
    assert status == 200
    assert "Kieswijzer" in reply["choices"][0]["message"]["content"]
    assert request_id
    status, reply, _ = page.evaluate(AS_OPENAI, [f"{real}/v1", "/embeddings", {"input": "musea"}])
    assert status == 404
    assert "GET /v1/search" in reply["error"]["message"]


SIZES = """(start) => performance.getEntriesByType("resource")
  .filter(({ name }) => name.startsWith(start) && name.endsWith(".js"))
  .map(({ transferSize, encodedBodySize }) => [transferSize, encodedBodySize])"""


def test_the_widget_loads_at_most_forty_kilobytes_once(page: Page, server: MockServer, real: str, school: str) -> None:
    page.goto(f"{real}/insluiten")  # of the same origin, so that the browser tells sizes
    page.locator("kompas-chat .frame").wait_for()
    first = page.evaluate(SIZES, f"{real}/widget/")
    entry = page.evaluate(SIZES, f"{real}/kompas-chat.js")
    assert len(first) > 15
    assert 20_000 < sum(body for _, body in first + entry) <= 40 * 1024
    page.goto(f"{real}/insluiten?opnieuw")
    page.locator("kompas-chat .frame").wait_for()
    versioned = page.evaluate(SIZES, f"{real}/widget/{release().version}/")
    assert len(versioned) > 15
    assert [transfer for transfer, _ in versioned if transfer] == []


def test_the_demo_page_of_the_real_server_answers_within_its_own_policy(
    browser: Browser, server: MockServer, real: str, faults: list[str]
) -> None:
    context = new_context(browser, server, base_url=real)
    page = context.new_page()
    watch(page, faults)
    faults.clear()
    chat = Chat(page, "/")
    expect(page.locator(".card")).to_have_count(len(ITEMS))
    expect(page.locator(".factsheet h3")).to_have_text(["Lesmateriaal"])
    chat.ask("Wat is de Kieswijzer?")
    page.goto("/insluiten")
    expect(page.locator("#code")).to_contain_text(f'src="{real}/kompas-chat.js"')
    context.close()
    assert faults == []


def test_without_javascript_a_plain_form_gives_the_same_answer(browser: Browser, server: MockServer, real: str) -> None:
    for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 844}):
        context = new_context(browser, server, base_url=real, java_script_enabled=False, viewport=size)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("Je vraag", exact=True).fill("Wat is de Kieswijzer?")
        page.get_by_role("button", name="Verstuur je vraag").click()
        expect(page.get_by_role("heading", name="Wat is de Kieswijzer?")).to_be_visible()
        expect(page.locator(".turn")).to_contain_text("De Kieswijzer helpt leraren om lesmateriaal te kiezen.")
        tops = page.locator(".turn > :not(.vh)").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().top)"
        )
        assert tops == sorted(set(tops))  # below one another
        page.get_by_role("link", name="[1]").first.click()
        expect(page.locator("#bron-1")).to_be_in_viewport()
        suggestion = page.locator(".further button").first
        question = suggestion.inner_text()
        suggestion.click()
        expect(page.locator(".asked")).to_contain_text(question)
        context.close()


def test_axe_finds_nothing_on_the_page_without_javascript(page: Page, real: str) -> None:
    page.goto(f"{real}/chat")
    found = violations_everywhere(page)[1]
    page.get_by_label("Je vraag", exact=True).fill("Welke tools zijn er?")
    page.get_by_role("button", name="Verstuur je vraag").click()
    page.locator(".turn").wait_for()
    assert found + violations_everywhere(page)[1] == []
