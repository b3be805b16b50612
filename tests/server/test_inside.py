"""What a maintainer sees of the server, and what stays unseen: logs, figures, headers."""

import io
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kompasbot.answering.answer import Event, Question, Started, Status
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.server import logs
from kompasbot.settings import Settings
from tests.llm.scripted import saying
from tests.llm.scripted import serving as endpoint
from tests.server.conftest import make_app, running

PLANTED = "mijn buurvrouw Zwaluwstaart"
ASKED = {"messages": [{"role": "user", "content": f"Wat doet {PLANTED}?"}]}


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the server writes with the log as JSON."""
    text = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", text)
    # Other tests let uvicorn set up its own loggers, as ``kompasbot serve`` never does.
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    logs.start_logging("json")
    yield text
    root.handlers[:] = before
    root.setLevel(level)
    for name in ("kompasbot.access", "kompasbot"):
        logging.getLogger(name).setLevel(logging.NOTSET)


class Failing(Assistant):
    """Fails with what the visitor typed in the error's message."""

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        yield Started("1", Status.ANSWERED)
        raise RuntimeError(question.text)


def test_every_request_is_a_line_with_its_id(settings: Settings, log: io.StringIO) -> None:
    with running(make_app(settings), log_config=None) as address:
        httpx.get(f"{address}/v1/items/lesmateriaal/tool/kieswijzer", headers={"x-request-id": "0af7651916cd43dd"})
    line = next(one for one in map(json.loads, log.getvalue().splitlines()) if one["logger"] == "kompasbot.access")
    assert line["request_id"] == "0af7651916cd43dd"
    assert (line["route"], line["status"]) == ("/v1/items/{item_id:path}", 200)
    assert line["ms"] > 0


@pytest.mark.parametrize(
    "name", ["httpx2", "httpcore2.connection", "openai", "chromadb.telemetry", "alembic", "anything"]
)
def test_libraries_are_heard_from_warnings_on(name: str, log: io.StringIO) -> None:
    logging.getLogger(name).info("request")
    logging.getLogger(name).warning("trouble")
    logging.getLogger("uvicorn.error").error("fault")
    logging.getLogger("kompasbot.store.live").info("news")
    assert [json.loads(one)["message"] for one in log.getvalue().splitlines()] == ["trouble", "fault", "news"]


def test_a_call_of_the_language_model_is_no_line(settings: Settings, log: io.StringIO) -> None:
    with endpoint(saying("De Kieswijzer helpt leraren om te kiezen [1].")) as server:
        bot = Assistant(settings.model_copy(update={"openai_base_url": server.url}), load_texts())
        with running(make_app(settings, bot), log_config=None) as address:
            asked = {"messages": [{"role": "user", "content": "Wat is de Kieswijzer?"}]}
            assert httpx.post(f"{address}/v1/chat", json=asked, timeout=30).json()["engine"]["name"] == "llm"
    loggers = {json.loads(one)["logger"] for one in log.getvalue().splitlines()}
    assert {one.split(".")[0] for one in loggers} == {"kompasbot"}


def test_nothing_of_a_visitor_is_in_logs_figures_or_data(settings: Settings, log: io.StringIO, tmp_path: Path) -> None:
    """The data holds the database, which was written."""
    bots = (None, Failing(settings, load_texts()))
    told = ""
    for bot in bots:
        with running(make_app(settings, bot), log_config=None) as address:
            httpx.post(f"{address}/v1/chat", json=ASKED)
            httpx.post(f"{address}/v1/chat", json={**ASKED, "stream": True})
            httpx.post(f"{address}/v1/chat/completions", json={"model": "kompasbot", **ASKED})
            httpx.post(f"{address}/chat", data={"vraag": PLANTED})
            httpx.get(f"{address}/v1/search", params={"q": PLANTED})
            httpx.get(f"{address}/v1/items/{PLANTED}")
            httpx.get(
                f"{address}/{PLANTED}", headers={"x-forwarded-for": "198.51.100.23", "x-request-id": "Zwaluwstaart"}
            )
            told += httpx.get(f"{address}/metrics").text
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    everything = told + log.getvalue() + kept.decode(errors="replace")
    assert "RuntimeError" in log.getvalue()
    assert b"SQLite format 3" in kept
    assert b"extractive" in kept
    assert [word for word in ("Zwaluwstaart", "buurvrouw", "198.51.100.23", "127.0.0.1") if word in everything] == []


def test_the_figures_count_answers_and_refusals(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, limit_visitor="2/minute")
    with running(make_app(settings)) as address, httpx.Client(base_url=address) as client:
        for _ in range(3):
            client.post("/v1/chat", json={"messages": [{"role": "user", "content": "Wat is de Bouwplaat?"}]})
        lines = client.get("/metrics").text.splitlines()
    assert 'kompasbot_answers_total{engine="extractive",fallback="no",status="answered"} 2.0' in lines
    assert 'kompasbot_limited_total{limit="visitor"} 1.0' in lines
    assert 'kompasbot_requests_total{method="POST",route="/v1/chat",status="200"} 2.0' in lines
    assert any(line.startswith("kompasbot_index_age_seconds") for line in lines)


def test_a_reply_carries_its_version_and_headers_that_protect(client: httpx.Client) -> None:
    reply = client.get("/v1/items").headers
    assert reply["api-version"].count(".") == 2
    assert reply["x-content-type-options"] == "nosniff"
    assert reply["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "strict-transport-security" not in reply


def test_a_visit_by_way_of_https_asks_to_stay_there(settings: Settings) -> None:
    with running(make_app(settings), proxy_headers=True, forwarded_allow_ips="127.0.0.1") as address:
        reply = httpx.get(f"{address}/healthz", headers={"x-forwarded-proto": "https"})
    assert "max-age" in reply.headers["strict-transport-security"]


def test_a_page_keeps_its_own_rules(client: httpx.Client) -> None:
    assert "script-src 'self'" in client.get("/").headers["content-security-policy"]
    assert "content-security-policy" in client.get("/docs").headers


def test_a_flood_of_refusals_is_a_few_lines_that_tell_how_many_there_were(tmp_path: Path, log: io.StringIO) -> None:
    settings = Settings(data=tmp_path, limit_total="1/minute")
    with running(make_app(settings), log_config=None) as address, httpx.Client(base_url=address) as client:
        deadline = time.monotonic() + 60
        told: list[dict[str, Any]] = []
        while not any("left_out" in one for one in told) and time.monotonic() < deadline:
            for _ in range(60):
                client.get("/v1/items")
            told = [one for one in map(json.loads, log.getvalue().splitlines()) if one.get("status") == 429]
    assert next(one["left_out"] for one in told if "left_out" in one) > 0
    assert max(Counter(one["time"][:19] for one in told).values()) <= 20
