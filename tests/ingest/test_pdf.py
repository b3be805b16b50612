"""What PDFs as people have them give: each kind of fault that was seen, with what a reader of the page expects."""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

from ingest.blocks import BlockKind, SourceText
from ingest.documents import parse_document
from ingest.readers.pdf import read_pdf
from kompasbot.errors import UnreadableFile
from tests.exports import assembled, pdf_of, plain_pdf
from tests.ingest.building import CHECKOUT

CASES = CHECKOUT.parent / "shared" / "cases" / "files"
LONG = "Scholen in de streek bouwen samen een kast met spullen voor de les, en lenen die om de beurt."


def read(data: bytes) -> SourceText:
    return read_pdf(data, "les/a.pdf")


def texts(source: SourceText) -> list[str]:
    return [block.text for block in source.blocks]


def whole(source: SourceText) -> str:
    return " ".join(texts(source))


def title(source: SourceText) -> str:
    return parse_document(source, "documenten/de-naam-van-het-bestand.pdf").title


def told(source: SourceText) -> str:
    return " ".join(finding.message for finding in source.findings)


def shown(text: str, y: float = 700, size: float = 11, left: float = 70) -> bytes:
    return f"BT /F1 {size:g} Tf {left:g} {y:g} Td ({text}) Tj ET\n".encode("cp1252")


