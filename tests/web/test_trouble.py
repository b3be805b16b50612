"""When things go wrong there is always a Dutch sentence and a way on."""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.web.answers import START, answer, block, events, sentence, stream
from tests.web.conftest import Chat
from tests.web.mockserver import MockServer, Reply, problem, sse

pytestmark = pytest.mark.browser


def test_a_broken_stream_keeps_what_was_shown_and_one_press_resumes(chat: Chat, server: MockServer) -> None:
    gate = threading.Event()
    pieces = events(START)
    server.replies = [Reply((*pieces[:4], 0.3), cut=True), Reply((*pieces[:2], gate, *pieces[2:]))]
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()
    expect(chat.turn.get_by_text("Provan & Kenis (2005)").first).to_be_visible()
    chat.button("Maak het antwoord af").click()
    expect(chat.turn.get_by_text("Bezig met je antwoord")).to_be_visible()
    expect(chat.turn.get_by_text("Provan & Kenis (2005)").first).to_be_visible()
    gate.set()
    expect(chat.turn.get_by_text("Houd het gedeeld belang").first).to_be_visible()
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_have_count(0)
    assert chat.turn.locator(".answer .said").count() == 7
    assert server.asked[0] == server.asked[1]


def test_an_answer_that_breaks_twice_keeps_the_longer_part(chat: Chat, server: MockServer) -> None:
    pieces = events(START)
    server.replies = [Reply((*pieces[:6], 0.3), cut=True), Reply((*pieces[:2], 0.3), cut=True)]
    chat.send("Hoe start ik?")
    chat.button("Maak het antwoord af").click()
    expect(chat.turn.get_by_text("Bezig met je antwoord")).to_be_visible()
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()
    expect(chat.turn.get_by_text("Provan & Kenis (2005)").first).to_be_visible()
    expect(chat.turn.get_by_text("ondervertegenwoordigde mensen").first).to_be_visible()


def test_an_answer_that_comes_out_otherwise_the_second_time_replaces_the_first(chat: Chat, server: MockServer) -> None:
    other = answer([block("section", sentence("Dit is een ander antwoord."), sentence("Met een tweede zin."))])
    server.replies = [Reply((*events(START)[:4], 0.3), cut=True), stream(other)]
    chat.send("Hoe start ik?")
    chat.button("Maak het antwoord af").click()
    expect(chat.turn.get_by_text("Met een tweede zin.")).to_be_visible()
    assert chat.turn.locator(".answer .said").all_inner_texts() == ["Dit is een ander antwoord.", "Met een tweede zin."]


def test_a_stream_that_ends_without_done_is_unfinished(chat: Chat, server: MockServer) -> None:
    server.replies.append(Reply(tuple(events(START)[:-1])))
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()


def test_an_answer_that_says_it_is_incomplete_can_be_asked_again(chat: Chat, server: MockServer) -> None:
    server.replies.append(stream(answer([block("section", sentence("Een begin."))], complete=False)))
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()
    expect(chat.button("Maak het antwoord af")).to_be_visible()


def test_a_limit_counts_down_and_then_lets_go(clocked: Page, server: MockServer) -> None:
    chat = Chat(clocked)
    server.replies.append(problem(429, "Te veel vragen", "Je stelt veel vragen achter elkaar.", ("Retry-After", "65")))
    chat.send("Hoe start ik?")
    expect(chat.turn).to_contain_text("Je kunt het over 1 minuut en 5 seconden opnieuw proberen.")
    retry = chat.button("Probeer opnieuw")
    expect(retry).to_have_attribute("aria-disabled", "true")
    retry.click(force=True)
    assert len(server.asked) == 1
    clocked.clock.run_for(20_000)
    expect(chat.turn).to_contain_text("over 45 seconden")
    clocked.clock.run_for(46_000)
    expect(chat.turn).to_contain_text("Je kunt het nu opnieuw proberen.")
    retry.click()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()


def test_a_rejected_question_shows_the_servers_reason_and_can_be_changed(chat: Chat, server: MockServer) -> None:
    server.replies.append(problem(422, "De vraag is leeg", "Typ een vraag van minstens één woord."))
    chat.send("???")
    expect(chat.turn).to_contain_text("De vraag is leeg. Typ een vraag van minstens één woord.")
    chat.button("Pas je vraag aan").click()
    expect(chat.box).to_have_value("???")
    expect(chat.box).to_be_focused()


def test_a_conversation_that_is_too_big_offers_a_new_one(chat: Chat, server: MockServer) -> None:
    server.replies.append(Reply((b"too big",), 413, "text/plain"))
    chat.send("Hoe start ik?")
    expect(chat.turn).to_contain_text("Dit gesprek is te lang geworden.")
    chat.turn.get_by_role("button", name="Nieuw gesprek").click()
    expect(chat.page.get_by_role("heading", name="Waar kan ik je mee helpen?")).to_be_visible()


