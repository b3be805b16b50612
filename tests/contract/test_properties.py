"""What must hold for any text, tried on texts that Hypothesis makes up."""

import asyncio
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.documents import parse_document
from ingest.factsheets import parse_factsheet
from ingest.markdown import read_markdown
from ingest.passages import cut_text
from kompasbot.answering.answer import Answer, BlockKind, Carried, Message, Question, Speaker, Status
from kompasbot.answering.llm.reading import Reader
from kompasbot.dutch import sentences
from kompasbot.errors import KompasbotError
from kompasbot.server.guard.limiter import network
from tests.fullshelf import FULL_ITEMS, full_index
from tests.shelf import ITEMS, assistant

_WORDS = (
    "de een drs. dr. A. nr. bijv. i.p.v. 12 2011 3,5 [1] [2] [99] scholen Techkist; Kieswijzer? Jansen! (zie blz. 4) … "
    '- * # ## > --- ``` | : \\ <b> &amp; é ß 𝔘 \'n "zo" inzichten uit onderzoek tools en handvatten praktijkvoorbeelden'
).split(" ")
TEXT = st.one_of(
    st.lists(st.sampled_from([*_WORDS, "\n", "\n\n", "\t", "  "]), max_size=60).map(" ".join),
    st.text(max_size=300),
)
_QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def letters(text: str) -> str:
    return "".join(re.findall(r"\w", text))


@_QUICK
@given(TEXT)
def test_the_sentences_of_a_text_stand_in_it_and_leave_no_letter_out(text: str) -> None:
    found = sentences(text)
    assert all(one in text for one in found)
    assert letters("".join(found)) == letters(text)


@_QUICK
@given(TEXT, st.integers(min_value=20, max_value=200))
def test_the_pieces_of_a_text_fit_stand_in_it_and_leave_no_letter_out(text: str, longest: int) -> None:
    pieces = cut_text(text, longest)
    assert all(len(one) <= longest and one in text for one in pieces)
    assert letters("".join(pieces)) == letters(text)


@_QUICK
@given(TEXT)
def test_any_text_is_a_factsheet_or_an_error_that_says_why(text: str) -> None:
    try:
        sheet = parse_factsheet(read_markdown(text, "factsheet.md"))
    except KompasbotError:
        return
    assert all(item.title and item.line > 0 for item in sheet.items)


@_QUICK
@given(TEXT)
def test_any_text_is_a_document_or_an_error_that_says_why(text: str) -> None:
    try:
        document = parse_document(read_markdown(text, "stuk.md"), "stuk.md")
    except KompasbotError:
        return
    assert document.title


@_QUICK
@given(st.lists(st.one_of(TEXT, st.sampled_from(["[1, 2 en 3]", "[Bron 7].", " [", "]", "1. ", "\n"]))))
@example([f"Een zin. [{'9' * 5000}]\n"])
def test_however_a_model_s_text_is_cut_its_sentences_hold_no_markers_and_cite_numbers_that_stand_in_it(
    pieces: list[str],
) -> None:
    reader = Reader()
    found = [one for piece in pieces for one in reader.feed(piece)] + reader.take()
    assert not any(re.search(r"\[\d+\]", one.text) for one in found)
    stand = {int(number) for number in re.findall(r"\d{1,4000}", "".join(pieces))}
    assert all(set(one.numbers) <= stand for one in found)


def answer_to(text: str, told: str = "", carried: tuple[Carried, ...] = ()) -> Answer | None:
    before = (Message("user", "Welke tools zijn er?"), Message("assistant", told, carried)) if told else ()
    try:
        return asyncio.run(assistant().answer(full_index(), Question((*before, Message("user", text)))))
    except KompasbotError:
        return None


_ASKED = (
    "wat is de Techkist Lesfabriek Makerbus Bouwplaat hoeveel welke voorbeelden tools zijn niet buiten Nederland en of "
    "verschil tussen oudste klopt dat bron korter makkelijker Engels meer wie waar wanneer kost tweede laatste museum "
    "basisonderwijs bedrijven bewezen redactie zeker samenvatten ? , 12 15 hoe begin ik lesmateriaal"
).split(" ")
QUESTION = st.one_of(st.lists(st.sampled_from(_ASKED), min_size=1, max_size=9).map(" ".join), TEXT)


def assert_told_from_sources(answer: Answer) -> None:
    """What holds for every answer: only our own sentences have no source, and each quote stands in its source."""
    texts = {item.id: f"{item.text}\n{item.editor_note or ''}" for item in FULL_ITEMS}
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(citation.quote and citation.quote in texts[citation.item_id] for citation in answer.citations)
    told = [sentence for block in answer.blocks for sentence in block.sentences]
    assert told
    for sentence in told:
        assert set(sentence.citations) <= set(numbers)
        assert bool(sentence.citations) is (sentence.origin not in (Speaker.OWN, Speaker.ABSENCE))
    assert bool(answer.citations) is (answer.status in (Status.ANSWERED, Status.PARTIAL))
    assert answer.status is not Status.PARTIAL or BlockKind.NOTICE in {block.kind for block in answer.blocks}
    assert len(answer.suggestions) <= (4 if answer.status is Status.CLARIFY else 3)


@_QUICK
@given(QUESTION)
def test_whatever_is_asked_every_sentence_has_a_source_that_says_so(text: str) -> None:
    answer = answer_to(text)
    if answer is not None:  # nothing was asked
        assert_told_from_sources(answer)


@_QUICK
@given(st.sampled_from(["Welke voorbeelden zijn er?", "Wat is de Lesfabriek?", "Hallo"]), QUESTION)
def test_whatever_is_asked_after_an_answer_every_sentence_has_a_source_that_says_so(first: str, text: str) -> None:
    told = answer_to(first)
    assert told
    answer = answer_to(text, told.text, tuple(Carried(each.number, each.item_id) for each in told.citations))
    if answer is not None:
        assert_told_from_sources(answer)


@_QUICK
@given(TEXT, st.lists(st.tuples(st.integers(), st.sampled_from(["nergens", ITEMS[5].id, ""])), max_size=4))
def test_what_an_earlier_answer_is_said_to_cite_can_break_nothing(told: str, carried: list[tuple[int, str]]) -> None:
    citations = tuple(Carried(number, item) for number, item in carried)
    answer = answer_to("En wat staat er in [2], en in de tweede?", told, citations)
    assert answer
    assert {one.item_id for one in answer.citations} <= {item.id for item in FULL_ITEMS}


@_QUICK
@given(st.one_of(st.text(max_size=80), st.ip_addresses().map(str)))
def test_any_address_stands_for_one_visitor(address: str) -> None:
    assert network(network(address)) == network(address)
