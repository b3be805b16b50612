"""Expected questions and synonyms: content that is checked as data."""

from dataclasses import replace

import pytest

from ingest.files import CorpusFile
from ingest.findings import Finding
from ingest.questions import Expected, check_questions, load_questions, load_synonyms, read_asked
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import AskedSentence, Item, ItemType, Origin
from tests.ingest.building import CorpusBuilder


def item(kind: ItemType = ItemType.TOOL, questions: int = 16) -> Item:
    return Item(
        f"les/{kind}/x", "les", kind, 1, "X", "Tekst.", Origin.SUMMARY, "2026-01-01",
        questions=tuple(f"Vraag {number}?" for number in range(questions)),
    )  # fmt: skip


def load(corpus: CorpusBuilder, text: str) -> dict[str, Expected]:
    return load_questions(CorpusFile("les/vragen.yaml", corpus.write("les/vragen.yaml", text)))


def check(one: Item, expected: dict[str, Expected]) -> list[Finding]:
    return list(check_questions([one], expected, "les/vragen.yaml"))


def test_questions_and_terms_are_read_by_item(corpus: CorpusBuilder) -> None:
    found = load(corpus, 'les/tool/x:\n  vragen:\n    - "Hoe dan?"\n    - Wie?\n  termen: [schroef, moer]\n')
    assert found == {"les/tool/x": Expected(("Hoe dan?", "Wie?"), ("schroef", "moer"))}


def test_item_may_have_only_terms(corpus: CorpusBuilder) -> None:
    assert load(corpus, "les/tool/x:\n  termen: [moer]\n") == {"les/tool/x": Expected((), ("moer",))}


def test_questions_of_a_sentence_are_read_beside_the_text_that_they_quote(corpus: CorpusBuilder) -> None:
    told = replace(item(), text="De kist is groot. Zij kost niets.", editor_note="De maat is niet nagekeken.")
    expected = load(
        corpus,
        "les/tool/x:\n  zinnen:\n"
        "    - zin: Zij kost niets.\n      vragen: [Is het gratis?, Wat kost dat?]\n"
        "    - zin: De maat is niet nagekeken.\n      vragen: [Klopt de maat?]\n",
    )
    findings: list[Finding] = []
    assert read_asked(expected, [told], "les/vragen.yaml", findings) == {
        "les/tool/x": (
            AskedSentence("Zij kost niets.", ("Is het gratis?", "Wat kost dat?")),
            AskedSentence("De maat is niet nagekeken.", ("Klopt de maat?",)),
        )
    }
    assert findings == []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("zin: Zij kost geld.\n      vragen: [Hoeveel?]", "staat niet woord voor woord"),
        ("zin: kost niets.\n      vragen: [Hoeveel?]", "breekt een zin af"),
        ("zin: Zij kost niets.\n      vraag: [Hoeveel?]", "de regel 'vraag:' is niet bekend"),
    ],
)
def test_questions_of_a_sentence_that_is_not_there_are_withheld_and_named(
    corpus: CorpusBuilder, entry: str, message: str
) -> None:
    told = replace(item(), text="De kist is groot. Zij kost niets.")
    good = "    - zin: De kist is groot.\n      vragen: [Past hij in de auto?]\n"
    expected = load(corpus, f"les/tool/x:\n  zinnen:\n    - {entry}\n{good}")
    findings: list[Finding] = []
    found = read_asked(expected, [told], "les/vragen.yaml", findings)
    assert [each.sentence for each in found["les/tool/x"]] == ["De kist is groot."]
    [finding] = findings
    assert (finding.severity, "regel 3" in finding.where, message in finding.message) == ("fout", True, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("les/tool/x:\n  zinnen:\n    - Zij kost niets.\n", "bij 'zinnen:' hoort een lijst"),
        ("les/tool/x:\n  vragen:\n    - Dit is: een vraag?\n", "'Dit is' is geen gewone tekst"),
        ("les/tool/x:\n  vraag:\n    - Hoe?\n", "alleen de regels 'vragen:', 'termen:' en 'zinnen:'"),
        ("les/tool/x: Hoe?\n", "alleen de regels"),
        ("les/tool/x:\n  vragen: Hoe?\n", "hier hoort een lijst"),
        ("les/tool/x:\n  vragen: []\nles/tool/x:\n  vragen: []\n", "regel 3: 'les/tool/x' staat er twee keer"),
    ],
)
def test_wrong_file_is_refused_with_its_place(corpus: CorpusBuilder, text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"^les/vragen\.yaml.*{message}"):
        load(corpus, text)


def test_item_with_enough_questions_needs_no_remark() -> None:
    assert check(item(), {"les/tool/x": Expected()}) == []


def test_item_with_few_questions_is_mentioned() -> None:
    [finding] = check(item(questions=15), {"les/tool/x": Expected()})
    assert (finding.severity, finding.where) == ("info", "les/tool/x")
    assert "15 vragen" in finding.message


def test_document_needs_no_questions() -> None:
    assert check(item(ItemType.DOCUMENT, 0), {"les/document/x": Expected()}) == []


def test_questions_of_an_unknown_item_are_reported() -> None:
    [finding] = check(item(), {"les/tool/y": Expected()})
    assert (finding.severity, "'les/tool/y'" in finding.message) == ("waarschuwing", True)


def test_without_any_questions_there_is_one_remark() -> None:
    [finding] = check(item(questions=0), {})
    assert finding.where == "les/vragen.yaml"


def test_synonyms_come_with_their_head_first(corpus: CorpusBuilder) -> None:
    path = corpus.write("begrippen.yaml", "bedrijf: [onderneming, werkgever]\nschool:\n  - onderwijsinstelling\n")
    assert load_synonyms(CorpusFile("begrippen.yaml", path)) == (
        ("bedrijf", "onderneming", "werkgever"),
        ("school", "onderwijsinstelling"),
    )


def test_synonyms_that_are_no_list_are_refused(corpus: CorpusBuilder) -> None:
    path = corpus.write("begrippen.yaml", "bedrijf: onderneming\n")
    with pytest.raises(UnreadableFile, match=r"begrippen\.yaml, bij bedrijf"):
        load_synonyms(CorpusFile("begrippen.yaml", path))
