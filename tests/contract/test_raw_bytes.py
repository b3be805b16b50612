"""Bodies that no generator of JSON makes: every operation refuses them as its document says."""

from typing import Final

import httpx
import pytest

from kompasbot.server.openai_wire import speaks_openai
from kompasbot.server.problems import MEDIA
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
