"""How an answer is told: direct first, in the sources' words, whole notes, lists, counts and comparisons, no echo."""

import pytest

from kompasbot.answering.answer import Answer, BlockKind, Speaker, Status
from tests.fullshelf import (
    BOUWPLAAT,
    KIESWIJZER,
    LESFABRIEK,
    MAKERBUS,
    TECHKIST,
    WERKPLAATS,
    Talk,
    cited,
    full_knowledge,
    said,
    talk,
)

TEXTS = {item.id: item.text for item in full_knowledge().items}
NOTES = {item.id: item.editor_note or "" for item in full_knowledge().items}
QUESTIONS = (
    "Wat is de Techkist?",
    "Welke tools zijn er?",
    "Hoeveel praktijkvoorbeelden zijn er?",
    "Welke voorbeelden zijn niet uit Nederland?",
    "Doet er een museum mee met de Lesfabriek?",
    "Wat is het verschil tussen de Techkist en de Makerbus?",
    "Wat is het oudste praktijkvoorbeeld?",
    "Hoe begin ik met eigen lesmateriaal?",
    "Wat is niet zeker bij de Lesfabriek?",
    "Bestaat de Lesfabriek nog?",
    "Wat kost de Makerbus?",
    "What is the Techkist?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_about_the_world_is_cited_and_every_quote_stands_in_its_source(question: str) -> None:
    reply = talk(question)
    for citation in reply.citations:
        assert citation.quote in TEXTS[citation.item_id] or citation.quote == NOTES[citation.item_id]
    for sentence in (each for block in reply.blocks for each in block.sentences):
        assert bool(sentence.citations) is (sentence.origin not in (Speaker.OWN, Speaker.ABSENCE))


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_told_as_the_sources_words_stands_there_word_for_word(question: str) -> None:
    reply = talk(question)
    everything = "\n".join(TEXTS.values())
    for sentence in said(reply, Speaker.ITEM, Speaker.DOCUMENT):
        assert sentence in everything


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_sentence_is_told_twice_in_an_answer(question: str) -> None:
    told = said(talk(question))
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("question", "first", "carried"),
    [
        ("Doet er een museum mee met de Lesfabriek?", "Ja.", "Het museum van Oudestad doet mee."),
        ("Is de Techkist voor het basisonderwijs?", "Ja.", "In Drentstad leent de bibliotheek een Techkist uit"),
        (
            "Kunnen kleuters met een robot leren programmeren?",
            "Ja.",
            "Kleuters kunnen met een robot leren programmeren.",
        ),
        ("Zijn er 15 basisscholen die de Techkist lenen?", "Nee.", "12 basisscholen"),
        ("Zijn er 12 basisscholen die de Techkist lenen?", "Ja.", "12 basisscholen"),
    ],
)
def test_a_yes_no_question_gets_yes_or_no_first_and_then_what_it_rests_on(
    question: str, first: str, carried: str
) -> None:
    reply = talk(question)
    assert said(reply)[0] == first
    assert reply.blocks[0].sentences[0].origin is Speaker.COMPOSED
    [number] = reply.blocks[0].sentences[0].citations
    assert carried in reply.citations[number - 1].quote
    assert carried in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "Bestaat de Lesfabriek nog?",
        "Is de Techkist rood?",
        "Moet je voor de Makerbus betalen?",
        "Werkt de Kieswijzer niet voor leraren?",
    ],
)
def test_neither_yes_nor_no_is_said_where_the_sources_leave_it_open(question: str) -> None:
    assert not set(said(talk(question))) & {"Ja.", "Nee."}


def test_the_name_that_is_asked_for_is_told_first() -> None:
    assert said(talk("Wie gaf de Bouwplaat uit?"))[0] == "Stichting Voorbeeld gaf de Bouwplaat uit in 2014."


def test_a_note_is_told_whole() -> None:
    assert said(talk("Bestaat de Lesfabriek nog?"), Speaker.DOCUMENT) == [
        "De stichting achter de werkplaats stopt, meldt fabriek.example.",
        "Een school neemt het werk over.",
    ]


