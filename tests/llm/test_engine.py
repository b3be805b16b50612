"""What a reader gets when a language model writes."""

from tests.llm.scripted import saying, serving
from tests.llm.talk import ask, bot, told

KIESWIJZER = "Wat is de Kieswijzer?"


def test_supported_sentences_are_shown_with_the_words_they_rest_on() -> None:
    with serving(
        saying("De Kieswijzer helpt leraren ", "om lesmateriaal te kiezen. [1]", " Begin bij het leerdoel. [1]")
    ) as server:
        answer = ask(bot(server.url), KIESWIJZER)
    assert told(answer) == ["De Kieswijzer helpt leraren om lesmateriaal te kiezen. [1]", "Begin bij het leerdoel. [2]"]
    assert [citation.quote for citation in answer.citations] == [
        "De Kieswijzer helpt leraren om lesmateriaal te kiezen.",
        "Begin bij het leerdoel.",
    ]
    assert answer.engine.name == "llm"
    assert answer.engine.fallback_reason is None
    assert answer.complete
