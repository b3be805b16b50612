"""``/chat``: the assistant without JavaScript."""

import json
import re
from html import unescape

import httpx
import pytest

from kompasbot.answering.answer import Answer, Block, BlockKind, EngineUsed, Sentence, Speaker, Status
from kompasbot.prompts import load_texts
from kompasbot.server.markup import join, safe_url, tag
from kompasbot.server.plainpage import PlainPage

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def visible(page: str) -> str:
    """The text of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(title|textarea).*?</\1>", "", page))).split())


def carried(page: str) -> str:
    found = re.search(r'name="gesprek" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def test_the_form_says_what_it_is(client: httpx.Client) -> None:
    page = client.get("/chat")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Dit is een automatische assistent." in page.text
    assert "<script" not in page.text


def test_the_answer_is_the_one_that_the_interface_gives(client: httpx.Client) -> None:
    question = "Wat is de Kieswijzer?"
    answer = client.post("/v1/chat", json={"messages": [{"role": "user", "content": question}]}).json()
    page = visible(client.post("/chat", data={"vraag": question}).text)
    for block in answer["blocks"]:
        for sentence in block["sentences"]:
            assert " ".join(sentence["text"].split()) in page
    for citation in answer["citations"]:
        assert " ".join(citation["quote"].split()) in page
        assert f"[{citation['number']}] {citation['title']}" in page
    assert "onze samenvatting van de factsheet" in page
    for suggestion in answer["suggestions"]:
        assert suggestion in page


def test_a_number_leads_to_its_source(client: httpx.Client) -> None:
    page = client.post("/chat", data={"vraag": "Wat onderzocht Jansen?"}).text
    assert 'href="#bron-1"' in page
    assert 'id="bron-1"' in page
    assert 'href="https://example.org/jansen"' in page
    assert "Vermoedelijke vindplaats: example.org" in page


def test_a_follow_up_question_is_understood(client: httpx.Client) -> None:
    first = client.post("/chat", data={"vraag": "Wat is de Kieswijzer?"}).text
    page = client.post("/chat", data={"vraag": "Hoeveel adviezen geeft die?", "gesprek": carried(first)}).text
    assert "Kieswijzer" in visible(page)
    assert carried(page).count('"role"') == 4


@pytest.mark.parametrize(("typed", "says"), [("", "De vraag is leeg."), ("x" * 2001, "Maak de vraag korter")])
def test_a_mistake_is_explained_and_what_was_typed_stays(client: httpx.Client, typed: str, says: str) -> None:
    response = client.post("/chat", data={"vraag": typed})
    assert response.status_code == 422
    assert says in visible(response.text)
    assert f">{typed}</textarea>" in response.text


def test_what_a_visitor_sends_is_never_markup(client: httpx.Client) -> None:
    for form in ({"vraag": EVIL}, {"vraag": EVIL * 60}, {"vraag": "Wat is de Kieswijzer?", "gesprek": EVIL}):
        page = client.post("/chat", data=form).text
        assert not re.search(r"<(script|img src=x)", page)


@pytest.mark.parametrize("text", ["[]", "{", "7", '[{"role": "system"}]', "[" * 5000, '[{"role":"user","content":5}]'])
def test_a_conversation_that_cannot_be_read_is_left_out(client: httpx.Client, text: str) -> None:
    page = client.post("/chat", data={"vraag": "Wat is de Kieswijzer?", "gesprek": text})
    assert page.status_code == 200
    assert carried(page.text).count('"role"') == 2


def test_a_body_that_is_no_form_is_an_empty_question(client: httpx.Client) -> None:
    for body in (b"\xff\xfe", b"&".join([b"a=b"] * 50)):
        assert client.post("/chat", content=body).status_code == 422


def test_markup_is_made_by_us_only() -> None:
    assert tag("p", "<b>", tag("i", "x"), ["&", None], title='"') == '<p title="&quot;">&lt;b&gt;<i>x</i>&amp;</p>'
    assert join("<", tag("img", alt="")) == '&lt;<img alt="">'


@pytest.mark.parametrize("url", ["javascript:alert(1)", "java\tscript:x", "data:text/html,x", "//x", "x", "", None])
def test_only_addresses_of_websites_are_linked(url: str | None) -> None:
    assert safe_url(url) is None


def test_the_choices_of_a_question_back_are_buttons_that_ask(client: httpx.Client) -> None:
    page = client.post("/chat", data={"vraag": "help"}).text
    assert "Kies een vraag" in visible(page)
    assert "Vraag ook" not in visible(page)
    choices = [unescape(value) for value in re.findall(r'<button name="vraag" value="([^"]*)"', page)]
    assert 2 <= len(choices) <= 4
    carried_back = json.loads(carried(page))[-1]["content"]
    assert carried_back.splitlines()[-len(choices) :] == [f"- {choice}" for choice in choices]
    chosen = client.post("/chat", data={"vraag": choices[0], "gesprek": carried(page)}).text
    assert 'class="sources"' in chosen


def said(kind: BlockKind, *sentences: Sentence, as_list: bool = False) -> Block:
    return Block(kind, sentences, None, as_list)


def written(*blocks: Block, status: Status = Status.ANSWERED) -> str:
    """The page of an answer of these blocks."""
    page = PlainPage(load_texts())
    page.answer("Vraag?", Answer("a", status, blocks, (), (), EngineUsed("extractive"), "i"), ())
    return page.html()


def test_a_notice_is_marked_wherever_it_stands() -> None:
    told = Sentence("Dit staat er.", (), Speaker.ITEM)
    absent = Sentence("Over de prijs staat er niets.", (), Speaker.ABSENCE)
    page = written(
        said(BlockKind.SECTION, told),
        said(BlockKind.NOTICE, absent),
        said(BlockKind.OUTRO, told),
        status=Status.PARTIAL,
    )
    assert page.count('class="block notice"') == 1
    assert "Dit staat er. Let op: Over de prijs staat er niets. Dit staat er." in visible(page)


def test_sentences_in_our_own_words_are_marked_where_a_run_of_them_ends() -> None:
    first, second = (Sentence(text, (), Speaker.REVIEWED) for text in ("Begin klein.", "Zoek partners."))
    page = visible(
        written(
            said(BlockKind.SECTION, Sentence("Ja.", (), Speaker.COMPOSED), Sentence("Dat mag.", (), Speaker.ITEM)),
            said(BlockKind.SECTION, first),
            said(BlockKind.SECTION, second, second, as_list=True),
            said(BlockKind.OUTRO, Sentence("Tot zover.")),
        )
    )
    assert (
        "Ja. (onze woorden) Dat mag. Begin klein. Zoek partners. Zoek partners. (onze samenvatting) Tot zover." in page
    )
