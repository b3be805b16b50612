"""Which sentences are supported by a source, rule by rule, over a small fictional factsheet."""

import time

import pytest

from kompasbot.answering.faithfulness import Checked, Checker, Support
from kompasbot.knowledge import Item, ItemType, Origin, Section
from kompasbot.retrieval.query import Synonyms
from tests.shelf import ITEMS, SYNONYMS, item

BY_SLUG = {one.id.rsplit("/", 1)[1]: one for one in ITEMS}
MORE = (
    item(
        ItemType.INSIGHT,
        3,
        "bloem",
        "Bloem en Smit: de vorm van een klas",
        "De opstelling van een klas kan volgens Bloem (2014) invloed hebben op de aandacht. "
        "Volgens Smit et al. (2016) worden lessen in een kring rustiger. Lesgeven in een kring is niet makkelijk.",
    ),
    item(
        ItemType.EXAMPLE,
        3,
        "waterlab",
        "Waterlab Zeestad",
        "In het Waterlab Zeestad werken alle basisscholen van Zeestad samen. "
        "Kinderen kunnen er terecht in groep 5 tot en met groep 7, op een ochtend of een middag. "
        "Het Waterlab Zeestad stelt materialen ter beschikking, ongeacht de grootte van de school. "
        "Leerlingen maken er een vlot, begeleid door een monteur.",
    ),
)
BY_SLUG |= {one.id.rsplit("/", 1)[1]: one for one in MORE}
CHECKER = Checker((*ITEMS, *MORE), Synonyms(SYNONYMS))


def check(slug: str, sentence: str) -> Checked:
    return CHECKER.check(sentence, [BY_SLUG[slug]])


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("techkist-drentstad", "Twaalf basisscholen lenen in Drentstad een Techkist van de bibliotheek. [1]"),
        ("techkist-drentstad", "Er zitten bouwdozen en opdrachten in de Techkist."),
        (
            "jansen-pieters",
            "Jansen en Pieters lieten in 2011 zien dat docenten hun eigen lesmateriaal vaker gebruiken.",
        ),
        ("kieswijzer", "De Kieswijzer geeft drie tips."),
        ("kieswijzer", "Het is slim om een collega mee te laten kijken."),
        ("bloem", "Volgens Bloem kan het voor de aandacht uitmaken hoe een klas is opgesteld."),
        ("bloem", "Het is lastig om les te geven in een kring."),
        ("waterlab", "Alle scholen voor basisonderwijs in Zeestad werken in het Waterlab samen."),
        ("waterlab", "Hoe groot de school is, maakt niet uit."),
        ("waterlab", "Een monteur begeleidt de leerlingen die een vlot maken."),
        ("waterlab", "Het WZ stelt materialen beschikbaar."),
    ],
)
def test_a_sentence_that_rewords_its_source_is_supported(slug: str, sentence: str) -> None:
    assert check(slug, sentence) == Checked(Support.SUPPORTED, (), check(slug, sentence).coverage)


@pytest.mark.parametrize(
    ("slug", "sentence", "reason"),
    [
        ("techkist-drentstad", "De bibliotheek leent de Techkist uit aan 14 basisscholen.", "'14' is in de bron '12'"),
        ("techkist-drentstad", "De bibliotheek leent twaalf bouwdozen uit.", "telt in de bron iets anders"),
        ("techkist-drentstad", "De Techkist bereikt honderden ouders.", "'honderden' staat niet in de bron"),
        ("kieswijzer", "De Kieswijzer geeft vier adviezen.", "'vier' is in de bron 'drie'"),
        ("jansen-pieters", "Jansen & Pieters (2012) lieten zien wat werkt.", "'2012' staat niet in de bron"),
        ("waterlab", "Kinderen uit groep 4 kunnen er terecht.", "'4' staat niet in de bron"),
        ("bloem", "Volgens Smit et al. (2014) worden lessen rustiger.", "2014 hoort in de bron bij een ander"),
    ],
)
def test_a_number_must_be_the_sources_and_count_the_same(slug: str, sentence: str, reason: str) -> None:
    contradicted(check(slug, sentence), reason)


def contradicted(found: Checked, reason: str) -> None:
    assert found.verdict is Support.CONTRADICTED
    assert any(reason in one for one in found.reasons), found.reasons


