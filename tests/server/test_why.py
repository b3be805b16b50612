"""``?trace=1`` on ``/v1/chat``: why an answer came, for who switched it on."""

import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from kompasbot.settings import Settings
from tests.server.conftest import make_app, running
from tests.server.test_chat import said

WHY = {"trace": "1"}
ASKED = said("Hoeveel basisscholen lenen de Techkist?")


@pytest.fixture
def open_client(settings: Settings) -> Iterator[httpx.Client]:
    """Of a server whose maintainer switched it on."""
    own = settings.model_copy(update={"trace": True})
    with running(make_app(own)) as address, httpx.Client(base_url=address, timeout=10) as found:
        yield found


def test_the_trace_comes_with_the_answer(open_client: httpx.Client) -> None:
    reply = open_client.post("/v1/chat", params=WHY, json=ASKED).json()
    trace = reply["trace"]
    assert set(trace) == {"understanding", "units", "evidence", "verdict", "sentences"}
    assert trace["verdict"]["status"] == reply["status"]
    assert {"likeness", "coverage", "score"} <= set(trace["evidence"][0])
    told = [sentence["text"] for block in reply["blocks"] for sentence in block["sentences"]]
    assert [each["text"] for each in trace["sentences"] if each["fate"] == "verteld"] == told


def test_the_stream_ends_with_the_same_trace(open_client: httpx.Client) -> None:
    plain = open_client.post("/v1/chat", params=WHY, json=ASKED).json()
    stream = open_client.post("/v1/chat", params=WHY, json={**ASKED, "stream": True}).text
    events = [block.split("\n", 1) for block in stream.strip().split("\n\n")]
    assert json.loads(events[-1][1].removeprefix("data: "))["trace"] == plain["trace"]
    assert "trace" not in "".join(data for _, data in events[:-1])


@pytest.mark.parametrize("stream", [False, True])
def test_it_is_ignored_where_nobody_switched_it_on(client: httpx.Client, stream: bool) -> None:
    reply = client.post("/v1/chat", params=WHY, json={**ASKED, "stream": stream})
    assert reply.status_code == 200
    assert '"trace"' not in reply.text
    assert '"answered"' in reply.text


def test_it_comes_only_when_asked_for_and_not_in_the_form_of_openai(open_client: httpx.Client) -> None:
    assert "trace" not in open_client.post("/v1/chat", json=ASKED).json()
    reply = open_client.post("/v1/chat/completions", params=WHY, json={**ASKED, "model": "kompasbot"})
    assert reply.status_code == 200
    assert "trace" not in reply.text


def test_nothing_of_it_gets_into_the_log(open_client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asked = said("Hoeveel basisscholen lenen de Techkist van mevrouw Zwaluwstaart?")
        assert "Zwaluwstaart" in open_client.post("/v1/chat", params=WHY, json=asked).text
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "kompasbot" in logged
    assert "waluwstaart" not in logged


def test_its_shape_is_described(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    [trace] = [each for each in document["paths"]["/v1/chat"]["post"]["parameters"] if each["name"] == "trace"]
    assert (trace["in"], trace["required"]) == ("query", False)
    shape = document["components"]["schemas"]["ChatReply"]
    assert "WireTrace" in json.dumps(shape["properties"]["trace"])
    assert "trace" not in shape["required"]
    assert "usage" in shape["required"]
