"""One parser for the raw export and for our own form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import SourceText
from ingest.factsheets import ParsedFactsheet, looks_like_factsheet, parse_factsheet
from ingest.files import clean
from ingest.markdown import read_markdown
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Origin
from tests.ingest.building import EXPORT, FACTSHEET, REAL_EXPORT, SHIPPED, of_type, parse, parse_file, source

needs_real_export = pytest.mark.skipif(not REAL_EXPORT.exists(), reason=f"the original export is not at {REAL_EXPORT}")


@pytest.fixture(scope="module")
def export() -> ParsedFactsheet:
    return parse_file(EXPORT)


def test_export_gives_every_bullet_of_a_section_as_an_item(export: ParsedFactsheet) -> None:
    counts = {kind: len(of_type(export, kind)) for kind in ("inzicht", "praktijkvoorbeeld", "tool", "algemeen")}
    assert counts == {"inzicht": 3, "praktijkvoorbeeld": 3, "tool": 3, "algemeen": 2}


def test_positions_count_from_one_within_a_section(export: ParsedFactsheet) -> None:
    assert [item.position for item in export.items] == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2]


def test_escapes_links_and_bold_leave_plain_text(export: ParsedFactsheet) -> None:
    text = "\n".join(item.text for item in export.items)
    assert "Visser & Bloem (2011) beschrijven" in text
    assert "over lesmateriaal voor techniek in de klas - van ontwerp tot gebruik - en" in text
    assert not any(sign in text for sign in ("\\", "](", "**", "*van", "#"))


def test_label_of_a_link_without_target_has_no_address(export: ParsedFactsheet) -> None:
    assert of_type(export, "inzicht")[0].labels == (("Visser & Bloem (2011)", None),)


def test_all_links_of_an_item_are_kept_in_order(export: ParsedFactsheet) -> None:
    assert [label for label, _ in of_type(export, "tool")[1].labels] == [
        "Stichting Klaslab",
        "werkbladen",
        "Van Schroef tot Les",
    ]


def test_nested_bullets_indented_by_one_space_belong_to_their_item(export: ParsedFactsheet) -> None:
    assert of_type(export, "tool")[0].text == (
        "Bij haar vergelijking geeft de Hogeschool Oosterveen een aantal tips, namelijk:\n\n"
        "- Begin klein.\n- Laat leerlingen het materiaal testen.\n- Ruim samen op."
    )


def test_bullet_over_several_lines_is_one_paragraph(export: ParsedFactsheet) -> None:
    assert of_type(export, "inzicht")[1].text.endswith("elf methodes vergeleken, en de uitkomsten naast elkaar gezet.")


def test_paragraphs_before_and_after_the_sections_are_general_items(export: ParsedFactsheet) -> None:
    first, last = of_type(export, "algemeen")
    assert first.text.startswith("Deze factsheet is bedacht")
    assert first.text.count("\n\n") == 1
    assert last.text.endswith("Laat het weten via dit formulier.")


def test_lines_in_capitals_name_the_compass_point_and_are_no_text(export: ParsedFactsheet) -> None:
    assert (export.meta.title, export.meta.topic) == ("Lesmateriaal", "Lesmateriaal")
    assert export.meta.publisher == "Interventiekompas technologieonderwijs"
    assert not any("KOMPAS" in item.text for item in export.items)


def test_export_counts_as_the_publishers_own_text(export: ParsedFactsheet) -> None:
    assert export.meta.origin is Origin.FACTSHEET
    assert export.meta.updated is None


def test_unfinished_last_sentence_stays_and_is_reported(export: ParsedFactsheet) -> None:
    assert of_type(export, "tool")[2].text.endswith("een kant-en-klaar draaiboek")
    [finding] = export.findings
    assert finding.severity == "waarschuwing"
    assert "lijkt niet af" in finding.message
    assert finding.where == f"{EXPORT.name}, regel 34"


def test_own_form_gives_titles_notes_and_front_matter() -> None:
    factsheet = parse(FACTSHEET)
    insight = of_type(factsheet, "inzicht")[0]
    assert insight.title == "Visser en Bloem over zelf ontwerpen"
    assert insight.editor_note == "Het jaartal is niet gecontroleerd."
    assert "Redactie" not in insight.text
    assert (factsheet.meta.origin, factsheet.meta.updated) == (Origin.SUMMARY, "2026-01-15")


def test_note_of_two_paragraphs_is_one_note() -> None:
    factsheet = parse(FACTSHEET.replace("gecontroleerd.", "gecontroleerd.\n>\n> Het werk zelf wel."))
    assert of_type(factsheet, "inzicht")[0].editor_note == "Het jaartal is niet gecontroleerd.\n\nHet werk zelf wel."


def test_quote_that_is_no_note_is_text() -> None:
    factsheet = parse(FACTSHEET.replace("> Redactie: Het jaartal", "> Een leraar: het jaartal"))
    assert of_type(factsheet, "inzicht")[0].text.endswith("Een leraar: het jaartal is niet gecontroleerd.")


def test_list_in_an_item_of_our_own_form_stays_a_list() -> None:
    factsheet = parse(FACTSHEET.replace("van karton.", "van karton:\n\n- groep 5\n- groep 6"))
    assert of_type(factsheet, "praktijkvoorbeeld")[0].text.endswith("van karton:\n\n- groep 5\n- groep 6")


def test_heading_after_the_sections_starts_a_general_item_with_that_title() -> None:
    factsheet = parse(FACTSHEET + "\n## Nieuws en suggesties\n\nMail ons gerust.\n")
    last = of_type(factsheet, "algemeen")[1]
    assert (last.title, last.text) == ("Nieuws en suggesties", "Mail ons gerust.")


def test_unknown_line_in_capitals_after_the_sections_is_a_heading_too() -> None:
    factsheet = parse(EXPORT.read_text().replace("Via dit kompaspunt", "NIEUWS EN SUGGESTIES\n\nVia dit kompaspunt"))
    assert of_type(factsheet, "algemeen")[1].title == "Nieuws en suggesties"


def test_link_in_a_title_is_a_link_of_the_item() -> None:
    factsheet = parse(FACTSHEET.replace("### Vakhuis", "### [Vakhuis](https://vakhuis.example/)"))
    assert of_type(factsheet, "tool")[0].labels[0] == ("Vakhuis", "https://vakhuis.example/")


@pytest.mark.parametrize(
    "heading",
    [
        "# TOOLS EN HANDVATTEN",
        "#### Tools en handvaten:",
        "tools en handvatten",
        "**TOOLS EN HANDVATEN**",
        "3. Tools & handvatten",
    ],
)
def test_section_heading_is_recognised_in_any_dress(heading: str) -> None:
    factsheet = parse(EXPORT.read_text().replace("**Tools en handvaten**", heading))
    assert len(of_type(factsheet, "tool")) == 3


def test_section_heading_needs_no_blank_lines_around_it() -> None:
    text = EXPORT.read_text().replace("\n\nPraktijkvoorbeelden\n\n", "\nPraktijkvoorbeelden\n")
    assert [item.text for item in parse(text).items] == [item.text for item in parse_file(EXPORT).items]


@pytest.mark.parametrize("sign", ["•", "*", "+", "▪", "–"])
def test_other_bullet_signs_do(sign: str) -> None:
    text = "\n".join(f"{sign}{line[1:]}" if line.startswith("- ") else line for line in EXPORT.read_text().split("\n"))
    assert [item.text for item in parse(text).items] == [item.text for item in parse_file(EXPORT).items]


def test_numbered_lines_within_a_bullet_belong_to_it() -> None:
    text = EXPORT.read_text().replace("door: 1) een rooster per wijk 2) een", "door:\n1) een rooster per wijk\n2) een")
    item = of_type(parse(text), "praktijkvoorbeeld")[1]
    assert item.text.endswith(
        "werkt door:\n\n- een rooster per wijk\n- een vaste chauffeur 3) een korte uitleg vooraf."
    )


def test_loose_paragraph_between_bullets_joins_the_item_above_and_is_reported() -> None:
    factsheet = parse(EXPORT.read_text().replace("lenen.\n- Bree", "lenen.\n\nDat kan gratis.\n\n- Bree"))
    assert of_type(factsheet, "praktijkvoorbeeld")[0].text.endswith("lenen.\n\nDat kan gratis.")
    assert any("staat los" in finding.message for finding in factsheet.findings)


def test_text_above_the_first_bullet_joins_the_introduction_and_is_reported() -> None:
    factsheet = parse(EXPORT.read_text().replace("ONDERZOEK\n", "ONDERZOEK\n\nDit is bekend.\n"))
    assert of_type(factsheet, "algemeen")[0].text.endswith("Dit is bekend.")
    assert any("bij de inleiding gezet" in finding.message for finding in factsheet.findings)


def test_section_without_bullets_gives_an_item_per_paragraph_and_a_warning() -> None:
    factsheet = parse(
        "PRAKTIJKVOORBEELDEN\n\nLab Zonneberg bouwt.\n\nMAAK leent uit.\n\nTOOLS EN HANDVATTEN\n\n- Vakhuis.\n"
    )
    assert [item.text for item in of_type(factsheet, "praktijkvoorbeeld")] == [
        "Lab Zonneberg bouwt.",
        "MAAK leent uit.",
    ]
    assert any("geen opsommingstekens" in finding.message for finding in factsheet.findings)


def test_empty_section_is_reported() -> None:
    factsheet = parse("INZICHTEN UIT ONDERZOEK\n\n- Een inzicht.\n\nPRAKTIJKVOORBEELDEN\n")
    assert [f.message for f in factsheet.findings] == [
        "Onder 'Praktijkvoorbeelden' staat geen enkel item.",
        "Onder 'Tools en handvatten' staat geen enkel item.",
    ]


def test_file_without_any_section_is_no_factsheet() -> None:
    with pytest.raises(UnreadableFile, match="geen van de koppen"):
        parse("# Iets anders\n\nTekst.\n")


@pytest.mark.parametrize(("heading", "expected"), [("PRAKTIJKVOORBEELDEN", True), ("Iets anders", False)])
def test_two_section_headings_make_a_factsheet(heading: str, expected: bool) -> None:
    assert looks_like_factsheet(source(f"## Inzichten uit onderzoek\n\ntekst\n\n{heading}\n\ntekst\n")) is expected


@pytest.mark.parametrize(
    ("line", "hint"), [("weergave: parafrase", "factsheet, samenvatting"), ("bijgewerkt: 3 mei", "2026-11-23")]
)
def test_unknown_value_in_front_matter_is_refused_with_what_may_stand_there(line: str, hint: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse(f"---\n{line}\n---\n{EXPORT.read_text()}")
    assert line.split(": ")[1] in str(caught.value)
    assert hint in caught.value.hint


def test_unknown_key_in_front_matter_is_reported() -> None:
    factsheet = parse(FACTSHEET.replace("titel:", "tietel: x\ntitel:"))
    assert "'tietel:'" in factsheet.findings[0].message


def test_shipped_factsheet_reads_without_a_remark() -> None:
    factsheet = parse_file(SHIPPED / "factsheet.md")
    assert factsheet.findings == ()
    assert [len(of_type(factsheet, kind)) for kind in ("inzicht", "praktijkvoorbeeld", "tool", "algemeen")] == [
        4,
        5,
        5,
        2,
    ]


@needs_real_export
def test_real_export_has_the_items_of_the_shipped_factsheet() -> None:
    real, shipped = parse_file(REAL_EXPORT), parse_file(SHIPPED / "factsheet.md")
    assert [(i.type, i.position) for i in real.items] == [(i.type, i.position) for i in shipped.items]
    assert of_type(real, "tool")[0].text.count("\n- ") == 5


@needs_real_export
def test_real_export_has_one_finding_its_unfinished_sentence() -> None:
    assert ["stappenplan" in finding.message for finding in parse_file(REAL_EXPORT).findings] == [True]


PIECES = (
    *(
        "INZICHTEN UIT ONDERZOEK",
        "## Praktijkvoorbeelden",
        "Tools en handvaten",
        "KOMPASPUNT: X",
        "tekst.",
        "[a](#)",
        "**",
    ),
    *("- ", " - ", "### ", "# ", "> Redactie: ", "> ", "1) ", "\n", "\n\n", "    "),
    *("---\n", "|a|b|\n|-|-|\n", "<br>", "<!--", "```\n"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=40).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        factsheet = parse_factsheet(read_markdown(clean(text), "f.md"))
    except UnreadableFile:
        return
    for kind in {item.type for item in factsheet.items}:
        assert [item.position for item in of_type(factsheet, kind)] == list(range(1, len(of_type(factsheet, kind)) + 1))
    assert all(item.text for item in factsheet.items)


def test_a_file_without_text_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        parse_factsheet(SourceText("f.md", ()))
