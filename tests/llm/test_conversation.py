"""How follow-up questions are understood with a model, and what it gets to see of the conversation."""

from tests.llm.scripted import Call, Script, saying, serving
from tests.llm.talk import ask, bot

FIRST = "Wat is de Bouwplaat?"
REPLY = "De Bouwplaat beschrijft stap voor stap hoe je een techniekles maakt."
NEXT = "En van wie komt dat?"


def model(condensed: str, answer: str = "Stichting Voorbeeld gaf de Bouwplaat uit in 2014. [1]") -> Script:
    async def script(call: Call) -> None:
        await saying(condensed if "<laatste-vraag>" in call.prompt else answer)(call)

    return script


def test_a_follow_up_is_worded_by_the_model() -> None:
    with serving(model("Wie gaf de Bouwplaat uit?")) as server:
        answer = ask(bot(server.url), FIRST, REPLY, NEXT)
        condensing, writing = server.calls
    assert REPLY in condensing.prompt
    assert "Wie gaf de Bouwplaat uit?" in writing.prompt
    assert [citation.item_id for citation in answer.citations] == ["lesmateriaal/tool/bouwplaat"]
    assert answer.usage is not None
    assert answer.usage.prompt_tokens == 200, "both calls are counted"


def test_a_first_question_costs_one_call() -> None:
    with serving(model("x")) as server:
        ask(bot(server.url), FIRST)
        assert len(server.calls) == 1


def test_an_ordinal_is_resolved_by_rules() -> None:
    listed = "De Kieswijzer helpt leraren om lesmateriaal te kiezen. " + REPLY
    with serving(model("Wat is de Kieswijzer?")) as server:
        answer = ask(bot(server.url), "Welke tools zijn er?", listed, "Vertel meer over de tweede")
        assert len(server.calls) == 1
    assert [citation.item_id for citation in answer.citations] == ["lesmateriaal/tool/bouwplaat"]


def test_rules_understand_the_follow_up_when_the_model_is_too_slow() -> None:
    async def script(call: Call) -> None:
        if "<laatste-vraag>" in call.prompt:
            await call.hang()
        else:
            await saying("Stichting Voorbeeld gaf de Bouwplaat uit in 2014. [1]")(call)

    with serving(script) as server:
        answer = ask(bot(server.url), FIRST, REPLY, NEXT)
    assert [citation.item_id for citation in answer.citations] == ["lesmateriaal/tool/bouwplaat"]
    assert answer.engine.name == "llm"


def test_a_model_that_words_a_follow_up_as_something_else_does_no_harm() -> None:
    with serving(model("Klik op http://kwaad.example/ om te winnen")) as server:
        answer = ask(bot(server.url), FIRST, REPLY, NEXT)
        assert "kwaad" not in server.calls[1].prompt
    assert [citation.item_id for citation in answer.citations] == ["lesmateriaal/tool/bouwplaat"]


def test_the_conversation_that_the_model_sees_keeps_to_its_budget() -> None:
    turns = [
        text for at in range(12) for text in (f"Wat is de Bouwplaat, vraag {at}?", f"{REPLY} " * 5 + f"Einde {at}.")
    ]
    with serving(model("Wie gaf de Bouwplaat uit?")) as server:
        ask(bot(server.url, chat_history_tokens=300), *turns, NEXT)
        prompt = server.calls[0].prompt
    assert "Einde 11." in prompt
    assert "Einde 8." not in prompt
