"""What is said to a turn of conversation that asks nothing new, and to one that asks too little."""

import pytest

from kompasbot.answering.answer import BlockKind, Speaker, Status
from tests.fullshelf import (
    DE_WIT,
    EDITORS_NOTE,
    JANSEN,
    LESFABRIEK,
    MAKERBUS,
    PROEF,
    TECHKIST,
    WERKPLAATS,
    bare,
    cited,
    said,
    talk,
)

ABOUT = "Wat is de Techkist?"


@pytest.mark.parametrize("text", ["Bron?", "Waar haal je dat vandaan?", "Waar staat dat?", "source?"])
def test_the_source_of_what_was_told_is_named(text: str) -> None:
    reply = talk(ABOUT, text)
    assert reply.status is Status.ANSWERED
    assert said(reply) == ["Dit komt uit het praktijkvoorbeeld 'Techkist Drentstad'."]
    assert cited(reply) == [TECHKIST]


def test_the_source_says_what_the_factsheet_refers_to_and_what_its_note_was_made_from() -> None:
    reply = talk("Wat zeggen Jansen & Pieters?", "Wat is de bron?")
    assert "De factsheet verwijst daarbij naar: Jansen & Pieters (2011)." in said(reply)
    assert "Dit is een notitie bij Jansen & Pieters, gemaakt uit een bericht op bieb.example." in said(reply)
    assert cited(reply) == [JANSEN, PROEF]


@pytest.mark.parametrize("text", ["Kan het makkelijker?", "Dat snap ik niet", "Leg dat eens uit in gewone taal"])
def test_the_easier_wording_that_was_reviewed_is_told(text: str) -> None:
    reply = talk(ABOUT, text)
    assert said(reply, Speaker.REVIEWED) == ["Scholen in Drentstad lenen een kist met spullen bij de bibliotheek."]
    assert cited(reply) == [TECHKIST]


def test_who_still_does_not_understand_gets_more_and_not_the_same_again() -> None:
    reply = talk("Wat is de Lesfabriek?", "Wat bedoel je?")
    assert cited(reply) == [WERKPLAATS]


def test_without_an_easier_wording_the_items_own_words_are_told() -> None:
    reply = talk("Wat is de Makerbus?", "Kan het eenvoudiger?")
    assert (reply.status, cited(reply)) == (Status.ANSWERED, [MAKERBUS])


@pytest.mark.parametrize("text", ["Kan het korter?", "in één zin graag", "Korter"])
def test_shorter_is_one_sentence(text: str) -> None:
    reply = talk(ABOUT, text)
    assert said(reply) == ["In Drentstad leent de bibliotheek een Techkist uit aan 12 basisscholen."]


@pytest.mark.parametrize("text", ["Vertel meer", "Meer informatie graag", "En verder?", "Tell me more"])
def test_longer_is_what_was_not_told_yet(text: str) -> None:
    told = talk("Wat is de Lesfabriek?", text)
    assert cited(told) == [WERKPLAATS]
    assert not set(said(told)) & set(said(talk("Wat is de Lesfabriek?")))


def test_when_there_is_no_more_that_is_said_with_something_near() -> None:
    reply = talk(ABOUT, "Vertel meer")
    assert said(reply, Speaker.OWN) == ["Meer dan dit weten mijn bronnen er niet over. Wel dit, dat er dichtbij ligt."]
    assert reply.citations
    assert TECHKIST not in cited(reply)


@pytest.mark.parametrize(
    "text",
    ["Vat samen wat je tot nu toe hebt verteld", "Geef een samenvatting van ons gesprek", "Wat hebben we besproken?"],
)
def test_a_summary_is_what_the_conversation_told_in_its_order(text: str) -> None:
    reply = talk("Wat is de Makerbus?", ABOUT, "Dank je", text)
    assert said(reply, Speaker.OWN) == ["Dit hebben we tot nu toe besproken."]
    assert cited(reply) == [MAKERBUS, TECHKIST]
    told = [*said(talk("Wat is de Makerbus?"), Speaker.ITEM), *said(talk(ABOUT), Speaker.ITEM)]
    assert [bare(sentence) for sentence in reply.blocks[1].sentences] == told


@pytest.mark.parametrize("text", ["In het Engels graag", "in English please", "Kun je dat vertalen naar het Engels?"])
def test_english_is_the_telling_that_was_reviewed(text: str) -> None:
    reply = talk(ABOUT, text)
    assert said(reply) == ["In Drentstad the library lends a Techkist to 12 primary schools."]
    assert cited(reply) == [TECHKIST]


def test_without_a_telling_in_english_that_is_said_before_the_dutch() -> None:
    reply = talk("Wat is de Makerbus?", "In English please")
    assert said(reply)[0] == "The sources are in Dutch, so this answer is too."
    assert cited(reply) == [MAKERBUS]


def test_an_english_question_gets_the_telling_in_english_that_was_reviewed() -> None:
    reply = talk("What is the Techkist in Drentstad?")
    assert "In Drentstad the library lends a Techkist to 12 primary schools." in said(reply, Speaker.REVIEWED)


def test_an_english_question_without_one_is_told_why_the_answer_is_in_dutch() -> None:
    reply = talk("What is the Makerbus in Gent?")
    assert said(reply)[0] == "The sources are in Dutch, so this answer is too."
    assert cited(reply) == [MAKERBUS]


def test_another_language_is_not_promised() -> None:
    reply = talk(ABOUT, "In het Frans graag")
    assert reply.status is Status.CLARIFY
    assert "in het Nederlands of in het Engels" in reply.text


