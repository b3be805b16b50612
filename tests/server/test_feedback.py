"""``/v1/feedback`` and ``/v1/suggestions`` as a client sees them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kompasbot.records import Judgement, Suggestion
from kompasbot.records.store import Records
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running

THUMB: dict[str, Any] = {"answer_id": "4f6c", "rating": "up", "include_question": False}


@pytest.fixture
def kept(settings: Settings) -> Iterator[Records]:
    """The records as the maintainer finds them."""
    records = Records(settings.data)
    yield records
    records.close()


def test_a_thumb_is_kept(client: httpx.Client, kept: Records) -> None:
    response = client.post("/v1/feedback", json={**THUMB, "remark": "  Helder!  "})
    assert (response.status_code, response.json()) == (201, {"status": "bewaard"})
    assert kept.judgements() == [Judgement("4f6c", "up", "Helder!")]


@pytest.mark.parametrize(("ticked", "found"), [(True, "Wie ben ik?"), (False, None)])
def test_the_question_is_kept_only_with_the_visitors_tick(
    client: httpx.Client, kept: Records, ticked: bool, found: str | None
) -> None:
    client.post("/v1/feedback", json={**THUMB, "include_question": ticked, "question": "Wie ben ik?"})
    assert kept.judgements()[0].question == found


def test_nothing_of_the_visitors_machine_is_kept(client: httpx.Client, settings: Settings) -> None:
    secret = "MijnBrowser/77"
    headers = {"user-agent": secret, "x-forwarded-for": "203.0.113.77", "referer": "https://x.example/geheim"}
    client.post("/v1/feedback", json=THUMB, headers=headers)
    client.post("/v1/suggestions", json={"text": "Een idee"}, headers=headers)
    stored = b"".join(path.read_bytes() for path in Path(settings.data).glob("records.db*"))
    assert b"Een idee" in stored
    for word in (b"MijnBrowser", b"203.0.113", b"127.0.0.1", b"geheim"):
        assert word not in stored


def test_a_suggestion_is_kept_with_its_contact(client: httpx.Client, kept: Records) -> None:
    made = Suggestion("Noem ook het mbo.", "regionale-samenwerking", "ik@school.example")
    body = {"text": made.text, "factsheet": made.factsheet, "contact": made.contact}
    assert client.post("/v1/suggestions", json=body).status_code == 201
    assert kept.suggestions() == [made]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/feedback", {}),
        ("/v1/feedback", {**THUMB, "rating": "meh"}),
        ("/v1/feedback", {**THUMB, "answer_id": "a b"}),
        ("/v1/feedback", {**THUMB, "answer_id": ""}),
        ("/v1/feedback", {**THUMB, "remark": "x" * 2001}),
        ("/v1/feedback", {**THUMB, "include_question": True, "question": "x" * 2001}),
        ("/v1/suggestions", {}),
        ("/v1/suggestions", {"text": " \x00 "}),
        ("/v1/suggestions", {"text": "x" * 2001}),
        ("/v1/suggestions", {"text": "x", "contact": "x" * 201}),
        ("/v1/suggestions", {"text": 7}),
    ],
)
def test_what_cannot_be_kept_is_a_problem(client: httpx.Client, kept: Records, path: str, body: dict[str, Any]) -> None:
    response = client.post(path, json=body)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert response.json()["detail"]
    assert [*kept.judgements(), *kept.suggestions()] == []


def test_a_full_day_says_when_to_try_again(tmp_path: Path) -> None:
    with running(make_app(Settings(data=tmp_path, max_records_a_day=1))) as address:
        first, second = (httpx.post(f"{address}/v1/suggestions", json={"text": "Een idee"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 429)
    assert 0 < int(second.headers["retry-after"]) <= 86_401
    assert second.json()["detail"] == "Er zijn vandaag al veel berichten binnengekomen. Probeer het morgen opnieuw."


def test_a_database_that_fails_is_a_problem_without_details(client: httpx.Client, settings: Settings) -> None:
    (settings.data / "records.db").mkdir()
    response = client.post("/v1/suggestions", json={"text": "Een idee"})
    assert (response.status_code, response.json()["title"]) == (503, "Je bericht is niet bewaard")
    assert "sqlite" not in response.text.lower()
