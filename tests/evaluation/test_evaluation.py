"""Figures over the fictional factsheet, where every right answer is known."""

from dataclasses import replace

import pytest

from kompasbot.answering.answer import Answer, Block, BlockKind, Citation, EngineUsed, Sentence, Speaker, Status
from kompasbot.embedding import local_embedder
from kompasbot.errors import EngineUnavailable, KompasbotError
from kompasbot.evaluation import Figures, QuestionSet, evaluate
from kompasbot.evaluation.gold import Key
from kompasbot.evaluation.questions import Answerable, Dialogue, OutOfScope, Turn
from kompasbot.evaluation.soundness import faults, squeeze
from kompasbot.evaluation.wording import FIGURES, got_name, wanted_name
from kompasbot.knowledge import ItemType, Known, Origin
from kompasbot.retrieval.index import Index
from tests.shelf import SHEET, Shelf, assistant, index, item, knowledge

ROBOT = Answerable(
    id="q1", question="Robots in de kleuterklas?", style="plain", gold=("I2",), must_contain=("2019", "gratis")
)
WRONG = Answerable(id="q2", question="Wat is de Kieswijzer?", style="typo", gold=("P1",))
SET = QuestionSet(
    name="proef",
    questions=(ROBOT, WRONG),
    out_of_scope=(
        OutOfScope(id="o1", question="Hallo!", kind="smalltalk"),
        OutOfScope(id="o2", question="Wat is de Kieswijzer?", kind="offtopic"),
    ),
    dialogues=(
        Dialogue(
            id="d1",
            turns=(
                Turn(user="Wat is de Kieswijzer?", gold=("T1",)),
                Turn(user="Dankjewel!", expect="friendly"),
                Turn(user="Wat is de Bouwplaat?", expect="refuse"),
            ),
        ),
    ),
)


@pytest.fixture(scope="module")
def figures() -> Figures:
    return evaluate(index(), assistant(), SET)


def test_figures_stand_by_style_and_together(figures: Figures) -> None:
    assert figures.get("retrieval", "r@1", "plain") == 1
    assert figures.get("retrieval", "r@1", "typo") == 0
    assert figures.get("retrieval", "r@1") == 0.5
    assert figures.get("answers", "first_right", "plain") == 1
    assert figures.get("answers", "first_right") == 0.5
    assert figures.get("answers", "n") == 2


def test_every_question_has_an_outcome_right_or_not(figures: Figures) -> None:
    marks = {f"{one.asked.part} {one.asked.id}": one.marks for one in figures.outcomes}
    assert (marks["retrieval q1"]["r@1"], marks["retrieval q2"]["r@1"]) == ((1,), (0,))
    assert (marks["out_of_scope_right o1"], marks["out_of_scope_right o2"]) == ({"right": (1,)}, {"right": (0,)})
    assert "dialogue_turns_right d1.3" in marks
    assert "outcomes" not in figures.to_dict()


def test_every_figure_that_is_compared_has_a_dutch_name(figures: Figures) -> None:
    measured = {(part, name) for part, table in figures.tables.items() for name in table.get("ALL", {}) if name != "n"}
    assert measured == {(part, name) for part, name in FIGURES if part != "conversations"}


def test_what_should_come_and_what_came_is_told_by_title() -> None:
    key = Key(index(), SHEET)
    own = f"{SHEET}/inzicht/de-wit"
    title = index().items[own].title
    assert wanted_name(own, key) == f"'{title}'"
    assert wanted_name("near", key) == "dat de factsheet dit niet beantwoordt"
    assert wanted_name("answered of clarify", key) == "een antwoord of een vraag terug"
    assert got_name(f"answered {own} ?", key) == f"een antwoord uit '{title}', een ander item"
    assert (got_name("refused", key), got_name("", key)) == ("geen antwoord", "niets")


def test_facts_count_where_the_right_item_is_cited(figures: Figures) -> None:
    assert figures.get("answers", "facts", "plain") == 0.5
    assert figures.get("answers", "facts", "typo") is None


def test_what_is_out_of_scope_is_right_by_its_kind(figures: Figures) -> None:
    assert figures.get("out_of_scope_right", "right", "smalltalk") == 1
    assert figures.get("out_of_scope_right", "right", "offtopic") == 0


def test_turns_are_asked_in_their_conversation(figures: Figures) -> None:
    assert figures.get("dialogue_turns_right", "right", "first") == 1
    assert figures.get("dialogue_turns_right", "right", "follow-up") == 0.5


