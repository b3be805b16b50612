"""Every way to ask is counted, and a question is kept only where that is switched on."""

import sqlite3
import time
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from kompasbot.records import Answered
from kompasbot.records.store import Records
from kompasbot.records.tally import Keeping
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running

QUESTION = "Wat is de Bouwplaat?"
MESSAGES = [{"role": "user", "content": QUESTION}]


def ask_in_every_way(address: str) -> None:
    with httpx.Client(base_url=address, timeout=10) as client:
        client.post("/v1/chat", json={"messages": MESSAGES}, headers={"x-kompas-site": "school"})
        client.post("/v1/chat", json={"messages": MESSAGES, "stream": True}).read()
        client.post("/v1/chat/completions", json={"model": "kompasbot", "messages": MESSAGES})
        client.post("/v1/chat/completions", json={"model": "kompasbot", "messages": MESSAGES, "stream": True}).read()
        client.post("/chat", data={"vraag": QUESTION})


def test_every_way_to_ask_is_counted(settings: Settings) -> None:
    with running(make_app(settings)) as address:
        ask_in_every_way(address)
    records = Records(settings.data)
    [counted] = records.answer_counts(date.min)
    assert (counted.status, counted.engine, counted.factsheet, counted.count) == (
        "answered", "extractive", "lesmateriaal", 5,
    )  # fmt: skip
    assert {one.item_id: one.count for one in records.item_counts(date.min)}["lesmateriaal/tool/bouwplaat"] == 5
    assert records.questions() == []
    records.close()


def test_questions_are_kept_with_the_site_where_that_is_switched_on(tmp_path: Path) -> None:
    with running(make_app(Settings(data=tmp_path, keep_questions=True))) as address:
        ask_in_every_way(address)
    records = Records(tmp_path)
    kept = records.questions()
    assert [one.text for one in kept] == [QUESTION] * 5
    assert sorted(one.site or "" for one in kept) == ["", "", "", "", "school"]
    records.close()


def test_answers_go_on_when_the_database_cannot_be_used(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    (settings.data / "records.db").mkdir(parents=True)
    with running(make_app(settings)) as address:
        assert httpx.post(f"{address}/v1/chat", json={"messages": MESSAGES}).status_code == 200
    assert "statistics can't be written (OperationalError)" in caplog.text
    assert "statistics of 1 answers were lost" in caplog.text


def test_what_was_kept_long_enough_goes_when_a_server_starts_that_nobody_asks_anything(tmp_path: Path) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    records = Records(tmp_path, keeping=Keeping(questions=True), now=lambda: long_ago)
    records.note(Answered("answered", "extractive", question=QUESTION))
    records.close()
    database = sqlite3.connect(tmp_path / "records.db")
    counts = "SELECT (SELECT count(*) FROM kept_question) + (SELECT count(*) FROM answer_count)"
    assert database.execute(counts).fetchone() == (2,)
    with running(make_app(Settings(data=tmp_path, statistics=False))):
        limit = time.monotonic() + 20
        while database.execute(counts).fetchone() != (0,):
            assert time.monotonic() < limit
            time.sleep(0.02)
    database.close()
