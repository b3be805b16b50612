"""What ``kompasbot ask`` prints of the sources of an answer."""

import pytest

from kompasbot.answering.answer import Answer, Citation, EngineUsed, Place, Status
from kompasbot.cli.ask import show
from kompasbot.knowledge import ItemType, Known, Origin

TITLES = {"les/tool/kast": "De kast", "les/inzicht/lijm": "Lijm helpt"}


def source(*linked: str, place: Place | None) -> Citation:
    url = "https://lijm.example/rapport.pdf"
    kind = ItemType.DOCUMENT if place else ItemType.TOOL
    words = ("Over lijm", "Lijm plakt.", url, Known.KNOWN, Origin.DOCUMENT, "2026-01-01")
    return Citation(1, "les/document/lijm", "les", kind, 1, *words, linked, place)


@pytest.mark.parametrize(
    ("citation", "line"),
    [
        (
            source("les/tool/kast", "les/inzicht/lijm", place=Place("Over lijm", 12, "Drogen [kort]")),
            "bladzijde 12, kop 'Drogen [kort]'; gelinkt vanuit item 'De kast', 'Lijm helpt'",
        ),
        (source("les/tool/kast", place=Place("Over lijm", 3)), "bladzijde 3; gelinkt vanuit item 'De kast'"),
        (source("les/tool/weg", place=Place("Over lijm")), "gelinkt vanuit item 'les/tool/weg'"),
        (source(place=Place("Over lijm", heading="Drogen")), "kop 'Drogen'"),
        (source(place=Place("Over lijm")), None),
        (source(place=None), None),
    ],
)
def test_source_says_where_in_the_document_and_what_links_to_it(
    citation: Citation, line: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    show(Answer("a", Status.ANSWERED, (), (citation,), (), EngineUsed("extractive"), "i"), TITLES)
    printed = capsys.readouterr().out.splitlines()
    start = printed.index(f"  [1] {citation.type}: Over lijm")
    places = [one.strip() for one in printed[start + 1 : -1]]
    assert places == ([line] if line else [])
    assert printed[-1].strip() == citation.url


@pytest.mark.parametrize(
    ("status", "heading"), [(Status.CLARIFY, "Kies een vraag"), (Status.ANSWERED, "Vraag ook eens")]
)
def test_the_choices_of_a_question_back_are_shown_as_such(
    status: Status, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(Answer("a", status, (), (), ("Welke lijm?", "Welke kast?"), EngineUsed("extractive"), "i"), TITLES)
    assert capsys.readouterr().out.splitlines()[-3:] == [heading, "  Welke lijm?", "  Welke kast?"]