@pytest.mark.parametrize("text", ["Klopt dat?", "Weet je dat zeker?", "Is dat echt zo?"])
def test_doubt_is_met_with_where_it_stands_and_what_the_editor_says(text: str) -> None:
    reply = talk("Wat is de Lesfabriek?", text)
    assert said(reply)[0] == "Zo staat het in het praktijkvoorbeeld 'De Lesfabriek'."
    assert any(EDITORS_NOTE in sentence for sentence in said(reply, Speaker.COMPOSED))
    assert cited(reply) == [LESFABRIEK]


def test_doubt_never_gets_a_bare_repetition() -> None:
    first, second = talk("Wat onderzocht De Wit?"), talk("Wat onderzocht De Wit?", "Klopt dat?")
    assert second.status is Status.ANSWERED
    assert cited(second) == [DE_WIT]
    assert said(second) != said(first)


@pytest.mark.parametrize(
    "text", ["Dit is geen antwoord op mijn vraag", "Dat vroeg ik niet", "Hier heb ik niks aan", "Je herhaalt jezelf"]
)
def test_a_complaint_is_asked_back_with_choices_and_searched_for_never(text: str) -> None:
    reply = talk(ABOUT, text)
    assert (reply.status, reply.citations) == (Status.CLARIFY, ())
    assert reply.text.startswith("Sorry, dat was niet wat je zocht.")
    assert 2 <= len(reply.suggestions) <= 4


@pytest.mark.parametrize("text", ["help", "Ik zoek iets", "Heb je tips?"])
def test_a_message_that_asks_nothing_yet_is_asked_back(text: str) -> None:
    reply = talk(text)
    assert (reply.status, reply.citations) == (Status.CLARIFY, ())
    assert [block.kind for block in reply.blocks] == [BlockKind.INTRO]
    assert 2 <= len(reply.suggestions) <= 4


@pytest.mark.parametrize("questions", [("help",), (ABOUT, "Dat vroeg ik niet"), (ABOUT, "In het Frans graag")])
def test_the_choices_of_a_question_back_can_be_answered(questions: tuple[str, ...]) -> None:
    for choice in talk(*questions).suggestions:
        assert talk(*questions, choice).status is Status.ANSWERED, choice


def test_a_clear_question_is_never_asked_back() -> None:
    for question in ("Wat is de Techkist?", "Wat kost dat?", "Hoe kies je lesmateriaal?", "Wie leent die uit?"):
        assert talk(ABOUT, question).status is not Status.CLARIFY


@pytest.mark.parametrize("text", ["Dankjewel!", "ok bedankt", "Thanks!"])
def test_thanks_is_small_talk_in_any_conversation(text: str) -> None:
    assert talk(ABOUT, text).status is Status.SMALLTALK


def test_after_thanks_the_conversation_goes_on_where_it_was() -> None:
    assert cited(talk(ABOUT, "Dank je!", "En wie leent die uit?")) == [TECHKIST]


def test_where_to_find_it_says_what_the_factsheet_refers_to() -> None:
    reply = talk("Waar vind ik het onderzoek van Jansen & Pieters?")
    assert said(reply)[0] == "De factsheet verwijst daarbij naar: Jansen & Pieters (2011)."
    assert reply.citations[0].url == "https://example.org/jansen"


@pytest.mark.parametrize(
    "text",
    [
        "Welke kanttekeningen plaatst de redactie?",
        "Wat is niet zeker bij de Lesfabriek?",
        "Wat is niet zeker in de factsheet?",
    ],
)
def test_the_editors_notes_are_told_and_named_as_such(text: str) -> None:
    reply = talk(text)
    assert said(reply) == [f"De redactie schrijft bij De Lesfabriek: {EDITORS_NOTE}"]
    [citation] = reply.citations
    assert (citation.item_id, citation.quote, citation.origin) == (LESFABRIEK, EDITORS_NOTE, "notitie")


def test_an_editors_note_is_never_told_as_the_factsheet() -> None:
    assert EDITORS_NOTE not in said(talk("Blijft de werkplaats van de Lesfabriek?"), Speaker.ITEM, Speaker.DOCUMENT)


def test_where_a_figure_comes_from_is_told_with_the_sentence_that_says_it() -> None:
    reply = talk("Waar komt het getal van 12 basisscholen bij de Techkist vandaan?")
    assert "In Drentstad leent de bibliotheek een Techkist uit aan 12 basisscholen." in said(reply)
    assert "Dit komt uit het praktijkvoorbeeld 'Techkist Drentstad'." in said(reply)


@pytest.mark.parametrize("text", ["Van wanneer is die informatie?", "Heb je niks nieuwers?", "Is dat nog actueel?"])
def test_what_is_asked_of_its_age_is_told_with_the_date(text: str) -> None:
    reply = talk("Wat is de Lesfabriek?", text)
    assert "De tekst bij 'De Lesfabriek' is bijgewerkt op 1 januari 2026." in said(reply, Speaker.COMPOSED)


def test_shorter_may_say_for_what() -> None:
    reply = talk(ABOUT, "Korter, in één zin, voor op een dia")
    assert len(said(reply, Speaker.ITEM)) == 1
    assert cited(reply) == [TECHKIST]


@pytest.mark.parametrize("text", ["En het andere dat ik vroeg?", "en het tweede ding?"])
def test_the_second_thing_that_was_asked_can_be_pointed_back_at(text: str) -> None:
    reply = talk("Wat is de Makerbus en waar is de Lesfabriek mee begonnen?", text)
    assert WERKPLAATS in cited(reply)


def test_more_of_the_same_source_stays_with_it() -> None:
    assert set(cited(talk("Wat is de Makerbus?", "Nog meer uit datzelfde stuk?"))) == {MAKERBUS}
