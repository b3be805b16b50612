"""A document becomes sections that can be cited."""

import pytest

from ingest.blocks import Block, BlockKind, SourceText
from ingest.documents import ParsedDocument, document_slug, parse_document
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Known, Link, Origin, Section
from tests.ingest.building import source

DOCUMENT = """\
---
titel: Notitie over bruggen
weergave: notitie
bijgewerkt: 2026-02-03
url: https://bruggen.example/
linked_from:
  - les/tool/vakhuis
---
# Bruggen

Een brug draagt.

## Karton

Karton is sterk:

- in de lengte
- in lagen

## Leeg

### Lijm

Lijm droogt.
"""


def parse(text: str, path: str = "documenten/bruggen.md") -> ParsedDocument:
    return parse_document(source(text, f"les/{path}"), path)


def test_sections_are_cut_along_headings() -> None:
    assert parse(DOCUMENT).sections == (
        Section("Een brug draagt.", "Bruggen"),
        Section("Karton is sterk:\n\n- in de lengte\n- in lagen", "Karton"),
        Section("Lijm droogt.", "Lijm"),
    )


def test_text_under_the_title_has_no_heading() -> None:
    assert parse("# Bruggen\n\nEen brug draagt.\n").sections == (Section("Een brug draagt."),)


def test_front_matter_says_what_the_document_is() -> None:
    document = parse(DOCUMENT)
    assert (document.title, document.origin, document.updated) == ("Notitie over bruggen", Origin.NOTE, "2026-02-03")
    assert document.linked_from == ("les/tool/vakhuis",)
    assert document.links == (Link("Notitie over bruggen", "https://bruggen.example/", Known.KNOWN),)


def test_sources_of_a_note_are_its_links_with_or_without_an_address() -> None:
    document = parse(
        "---\nbronnen:\n  - titel: Bruggenblad\n    url: https://blad.example/1\n    known: vermoedelijk\n"
        "  - titel: Krant\n---\ntekst"
    )
    assert document.links == (Link("Bruggenblad", "https://blad.example/1", Known.PROBABLE), Link("Krant"))


@pytest.mark.parametrize(("text", "title"), [("## Kop\n\ntekst", "Kop"), ("alleen tekst", "Bruggen en wegen")])
def test_title_is_the_first_heading_else_the_name_of_the_file(text: str, title: str) -> None:
    document = parse(text, "documenten/bruggen_en-wegen.txt")
    assert (document.title, document.origin) == (title, Origin.DOCUMENT)


def test_pages_start_a_section_of_their_own() -> None:
    blocks = (
        Block(BlockKind.HEADING, "Kop", 1, page=1),
        Block(BlockKind.PARAGRAPH, "een", page=1),
        Block(BlockKind.PARAGRAPH, "twee", page=2),
    )
    document = parse_document(SourceText("les/d.md", blocks), "d.md")
    assert document.sections == (Section("een", None, 1), Section("twee", None, 2))


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("documenten/Een Brug.md", "een-brug"),
        ("los.txt", "los"),
        ("documenten/a/b.c.md", "a-b-c"),
        ("documenten/….md", "document"),
    ],
)
def test_slug_comes_from_the_path(path: str, slug: str) -> None:
    assert document_slug(path) == slug


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "staat geen tekst"),
        ("# Alleen een kop\n", "staat geen tekst"),
        ("---\nweergave: factsheet\n---\ntekst", "'factsheet' bij 'weergave:'"),
        ("---\nurl: ftp://x\n---\ntekst", "geen adres van een webpagina"),
        ("---\nurl: https://x.example\nknown: ja\n---\ntekst", "is niet bekend"),
        ("---\nbronnen: krant\n---\ntekst", "bronnen: hier hoort een lijst"),
        ("---\nbronnen:\n  - url: https://x.example\n---\ntekst", "een bron heeft een titel"),
        ("---\nbronnen:\n  - titel: X\n    url: www.x.example\n---\ntekst", "geen adres van een webpagina"),
        ("---\nlinked_from: les/tool/x\n---\ntekst", "hier hoort een lijst"),
        ("---\ntitel:\n  - a\n---\ntekst", "bij 'titel:' is niet bekend"),
    ],
)
def test_document_that_can_not_be_used_says_why(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"^les/documenten/bruggen\.md.*{message}"):
        parse(text)


def test_unknown_key_is_reported() -> None:
    assert "'auteur:'" in parse("---\nauteur: X\n---\ntekst").findings[0].message


def test_keys_of_programs_for_websites_are_told_in_one_line_and_their_title_counts() -> None:
    document = parse('---\ntitle: "Handleiding"\nlayout: page\ntags: [geld]\nauteurr: X\n---\n## Stap 1\n\ntekst')
    assert document.title == "Handleiding"
    assert [(one.severity, one.message) for one in document.findings] == [
        ("waarschuwing", "De regel 'auteurr:' boven in het bestand is onbekend en wordt niet gebruikt."),
        (
            "info",
            "De regels 'layout:' en 'tags:' boven in het bestand: die zijn voor een website, "
            "kompasbot gebruikt ze niet.",
        ),
    ]