def test_a_quote_of_a_note_says_where_it_stands() -> None:
    [citation] = talk("Bestaat de Lesfabriek nog?").citations
    assert citation.document is not None
    assert (citation.document.title, citation.document.heading) == (
        "Notitie: de Lesfabriek",
        "Bestaat de Lesfabriek nog?",
    )
    assert (citation.url, citation.linked_from) == ("https://fabriek.example/", (LESFABRIEK,))


def test_the_title_and_the_opening_of_a_note_are_never_told() -> None:
    reply = talk("Notitie de proef van Jansen Pieters")
    assert all("Notitie" not in citation.quote for citation in reply.citations)


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("Welke voorbeelden zijn in Nederland?", [TECHKIST, LESFABRIEK]),
        ("Welke voorbeelden zijn niet uit Nederland?", [MAKERBUS]),
        ("Welke voorbeelden zijn er buiten Nederland?", [MAKERBUS]),
        ("Welke voorbeelden zijn voor het basisonderwijs?", [TECHKIST, MAKERBUS]),
        ("Welke voorbeelden voor basisscholen zijn niet in België?", [TECHKIST]),
        ("Bij welke voorbeelden doet een museum mee?", [LESFABRIEK]),
        ("Welke voorbeelden zijn er behalve de Techkist?", [LESFABRIEK, MAKERBUS]),
        ("Noem alle praktijkvoorbeelden", [TECHKIST, LESFABRIEK, MAKERBUS]),
        ("Welke tools zijn er allemaal?", [KIESWIJZER, BOUWPLAAT]),
    ],
)
def test_a_list_holds_exactly_what_fits(question: str, units: list[str]) -> None:
    reply = talk(question)
    assert reply.status is Status.ANSWERED
    assert cited(reply) == units


def test_an_entry_of_a_list_is_the_sentence_that_its_facet_rests_on() -> None:
    assert said(talk("Bij welke voorbeelden doet een museum mee?")) == ["Het museum van Oudestad doet mee."]


def test_a_list_says_the_value_of_the_facet_that_is_asked_for() -> None:
    reply = talk("Welke praktijkvoorbeelden zijn er en in welk jaar begonnen ze?")
    assert "De Lesfabriek: 2015." in said(reply, Speaker.COMPOSED)
    assert WERKPLAATS in cited(reply)
    assert "2018" in reply.text


def test_whether_there_is_any_is_told_with_yes_and_which() -> None:
    reply = talk("Zijn er voorbeelden in het buitenland?")
    assert said(reply)[0] == "Ja."
    assert cited(reply) == [MAKERBUS]


def test_a_count_is_told_first_with_what_was_counted() -> None:
    reply = talk("Hoeveel praktijkvoorbeelden zijn er?")
    assert said(reply)[0] == "Drie praktijkvoorbeelden."
    assert cited(reply) == [TECHKIST, LESFABRIEK, MAKERBUS]


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("Hoeveel praktijkvoorbeelden zijn er?", {TECHKIST, LESFABRIEK, MAKERBUS}),
        ("Hoeveel voorbeelden zijn er in Nederland?", {TECHKIST, LESFABRIEK}),
        ("Hoeveel tools en praktijkvoorbeelden zijn er?", {TECHKIST, LESFABRIEK, MAKERBUS, KIESWIJZER, BOUWPLAAT}),
    ],
)
def test_a_count_rests_on_all_that_was_counted(question: str, units: set[str]) -> None:
    reply = talk(question)
    numbers = reply.blocks[0].sentences[0].citations
    assert reply.blocks[0].sentences[0].origin is Speaker.COMPOSED
    assert {reply.citations[number - 1].item_id for number in numbers} == units


def test_a_count_of_what_meets_a_filter_is_told_with_its_list() -> None:
    reply = talk("Hoeveel voorbeelden zijn er in Nederland?")
    assert said(reply)[0] == "Twee:"
    assert cited(reply) == [TECHKIST, LESFABRIEK]