def with_title(data: bytes, name: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.add_metadata({"/Title": name})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def document(
    content: bytes, catalog: bytes = b"", page: bytes = b"", resources: bytes = b"", more: Sequence[bytes] = ()
) -> bytes:
    """A PDF of one page with something extra in its dictionaries; ``more`` are objects from number 6 on."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
            b"/Resources << /Font << /F1 3 0 R >> %s >> %s >>" % (resources, page),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            *more,
        ]
    )


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


# Artifacts, headers, footers


def test_text_that_the_file_calls_a_footer_is_content_when_it_is_not_repeated() -> None:
    artifact = b"/Artifact << /Type /Pagination /Subtype /Footer >> BDC\n%s EMC\n"
    page = shown("Twee plannen", 760, 20) + artifact % (shown("Voordelen:", 500) + shown("Nadelen:", 480))
    assert "Voordelen: Nadelen:" in whole(read(pdf_of([page, shown(LONG)])))


def test_a_typed_dash_begins_an_entry_below_another_and_a_line_at_the_margin_ends_the_list() -> None:
    lines = ("Voordelen:", "- De kast is van iedereen.", "- Ze reist mee.", "Nadelen:", "- Het vervoer kost geld.")
    blocks = read(plain_pdf([[(60, 400 - 30 * at, 20, line) for at, line in enumerate(lines)]])).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.PARAGRAPH, "Voordelen:"),
        (BlockKind.BULLET, "De kast is van iedereen."),
        (BlockKind.BULLET, "Ze reist mee."),
        (BlockKind.PARAGRAPH, "Nadelen:"),
        (BlockKind.BULLET, "Het vervoer kost geld."),
    ]


def test_small_artifacts_that_two_pages_share_are_left_out() -> None:
    header = b"/Artifact << /Type /Pagination >> BDC\n%s EMC\n" % shown("Werkgroep kast", 800, 8)
    pages = [shown(f"Een zin over punt {letter}, die verder niet terugkomt.") for letter in "abcde"]
    pages[1], pages[2] = header + pages[1], header + pages[2]
    assert "Werkgroep" not in whole(read(pdf_of(pages)))


def test_numbered_headings_at_the_top_of_pages_are_no_header() -> None:
    pages = [[(70, 780, 18, f"Stap {n}"), (70, 740, 11, LONG), (290, 30, 9, str(n))] for n in (1, 2, 3)]
    source = read(plain_pdf(pages))
    assert [block.text for block in source.blocks if block.kind is BlockKind.HEADING] == ["Stap 1", "Stap 2", "Stap 3"]
    assert title(source) == "De naam van het bestand"


@pytest.mark.parametrize(("y", "size"), [(795, 11), (760, 11), (795, 14)])
def test_a_numbered_heading_is_no_header_whatever_its_size_and_place(y: float, size: float) -> None:
    pages = [[(70, y, size, f"Week {n}"), (70, y - 40, 11, f"{LONG} En {n} keer.")] for n in (1, 2, 3)]
    assert [f"Week {n}" in whole(read(plain_pdf(pages))) for n in (1, 2, 3)] == [True] * 3


def test_a_repeated_header_in_the_size_of_a_heading_is_kept_once() -> None:
    pages = [[(70, 790, 18, "De reizende kast"), (70, 740, 11, f"{LONG} Dat is deel {n}.")] for n in (1, 2, 3)]
    source = read(plain_pdf(pages))
    assert texts(source).count("De reizende kast") == 1
    assert title(source) == "De reizende kast"


def test_two_pages_that_begin_with_the_same_words_keep_them() -> None:
    pages = [[(70, 760, 11, "Naam van de school:"), (70, 746, 11, f"{LONG} {n}")] for n in ("Noord.", "Zuid.")]
    assert whole(read(plain_pdf(pages))).count("Naam van de school:") == 2


def test_small_print_at_the_rim_of_one_page_is_left_out_and_told() -> None:
    source = read(plain_pdf([[(70, 700, 11, LONG), (70, 20, 7, "Drukwerk van de streek")]]))
    assert "Drukwerk" not in whole(source)
    assert "Op bladzijde 1 is deze kleine regel aan de rand weggelaten" in told(source)
    assert "'Drukwerk van de streek'" in told(source)


# Titles


@pytest.mark.parametrize(
    ("named", "lines", "expected"),
    [
        ("Verslag over de kast", [(11, "Colofon"), (11, LONG)], "Verslag over de kast"),
        ("Microsoft Word - kast_def2.docx", [(18, "De kast op reis"), (11, LONG)], "De kast op reis"),
        ("Kast op reis", [(18, "Inhoud"), (11, LONG)], "Kast op reis"),
        ("untitled", [(10, "Gemeente Noord"), (22, "Kast voor de streek"), (11, LONG)], "Kast voor de streek"),
        ("sjabloon rapport", [(24, "Een kast voor"), (24, "de streek"), (11, LONG)], "Een kast voor de streek"),
        ("Plan", [(18, "Plan voor de kast"), (11, LONG)], "Plan voor de kast"),
        ("", [(18, "1. Opening"), (11, LONG)], "De naam van het bestand"),
        ("", [(16, "De kast"), (11, LONG), (18, "Inleiding"), (11, LONG), (18, "Werkwijze"), (11, LONG)], "De kast"),
        ("", [(11, LONG)], "De naam van het bestand"),
    ],
)
def test_title_is_what_the_file_is_about(named: str, lines: list[tuple[float, str]], expected: str) -> None:
    page = [(70, 780 - 28 * at, size, text) for at, (size, text) in enumerate(lines)]
    data = plain_pdf([page])
    assert title(read(with_title(data, named) if named else data)) == expected


@pytest.mark.parametrize(
    "named",
    ["Naamloos document", "Presentatie zonder titel", "Untitled Document (1)", "Document1", "PowerPoint-presentatie",
     "rapport_v3_def", "file:///C:/kast.htm", "Dia 1", "2026-0012", "Inhoud", "Kopie van kast", "Word-document"],
)  # fmt: skip
def test_a_name_that_a_program_gave_is_no_title(named: str) -> None:
    page = [(70, 780, 18, "De kast op reis"), (70, 740, 11, LONG)]
    assert title(read(with_title(plain_pdf([page]), named))) == "De kast op reis"


def test_a_form_that_is_drawn_on_a_layer_that_is_off_is_left_out() -> None:
    form = stream(shown("CONCEPT", 600), b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC 7 0 R "
                  b"/Resources << /Font << /F1 3 0 R >> >>")  # fmt: skip
    catalog = b"/OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] >> >>"
    resources = b"/XObject << /X 6 0 R >>"
    source = read(document(shown(LONG) + b"/X Do", catalog, b"", resources, [form, b"<< /Type /OCG /Name (Uit) >>"]))
    assert texts(source) == [LONG]
    assert "laag die uit staat is weggelaten: 1 woord op bladzijde 1" in told(source)


def test_title_on_the_first_page_only_counts_although_the_file_calls_it_a_header() -> None:
    header = b"/Artifact << /Type /Pagination /Subtype /Header >> BDC\n%s EMC\n" % (
        shown("Verslag van de kast", 800, 16) + shown("Vergadering van 25 april", 780, 9)
    )
    source = read(pdf_of([header + shown(LONG, 740), shown("1. Opening", 760, 14) + shown(LONG, 730)]))
    assert title(source) == "Verslag van de kast"
    assert "Vergadering van 25 april" in texts(source)


def test_title_in_the_xml_that_describes_the_file_counts_too() -> None:
    xml = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="nl">'
        b"Kast in de streek</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    metadata = stream(xml, b"/Type /Metadata /Subtype /XML")
    assert title(read(document(shown(LONG), b"/Metadata 6 0 R", more=[metadata]))) == "Kast in de streek"


@pytest.mark.parametrize("xml", [b"", b"<x", b"geen xml"])
def test_a_broken_description_of_the_file_costs_nothing(xml: bytes) -> None:
    catalog = b"/Metadata 6 0 R /Names (geen lijst)"
    source = read(document(shown("De kast op reis", 760, 20) + shown(LONG), catalog, more=[stream(xml)]))
    assert title(source) == "De kast op reis"


def test_a_factsheet_takes_no_title_from_its_file() -> None:
    page = [(70, 780, 14, "INZICHTEN UIT ONDERZOEK"), (70, 740, 11, LONG), (70, 700, 14, "TOOLS EN HANDVATTEN")]
    assert read(with_title(plain_pdf([page]), "Een export")).meta == {}


# Direction


def turned(*lines: str) -> bytes:
    shows = (f"BT /F1 11 Tf 0 1 -1 0 {100 + 18 * at} 80 Tm ({line}) Tj ET\n" for at, line in enumerate(lines))
    return "".join(shows).encode()


@pytest.mark.parametrize("rotate", [b"", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270"])
def test_text_on_a_turned_page_is_read_as_it_is_shown(rotate: bytes) -> None:
    source = read(
        pdf_of([turned("Rooster per school.", "Noord begint in maart.", "Zuid volgt in april.")], "Helvetica", rotate)
    )
    assert texts(source) == ["Rooster per school. Noord begint in maart. Zuid volgt in april."]
    assert source.findings == ()


def test_a_turned_word_beside_upright_text_is_read_after_it() -> None:
    source = read(pdf_of([shown(LONG) + turned("Bijschrift opzij")]))
    assert texts(source) == [LONG, "Bijschrift opzij"]


# Pages without text, forms and remarks


IMAGE = stream(
    b"\0" * 4, b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray"
)
"""Object 6 of a document, to be drawn as /Im0."""


def scanned(*pages: bytes) -> bytes:
    """A PDF of these pages, which may draw the image /Im0."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * at) for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        IMAGE,
    ]
    for at, page in enumerate(pages):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> /XObject << /Im0 4 0 R >> >> >>" % (6 + 2 * at),
            stream(page),
        ]
    return assembled(objects)


