"""A note on a linked document answers what the factsheet does not say, and never pushes an item aside."""

import asyncio
from functools import cache

from ingest.passages import cut
from kompasbot.answering.answer import Answer, Message, Place, Question, Speaker, Status
from kompasbot.embedding import local_embedder
from kompasbot.knowledge import Item, ItemType, Knowledge, Link, Origin, Section
from kompasbot.retrieval.index import Index
from tests.shelf import ITEMS, SHEET, SYNONYMS, Shelf, assistant, knowledge

_SECTIONS = (
    Section("Dit is een notitie bij Jansen & Pieters, gemaakt uit een bericht op bieb.example."),
    Section("Er deden 240 leraren mee aan de proef, meldt bieb.example.", "Hoe groot was de proef?"),
    Section("De proef duurde negen maanden, meldt bieb.example.", "Duur van de proef"),
)
NOTE = Item(
    id=f"{SHEET}/document/proef",
    factsheet=SHEET,
    type=ItemType.DOCUMENT,
    position=1,
    title="Notitie: de proef van Jansen & Pieters",
    text="\n\n".join(section.text for section in _SECTIONS),
    origin=Origin.NOTE,
    updated="2026-01-02",
    links=(Link("bieb.example", "https://bieb.example/proef"),),
    linked_from=(f"{SHEET}/inzicht/jansen-pieters",),
    sections=_SECTIONS,
)


@cache
def index(*notes: Item) -> Index:
    items = (*ITEMS, *notes)
    known = Knowledge(knowledge().factsheets, items, SYNONYMS, cut(items))
    return Index(Shelf(known), local_embedder())  # type: ignore[arg-type]


def ask(question: str) -> Answer:
    return asyncio.run(assistant().answer(index(NOTE), Question((Message("user", question),))))


def test_note_answers_and_the_citation_says_where_it_stands() -> None:
    answer = ask("Hoeveel leraren deden mee aan de proef?")
    assert answer.status is Status.ANSWERED
    [citation] = answer.citations
    assert (citation.item_id, citation.origin, citation.url) == (NOTE.id, Origin.NOTE, "https://bieb.example/proef")
    assert citation.document == Place(NOTE.title, None, "Hoe groot was de proef?")
    assert citation.linked_from == NOTE.linked_from


def test_answer_says_in_its_own_words_that_a_note_says_so() -> None:
    intro, told = ask("Hoeveel leraren deden mee aan de proef?").blocks
    assert (intro.text, intro.sentences[0].origin) == (
        "Dit staat in een notitie over een document bij de factsheet.",
        Speaker.OWN,
    )
    assert told.text == "Er deden 240 leraren mee aan de proef, meldt bieb.example. [1]"


def test_title_of_a_document_is_never_quoted() -> None:
    answer = ask("Notitie de proef van Jansen Pieters")
    assert all(citation.quote != NOTE.title for citation in answer.citations)
    assert any(citation.quote in NOTE.text for citation in answer.citations)


def test_questions_about_an_item_find_it_before_the_note_on_it() -> None:
    found = [hit.item.id for hit in index(NOTE).search("Wat zeggen Jansen & Pieters over eigen lesmateriaal?")]
    assert found.index(f"{SHEET}/inzicht/jansen-pieters") < found.index(NOTE.id)


def test_a_document_does_not_change_what_items_hold_of_a_question() -> None:
    question = "Welk museum doet mee met de Lesfabriek?"
    without, along = (index(*notes).rank(question).scored[0] for notes in ((), (NOTE,)))
    assert without.item == along.item
    assert without.coverage == along.coverage


def test_what_an_item_does_not_say_is_told_by_the_note_instead_of_a_notice() -> None:
    answer = ask("Hoe groot was de proef van Jansen & Pieters?")
    assert (answer.status, answer.citations[0].item_id) == (Status.ANSWERED, NOTE.id)


def test_what_neither_the_item_nor_the_note_says_stays_a_notice() -> None:
    answer = ask("Wat kostte de proef van Jansen & Pieters?")
    assert answer.status is Status.PARTIAL


def test_a_follow_up_is_only_answered_by_a_note_on_what_was_told() -> None:
    def talk(first: str) -> Answer:
        told = asyncio.run(assistant().answer(index(NOTE), Question((Message("user", first),))))
        turns = (Message("user", first), Message("assistant", told.text), Message("user", "Hoe groot was die proef?"))
        return asyncio.run(assistant().answer(index(NOTE), Question(turns)))

    assert talk("Wat zeggen Jansen & Pieters?").citations[0].item_id == NOTE.id
    assert NOTE.id not in {citation.item_id for citation in talk("Wat is de Lesfabriek?").citations}
