"""What a maintainer reads after an ingestion, and what is noticed on the way."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from ingest import report_html
from ingest.edits import edits
from ingest.findable import try_questions
from ingest.findings import Finding
from ingest.gate import Worse
from ingest.inspection import inspect, oddity_of
from ingest.passages import cut
from ingest.report import Report, compare
from ingest.vectors import embed
from kompasbot.embedding import Matrix, local_embedder
from kompasbot.knowledge import (
    Facet,
    FacetKind,
    Health,
    ItemType,
    Knowledge,
    Known,
    Link,
    ReviewedAnswer,
    ReviewedSentence,
    Support,
)
from kompasbot.retrieval.lexical import build_arrays
from kompasbot.store.vectors import Vectors
from tests.shelf import ITEMS, knowledge

EMBEDDER = local_embedder()
TEXTS = [passage.text for passage in cut(ITEMS)]
FIRST = ITEMS[1]


def changed(**fields: object) -> Report:
    """The report after one item was edited."""
    after = replace(FIRST, **fields)  # type: ignore[arg-type]
    new = replace(knowledge(), items=tuple(after if item.id == after.id else item for item in ITEMS))
    return Report("20260101-x", True, False, **compare(knowledge(), new), findings=(), seconds={"lezen": 0.1})


def printed(report: Report) -> str:
    with Path("/dev/null").open("w") as nothing:
        console = Console(width=140, record=True, file=nothing)
        report.render(console)
        return console.export_text()


def test_a_changed_text_is_shown_word_by_word() -> None:
    text = printed(changed(text=FIRST.text.replace("vaker", "minder vaak") + " Einde."))
    assert "~ gewijzigd: " + FIRST.title in text
    assert "[+Einde.+]" in text


def test_square_brackets_in_a_title_are_text_and_no_markup() -> None:
    report = changed(text="Anders.")
    sheet = replace(report.sheets[0], title="Lesmateriaal [/] [bold]over maken")
    assert sheet.title in printed(replace(report, sheets=(sheet,)))


def test_a_changed_question_and_link_are_shown() -> None:
    edited = changed(questions=("Een heel nieuwe vraag?",), links=(Link("Gids", "https://gids.example"),))
    fields = {edit.field: edit for edit in edited.sheets[0].changes[0].edits}
    assert "Een heel nieuwe vraag?" in [piece.text for piece in fields["vragen"].pieces]
    assert "links" in fields


def test_changes_of_facets_and_reviewed_answers_are_counted_and_shown() -> None:
    support = Support(FIRST.id, FIRST.text)
    place = Facet(kind=FacetKind.PLACE, value="Drentstad", support=support)
    answers = [
        ReviewedAnswer(id=name, factsheet=FIRST.factsheet, sentences=(ReviewedSentence("Begin klein.", (support,)),))
        for name in ("begin", "blijft", "weg")
    ]
    edited = replace(answers[0], sentences=(ReviewedSentence("Begin groot.", (support,)),))
    before = replace(knowledge(), answers=tuple(answers))
    items = tuple(replace(item, facets=(place,)) if item.id == FIRST.id else item for item in ITEMS)
    after = replace(knowledge(), items=items, answers=(edited, answers[1]))
    report = Report("x", True, False, **compare(before, after), findings=(), seconds={})
    text, page = printed(report), report_html.page(report)
    for line in ("kenmerken: 1 nieuw", "antwoorden: 1 gewijzigd, 1 verwijderd, 1 ongewijzigd"):
        assert line in text
        assert line in page
    assert "[+waar: Drentstad; " in text
    assert "~ gewijzigd: antwoord 'begin'" in text
    assert "[-klein.-] [+groot.+]" in text
    assert "- verwijderd: antwoord 'weg'" in text


def test_nothing_but_the_change_is_shown_of_a_long_text() -> None:
    long = replace(FIRST, text=" ".join(f"woord{n}" for n in range(500)))
    edit = next(one for one in edits(long, replace(long, text=long.text.replace("woord250 ", "anders "))))
    shown = " ".join(piece.text for piece in edit.pieces)
    assert "anders" in shown
    assert len(shown) < 250


def test_a_document_that_only_moved_up_a_place_is_unchanged() -> None:
    one = replace(FIRST, type=ItemType.DOCUMENT, position=8)
    moved = replace(one, position=9)
    before, after = (replace(knowledge(), items=(item,)) for item in (one, moved))
    assert compare(before, after)["sheets"][0].changes == ()
    [change] = compare(before, replace(after, items=(replace(moved, text="Anders."),)))["sheets"][0].changes
    assert [edit.field for edit in change.edits] == ["tekst"]


def test_the_page_is_safe_to_open_and_says_the_same() -> None:
    page = report_html.page(changed(title="<script>alert(1)</script>"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("https://gids.example", "")


def test_what_stopped_it_stands_on_top_with_the_questions_that_are_worse() -> None:
    worse = (Worse("Waar is <b>de kist</b>?", "'Techkist'", "niets"),)
    report = replace(changed(text="Anders."), published=False, stopped="Het is slechter.", advice="Kijk.", worse=worse)
    text, page = printed(report), report_html.page(report)
    assert text.startswith("Gestopt. Het is slechter.")
    assert "geeft nu: niets" in text
    assert page.index("Gestopt. Het is slechter.") < page.index("&lt;b&gt;de kist") < page.index("Passages")
    assert "Waar is <b>" not in page


def test_the_same_advice_is_given_once() -> None:
    doubts = tuple(Finding("info", "hier", f"Vraag {number}.", "Kijk er nog eens naar.") for number in range(3))
    text = printed(replace(changed(text="Anders."), findings=doubts))
    assert (text.count("Vraag"), text.count("Kijk er nog eens naar.")) == (3, 1)


def test_the_report_is_json() -> None:
    data = json.loads(json.dumps(changed(text="Anders.").to_dict()))
    assert data["sheets"][0]["changes"][0]["edits"][0]["field"] == "tekst"


def test_the_health_of_links_is_counted() -> None:
    links = (Link("a", "https://a.example", Known.KNOWN, Health.DEAD), Link("b", "https://b.example", Known.KNOWN))
    text = printed(changed(links=links))
    assert "1 dood" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "leeg"),
        ("Dit is \ufffd\ufffd tekst.", "onleesbare"),
        ("12.5 % | 33 - 44 / 55 ; 99,1 = 12 :: 4 5 6 7 8 9 10 11 12 13 14 15 1", "cijfers"),
        ("Ditisallemaalaanelkaargeschreven" * 3, "spaties"),
        ("D e z e t e k s t i s u i t e l k a a r g e t r o k k e n o v e r d e p a g i n a", "tussen de letters"),
    ],
)
def test_an_odd_extraction_is_noticed(text: str, says: str) -> None:
    assert says in str(oddity_of(text))


def test_a_good_text_is_not_odd() -> None:
    assert [item.id for item in ITEMS if oddity_of(item.text)] == []


def test_a_document_of_a_few_words_is_odd() -> None:
    assert "tekens" in str(oddity_of("Pagina 1", is_document=True))


def test_a_text_that_stands_twice_is_noticed() -> None:
    twin = replace(FIRST, id=f"{FIRST.id}-2", title="Onder een andere titel")
    found = inspect([FIRST, twin], cut([FIRST, twin]))
    assert [(one.where, f"ook in {twin.id}" in one.message) for one in found] == [(FIRST.id, True)]


def tried(known: Knowledge) -> tuple[int, int, str]:
    whole = replace(known, passages=cut(known.items))
    vectors = EMBEDDER.embed_matrix([passage.text for passage in whole.passages])
    found = try_questions(whole, vectors, build_arrays(whole), EMBEDDER.name)
    return found.asked, found.found, " ".join(one.message for one in found.findings)


def test_a_question_that_finds_another_item_is_named() -> None:
    asked, found, _ = tried(knowledge())
    assert asked == found > 0
    tool = [item for item in ITEMS if item.type is ItemType.TOOL][-1]
    question = f"{tool.title} {tool.text}"
    swapped = tuple(replace(item, questions=(question,)) if item.id == FIRST.id else item for item in ITEMS)
    asked, found, says = tried(replace(knowledge(), items=swapped))
    assert found == asked - 1
    assert tool.title in says


class Endpoint:
    """An embedder with a price, that must not be asked in a rehearsal."""

    remote = True
    name = "endpoint:proef"
    dimension = 4

    def __init__(self) -> None:
        self.asked = 0

    def embed_matrix(self, texts: object) -> Matrix:
        self.asked += 1
        return EMBEDDER.embed_matrix(list(texts))[:, :4]  # type: ignore[call-overload]


def test_a_rehearsal_says_what_an_endpoint_would_cost_and_does_not_ask_it(tmp_path: Path) -> None:
    endpoint, known = Endpoint(), Vectors(tmp_path, Endpoint.name, 4)
    rehearsed = embed(TEXTS, endpoint, known, lambda _a, _b: None, dry=True, per_million=20.0)
    assert (endpoint.asked, list(tmp_path.iterdir())) == (0, [])
    assert rehearsed.tokens is not None
    assert rehearsed.cost == pytest.approx(rehearsed.tokens * 20 / 1e6)


def test_what_was_embedded_before_costs_nothing(tmp_path: Path) -> None:
    endpoint, known = Endpoint(), Vectors(tmp_path, Endpoint.name, 4)
    first = embed(TEXTS, endpoint, known, lambda _a, _b: None)
    again = embed(TEXTS, endpoint, known, lambda _a, _b: None)
    assert first.fresh > 0
    assert (again.fresh, again.tokens) == (0, 0)
    assert (again.vectors == first.vectors).all()