@pytest.mark.parametrize(
    ("slug", "sentence", "reason"),
    [
        ("techkist-drentstad", "In Houtstad leent de bibliotheek een Techkist uit.", "'houtstad'"),
        ("jansen-pieters", "Bakker & Pieters (2011) lieten zien wat werkt.", "'bakker'"),
        ("lesfabriek", "Het museum van Nieuwestad doet mee.", "'nieuwestad'"),
        ("bouwplaat", "Kijk op www.lesnieuws.nl.", "'lesnieuws'"),
    ],
)
def test_a_name_must_be_the_sources(slug: str, sentence: str, reason: str) -> None:
    contradicted(check(slug, sentence), f"de naam {reason} staat niet in de bron")


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("techkist-drentstad", "De bibliotheek leent geen Techkist uit."),
        ("lesfabriek", "Het museum van Oudestad doet niet mee."),
        ("bloem", "Lesgeven in een kring is makkelijk."),
        ("bloem", "De opstelling van een klas maakt niet uit voor de aandacht."),
        ("waterlab", "Kinderen kunnen er zonder monteur een vlot maken."),
        ("jansen-pieters", "Lesmateriaal van leraren zelf wordt minder gebruikt."),
    ],
)
def test_a_sentence_may_not_deny_what_the_source_says_or_say_what_it_denies(slug: str, sentence: str) -> None:
    assert check(slug, sentence).verdict is Support.CONTRADICTED


@pytest.mark.parametrize(
    ("slug", "sentence", "reason"),
    [
        ("de-wit", "Alle kleuters leren met een robot programmeren.", "over alles of iedereen"),
        ("de-wit", "Het is bewezen dat kleuters met een robot leren programmeren.", "bewijs"),
        ("de-wit", "Kleuters moeten met een robot leren programmeren.", "noodzaak"),
        ("bloem", "De opstelling van een klas heeft invloed op de aandacht.", "de bron zegt dat het kan"),
        ("bloem", "De opstelling van een klas bepaalt de aandacht.", "oorzaak"),
        ("waterlab", "De meeste basisscholen van Zeestad werken samen.", "de zin over een deel"),
        ("waterlab", "Het Waterlab is het grootste lab.", "rang"),
        ("lesfabriek", "De Lesfabriek is de mooiste werkplaats.", "overtreffende trap"),
        ("lesfabriek", "Sinds vorig jaar doet het museum mee.", "tijd"),
        ("kieswijzer", "De Kieswijzer helpt leraren elke maand om lesmateriaal te kiezen.", "elke maand"),
    ],
)
def test_a_sentence_may_not_claim_more_than_its_source(slug: str, sentence: str, reason: str) -> None:
    contradicted(check(slug, sentence), reason)


def test_an_advice_may_be_told_as_something_that_must() -> None:
    assert check("kieswijzer", "Je moet beginnen bij het leerdoel.").supported


def test_the_words_of_one_author_are_not_put_to_another() -> None:
    contradicted(check("bloem", "Volgens Bloem worden lessen in een kring rustiger."), "de bron zegt dit van 'smit'")


def test_a_sibling_of_what_the_source_names_is_another_thing() -> None:
    contradicted(check("waterlab", "Kinderen kunnen er op een avond terecht."), "'avond'")


def test_who_does_something_to_whom_is_not_turned_round() -> None:
    contradicted(check("waterlab", "Leerlingen begeleiden een monteur."), "omgedraaid")


def test_a_fact_of_another_item_is_no_fact_of_this_one() -> None:
    contradicted(check("kieswijzer", "De Kieswijzer bevat bouwdozen."), "techkist-drentstad")
    assert CHECKER.check("Er zijn bouwdozen en er is een Kieswijzer.", [BY_SLUG["kieswijzer"]]).supported is False


def test_several_sources_hold_together_what_each_holds() -> None:
    both = [BY_SLUG["kieswijzer"], BY_SLUG["techkist-drentstad"]]
    assert CHECKER.check("Er zijn bouwdozen en er is een Kieswijzer.", both).supported


