"""The facets of the corpus in this repository: all of them are told, for each of its items."""

from ingest.corpus import read_corpus
from kompasbot.knowledge import SECTIONS, FacetKind
from kompasbot.shipped import CHECKOUT

READING = read_corpus(CHECKOUT / "corpus")
ITEMS = [item for item in READING.knowledge.items if item.type in SECTIONS]


def values(kind: FacetKind, item_id: str) -> set[str]:
    """The folded values of a kind, with the other words for them."""
    item = next(item for item in ITEMS if item.id.endswith(item_id))
    return {word.casefold() for one in item.facets if one.kind is kind for word in (one.value, *one.aliases)}


def test_no_facet_is_withheld() -> None:
    assert [one.message for one in READING.findings if "kenmerken.yaml" in one.where] == []


def test_every_item_says_who_takes_part_what_it_is_and_three_kinds_at_least() -> None:
    poor = [item.id for item in ITEMS if not {FacetKind.PARTNER, FacetKind.KIND} < {one.kind for one in item.facets}]
    assert poor == []


def test_other_words_are_really_other_words() -> None:
    echoes = [
        (item.id, one.value)
        for item in ITEMS
        for one in item.facets
        if one.value.casefold() in {alias.casefold() for alias in one.aliases}
    ]
    assert echoes == []


def test_examples_are_told_apart_by_country_and_audience() -> None:
    examples = [item.id for item in ITEMS if "/praktijkvoorbeeld/" in item.id]
    assert [one for one in examples if "nederland" not in values(FacetKind.COUNTRY, one)] == [
        "regionale-samenwerking/praktijkvoorbeeld/fame"
    ]
    assert [one for one in examples if "vmbo" in values(FacetKind.AUDIENCE, one)] == [
        "regionale-samenwerking/praktijkvoorbeeld/sto-waterland"
    ]
