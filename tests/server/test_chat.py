"""``POST /v1/chat`` as a client sees it."""

import asyncio
import json
from collections.abc import AsyncIterator
from http.client import HTTPConnection

import httpx
import pytest

from kompasbot.answering.answer import Event, Question, Started, Status
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.server.chat import with_pings
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running


def said(*texts: str) -> dict[str, object]:
    roles = ("user", "assistant")
    return {"messages": [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]}


def streamed(client: httpx.Client, body: dict[str, object]) -> list[tuple[str, dict[str, object]]]:
    with client.stream("POST", "/v1/chat", json={**body, "stream": True}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        text = response.read().decode()
    events = [block.split("\n", 1) for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in events]


def test_an_answer_has_the_fields_of_the_contract(client: httpx.Client) -> None:
    reply = client.post("/v1/chat", json=said("Wat is de Kieswijzer?")).json()
    assert set(reply) == {
        "id", "status", "answer", "blocks", "citations", "suggestions", "complete", "engine", "index", "usage",
    }  # fmt: skip
    assert reply["engine"] == {"name": "extractive", "model": None, "prompt": None, "fallback_reason": None}
    assert set(reply["blocks"][0]) == {"kind", "heading", "list", "sentences"}


def test_the_stream_ends_with_what_json_gives(client: httpx.Client) -> None:
    body = said("Welke tools zijn er?")
    plain = client.post("/v1/chat", json=body).json()
    name, final = streamed(client, body)[-1]
    assert name == "done"
    assert {**final, "id": ""} == {**plain, "id": ""}


def test_the_stream_tells_every_sentence_of_the_answer_in_order(client: httpx.Client) -> None:
    events = streamed(client, said("Welke tools zijn er?"))
    final = events[-1][1]
    told = [data["text"] for name, data in events if name == "sentence"]
    assert told == [sentence["text"] for block in final["blocks"] for sentence in block["sentences"]]  # type: ignore[attr-defined]
    assert [name for name, _ in events].count("status") == 1


def test_a_question_back_has_choices_and_cites_nothing(client: httpx.Client) -> None:
    reply = client.post("/v1/chat", json=said("help")).json()
    assert (reply["status"], reply["citations"]) == ("clarify", [])
    assert 2 <= len(reply["suggestions"]) <= 4
    (first, status), *_, (last, final) = streamed(client, said("help"))
    assert (first, status["status"], last) == ("status", "clarify", "done")
    assert {**final, "id": ""} == {**reply, "id": ""}
    counted = 'kompasbot_answers_total{engine="extractive",fallback="no",status="clarify"} 2.0'
    assert counted in client.get("/metrics").text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (said(""), "leeg"),
        (said(" \n\t "), "leeg"),
        (said("\x00\x07"), "leeg"),
        (said("x" * 2001), "langer dan 2000 tekens"),
        (said("Hallo", "Dag"), "Het laatste bericht is geen vraag"),
        ({"messages": []}, "leeg"),
        ({}, "ontbreekt"),
        ({"messages": [{"role": "user", "content": 5}]}, "moet tekst zijn"),
        ({"messages": [{"role": "system", "content": "x"}]}, "Kies een van"),
        ({"messages": [{"role": "user", "content": "x"}] * 41}, "meer dan 40 berichten"),
        ({**said("x"), "engine": "gpt"}, "Kies een van"),
    ],
)
def test_a_bad_request_is_a_problem_that_says_what_to_do(
    client: httpx.Client, body: dict[str, object], says: str
) -> None:
    response = client.post("/v1/chat", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]


def test_broken_json_is_a_problem(client: httpx.Client) -> None:
    response = client.post("/v1/chat", content=b"{nee", headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["detail"]) == (422, "Dit is geen geldige JSON.")


def test_control_characters_are_dropped_and_new_lines_are_text(client: httpx.Client) -> None:
    odd = "Wat is\x00 de\n\tKies\x1bwijzer?"
    assert client.post("/v1/chat", json=said(odd)).json()["status"] == "answered"


