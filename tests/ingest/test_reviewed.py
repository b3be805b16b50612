"""Reviewed facets and answers beside a factsheet: each is told with its source, or withheld and named."""

import pytest

from ingest.corpus import CorpusReading, read_corpus
from ingest.files import corpus_digest
from ingest.findings import Finding
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Facet, FacetKind, ReviewedAnswer, ReviewedSentence, Support
from tests.ingest.building import ITEMS, CorpusBuilder

FACETS = "lesmateriaal/kenmerken.yaml"
ANSWERS = "lesmateriaal/antwoorden.yaml"
LAB = "lesmateriaal/praktijkvoorbeeld/zonneberg"
KIT = "lesmateriaal/tool/vakhuis"
NOTE = "lesmateriaal/document/bezoek"
BRIDGE = "In Lab Zonneberg bouwen leerlingen een brug van karton."
KEPT = "Vakhuis verzamelt lessen in een kast."
VISIT = f"""\
---
titel: Bezoek aan het lab
weergave: notitie
linked_from: [{LAB}]
---

## Wie er komen

Er komen drie scholen uit Drenthe. Zij bouwen in mei, schrijft
het blad.

De regels zijn:

- neem een schaar mee;
- ruim op.
"""
GOOD_ANSWER = f"""\
- id: beginnen
  vragen: ["Hoe begin ik?"]
  antwoord:
    - tekst: "Laat leerlingen een brug bouwen."
      steunt_op:
        - bron: {LAB}
          citaat: "{BRIDGE}"
  stappen:
    - tekst: "Bewaar de lessen in een kast."
      steunt_op:
        - {{bron: {KIT}, citaat: "{KEPT}"}}
"""


@pytest.fixture
def lesson(corpus: CorpusBuilder) -> CorpusBuilder:
    corpus.factsheet()
    corpus.write("lesmateriaal/items.yaml", ITEMS)
    corpus.write("lesmateriaal/documenten/bezoek.md", VISIT)
    return corpus


def reviewed(reading: CorpusReading) -> list[Finding]:
    return [one for one in reading.findings if one.where.startswith((FACETS, ANSWERS))]


def facets(reading: CorpusReading) -> tuple[Facet, ...]:
    return next(item.facets for item in reading.knowledge.items if item.id == LAB)


def read_facets(lesson: CorpusBuilder, entries: str) -> tuple[tuple[Facet, ...], list[Finding]]:
    """The facets of the lab, beside one that is right, and what is said of the others."""
    right = f'  soort:\n    - {{waarde: lab, zin: "{BRIDGE}"}}\n'
    lesson.write(FACETS, f"{LAB}:\n{right}{entries}")
    reading = read_corpus(lesson.path)
    return facets(reading)[1:], reviewed(reading)


def read_answers(lesson: CorpusBuilder, entries: str) -> tuple[list[str], list[Finding]]:
    lesson.write(ANSWERS, entries)
    reading = read_corpus(lesson.path)
    return [one.id for one in reading.knowledge.answers], reviewed(reading)


def answer(**changes: str) -> str:
    """An answer to a question, with other lines in place of its own; an empty one leaves a line out."""
    lines = {
        "id": "brug",
        "vragen": '["Hoe begin ik?"]',
        "antwoord": f'[{{tekst: "Bouw een brug.", steunt_op: [{{bron: {LAB}, citaat: "{BRIDGE}"}}]}}]',
    } | changes
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in lines.items() if value) + "\n"


def test_facets_reach_their_item_with_other_words_and_the_sentence_they_rest_on(lesson: CorpusBuilder) -> None:
    found, findings = read_facets(
        lesson,
        f'  waar:\n    - waarde: Drenthe\n      ook: [noorden]\n      bron: {NOTE}\n'
        '      zin: "Er komen drie scholen uit Drenthe."\n',
    )  # fmt: skip
    support = Support(NOTE, "Er komen drie scholen uit Drenthe.")
    assert found == (Facet(kind=FacetKind.PLACE, value="Drenthe", aliases=("noorden",), support=support),)
    assert findings == []


