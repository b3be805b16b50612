"""What a visitor reads, over a small fictional factsheet."""

import asyncio

import pytest

from kompasbot.answering.answer import Answer, Cited, Done, Message, Question, Said, Speaker, Started, Status
from kompasbot.errors import BadRequest, EngineUnavailable, NotFound
from tests.shelf import ITEMS, ask, assistant, index


def answer(*messages: str, **more: str) -> Answer:
    return asyncio.run(ask(*messages, **more))


def cited(reply: Answer) -> list[str]:
    return list(dict.fromkeys(citation.item_id.rsplit("/", 1)[1] for citation in reply.citations))


def test_a_question_in_other_words_finds_its_item() -> None:
    assert cited(answer("Kan onze school ergens constructiemateriaal lenen?")) == ["techkist-drentstad"]


def test_a_detail_question_is_answered_with_the_one_sentence() -> None:
    reply = answer("Wie gaf de Bouwplaat uit?")
    assert reply.blocks[0].sentences[0].text == "Stichting Voorbeeld gaf de Bouwplaat uit in 2014. [1]"


def test_a_question_for_a_section_gets_all_its_items() -> None:
    assert cited(answer("Welke tools zijn er allemaal?")) == ["kieswijzer", "bouwplaat"]


def test_every_sentence_about_the_world_stands_word_for_word_in_its_source() -> None:
    texts = {item.id: item.text for item in ITEMS}
    reply = answer("Hoe maak ik zelf een techniekles?")
    by_number = {citation.number: citation for citation in reply.citations}
    told = [one for block in reply.blocks for one in block.sentences if one.origin is not Speaker.OWN]
    assert told
    for sentence in told:
        citation = by_number[sentence.citations[0]]
        assert sentence.text.removesuffix(f" [{citation.number}]") in texts[citation.item_id]
        assert citation.quote in texts[citation.item_id]


def test_the_answer_is_its_blocks() -> None:
    reply = answer("Hoe kies ik lesmateriaal voor mijn klas?")
    assert reply.text == "\n\n".join(block.text for block in reply.blocks)
    assert "\n- Begin bij het leerdoel." in reply.text


def test_the_events_tell_the_same_as_the_answer() -> None:
    async def collect() -> list[object]:
        question = Question((Message("user", "Hoe kies ik lesmateriaal?"),))
        return [event async for event in assistant().events(index(), question)]

    events = asyncio.run(collect())
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Done)
    final = events[-1].answer
    assert [event.citation for event in events if isinstance(event, Cited)] == list(final.citations)
    said = [event.sentence for event in events if isinstance(event, Said)]
    assert said == [sentence for block in final.blocks for sentence in block.sentences]


def test_a_citation_comes_before_the_first_sentence_that_uses_it() -> None:
    async def collect() -> list[object]:
        question = Question((Message("user", "Welke voorbeelden zijn er?"),))
        return [event async for event in assistant().events(index(), question)]

    known: set[int] = set()
    for event in asyncio.run(collect()):
        if isinstance(event, Cited):
            known.add(event.citation.number)
        if isinstance(event, Said):
            assert set(event.sentence.citations) <= known


@pytest.mark.parametrize("text", ["Hallo!", "dankjewel", "Wie ben jij?", "hoe gaat het"])
def test_small_talk_gets_a_short_reply_that_says_what_it_is(text: str) -> None:
    reply = answer(text)
    assert reply.status is Status.SMALLTALK
    assert "automatische assistent" in reply.text
    assert not reply.citations


@pytest.mark.parametrize("text", ["Wat is de hoofdstad van Peru?", "Hoe bak ik een appeltaart?"])
def test_a_question_outside_the_sources_is_refused_with_suggestions(text: str) -> None:
    reply = answer(text)
    assert reply.status is Status.REFUSED
    assert reply.suggestions
    assert not reply.citations


def test_suggestions_can_be_answered() -> None:
    for suggestion in answer("Wat is de Techkist?").suggestions:
        assert answer(suggestion).status is Status.ANSWERED


def test_someone_in_distress_is_pointed_to_help_and_gets_no_suggestions() -> None:
    reply = answer("Ik wil niet meer leven.")
    assert "113" in reply.text
    assert reply.suggestions == ()


def test_an_english_question_is_answered_with_a_word_about_the_language() -> None:
    reply = answer("Where can a school borrow the Techkist in Drentstad?")
    assert "The sources are in Dutch" in reply.text
    assert cited(reply) == ["techkist-drentstad"]


def test_a_follow_up_is_understood_from_the_text_alone() -> None:
    first = answer("Wat is de Bouwplaat?")
    assert cited(answer("Wat is de Bouwplaat?", first.text, "En wie heeft dat uitgegeven?")) == ["bouwplaat"]


def test_an_ordinal_picks_from_the_list_before() -> None:
    first = answer("Welke tools zijn er?")
    assert cited(answer("Welke tools zijn er?", first.text, "Vertel meer over de tweede")) == ["bouwplaat"]


def test_an_empty_question_is_an_error() -> None:
    with pytest.raises(BadRequest, match="leeg"):
        answer("  \n ")


def test_an_unknown_factsheet_is_an_error() -> None:
    with pytest.raises(NotFound, match="bestaat-niet"):
        answer("Wat is dit?", factsheet="bestaat-niet")


def test_the_language_model_without_an_endpoint_is_an_error() -> None:
    with pytest.raises(EngineUnavailable):
        answer("Wat is dit?", engine="llm")