def test_half_a_character_is_no_reason_to_fail(client: httpx.Client) -> None:
    body = b'{"messages": [{"role": "user", "content": "Wat is de Kieswijzer \\ud800?"}]}'
    response = client.post("/v1/chat", content=body, headers={"content-type": "application/json"})
    assert response.json()["status"] == "answered"


def test_a_body_that_is_announced_too_large_is_refused(client: httpx.Client) -> None:
    response = client.post("/v1/chat", content=b"x" * 70_000)
    assert (response.status_code, response.json()["type"]) == (413, "urn:kompasbot:probleem:te-groot")


def test_a_body_that_turns_out_too_large_is_refused(client: httpx.Client) -> None:
    parts = (b"x" * 10_000 for _ in range(10))
    response = client.post("/v1/chat", content=parts, headers={"content-type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("announced", [True, False])
def test_who_sends_ten_megabytes_before_listening_still_reads_the_refusal(
    client: httpx.Client, announced: bool
) -> None:
    """Unlike httpx, many clients give up when the connection closes while they are sending."""
    parts = [b"x" * 100_000] * 100
    plain = HTTPConnection(client.base_url.host, client.base_url.port, timeout=30)
    plain.request("POST", "/v1/chat", b"".join(parts) if announced else iter(parts))
    response = plain.getresponse()
    assert (response.status, response.headers["content-type"]) == (413, "application/problem+json")
    plain.close()


def test_who_waits_to_be_told_to_go_on_is_refused_at_once(client: httpx.Client) -> None:
    plain = HTTPConnection(client.base_url.host, client.base_url.port, timeout=4)
    plain.putrequest("POST", "/v1/chat")
    plain.putheader("Content-Length", "10000000")
    plain.putheader("Expect", "100-continue")
    plain.endheaders()
    assert plain.getresponse().status == 413
    plain.close()


def test_an_unknown_factsheet_is_not_found(client: httpx.Client) -> None:
    for stream in (False, True):
        response = client.post("/v1/chat", json={**said("Wat is dit?"), "factsheet": "nergens", "stream": stream})
        assert response.status_code == 404


def test_the_language_model_that_is_not_there_is_a_conflict(client: httpx.Client) -> None:
    assert client.post("/v1/chat", json={**said("Wat is dit?"), "engine": "llm"}).status_code == 409


def test_unknown_fields_are_ignored(client: httpx.Client) -> None:
    assert client.post("/v1/chat", json={**said("Hallo!"), "temperature": 1}).json()["status"] == "smalltalk"


class Breaking(Assistant):
    """An assistant that fails after its first event."""

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        yield Started("1", Status.ANSWERED)
        raise RuntimeError("geheim")


def test_a_failure_after_the_first_event_is_one_error_event_without_details(settings: Settings) -> None:
    app = make_app(settings, Breaking(settings, load_texts()))
    with running(app) as address, httpx.Client(base_url=address) as client:
        events = streamed(client, said("Wat is dit?"))
    assert [name for name, _ in events] == ["status", "error"]
    assert events[-1][1]["type"] == "urn:kompasbot:probleem:onverwacht"
    assert "geheim" not in str(events)


class Waiting(Assistant):
    """An assistant that never gets further than its first event; notes that it was cancelled."""

    cancelled = False

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        yield Started("1", Status.ANSWERED)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            Waiting.cancelled = True
            raise


def test_a_visitor_who_leaves_cancels_the_answer(settings: Settings) -> None:
    app = make_app(settings, Waiting(settings, load_texts()))
    with running(app) as address, httpx.Client(base_url=address) as client:
        with client.stream("POST", "/v1/chat", json={**said("Wat is dit?"), "stream": True}) as response:
            next(response.iter_bytes())
        for _ in range(100):
            if Waiting.cancelled:
                break
            asyncio.run(asyncio.sleep(0.03))
    assert Waiting.cancelled


def test_silence_is_filled_with_pings() -> None:
    async def slow() -> AsyncIterator[Event]:
        await asyncio.sleep(0.05)
        yield Started("1", Status.ANSWERED)

    async def collect() -> list[Event | None]:
        return [event async for event in with_pings(slow(), 0.01)]

    found = asyncio.run(collect())
    assert found[0] is None
    assert found[-1] == Started("1", Status.ANSWERED)
