"""Clients that send a body byte by byte, or leave halfway, over real sockets."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from pathlib import Path
from threading import Thread

import httpx
import pytest
from pydantic import SecretStr

from kompasbot.server import body
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running

HELLO = {"messages": [{"role": "user", "content": "Hallo!"}]}

FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=x"


@contextmanager
def begun(
    address: str, path: str = "/v1/chat", sent: bytes = b"{", kind: str = "application/json"
) -> Iterator[socket.socket]:
    """A connection on which a request was begun whose body does not come."""
    url = httpx.URL(address)
    with socket.create_connection((url.host, url.port or 80), timeout=20) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 500\r\n\r\n"
        connection.sendall(head.encode() + sent)
        yield connection


def reply_on(connection: socket.socket) -> tuple[HTTPResponse, str]:
    reply = HTTPResponse(connection)
    reply.begin()
    return reply, reply.read().decode()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "GRACE_SECONDS", 0.3)


@pytest.mark.usefixtures("hurried")
def test_a_body_that_does_not_come_is_refused_in_time(client: httpx.Client) -> None:
    with begun(str(client.base_url)) as connection:
        reply, text = reply_on(connection)
    assert (reply.status, reply.headers["content-type"]) == (408, "application/problem+json")
    assert reply.headers["connection"] == "close"
    assert json.loads(text)["type"] == "urn:kompasbot:probleem:te-langzaam"
    assert "te langzaam" in json.loads(text)["detail"]


@pytest.mark.usefixtures("hurried")
def test_a_few_bytes_now_and_then_do_not_put_it_off(client: httpx.Client) -> None:
    with begun(str(client.base_url)) as connection:
        connection.settimeout(0.1)
        began, got = time.monotonic(), b""
        while not got and time.monotonic() < began + 20:
            connection.sendall(b" ")
            try:
                got = connection.recv(12)
            except TimeoutError:
                continue
    assert got == b"HTTP/1.1 408"


@pytest.mark.usefixtures("hurried")
def test_clients_of_openai_are_refused_as_they_know_it(client: httpx.Client) -> None:
    with begun(str(client.base_url), "/v1/chat/completions") as connection:
        reply, text = reply_on(connection)
    assert (reply.status, json.loads(text)["error"]["code"]) == (408, "te-langzaam")


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("path", "kind", "sent"),
    [("/chat", FORM, b"vraag=H"), ("/beheer/inloggen", FORM, b"s"), ("/beheer/inloggen", FILES, b"--x")],
)
def test_a_page_is_refused_with_a_page(settings: Settings, path: str, kind: str, sent: bytes) -> None:
    own = settings.model_copy(update={"admin_token": SecretStr("een-lange-sleutel-voor-beheer")})
    with running(make_app(own)) as address, begun(address, path, sent, kind) as connection:
        reply, text = reply_on(connection)
    assert (reply.status, reply.headers["content-type"]) == (408, "text/html; charset=utf-8")
    assert "te langzaam" in text


def test_a_body_may_take_longer_the_more_comes_in(monkeypatch: pytest.MonkeyPatch, client: httpx.Client) -> None:
    monkeypatch.setattr(body, "GRACE_SECONDS", 0.4)
    rest = json.dumps(HELLO).encode()[1:]
    whole = rest + b" " * (499 - len(rest))
    monkeypatch.setattr(body, "SLOWEST", 100)
    with begun(str(client.base_url)) as connection:
        for at in range(0, len(whole), 50):
            time.sleep(0.1)
            connection.sendall(whole[at : at + 50])
        assert reply_on(connection)[0].status == 200


def test_who_does_not_send_takes_no_place(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, max_concurrent=1)
    with ExitStack() as stack:
        address = stack.enter_context(running(make_app(settings)))
        for path in ("/v1/chat", "/v1/feedback", "/chat"):
            stack.enter_context(begun(address, path))
        assert httpx.post(f"{address}/v1/chat", json=HELLO).status_code == 200
        assert httpx.post(f"{address}/chat", data={"vraag": "Hallo!"}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/chat", "/chat"])
def test_who_leaves_halfway_is_no_error(settings: Settings, caplog: pytest.LogCaptureFixture, path: str) -> None:
    counted = (
        f'kompasbot_requests_total{{method="POST",route="{"-" if path == "/v1/chat" else path}",status="408"}} 1.0'
    )
    with running(make_app(settings), log_config=None) as address:
        with begun(address, path):
            time.sleep(0.2)
        limit = time.monotonic() + 10
        while counted not in (text := httpx.get(f"{address}/metrics").text) and time.monotonic() < limit:
            time.sleep(0.05)
    assert counted in text
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_at_a_stop_it_is_told_so_in_dutch(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(running(make_app(settings), timeout_graceful_shutdown=1, log_config=None))
        connection = stack.enter_context(begun(address))
        time.sleep(0.2)
        stopping = Thread(target=stack.pop_all().close)
        kept = connection.dup()
        stopping.start()
        reply, text = reply_on(kept)
        stopping.join()
        kept.close()
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    assert json.loads(text)["detail"].startswith("De server stopt")
    assert [one for one in caplog.records if "ASGI" in one.getMessage()] == []
