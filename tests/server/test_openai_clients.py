"""The clients that people use, over a real server: ``openai``, LangChain's ChatOpenAI and the ``llm`` command."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from openai.types.chat import ChatCompletionMessageParam

from kompasbot.settings import Settings
from tests.server.conftest import make_app, running
from tests.server.test_completions import Scripted

QUESTION = "Welke tools zijn er?"
MESSAGES: list[ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with running(make_app(settings)) as found:
        yield f"{found}/v1"


@pytest.fixture
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=address, api_key="maakt niet uit", max_retries=0) as found:
        yield found


def test_the_openai_client_reads_the_answer_and_its_annotations(client: openai.OpenAI) -> None:
    message = client.chat.completions.create(model="kompasbot", messages=MESSAGES).choices[0].message
    assert message.content
    assert message.annotations
    for one in message.annotations:
        cited = one.url_citation
        assert message.content[cited.start_index : cited.end_index].startswith("[")
        assert cited.url.startswith("http")


def test_the_openai_client_streams_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="kompasbot", messages=MESSAGES).choices[0].message
    content, titles = "", []
    stream = client.chat.completions.create(
        model="kompasbot", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    for chunk in stream:
        for choice in chunk.choices:
            content += choice.delta.content or ""
            titles += [one["url_citation"]["title"] for one in (choice.delta.model_extra or {}).get("annotations", [])]
    assert content == whole.content
    assert titles == [one.url_citation.title for one in whole.annotations or []]
    assert chunk.usage
    assert chunk.usage.total_tokens == 0


def test_the_openai_client_puts_a_stream_together_to_the_whole_message(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="kompasbot", messages=MESSAGES).choices[0].message
    with client.chat.completions.stream(model="kompasbot", messages=MESSAGES) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.content == whole.content
    assert [one.url_citation for one in message.annotations or []] == [
        one.url_citation for one in whole.annotations or []
    ]


def test_the_openai_client_raises_its_own_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="kompasbot-extractive") as missing:
        client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert missing.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError, match="één antwoord") as refused:
        client.chat.completions.create(model="kompasbot", messages=MESSAGES, n=3)
    assert refused.value.param == "n"
    assert [one.id for one in client.models.list()] == ["kompasbot", "kompasbot-extractive"]


def test_the_openai_client_raises_when_a_stream_breaks_off(settings: Settings) -> None:
    with (
        running(make_app(settings, Scripted(settings, breaks=True))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0) as client,
        pytest.raises(openai.APIError, match="Er ging iets mis"),
    ):
        list(client.chat.completions.create(model="kompasbot", messages=MESSAGES, stream=True))


def test_langchain_asks_and_streams(address: str) -> None:
    chat = ChatOpenAI(model="kompasbot", base_url=address, api_key="x", max_retries=0)
    conversation = [SystemMessage("Wees kort."), HumanMessage("Hallo!"), AIMessage("Dag."), HumanMessage(QUESTION)]
    whole = chat.invoke(conversation)
    assert "[1]" in str(whole.content)
    assert "".join(str(chunk.content) for chunk in chat.stream(conversation)) == whole.content


def test_langchain_keeps_the_sources_by_the_responses_interface_only(address: str) -> None:
    given = {"model": "kompasbot", "base_url": address, "api_key": "x", "max_retries": 0}
    whole = ChatOpenAI(**given, use_responses_api=True).invoke(QUESTION)
    cited = [one for block in whole.content_blocks for one in block.get("annotations", [])]  # type: ignore[attr-defined]
    assert cited
    assert {str(one["url"])[:4] for one in cited} == {"http"}
    assert whole.text == ChatOpenAI(**given, use_responses_api=False).invoke(QUESTION).content


def llm(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "LLM_USER_PATH": str(folder), "OPENAI_API_KEY": "x"}
    done = subprocess.run(
        [sys.executable, "-m", "llm", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_llm_command_asks_and_streams(address: str, client: openai.OpenAI, tmp_path: Path) -> None:
    model = f"- model_id: kompas\n  model_name: kompasbot\n  api_base: {address}\n"
    (tmp_path / "extra-openai-models.yaml").write_text(model, encoding="utf-8")
    answer = client.chat.completions.create(model="kompasbot", messages=MESSAGES).choices[0].message.content
    assert answer
    for option in ((), ("--no-stream",)):
        assert llm(tmp_path, "-m", "kompas", *option, QUESTION).strip() == answer.strip()


def test_what_the_interface_does_not_have_is_told_with_what_there_is_instead(client: openai.OpenAI) -> None:
    def tried(ask: Callable[[], object]) -> str:
        with pytest.raises(openai.NotFoundError) as missing:
            ask()
        assert missing.value.code == "niet-gevonden"
        assert missing.value.type == "invalid_request_error"
        return str(missing.value.body["message"]) if isinstance(missing.value.body, dict) else ""

    told = {
        tried(lambda: client.embeddings.create(model="kompasbot", input="musea")),
        tried(lambda: client.responses.input_items.list("x")),
        tried(lambda: client.moderations.create(input="musea")),
        tried(client.files.list),
        tried(lambda: client.images.generate(prompt="een kompas")),
        tried(lambda: client.completions.create(model="kompasbot", prompt="Hallo")),
        tried(client.vector_stores.list),
        tried(client.fine_tuning.jobs.list),
        tried(client.batches.list),
    }
    assert len(told) == 1
    assert "Wat er wel is: POST /v1/chat/completions of POST /v1/responses" in told.pop()


def test_a_path_of_our_own_fails_as_a_problem(address: str) -> None:
    for path in ("/nergens", "/itemsx", "/modellen", "/chat/completionsx"):
        reply = httpx.get(address + path)
        assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")
