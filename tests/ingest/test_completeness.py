"""What is read of varied files, held against what a plain second reader finds in each."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from html import unescape
from typing import Final

import lxml.html
import pytest
from markdown_it import MarkdownIt

from ingest.blocks import SourceText
from ingest.markdown import read_markdown
from ingest.plaintext import read_text
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.missing import missing
from tests.ingest.wordfiles import SPACES, p, r, style, table, word_bytes

LINK: Final = "<w:hyperlink r:id='h'>{}</w:hyperlink>"
BOX: Final = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
NUMBERED: Final = "<w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr>"

WORD: Final[Mapping[str, str]] = {
    "kop": p("Samen aan de slag", "Kop1") + p("Een school en twee bedrijven delen een lokaal."),
    "lijst": p("Kies een vorm", "Opsomming") + p("Eerst dit", inside=NUMBERED) + p("En daarna nog wat.", "Lijstalinea"),
    "tabel": table(["School", "Bedrag"], ["De Linde", "400 euro"], [p("").join(["<w:tc>", "</w:tc>"]), "250 euro"]),
    "in tabel": table([f"<w:tc>{p('Buiten')}{table(['Binnen', 'ook'])}{p('Erna')}</w:tc>", "Rechts"]),
    "link": f"<w:p>{r('Zie ')}{LINK.format(r('de kaart'))}{r(' van de regio.')}</w:p>",
    "invulveld": f"<w:sdt><w:sdtContent>{p('Ingevuld: vier robots.')}</w:sdtContent></w:sdt>",
    "noot": f"<w:p>{r('Dat werkt')}<w:r><w:footnoteReference w:id='2'/></w:r>{r(' vaak goed.')}</w:p>",
    "kader": f"<w:p>{r('Naast het kader.')}{BOX.format(p('In het kader.'))}</w:p>",
    "wijziging": f"<w:p><w:ins>{r('Nieuw stuk.')}</w:ins><w:del><w:r><w:delText>Oud.</w:delText></w:r></w:del></w:p>",
    "formule": "<w:p><w:r><w:t>Groei is </w:t></w:r><m:oMath><m:r><m:t>12,5%</m:t></m:r></m:oMath></w:p>",
    "afgebroken": (
        f"<w:p>{r('Een')}<w:r><w:tab/><w:t>twee</w:t><w:br/><w:t>drie</w:t><w:noBreakHyphen/><w:t>"
        f"vier</w:t></w:r></w:p>"
    ),
    "diep": "<w:sdt><w:sdtContent>" * 9 + p("Diep genest.") + "</w:sdtContent></w:sdt>" * 9,
}
PAGES: Final[Mapping[str, str]] = {
    "kop": (
        "<h1>Samen aan de slag</h1><section><header><h2>Begin</h2></header><p>Een school deelt een "
        "lokaal.</p></section>"
    ),
    "lijst": "<ul><li>Kies een vorm<ol><li>Eerst dit</li></ol></li><li><p>Twee</p><p>alinea's</p></li></ul>",
    "tabel": (
        "<figure><table><caption>Bedragen</caption><tr><th>School</th><td rowspan=2>400 euro</td>"
        "</tr><tr><td>Linde</td></tr></table></figure>"
    ),
    "in tabel": (
        "<table><tr><td>Buiten<table><tr><td>Binnen</td></tr></table></td><td><ul><li>Rechts</li>"
        "</ul></td></tr></table>"
    ),
    "link": (
        "<p>Zie <a href='/kaart'><b>de kaart</b> van de regio</a>.</p><a href='/x'><div>Een blok als link</div></a>"
    ),
    "uitklap": "<details><summary>Wat kost het?</summary>Niets, het is gratis.</details>",
    "accordeon": (
        "<h3><button aria-controls=p1>Wie doet mee?</button></h3><div id=p1 hidden>Alle scholen in de regio.</div>"
    ),
    "formulier": (
        "<form action='/aanvraag'><fieldset><legend>Aanvraag</legend><label>Naam van de school"
        "</label></fieldset></form>"
    ),
    "noot": (
        "<p>Dat werkt<sup><a href='#n1' id='t1'>*</a></sup> vaak.</p><p id='n1'><a href='#t1'>*</a> "
        "Uit een proef van 2019.</p>"
    ),
    "begrippen": "<dl><dt>Penvoerder</dt><dd>Beheert het geld.</dd></dl><address>Dorpsstraat 1<br>Drentstad</address>",
    "citaat": (
        "<blockquote><p>Zo kan het ook.</p><footer>Een leraar</footer></blockquote><pre>regel een\nregel twee</pre>"
    ),
    "tekens": "<p>Co&ouml;peratie &euro; 5 &lt; 6 <math><mi>x</mi><mo>=</mo><mn>2</mn></math></p><p>leer&shy;ling</p>",
}
TEXTS: Final[Mapping[str, str]] = {
    "kop": "# Samen aan de slag\n\nEen school en twee bedrijven\ndelen een lokaal.\n\nTussenkop\n---------\n\nTekst.",
    "lijst": "- Kies een vorm\n    1. Eerst dit\n    2. Dan dat\n- Twee\n\n  alinea's in een punt",
    "tabel": "| School | Bedrag |\n|---|---|\n| De Linde | 400 euro |\n|  | 250 euro |",
    "html": "<div>\n<h3>Let op</h3>\n<p>Vraag v&oacute;&oacute;r 1 mei aan.</p>\n</div>\n\nEen <b>vet</b> woord.",
    "link": "Zie [de kaart](https://a.example), [het plan][1] en <https://b.example/x>.\n\n[1]: https://c.example",
    "code": "Gebruik `begroting_2026.xlsx`:\n\n```\nregel een\nregel twee\n```",
    "citaat": "> Zo kan het ook.\n>\n> - Een punt in een citaat",
    "nadruk": "Een **vet** en _schuin_ woord, een \\*sterretje\\* en 2 \\< 3 &amp; 4.",
    "uitklap": "<details>\n<summary>Wat kost het?</summary>\n\nNiets, het is **gratis**.\n\n</details>",
    "haakjes": "De [school] deed mee (2019) [sic] en schreef: [Jansen]: ja.",
    "regels": "Eerste regel  \nTweede regel\\\nDerde regel\n\n***\n\nNa de streep.",
    "dieper": "1. Een\n   - Twee\n     > Drie\n\n     Vier\n2. Vijf",
}
PLAIN: Final[Mapping[str, str]] = {
    "brief": "Beste leraar,\n\nHierbij de afspraken.\n\nMet groet,\nDe werkgroep",
    "haakjes": "Vul in: <naam school>, en mail naar Jan <jan@voorbeeld.example>.",
    "lijst": "* een\n   * twee\n- drie\n\u2022 vier\n1. vijf\na) zes",
    "rekenen": "Het is 4 * 5 en 6_000, dus # 1 en > 2 < 3 & meer &amp; dat.",
    "strepen": "Titel\n=====\n\nTekst onder de titel\n-----\nslot",
    "kolommen": "School      Bedrag\nDe Linde    400 euro\nZonnedael   250 euro",
    "inspringen": "    ver ingesprongen\n\ttab ervoor\n        nog verder",
    "links": "Zie [dit](https://a.example) en https://b.example/pad_met_streep.",
    "code": "```\nregel een\n```\n~~weg~~ **niet vet**",
    "hoofdletters": "AFSPRAKEN OVER DE TECHKIST\nDe kist is gratis.\nLET OP DE TERMIJN\nVoor 1 mei.",
    "html": "<p>Dit is geen HTML</p> maar <b>tekst</b>",
    "leestekens": "\u2018Zo\u2019 zei zij \u2013 \u00e9\u00e9n keer\u2026 \u20ac 5, 50 % en 3/4.",
}


def docx(name: str) -> tuple[SourceText, str]:
    notes = f"<w:footnotes {SPACES}><w:footnote w:id='2'>{p('Uit een proef van 2019.')}</w:footnote></w:footnotes>"
    body = "".join(WORD[part] for part in name.split("+"))
    data = word_bytes(
        body, style("X", "X"), parts={"footnotes.xml": ("footnotes", notes)}, links={"h": "https://a.example/"}
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = "".join(archive.read(f"word/{part}.xml").decode() for part in ("document", "footnotes"))
    return read_docx(data, "les/a.docx"), unescape(" ".join(re.findall(r"<[wm]:t[^>]*>([^<]*)<", xml)))


def html(name: str) -> tuple[SourceText, str]:
    page = f"<!doctype html><html><body>{''.join(PAGES[part] for part in name.split('+'))}</body></html>"
    return read_html(page.encode(), "les/a.html"), lxml.html.fromstring(page).text_content()


def md(name: str) -> tuple[SourceText, str]:
    text = "\n\n".join(TEXTS[part] for part in name.split("+"))
    shown = MarkdownIt("commonmark").enable("table").render(text)
    return read_markdown(text, "les/a.md"), lxml.html.fromstring(f"<div>{shown}</div>").text_content()


def txt(name: str) -> tuple[SourceText, str]:
    text = "\n\n".join(PLAIN[part] for part in name.split("+"))
    return read_text(text, "les/a.txt"), text


READERS: Final = {"docx": (docx, WORD), "html": (html, PAGES), "md": (md, TEXTS), "txt": (txt, PLAIN)}
FILES: Final = [
    (ending, name)
    for ending, (_, parts) in READERS.items()
    for name in (*parts, *("+".join(list(parts)[at : at + 4]) for at in range(0, len(parts), 4)))
]


def characters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text.casefold()))


@pytest.mark.parametrize(("ending", "name"), FILES)
def test_of_every_file_all_is_read_that_a_second_reader_finds(ending: str, name: str) -> None:
    read, plain = READERS[ending][0](name)
    there = characters(" ".join(block.text for block in read.blocks))
    lost = characters(plain) - there
    assert lost.total() <= 0.01 * characters(plain).total(), (lost, [block.text for block in read.blocks])


def test_text_that_is_not_read_is_told_with_its_place() -> None:
    deep = "<w:sdt><w:sdtContent>" * 70 + p("Dit stuk staat te diep om te lezen.") + "</w:sdtContent></w:sdt>" * 70
    read = read_docx(word_bytes(p("Gewone tekst.") + deep), "les/a.docx")
    [finding] = read.findings
    assert finding.severity == "waarschuwing"
    assert "Niet alle tekst is gelezen" in finding.message
    assert "'Dit stuk staat te diep om te lezen.'" in finding.message


@pytest.mark.parametrize(("read", "left", "told"), [(0.96, 0, True), (0.98, 0, False), (0.9, 0.1, False)])
def test_up_to_three_percent_may_be_missing(read: float, left: float, told: bool) -> None:
    plain = ["abcdefghij" * 100]
    found = missing("les/a", ["abcdefghij" * int(100 * read)], ["abcdefghij" * int(100 * left)], plain)
    assert bool(found) is told
