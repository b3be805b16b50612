"""Traces, as a collector gets them."""

import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kompasbot.answering.answer import Event, Question, Started, Status
from kompasbot.answering.assistant import Assistant
from kompasbot.cli.backing import traces
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings
from tests.collector import Collector, collecting
from tests.llm.scripted import saying, serving
from tests.llm.talk import QUICK
from tests.server.conftest import make_app, running
from tests.shelf import assistant

QUESTION = "Wat is de Kieswijzer?"
ASKED = {"messages": [{"role": "user", "content": QUESTION}]}


def traced(tmp_path: Path, collector: Collector, **more: Any) -> Settings:
    return Settings(data=tmp_path, otlp_endpoint=collector.url, **more)


def test_a_request_its_answer_and_its_search_are_one_trace(tmp_path: Path) -> None:
    with collecting() as collector:
        with running(make_app(traced(tmp_path, collector))) as address:
            httpx.post(f"{address}/v1/chat", json=ASKED, headers={"x-request-id": "0af7651916cd43dd"})
        request, answer, search = (collector.one(name) for name in ("POST /v1/chat", "answer", "look up"))
    assert (answer.parent, search.parent, request.parent) == (request.id, answer.id, "")
    assert {request.trace, answer.trace, search.trace} == {request.trace}
    assert 0 < search.seconds <= answer.seconds <= request.seconds
    assert (request.kind, request.service, request.failed) == ("SERVER", "kompasbot", False)
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/v1/chat",
        "http.response.status_code": 200,
        "kompasbot.request_id": "0af7651916cd43dd",
    }
    assert answer.attributes["kompasbot.status"] == "answered"
    assert answer.attributes["kompasbot.engine"] == "extractive"
    assert answer.events[:2] == ("status", "sentence")
    assert set(collector.paths) == {"/v1/traces"}


def test_a_stream_is_traced_to_its_end(tmp_path: Path) -> None:
    with collecting() as collector:
        with running(make_app(traced(tmp_path, collector))) as address:
            reply = httpx.post(f"{address}/v1/chat", json={**ASKED, "stream": True})
        assert "event: done" in reply.text
        answer = collector.one("answer")
        assert answer.parent == collector.one("POST /v1/chat").id
        assert answer.attributes["kompasbot.citations"] == reply.text.count("event: citation")


def test_calls_of_the_language_model_are_parts_of_the_answer(tmp_path: Path) -> None:
    with serving(saying("De Kieswijzer helpt leraren om te kiezen [1].")) as server, collecting() as collector:
        settings = traced(tmp_path, collector, openai_base_url=server.url, chat_model="schrijver-1", **QUICK)
        bot = Assistant(settings, load_texts())
        with running(make_app(settings, bot)) as address:
            # The library of the language model is loaded meanwhile, which takes seconds.
            httpx.post(f"{address}/v1/chat", json={**ASKED, "stream": True}, timeout=60)
        call = collector.one("chat schrijver-1")
        assert call.parent == collector.one("answer").id
    assert call.kind == "CLIENT"
    assert call.attributes["gen_ai.request.model"] == "schrijver-1"
    assert int(call.attributes["gen_ai.usage.input_tokens"]) > 0


class Failing(Assistant):
    """Fails with what the visitor typed in the error's message."""

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        yield Started("1", Status.ANSWERED)
        raise RuntimeError(question.text)


def test_a_failure_is_marked_and_nothing_of_the_visitor_is_sent(tmp_path: Path) -> None:
    planted = "mijn buurvrouw Zwaluwstaart"
    asked = {"messages": [{"role": "user", "content": f"Wat doet {planted}?"}]}
    with collecting() as collector:
        settings = traced(tmp_path, collector)
        with running(make_app(settings, Failing(settings, load_texts()))) as address:
            httpx.post(f"{address}/v1/chat", json=asked)
            httpx.post(f"{address}/chat", data={"vraag": planted})
            httpx.get(f"{address}/v1/search", params={"q": planted})
            httpx.get(f"{address}/v1/items/{planted}", headers={"user-agent": planted, "referer": "http://x/Zwaluw"})
            httpx.get(f"{address}/Zwaluwstaart", headers={"x-forwarded-for": "198.51.100.23"})
        failed = [(span.name, span.attributes["error.type"]) for span in collector.spans if span.failed]
        everything = b"".join(collector.raw)
    assert ("answer", "RuntimeError") in failed
    assert ("POST /v1/chat", "500") in failed
    assert [word for word in (b"waluw", b"buurvrouw", b"198.51.100.23", b"127.0.0.1") if word in everything] == []


def test_checks_by_machines_are_not_traced(tmp_path: Path) -> None:
    with collecting() as collector:
        with running(make_app(traced(tmp_path, collector))) as address:
            for path in ("/healthz", "/readyz", "/metrics", "/v1/items"):
                httpx.get(f"{address}{path}")
        assert [span.name for span in collector.spans] == ["GET /v1/items"]


@pytest.mark.parametrize(("proxies", "joined"), [("127.0.0.1", True), (None, False)])
def test_only_a_trusted_proxy_continues_its_own_trace(tmp_path: Path, proxies: str | None, joined: bool) -> None:
    theirs = "0af7651916cd43dd8448eb211c80319c"
    with collecting() as collector:
        settings = traced(tmp_path, collector, trusted_proxies=proxies)
        with running(make_app(settings)) as address:
            httpx.get(f"{address}/v1/items", headers={"traceparent": f"00-{theirs}-b7ad6b7169203331-01"})
        assert (collector.one("GET /v1/items").trace == theirs) is joined


def test_a_collector_that_hangs_keeps_neither_visitors_nor_the_end_waiting(tmp_path: Path) -> None:
    with collecting(answers=False) as collector:
        began = time.monotonic()
        with running(make_app(traced(tmp_path, collector))) as address, httpx.Client(base_url=address) as client:
            replies = [client.post("/v1/chat", json=ASKED).status_code for _ in range(5)]
            asked = time.monotonic() - began
        assert replies == [200] * 5
        assert asked < 5
        assert time.monotonic() - began < 15
        assert collector.raw == []


def test_the_log_names_the_trace(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kompasbot.access")
    with collecting() as collector:
        with running(make_app(traced(tmp_path, collector))) as address:
            httpx.get(f"{address}/v1/items")
        trace = collector.one("GET /v1/items").trace
    lines = [record for record in caplog.records if record.name == "kompasbot.access"]
    assert [getattr(line, "trace_id", None) for line in lines] == [trace]


def test_without_a_collector_nothing_is_loaded_or_sent(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kompasbot.access")
    app = make_app(settings, assistant())
    assert app.api.state.kompasbot.traces is None
    with running(app) as address:
        assert httpx.post(f"{address}/v1/chat", json=ASKED).status_code == 200
    assert not any(hasattr(record, "trace_id") for record in caplog.records)


def test_doctor_says_whether_the_collector_takes_traces_in(tmp_path: Path) -> None:
    assert traces(Settings(data=tmp_path)).state == "goed"
    with collecting() as collector:
        assert traces(traced(tmp_path, collector)).state == "goed"
    gone = traces(traced(tmp_path, collector))
    assert gone.state == "let op"
    assert "antwoordt ook zonder" in gone.hint


def test_the_lines_of_the_log_stay_json(tmp_path: Path) -> None:
    from kompasbot.server.logs import JsonLines

    record = logging.makeLogRecord({"name": "kompasbot.access", "msg": "request", "trace_id": "ab" * 16})
    assert json.loads(JsonLines().format(record))["trace_id"] == "ab" * 16
