"""What the readers of PDF, Word and web pages make of the shapes that such files come in."""

import io
from collections.abc import Iterable
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Twips

from ingest.blocks import Block, BlockKind
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.lines import Line, with_margins
from ingest.readers.pdf import read_pdf
from kompasbot.errors import UnreadableFile
from tests.exports import pdf_of, plain_pdf

TOP = 700.0


def lines(*texts: str, left: float = 72, size: float = 10, top: float = TOP, step: float = 14) -> list[Any]:
    return [(left, top - step * number, size, text) for number, text in enumerate(texts)]


def pdf(*pages: list[Any]) -> list[Block]:
    return list(read_pdf(plain_pdf(pages), "les/a.pdf").blocks)


def texts(blocks: Iterable[Block]) -> list[str]:
    return [block.text for block in blocks]


def test_lines_of_a_paragraph_become_one_and_white_space_parts_paragraphs() -> None:
    page = [*lines("Een lange zin die over", "twee regels loopt."), *lines("Een nieuwe alinea.", top=TOP - 50)]
    assert texts(pdf(page)) == ["Een lange zin die over twee regels loopt.", "Een nieuwe alinea."]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Wij werken aan samen-", "werking in de regio.", "Wij werken aan samenwerking in de regio."),
        ("Leraren van de po-", "en vo-scholen doen mee.", "Leraren van de po- en vo-scholen doen mee."),
        ("Dit doet de STO-", "regio al jaren.", "Dit doet de STO-regio al jaren."),
        ("Ook de vo-", "school doet mee.", "Ook de vo-school doet mee."),
    ],
)
def test_hyphen_at_the_end_of_a_line_goes_unless_the_word_has_it(first: str, second: str, joined: str) -> None:
    assert texts(pdf(lines(first, second))) == [joined]


def test_paragraph_and_bullet_go_on_over_a_page() -> None:
    blocks = pdf(
        lines("\u2022 Deze tip is lang en gaat door op", top=100),
        [*lines("de volgende bladzijde.", left=78), *lines("\u2022 Nog een tip.", top=TOP - 14)],
    )
    assert [(block.kind, block.text, block.page) for block in blocks] == [
        (BlockKind.BULLET, "Deze tip is lang en gaat door op de volgende bladzijde.", 1),
        (BlockKind.BULLET, "Nog een tip.", 2),
    ]


def test_bullets_further_in_are_a_level_deeper() -> None:
    page = [*lines("\u2022 Boven"), *lines("\u2022 Onder", left=100, top=TOP - 14), *lines("\u2022 Weer", top=TOP - 28)]
    assert [block.level for block in pdf(page)] == [0, 2, 0]


def test_running_header_footer_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            *lines("Jaarverslag 2024", top=810, size=8),
            *lines("Deze regel vult de bladzijde,", text),
            *lines(f"Pagina {number} van 3", top=30, size=8),
        ]
        for number, text in enumerate(("Een.", "Twee.", "Drie."), 1)
    ]
    assert texts(pdf(*pages)) == [f"Deze regel vult de bladzijde, {text}" for text in ("Een.", "Twee.", "Drie.")]


def test_two_columns_that_stand_row_by_row_are_read_one_after_the_other() -> None:
    rows = []
    left = ("Links begint het verhaal", "dat in deze kolom blijft", "en hier dus doorgaat tot", "het eind.")
    right = ("Rechts staat iets anders", "dat er los van is en ook", "over meer regels loopt", "tot slot.")
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        rows += [(72, TOP - 14 * number, 10, one), (320, TOP - 14 * number, 10, other)]
    assert texts(pdf(rows)) == [" ".join(left), " ".join(right)]


def test_larger_text_is_a_heading_and_so_is_a_line_in_capitals() -> None:
    page = [
        *lines("Samen leren", size=18, top=760),
        *lines("Gewone tekst van een alinea die het meeste op de bladzijde staat.", top=720),
        *lines("TOOLS EN HANDVATTEN", top=690),
        *lines("Nog meer gewone tekst.", top=660),
    ]
    blocks = pdf(page)
    assert (blocks[0].kind, blocks[0].level) == (BlockKind.HEADING, 1)
    assert texts(blocks)[2] == "TOOLS EN HANDVATTEN"