FAULTS = [
    (Reply((b"<h1>Bad Gateway</h1>",), 502, "text/html"), "De assistent heeft een storing."),
    (problem(503, "Er is nog geen index", "Wacht even."), "Er is nog geen index. Wacht even."),
    (Reply((sse("error", {"title": "Storing", "detail": "Er ging iets mis."}),)), "Storing. Er ging iets mis."),
    (Reply((b"event: error\ndata: {\n\n",)), "De assistent heeft een storing."),
    (Reply((b"event: done\ndata: {geen json\n\n",)), "De verbinding met de assistent is weggevallen."),
    (Reply((b"event: sentence\ndata: 12\n\nevent: done\ndata: []\n\n",)), "is weggevallen."),
    (Reply((b'"een tekst"',), content_type="application/json"), "is weggevallen."),
    (Reply((b"",)), "is weggevallen."),
]


def test_every_fault_of_the_server_has_a_dutch_sentence_and_a_way_on(chat: Chat, server: MockServer) -> None:
    server.replies = [reply for reply, _ in FAULTS]
    chat.send("Hoe start ik?")
    for _, words in FAULTS:
        expect(chat.turn.locator(".ending")).to_contain_text(words)
        chat.button("Probeer opnieuw").click()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()


def test_invalid_events_between_valid_ones_do_no_harm(chat: Chat, server: MockServer) -> None:
    noise = b": ping\n\nevent: sentence\ndata: {\n\nevent: vreemd\ndata: {}\n\nevent: citation\ndata: null\n\n"
    server.replies.append(Reply(tuple(piece for event in events(START) for piece in (noise, event))))
    chat.ask()
    assert "Houd het gedeeld belang" in chat.shown()


def test_offline_is_said_and_can_be_retried(chat: Chat) -> None:
    offline = chat.page.context
    offline.set_offline(True)
    chat.send("Hoe start ik?")
    expect(chat.turn).to_contain_text("Je hebt nu geen internet.")
    offline.set_offline(False)
    chat.button("Probeer opnieuw").click()
    expect(chat.turn.get_by_role("heading", name="Bronnen")).to_be_visible()


def test_a_server_that_is_not_there_is_said(chat: Chat) -> None:
    chat.page.route("**/v1/chat", lambda route: route.abort())
    chat.send("Hoe start ik?")
    expect(chat.turn).to_contain_text("De assistent is nu niet te bereiken.")


def test_a_slow_answer_is_excused_and_silence_ends_it(clocked: Page, server: MockServer) -> None:
    chat = Chat(clocked)
    gate = threading.Event()
    server.replies.append(Reply((gate,)))
    chat.send("Hoe start ik?")
    expect(chat.turn).to_contain_text("Bezig met je antwoord")
    clocked.clock.run_for(9_000)
    expect(chat.turn).to_contain_text("Dit duurt langer dan normaal.")
    clocked.clock.run_for(40_000)
    expect(chat.turn).to_contain_text("De assistent reageert niet meer.")
    expect(chat.button("Probeer opnieuw")).to_be_visible()
    gate.set()


def test_nothing_typed_and_too_much_typed_are_said_not_sent(chat: Chat, server: MockServer) -> None:
    chat.button("Verstuur je vraag").click()
    expect(chat.page.get_by_text("Typ eerst een vraag.")).to_be_visible()
    chat.send("a" * 2001)
    expect(chat.page.get_by_text("Je vraag is te lang: 2001 van de 2000 tekens.")).to_be_visible()
    expect(chat.box).to_have_attribute("aria-invalid", "true")
    assert server.asked == []


def test_retry_after_is_read_in_every_form(page: Page) -> None:
    page.goto("/school")
    headers = ["7", "0", "99999", None, "onzin", "Thu, 01 Jan 1970 00:01:10 GMT"]
    read = "(all) => import('/widget/stream.js').then((m) => all.map((one) => m.retryAfter(one, 60_000)))"
    assert page.evaluate(read, headers) == [7, 1, 3600, 30, 30, 10]


def test_events_are_read_whatever_their_pieces_and_line_ends(page: Page) -> None:
    page.goto("/school")
    lines = [": ping", "event: een", "data: a", "data:b", "", "data", "", "event: leeg", "", "data: c", "", "x"]
    read = """(text) => import('/widget/stream.js').then(({ EventParser }) => {
      const parser = new EventParser();
      return [...text].flatMap((piece) => parser.push(piece)).map(({ event, data }) => [event, data]);
    })"""
    for ending in ("\n", "\r\n", "\r"):
        found = page.evaluate(read, ending.join(lines))
        assert found == [["een", "a\nb"], ["message", ""], ["message", "c"]]
