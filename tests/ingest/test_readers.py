"""What the readers of PDF, Word and web pages make of the shapes that such files come in."""

import io
from collections.abc import Iterable
from typing import Any

import pytest
from docx import Document
from docx.shared import Twips

from ingest.blocks import Block, BlockKind, SourceText
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.lines import Line, with_margins
from ingest.readers.pdf import read_pdf
from kompasbot.errors import UnreadableFile
from tests.exports import pdf_of, plain_pdf
from tests.ingest.wordfiles import SPACES, p, r, style, table, word_bytes

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


def word_file(body: str, styles: str = "", **others: Any) -> SourceText:
    """A Word file as read; its parts as :func:`word_bytes` takes them."""
    return read_docx(word_bytes(body, styles, **others), "les/a.docx")


def word(*paragraphs: str) -> list[Block]:
    """The blocks of a Word file whose body is this XML."""
    return list(word_file("".join(paragraphs)).blocks)


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


def test_headings_go_by_the_style_what_it_stands_on_and_the_outline() -> None:
    styles = (
        style("Hoofdstuk", "Hoofdstuktitel VNG", "Kop1")
        + style("Paragraafkop", "Paragraafkop", "Normal", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + style("Geen", "Kop zonder nummer", "Kop1", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
        + style("Rond", "Rond", "Rond")
        + style("Vet", "Tussenkop", "Normal", "<w:rPr><w:b/></w:rPr>")
    )
    body = (
        p("Aanpak", "Hoofdstuk")
        + p("Rollen", "Paragraafkop")
        + p("Planning", inside='<w:outlineLvl w:val="1"/>')
        + p("Geen kop", "Geen")
        + p("Ook niet", "Rond")
        + p("Vette kop", "Vet")
        + p("Niet vet", "Vet", run='<w:b w:val="0"/>')
    )
    assert shapes(word_file(body, styles)) == [
        ("heading", 1, "Aanpak"),
        ("heading", 3, "Rollen"),
        ("heading", 2, "Planning"),
        ("paragraph", 0, "Geen kop"),
        ("paragraph", 0, "Ook niet"),
        ("heading", 6, "Vette kop"),
        ("paragraph", 0, "Niet vet"),
    ]


def test_lists_go_by_their_numbering_and_a_paragraph_in_a_list_is_no_entry() -> None:
    styles = style("Eigen", "Eigen opsomming", "Opsomming") + style(
        "Los", "Los", "Eigen", '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'
    )
    body = "".join(
        [
            p("Los van een lijst.", "Lijstalinea"),
            p("Een", "Opsomming"),
            p("Hoort bij een.", "Lijstalinea"),
            p("Ook bij een.", "Lijstalinea"),
            p("Genummerd", "Lijstalinea", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'),
            p("Eigen", "Eigen"),
            p("Zonder teken.", inside='<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>'),
            p("Geen lijst.", "Los"),
        ]
    )
    assert shapes(word_file(body, styles)) == [
        ("paragraph", 0, "Los van een lijst."),
        ("bullet", 0, "Een"),
        ("paragraph", 1, "Hoort bij een."),
        ("paragraph", 1, "Ook bij een."),
        ("bullet", 3, "Genummerd"),
        ("bullet", 0, "Eigen"),
        ("paragraph", 0, "Zonder teken."),
        ("paragraph", 0, "Geen lijst."),
    ]


def test_moved_text_stands_once_and_deleted_text_is_told() -> None:
    moved = r("Actie voor 1 maart.")
    body = (
        f"<w:p><w:moveTo>{moved}</w:moveTo></w:p>{p('Koffie.')}<w:p><w:moveFrom>{moved}</w:moveFrom></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('Een zin die ')}</w:p>{p('doorloopt.')}"
        f"<w:p><w:del><w:r><w:delText>Weg.</w:delText></w:r></w:del></w:p>"
    )
    read = word_file(body)
    assert [block.text for block in read.blocks] == ["Actie voor 1 maart.", "Koffie.", "Een zin die doorloopt."]
    assert said(read) == ["Niet gelezen: 1 stuk verwijderde tekst."]


def test_hidden_text_and_empty_fields_of_word_are_left_out_and_told() -> None:
    styles = style("Intern", "Intern", "", "<w:rPr><w:vanish/></w:rPr>", "character") + style(
        "Weg", "Weg", "Normal", "<w:rPr><w:vanish/></w:rPr>"
    )
    intern = r(" Intern.", "<w:rStyle w:val='Intern'/>")
    shown = p("Toch te zien.", "Weg", run="<w:vanish w:val='0'/>")
    body = (
        f"<w:p>{r('Zichtbaar.')}{r(' Nog nagaan.', '<w:vanish/>')}{intern}</w:p>"
        f"{p('Verborgen alinea.', 'Weg')}{shown}"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Klik om te typen.')}</w:sdtContent></w:sdt>"
        f"<w:p><w:sdt><w:sdtPr/><w:sdtContent>{r('Ingevuld.')}</w:sdtContent></w:sdt></w:p>"
    )
    read = word_file(body, styles)
    assert [block.text for block in read.blocks] == ["Zichtbaar.", "Toch te zien.", "Ingevuld."]
    assert said(read) == [
        "Niet gelezen: 1 leeg invulveld.",
        "Verborgen tekst is niet gelezen (35 tekens): 'Nog nagaan.', 'Intern.', 'Verborgen alinea.'.",
    ]


def test_cells_in_controls_and_merged_cells_keep_their_column() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:tc>{}</w:tc></w:sdtContent></w:sdt>"
    begin = f"<w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>{p('Drenthe')}<w:p/></w:tc>"
    more = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    wide = f"<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{p('Samen')}</w:tc>"
    body = table(
        ["Regio", "School", "Datum", "Geld"],
        [begin, "De Linde", control.format("<w:date/>", p("1 maart")), "400"],
        [more, "Zonnedael", control.format("<w:showingPlcHdr/>", p("Kies een datum")), "250"],
        [wide, "", "650"],
    )
    rows = f"<w:sdt><w:sdtContent>{table(['In een', 'control'])[7:-8]}</w:sdtContent></w:sdt>"
    read = word_file(body.replace("</w:tbl>", f"{rows}</w:tbl>"))
    assert [block.text for block in read.blocks] == [
        "Regio | School | Datum | Geld",
        "Drenthe | De Linde | 1 maart | 400",
        "Drenthe | Zonnedael | | 250",
        "Samen | | | 650",
        "In een | control",
    ]


def test_notes_of_word_stand_below_their_text() -> None:
    notes = (
        f"<w:footnotes {SPACES}><w:footnote w:type='separator' w:id='0'>{p('x')}</w:footnote>"
        f"<w:footnote w:id='2'>{p('Uit 2019.')}</w:footnote></w:footnotes>"
    )
    ends = f"<w:endnotes {SPACES}><w:endnote w:id='2'>{p('Eindnoot.')}</w:endnote></w:endnotes>"
    reference = "<w:p><w:pPr><w:pStyle w:val='Opsomming'/></w:pPr>{}<w:r><w:{}Reference w:id='2'/></w:r></w:p>"
    body = reference.format(r("Een punt."), "footnote") + reference.format(r("Nog een."), "endnote") + p("Slot.")
    read = word_file(body, parts={"footnotes.xml": ("footnotes", notes), "endnotes.xml": ("endnotes", ends)})
    assert shapes(read) == [
        ("bullet", 0, "Een punt."),
        ("paragraph", 1, "Uit 2019."),
        ("bullet", 0, "Nog een."),
        ("paragraph", 1, "Eindnoot."),
        ("paragraph", 0, "Slot."),
    ]


def test_links_of_word_keep_their_address_however_word_cuts_them() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    part = "<w:r><w:instrText>{}</w:instrText></w:r>"
    cut = (
        mark.format("begin")
        + part.format(' HYPERLINK "https://a.ex')
        + part.format('ample/kies" \\l "deel" ')
        + mark.format("separate")
    )
    body = (
        f"<w:p>{r('Zie ')}{cut}{r('de Kies')}{r('wijzer')}{mark.format('end')}{r(' en ')}"
        f"<w:hyperlink r:id='h'>{r('de hulp')}</w:hyperlink>{r(' en ')}<w:hyperlink w:anchor='x'>"
        f"{r('hier')}</w:hyperlink>{r(' en ')}"
        f"<w:fldSimple w:instr=' HYPERLINK &quot;https://b.example/&quot; '>{r('daar')}</w:fldSimple></w:p>"
    )
    [block] = word_file(body, links={"h": "https://www.google.com/url?q=https://h.example/"}).blocks
    assert block.text == "Zie de Kieswijzer en de hulp en hier en daar"
    assert block.labels == (
        ("de Kieswijzer", "https://a.example/kies#deel"),
        ("de hulp", "https://h.example/"),
        ("hier", None),
        ("daar", "https://b.example/"),
    )


def test_link_over_two_paragraphs_is_one_in_each() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin = mark.format("begin") + "<w:r><w:instrText>HYPERLINK https://a.example/</w:instrText></w:r>"
    body = (
        f"<w:p>{begin}{mark.format('separate')}{r('deel een')}</w:p><w:p>"
        f"{r('deel twee')}{mark.format('end')}{r(' erna')}</w:p>"
    )
    blocks = word(body)
    assert [block.text for block in blocks] == ["deel een", "deel twee erna"]
    assert [block.labels for block in blocks] == [
        (("deel een", "https://a.example/"),),
        (("deel twee", "https://a.example/"),),
    ]


def test_result_of_a_field_is_text_and_its_instruction_is_not() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    date = (
        f"{mark.format('begin')}<w:r><w:instrText> DATE </w:instrText></w:r>"
        f"{mark.format('separate')}{r('1 mei')}{mark.format('end')}"
    )
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="{}"/>'
        "</w:checkBox></w:ffData></w:fldChar></w:r>" + mark.format("end")
    )
    inner = (
        f"{mark.format('begin')}<w:r><w:instrText> IF </w:instrText></w:r>"
        f"{date}{mark.format('separate')}{r('ja')}{mark.format('end')}"
    )
    [block] = word_file(
        f"<w:p>{r('Op ')}{date}{r(', ')}{box.format(1)}{r(' wel ')}{box.format(0)}{r(' niet, ')}{inner}</w:p>"
    ).blocks
    assert block.text == "Op 1 mei, ☒ wel ☐ niet, ja"


def test_signs_and_formulas_of_word_are_text() -> None:
    sign = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'
    signs = "".join(
        sign.format(*one)
        for one in [
            ("Wingdings", "F0E0"),
            ("Wingdings", "F0FE"),
            ("Symbol", "F0B3"),
            ("Symbol", "F061"),
            ("Arial", "20AC"),
        ]
    )
    half = "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    power = (
        "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    letters = r("\u00fc", "<w:rFonts w:ascii='Wingdings'/>") + r("\uf0e0", "<w:rFonts w:hAnsi='Wingdings'/>")
    soft = f"{letters}{r(' ')}{r('Samen')}<w:r><w:softHyphen/></w:r>{r('werken')}<w:r><w:noBreakHyphen/></w:r>{r('nu')}"
    read = word_file(f"<w:p>{signs}{r(' ')}{half}{r(' ')}{power}{r(' ')}{soft}{sign.format('Onbekend', 'F041')}</w:p>")
    assert [block.text for block in read.blocks] == ["→☑≥α€ 1/2 x^2 ✓→ Samenwerken-nu"]
    assert said(read) == ["Niet gelezen: 1 teken uit een symbolenlettertype."]


def test_text_box_stands_once_also_within_another_or_in_two_forms() -> None:
    box = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    inner = f"<w:p>{r('Buiten.')}{box.format(p('Binnen.'))}</w:p>"
    both = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>{0}</w:txbxContent>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{0}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    read = word_file(f"<w:p>{r('Tekst.')}{box.format(inner)}</w:p><w:p>{both.format(p('Kader.'))}</w:p>")
    assert [block.text for block in read.blocks] == ["Tekst.", "Buiten.", "Binnen.", "Kader."]


def test_files_within_a_word_file_are_read_or_told() -> None:
    mht = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Uit mht.</p>"
    parts: dict[str, tuple[str, str | bytes]] = {
        "a.html": ("aFChunk", b"<h2>Deel</h2><p>Uit \xc3\xa9\xc3\xa9n pagina.</p>"),
        "b.txt": ("aFChunk", b"Uit tekst."),
        "c.mht": ("aFChunk", mht),
        "d.rtf": ("aFChunk", b"{\\rtf1 tekst}"),
    }
    chunks = "".join(f'<w:altChunk r:id="{name}"/>' for name in parts)
    read = word_file(p("Eerst.") + chunks, parts=parts)
    assert [block.text for block in read.blocks] == ["Eerst.", "Deel", "Uit één pagina.", "Uit tekst.", "Uit mht."]
    assert said(read) == ["Niet gelezen: 1 ingevoegd bestand."]


def test_text_of_a_diagram_is_read_and_pictures_remarks_and_headers_are_counted() -> None:
    diagram = f"<dgm:dataModel {SPACES}><a:p><a:r><a:t>Stap een</a:t></a:r></a:p></dgm:dataModel>"
    parts: dict[str, tuple[str, str | bytes]] = {
        "d.xml": ("diagramData", diagram),
        "c.xml": ("comments", f"<w:comments {SPACES}><w:comment>{p('Klopt dit?')}</w:comment></w:comments>"),
        "h.xml": ("header", f"<w:hdr {SPACES}>{p('Concept')}</w:hdr>"),
    }
    body = (
        f"<w:p>{r('Tekst.')}<w:r><w:drawing><dgm:relIds r:dm='d.xml'/></w:drawing></w:r><w:r>"
        f"<w:drawing><a:blip/></w:drawing></w:r></w:p>"
        "<w:sectPr><w:headerReference r:id='h.xml'/></w:sectPr>"
    )
    read = word_file(body, parts=parts)
    assert [block.text for block in read.blocks] == ["Tekst.", "Stap een"]
    assert said(read) == ["Niet gelezen: 1 afbeelding, 1 opmerking in de kantlijn, 1 kop- of voettekst."]


def test_table_of_contents_of_word_is_left_out_and_counted() -> None:
    styles = style("Inhopg1", "toc 1", "Normal")
    control = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
        "</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    )
    read = word_file(
        control.format(p("Kosten 2") + p("Planning 3")) + p("Kosten 2", "Inhopg1") + p("Kosten", "Kop1") + p("Veel."),
        styles,
    )
    assert [block.text for block in read.blocks] == ["Kosten", "Veel."]
    assert said(read) == ["Niet gelezen: 3 regels van een inhoudsopgave."]


def test_strict_and_macro_files_and_templates_are_read() -> None:
    def strict(_name: str, text: str) -> str:
        return text.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/", "http://purl.oclc.org/ooxml/wordprocessingml/"
        ).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"
        )

    def macros(_name: str, text: str) -> str:
        return text.replace("<Types ", "<Types xmlns:x='application/vnd.ms-word.document.macroEnabled.main+xml' ")

    for change in (strict, macros):
        read = word_file(
            p("Kop", "Kop1") + f"<w:p><w:hyperlink r:id='h'>{r('link')}</w:hyperlink></w:p>",
            links={"h": "https://a.example/"},
            change=change,
        )
        assert shapes(read) == [("heading", 1, "Kop"), ("paragraph", 0, "link")]
        assert read.blocks[1].labels == (("link", "https://a.example/"),)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "van voor 2007"),
        (b"{\\rtf1 tekst}", "een RTF-bestand"),
        (b"%PDF-1.7", "een PDF"),
    ],
)
def test_file_of_another_program_is_told_what_it_is(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableFile, match=what):
        read_docx(data, "les/a.docx")