def test_words_under_a_link_are_its_label_also_over_two_lines() -> None:
    link = (
        b"/Annots [ << /Type /Annot /Subtype /Link /Rect [%s] /A << /S /URI /URI (https://kast.example/a) >> >> "
        b"<< /Type /Annot /Subtype /Link /Rect [%s] /A << /S /URI /URI (https://kast.example/a) >> >> ]"
    )
    content = (
        b"BT /F1 10 Tf 72 700 Td (Kijk in de ) Tj ET BT /F1 10 Tf 120 700 Td (Grote) Tj ET "
        b"BT /F1 10 Tf 72 686 Td (Lessenkast) Tj ET BT /F1 10 Tf 124 686 Td ( van de school.) Tj ET"
    )
    data = pdf_of([content], page_extra=link % (b"119 697 148 709", b"71 683 125 695"))
    [block] = read_pdf(data, "les/a.pdf").blocks
    assert block.text == "Kijk in de Grote Lessenkast van de school."
    assert block.labels == (("Grote Lessenkast", "https://kast.example/a"),)


@pytest.mark.parametrize("content", [b"", b"q 100 0 0 100 0 0 cm Q", b"BT /F9 10 Tf (weg) Tj ET"])
def test_pdf_without_text_says_that_it_may_be_a_scan(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="geen tekst die te lezen is") as caught:
        read_pdf(pdf_of([content]), "les/scan.pdf")
    assert "OCR" in caught.value.hint


def word(*paragraphs: str) -> list[Block]:
    """A Word file whose body is this XML."""
    document = Document()
    for xml in paragraphs:
        document.element.body.insert(-1, parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    target = io.BytesIO()
    document.save(target)
    return list(read_docx(target.getvalue(), "les/a.docx").blocks)


def test_word_headings_lists_and_tables_become_blocks() -> None:
    document = Document()
    document.add_heading("Samen leren", 2)
    document.add_paragraph("Kies een vorm", style="List Bullet")
    document.add_paragraph("Eerst dit", style="List Number")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Links", "Rechts"
    target = io.BytesIO()
    document.save(target)
    found = [(block.kind, block.text, block.level) for block in read_docx(target.getvalue(), "les/a.docx").blocks]
    assert found == [
        (BlockKind.HEADING, "Samen leren", 2),
        (BlockKind.BULLET, "Kies een vorm", 0),
        (BlockKind.BULLET, "Eerst dit", 1),
        (BlockKind.PARAGRAPH, "Links | Rechts", 0),
    ]


def test_tracked_changes_read_as_they_will_be() -> None:
    [block] = word(
        "<w:p><w:r><w:t>Een </w:t></w:r><w:ins><w:r><w:t>nieuwe </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>oude </w:delText></w:r></w:del><w:r><w:t>zin.</w:t></w:r></w:p>"
    )
    assert block.text == "Een nieuwe zin."


def test_link_as_a_field_keeps_its_address() -> None:
    [block] = word(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://a.example/" '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>de kast</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t> is open.</w:t></w:r></w:p>'
    )
    assert (block.text, block.labels) == ("de kast is open.", (("de kast", "https://a.example/"),))


def test_word_file_without_text_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="staat geen tekst"):
        word()


PAGE = """<!doctype html><html lang="nl"><head><title>Lijm | School</title></head><body>
<header>Koptekst van de site</header><nav><ul><li><a href="/">Home</a></li></ul></nav>
<main><h1>Lijm</h1><p>Lijm maakt van losse delen een geheel, en dat is in de techniekles vaak nodig.</p>
<h2>Veilig werken</h2><p>Draag altijd een bril, en kijk op de <a href="/kaart">veiligheidskaart</a> van de school
voordat je met lijm begint te werken in het lokaal.</p><ul><li>Zet een raam open.</li><li>Was je handen.</li></ul>
<p hidden>Onzichtbaar</p><script>alert(1)</script></main>
<footer>Voettekst van de site</footer></body></html>"""