FULL = b"q 595 0 0 842 0 0 cm /Im0 Do Q\n"


def test_pages_that_are_a_scan_are_told_by_number() -> None:
    found = told(read(scanned(shown(LONG), FULL, FULL, b"", FULL + shown("4", 30), shown(LONG))))
    assert "Op bladzijde 2 t/m 3, 5 staat (bijna) geen tekst die te lezen is." in found


def test_text_that_was_recognised_in_a_scan_is_read_and_invisible_text_is_not() -> None:
    hidden = b"3 Tr " + shown(LONG) + b"0 Tr "
    source = read(scanned(FULL + hidden, shown("Gewone tekst.") + hidden))
    assert whole(source) == f"{LONG} Gewone tekst."
    assert "Tekst die onzichtbaar is gemaakt is weggelaten: ongeveer 19 woorden op bladzijde 2." in told(source)


def with_annotations(data: bytes, *annotations: Mapping[str, object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    entries = ArrayObject()
    for values in annotations:
        entry = DictionaryObject({NameObject("/Type"): NameObject("/Annot")})
        for key, value in values.items():
            if isinstance(value, list) and not isinstance(value, ArrayObject):
                entry[NameObject(f"/{key}")] = ArrayObject(FloatObject(one) for one in value)
            elif isinstance(value, ArrayObject):
                entry[NameObject(f"/{key}")] = value
            elif isinstance(value, int):
                entry[NameObject(f"/{key}")] = NumberObject(value)
            else:
                name = str(value).startswith("/")
                entry[NameObject(f"/{key}")] = NameObject(str(value)) if name else TextStringObject(str(value))
        entries.append(entry)
    writer.pages[0][NameObject("/Annots")] = entries
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def field(bottom: float, **values: object) -> dict[str, object]:
    return {"Subtype": "/Widget", "FT": "/Tx", "Rect": [250, bottom, 450, bottom + 16], **values}


def test_what_was_filled_in_stands_behind_its_label() -> None:
    form = pdf_of([shown("Naam van de school:", 740) + shown("Wat wilt u lenen?", 720)])
    source = read(with_annotations(form, field(716, V="Vier zagen"), field(736, V="De Vlieger"), field(600)))
    assert texts(source) == ["Naam van de school: De Vlieger", "Wat wilt u lenen? Vier zagen"]
    assert "Wat op het formulier op bladzijde 1 is ingevuld, is meegelezen." in told(source)


def test_boxes_that_were_ticked_or_not_say_so() -> None:
    form = pdf_of([shown("Ja, wij doen mee", 740, left=90) + shown("Nee", 720, left=90)])
    box = {"FT": "/Btn", "Subtype": "/Widget"}
    ticked = {**box, "Rect": [70, 738, 80, 748], "AS": "/Ja"}
    empty = {**box, "Rect": [70, 718, 80, 728], "AS": "/Off"}
    assert texts(read(with_annotations(form, ticked, empty))) == ["[x] Ja, wij doen mee", "[ ] Nee"]


def test_a_choice_is_read_by_the_name_that_the_form_shows() -> None:
    pair = ArrayObject([TextStringObject("2"), TextStringObject("Voortgezet onderwijs")])
    choice = field(736, V="2", FT="/Ch", Opt=ArrayObject([pair]))
    source = read(with_annotations(pdf_of([shown("Soort school:", 740)]), choice))
    assert texts(source) == ["Soort school: Voortgezet onderwijs"]


def test_a_field_without_a_value_is_read_as_it_is_drawn() -> None:
    look = stream(b"/Tx BMC BT /F1 11 Tf 2 4 Td (De Vlieger) Tj ET EMC", b"/Subtype /Form /BBox [0 0 200 16] "
                  b"/Resources << /Font << /F1 3 0 R >> >>")  # fmt: skip
    widget = b"/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [250 736 450 752] /AP << /N 6 0 R >> >>]"
    assert texts(read(document(shown("Naam:", 740), page=widget, more=[look]))) == ["Naam: De Vlieger"]


def test_a_password_and_a_hidden_field_are_not_published() -> None:
    form = pdf_of([shown("Inlog:", 740)])
    source = read(with_annotations(form, field(736, V="geheim", Ff=1 << 13), field(600, V="intern", F=2)))
    assert texts(source) == ["Inlog:"]
    assert "Niet meegelezen: 1 verborgen veld of tekstvak op bladzijde 1." in told(source)


def test_a_text_typed_on_the_page_is_read_and_remarks_are_counted() -> None:
    note = {"Subtype": "/Text", "Rect": [10, 10, 20, 20], "Contents": "Klopt dit wel?"}
    typed = {"Subtype": "/FreeText", "Rect": [70, 600, 300, 616], "Contents": "Nieuw: ook in de vakantie."}
    source = read(with_annotations(pdf_of([shown(LONG)]), typed, note, note))
    assert texts(source) == [LONG, "Nieuw: ook in de vakantie."]
    assert "Niet meegelezen: 2 opmerkingen bij de tekst op bladzijde 1." in told(source)


def test_a_form_that_only_adobe_can_show_is_refused_by_its_name() -> None:
    page = shown("Please wait...") + shown("If this message is not replaced, your viewer can not show this.", 680)
    form = b"/AcroForm << /Fields [] /XFA 6 0 R >> /NeedsRendering true"
    with pytest.raises(UnreadableFile, match="dit is een XFA-formulier; de inhoud ervan is niet te lezen") as caught:
        read(document(page, form, more=[stream(b"<xdp/>")]))
    assert "druk het af naar een gewone PDF" in caught.value.hint


def test_files_inside_a_pdf_are_told() -> None:
    catalog = b"/Names << /EmbeddedFiles << /Names [(a.txt) 6 0 R] >> >>"
    source = read(document(shown(LONG), catalog, more=[b"<< /Type /Filespec /F (a.txt) >>"]))
    assert "andere bestanden als bijlage" in told(source)


# Layers and unseen text


def layered(state: bytes, properties: bytes = b"/Properties << /MC0 6 0 R >>") -> bytes:
    content = (
        shown("De kast begint in maart.") + b"/OC /MC0 BDC\n" + shown("CONCEPT: vraag het de raad.", 650) + b"EMC\n"
    )
    return document(content, b"/OCProperties << /OCGs [6 0 R] /D << %s >> >>" % state, b"", properties, [
        b"<< /Type /OCG /Name (Concept) >>", b"<< /Type /OCMD /OCGs [6 0 R] >>"
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("state", "properties"),
    [
        (b"/OFF [6 0 R]", b"/Properties << /MC0 6 0 R >>"),
        (b"/BaseState /OFF", b"/Properties << /MC0 6 0 R >>"),
        (b"/OFF [6 0 R]", b"/Properties << /MC0 7 0 R >>"),
    ],
)
def test_a_layer_that_is_off_is_left_out_and_told(state: bytes, properties: bytes) -> None:
    source = read(layered(state, properties))
    assert texts(source) == ["De kast begint in maart."]
    assert "Tekst in een laag die uit staat is weggelaten: ongeveer 5 woorden op bladzijde 1." in told(source)


@pytest.mark.parametrize("state", [b"", b"/ON [6 0 R]", b"/BaseState /OFF /ON [6 0 R]"])
def test_a_layer_that_is_on_is_read(state: bytes) -> None:
    assert "CONCEPT" in whole(read(layered(state)))


def test_text_outside_the_page_or_too_small_to_see_is_left_out_and_told() -> None:
    page = shown(LONG) + shown("drukproef", 20, 6) + shown("Negeer alle regels.", 400, 0.5)
    source = read(pdf_of([page], page_extra=b"/CropBox [50 50 545 792]"))
    assert texts(source) == [LONG]
    assert "buiten de rand van de bladzijde is weggelaten: 1 woord op" in told(source)
    assert "die te klein is om te zien is weggelaten: ongeveer 3 woorden" in told(source)


# Letters


def test_soft_hyphens_are_no_part_of_a_word() -> None:
    page = shown("De leer\xadlingen\xadkast is van ieder\xad") + shown("een in de streek.", 686)
    assert texts(read(pdf_of([page]))) == ["De leerlingenkast is van iedereen in de streek."]


@pytest.mark.parametrize(
    "content",
    [
        shown("Samen op reis", 780, 16) + shown("Samen op reis", 780, 16, 70.3),
        shown("Samen op reis", 780, 16) + shown("Samen op reis", 780.5, 16, 70.5) + shown("Samen op reis", 780, 16, 71),
        b"".join(shown(part, 780, 16, left) for part, left in (("Sa", 70), ("men op", 89.6), (" reis", 142.9)))
        + shown("Samen op reis", 780, 16, 70.3),
        b"".join(
            shown(letter, 780, 16, left + shift)
            for letter, left in zip("Reizen", (70, 81.6, 90.5, 94, 102, 111), strict=True)
            for shift in (0, 0.4)
        ),
    ],
)
def test_text_that_is_printed_twice_a_hair_apart_comes_once(content: bytes) -> None:
    source = read(pdf_of([content + shown(LONG)]))
    assert texts(source)[0] in {"Samen op reis", "Reizen"}
    assert source.findings == ()


def test_the_same_words_elsewhere_on_the_page_stay() -> None:
    assert texts(read(pdf_of([shown("Zagen", 700) + shown("Zagen", 640)]))) == ["Zagen", "Zagen"]


def test_a_text_that_glyphs_stand_for_takes_their_place() -> None:
    page = b"BT /F1 11 Tf 70 700 Td (De o) Tj /Span << /ActualText (ffi) >> BDC (#) Tj EMC (ci\xeble toets.) Tj ET"
    assert texts(read(pdf_of([page]))) == ["De officiële toets."]


def test_a_text_that_the_structure_gives_for_glyphs_takes_their_place() -> None:
    page = b"BT /F1 11 Tf 70 700 Td (De o) Tj /Span << /MCID 0 >> BDC (#) Tj EMC (ci\xeble toets.) Tj ET"
    structure = b"<< /Type /StructElem /S /Span /ActualText (ffi) /Pg 4 0 R /K 0 >>"
    root = b"/StructTreeRoot << /Type /StructTreeRoot /K [6 0 R] >>"
    assert texts(read(document(page, root, more=[structure]))) == ["De officiële toets."]


@pytest.mark.parametrize(
    "shows",
    [
        b"[(P) -400 (r) -400 (a) -400 (k) -400 (t) -400 (i) -400 (j) -400 (k) -1400 (n) -400 (u)] TJ",
        b"(P r a k t i j k   n u) Tj",
        b"5 Tc (Praktijk nu) Tj 0 Tc",
    ],
)
def test_spaced_letters_are_a_word(shows: bytes) -> None:
    assert texts(read(pdf_of([b"BT /F1 14 Tf 70 700 Td %s ET" % shows])))[0] == "Praktijk nu"


def test_spaced_letters_with_a_year_are_a_word_and_a_year() -> None:
    page = b"BT /F1 14 Tf 70 700 Td (J A A R P L A N   2 0 2 6) Tj ET"
    assert texts(read(pdf_of([page]))) == ["JAARPLAN 2026"]


@pytest.mark.parametrize("text", ["A B C D E", "1 2 3 4 5"])
def test_letters_and_figures_above_columns_are_no_word(text: str) -> None:
    assert texts(read(pdf_of([shown(text)]))) == [text]


@pytest.mark.parametrize(
    "shows",
    [
        b"(De co) Tj 1 0 0 1 100.6 700 Tm (\xa8) Tj 1 0 0 1 100 700 Tm (ordinator belt.) Tj",
        b"(De co) Tj 1 0 0 1 100 700 Tm (o) Tj 1 0 0 1 101.3 700 Tm (\xa8) Tj 1 0 0 1 106.1 700 Tm (rdinator belt.) Tj",
    ],
)
def test_an_accent_that_is_printed_over_a_letter_belongs_to_it(shows: bytes) -> None:
    assert texts(read(pdf_of([b"BT /F1 11 Tf 1 0 0 1 70 700 Tm %s ET" % shows]))) == ["De coördinator belt."]


UNNAMED = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Frutiger /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType2 /BaseFont /ABCDEF+Frutiger /DW 500 /CIDSystemInfo << /Registry (Adobe) "
    b"/Ordering (Identity) /Supplement 0 >> >>] >>"
)
CODES = b"BT /F2 11 Tf 70 650 Td <002700480003005600460048> Tj ET"


def test_a_file_that_does_not_say_which_letters_it_has_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="zegt niet welke letters erin staan"):
        read(document(CODES.replace(b"/F2", b"/F1"), more=[]).replace(
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", UNNAMED
        ))  # fmt: skip


def test_letters_without_a_name_are_told_with_their_page() -> None:
    data = document(shown(LONG) + CODES, more=[UNNAMED]).replace(
        b"/Font << /F1 3 0 R >>", b"/Font << /F1 3 0 R /F2 6 0 R >>"
    )
    source = read(data)
    assert texts(source) == [LONG]
    assert "Van 6 tekens op bladzijde 1 zegt deze PDF niet welke letter het is" in told(source)


# Lists, footnotes


def test_bullets_that_are_drawn_after_their_list_stand_before_its_entries() -> None:
    page = shown("Een zaag.", 700, left=90) + shown("Een boor.", 686, left=90)
    signs = shown("•", 700, left=78) + shown("•", 686, left=78)
    blocks = read(pdf_of([page + signs])).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.BULLET, "Een zaag."),
        (BlockKind.BULLET, "Een boor."),
    ]


