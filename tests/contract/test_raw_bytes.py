"""Bodies that no generator of JSON makes: every operation refuses them as its document says."""

from typing import Final

import httpx
import pytest

from kompasbot.server.openai_wire import speaks_openai
from kompasbot.server.problems import MEDIA
from kompasbot.server.wire import clean
from tests.contract.test_design_rules import OPENAPI

PATHS: Final = [path for path, methods in OPENAPI["paths"].items() if "post" in methods]
BODIES: Final = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"text": "\xff\xfe"}',
    "a BOM": b"\xef\xbb\xbf{}",
    "zeros": b"\0" * 40,
    "deep lists": b"[" * 30_000,
    "deep objects": b'{"a":' * 10_000,
    "a very long number": b'{"messages": ' + b"9" * 5_000 + b"}",
    "a number that is none": b'{"messages": NaN, "text": Infinity}',
    "a text": b'"tekst"',
    "null": b"null",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_can_not_be_read_is_refused_as_documented(client: httpx.Client, path: str, body: bytes) -> None:
    reply = client.post(path, content=body, headers={"content-type": "application/json"})
    is_openai = speaks_openai(path)
    assert reply.status_code == (400 if is_openai else 422)
    assert str(reply.status_code) in OPENAPI["paths"][path]["post"]["responses"]
    assert reply.headers["content-type"] == ("application/json" if is_openai else MEDIA)
    told = reply.json()["error"]["message"] if is_openai else reply.json()["detail"]
    assert told.endswith(".")


def test_what_is_wrong_with_it_is_said_in_dutch(client: httpx.Client) -> None:
    reply = client.post("/v1/chat", content=b"[" * 30_000, headers={"content-type": "application/json"}).json()
    assert reply["type"] == "urn:kompasbot:probleem:ongeldig-verzoek"
    assert "Stuur geldige JSON in UTF-8" in reply["detail"]


@pytest.mark.parametrize("media", [None, "text/plain", "application/x-www-form-urlencoded", "text/json5"])
def test_json_without_its_content_type_is_told_what_to_send(client: httpx.Client, media: str | None) -> None:
    for path in PATHS:
        body = b'{"messages": [{"role": "user", "content": "Hallo"}]}'
        reply = client.post(path, content=body, headers={"content-type": media} if media else {})
        told = reply.json()["error"]["message"] if speaks_openai(path) else reply.json()["detail"]
        assert told == "Zet 'Content-Type: application/json' bij het verzoek, en stuur JSON mee."


def test_what_a_value_must_be_is_told(client: httpx.Client) -> None:
    told = {
        b"": "Het verzoek is leeg. Stuur JSON mee; zie /docs.",
        b"[1]": "Dit moet een object zijn, tussen accolades.",
        b"null": "Dit moet een object zijn, tussen accolades.",
        b'{"messages": {}}': "Bij 'messages': Dit moet een lijst zijn.",
        b'{"messages": [1]}': "Bij 'messages.0': Dit moet een object zijn, tussen accolades.",
        b'{"messages": [{"role": "user", "content": "x"}], "stream": []}': "Bij 'stream': Dit moet true of false zijn.",
    }
    for body, detail in told.items():
        reply = client.post("/v1/chat", content=body, headers={"content-type": "application/json"})
        assert (reply.status_code, reply.json()["detail"]) == (422, detail)


INVISIBLE = (
    "\u200b",
    "\u200b\u2060\ufeff",
    "\u00ad \t\u200d",
    "\u3164",
    "\u2800\u2800",
    "\ufe0f",
    "\U000e0041",
    "\u202e\u2066",
)


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_text_of_invisible_signs_alone_is_empty(client: httpx.Client, text: str) -> None:
    asked = {"messages": [{"role": "user", "content": text}]}
    assert client.post("/v1/chat", json=asked).json()["detail"].startswith("De vraag is leeg.")
    assert client.post("/v1/chat/completions", json=asked).json()["error"]["message"].startswith("De vraag is leeg.")
    assert client.get("/v1/search", params={"q": text}).json()["detail"].startswith("De zoekvraag is leeg.")
    assert client.post("/v1/suggestions", json={"text": text}).json()["detail"].startswith("De suggestie is leeg.")
    form = client.post("/chat", data={"vraag": text})
    assert (form.status_code, "De vraag is leeg." in form.text) == (422, True)


def test_invisible_signs_in_a_text_that_can_be_seen_stay() -> None:
    for text in ("\U0001f469\u200d\U0001f393", "hand\u00advat", " Hallo\ufe0f "):
        assert clean(text) == text
