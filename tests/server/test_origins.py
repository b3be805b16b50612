"""Which websites may use the interface from a browser."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kompasbot.errors import KompasbotError
from kompasbot.records.store import Records
from kompasbot.settings import Settings, load_settings
from kompasbot.validators import plain_origin
from tests.server.conftest import make_app, running

SCHOOL, OTHER = "https://www.school.example", "https://elders.example"
QUESTION = {"messages": [{"role": "user", "content": "Wat is de Kieswijzer?"}]}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    """A server that the pages of two sites may use."""
    settings = Settings(data=tmp_path, sites={"school": [SCHOOL], "museum": ["https://museum.example:8443"]})
    with running(make_app(settings)) as address, httpx.Client(base_url=address) as found:
        yield found


def test_a_page_of_a_site_may_ask_and_read_the_answer(client: httpx.Client) -> None:
    response = client.post("/v1/chat", json=QUESTION, headers={"origin": SCHOOL, "x-kompas-site": "school"})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == SCHOOL
    assert "Retry-After" in response.headers["access-control-expose-headers"]
    assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize("origin", [OTHER, "null", "http://www.school.example", "https://school.example", "onzin"])
def test_a_page_of_another_website_may_not(client: httpx.Client, origin: str) -> None:
    for path in ("/v1/chat", "/v1/feedback", "/v1/suggestions", "/chat"):
        response = client.post(path, json=QUESTION, headers={"origin": origin})
        assert (response.status_code, response.json()["type"]) == (403, "urn:kompasbot:probleem:herkomst")
        assert "access-control-allow-origin" not in response.headers
    assert "access-control-allow-origin" not in client.get("/v1/items", headers={"origin": origin}).headers


def test_a_program_that_speaks_openai_is_refused_in_that_language(client: httpx.Client) -> None:
    response = client.post("/v1/chat/completions", json={}, headers={"origin": OTHER})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "herkomst")


def test_a_site_may_not_use_the_name_of_another(client: httpx.Client) -> None:
    for name in ("museum", "onbekend", "x" * 100):
        headers = {"origin": SCHOOL, "x-kompas-site": name}
        assert client.post("/v1/chat", json=QUESTION, headers=headers).status_code == 403


def test_the_plain_form_takes_questions_of_this_servers_pages_only(client: httpx.Client) -> None:
    own = {"origin": str(client.base_url).rstrip("/")}
    form = {"vraag": "Wat is de Kieswijzer?"}
    assert client.post("/chat", data=form, headers=own).status_code == 200
    assert client.post("/chat", data=form, headers={"origin": SCHOOL}).status_code == 403


def test_a_browser_that_asks_first_is_told_what_may(client: httpx.Client) -> None:
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "content-type,x-kompas-site"}
    allowed = client.options("/v1/chat", headers={"origin": SCHOOL, **ask})
    assert allowed.status_code == 204
    assert "x-kompas-site" in allowed.headers["access-control-allow-headers"]
    refused = client.options("/v1/chat", headers={"origin": OTHER, **ask})
    assert refused.status_code == 403


def test_a_client_of_openai_may_send_its_headers_from_an_allowed_page(client: httpx.Client) -> None:
    sent = {"authorization", "content-type", "openai-organization", "x-stainless-lang", "x-stainless-retry-count"}
    ask = {"access-control-request-method": "POST", "access-control-request-headers": ",".join(sorted(sent))}
    for path in ("/v1/chat/completions", "/v1/models", "/v1/embeddings"):
        allowed = client.options(path, headers={"origin": SCHOOL, **ask})
        assert allowed.status_code == 204
        assert set(allowed.headers["access-control-allow-headers"].split(", ")) == {*sent, "x-kompas-site"}
    other = {**ask, "access-control-request-headers": "cookie, x-forwarded-for, x-stainless-" + "a" * 50}
    named = client.options("/v1/chat/completions", headers={"origin": SCHOOL, **other})
    assert named.headers["access-control-allow-headers"] == "content-type, x-kompas-site, authorization"


def test_this_servers_own_pages_and_programs_may_always(tmp_path: Path) -> None:
    with running(make_app(Settings(data=tmp_path))) as address, httpx.Client(base_url=address) as client:
        host = address.removeprefix("http://")
        for headers in ({}, {"origin": address}, {"origin": f"https://{host}"}):
            assert client.post("/v1/chat", json=QUESTION, headers=headers).status_code == 200
        own = {"origin": "https://kompas.example", "host": "kompas.example"}  # behind a proxy that takes care of TLS
        assert client.post("/v1/chat", json=QUESTION, headers=own).status_code == 200
        hidden = {"origin": "https://kompas.example", "sec-fetch-site": "same-origin"}  # behind one that changes Host
        assert client.post("/v1/chat", json=QUESTION, headers=hidden).status_code == 200
        other = {"origin": SCHOOL, "sec-fetch-site": "cross-site"}
        assert client.post("/v1/chat", json=QUESTION, headers=other).status_code == 403


def test_an_error_can_be_read_by_an_allowed_page_too(client: httpx.Client) -> None:
    for body in (b"{", b"x" * 70_000):
        response = client.post("/v1/chat", content=body, headers={"origin": SCHOOL})
        assert response.status_code in {413, 422}
        assert response.headers["access-control-allow-origin"] == SCHOOL


def test_the_site_is_kept_with_a_judgement(client: httpx.Client, tmp_path: Path) -> None:
    thumb = {"answer_id": "a", "rating": "up", "include_question": False}
    client.post("/v1/feedback", json=thumb, headers={"origin": "https://museum.example:8443"})
    client.post("/v1/feedback", json={**thumb, "answer_id": "b"}, headers={"origin": SCHOOL, "x-kompas-site": "school"})
    records = Records(tmp_path)
    assert [one.site for one in records.judgements()] == ["museum", "school"]
    records.close()


def test_addresses_are_read_as_browsers_write_them() -> None:
    assert plain_origin(" HTTPS://School.Example:443/ ") == "https://school.example"
    assert plain_origin("http://[::1]:8000") == "http://[::1]:8000"


@pytest.mark.parametrize(
    "value", ['{"a": ["*"]}', '{"a": ["school.example"]}', '{"a": ["https://x.example/pad"]}', "{"]
)
def test_a_setting_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KOMPASBOT_SITES", value)
    with pytest.raises(KompasbotError, match="KOMPASBOT_SITES"):
        load_settings()
