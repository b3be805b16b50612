"""The index as LangChain sees it."""

import asyncio

import pytest
from langchain_core.runnables import RunnableLambda
from pydantic import ValidationError

from kompasbot.embedding import local_embedder
from kompasbot.errors import NotFound
from kompasbot.knowledge import ItemType, Passage, PassageKind, Section
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.langchain import KompasRetriever
from tests.shelf import SHEET, Shelf, index, item, knowledge

ROBOTS = "Kunnen kleuters met een robot leren programmeren?"


def test_documents_come_best_first_with_what_a_citation_needs() -> None:
    found = KompasRetriever(index=index(), limit=3).invoke(ROBOTS)
    first = found[0]
    assert len(found) == 3
    assert first.id == first.metadata["id"] == f"{SHEET}/inzicht/de-wit"
    assert first.page_content.startswith("De Wit (2019)")
    assert {key: first.metadata[key] for key in ("type", "title", "position", "factsheet", "url")} == {
        "type": "inzicht",
        "title": "De Wit: robots in de kleuterklas",
        "position": 2,
        "factsheet": SHEET,
        "url": None,
    }
    assert [one.metadata["score"] for one in found] == sorted((one.metadata["score"] for one in found), reverse=True)


def test_a_retriever_can_be_kept_to_a_type() -> None:
    found = KompasRetriever(index=index(), type=ItemType.TOOL).invoke(ROBOTS)
    assert {one.metadata["type"] for one in found} == {"tool"}


def test_an_unknown_factsheet_is_an_error() -> None:
    with pytest.raises(NotFound, match="nergens"):
        KompasRetriever(index=index(), factsheet="nergens").invoke(ROBOTS)


@pytest.mark.parametrize("limit", [0, 51])
def test_the_limit_has_bounds(limit: int) -> None:
    with pytest.raises(ValidationError):
        KompasRetriever(index=index(), limit=limit)


def test_it_works_in_a_chain_and_async() -> None:
    chain = KompasRetriever(index=index(), limit=1) | RunnableLambda(lambda found: found[0].metadata["title"])
    assert chain.invoke(ROBOTS) == asyncio.run(chain.ainvoke(ROBOTS)) == "De Wit: robots in de kleuterklas"


def test_of_a_document_the_part_that_fits_is_given_with_its_place() -> None:
    sections = (Section("Een brug van karton draagt veel.", "Bruggen", 2), Section("Een kraan hijst.", "Kranen", 5))
    document = item(
        ItemType.DOCUMENT, 1, "bouwen", "Bouwen", "\n\n".join(one.text for one in sections), sections=sections
    )
    known = knowledge((document,))
    parts = tuple(
        Passage(f"p{one.page}", document.id, PassageKind.TEXT, one.text, one.heading, one.page) for one in sections
    )
    shelf = Shelf(type(known)(known.factsheets, known.items, known.synonyms, parts))
    [found] = KompasRetriever(index=Index(shelf, local_embedder())).invoke("Wat hijst een kraan?")  # type: ignore[arg-type]
    assert found.page_content == "Een kraan hijst."
    assert (found.metadata["heading"], found.metadata["page"]) == ("Kranen", 5)
