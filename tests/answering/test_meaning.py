"""What only an embedder that knows what words mean can do: facts asked in other words than the sources'."""

import pytest

from kompasbot.answering.answer import Status
from kompasbot.retrieval.index import Index
from tests.fullshelf import DE_WIT, JANSEN, LESFABRIEK, MAKERBUS, PROEF, TECHKIST, WERKPLAATS, cited, talk

IN_OTHER_WORDS = (
    (("Is de Lesfabriek opgeheven?",), WERKPLAATS),
    (("Welke firma's zitten er in de Lesfabriek?",), WERKPLAATS),
    (("Wie draait op voor de kosten van het pand van de Lesfabriek?",), WERKPLAATS),
    (("Waar kan mijn school een doos met knutselspullen krijgen?",), TECHKIST),
    (("Kan een voertuig met spullen naar onze school komen?",), MAKERBUS),
    (("Kunnen peuters en kleuters al coderen?",), DE_WIT),
    (("Gebruiken docenten vaker iets dat ze zelf hebben ontworpen?",), JANSEN),
    (("Wat is de Lesfabriek?", "Is die inmiddels opgedoekt?"), WERKPLAATS),
    (("Wat zeggen Jansen & Pieters?", "Hoeveel mensen deden daaraan mee?"), PROEF),
    (("Wat is de Makerbus?", "Wat knutselen kinderen daar?"), MAKERBUS),
)


def test_facts_are_found_and_told_in_other_words(meaning: Index) -> None:
    missed = [questions for questions, source in IN_OTHER_WORDS if source not in cited(talk(*questions, index=meaning))]
    assert len(missed) <= 0.2 * len(IN_OTHER_WORDS), missed


def test_what_is_told_in_other_words_is_seldom_hedged(meaning: Index) -> None:
    replies = {questions: talk(*questions, index=meaning) for questions, _ in IN_OTHER_WORDS}
    hedged = [questions for questions, reply in replies.items() if reply.status is Status.PARTIAL]
    assert len(hedged) <= 0.3 * len(IN_OTHER_WORDS), hedged


@pytest.mark.parametrize(
    "question",
    [
        "Wat is de hoofdstad van Peru?",
        "Hoe krijg ik vlekken uit mijn overhemd?",
        "Welke film draait er vanavond?",
        "Hoe laat vertrekt de bus naar het strand?",
        "Wat verdient een minister?",
    ],
)
def test_what_is_of_elsewhere_is_refused(question: str, meaning: Index) -> None:
    assert talk(question, index=meaning).status is Status.REFUSED


@pytest.mark.parametrize(
    "question", ["Wat kost de Makerbus?", "Wie is de directeur van de Lesfabriek?", "Wat is het adres van de Techkist?"]
)
def test_what_a_known_item_lacks_is_said_to_be_absent(question: str, meaning: Index) -> None:
    reply = talk(question, index=meaning)
    assert reply.status is Status.PARTIAL
    assert LESFABRIEK in cited(reply) or TECHKIST in cited(reply) or MAKERBUS in cited(reply)
