"""The registry is the truth; what does not fit is reported."""

import unicodedata

import pytest

from ingest.corpus import read_corpus
from ingest.files import CorpusFile
from ingest.links import LinkedText, LinkEntry, check_links, links_of, load_links
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Known, Link
from tests.ingest.building import ITEMS, SHIPPED, CorpusBuilder

ITEM = "les/tool/vakhuis"
TEXT = "Vakhuis verzamelt lessen in een kast."
REGISTERED = LinkEntry(
    ITEM, Link("Vakhuis", "https://vakhuis.example/", Known.PROBABLE), None, "les/links.yaml, regel 1"
)


def text(*labels: tuple[str, str | None]) -> LinkedText:
    return LinkedText(ITEM, TEXT, labels)


def load(corpus: CorpusBuilder, content: str) -> tuple[LinkEntry, ...]:
    return load_links(CorpusFile("les/links.yaml", corpus.write("les/links.yaml", content)))


def messages(texts: list[LinkedText], entries: list[LinkEntry], files: tuple[str, ...] = ()) -> list[str]:
    return [finding.message for finding in check_links(texts, entries, "les/links.yaml", files)]


def test_registry_gives_the_address_of_a_label_in_the_text() -> None:
    assert links_of(text(("Vakhuis", None)), [REGISTERED]) == (REGISTERED.link,)


def test_address_in_the_text_never_beats_the_registry() -> None:
    assert links_of(text(("vakhuis", "https://anders.example/")), [REGISTERED]) == (REGISTERED.link,)


def test_address_in_the_text_counts_for_a_label_that_is_not_registered() -> None:
    found = links_of(text(("Kast", "https://kast.example/")), [REGISTERED])
    assert found == (Link("Kast", "https://kast.example/", Known.KNOWN), REGISTERED.link)


def test_label_without_any_address_stays_an_unknown_link() -> None:
    assert links_of(text(("Kast", None)), []) == (Link("Kast"),)


def test_links_of_other_items_are_not_taken() -> None:
    assert links_of(LinkedText("les/tool/ander", TEXT, ()), [REGISTERED]) == ()


def test_label_that_is_not_registered_is_reported_with_what_to_add() -> None:
    [finding] = check_links(
        [text(("Vakhuis", None), ("Kast", "https://k.example"))], [REGISTERED], "les/links.yaml", []
    )
    assert (finding.where, finding.severity) == (ITEM, "waarschuwing")
    assert "'Kast' staat nog niet in les/links.yaml" in finding.message
    assert "url: https://k.example, known: bekend" in finding.hint


def test_without_a_registry_there_is_one_finding_for_all_links() -> None:
    assert messages([text(("Vakhuis", None), ("Kast", None))], []) == [
        "Geen van de 2 links in de factsheet staat in dit bestand."
    ]


def test_factsheet_without_links_needs_no_registry() -> None:
    assert messages([text()], []) == []


def test_entry_of_an_item_that_is_not_there_is_reported() -> None:
    assert messages([], [REGISTERED]) == ["De link 'Vakhuis' hoort bij 'les/tool/vakhuis', maar dat item is er niet."]


def test_registered_label_that_left_the_text_is_mentioned() -> None:
    gone = LinkEntry(ITEM, Link("Lessenkast"), None, "les/links.yaml, regel 2")
    assert messages([text(("Vakhuis", None))], [REGISTERED, gone]) == [
        "De woorden 'Lessenkast' staan niet in de tekst van les/tool/vakhuis."
    ]


def test_file_that_is_not_there_is_reported() -> None:
    entry = LinkEntry(ITEM, Link("Vakhuis"), "documenten/a.md", "les/links.yaml, regel 1")
    assert messages([text()], [entry], ("documenten/b.md",)) == ["Het bestand 'documenten/a.md' is er niet."]
    assert messages([text()], [entry], ("documenten/a.md",)) == []


def test_shipped_registry_loads() -> None:
    entries = load_links(CorpusFile("links.yaml", SHIPPED / "links.yaml"))
    assert all((entry.link.url is None) == (entry.link.known is Known.UNKNOWN) for entry in entries)


def test_address_without_known_is_taken_for_probable(corpus: CorpusBuilder) -> None:
    [entry] = load(corpus, f"- item: {ITEM}\n  label: Kast\n  url: https://k.example\n")
    assert entry.link.known is Known.PROBABLE


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("known: misschien", "regel 1: 'known: misschien' is niet bekend"),
        ("url: www.k.example", "'www.k.example' is geen adres"),
        ("url: javascript:alert(1)", "is geen adres"),
        ("adres: x", "'adres' is hier niet bekend"),
        ("label: ''", "'label' staat er twee keer"),
    ],
)
def test_wrong_entry_is_refused_with_its_place(corpus: CorpusBuilder, line: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"^les/links\.yaml.*{message}"):
        load(corpus, f"- item: {ITEM}\n  label: Kast\n  {line}\n")


def test_entry_without_a_label_is_refused(corpus: CorpusBuilder) -> None:
    with pytest.raises(UnreadableFile, match="ontbreekt een item of een label"):
        load(corpus, f"- item: {ITEM}\n")


def test_file_of_a_link_is_found_however_the_system_spells_its_name(corpus: CorpusBuilder) -> None:
    name = "documenten/co\u00f6rdinatie-\u00e9\u00e9n.md"
    corpus.factsheet()
    corpus.write("lesmateriaal/items.yaml", ITEMS)
    corpus.write(f"lesmateriaal/{unicodedata.normalize('NFD', name)}", "# Coördinatie\n\nEén per maand.\n")
    corpus.write("lesmateriaal/links.yaml", f"- item: lesmateriaal/tool/vakhuis\n  label: Vakhuis\n  file: {name}\n")
    reading = read_corpus(corpus.path)
    [document] = [item for item in reading.knowledge.items if item.type == "document"]
    assert document.linked_from == ("lesmateriaal/tool/vakhuis",)
    assert not [one for one in reading.findings if "is er niet" in one.message]
