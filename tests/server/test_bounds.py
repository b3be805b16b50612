"""What one request may cost, whatever stands in it and whichever way it comes in."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from pydantic import SecretStr

from kompasbot.server.model_context import PATH, make_http_app
from kompasbot.settings import Settings
from tests.server.conftest import fixed, make_app, running
from tests.server.hostile import texts
from tests.server.manage.conftest import TOKEN

_SECONDS: Final = 1.0
_KEPT: Final = 20 * 1024 * 1024
_QUESTION: Final = 2_000

Send = Callable[[str], httpx.Response]
Turn = dict[str, Any]


def user(text: str) -> Turn:
    return {"role": "user", "content": text}


def told(text: str = "De Kieswijzer helpt leraren om lesmateriaal te kiezen.") -> Turn:
    return {"role": "assistant", "content": text}


def search_by_mcp(client: httpx.Client, text: str) -> httpx.Response:
    call = {"name": "search", "arguments": {"query": text}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    return client.post(PATH, json=message, headers={"accept": "application/json, text/event-stream"})


def ways(server: httpx.Client, mcp: httpx.Client) -> dict[str, Send]:
    """Each way in for a text, with the text as long as it may be there."""

    def chat(*messages: Turn) -> httpx.Response:
        return server.post("/v1/chat", json={"messages": messages})

    def completions(*messages: Turn) -> httpx.Response:
        return server.post("/v1/chat/completions", json={"model": "kompasbot", "messages": messages})

    def form(text: str) -> httpx.Response:
        return server.post("/chat", data={"vraag": text})

    def feedback(text: str) -> httpx.Response:
        given = {"answer_id": "a", "rating": "up", "remark": text, "include_question": True, "question": text}
        return server.post("/v1/feedback", json=given)

    def search(text: str) -> httpx.Response:
        return server.get("/v1/search", params={"q": text})

    return {
        "a question": lambda text: chat(user(text[:_QUESTION])),
        "a question that is too long": lambda text: chat(user(text)),
        "an earlier question": lambda text: chat(user(text), told(), user("Vertel daar meer over")),
        "two earlier questions": lambda text: chat(
            user(text[: len(text) // 2]), told(), user(f"En {text[: len(text) // 2]}"), told(), user("En hoe dan?")
        ),
        "an earlier answer": lambda text: chat(
            user("Wat is de Kieswijzer?"), told(text), user("Vertel daar meer over")
        ),
        "a deep history": lambda text: chat(
            *(turn for at in range(19) for turn in (user(text[at :: len(text) // 1500 + 1]), told())),
            user("En verder?"),
        ),
        "a completion": lambda text: completions(user(text[:_QUESTION])),
        "an earlier completion": lambda text: completions(user(text), told(), user("Vertel daar meer over")),
        "a search": lambda text: search(text[:_QUESTION]),
        "feedback": lambda text: feedback(text[:_QUESTION]),
        "a suggestion": lambda text: server.post("/v1/suggestions", json={"text": text[:_QUESTION]}),
        "the form": lambda text: form(text[:_QUESTION]),
        "a search by MCP": lambda text: search_by_mcp(mcp, text[:_QUESTION]),
        "a maintainer's key": lambda text: server.post("/beheer/inloggen", data={"sleutel": text[:_QUESTION]}),
    }


@pytest.fixture(scope="module")
def sends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Send]]:
    """The ways in to running servers that keep questions, which masks them."""
    folder: Path = tmp_path_factory.mktemp("grenzen")
    settings = Settings(data=folder, keep_questions=True, admin_token=SecretStr(TOKEN))
    app = make_app(settings)
    live = fixed(Settings(data=folder / "mcp"))
    live.start()
    with (
        running(app) as address,
        running(make_http_app(Settings(data=folder / "mcp"), live)) as other,
        httpx.Client(base_url=address, timeout=60) as server,
        httpx.Client(base_url=other, timeout=60) as mcp,
    ):
        found = ways(server, mcp)
        for send in found.values():
            send("Welke tools zijn er?")
        yield found
    live.stop()


WAYS: Final = tuple(ways(None, None))  # type: ignore[arg-type]


@pytest.mark.parametrize("way", WAYS)
def test_no_text_costs_a_request_more_than_a_second_of_a_processor(sends: dict[str, Send], way: str) -> None:
    costs = {}
    for name, text in list(texts().items())[WAYS.index(way) % 3 :: 3]:
        began = time.process_time()
        reply = sends[way](text)
        costs[name] = time.process_time() - began
        assert reply.status_code < 500, (name, reply.text[:300])
    assert max(costs.values()) <= _SECONDS, sorted(costs.items(), key=lambda one: -one[1])[:5]


def test_what_fifty_requests_leave_behind_is_bounded(sends: dict[str, Send]) -> None:
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for text, way in zip((*texts(1).values(), *texts(2).values()), WAYS * 4, strict=False):
            sends[way](text)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before <= _KEPT
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a" * 2001, "De vraag is langer dan 2000 tekens."),
        ("\ufb03" * 700, "De vraag is langer dan 2000 tekens."),
        ("a " * 501, "De vraag heeft meer dan 500 woorden."),
    ],
)
def test_a_question_is_bounded_as_it_is_read(sends: dict[str, Send], text: str, says: str) -> None:
    reply = sends["a question that is too long"](text)
    assert reply.status_code == 422
    assert reply.json()["detail"].startswith(says)