def test_misses_name_the_question_and_what_came_instead(figures: Figures) -> None:
    found = {miss.id: miss for miss in figures.misses if miss.part != "retrieval"}
    assert set(found) == {"q2", "o2", "d1.3"}
    assert found["q2"].wanted == f"{SHEET}/praktijkvoorbeeld/techkist-drentstad"
    assert found["q2"].got.endswith(f"{SHEET}/tool/kieswijzer")


def test_the_assistant_is_sound_and_timed(figures: Figures) -> None:
    assert figures.get("sound", "share") == 1
    assert figures.faults == ()
    assert (figures.get("latency", "p95_ms", "chat") or 0) > 0


def test_a_question_that_cannot_be_asked_is_a_fault_and_no_end() -> None:
    odd = QuestionSet(name="x", questions=(Answerable(id="leeg", question=" ", style="plain", gold=("I1",)),))
    figures = evaluate(index(), assistant(), odd)
    assert [fault.fault for fault in figures.faults] == ["ongeldige-vraag"]
    assert figures.get("answers", "answered") == 0


def test_an_empty_part_has_no_figures() -> None:
    figures = evaluate(index(), assistant(), QuestionSet(name="x"))
    assert figures.get("answers", "first_right") is None


def test_an_engine_or_factsheet_that_is_not_there_says_so_at_once() -> None:
    with pytest.raises(EngineUnavailable):
        evaluate(index(), assistant(), SET, engine="llm")
    with pytest.raises(KompasbotError, match="geen factsheet met de naam 'anders'") as caught:
        evaluate(index(), assistant(), SET, "anders")
    assert SHEET in caught.value.hint


def test_a_document_stands_for_the_items_that_link_to_it() -> None:
    items = (
        item(ItemType.INSIGHT, 3, "a", "A", "tekst"),
        item(ItemType.DOCUMENT, 1, "b", "B", "tekst", linked_from=(f"{SHEET}/inzicht/a", "weg")),
        item(ItemType.DOCUMENT, 2, "c", "C", "tekst"),
    )
    key = Key(Index(Shelf(knowledge(items)), local_embedder()), SHEET)  # type: ignore[arg-type]
    assert key.gold(f"{SHEET}/document/b") == {f"{SHEET}/inzicht/a"}
    assert key.gold(f"{SHEET}/document/c") == {f"{SHEET}/document/c"}
    assert key.gold("onbekend") == {"?"}


ITEM = item(ItemType.TOOL, 1, "a", "A", "De Kieswijzer helpt leraren bij het kiezen.")
CITATION = Citation(
    1, ITEM.id, SHEET, ItemType.TOOL, 1, "A", ITEM.text, None, Known.UNKNOWN, Origin.SUMMARY, "2026-01-01"
)
SENTENCE = Sentence(f"{ITEM.text} [1]", (1,), Speaker.ITEM)
OWN = Sentence("Dit vond ik.")


def answer(*sentences: Sentence, status: Status = Status.ANSWERED, cited: bool = True) -> Answer:
    block = Block(BlockKind.SECTION, sentences)
    return Answer("1", status, (block,), (CITATION,) if cited else (), (), EngineUsed("extractive"), "i")


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (answer(status=Status.REFUSED, cited=False), "empty answer"),
        (answer(OWN, SENTENCE, cited=False), "markers are not the citations"),
        (answer(SENTENCE, replace(OWN, origin=Speaker.ITEM)), "sentence without a source"),
        (answer(replace(SENTENCE, origin=Speaker.OWN)), "own sentence with a source"),
        (answer(replace(SENTENCE, text="Hij helpt ouders. [1]")), "extractive sentence not verbatim"),
        (answer(OWN, cited=False), "answer without substance"),
        (answer(SENTENCE, status=Status.PARTIAL), "partial without a notice"),
        (answer(SENTENCE, status=Status.REFUSED), "cites without answering"),
        (answer(OWN, status=Status.CLARIFY, cited=False), "asks back with 0 choices"),
        (answer(SENTENCE, status=Status.CLARIFY), "cites without answering"),
    ],
)
def test_an_unsound_reply_is_found_with_its_fault(reply: Answer, fault: str) -> None:
    assert fault in faults(reply, lambda _: squeeze(ITEM.text))


def test_a_sound_reply_has_no_fault_and_a_model_need_not_be_verbatim() -> None:
    assert faults(answer(OWN, SENTENCE), lambda _: squeeze(ITEM.text)) == ()
    back = replace(answer(OWN, status=Status.CLARIFY, cited=False), suggestions=("Welke tools?", "Welke kist?"))
    assert faults(back, lambda _: squeeze(ITEM.text)) == ()
    written = replace(answer(replace(SENTENCE, text="Anders gezegd. [1]")), engine=EngineUsed("llm"))
    assert faults(written, lambda _: squeeze(ITEM.text)) == ()