def test_a_year_may_be_written_as_a_number(lesson: CorpusBuilder) -> None:
    found, _ = read_facets(lesson, f'  sinds:\n    - {{waarde: 2016, zin: "{BRIDGE}"}}\n')
    assert [one.value for one in found] == ["2016"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Zij bouwen in mei, schrijft het blad.",
        "Er komen drie scholen uit Drenthe. Zij bouwen in mei, schrijft het blad.",
        "neem een schaar mee",
        "De regels zijn: neem een schaar mee; ruim op.",
    ],
)
def test_a_sentence_may_run_over_lines_and_be_an_entry_of_a_list(lesson: CorpusBuilder, sentence: str) -> None:
    found, findings = read_facets(lesson, f'  wie:\n    - {{waarde: scholen, bron: {NOTE}, zin: "{sentence}"}}\n')
    assert (len(found), findings) == (1, [])


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ('  waar:\n    - {waarde: x, zin: "In Lab Zonneberg bouwen leerlingen een toren."}\n', "niet woord voor woord"),
        ('  waar:\n    - {waarde: x, zin: "bouwen leerlingen een brug van karton."}\n', "breekt een zin af"),
        (f'  waar:\n    - {{waarde: x, bron: {KIT}, zin: "{KEPT}"}}\n', "hoort niet bij dit item"),
        ('  waar:\n    - {waarde: x, bron: les/x, zin: "y"}\n', "'les/x' is er niet"),
        ("  waar:\n    - {waarde: x}\n", "'zin:' ontbreekt"),
        (f'  waar:\n    - {{zin: "{BRIDGE}"}}\n', "'waarde:' ontbreekt"),
        (f'  waar:\n    - {{waarde: x, zon: y, zin: "{BRIDGE}"}}\n', "'zon:' is niet bekend"),
        (f'  waar:\n    - {{waarde: no, zin: "{BRIDGE}"}}\n', "'False' is geen gewone tekst"),
        ("  waar:\n    - Drenthe\n", "'Drenthe' hoort uit regels te bestaan"),
        ("  waar: Drenthe\n", "hoort een lijst te staan"),
        ("  plek:\n    - {waarde: x}\n", "'plek' is niet bekend"),
        (f'  wie:\n    - {{waarde: A, zin: "{BRIDGE}"}}\n    - {{waarde: a, zin: "{BRIDGE}"}}\n', "er twee keer"),
    ],
)
def test_a_facet_that_can_not_be_used_is_named_and_costs_nothing_else(
    lesson: CorpusBuilder, entries: str, says: str
) -> None:
    found, [finding] = read_facets(lesson, entries)
    assert len(found) == entries.count("waarde: A")
    assert says in finding.message
    assert (finding.severity, bool(finding.hint)) == ("fout", True)


def test_the_place_of_a_wrong_facet_is_its_line(lesson: CorpusBuilder) -> None:
    _, [finding] = read_facets(lesson, "  waar:\n    - {waarde: x}\n")
    assert finding.where == f"{FACETS}, bij {LAB}, regel 5"


def test_the_sentence_that_was_probably_meant_is_shown(lesson: CorpusBuilder) -> None:
    _, [finding] = read_facets(
        lesson, '  waar:\n    - {waarde: x, zin: "In Lab Zonneberg bouwt men bruggen van karton."}\n'
    )
    assert BRIDGE in finding.hint


def test_facets_that_rest_on_the_same_lost_sentence_are_named_together(lesson: CorpusBuilder) -> None:
    lost = 'zin: "In het lab staat een boot."'
    found, [finding] = read_facets(
        lesson, f"  waar:\n    - {{waarde: x, {lost}}}\n  wie:\n    - {{waarde: y, {lost}}}\n"
    )
    assert found == ()
    assert "'waar: x', 'wie: y'" in finding.message


def test_facets_of_an_unknown_item_are_named(lesson: CorpusBuilder) -> None:
    lesson.write(FACETS, "lesmateriaal/tool/weg:\n  waar: []\n")
    [finding] = reviewed(read_corpus(lesson.path))
    assert "'lesmateriaal/tool/weg'" in finding.message


def test_answers_reach_the_knowledge_with_what_they_rest_on(lesson: CorpusBuilder) -> None:
    lesson.write(ANSWERS, GOOD_ANSWER)
    reading = read_corpus(lesson.path)
    assert reading.knowledge.answers == (
        ReviewedAnswer(
            id="beginnen",
            factsheet="lesmateriaal",
            questions=("Hoe begin ik?",),
            sentences=(ReviewedSentence("Laat leerlingen een brug bouwen.", (Support(LAB, BRIDGE),)),),
            steps=(ReviewedSentence("Bewaar de lessen in een kast.", (Support(KIT, KEPT),)),),
        ),
    )
    assert reviewed(reading) == []


