"""The design rules of the Dutch government for REST interfaces (API Design Rules, version 2), where they apply.

What the OpenAPI document shows is checked by the linter in ``designrules.py``; what only a server shows is asked of
one, and the names in brackets are those of the rules.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
import pytest

from kompasbot.server.app import create_app
from kompasbot.server.problems import MEDIA
from kompasbot.settings import Settings
from tests.contract.designrules import RULES, Document, lint, operations

OPENAPI: Document = create_app(Settings(contact="kompasbot@school.example")).api.openapi()
INTERFACE = [(method, path) for method, path, _ in operations(OPENAPI) if path.startswith("/v1/")]


def renamed(old: str, new: str) -> Callable[[Document], object]:
    return lambda document: document["paths"].update({new: document["paths"].pop(old)})


def search(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/v1/search"]["get"]
    return found


FAULTS: dict[str, list[Callable[[Document], object]]] = {
    "/core/doc-openapi": [lambda document: document.update(openapi="2.0")],
    "/core/doc-openapi-contact": [
        lambda document: document["info"].pop("contact"),
        lambda document: document["info"]["contact"].pop("email"),
    ],
    "/core/doc-language": [
        lambda document: search(document).update(summary="Get the items"),
        lambda document: search(document).pop("summary"),
    ],
    "/core/semver": [lambda document: document["info"].update(version="1.0")],
    "/core/uri-version": [
        renamed("/v1/search", "/v2/search"),
        lambda document: document.update(paths={"/search": document["paths"]["/v1/search"]}),
    ],
    "/core/path-segments-kebab-case": [
        renamed("/v1/search", "/v1/searchItems"),
        renamed("/v1/search", "/v1/search_items"),
    ],
    "/core/query-keys-camel-case": [lambda document: search(document)["parameters"][0].update(name="zoek-term")],
    "/core/no-trailing-slash": [renamed("/v1/search", "/v1/search/")],
    "/core/http-methods": [lambda document: document["paths"]["/v1/search"].update(trace=search(document))],
    "/core/error-handling/problem-details": [
        lambda document: search(document)["responses"]["422"].update(content={"application/json": {}}),
        lambda document: search(document)["responses"]["422"]["content"].update({"application/json": {}}),
        lambda document: search(document)["responses"]["422"]["content"]["application/problem+json"].pop("schema"),
        lambda document: search(document).update(responses={"200": {}}),
    ],
}


@pytest.mark.parametrize("name", RULES)
def test_the_document_keeps_to_the_rule(name: str) -> None:
    assert list(RULES[name](OPENAPI)) == []


@pytest.mark.parametrize(("name", "fault"), [(name, fault) for name in RULES for fault in FAULTS[name]])
def test_a_document_that_breaks_one_rule_is_told_which(name: str, fault: Callable[[Document], object]) -> None:
    document = deepcopy(OPENAPI)
    fault(document)
    assert {found.partition(": ")[0] for found in lint(document)} == {name}


def test_the_version_is_in_every_reply(client: httpx.Client) -> None:
    """[/core/version-header]"""
    for path in ("/v1/items", "/v1/niets", "/v1/search"):
        assert client.get(path).headers["api-version"] == OPENAPI["info"]["version"]


def test_the_document_stands_where_it_is_looked_for_and_any_website_may_read_it(client: httpx.Client) -> None:
    """[/core/publish-openapi]"""
    reply = client.get("/v1/openapi.json")
    assert lint(reply.json()) == ["/core/doc-openapi-contact: info.contact"]  # which this server was not told
    assert reply.headers["access-control-allow-origin"] == "*"


def test_a_slash_at_the_end_is_not_found(client: httpx.Client) -> None:
    """[/core/no-trailing-slash]"""
    assert client.get("/v1/items/").status_code == 404
    assert client.get("/v1/search/", params={"q": "robot"}).status_code == 404


def test_dates_are_written_as_the_standard_says(client: httpx.Client) -> None:
    """[/core/date-time/format]"""
    found = client.get("/v1/items").json()["items"]
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", one["updated"]) for one in found)


@pytest.mark.parametrize(("method", "path"), INTERFACE)
def test_the_limits_are_documented(method: str, path: str) -> None:
    assert {"429", "503"} <= set(OPENAPI["paths"][path][method]["responses"])


@pytest.mark.parametrize("operation", [operation for _, _, operation in operations(OPENAPI)])
def test_an_operation_stands_in_a_chapter(operation: dict[str, Any]) -> None:
    assert operation["tags"]


def test_no_two_operations_have_the_same_id() -> None:
    ids = [operation["operationId"] for _, _, operation in operations(OPENAPI)]
    assert len(ids) == len(set(ids))


def test_whom_to_turn_to_is_in_the_document() -> None:
    assert OPENAPI["info"]["contact"] == {"name": "Beheer van deze kompasbot", "email": "kompasbot@school.example"}


def test_an_operation_has_a_name_that_a_client_can_be_made_of() -> None:
    names = {operation["operationId"] for _, _, operation in operations(OPENAPI)}
    assert {"chat", "completions", "models", "search", "items", "item", "feedback", "suggestion"} <= names
    assert all(re.fullmatch(r"[a-z]+", name) for name in names)


@pytest.mark.parametrize("operation", [operation for _, _, operation in operations(OPENAPI)])
def test_a_reply_in_json_has_a_named_shape(operation: dict[str, Any]) -> None:
    for status, reply in operation["responses"].items():
        for media, content in reply.get("content", {}).items():
            assert media not in {"application/json", MEDIA} or "$ref" in content["schema"], (status, media)
