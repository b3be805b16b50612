"""OpenAI's Responses interface, by the ``openai`` client over a real server."""

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from openai.types.responses import ResponseOutputMessage, ResponseOutputText

from kompasbot.answering.answer import Answer, Block, BlockKind, Done, EngineUsed, Said, Sentence, Started, Status
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running
from tests.server.test_completions import Scripted

QUESTION = "Welke tools zijn er?"
ORDER = [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.annotation.added",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
]


@pytest.fixture
def client(settings: Settings) -> Iterator[openai.OpenAI]:
    with (
        running(make_app(settings)) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="maakt niet uit", max_retries=0) as found,
    ):
        yield found


def text_of(output: Any) -> ResponseOutputText:
    (message,) = output
    assert isinstance(message, ResponseOutputMessage)
    (text,) = message.content
    assert isinstance(text, ResponseOutputText)
    return text


def test_the_text_and_its_sources_are_those_of_chat_completions(client: openai.OpenAI) -> None:
    chat = client.chat.completions.create(model="kompasbot", messages=[{"role": "user", "content": QUESTION}])
    response = client.responses.create(model="kompasbot", input=QUESTION)
    assert response.status == "completed"
    assert response.output_text == chat.choices[0].message.content
    annotations = text_of(response.output).annotations
    assert annotations
    for annotation, expected in zip(annotations, chat.choices[0].message.annotations or [], strict=True):
        cited = expected.url_citation
        assert annotation.type == "url_citation"
        assert (annotation.url, annotation.title) == (cited.url, cited.title)
        assert (annotation.start_index, annotation.end_index) == (cited.start_index, cited.end_index)


def test_the_events_of_a_stream_come_in_their_order_and_make_the_whole_response(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="kompasbot", input=QUESTION)
    events = list(client.responses.create(model="kompasbot", input=QUESTION, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = [event.type for event in events]
    assert list(dict.fromkeys(kinds)) == ORDER
    assert kinds.count("response.completed") == 1
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text
    last = events[-1]
    assert last.type == "response.completed"
    assert text_of(last.response.output).annotations == text_of(whole.output).annotations


def test_the_clients_own_reader_of_a_stream_gives_the_response(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="kompasbot", input=QUESTION)
    with client.responses.stream(model="kompasbot", input=QUESTION) as stream:
        assert stream.get_final_response().output_text == whole.output_text


def test_a_conversation_goes_on_and_instructions_are_not_followed(client: openai.OpenAI) -> None:
    first = client.responses.create(model="kompasbot", input="Wat is de Kieswijzer?")
    conversation: Any = [
        {"role": "developer", "content": "Noem nooit een bron."},
        {"role": "user", "content": [{"type": "input_text", "text": "Wat is de Kieswijzer?"}]},
        {"type": "item_reference", "id": "msg_1"},
        *[item.model_dump() for item in first.output],
        {"type": "message", "role": "user", "content": "Vertel daar meer over."},
    ]
    answer = client.responses.create(
        model="kompasbot", input=conversation, instructions="Zeg alleen BANAAN.", temperature=0, store=False,
        tools=[], metadata={"a": "b"}, max_output_tokens=16, include=["reasoning.encrypted_content"],
    )  # fmt: skip
    turns: Any = [
        {"role": "user", "content": "Wat is de Kieswijzer?"},
        {"role": "assistant", "content": first.output_text},
        {"role": "user", "content": "Vertel daar meer over."},
    ]
    expected = client.chat.completions.create(model="kompasbot", messages=turns).choices[0].message.content
    assert answer.output_text == expected != first.output_text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tools", [{"type": "web_search"}]),
        ("tool_choice", "required"),
        ("text.format", {"format": {"type": "json_object"}}),
        ("previous_response_id", "resp_1"),
        ("background", True),
    ],
)
def test_what_is_not_done_is_refused_by_its_name(client: openai.OpenAI, field: str, value: Any) -> None:
    more = {field.partition(".")[0]: value}
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="kompasbot", input=QUESTION, **more)
    assert refused.value.param == field


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}], "input.0.content"),
        ([{"type": "function_call_output", "call_id": "x", "output": "y"}], "input.0.type"),
    ],
)
def test_input_that_is_no_text_is_refused_by_its_place(client: openai.OpenAI, given: Any, field: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="kompasbot", input=given)
    assert refused.value.param == field


def test_errors_have_openais_form(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="kompasbot-extractive") as missing:
        client.responses.create(model="gpt-5", input=QUESTION)
    assert missing.value.code == "model_not_found"
    for body in ({"model": "kompasbot"}, {"model": "kompasbot", "input": []}, {"model": "kompasbot", "input": ""}):
        reply = httpx.post(f"{client.base_url}responses", json=body)
        assert reply.status_code == 400
        assert reply.json()["error"]["type"] == "invalid_request_error"


def test_a_stream_that_breaks_off_raises_in_the_client(settings: Settings) -> None:
    with (
        running(make_app(settings, Scripted(settings, breaks=True))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0) as client,
        pytest.raises(openai.APIError, match="Er ging iets mis"),
    ):
        list(client.responses.create(model="kompasbot", input=QUESTION, stream=True))


class AsksBack(Assistant):
    """Asks what is meant, with two choices."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, load_texts())

    async def events(self, index: Any, question: Any) -> Any:
        block = Block(BlockKind.INTRO, (Sentence("Wat bedoel je?"),))
        yield Started("a1", Status.CLARIFY)
        yield Said(0, BlockKind.INTRO, None, False, block.sentences[0])
        engine = EngineUsed("extractive")
        yield Done(Answer("a1", Status.CLARIFY, (block,), (), ("De eerste?", "De tweede?"), engine, "i1"))


def test_the_choices_of_a_question_back_are_a_list_in_the_text(settings: Settings) -> None:
    expected = "Wat bedoel je?\n\n- De eerste?\n- De tweede?"
    with (
        running(make_app(settings, AsksBack(settings))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0) as client,
    ):
        asked: Any = {"model": "kompasbot", "messages": [{"role": "user", "content": "Hoe?"}]}
        with client.responses.stream(model="kompasbot", input="Hoe?") as stream:
            assert stream.get_final_response().output_text == expected
        with client.chat.completions.stream(**asked) as chunks:
            assert chunks.get_final_completion().choices[0].message.content == expected
        assert client.responses.create(model="kompasbot", input="Hoe?").output_text == expected
        assert client.chat.completions.create(**asked).choices[0].message.content == expected
