"""Ids survive rewording, reordering and change of form; what is not certain is said."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ingest.factsheets import ParsedFactsheet
from ingest.files import CorpusFile
from ingest.items import Identified, identify, load_known, remember_ids
from ingest.likeness import KnownItem
from kompasbot.errors import CorpusError, UnreadableFile
from tests.ingest.building import EXPORT, ITEMS, REAL_EXPORT, SHIPPED, parse, parse_file

EXAMPLES = {
    "zonneberg": "In [Lab Zonneberg](#) bouwen groepen 5 en 6 een brug van karton, samen met de Hogeschool Oosterveen.",
    "bouwbus": "Breedorp en Sluisoord delen een [Bouwbus](#) die met een chauffeur langs de scholen rijdt.",
    "maak": "Het Vlaamse [MAAK](#) leent gereedschap uit aan gezinnen, thuis en in het buurthuis.",
}
KNOWN = (
    KnownItem(
        "les/praktijkvoorbeeld/zonneberg",
        "Lab Zonneberg",
        ("Lab Zonneberg", "Hogeschool Oosterveen"),
        ("brug", "karton"),
    ),
    KnownItem("les/praktijkvoorbeeld/bouwbus", "De Bouwbus", ("Bouwbus", "Sluisoord"), ("chauffeur", "scholen")),
    KnownItem("les/praktijkvoorbeeld/maak", "MAAK leent uit", ("MAAK",), ("gereedschap", "gezinnen")),
)


def factsheet(examples: Sequence[str]) -> ParsedFactsheet:
    bullets = "\n".join(f"- {example}" for example in examples)
    return parse(f"KOMPASPUNT: LES\n\nPRAKTIJKVOORBEELDEN\n\n{bullets}\n")


def ids(
    examples: Sequence[str], known: Sequence[KnownItem] = KNOWN, previous: Mapping[str, str] | None = None
) -> list[Identified]:
    return list(identify(factsheet(examples), "les", known, previous or {}))


def slugs(found: Sequence[Identified]) -> list[str]:
    return [one.entry.id.rpartition("/")[2] for one in found]


def shipped_known() -> tuple[KnownItem, ...]:
    path = SHIPPED / "items.yaml"
    return load_known(CorpusFile("regionale-samenwerking/items.yaml", path), "regionale-samenwerking")


def shipped_ids(path: Path) -> list[Identified]:
    return list(identify(parse_file(path), "regionale-samenwerking", shipped_known(), {}))


def test_shipped_factsheet_has_exactly_the_ids_of_items_yaml() -> None:
    found = shipped_ids(SHIPPED / "factsheet.md")
    assert [one.entry for one in found] == list(shipped_known())
    assert not any(one.is_new or one.doubt for one in found)


@pytest.mark.skipif(not REAL_EXPORT.exists(), reason=f"the original export is not at {REAL_EXPORT}")
def test_real_export_has_the_ids_of_the_shipped_factsheet_in_the_same_order() -> None:
    found = shipped_ids(REAL_EXPORT)
    assert [one.entry.id for one in found] == [one.entry.id for one in shipped_ids(SHIPPED / "factsheet.md")]
    assert not any(one.is_new or one.doubt for one in found)


def test_item_without_a_title_takes_that_of_items_yaml() -> None:
    assert [one.title for one in ids([EXAMPLES["maak"]])] == ["MAAK leent uit"]


def test_reordered_items_keep_their_ids() -> None:
    found = ids([EXAMPLES["maak"], EXAMPLES["zonneberg"], EXAMPLES["bouwbus"]])
    assert slugs(found) == ["maak", "zonneberg", "bouwbus"]
    assert not any(one.doubt for one in found)


def test_rewording_that_keeps_a_name_keeps_the_id() -> None:
    found = ids(
        ["Kinderen in de bovenbouw maken bij Lab Zonneberg een overspanning.", EXAMPLES["bouwbus"], EXAMPLES["maak"]]
    )
    assert slugs(found) == ["zonneberg", "bouwbus", "maak"]
    assert not any(one.doubt for one in found)


def test_item_that_is_gone_leaves_the_others_alone() -> None:
    found = ids([EXAMPLES["zonneberg"], EXAMPLES["maak"]])
    assert slugs(found) == ["zonneberg", "maak"]
    assert not any(one.doubt for one in found)


def test_added_item_gets_a_slug_from_its_first_link() -> None:
    found = ids(["Op [Kade Zes (2022)](#) staan werkbanken voor iedereen.", *EXAMPLES.values()])
    assert slugs(found) == ["kade-zes", "zonneberg", "bouwbus", "maak"]
    assert [one.is_new for one in found] == [True, False, False, False]
    assert found[0].title == "Kade Zes"


def test_item_that_replaces_another_is_new() -> None:
    found = ids([EXAMPLES["zonneberg"], EXAMPLES["bouwbus"], "Op [Kade Zes](#) staan werkbanken voor iedereen."])
    assert slugs(found) == ["zonneberg", "bouwbus", "kade-zes"]


def test_merged_item_is_in_doubt() -> None:
    found = ids([f"{EXAMPLES['bouwbus']} {EXAMPLES['maak']}", EXAMPLES["zonneberg"]])
    assert found[0].doubt is not None
    assert "les/praktijkvoorbeeld/bouwbus" in found[0].doubt
    assert "les/praktijkvoorbeeld/maak" in found[0].doubt
    assert found[1].doubt is None


def test_item_split_in_two_alike_halves_is_in_doubt() -> None:
    found = ids(
        ["Lab Zonneberg maakt een brug.", "Lab Zonneberg gebruikt karton.", EXAMPLES["bouwbus"], EXAMPLES["maak"]]
    )
    assert [bool(one.doubt) for one in found if one.entry.id.endswith("/zonneberg")] == [True]


def test_item_split_off_with_other_words_is_new() -> None:
    found = ids([*EXAMPLES.values(), "De [Kluskast](#) in de gang bevat materiaal voor later."])
    assert slugs(found)[3] == "kluskast"
    assert not any(one.doubt for one in found)


def test_two_items_that_could_change_places_are_both_in_doubt() -> None:
    known = [KnownItem(f"les/praktijkvoorbeeld/kade-{number}", "Werken", ("Kade Zes",)) for number in (1, 2)]
    found = ids(["Op Kade Zes kun je timmeren.", "Op Kade Zes kun je solderen."], known)
    assert [bool(one.doubt) for one in found] == [True, True]


def test_rewording_that_loses_every_name_is_in_doubt() -> None:
    found = ids([EXAMPLES["zonneberg"], "Een busje met chauffeur brengt spullen rond.", EXAMPLES["maak"]])
    assert slugs(found)[1] == "bouwbus"
    assert "lijkt maar weinig op" in (found[1].doubt or "")


def test_text_of_the_last_publication_recognises_what_names_can_not() -> None:
    known = [KnownItem("les/praktijkvoorbeeld/een", "Een"), KnownItem("les/praktijkvoorbeeld/twee", "Twee")]
    texts = ["Leerlingen zagen hout in een schuur.", "Ouders koken soep op het plein."]
    previous = {"les/praktijkvoorbeeld/een": texts[1], "les/praktijkvoorbeeld/twee": texts[0]}
    found = ids(texts, known, previous)
    assert slugs(found) == ["twee", "een"]
    assert not any(one.doubt for one in found)


def test_same_title_keeps_the_id_when_all_else_changes() -> None:
    parsed = parse("## Praktijkvoorbeelden\n\n### MAAK leent uit\n\nNieuwe tekst over iets anders.\n")
    [found] = identify(parsed, "les", KNOWN, {})
    assert (found.entry.id, found.doubt) == ("les/praktijkvoorbeeld/maak", None)


def test_a_name_in_another_section_does_not_count() -> None:
    parsed = parse("TOOLS EN HANDVATTEN\n\n- Bij [Lab Zonneberg](#) hoort een brug van karton.\n")
    [found] = identify(parsed, "les", KNOWN, {})
    assert (found.entry.id, found.is_new) == ("les/tool/lab-zonneberg", True)


def test_without_known_items_every_item_gets_an_id_of_its_own() -> None:
    found = identify(parse_file(EXPORT), "les", (), {})
    assert [one.entry.id for one in found] == [
        "les/inzicht/visser-bloem",
        "les/inzicht/okafor-lindqvist",
        "les/inzicht/mulder",
        "les/praktijkvoorbeeld/lab-zonneberg",
        "les/praktijkvoorbeeld/bouwbus-bb4",
        "les/praktijkvoorbeeld/maak",
        "les/tool/hogeschool-oosterveen",
        "les/tool/stichting-klaslab",
        "les/tool/vakhuis",
        "les/algemeen/over-de-factsheet-lesmateriaal",
        "les/algemeen/tot-slot",
    ]


def test_two_new_items_with_the_same_link_get_different_ids() -> None:
    found = ids(["[Kade Zes](#) timmert.", "[Kade Zes](#) soldeert."], known=())
    assert slugs(found) == ["kade-zes", "kade-zes-2"]


def test_new_item_without_a_name_gets_a_title_from_its_first_words() -> None:
    [found] = ids(["leerlingen leren het meest van dingen die zij zelf maken en uitproberen."], known=())
    assert found.title == "leerlingen leren het meest van dingen die zij…"


def test_label_that_says_nothing_is_no_name() -> None:
    [found] = ids(["[Lees meer](#) over de werkplaats van Kade Zes."], known=())
    assert found.entry.id == "les/praktijkvoorbeeld/kade-zes"


def write(folder: Path, text: str) -> CorpusFile:
    folder.mkdir(exist_ok=True)
    (folder / "items.yaml").write_text(text, encoding="utf-8")
    return CorpusFile("lesmateriaal/items.yaml", folder / "items.yaml")


NEW = KnownItem("lesmateriaal/tool/kade-zes", 'Kade "Zes"', ("Kade Zes",), ("werkbanken",))


@pytest.mark.parametrize("old", [ITEMS, ITEMS.rstrip("\n"), textwrap.indent(ITEMS, "  ")])
def test_new_ids_are_appended_and_the_rest_stays(tmp_path: Path, old: str) -> None:
    file = write(tmp_path / "lesmateriaal", old)
    before = load_known(file, "lesmateriaal")
    remember_ids(file.path.parent, [NEW])
    assert file.path.read_text(encoding="utf-8").startswith(old)
    assert load_known(file, "lesmateriaal") == (*before, NEW)


def test_new_ids_make_a_file_with_its_explanation_where_there_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "lesmateriaal"
    remember_ids(folder, [NEW])
    assert (folder / "items.yaml").read_text(encoding="utf-8").startswith("# De vaste naam")
    assert load_known(CorpusFile("i", folder / "items.yaml"), "lesmateriaal") == (NEW,)
    assert [path.name for path in folder.iterdir()] == ["items.yaml"]


def test_file_that_can_not_be_appended_to_is_left_as_it_is(tmp_path: Path) -> None:
    file = write(tmp_path / "lesmateriaal", "[]\n")
    with pytest.raises(CorpusError):
        remember_ids(file.path.parent, [NEW])
    assert file.path.read_text(encoding="utf-8") == "[]\n"


def test_folder_that_can_not_be_written_says_what_to_add_by_hand(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("")
    with pytest.raises(CorpusError) as caught:
        remember_ids(tmp_path / "bestand" / "map", [NEW])
    assert "- id: lesmateriaal/tool/kade-zes" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- id: ander/tool/x\n  titel: X\n", "regel 1: 'ander/tool/x' is geen goed id"),
        ("- id: lesmateriaal/spel/x\n  titel: X\n", "is geen goed id"),
        ("- id: lesmateriaal/tool/X Y\n  titel: X\n", "is geen goed id"),
        ("- id: lesmateriaal/tool/x\n", "staat geen titel"),
        (
            "- id: lesmateriaal/tool/x\n  titel: X\n- id: lesmateriaal/tool/x\n  titel: Y\n",
            "regel 3: .* staat er twee keer",
        ),
        ("- id: lesmateriaal/tool/x\n  titel: X\n  naam: Y\n", "'naam' is hier niet bekend"),
        ("- id: lesmateriaal/tool/x\n  titel: X\n  namen: Y\n", "hier hoort een lijst"),
        ("id: lesmateriaal/tool/x\n", "hier hoort een lijst"),
        ("- id: [\n", "regel 1: de YAML klopt niet"),
    ],
)
def test_wrong_items_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"^lesmateriaal/items\.yaml.*{message}"):
        load_known(write(tmp_path / "lesmateriaal", text), "lesmateriaal")
