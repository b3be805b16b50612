"""The journeys of a visitor when all goes well."""

import json
import re
import threading

import pytest
from playwright.sync_api import Page, expect

from tests.web.answers import CLARIFY, OURS, PARTIAL, START, answer, block, citation, events, sentence, stream
from tests.web.conftest import Chat, host
from tests.web.mockserver import Json, MockServer, Reply

pytestmark = pytest.mark.browser


def test_says_from_the_start_that_it_is_automatic_and_how_to_reach_a_person(chat: Chat) -> None:
    expect(chat.page.get_by_text("Dit is een automatische assistent. Die kan fouten maken")).to_be_visible()
    contact = chat.page.get_by_role("link", name="Liever contact met een mens?")
    expect(contact).to_have_attribute("href", "mailto:hulp@school.example")


def test_sentences_appear_while_the_answer_is_still_on_its_way(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    pieces = events(START)
    server.replies.append(Reply((*pieces[:4], gate, *pieces[4:])))
    chat.send("Hoe start ik een regionale samenwerking?")
    expect(chat.turn.get_by_text("Provan & Kenis (2005)")).to_be_visible()
    expect(chat.turn.get_by_text("Bezig met je antwoord")).to_be_visible()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_have_count(0)
    gate.set()
    expect(chat.turn.get_by_text("Bezig met je antwoord")).to_have_count(0)
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()


def test_headings_and_lists_are_shown_as_such(chat: Chat) -> None:
    chat.ask()
    expect(chat.turn.get_by_role("heading", name="Wat je kunt gebruiken")).to_be_visible()
    assert chat.turn.locator(".answer li").count() == 3


def test_a_notice_is_marked(chat: Chat, server: MockServer) -> None:
    server.replies.append(stream(PARTIAL))
    chat.ask("Wat kost een Techhub?")
    expect(chat.turn.locator(".notice")).to_contain_text(
        "Let op: Over de kosten van een Techhub zeggen de bronnen niets"
    )


def test_a_notice_is_shown_where_it_stands(chat: Chat, server: MockServer) -> None:
    server.replies.append(stream(OURS))
    chat.ask("Is er een Techhub, en wat kost die?")
    assert chat.turn.locator(".block").evaluate_all("(blocks) => blocks.map((one) => one.className)") == [
        "block section", "block notice", "block section", "block section", "block outro",
    ]  # fmt: skip
    expect(chat.turn.locator(".notice")).to_contain_text("Let op: Over de kosten zeggen de bronnen niets.")


def test_what_is_in_our_own_words_says_so_once_behind_them(chat: Chat, server: MockServer) -> None:
    server.replies += [stream(OURS), stream(START)]
    chat.ask("Is er een Techhub?")
    expect(chat.turn.locator(".whose")).to_have_text(["(onze woorden)", "(onze samenvatting)"])
    expect(chat.turn.locator(".block").nth(0)).to_contain_text("(onze woorden) Er is een Techhub in Epe")
    expect(chat.turn.locator("li").filter(has_text="Zoek een school")).to_contain_text("(onze samenvatting)")
    expect(chat.turn.locator("li").filter(has_text="Zoek een plek")).not_to_contain_text("(onze samenvatting)")
    chat.page.reload()
    expect(chat.turn.locator(".whose")).to_have_count(2)
    chat.ask("Hoe start ik?")
    expect(chat.turn.locator(".whose")).to_have_count(0)


def test_the_choices_of_a_question_back_ask_when_pressed(chat: Chat, server: MockServer) -> None:
    server.replies += [stream(CLARIFY), stream(START)]
    chat.ask("techhub")
    expect(chat.turn.get_by_role("heading", name="Kies een vraag")).to_be_visible()
    expect(chat.turn.get_by_role("heading", name="Vraag ook")).to_have_count(0)
    for choice in CLARIFY["suggestions"]:
        expect(chat.button(choice)).to_be_visible()
    expect(chat.button("Dit antwoord helpt")).to_have_count(0)
    chat.button("Wat doet de Techhub in Epe?").click()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()
    sent = server.asked[-1]["messages"]
    assert sent[-1] == {"role": "user", "content": "Wat doet de Techhub in Epe?"}
    listed = "\n".join(f"- {choice}" for choice in CLARIFY["suggestions"])
    assert sent[-2]["content"] == f"{CLARIFY['answer']}\n\n{listed}"


def test_a_number_opens_its_source_below_the_text(chat: Chat) -> None:
    chat.ask()
    chat.button("Bron 1: Provan & Kenis").click()
    card = chat.turn.get_by_role("group", name="Bron 1:")
    expect(card).to_contain_text("Inzicht")
    expect(card).to_contain_text("onze samenvatting van de factsheet")
    expect(card).to_contain_text("bijgewerkt op 23 november 2026")
    expect(card.locator("blockquote")).to_contain_text("Betrokkenen kunnen op verschillende manieren")
    link = card.get_by_role("link", name=re.compile("Vermoedelijke vindplaats: doi.org"))
    expect(link).to_have_attribute("href", "https://doi.org/10.1093/jopart/mum015")


def test_one_source_is_open_at_a_time_and_its_number_closes_it(chat: Chat) -> None:
    chat.ask()
    chat.button("Bron 1:").click()
    chat.button("Bron 2:").click()
    expect(chat.turn.locator(".card")).to_have_count(1)
    chat.button("Bron 2:").and_(chat.page.locator(".mark")).click()
    expect(chat.turn.locator(".card")).to_have_count(0)


def test_a_source_says_whose_words_it_holds_and_where_they_stand(chat: Chat) -> None:
    chat.ask()
    for number, words in (
        (4, "uit de factsheet"),
        (3, "onze samenvatting van de factsheet"),
        (6, "Samenwerkingstools, bladzijde 3, Reflecteren"),
        (6, "uit een gelinkt document"),
        (7, "onze notitie bij een gelinkt document"),
    ):
        mark = chat.turn.locator(".answer").get_by_role("button", name=f"Bron {number}:")
        if mark.get_attribute("aria-expanded") == "false":
            mark.click()
        expect(chat.turn.locator(".card")).to_contain_text(words)


def test_a_document_names_the_items_that_link_to_it(chat: Chat) -> None:
    chat.ask()
    chat.button("Bron 6:").click()
    expect(chat.turn.locator(".card")).to_contain_text("Gelinkt bij: Radboud Universiteit: vijf adviezen")
    chat.turn.locator(".sources .document summary").click()
    expect(chat.turn.locator(".sources .document")).to_contain_text("Gelinkt bij: Radboud Universiteit: vijf adviezen")


def test_a_known_address_is_linked_and_an_unknown_one_is_not(chat: Chat) -> None:
    chat.ask()
    chat.button("Bron 2:").click()
    expect(chat.turn.locator(".card").get_by_role("link", name="Bekijk de bron: doi.org")).to_be_visible()
    chat.button("Bron 3:").click()
    expect(chat.turn.locator(".card").get_by_role("link")).to_have_count(0)


def test_sources_are_grouped_by_type_in_order(chat: Chat) -> None:
    chat.ask()
    groups = chat.turn.locator(".sources h5").all_inner_texts()
    assert groups == ["Inzichten", "Praktijkvoorbeelden", "Tools", "Algemeen", "Documenten"]


def test_two_quotes_of_one_item_stand_together(chat: Chat) -> None:
    chat.ask()
    tools = chat.turn.locator(".sources .tool")
    expect(tools.locator("summary")).to_have_text(
        ["Bron 4Bron 5Radboud Universiteit: vijf adviezen voor regionale samenwerking"]
    )
    tools.locator("summary").click()
    expect(tools.locator("blockquote")).to_have_text([START["citations"][3]["quote"], START["citations"][4]["quote"]])


def test_a_suggestion_is_asked_when_pressed_and_goes_away(chat: Chat, server: MockServer) -> None:
    chat.ask()
    chat.button("Hoe bouw je aan vertrouwen tussen partners?").click()
    expect(chat.turn.get_by_role("heading", level=3)).to_contain_text("Hoe bouw je aan vertrouwen")
    chat.turn.get_by_role("heading", name="Bronnen").wait_for()
    assert server.asked[-1]["messages"][-1] == {
        "role": "user",
        "content": "Hoe bouw je aan vertrouwen tussen partners?",
    }
    expect(chat.button("Hoe bouw je aan vertrouwen tussen partners?")).to_have_count(1)


def test_a_first_question_starts_the_conversation(chat: Chat, server: MockServer) -> None:
    chat.button("Welke voorbeelden zijn er met basisscholen?").click()
    chat.turn.get_by_role("heading", name="Bronnen").wait_for()
    assert [m["content"] for m in server.asked[0]["messages"]] == ["Welke voorbeelden zijn er met basisscholen?"]


def test_stop_keeps_what_was_shown_and_tells_the_server(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    server.replies.append(Reply((*events(START)[:4], gate)))
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Provan & Kenis (2005)")).to_be_visible()
    chat.button("Stop met antwoorden").click()
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()
    expect(chat.turn.get_by_text("Provan & Kenis (2005)").first).to_be_visible()
    expect(chat.box).to_be_focused()
    gate.set()


def test_the_history_goes_back_with_its_citations(chat: Chat, server: MockServer) -> None:
    chat.ask("Eerste vraag")
    chat.ask("En de tweede?")
    first, reply, last = server.asked[-1]["messages"]
    assert (first["content"], last["content"]) == ("Eerste vraag", "En de tweede?")
    assert reply["content"] == START["answer"]
    assert reply["citations"][0] == {"number": 1, "item_id": "regionale-samenwerking/inzicht/provan-kenis"}


def test_a_long_history_is_cut_to_forty_messages_and_64_kb(page: Page, server: MockServer) -> None:
    Chat(page)
    sizes: list[list[int]] = page.evaluate(
        """async () => {
          const { requestBody } = await import("/widget/conversation.js");
          const turn = (n) => ({ question: "v".repeat(n), answer: { citations: [],
            blocks: [{ kind: "section", sentences: [{ text: "é".repeat(n), citations: [] }] }] } });
          return [10, 3000].map((n) => {
            const body = requestBody(Array.from({ length: 60 }, () => turn(n)), "vraag", "");
            return [JSON.parse(body).messages.length, new TextEncoder().encode(body).length];
          });
        }"""
    )
    (many, _), (few, size) = sizes
    assert many == 39
    assert few > 9
    assert size <= 65536


def test_the_conversation_survives_a_change_of_page(chat: Chat, server: MockServer) -> None:
    chat.ask("Hoe start ik?")
    chat.page.get_by_role("link", name="Een link").click()
    chat.page.goto("/school")
    expect(chat.turn.get_by_role("heading", name="Hoe start ik?")).to_be_visible()
    chat.button("Bron 2:").click()
    expect(chat.turn.locator(".card")).to_contain_text("Diverse teams")
    chat.ask("En daarna?")
    assert len(server.asked[-1]["messages"]) == 3


def test_an_answer_cut_off_by_a_change_of_page_is_kept_as_unfinished(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    server.replies.append(Reply((*events(START)[:4], gate)))
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Provan & Kenis (2005)")).to_be_visible()
    chat.page.reload()
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()
    expect(chat.turn.get_by_text("Provan & Kenis (2005)").first).to_be_visible()
    gate.set()


def test_a_new_conversation_begins_empty_and_the_old_one_can_come_back(chat: Chat) -> None:
    chat.ask("Hoe start ik?")
    chat.button("Nieuw gesprek").click()
    expect(chat.page.get_by_role("heading", name="Waar kan ik je mee helpen?")).to_be_visible()
    chat.button("Zet het vorige gesprek terug").click()
    expect(chat.turn.get_by_role("heading", name="Hoe start ik?")).to_be_visible()


def test_a_new_conversation_while_busy_stops_the_answer_silently(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    server.replies.append(Reply((*events(START)[:4], gate)))
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Provan & Kenis (2005)")).to_be_visible()
    chat.button("Nieuw gesprek").click()
    expect(chat.page.get_by_role("status")).to_have_text("Er is een nieuw gesprek begonnen.")
    chat.button("Zet het vorige gesprek terug").click()
    expect(chat.turn.get_by_text("Je hebt dit antwoord gestopt.")).to_be_visible()
    expect(chat.button("Verstuur je vraag")).to_have_attribute("aria-disabled", "false")
    gate.set()


def test_an_answer_is_copied_with_its_sources(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.ask("Hoe start ik?")
    chat.button("Kopieer met bronnen").click()
    expect(chat.button("Gekopieerd")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "Houd het gedeeld belang steeds voor ogen [4]." in copied
    assert "Inzichten\n[1] Provan & Kenis" in copied
    assert "Vermoedelijke vindplaats: https://doi.org/10.1093" in copied
    assert "steamlimburg.nl" not in copied


@pytest.mark.parametrize(
    ("whole", "lines"),
    [
        (OURS, ["Ja [1]. (onze woorden) Er is een Techhub in Epe [1].", "- Zoek een school [1]. (onze samenvatting)"]),
        (CLARIFY, ["- Wat doet de Techhub in Apeldoorn?", "- Wat doet de Techhub in Epe?"]),
    ],
)
def test_a_copy_says_whose_words_it_has_and_what_was_asked_back(
    chat: Chat, server: MockServer, whole: Json, lines: list[str]
) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    server.replies.append(stream(whole))
    chat.ask("Hoe start ik?")
    chat.button("Kopieer met bronnen").click()
    expect(chat.button("Gekopieerd")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()").splitlines()
    assert set(lines) <= set(copied)


def test_two_widgets_on_a_page_keep_their_own_conversation(page: Page, server: MockServer) -> None:
    server.pages["/twee"] = host("<kompas-chat></kompas-chat><kompas-chat></kompas-chat>")
    page.goto("/twee")
    first, second = page.locator("kompas-chat").all()
    for widget, question in ((first, "Vraag een"), (second, "Vraag twee")):
        widget.get_by_role("textbox").fill(question)
        widget.get_by_role("textbox").press("Enter")
        widget.get_by_role("heading", name="Bronnen").wait_for()
    page.reload()
    expect(first.get_by_role("heading", level=3)).to_have_text("Jouw vraag: Vraag een")
    expect(second.get_by_role("heading", level=3)).to_have_text("Jouw vraag: Vraag twee")


def test_the_host_page_hears_what_happens(chat: Chat) -> None:
    chat.page.evaluate(
        """() => { window.heard = [];
          const note = (name) => ({ detail }) => heard.push([name, detail.item_id ?? detail.question]);
          for (const name of ["question", "answer", "citation", "error"])
            document.addEventListener(`kompas-${name}`, note(name)); }"""
    )
    chat.ask("Hoe start ik?")
    chat.button("Bron 1:").click()
    heard: list[list[str]] = chat.page.evaluate("heard")
    assert [name for name, _ in heard] == ["question", "answer", "citation"]
    assert heard[2][1] == "regionale-samenwerking/inzicht/provan-kenis"


def test_attributes_are_properties_also_when_set_before_the_definition(page: Page, server: MockServer) -> None:
    server.pages["/laat"] = host("<kompas-chat></kompas-chat>").replace("/kompas-chat.js", "/pagina-zonder.js")
    page.goto("/laat")
    page.evaluate("document.querySelector('kompas-chat').factsheet = 'regionale-samenwerking'")
    page.evaluate("import('/kompas-chat.js')")
    chat = page.locator("kompas-chat")
    expect(chat).to_have_attribute("factsheet", "regionale-samenwerking")
    chat.get_by_role("textbox").fill("Vraag")
    chat.get_by_role("textbox").press("Enter")
    chat.get_by_role("heading", name="Bronnen").wait_for()
    assert server.asked[0]["factsheet"] == "regionale-samenwerking"


def test_the_complete_answer_wins_over_what_was_streamed(chat: Chat, server: MockServer) -> None:
    whole = answer([block("section", sentence("Dit is het hele antwoord [1].", 1))], [_source()])
    streamed = answer([block("section", sentence("Dit stond er eerst."))])
    server.replies.append(Reply((*events(streamed)[:-1], events(whole)[-1])))
    chat.ask()
    assert "Dit is het hele antwoord" in chat.shown()
    assert "Dit stond er eerst" not in chat.shown()


def test_a_json_answer_is_fine_too(chat: Chat, server: MockServer) -> None:
    server.replies.append(Reply((json.dumps(START).encode(),), content_type="application/json"))
    chat.ask()
    assert "Houd het gedeeld belang" in chat.shown()


def _source() -> Json:
    return citation(1, "inzicht", "provan-kenis", "Provan & Kenis", "Dit is het hele antwoord.")


def test_a_page_may_ask_the_next_question_as_soon_as_it_hears_of_the_answer(chat: Chat, server: MockServer) -> None:
    server.replies += [stream(START), Reply((threading.Event(),))]
    chat.page.evaluate(
        "addEventListener('kompas-answer', (event) => event.target.ask('En dan?'), { once: true, capture: true })"
    )
    chat.send("Hoe start ik?")
    expect(chat.turn.locator(".question")).to_contain_text("En dan?")
    expect(chat.button("Stop")).to_be_visible()
    chat.button("Stop").click()
    expect(chat.turn).to_contain_text("Je hebt dit antwoord gestopt.")