@pytest.mark.parametrize(("main", "what"), [("xl/workbook.xml", "Excel"), ("ppt/presentation.xml", "PowerPoint")])
def test_office_file_of_another_kind_is_told_what_it_is(main: str, what: str) -> None:
    with pytest.raises(UnreadableFile, match=what):
        word_file(
            p("x"), change=lambda name, text: text.replace("word/document.xml", main) if name == "_rels/.rels" else text
        )


@pytest.mark.parametrize(
    ("body", "given", "title"),
    [
        (p("Tekst."), "Aanpak in de regio", "Aanpak in de regio"),
        (p("Inleiding", "Kop1") + p("Tekst."), "Aanpak in de regio", "Aanpak in de regio"),
        (p("Werken met lijm", "Kop1") + p("Tekst."), "Sjabloon rapport", ""),
        (p("Tekst."), "Microsoft Word - Document1", ""),
    ],
)
def test_title_of_the_file_counts_where_no_heading_says_what_it_is_about(body: str, given: str, title: str) -> None:
    core = f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{given}</dc:title></c>'
    read = word_file(body, parts={"docProps/core.xml": ("x", core)})
    assert read.meta.get("titel", "") == title


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


def page(body: str, address: str | None = None) -> SourceText:
    """A web page with this body, as read."""
    html = f'<!doctype html><html lang="nl"><head><title>Les</title></head><body>{body}</body></html>'
    return read_html(html.encode(), "les/a.html", address)


