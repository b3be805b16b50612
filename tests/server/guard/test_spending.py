"""The day's tokens are spent by every call of the language model, however it ends."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from kompasbot.records.store import Records
from kompasbot.server.app import create_app
from kompasbot.settings import Settings
from tests.llm.scripted import Call, Script, saying
from tests.llm.scripted import serving as endpoint
from tests.llm.talk import QUICK
from tests.server.conftest import fixed, running

TRUE = "De Kieswijzer helpt leraren om te kiezen [1]."
ASKED = {"messages": [{"role": "user", "content": "Wat is de Kieswijzer?"}]}
STREAMED = {**ASKED, "stream": True}
UNREACHABLE = "http://127.0.0.1:9/v1"


@contextmanager
def asking(folder: Path, url: str, **more: Any) -> Iterator[httpx.Client]:
    """A server whose language model is at this address."""
    settings = Settings(data=folder, openai_base_url=url, **(QUICK | more))
    app = create_app(settings, live=fixed(settings))
    with running(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


def tokens(client: httpx.Client) -> dict[str, int]:
    """The tokens spent so far, by kind."""
    lines = client.get("/metrics").text.splitlines()
    found = (
        line.removeprefix('kompasbot_tokens_total{kind="')
        for line in lines
        if line.startswith("kompasbot_tokens_total")
    )
    return {line.split('"')[0]: int(float(line.split()[-1])) for line in found}


def eventually(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.02)


def leave_after_a_sentence(client: httpx.Client) -> None:
    with client.stream("POST", "/v1/chat", json=STREAMED) as reply:
        next(line for line in reply.iter_lines() if line.startswith("event: sentence"))


async def unfinished(call: Call) -> None:
    """Says a sentence and waits for ever."""
    await call.begin()
    await call.say(f"{TRUE} En")
    await call.hang()


async def torn(call: Call) -> None:
    await call.begin()
    await call.say(f"{TRUE} En")
    await call.pause()
    call.reset()


async def silent(call: Call) -> None:
    await call.begin()
    await call.hang()


async def refusing(call: Call) -> None:
    await call.error(503)


async def behind_a_gateway(call: Call) -> None:
    await call.error(504)


async def counting_first(call: Call) -> None:
    """Tells what it used before the connection is torn."""
    await call.begin()
    await call.say(f"{TRUE} En")
    await call.chunk(None, usage={"prompt_tokens": 70, "completion_tokens": 7, "total_tokens": 77})
    await call.pause()
    call.reset()


def test_a_whole_answer_costs_what_the_endpoint_counted(tmp_path: Path) -> None:
    with endpoint(saying(TRUE)) as server, asking(tmp_path, server.url, chat_price_in=2.0) as client:
        assert client.post("/v1/chat", json=ASKED).json()["usage"]["total_tokens"] == 120
        assert tokens(client) == {"prompt": 100, "completion": 20}
        figures = client.get("/metrics").text
        assert "kompasbot_cost_euros_total 0.0002" in figures
        assert 'kompasbot_chat_calls_total{outcome="answered"} 1.0' in figures
    records = Records(tmp_path)
    assert list(records.costs(date.min).values()) == [0.0002]
    records.close()


def test_a_language_model_that_fails_is_counted_by_its_reason(tmp_path: Path) -> None:
    with endpoint(refusing) as server, asking(tmp_path, server.url) as client:
        client.post("/v1/chat", json=ASKED)
        assert 'kompasbot_chat_calls_total{outcome="storing"} 1.0' in client.get("/metrics").text


def test_a_visitor_who_leaves_pays_for_what_was_asked_and_what_came(tmp_path: Path) -> None:
    with endpoint(unfinished) as server, asking(tmp_path, server.url, tokens_per_day=1) as client:
        leave_after_a_sentence(client)
        eventually(lambda: tokens(client).get("prompt", 0) > 100 and tokens(client)["completion"] > 5)
        assert client.post("/v1/chat", json=ASKED).json()["engine"]["fallback_reason"] == "dagbudget"
        assert len(server.calls) == 1


@pytest.mark.parametrize("script", [torn, silent, behind_a_gateway], ids=lambda one: one.__name__)
def test_a_call_that_breaks_off_costs_an_estimate(tmp_path: Path, script: Script) -> None:
    with endpoint(script) as server, asking(tmp_path, server.url, chat_retries=0) as client:
        client.post("/v1/chat", json=ASKED)
        assert tokens(client)["prompt"] > 100


def test_every_attempt_counts(tmp_path: Path) -> None:
    with endpoint(behind_a_gateway) as server, asking(tmp_path, server.url, chat_retries=1) as client:
        client.post("/v1/chat", json=ASKED)
        twice = tokens(client)["prompt"]
        assert len(server.calls) == 2
    with endpoint(behind_a_gateway) as server, asking(tmp_path, server.url, chat_retries=0) as client:
        client.post("/v1/chat", json=ASKED)
        assert tokens(client)["prompt"] * 2 == twice


def test_a_call_that_breaks_off_after_its_count_costs_that(tmp_path: Path) -> None:
    with endpoint(counting_first) as server, asking(tmp_path, server.url) as client:
        answer = client.post("/v1/chat", json=ASKED).json()
        assert (answer["complete"], answer["usage"]["total_tokens"]) == (False, 77)
        assert tokens(client) == {"prompt": 70, "completion": 7}


def test_a_call_that_was_refused_or_never_arrived_costs_nothing(tmp_path: Path) -> None:
    with endpoint(refusing) as server, asking(tmp_path, server.url, tokens_per_day=1, chat_retries=0) as client:
        for _ in range(2):
            reason = client.post("/v1/chat", json=ASKED).json()["engine"]["fallback_reason"]
            assert "storing" in reason
    with asking(tmp_path, UNREACHABLE, tokens_per_day=1, chat_retries=0) as client:
        for _ in range(2):
            reason = client.post("/v1/chat", json=ASKED).json()["engine"]["fallback_reason"]
            assert "verbinding" in reason


def test_answers_at_the_same_time_do_not_all_get_what_is_left_for_one(tmp_path: Path) -> None:
    async def slow(call: Call) -> None:
        await call.begin()
        await call.pause()
        await call.pause()
        await call.say(TRUE)
        await call.finish(usage=(3000, 300))

    def engine(client: httpx.Client) -> tuple[str, str | None]:
        found = client.post("/v1/chat", json=ASKED).json()["engine"]
        return found["name"], found["fallback_reason"]

    with (
        endpoint(slow) as server,
        asking(tmp_path, server.url, tokens_per_day=1000) as client,
        ThreadPoolExecutor(6) as pool,
    ):
        found = sorted(pool.map(lambda _: engine(client), range(6)), key=str)
        assert found == [*[("extractive", "dagbudget")] * 5, ("llm", None)]
        assert sum(tokens(client).values()) == 3300
        assert engine(client) == ("extractive", "dagbudget")


def test_when_the_tokens_of_the_day_are_gone_answers_come_without_the_model(tmp_path: Path) -> None:
    with endpoint(saying(TRUE)) as server, asking(tmp_path, server.url, tokens_per_day=100) as client:
        first, second = (client.post("/v1/chat", json=ASKED).json() for _ in range(2))
        assert (first["usage"]["total_tokens"], first["engine"]["fallback_reason"]) == (120, None)
        assert (second["usage"], second["engine"]["fallback_reason"]) == (None, "dagbudget")
        refused = client.post("/v1/chat", json={**ASKED, "engine": "llm"})
        assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)


def test_all_calls_of_an_answer_count(tmp_path: Path) -> None:
    """A follow-up is worded anew by the model before it is answered."""

    async def script(call: Call) -> None:
        rewords = call.body["max_completion_tokens"] < 200
        told = "Stichting Voorbeeld gaf de Bouwplaat uit in 2014. [1]"
        await saying("Wie gaf de Bouwplaat uit?" if rewords else told)(call)

    def follow_up(client: httpx.Client) -> httpx.Response:
        told = "De Bouwplaat beschrijft stap voor stap hoe je een techniekles maakt."
        before = [
            {"role": "user", "content": "Wat is de Bouwplaat?"},
            {"role": "assistant", "content": told, "citations": []},
        ]
        asked = {"messages": [*before, {"role": "user", "content": "En van wie komt dat?"}]}
        return client.post("/v1/chat", json=asked)

    with endpoint(script) as server, asking(tmp_path, server.url) as client:
        usage = follow_up(client).json()["usage"]
        assert len(server.calls) > 1
        assert usage["total_tokens"] == sum(tokens(client).values()) == 120 * len(server.calls)