def test_an_easier_and_an_english_telling_are_found_by_their_item(lesson: CorpusBuilder) -> None:
    lesson.write(
        ANSWERS,
        answer(id="a", vragen="", over=LAB, niveau="eenvoudig") + answer(id="b", vragen="", over=LAB, taal="en"),
    )
    simple, english = read_corpus(lesson.path).knowledge.answers
    assert (simple.about, simple.simple, simple.english) == (LAB, True, False)
    assert (english.about, english.simple, english.english) == (LAB, False, True)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            answer(antwoord=f'[{{tekst: Ja., steunt_op: [{{bron: {LAB}, citaat: "Een brug."}}]}}]'),
            "niet woord voor woord",
        ),
        (answer(antwoord=f'[{{tekst: Ja., steunt_op: [{{bron: les/x, citaat: "{BRIDGE}"}}]}}]'), "'les/x' is er niet"),
        (answer(antwoord="[{tekst: Ja., steunt_op: [{}]}]"), "een bron of citaat ontbreekt"),
        (answer(antwoord="[{tekst: Ja.}]"), "ontbreekt 'steunt_op:'"),
        (answer(antwoord="[{steunt_op: []}]"), "ontbreekt 'tekst:'"),
        (answer(antwoord="Ja."), "bij 'antwoord:' hoort een lijst"),
        (answer(antwoord=""), "'antwoord:' ontbreekt"),
        (answer(vragen=""), "niemand kan het vinden"),
        (answer(vragen="", over=LAB), "niemand kan het vinden"),
        (answer(vragen="", niveau="eenvoudig"), "niemand kan het vinden"),
        (answer(over="lesmateriaal/tool/weg"), "'lesmateriaal/tool/weg' bij 'over:' is er niet"),
        (answer(niveau="A2"), "'niveau: A2' is niet bekend"),
        (answer(reactie="zwijgen"), "'reactie: zwijgen' is niet bekend"),
        (answer(reactie="weigeren"), "bij 'reactie: weigeren' hoort geen antwoord"),
        (answer(taal="Engels"), "'taal: Engels' is niet bekend"),
        (answer(stapen="[]"), "'stapen:' is niet bekend"),
        (answer(vragen="Hoe?"), "hoort een lijst te staan"),
        (answer(id=""), "'id:' ontbreekt"),
        (GOOD_ANSWER, "het id 'beginnen' staat er twee keer"),
    ],
)
def test_an_answer_that_can_not_be_used_is_named_and_costs_nothing_else(
    lesson: CorpusBuilder, entry: str, says: str
) -> None:
    found, [finding] = read_answers(lesson, GOOD_ANSWER + entry)
    assert found == ["beginnen"]
    assert says in finding.message
    assert (finding.severity, bool(finding.hint)) == ("fout", True)
    assert finding.where == f"{ANSWERS}, regel {GOOD_ANSWER.count(chr(10)) + 1}"


def test_every_lost_sentence_is_named_once_with_all_answers_that_rest_on_it(lesson: CorpusBuilder) -> None:
    def resting_on(name: str, *quotes: str) -> str:
        supports = ", ".join(f'{{bron: {LAB}, citaat: "{quote}"}}' for quote in quotes)
        return answer(id=name, antwoord=f'[{{tekst: "Bouw.", steunt_op: [{supports}]}}]')

    found, findings = read_answers(
        lesson, resting_on("a", "Weg een.", BRIDGE, "Weg twee.") + resting_on("b", "Weg een.") + resting_on("c", BRIDGE)
    )
    assert found == ["c"]
    assert [one.message.partition(" staat")[0] for one in findings] == [
        "De antwoorden 'a', 'b' doen niet mee: 'Weg een.'",
        "Het antwoord 'a' doet niet mee: 'Weg twee.'",
    ]


def test_answers_without_an_id_are_named_by_their_line(lesson: CorpusBuilder) -> None:
    _, [finding] = read_answers(lesson, answer(id="") + answer(id=""))
    assert "De antwoorden zonder id op regel 1, zonder id op regel 3 doen niet mee" in finding.message


def test_a_long_answer_is_told_but_mentioned(lesson: CorpusBuilder) -> None:
    text = "woord " * 91
    found, [finding] = read_answers(
        lesson, answer(antwoord=f'[{{tekst: "{text}", steunt_op: [{{bron: {LAB}, citaat: "{BRIDGE}"}}]}}]')
    )
    assert found == ["brug"]
    assert (finding.severity, "91 woorden" in finding.message) == ("waarschuwing", True)


@pytest.mark.parametrize(
    ("where", "content", "says"),
    [
        (FACETS, f"{LAB}: [\n", "regel 1"),
        (FACETS, "- a\n", "regels te staan als 'naam: …'"),
        (ANSWERS, "- id: a\n  vragen: [\n", "regel 2"),
        (ANSWERS, "id: a\n", "hier hoort een lijst te staan"),
    ],
)
def test_a_broken_file_stops_with_its_name_and_place(
    lesson: CorpusBuilder, where: str, content: str, says: str
) -> None:
    lesson.write(where, content)
    with pytest.raises(UnreadableFile, match=rf"^{where}.*{says}"):
        read_corpus(lesson.path)


@pytest.mark.parametrize("where", [FACETS, ANSWERS])
def test_a_changed_file_is_a_changed_corpus(lesson: CorpusBuilder, where: str) -> None:
    before = corpus_digest(lesson.path)
    lesson.write(where, "")
    assert corpus_digest(lesson.path) != before


def test_a_folder_of_documents_may_have_answers_too(corpus: CorpusBuilder) -> None:
    corpus.write("map/verhaal.md", "# Verhaal\n\nEr was een kast.")
    entry = '{tekst: "Er was een kast.", steunt_op: [{bron: map/document/verhaal, citaat: "Er was een kast."}]}'
    corpus.write("map/antwoorden.yaml", answer(antwoord=f"[{entry}]"))
    assert [one.id for one in read_corpus(corpus.path).knowledge.answers] == ["brug"]
