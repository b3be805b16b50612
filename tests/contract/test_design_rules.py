"""The design rules of the Dutch government for REST interfaces (API Design Rules, version 2), where they apply.

The names in brackets are those of the rules.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kompasbot.server.app import create_app
from kompasbot.server.openai_wire import speaks_openai
from kompasbot.settings import Settings

OPENAPI: dict[str, Any] = create_app(Settings(contact="kompasbot@school.example")).api.openapi()
OPERATIONS = [
    (method, path, operation) for path, methods in OPENAPI["paths"].items() for method, operation in methods.items()
]
INTERFACE = [path for path in OPENAPI["paths"] if path.startswith("/v1/")]


def problems_of(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((status, reply) for status, reply in operation["responses"].items() if status[0] in "45")


def test_the_major_version_is_in_the_address() -> None:
    """[/core/uri-version]"""
    major = OPENAPI["info"]["version"].split(".")[0]
    assert len(INTERFACE) > 3
    assert all(re.match(rf"/v{max(int(major), 1)}/", path) for path in INTERFACE)


def test_the_version_is_semantic_and_in_every_reply(client: httpx.Client) -> None:
    """[/core/semver, /core/version-header]"""
    assert re.fullmatch(r"\d+\.\d+\.\d+", OPENAPI["info"]["version"])
    for path in ("/v1/items", "/v1/niets", "/v1/search"):
        assert client.get(path).headers["api-version"] == OPENAPI["info"]["version"]


def test_whom_to_turn_to_is_in_the_document() -> None:
    """[/core/doc-openapi-contact]"""
    assert OPENAPI["info"]["contact"] == {"name": "Beheer van deze kompasbot", "email": "kompasbot@school.example"}


def test_the_document_stands_where_it_is_looked_for_and_any_website_may_read_it(client: httpx.Client) -> None:
    """[/core/publish-openapi, /core/doc-openapi]"""
    reply = client.get("/v1/openapi.json")
    assert reply.json()["openapi"].startswith("3.")
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", OPENAPI["paths"])
def test_paths_are_lower_case_words_without_a_slash_at_the_end(path: str) -> None:
    """[/core/path-segments-kebab-case, /core/no-trailing-slash]"""
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*|\{[a-z_]+\}", part) for part in path.strip("/").split("/"))
    assert not path.endswith("/")


def test_a_slash_at_the_end_is_not_found(client: httpx.Client) -> None:
    """[/core/no-trailing-slash]"""
    assert client.get("/v1/items/").status_code == 404
    assert client.get("/v1/search/", params={"q": "robot"}).status_code == 404


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_an_operation_is_described_in_dutch_and_uses_a_standard_method(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    """[/core/http-methods, /core/doc-language]"""
    assert method in {"get", "post", "put", "patch", "delete"}
    assert operation["summary"]
    assert operation["tags"]
    words = set(re.findall(r"\w+", (operation["summary"] + " " + operation.get("description", "")).lower()))
    assert not words & {"the", "and", "get", "returns"}
    names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9]*", name) for name in names)


@pytest.mark.parametrize(("method", "path", "operation"), [one for one in OPERATIONS if not speaks_openai(one[1])])
def test_errors_are_problem_objects(method: str, path: str, operation: dict[str, Any]) -> None:
    """[/core/error-handling/problem-details], but for the interface that has to be as OpenAI's is."""
    documented = dict(problems_of(operation))
    assert documented
    assert all("application/problem+json" in reply["content"] for reply in documented.values())


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in OPERATIONS if path in INTERFACE])
def test_the_limits_are_documented(method: str, path: str) -> None:
    assert {"429", "503"} <= set(OPENAPI["paths"][path][method]["responses"])


def test_no_two_operations_have_the_same_id() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_dates_are_written_as_the_standard_says(client: httpx.Client) -> None:
    """[/core/date-time]"""
    found = client.get("/v1/items").json()["items"]
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", one["updated"]) for one in found)