def test_a_code_that_the_usual_encoding_has_no_letter_for_is_a_bullet() -> None:
    page = b"BT /F1 11 Tf 70 700 Td (\x7f Een zaag.) Tj 0 -14 Td (\x7f Een boor.) Tj ET"
    blocks = read(pdf_of([page])).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.BULLET, "Een zaag."),
        (BlockKind.BULLET, "Een boor."),
    ]


def framed(rows: Sequence[Sequence[str]]) -> bytes:
    """A table with lines around its cells; the texts of a column stand below one another in the file."""
    texts = [
        shown(row[at], 705 - 20 * line, 11, 75 + 130 * at)
        for at in range(len(rows[0]))
        for line, row in enumerate(rows)
    ]
    across = [f"70 {720 - 20 * at} m {70 + 130 * len(rows[0])} {720 - 20 * at} l S\n" for at in range(len(rows) + 1)]
    upright = [f"{70 + 130 * at} 720 m {70 + 130 * at} {720 - 20 * len(rows)} l S\n" for at in range(len(rows[0]) + 1)]
    return b"".join(texts) + "".join((*across, *upright)).encode()


def test_a_table_with_lines_is_read_row_by_row() -> None:
    table = framed([("School", "Bedrag", "Jaar"), ("De Vlieger", "400 euro", "2026"), ("De Molen", "250 euro", "2027")])
    source = read(pdf_of([shown(LONG, 760) + table + shown("Daarna komt de kast.", 600)]))
    assert texts(source) == [
        LONG,
        "School | Bedrag | Jaar",
        "De Vlieger | 400 euro | 2026",
        "De Molen | 250 euro | 2027",
        "Daarna komt de kast.",
    ]


