"""What a visitor sends besides questions: thumbs, remarks, suggestions; and what the answer says of its maker."""

import re
import threading
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from kompasbot.settings import Settings
from tests.server.conftest import make_app
from tests.server.conftest import running as serving
from tests.web.answers import START, answer, block, sentence, stream
from tests.web.axe import violations_everywhere
from tests.web.conftest import Chat, host
from tests.web.mockserver import MockServer, Reply, problem

pytestmark = pytest.mark.browser

THUMB = {"answer_id": "antwoord-1", "rating": "up", "remark": None, "include_question": False}


def test_a_thumb_is_sent_at_once_without_the_question(chat: Chat, server: MockServer) -> None:
    chat.ask("Hoe start ik?")
    thumb = chat.button("Dit antwoord helpt").first
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    expect(chat.turn.get_by_text("Wil je er iets bij schrijven?")).to_be_visible()
    assert server.sent == [("/v1/feedback", THUMB)]


def test_a_remark_and_the_question_go_along_when_the_visitor_wants_that(chat: Chat, server: MockServer) -> None:
    chat.ask("Hoe start ik?")
    chat.button("Dit antwoord helpt niet").click()
    chat.page.get_by_role("textbox", name="Wil je er iets bij schrijven?").fill(" Te lang. ")
    expect(chat.page.get_by_role("checkbox", name="Stuur ook mijn vraag mee.")).not_to_be_checked()
    chat.page.get_by_role("checkbox", name="Stuur ook mijn vraag mee.").check()
    chat.button("Verstuur").and_(chat.turn.locator("form button")).click()
    expect(chat.turn.get_by_text("Bedankt voor je reactie.")).to_be_visible()
    expect(chat.button("Dit antwoord helpt niet")).to_be_focused()
    expected = {**THUMB, "rating": "down", "remark": "Te lang.", "include_question": True, "question": "Hoe start ik?"}
    assert server.sent[-1] == ("/v1/feedback", expected)


def test_a_thumb_that_did_not_arrive_is_said_and_can_be_given_again(chat: Chat, server: MockServer) -> None:
    server.taken.append(problem(429, "Het is nu te druk", "Probeer het morgen opnieuw."))
    chat.ask()
    thumb = chat.button("Dit antwoord helpt").first
    thumb.click()
    expect(chat.turn.locator(".told")).to_have_text("Het is nu te druk. Probeer het morgen opnieuw.")
    expect(thumb).to_have_attribute("aria-pressed", "false")
    thumb.click()
    expect(chat.turn.get_by_text("Wil je er iets bij schrijven?")).to_be_visible()


def test_a_thumb_is_remembered_on_the_next_page(chat: Chat) -> None:
    chat.ask()
    chat.button("Dit antwoord helpt").first.click()
    chat.turn.get_by_text("Wil je er iets bij schrijven?").wait_for()
    chat.page.reload()
    expect(chat.button("Dit antwoord helpt").first).to_have_attribute("aria-pressed", "true")


def test_small_talk_is_not_judged(chat: Chat, server: MockServer) -> None:
    server.replies.append(stream(answer([block("intro", sentence("Hallo!"))], status="smalltalk")))
    chat.ask("Hoi")
    expect(chat.page.get_by_role("group", name="Helpt dit antwoord?")).to_have_count(0)


def test_a_suggestion_reaches_the_editors_and_the_way_back_keeps_the_focus(page: Page, server: MockServer) -> None:
    server.pages["/site"] = host('<kompas-chat site="school" factsheet="regionale-samenwerking"></kompas-chat>')
    chat = Chat(page, "/site")
    chat.ask()
    chat.button("Doe een suggestie").click()
    box = page.get_by_role("textbox", name="Je suggestie")
    expect(box).to_be_focused()
    expect(chat.log).to_have_count(0)
    box.fill("Noem ook het mbo.")
    page.get_by_role("textbox", name="Je e-mailadres").fill("ik@school.example")
    chat.button("Verstuur je suggestie").click()
    expect(page.get_by_text("Je suggestie is verstuurd.").first).to_be_visible()
    chat.button("Terug naar het gesprek").click()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()
    expect(chat.button("Doe een suggestie")).to_be_focused()
    body = {"text": "Noem ook het mbo.", "contact": "ik@school.example", "factsheet": "regionale-samenwerking"}
    assert server.sent == [("/v1/suggestions", body)]


def test_a_suggestion_that_did_not_arrive_keeps_its_text(chat: Chat, server: MockServer) -> None:
    server.taken.append(Reply((b"",), 502, "text/html"))
    chat.button("Doe een suggestie").click()
    chat.button("Verstuur je suggestie").click()
    expect(chat.page.locator("#letter-trouble")).to_have_text("Schrijf eerst je suggestie op.")
    box = chat.page.get_by_role("textbox", name="Je suggestie")
    box.fill("Noem ook het mbo.")
    chat.button("Verstuur je suggestie").click()
    expect(chat.page.locator("#letter-trouble")).to_have_text(
        "De assistent heeft een storing. Wacht even en probeer het dan opnieuw."
    )
    expect(box).to_have_value("Noem ook het mbo.")
    chat.page.keyboard.press("Escape")
    chat.button("Doe een suggestie").click()
    expect(box).to_have_value("Noem ook het mbo.")