def test_web_page_gives_its_content_with_whole_addresses_and_nothing_around_it() -> None:
    page = read_html(PAGE.encode(), "les/lijm.html", "https://school.example/lijm/")
    blocks = page.blocks
    everything = " ".join(texts(blocks))
    assert page.meta == {"titel": "Lijm"}
    assert ("veiligheidskaart", "https://school.example/kaart") in [label for one in blocks for label in one.labels]
    assert "Veilig werken" in [block.text for block in blocks if block.kind is BlockKind.HEADING]
    assert "Zet een raam open." in [block.text for block in blocks if block.kind is BlockKind.BULLET]
    assert not any(word in everything for word in ("Koptekst", "Voettekst", "Home", "Onzichtbaar", "alert"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 geen pagina", b"\x00\x01\x02", b"<html><body></body></html>"])
def test_what_is_no_page_or_an_empty_one_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_html(data, "les/a.html")


def typed(*lines: tuple[str, int]) -> list[tuple[str, int, str]]:
    """The blocks of a Word file with lines of this text and left indent (twips)."""
    document = Document()
    for text, left in lines:
        document.add_paragraph(text).paragraph_format.left_indent = Twips(left)
    target = io.BytesIO()
    document.save(target)
    return [(block.kind.value, block.level, block.text) for block in read_docx(target.getvalue(), "les/a.docx").blocks]


def test_bullets_that_were_typed_in_word_are_bullets_at_the_depth_of_their_indent() -> None:
    assert typed(("•\tBoven", 360), ("•\tOnder", 720), ("\t•\tOok onder", 360), ("o\tEen stap lager", 360)) == [
        ("bullet", 2, "Boven"),
        ("bullet", 4, "Onder"),
        ("bullet", 4, "Ook onder"),
        ("bullet", 3, "Een stap lager"),
    ]


@pytest.mark.parametrize("text", ["of we hebben - als het kan - tijd", "-5 graden", "o ja", "*let op*"])
def test_a_sign_that_is_no_bullet_stays_in_the_text(text: str) -> None:
    assert typed((text, 0)) == [("paragraph", 0, text)]


AROUND = ('class="menu"', 'class="hoofd-menu"', 'id="siteFooter"', 'class="cookie-bar"', 'class="skip-link"')


@pytest.mark.parametrize("name", AROUND)
def test_what_stands_around_a_factsheet_by_its_name_is_left_out(name: str) -> None:
    page = SHEET_PAGE.format(f"<div {name}>Home Nieuws <b>Contact</b></div>")
    assert "Home" not in " ".join(texts(read_html(page.encode(), "les/a.html").blocks))


def test_a_name_that_only_speaks_of_a_menu_or_holds_the_text_leaves_nothing_out() -> None:
    kept = SHEET_PAGE.format('<div class="menukaart">De kaart van vandaag.</div>')
    whole = f'<div class="with-menu">{SHEET_PAGE.format("<p>De kaart van vandaag.</p>")}</div>'
    for page in (kept, whole):
        assert "De kaart van vandaag." in texts(read_html(page.encode(), "les/a.html").blocks)


SHEET_PAGE = (
    "<p>INZICHTEN UIT ONDERZOEK</p><ul><li>Een inzicht dat lang genoeg is om op de bladzijde te tellen.</li></ul>{}"
    "<p>PRAKTIJKVOORBEELDEN</p><ul><li>Een voorbeeld dat ook lang genoeg is om hier mee te tellen.</li></ul>"
)


def test_lines_in_three_columns_know_the_edges_of_their_own() -> None:
    columns = [
        Line(1, 700.0 - 12 * row, 10, "tekst", [(left, left + 120.0)]) for left in (50, 220, 390) for row in range(4)
    ]
    columns[5].places = [(220, 395.0)]  # a word that is too long for its column
    with_margins(columns)
    assert [(line.base, line.edge) for line in columns[::4]] == [(50, 170), (220, 395), (390, 510)]