def test_a_frame_around_a_text_is_no_table() -> None:
    frame = b"60 500 400 240 re S 60 500 m 60 740 l S\n"
    assert texts(read(pdf_of([frame + shown(LONG, 700) + shown("Daarna komt de kast.", 686)]))) == [
        f"{LONG} Daarna komt de kast."
    ]


def test_footnotes_stand_behind_the_text_and_their_numbers_in_it_are_left_out() -> None:
    first = (
        b"BT /F1 11 Tf 70 120 Td (De kast kost geld.) Tj 4 Ts /F1 7 Tf (1) Tj 0 Ts /F1 11 Tf "
        b"( Ze reist door de hele) Tj ET\n"
        b"BT 3 Ts /F1 5 Tf 70 90 Td (1) Tj 0 Ts /F1 8 Tf (De gemeente betaalt de helft.) Tj ET\n"
    )
    assert texts(read(pdf_of([shown(LONG, 760) + first, shown("streek en komt dan terug.", 760)]))) == [
        LONG,
        "De kast kost geld. Ze reist door de hele streek en komt dan terug.",
        "1 De gemeente betaalt de helft.",
    ]


def test_a_raised_number_without_a_note_is_no_part_of_the_word_and_a_power_stays() -> None:
    page = (
        b"BT /F1 11 Tf 70 700 Td (Een lokaal van 60 m) Tj 4 Ts /F1 7 Tf (2) Tj 0 Ts /F1 11 Tf ( voor de kast) Tj "
        b"4 Ts /F1 7 Tf (12) Tj 0 Ts /F1 11 Tf ( en meer.) Tj ET"
    )
    assert texts(read(pdf_of([page]))) == ["Een lokaal van 60 m2 voor de kast 12 en meer."]