def test_the_site_goes_along_with_every_message(page: Page, server: MockServer) -> None:
    server.pages["/site"] = host('<kompas-chat site="school"></kompas-chat>')
    sites: list[str | None] = []
    page.on(
        "request",
        lambda request: sites.append(request.headers.get("x-kompas-site")) if request.method == "POST" else None,
    )
    chat = Chat(page, "/site")
    chat.ask()
    chat.button("Dit antwoord helpt").first.click()
    chat.turn.get_by_text("Wil je er iets bij schrijven?").wait_for()
    assert sites == ["school", "school"]


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ({"name": "llm", "fallback_reason": None}, "Dit antwoord is geschreven door een taalmodel."),
        ({"name": "extractive", "fallback_reason": "timeout"}, "Het taalmodel werkte even niet."),
    ],
)
def test_the_answer_says_when_a_language_model_wrote_it_or_could_not(
    chat: Chat, server: MockServer, engine: dict[str, str | None], says: str
) -> None:
    server.replies.append(stream({**START, "engine": {**START["engine"], **engine}}))
    chat.ask()
    expect(chat.turn.locator(".maker")).to_contain_text(says)


def test_a_model_outside_is_said_before_a_question_and_with_its_answer(
    page: Page, server: MockServer, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, openai_base_url="https://llm.example.org/v1")
    with serving(make_app(settings)) as outside:
        entry = httpx.get(f"{outside}/kompas-chat.js").text
    plain = re.sub(r"\./widget/\w{16}/", "./widget/", entry)  # the mock server has no versions
    page.route("**/kompas-chat.js", lambda route: route.fulfill(body=plain, content_type="text/javascript"))
    chat = Chat(page, "/school")
    expect(
        page.get_by_text("Je vraag gaat naar een taalmodel buiten deze organisatie (llm.example.org).")
    ).to_be_visible()
    server.replies.append(stream({**START, "engine": {**START["engine"], "name": "llm"}}))
    chat.ask()
    expect(chat.turn.locator(".maker")).to_contain_text(
        "geschreven door een taalmodel buiten deze organisatie (llm.example.org)"
    )
    assert violations_everywhere(page)[1] == []


def test_a_model_of_ones_own_is_said_with_its_answer_only(chat: Chat, server: MockServer) -> None:
    server.replies.append(stream({**START, "engine": {**START["engine"], "name": "llm"}}))
    expect(chat.page.get_by_text("taalmodel")).to_have_count(0)
    chat.ask()
    expect(chat.turn.locator(".maker")).to_contain_text("geschreven door een taalmodel. Elke zin")


def test_an_answer_without_a_language_model_says_nothing_of_it(chat: Chat) -> None:
    chat.ask()
    expect(chat.turn.locator(".maker")).to_have_count(0)


def test_a_remark_waits_for_its_thumb_so_that_the_last_word_is_kept(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    server.taken.append(Reply((gate,), 201, "application/json"))
    chat.ask()
    chat.button("Dit antwoord helpt niet").click()
    chat.page.get_by_role("textbox", name="Wil je er iets bij schrijven?").fill("Te lang.")
    chat.turn.locator("form button").first.click()
    chat.page.wait_for_timeout(200)
    assert len(server.sent) == 1
    gate.set()
    expect(chat.turn.get_by_text("Bedankt voor je reactie.")).to_be_visible()
    assert [body["remark"] for _, body in server.sent] == [None, "Te lang."]


def test_escape_closes_the_suggestion_and_only_then_the_panel(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    chat = Chat(page, "/knop")
    chat.button("Stel je vraag").click()
    chat.button("Doe een suggestie").click()
    page.keyboard.press("Escape")
    expect(chat.button("Doe een suggestie")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_question_from_the_page_brings_the_conversation_back(chat: Chat) -> None:
    chat.button("Doe een suggestie").click()
    assert chat.host.evaluate("(node) => node.ask('Hoe start ik?')")
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()


def test_each_answer_has_a_form_of_its_own(chat: Chat, server: MockServer) -> None:
    for question in ("Hoe start ik?", "Wat kost dat?"):
        chat.ask(question)
        chat.turn.get_by_role("button", name="Dit antwoord helpt niet").click()
        chat.turn.get_by_text("Wil je er iets bij schrijven?").wait_for()
    fields = chat.page.get_by_role("textbox", name="Wil je er iets bij schrijven?")
    ticks = chat.page.get_by_role("checkbox", name="Stuur ook mijn vraag mee.")
    expect(fields).to_have_count(2)
    expect(ticks).to_have_count(2)
    chat.turn.get_by_text("Stuur ook mijn vraag mee.").click()
    assert [tick.is_checked() for tick in ticks.all()] == [False, True]
    chat.turn.get_by_text("Wil je er iets bij schrijven?").click()
    expect(fields.last).to_be_focused()
    chat.turn.locator("form").get_by_role("button", name="Verstuur").click()
    expect(chat.turn.get_by_text("Bedankt voor je reactie.")).to_be_visible()
    assert server.sent[-1][1]["question"] == "Wat kost dat?"
    ids = chat.page.evaluate(
        "[...document.querySelector('kompas-chat').shadowRoot.querySelectorAll('[id]')].map(({ id }) => id)"
    )
    assert len(ids) == len(set(ids))