def test_the_oldest_is_told_with_its_year_and_what_has_no_year() -> None:
    reply = talk("Wat is het oudste praktijkvoorbeeld?")
    assert said(reply, Speaker.COMPOSED) == ["De Lesfabriek is het oudst: begonnen in 2015."]
    assert said(reply, Speaker.ABSENCE) == ["Van Techkist Drentstad noemen de bronnen geen beginjaar."]
    assert cited(reply) == [WERKPLAATS]


def test_a_comparison_stands_side_by_side_under_its_titles() -> None:
    reply = talk("Wat is het verschil tussen de Techkist en de Makerbus?")
    assert [block.heading for block in reply.blocks[:2]] == ["Techkist Drentstad", "De Makerbus"]
    assert cited(reply) == [TECHKIST, MAKERBUS]


def test_what_two_have_in_common_is_told_first_and_rests_on_both() -> None:
    reply = talk("Wat hebben de Techkist en de Makerbus gemeen?")
    first = reply.blocks[0].sentences[0]
    assert said(reply)[0] == "Allebei zijn ze voor: basisscholen."
    assert {reply.citations[number - 1].item_id for number in first.citations} == {TECHKIST, MAKERBUS}


def test_the_two_that_were_just_told_can_be_compared() -> None:
    reply = talk("Welke voorbeelden zijn voor het basisonderwijs?", "Wat is het verschil daartussen?")
    assert cited(reply) == [TECHKIST, MAKERBUS]


def lines_told(reply: Answer) -> set[str]:
    return set(said(reply, Speaker.ITEM, Speaker.DOCUMENT))


@pytest.mark.parametrize(
    "questions",
    [
        ("Wat is de Lesfabriek?", "Vertel meer", "En verder?"),
        ("Wat is de Lesfabriek?", "Welke bedrijven zijn dat?", "Bestaat die nog?"),
        ("Wat zeggen Jansen & Pieters?", "Vertel meer"),
    ],
)
def test_a_follow_up_tells_nothing_again_while_the_unit_holds_more(questions: tuple[str, ...]) -> None:
    conversation = Talk()
    before: set[str] = set()
    for question in questions:
        told = lines_told(conversation.ask(question))
        assert told
        assert not told & before, question
        before |= told


def test_what_is_asked_again_is_told_again() -> None:
    assert cited(talk("Wat is de Techkist?", "Wat is de Techkist?")) == [TECHKIST]


def test_a_list_in_an_item_is_told_as_a_list() -> None:
    reply = talk("Welke adviezen geeft de Kieswijzer lesmateriaal?")
    [listed] = [block for block in reply.blocks if block.list]
    assert [sentence.text for sentence in listed.sentences] == [
        "Begin bij het leerdoel. [1]",
        "Vraag een collega om mee te kijken. [1]",
        "Probeer het materiaal eerst zelf uit. [1]",
    ]
    assert "\n- Begin bij het leerdoel." in reply.text


def test_suggestions_can_be_answered_and_tell_something_new() -> None:
    suggested = talk("Wat is de Lesfabriek?").suggestions
    assert 1 <= len(suggested) <= 3
    for suggestion in suggested:
        conversation = Talk()
        before = lines_told(conversation.ask("Wat is de Lesfabriek?"))
        reply = conversation.ask(suggestion)
        assert reply.status is Status.ANSWERED, suggestion
        assert lines_told(reply) - before, suggestion


def test_suggestions_come_from_what_the_note_holds_more() -> None:
    assert set(talk("Wat is de Lesfabriek?").suggestions) & {
        "Sinds wanneer bestaat de werkplaats?",
        "Welke bedrijven doen mee?",
        "Bestaat de Lesfabriek nog?",
    }


def test_a_suggestion_about_a_note_is_answered_from_that_note() -> None:
    conversation = Talk()
    [first, *_] = conversation.ask("Wat is de Lesfabriek?").suggestions
    assert cited(conversation.ask(first))[0] == WERKPLAATS


def test_an_intro_is_our_own_and_stands_in_a_block_of_its_own() -> None:
    intro, listed = talk("Welke tools zijn er?").blocks
    assert (intro.kind, intro.sentences[0].origin, listed.list) == (BlockKind.INTRO, Speaker.OWN, True)