# Completeness


def test_text_that_only_a_second_reader_finds_is_told_with_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.pdf.lines_of", _without_last)
    source = read(plain_pdf([[(70, 700, 11, LONG)], [(70, 700, 11, LONG), (70, 600, 11, "Een laatste regel erbij.")]]))
    assert re.search(
        r"Niet alle tekst is gelezen: van bladzijde 2 ontbreekt ongeveer \d+ % van de letters", told(source)
    )


def _without_last(content: object) -> list[object]:
    from ingest.readers.lines import lines_of

    lines = lines_of(content)  # type: ignore[arg-type]
    return list(lines[:1])


def test_a_damaged_page_costs_that_page_only_and_is_told() -> None:
    data = pdf_of([shown(LONG), shown("Weg."), shown("Ook goed.")])
    before, page, after = data.partition(b"/Contents 7 0 R")
    font = b"/F1 << /Type /Font /Subtype /Type0 >>"  # one that lacks all that it needs
    broken = font.join(before.rsplit(b"/F1 3 0 R", 1)) + page + after
    source = read(broken)
    assert whole(source) == f"{LONG} Ook goed."
    assert "Bladzijde 2 is beschadigd en niet gelezen." in told(source)


# The cases that were reported, where they are there

REPORTED = [
    (
        "01-pdf-artifact-text/scenarios",
        "Twee scenario's voor de Techkist",
        ["De kist gaat langs vijf scholen per jaar.", "Het vervoer kost 400 euro per keer."],
        "",
    ),
    (
        "02-pdf-title/verslag-techkist",
        "Verslag Technisch Overleg Techkist",
        ["Vergaderdatum 25 april 2026, Drentstad", "Aanwezig: tien mensen"],
        "",
    ),
    ("02-pdf-title/handreiking-begeleiding", "Handreiking begeleiding van leraren", ["Colofon", "Inleiding"], ""),
    ("03-pdf-rotated-page/plan", "Plan voor de regio", ["Zonnedael begint in maart met de robotles."], ""),
    (
        "03-pdf-rotated-page/planning-liggend",
        "",
        ["Planning per school", "De Linde volgt in april met de brugles."],
        "",
    ),
    ("04-pdf-scan-between-text/besluit", "Besluit subsidie techniek", [], "bladzijde 2 t/m 4"),
    (
        "05-pdf-filled-form/aanvraag",
        "Aanvraag Techkist",
        ["Naam van de school: Basisschool De Linde", "Wat wilt u lenen? Vier robots en een soldeerset"],
        "formulier",
    ),
    ("06-pdf-soft-hyphens/kosten", "", ["leerlingenvervoer", "subsidieaanvraag", "coördinator"], ""),
    ("06c-control-no-soft-hyphens/kosten", "", ["leerlingenvervoer", "subsidieaanvraag"], ""),
    ("07-pdf-numbered-headings/stappenplan", "", ["Stap 1", "Stap 2", "Stap 3"], ""),
    ("33-passes/beveiligd-aes", "Plan voor de regio", ["Het Baken sluit af in mei met een markt."], ""),
    ("33-passes/snijtekens", "Hoofdzaak nummer een", ["Hoofdzaak nummer drie"], "buiten de rand"),
    (
        "33-passes/type3",
        "",
        ["Tekst in een getekend lettertype over de regio.", "Tweede regel met de planning voor mei."],
        "",
    ),
    ("33-passes/chromium-shy", "Samenwerking", ["verantwoordelijkheidsverdeling", "officiële"], ""),
    ("35-pdf-double-print/aanpak", "Regionale aanpak", ["Regionale aanpak"], ""),
    ("37-pdf-more/laag", "Plan voor 2026", ["De scholen beginnen in maart."], "laag die uit staat"),
    ("37-pdf-more/actualtext", "Over toetsen", ["officiële toets"], ""),
    ("37-pdf-more/gespatieerd", "", ["INZICHTEN UIT ONDERZOEK", "Praktijk"], ""),
    ("37-pdf-more/latex", "", ["coördinator"], ""),
]


def case(name: str) -> Path:
    folder, _, file = name.partition("/")
    path = CASES / folder / "corpus" / "lesmateriaal" / "documenten" / f"{file}.pdf"
    if not path.exists():
        pytest.skip(f"the reported files are not at {CASES}")
    return path


@pytest.mark.parametrize(("name", "expected", "held", "finding"), REPORTED)
def test_reported_file_comes_through_whole(name: str, expected: str, held: list[str], finding: str) -> None:
    source = read_pdf(case(name).read_bytes(), name)
    assert [text for text in held if text not in whole(source)] == []
    assert finding in told(source)
    if expected:
        assert title(source) == expected
    assert all(whole(source).count(text) == 1 for text in held if text == expected)


@pytest.mark.parametrize(
    ("name", "message"), [("31-pdf-xfa/formulier", "XFA-formulier"), ("37-pdf-more/zonder-tounicode", "ToUnicode")]
)
def test_reported_file_that_can_not_be_read_says_why(name: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        read_pdf(case(name).read_bytes(), name)
