"""Heads of requests that no browser sends, on a server as ``serve`` runs it."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from kompasbot.cli.serve import options, unprotected
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running


@pytest.fixture
def address(settings: Settings) -> Iterator[tuple[str, int]]:
    chosen = {
        name: value
        for name, value in options(settings).items()
        if name in ("http", "ws", "h11_max_incomplete_event_size")
    }
    with running(make_app(settings), **chosen) as found:
        url = httpx.URL(found)
        yield url.host, url.port or 80


def test_a_head_without_an_end_is_refused(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as sender:
        sender.sendall(b"GET / HTTP/1.1\r\nhost: a\r\nx: ")
        sent = 0
        try:
            while sent < 10_000_000:
                sender.sendall(b"a" * 65_536)
                sent += 65_536
            reply = sender.recv(100)
        except OSError:
            reply = b""
    assert sent < 10_000_000 or reply.startswith(b"HTTP/1.1 400")


def test_a_longest_search_still_fits(address: tuple[str, int]) -> None:
    reply = httpx.get(f"http://{address[0]}:{address[1]}/v1/search", params={"q": "ë" * 2000})
    assert reply.status_code == 200


def test_a_websocket_is_an_ordinary_request(address: tuple[str, int]) -> None:
    asks = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert httpx.get(f"http://{address[0]}:{address[1]}/v1/items", headers=asks).status_code == 200
    assert httpx.get(f"http://{address[0]}:{address[1]}/nergens", headers=asks).status_code == 404


@pytest.mark.parametrize(
    ("settings", "warns"),
    [
        (Settings(), False),
        (Settings(host="0.0.0.0"), True),
        (Settings(host="0.0.0.0", trusted_proxies="10.0.0.1"), False),
        (Settings(trusted_proxies="127.0.0.1"), False),
    ],
)
def test_a_server_that_others_reach_directly_says_what_belongs_before_it(settings: Settings, warns: bool) -> None:
    warning = unprotected(settings)
    assert (warning is not None and "nginx" in warning) is warns
