"""Every way to ask is counted, and a question is kept only where that is switched on."""

from datetime import date
from pathlib import Path

import httpx
import pytest

from kompasbot.records.store import Records
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
