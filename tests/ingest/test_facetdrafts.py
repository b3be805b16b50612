"""Drafts of facets: only what stands in the text, apart from what a person wrote, and never over it."""

import json
from pathlib import Path

import pytest

from ingest.corpus import read_corpus
from ingest.enrich import batches, draft_all, estimate
from ingest.facetdrafting import FacetDrafting, thin_facets
from ingest.facetdrafts import FACET_DRAFTS_FILE, approve_facets, load_facet_drafts
from kompasbot.errors import CorpusError, UnreadableFile, UpstreamError
from kompasbot.knowledge import Facet, FacetKind, Item
from tests.ingest.building import ITEMS, CorpusBuilder

SHEET = "lesmateriaal"
LAB = f"{SHEET}/praktijkvoorbeeld/zonneberg"
KIT = f"{SHEET}/tool/vakhuis"
NOTE = f"{SHEET}/document/bezoek"
BRIDGE = "In Lab Zonneberg bouwen leerlingen een brug van karton."
VISIT = "Er komen drie scholen uit Drenthe."
REVIEWED = f"""\
# Met de hand geschreven.
{LAB}:
  voor_wie:
    - waarde: leerlingen  # wie anders?
      ook: ["kinderen"]
      zin: "{BRIDGE}"
  soort:
    - {{waarde: lab, zin: "{BRIDGE}"}}

{KIT}: {{soort: [{{waarde: kast, zin: "Vakhuis verzamelt lessen in een kast."}}]}}
"""
PROPOSED = (
    {"kenmerk": "voor_wie", "waarde": "Leerlingen", "ook": [], "zin": BRIDGE},
    {"kenmerk": "voor_wie", "waarde": "bouwers", "ook": ["makers"], "zin": BRIDGE},
    {"kenmerk": "waar", "waarde": 'het "verre" Drenthe', "ook": ["noorden"], "zin": VISIT},
    {"kenmerk": "waar", "waarde": "Drenthe", "zin": "Het lab staat in Drenthe."},
    {"kenmerk": "kleur", "waarde": "geel", "zin": BRIDGE},
    "onzin",
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    builder = CorpusBuilder(tmp_path)
    builder.factsheet(SHEET)
    builder.write(f"{SHEET}/items.yaml", ITEMS)
    builder.write(f"{SHEET}/kenmerken.yaml", REVIEWED)
    builder.write(f"{SHEET}/documenten/bezoek.md", f"---\nlinked_from: [{LAB}]\n---\n\n# Bezoek\n\n{VISIT}\n")
    return tmp_path


def items(corpus: Path) -> tuple[Item, ...]:
    return read_corpus(corpus).knowledge.items


def facets(corpus: Path, item: str = LAB) -> tuple[Facet, ...]:
    return next(one.facets for one in items(corpus) if one.id == item)


def drafted(corpus: Path, *proposed: object, item: str = LAB) -> FacetDrafting:
    """Draft for one item what a model proposes."""
    drafting = FacetDrafting(corpus, items(corpus))
    wanted = [[one for one in drafting.items if one.id == item]]
    list(draft_all(drafting, wanted, lambda _told, _given: json.dumps({"1": proposed}), lambda _a, _b: None))
    return drafting


def test_items_with_few_kinds_are_listed_the_poorest_first_and_documents_are_not(corpus: Path) -> None:
    thin = thin_facets(corpus, items(corpus))
    assert [(one.item.id, list(one.kinds), one.drafts) for one in thin] == [
        (f"{SHEET}/inzicht/visser-bloem", [], 0),
        (KIT, [FacetKind.KIND], 0),
        (LAB, [FacetKind.AUDIENCE, FacetKind.KIND], 0),
    ]


def test_the_model_sees_the_item_its_documents_and_every_kind(corpus: Path) -> None:
    drafting = FacetDrafting(corpus, items(corpus))
    told, given = drafting.prompt([one for one in drafting.items if one.id == LAB])
    assert BRIDGE in given
    assert VISIT in given
    assert [kind for kind in FacetKind if f"- {kind}: " not in told] == []


def test_only_what_stands_in_the_text_and_is_new_becomes_a_draft(corpus: Path) -> None:
    drafting = drafted(corpus, *PROPOSED)
    assert load_facet_drafts(corpus / SHEET) == {
        LAB: {
            "voor_wie": [{"waarde": "bouwers", "ook": ["makers"], "zin": BRIDGE}],
            "waar": [{"waarde": 'het "verre" Drenthe', "ook": ["noorden"], "bron": NOTE, "zin": VISIT}],
        }
    }
    assert drafting.refused == 3


def test_drafts_stand_apart_and_do_not_count(corpus: Path) -> None:
    before = (corpus / SHEET / "kenmerken.yaml").read_bytes()
    drafted(corpus, *PROPOSED)
    assert (corpus / SHEET / "kenmerken.yaml").read_bytes() == before
    reading = read_corpus(corpus)
    assert [one.where for one in reading.findings if "conceptkenmerken" in one.message] == [
        f"{SHEET}/{FACET_DRAFTS_FILE}"
    ]
    assert len(facets(corpus)) == 2


def test_an_item_with_drafts_is_not_drafted_again(corpus: Path) -> None:
    drafted(corpus, *PROPOSED)
    thin = thin_facets(corpus, items(corpus))
    assert {one.item.id: one.drafts for one in thin}[LAB] == 2
    assert LAB not in [item.id for batch in batches(thin) for item in batch]


@pytest.mark.parametrize("proposed", [(), (PROPOSED[3],), ({"kenmerk": ["waar"]},)])
def test_a_model_that_gives_nothing_usable_is_an_error(corpus: Path, proposed: tuple[object, ...]) -> None:
    with pytest.raises(UpstreamError, match="bruikbare kenmerken"):
        drafted(corpus, *proposed)


def test_the_cost_is_known_beforehand(corpus: Path) -> None:
    drafting = FacetDrafting(corpus, items(corpus))
    found = estimate(drafting, batches(thin_facets(corpus, drafting.items)), 1.0, 4.0)
    assert (found.items, found.calls, found.cost is not None) == (3, 1, True)


def test_approving_adds_lines_and_changes_none(corpus: Path) -> None:
    drafted(corpus, *PROPOSED)
    assert approve_facets(corpus / SHEET, LAB) == 2
    text = (corpus / SHEET / "kenmerken.yaml").read_text()
    assert [line for line in REVIEWED.splitlines() if line not in text.splitlines()] == []
    assert [(one.kind, one.value) for one in facets(corpus)] == [
        (FacetKind.AUDIENCE, "leerlingen"),
        (FacetKind.AUDIENCE, "bouwers"),
        (FacetKind.KIND, "lab"),
        (FacetKind.PLACE, 'het "verre" Drenthe'),
    ]
    assert not (corpus / SHEET / FACET_DRAFTS_FILE).exists()


def test_approving_an_item_without_an_entry_adds_one(corpus: Path) -> None:
    item = f"{SHEET}/inzicht/visser-bloem"
    sentence = "Materiaal van leraren zelf wordt vaker gebruikt, volgens Visser & Bloem (2011)."
    drafted(corpus, {"kenmerk": "sinds", "waarde": 2011, "zin": sentence}, item=item)
    approve_facets(corpus / SHEET, item)
    assert [one.value for one in facets(corpus, item)] == ["2011"]


def test_approving_does_not_spoil_a_file_in_another_form_of_yaml(corpus: Path) -> None:
    drafted(corpus, {"kenmerk": "wie", "waarde": "Vakhuis", "zin": "Vakhuis verzamelt lessen in een kast."}, item=KIT)
    reviewed = (corpus / SHEET / "kenmerken.yaml").read_bytes()
    with pytest.raises(CorpusError, match="passen niet vanzelf"):
        approve_facets(corpus / SHEET, KIT)
    assert (corpus / SHEET / "kenmerken.yaml").read_bytes() == reviewed
    assert KIT in load_facet_drafts(corpus / SHEET)


def test_approving_what_has_no_drafts_is_a_clear_error(corpus: Path) -> None:
    with pytest.raises(CorpusError, match="geen conceptkenmerken"):
        approve_facets(corpus / SHEET, LAB)


def test_drafts_that_were_spoilt_by_hand_are_a_clear_error(corpus: Path) -> None:
    (corpus / SHEET / FACET_DRAFTS_FILE).write_text(f"{LAB}: Drenthe\n")
    with pytest.raises(UnreadableFile, match=r"kenmerken\.concept\.yaml: hier horen kenmerken"):
        load_facet_drafts(corpus / SHEET)