def shapes(read: SourceText) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in read.blocks]


def said(read: SourceText) -> list[str]:
    return [finding.message for finding in read.findings]


def test_headings_of_a_page_are_read_wherever_they_stand() -> None:
    read = page(
        "<div class='head'><h1>Handreiking</h1></div><section><h2><span>1. </span>Kosten</h2>"
        "<section><h3>Toelichting</h3>"
        "<p>Een school betaalt 400 euro.</p></section></section><div role='heading' "
        "aria-level='3'>Geld</div><p>Veel.</p>"
    )
    assert shapes(read) == [
        ("heading", 1, "Handreiking"),
        ("heading", 2, "1. Kosten"),
        ("heading", 3, "Toelichting"),
        ("paragraph", 0, "Een school betaalt 400 euro."),
        ("heading", 3, "Geld"),
        ("paragraph", 0, "Veel."),
    ]


UNFOLDING = (
    "<h3><button aria-expanded='false' aria-controls='p'>Wat kost het?</button></h3><div id='p' "
    "hidden><p>Veel.</p></div>",
    "<button aria-expanded='false' aria-controls='p'>Wat kost het?</button><div id='p' "
    "style='display: none'>Veel.</div>",
    "<dl><dt><button aria-expanded='false'>Wat kost het?</button></dt><dd hidden>Veel.</dd></dl>",
    "<div class='accordion'><div><a role='button' aria-expanded='false'>Wat kost het?</a><p "
    "hidden>Veel.</p></div></div>",
    "<details><summary>Wat kost het?</summary><p>Veel.</p></details>",
    "<div role='tablist'><button role='tab' aria-controls='p'>Wat kost het?</button></div><div "
    "role='tabpanel' id='p' hidden>Veel.</div>",
    "<a data-toggle='collapse' href='#p'>Wat kost het?</a><div id='p' class='collapse' "
    "style='display:none'>Veel.</div>",
    "<div class='faq'><h3 tabindex='0'>Wat kost het?</h3><div class='faq-antwoord' "
    "style='display:none'>Veel.</div></div>",
    "<div role='button' aria-expanded='false' tabindex='0'>Wat kost het?</div><div "
    "class='accordion-body' aria-hidden='true'>Veel.</div>",
    "<h3 id='k'>Wat kost het?</h3><section role='region' aria-labelledby='k' id='p' hidden>Veel.</section>",
    "<h3>Wat kost het?</h3><div hidden='until-found'>Veel.</div>",
    "<style>.panel { display: none }</style><button class='accordion'>Wat kost het?</button><div "
    "class='panel'>Veel.</div>",
    "<div class='faq-item'><div class='faq-vraag'>Wat kost het?</div><div class='faq-antwoord "
    "hidden'>Veel.</div></div>",
)


