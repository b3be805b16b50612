"""A note on a linked document answers what the factsheet does not say, and never pushes an item aside."""

from kompasbot.answering.answer import Place, Status
from kompasbot.embedding import local_embedder
from kompasbot.knowledge import Item, Origin
from kompasbot.retrieval.index import Index
from tests.fullshelf import (
    JANSEN,
    LESFABRIEK,
    PROEF,
    TRIAL_NOTE,
    WERKPLAATS,
    cited,
    full_index,
    known_of,
    open_index,
    talk,
)
from tests.shelf import ITEMS


def index(*notes: Item) -> Index:
    return open_index(known_of((*ITEMS, *notes)), local_embedder())


def test_note_answers_and_the_citation_says_where_it_stands() -> None:
    answer = talk("Hoeveel leraren deden mee aan de proef?")
    assert answer.status is Status.ANSWERED
    citation = answer.citations[0]
    assert (citation.item_id, citation.origin, citation.url) == (PROEF, Origin.NOTE, "https://bieb.example/")
    assert citation.document == Place(TRIAL_NOTE.title, None, "Hoe groot was de proef?")
    assert citation.linked_from == (JANSEN,)


def test_title_of_a_document_is_never_quoted() -> None:
    answer = talk("Notitie de proef van Jansen Pieters")
    assert all(citation.quote != TRIAL_NOTE.title for citation in answer.citations)


def test_questions_about_an_item_find_it_before_the_note_on_it() -> None:
    found = [hit.item.id for hit in full_index().search("Wat zeggen Jansen & Pieters over eigen lesmateriaal?")]
    assert found.index(JANSEN) < found.index(PROEF)


def test_a_document_does_not_change_what_items_hold_of_a_question() -> None:
    question = "Welk museum doet mee met de Lesfabriek?"
    without, along = (index(*notes).rank(question).scored[0] for notes in ((), (TRIAL_NOTE,)))
    assert without.item == along.item
    assert without.coverage == along.coverage


def test_what_an_item_does_not_say_is_told_by_the_note_instead_of_a_notice() -> None:
    answer = talk("Hoe groot was de proef van Jansen & Pieters?")
    assert (answer.status, cited(answer)) == (Status.ANSWERED, [PROEF])


def test_what_neither_the_item_nor_the_note_says_stays_a_notice() -> None:
    assert talk("Wat kostte de proef van Jansen & Pieters?").status is Status.PARTIAL


def test_a_follow_up_is_answered_by_the_note_on_what_was_told() -> None:
    asked = "Sinds wanneer is dat zo?"
    assert cited(talk("Wat is de Lesfabriek?", asked)) == [WERKPLAATS]
    assert WERKPLAATS not in cited(talk("Wat zeggen Jansen & Pieters?", asked))


def test_a_note_is_told_of_its_item_and_not_of_another_that_is_named() -> None:
    assert set(cited(talk("Bestaat de Techkist nog?"))).isdisjoint({WERKPLAATS, LESFABRIEK})
