"""Which item comes first for a question, over the fictional factsheet."""

import pytest

from kompasbot.dutch import always_capitalised
from kompasbot.knowledge import ItemType
from kompasbot.retrieval.sections import sections_named, whole_section
from tests.shelf import index


def first(question: str) -> str:
    return index().search(question, 1)[0].item.id.rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("Techkist", "techkist-drentstad"),
        ("tegkist drentstat", "techkist-drentstad"),
        ("tech kist", "techkist-drentstad"),
        ("werkplaatsen voor bedrijven", "lesfabriek"),
        ("Kan een docent zelf lesstof schrijven?", "jansen-pieters"),
        ("kleuterrobots", "de-wit"),
        ("Which teaching material works best when made by the teacher itself?", "jansen-pieters"),
        ("stappen om een techniekles te bouwen", "bouwplaat"),
    ],
)
def test_names_typing_errors_compounds_synonyms_and_english_find_their_item(question: str, slug: str) -> None:
    assert first(question) == slug


def test_a_section_that_is_asked_for_comes_first() -> None:
    found = [hit.item.type for hit in index().search("Welke tools zijn er?", 2)]
    assert found == [ItemType.TOOL, ItemType.TOOL]


def test_results_can_be_limited_to_a_type() -> None:
    assert {hit.item.type for hit in index().search("lesmateriaal", 10, type=ItemType.INSIGHT)} == {ItemType.INSIGHT}


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Welke handvatten zijn er?", ItemType.TOOL),
        ("Noem alle praktijkvoorbeelden", ItemType.EXAMPLE),
        ("Geef een overzicht van het onderzoek", ItemType.INSIGHT),
        ("Welke tools zijn er voor kleuters?", None),
        ("Is er een voorbeeld?", None),
    ],
)
def test_a_whole_section_is_asked_for_only_when_nothing_limits_it(question: str, section: ItemType | None) -> None:
    assert whole_section(question) is section


def test_where_something_is_done_already_asks_for_examples() -> None:
    assert sections_named("In welke regio's doen ze dit al?") == {ItemType.EXAMPLE}
    assert not sections_named("Waar kan ik een suggestie doen?")


def test_the_field_is_told_from_everyday_words() -> None:
    ranked = index().rank("lesmateriaal voor leraren").concepts
    outside = index().rank("pannenkoeken met stroop").concepts
    assert index().field_share(ranked) > 0.6
    assert index().field_share(outside) < 0.2


def test_frame_words_count_little() -> None:
    weights = {one.word: one.weight for one in index().rank("Wat staat er in de factsheet over robots?").concepts}
    assert weights["factsheet"] < 0.5 * weights["robots"]


def test_names_are_told_by_their_capital() -> None:
    assert always_capitalised(["In Groningen leent men. De Groningen-kist", "men leent"]) == {"groningen", "in", "de"}


def test_a_ranking_takes_a_vector_that_is_known_and_can_do_without_any() -> None:
    asked = "Kan een docent zelf lesstof schrijven?"
    plain = index().rank(asked)
    assert index().rank(asked, vector=index().embedder.embed_question(asked)) == plain
    other = index().rank(asked, vector=index().embedder.embed_question("kleuterrobots"))
    assert [one.likeness for one in other.scored] != [one.likeness for one in plain.scored]
    words = index().rank(asked, words_only=True)
    assert {one.likeness for one in words.scored} == {0.0}
    assert words.scored[0].item.id == plain.scored[0].item.id