@pytest.mark.parametrize("body", UNFOLDING)
def test_what_unfolds_at_a_click_is_read_under_its_title(body: str) -> None:
    read = page(f"<h2>Vragen</h2><p>Hieronder staan de vragen die het vaakst worden gesteld.</p>{body}")
    assert [(kind, text) for kind, _, text in shapes(read)[2:]] == [
        ("heading", "Wat kost het?"),
        ("paragraph", "Veel."),
    ]
    assert shapes(read)[2][1] == 3
    assert said(read) == []


HIDING = "<style>/* .weg { } */ .intern, #x { display:none } @media print { .scherm { display: none } }</style>"


@pytest.mark.parametrize("way", ["class='intern'", "id='x'", "class='d-none'", "class='hidden'"])
def test_text_that_the_styles_of_a_page_hide_is_hidden(way: str) -> None:
    read = page(f"{HIDING}<h2>Kop</h2><p class='scherm weg'>Zichtbaar.</p><p {way}>Nog nagaan.</p>")
    assert [text for _, _, text in shapes(read)] == ["Kop", "Zichtbaar."]
    assert said(read) == ["Verborgen tekst is niet gelezen (11 tekens): 'Nog nagaan.'."]


@pytest.mark.parametrize(
    "way", ["hidden", "style='display:none'", "style='visibility: hidden'", "style='mso-hide:all'"]
)
def test_hidden_text_is_not_read_and_the_report_says_so(way: str) -> None:
    read = page(f"<h2>Kop</h2><p {way}>Nog afstemmen met de directie.</p><p>Zichtbaar.</p>")
    assert shapes(read)[1:] == [("paragraph", 0, "Zichtbaar.")]
    assert said(read) == ["Verborgen tekst is niet gelezen (30 tekens): 'Nog afstemmen met de directie.'."]


