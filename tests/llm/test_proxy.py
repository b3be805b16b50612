"""The engine against the litellm proxy, a server that we did not write."""

from collections.abc import Iterator

import pytest

from kompasbot.answering.answer import Answer
from tests.llm import proxy
from tests.llm.talk import ask, bot, told

TRUE = "De Kieswijzer helpt leraren om lesmateriaal te kiezen."
ASKED = "Hoe kies ik lesmateriaal?"
MODELS: dict[str, dict[str, object]] = {
    "eerlijk": {"mock_response": f"{TRUE} [6]\n\n- Begin bij het leerdoel. [6]\n"},
    "liegt": {"mock_response": "De Kieswijzer helpt 40 leraren om lesmateriaal te kiezen. [6] Parijs is groot. [12]"},
    "druk": {"mock_response": "litellm.RateLimitError"},
    "stuk": {"mock_response": "litellm.InternalServerError"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[proxy.Proxy]:
    proxy.needed()
    with proxy.proxy(tmp_path_factory.mktemp("proxy"), MODELS) as found:
        yield found


def answered(server: proxy.Proxy, model: str, **more: object) -> Answer:
    settings = {"openai_api_key": server.key, "chat_model": model, "chat_first_seconds": 20, "chat_total_seconds": 30}
    return ask(bot(server.url, **(settings | {"chat_next_seconds": 10, "chat_retries": 0} | more)), ASKED)


def test_an_answer_comes_through_with_its_usage(server: proxy.Proxy) -> None:
    answer = answered(server, "eerlijk")
    assert told(answer) == [f"{TRUE} [1]", "Begin bij het leerdoel. [2]"]
    assert (answer.engine.name, answer.engine.model, answer.complete) == ("llm", "eerlijk", True)
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 300
    assert answer.usage.completion_tokens > 10


def test_a_lie_does_not(server: proxy.Proxy) -> None:
    assert told(answered(server, "liegt")) == [f"{TRUE} [1]"]


@pytest.mark.parametrize(("model", "reason"), [("druk", "te druk"), ("stuk", "storing"), ("onbekend", "")])
def test_an_error_gives_the_extractive_answer(server: proxy.Proxy, model: str, reason: str) -> None:
    answer = answered(server, model)
    assert answer.engine.name == "extractive"
    assert answer.engine.fallback_reason
    assert reason in answer.engine.fallback_reason
    assert answer.citations


def test_a_wrong_key_gives_the_extractive_answer(server: proxy.Proxy) -> None:
    answer = answered(server, "eerlijk", openai_api_key="sk-verkeerd")
    assert answer.engine.name == "extractive"
    assert answer.engine.fallback_reason
