"""What a new generation may lose without a person's word."""

from dataclasses import replace

import pytest

from ingest.before import Before
from kompasbot.errors import PublicationStopped
from kompasbot.knowledge import Factsheet, Item, ItemType, Knowledge, Origin

WORDS = "Een fonds betaalt elke maand materiaal voor kinderen die thuis bouwen met hout en karton."


def sheet(name: str) -> Factsheet:
    return Factsheet(name, name.title(), name, "", "2026-01-01", "", Origin.SUMMARY)


def item(name: str, number: int, kind: ItemType = ItemType.TOOL, **more: object) -> Item:
    given: dict[str, object] = {"text": WORDS, "questions": ("Een?", "Twee?"), **more}
    return Item(
        f"{name}/{kind}/{number}",
        name,
        kind,
        number,
        f"Item {number}",
        origin=Origin.SUMMARY,
        updated="2026-01-01",
        **given,  # type: ignore[arg-type]
    )


def document(name: str, number: int, *linked: str) -> Item:
    return item(name, number, ItemType.DOCUMENT, linked_from=linked)


TEN = tuple(item("een", number) for number in range(10))
PAPERS = tuple(document("een", number, f"een/tool/{number}") for number in range(10))
OTHER = tuple(item("twee", number) for number in range(4))
SHELF = (document("map", 1),)


def known(*items: Item) -> Knowledge:
    return Knowledge(tuple(map(sheet, dict.fromkeys(item.factsheet for item in items))), items)


def refusal(*after: Item) -> str:
    """Why the items can't take the place of all of the above; empty when they can."""
    before = Before("g", knowledge=known(*TEN, *PAPERS, *OTHER, *SHELF))
    try:
        before.refuse_losses(known(*after))
    except PublicationStopped as error:
        return str(error)
    return ""


def test_a_fifth_of_the_items_may_go_with_their_documents_and_of_few_items_one() -> None:
    assert refusal(*TEN[2:], *PAPERS[2:], *OTHER[1:], *SHELF) == ""


def test_more_than_a_fifth_of_one_factsheet_is_too_much_however_many_there_are_in_all() -> None:
    assert "Van de 4 items van 'Twee' zijn er 2 weg: 'Item 0', 'Item 1'." in refusal(*TEN, *PAPERS, *OTHER[2:], *SHELF)


def test_new_items_do_not_make_up_for_lost_ones() -> None:
    fresh = tuple(item("een", number) for number in range(20, 40))
    assert "Van de 10 items" in refusal(*TEN[5:], *fresh, *PAPERS, *OTHER, *SHELF)


def test_a_factsheet_that_is_gone_stops_and_documents_do_not_stand_in_for_it() -> None:
    assert "De factsheet 'Twee' is weg, met 4 items." in refusal(*TEN, *PAPERS, *SHELF)
    assert "De factsheet 'Een' is weg" in refusal(*PAPERS, *OTHER, *SHELF)


def test_a_folder_of_one_document_may_go() -> None:
    assert refusal(*TEN, *PAPERS, *OTHER) == ""


def test_documents_of_items_that_stay_may_not_go() -> None:
    assert "Van de 10 documenten van 'Een' zijn er 10 weg" in refusal(*TEN, *OTHER, *SHELF)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"questions": ()}, "verwachte vragen en termen van 20 naar 0"),
        ({"text": WORDS[:30]}, "tekens van de items van"),
        (
            {"text": "De robots in Drentstad leren kleuters spelen met licht, geluid en magneten op school."},
            "heel andere",
        ),
    ],
)
def test_items_that_stay_may_not_lose_what_they_hold(changes: dict[str, object], said: str) -> None:
    emptied = tuple(replace(one, **changes) for one in TEN)  # type: ignore[arg-type]
    assert said in refusal(*emptied, *PAPERS, *OTHER, *SHELF)


def test_a_rewording_keeps_enough_words() -> None:
    told = "Kinderen die thuis met hout of karton bouwen, krijgen het materiaal van een fonds vergoed."
    assert refusal(*(replace(one, text=told) for one in TEN), *PAPERS, *OTHER, *SHELF) == ""


def test_where_only_numbers_are_left_items_are_counted_without_documents() -> None:
    before = Before("g", counts={"items": 10, "passages": 1})
    with pytest.raises(PublicationStopped, match="Het aantal items daalt van 10 naar 1"):
        before.refuse_losses(known(TEN[0], *PAPERS))