def test_hidden_part_that_nothing_opens_stays_hidden() -> None:
    read = page("<h2>Kop</h2><div role='region' aria-label='Intern' hidden>Nog nagaan.</div><p>Zichtbaar.</p>")
    assert [text for _, _, text in shapes(read)] == ["Kop", "Zichtbaar."]


def test_what_is_no_text_is_counted() -> None:
    read = page(
        "<nav><a href='/'>Home</a></nav><p>Tekst.</p><img src='a.png' alt='Foto'><img "
        "src='sier.png' alt=''><svg><text>x</text></svg>"
        "<iframe src='x'></iframe><button>Delen</button><p><del>oud</del> nieuw</p>"
        "<form class='zoekformulier'><label>Zoek</label><input type='search'></form>"
    )
    assert shapes(read) == [("paragraph", 0, "Tekst."), ("paragraph", 0, "nieuw")]
    [message] = said(read)
    for part in (
        "2 afbeeldingen",
        "1 ingesloten pagina",
        "1 knop",
        "1 menu",
        "1 stuk verwijderde tekst",
        "1 formulier om te zoeken",
    ):
        assert part in message


def test_form_that_is_filled_in_is_text() -> None:
    read = page(
        "<form id='aspnetForm' action='/aanvraag'><h2>Aanvraag</h2><label>Naam: <input value='De "
        "Linde'></label><input type='hidden' value='x'>"
        "<p>Soort: <select><option>School<option selected>Bedrijf</select></p><label><input "
        "type='checkbox' checked> Akkoord</label>"
        "<p><input type='radio'> Nee</p><p>Toelichting:</p><textarea>Vier robots</textarea>"
        "<button type='submit'>Verstuur</button></form>"
    )
    everything = " ".join(text for _, _, text in shapes(read))
    assert everything == "Aanvraag Naam: De Linde Soort: Bedrijf ☑ Akkoord ☐ Nee Toelichting: Vier robots"