def test_what_no_source_says_is_unclear_and_named() -> None:
    found = check("lesfabriek", "Bij de Lesfabriek krijgen leraren koffie en taart.")
    assert found.verdict is Support.UNCLEAR
    assert found.reasons == ("niet in de bron: taart, koffie",)
    assert found.coverage < 1


@pytest.mark.parametrize(
    ("slug", "sentence", "reason"),
    [
        ("waterlab", "Wie kunnen er in het Waterlab Zeestad terecht?", "een vraag"),
        ("waterlab", "Werken alle basisscholen van Zeestad samen? En in welke groep?", "een vraag"),
        ("waterlab", "Leerlingen maken een vlot, begeleid door een", "niet af"),
        ("waterlab", "Het Waterlab en het Waterlab van Zeestad werken samen.", "twee keer"),
        ("waterlab", "Dat is voor iedereen goed om te weten.", "niets"),
        ("kieswijzer", "Het begint met een goed idee.", "niets"),
        ("waterlab", "Dit maakt voor mensen het verschil.", "niets"),
        ("bloem", "Veel lessen in een kring worden rustiger.", "hoeveelheid"),
        ("waterlab", "Begin met materialen en een vlot.", "geen advies"),
        ("bloem", "Het is belangrijk om les te geven in een kring.", "geen advies"),
    ],
)
def test_a_sentence_without_a_claim_that_its_source_holds_is_not_shown(slug: str, sentence: str, reason: str) -> None:
    found = check(slug, sentence)
    assert found.verdict in (Support.EMPTY, Support.CONTRADICTED)
    assert any(reason in each for each in found.reasons)


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("waterlab", "Een middag kan ook."),
        ("waterlab", "Kijk eens bij het Waterlab Zeestad."),
        ("kieswijzer", "Laat een collega meekijken."),
        ("waterlab", "Wil je een vlot maken? Leerlingen doen dat met een monteur."),
        ("bloem", "De opstelling kan invloed hebben."),
    ],
)
def test_a_short_sentence_that_says_what_its_source_says_is_supported(slug: str, sentence: str) -> None:
    assert check(slug, sentence).supported, check(slug, sentence)


def test_an_expected_question_is_no_fact() -> None:
    assert not check("de-wit", "De robot is een idee van Jansen.").supported
    assert not check("techkist-drentstad", "De school haalt tijdelijk constructiemateriaal vandaan.").supported


def test_an_editors_note_is_no_ground() -> None:
    noted = item(ItemType.TOOL, 9, "noot", "Rekenwiel", "Het Rekenwiel helpt bij tellen.", editor_note="Uit 1999.")
    assert not CHECKER.check("Het Rekenwiel komt uit 1999.", [noted]).supported


def test_a_document_is_a_ground_as_well() -> None:
    text = "Wie een vlot bouwt, begint met het drijfvermogen. Reken op drie lessen."
    document = Item(
        "lesmateriaal/document/vlot",
        "lesmateriaal",
        ItemType.DOCUMENT,
        1,
        "Een vlot bouwen",
        text,
        Origin.DOCUMENT,
        "2026-01-01",
        sections=(Section(text),),
    )
    assert CHECKER.check("Voor het bouwen van een vlot zijn drie lessen nodig.", [document]).supported is False
    assert CHECKER.check("Reken op drie lessen.", [document]).supported
    assert not CHECKER.check("Reken op vijf lessen.", [document]).supported


@pytest.mark.parametrize("source", [*ITEMS, *MORE], ids=lambda one: one.id)
def test_every_sentence_of_an_item_is_supported_by_it(source: Item) -> None:
    from kompasbot.dutch import sentences

    assert [one for one in sentences(source.text) if not CHECKER.check(one, [source]).supported] == []


@pytest.mark.parametrize("sentence", ["", "[1]", "…", "12", "!?", "a" * 5000, "niet " * 400])
def test_anything_can_be_checked(sentence: str) -> None:
    assert check("kieswijzer", sentence).verdict in Support


def test_a_sentence_takes_a_few_milliseconds() -> None:
    rows = [f"De bibliotheek van Drentstad leent {number} kisten uit aan scholen." for number in range(200)]
    check("techkist-drentstad", "Warm.")
    began = time.process_time()
    for row in rows:
        check("techkist-drentstad", row)
    assert (time.process_time() - began) / len(rows) < 0.005
