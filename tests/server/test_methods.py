"""HEAD wherever there is GET, and 405 with the methods that a path knows."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kompasbot.settings import Settings
from tests.server.conftest import make_app, running

KEY = "een-lange-sleutel-voor-beheer"
READ = (
    *("/", "/chat", "/docs", "/insluiten", "/kompas-chat.js", "/widget/kompas-chat.js", "/openapi.json"),
    *("/v1/items", "/v1/search?q=robot", "/v1/models", "/v1/openapi.json", "/healthz", "/readyz"),
    *("/nergens", "/v1/nergens", "/beheer", "/beheer/inloggen", "/beheer/toestand", "/v1/items/nergens", "/v1/search"),
)  # fmt: skip
CHANGING = {"date", "x-request-id"}


@pytest.fixture(params=["", "/kompas"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[httpx.Client]:
    settings = Settings(data=tmp_path, admin_token=KEY, base_path=request.param)
    with running(make_app(settings)) as address, httpx.Client(base_url=address + request.param, timeout=20) as found:
        yield found


def test_head_gives_the_headers_of_get_and_nothing_else(client: httpx.Client) -> None:
    for path in READ:
        head, whole = client.head(path), client.get(path)
        assert head.status_code == whole.status_code, path
        assert head.content == b""
        shown = [{name: value for name, value in one.headers.items() if name not in CHANGING} for one in (head, whole)]
        assert shown[0] == shown[1], path
        assert int(head.headers["content-length"]) == int(whole.headers["content-length"]), path


def test_the_figures_answer_head_too(client: httpx.Client) -> None:
    reply = client.head("/metrics")
    assert (reply.status_code, reply.content) == (200, b"")


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("GET", "/v1/chat", {"POST"}),
        ("HEAD", "/v1/chat/completions", {"POST"}),
        ("GET", "/v1/responses", {"POST"}),
        ("GET", "/v1/feedback", {"POST"}),
        ("GET", "/beheer/publiceren", {"POST"}),
        ("DELETE", "/chat", {"GET", "HEAD", "POST"}),
        ("PUT", "/beheer/inloggen", {"GET", "HEAD", "POST"}),
        ("POST", "/v1/items", {"GET", "HEAD"}),
        ("PATCH", "/healthz", {"GET", "HEAD"}),
        ("OPTIONS", "/v1/chat", {"POST"}),
        ("PROPFIND", "/v1/search", {"GET", "HEAD"}),
        ("POST", "/", {"GET", "HEAD"}),
        ("DELETE", "/pagina.css", {"GET", "HEAD"}),
        ("POST", "/openapi.json", {"GET", "HEAD"}),
    ],
)
def test_a_method_that_a_path_does_not_know_is_told_those_it_knows(
    client: httpx.Client, method: str, path: str, known: set[str]
) -> None:
    reply = client.request(method, path)
    assert (reply.status_code, set(reply.headers.get("allow", "").split(", "))) == (405, known)


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_path_that_is_nowhere_is_not_found_by_any_method(client: httpx.Client, method: str) -> None:
    assert {client.request(method, path).status_code for path in ("/nergens", "/v1/nergens", "/x.html")} == {404}