def test_table_in_a_figure_is_read_with_its_caption_and_merged_cells() -> None:
    read = page(
        "<figure><table><caption>Bedragen</caption><thead><tr><th>Regio</th><th>School</th><th>Bedrag</th></tr></thead><tbody>"
        "<tr><td rowspan='2'>Drenthe</td><td>De Linde</td><td>400 euro</td></tr><tr><td><p>"
        "Zonnedael</p></td><td></td></tr>"
        "<tr><td colspan='2'>Samen</td><td>400 euro</td></tr><tr><td></td><td>Twente</td><td>1"
        "</td></tr></tbody></table>"
        "<figcaption>Per school</figcaption></figure>"
    )
    assert [text for _, _, text in shapes(read)] == [
        "Bedragen",
        "Regio | School | Bedrag",
        "Drenthe | De Linde | 400 euro",
        "Drenthe | Zonnedael",
        "Samen | | 400 euro",
        "| Twente | 1",
        "Per school",
    ]


def test_lists_of_google_docs_are_as_deep_as_they_say_and_links_lead_where_they_say() -> None:
    read = page(
        "<ul class='c1 lst-kix_ab-0'><li>Boven</li></ul><ul class='c1 lst-kix_ab-1'><li>Onder "
        "<a href='https://www.google.com/url?q=https://a.example/%3Fx%3D1&amp;sa=D'>rapport</a>"
        "<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup><sup><a href='#ftnt1' id='ftnt_ref1'>"
        "[1]</a></sup></li></ul><p>Slot.</p>"
        "<hr><div><p><a href='#ftnt_ref1' id='ftnt1'>[1]</a> Een noot.</p></div>"
        "<div class='c3'><p><a href='#cmnt_ref1' id='cmnt1'>[a]</a><span>Nog nakijken!</span></p></div>"
    )
    assert shapes(read) == [
        ("bullet", 0, "Boven"),
        ("bullet", 2, "Onder rapport"),
        ("paragraph", 3, "Een noot."),
        ("paragraph", 0, "Slot."),
    ]
    assert read.blocks[1].labels == (("rapport", "https://a.example/?x=1"),)
    assert said(read) == ["Niet gelezen: 1 opmerking."]


def test_lists_that_word_saves_as_text_lose_their_signs() -> None:
    entry = (
        "<p class=MsoListParagraph style='mso-list:l0 level{} lfo1'><![if !supportLists]><span "
        "style='font-family:Symbol'>{}<span>&nbsp;&nbsp; </span></span><![endif]>{}</p>"
    )
    read = page(
        "<p class=MsoTitle>Titel</p><p class=MsoNormal><b>Kop<o:p></o:p></b></p>"
        + entry.format(1, "·", "Boven")
        + entry.format(2, "o", "Onder")
        + entry.format(1, "1.", "Genummerd")
        + "<p>• Getypt<br>• Nog een</p>"
        + "<p class=MsoToc1>Kop 2</p><div style='mso-element:comment-list'><p>Opmerking</p></div>"
    )
    assert shapes(read) == [
        ("heading", 1, "Titel"),
        ("heading", 6, "Kop"),
        ("bullet", 0, "Boven"),
        ("bullet", 2, "Onder"),
        ("bullet", 1, "Genummerd"),
        ("bullet", 0, "Getypt"),
        ("bullet", 0, "Nog een"),
    ]


def test_nested_lists_are_as_deep_as_they_stand_also_where_the_entry_is_missing() -> None:
    read = page("<ul><li>a<ol><li>b</li></ol></li><ul><li>c</li></ul></ul><li>los</li>")
    assert shapes(read) == [("bullet", 0, "a"), ("bullet", 3, "b"), ("bullet", 2, "c"), ("bullet", 0, "los")]


def test_notes_and_remarks_that_word_saves_in_a_page_are_told_apart() -> None:
    read = page(
        "<p class=MsoNormal>Dat werkt<a href='#_ftn1' name='_ftnref1'><span>[1]</span></a> vaak."
        "<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[AB1]</a></span></p><p>Slot.</p>"
        "<div style='mso-element:footnote-list'><div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>"
        "[1]</a> Uit 2019.</p></div></div>"
        "<div style='mso-element:comment-list'><p>Klopt dit?</p></div>"
    )
    assert [text for _, _, text in shapes(read)] == ["Dat werkt vaak.", "Uit 2019.", "Slot."]
    assert said(read) == ["Niet gelezen: 1 opmerking."]


def test_address_of_a_link_is_whole_by_the_base_of_the_page_and_may_hold_spaces() -> None:
    html = (
        "<html><head><base href='https://a.example/x/'></head><body><p><a href='Rapport 2023.pdf'>"
        "rapport</a></p></body></html>"
    )
    [block] = read_html(html.encode(), "les/a.html").blocks
    assert block.labels == (("rapport", "https://a.example/x/Rapport%202023.pdf"),)


def test_link_around_whole_blocks_keeps_its_label() -> None:
    read = page("<p>Tekst vooraf.</p><a href='/kaart'><h3>De kaart</h3><p>Kijk hier.</p></a>", "https://a.example/x/")
    assert [block.labels for block in read.blocks[1:]] == [
        (("De kaart", "https://a.example/kaart"),),
        (("Kijk hier.", "https://a.example/kaart"),),
    ]


def test_entities_and_line_breaks_of_a_page_are_read() -> None:
    read = page(
        "<p>Co&ouml;peratie &euro;&nbsp;5 &lt; 6 &check;<br>Dorpsstraat 1</p><p>een<br><br>twee</p><p>leer&shy;ling</p>"
    )
    assert [text for _, _, text in shapes(read)] == ["Coöperatie € 5 < 6 ✓ Dorpsstraat 1", "een", "twee", "leerling"]


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ("<meta charset='windows-1252'>", "cp1252"),
        ("", "cp1252"),
        ("", "utf-8"),
        ("<meta charset='iso-8859-15'>", "iso-8859-15"),
        ("<meta charset='utf-8'>", "cp1252"),
    ],
)
def test_page_is_read_in_the_encoding_that_it_declares_or_is_in(head: str, codec: str) -> None:
    data = f"<html><head>{head}</head><body><p>De geïnteresseerde ideële stichting: 400 €</p></body></html>".encode(
        codec
    )
    assert read_html(data, "les/a.html").blocks[0].text == "De geïnteresseerde ideële stichting: 400 €"


def test_header_of_an_article_is_content_and_that_of_a_website_is_not() -> None:
    read = page(
        "<header><a href='/'>Drentstad</a></header><main><article><header><h1>Lijm</h1><p>1 mei"
        "</p></header><p>Tekst.</p>"
        "<aside>Kader met een tip.</aside></article></main><aside>Nieuwsbrief</aside><footer>Colofon</footer>"
    )
    assert [text for _, _, text in shapes(read)] == ["Lijm", "1 mei", "Tekst.", "Kader met een tip."]


def test_title_in_the_header_of_a_page_without_a_main_part_is_read() -> None:
    read = page("<header><h1>Werken met lijm</h1></header><p>Tekst.</p><noscript><p>Zet JavaScript aan.</p></noscript>")
    assert [text for _, _, text in shapes(read)] == ["Werken met lijm", "Tekst."]
    assert said(read) == []


def test_text_outside_the_main_part_of_a_page_is_told() -> None:
    read = page(
        "<nav>Home</nav><div><p>Vooraf.</p><p>Nog iets.</p></div><main><p>Tekst.</p></main><footer>Colofon</footer>"
    )
    assert [text for _, _, text in shapes(read)] == ["Tekst."]
    assert said(read) == ["Niet gelezen: 2 blokken buiten het hoofddeel van de pagina."]


def test_menu_without_a_name_is_left_out_and_a_list_of_tools_is_read() -> None:
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("nieuws", "agenda", "contact", "over"))
    tools = "".join(
        f"<li><a href='https://{name}.example/'>{name}</a></li>" for name in ("kist", "kast", "kaart", "kies")
    )
    read = page(f"<ul>{menu}</ul><p>{'Een lange tekst over lijm. ' * 9}</p><ul>{tools}</ul>")
    everything = " ".join(text for _, _, text in shapes(read))
    assert ("agenda" in everything, "kast" in everything) == (False, True)
    assert "1 menu" in said(read)[0]
