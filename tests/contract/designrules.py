"""A linter for the design rules of the Dutch government for REST interfaces (API Design Rules, version 2).

Each rule that an OpenAPI document can show stands here by its own name, and tells where a document breaks it. The
published ruleset is for Spectral, a program of another ecosystem, and has to be fetched; these are the same rules.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from kompasbot.server.openai_wire import speaks_openai

Document = dict[str, Any]
Rule = Callable[[Document], Iterator[str]]
_SEMVER: Final = re.compile(r"(\d+)\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?")
_ENGLISH: Final = frozenset(("the", "and", "get", "returns"))


def lint(document: Document) -> list[str]:
    """Where a document breaks a rule, as ``/core/rule: place``."""
    return [f"{name}: {place}" for name, rule in RULES.items() for place in rule(document)]


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The method, path and description of each operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _version_3(document: Document) -> Iterator[str]:
    if not re.fullmatch(r"3(\.\d+){1,2}", document.get("openapi", "")):
        yield "openapi"


def _contact(document: Document) -> Iterator[str]:
    found = document["info"].get("contact", {})
    if not (found.get("name") and (found.get("email") or found.get("url"))):  # one way to reach someone is enough here
        yield "info.contact"


def _semver(document: Document) -> Iterator[str]:
    if not _SEMVER.fullmatch(document["info"]["version"]):
        yield "info.version"


def _uri_version(document: Document) -> Iterator[str]:
    found = _SEMVER.fullmatch(document["info"]["version"])
    prefix = f"/v{max(int(found[1]) if found else 0, 1)}/"  # before 1.0.0 too: addresses stay when it comes
    versioned = [path for path in document["paths"] if path.startswith("/v")]
    yield from (path for path in versioned if not path.startswith(prefix))
    if not versioned:
        yield "paths"


def _kebab_case(document: Document) -> Iterator[str]:
    for path in document["paths"]:
        if not all(re.fullmatch(r"[a-z][a-z0-9-]*|\{\w+\}|", part) for part in path.split("/")):
            yield path


def _no_trailing_slash(document: Document) -> Iterator[str]:
    return (path for path in document["paths"] if path.endswith("/") and path != "/")


def _camel_case(document: Document) -> Iterator[str]:
    for method, path, operation in operations(document):
        for one in operation.get("parameters", []):
            if one["in"] == "query" and not re.fullmatch(r"[a-z][a-zA-Z0-9]*", one["name"]):
                yield f"{method} {path} ?{one['name']}"


def _http_methods(document: Document) -> Iterator[str]:
    allowed = {"get", "post", "put", "patch", "delete"}
    return (f"{method} {path}" for method, path, _ in operations(document) if method not in allowed)


def _doc_language(document: Document) -> Iterator[str]:
    for method, path, operation in operations(document):
        told = f"{operation.get('summary', '')} {operation.get('description', '')}".lower()
        if not operation.get("summary") or _ENGLISH & set(re.findall(r"\w+", told)):
            yield f"{method} {path}"


def _problem_details(document: Document) -> Iterator[str]:
    for method, path, operation in operations(document):
        errors = {status: reply for status, reply in operation["responses"].items() if status[0] in "45"}
        if not errors:
            yield f"{method} {path}"
        for status, reply in errors.items():
            # What speaks OpenAI's language has to fail as OpenAI does.
            media = "application/json" if speaks_openai(path) else "application/problem+json"
            content = reply.get("content", {})
            if list(content) != [media] or "schema" not in content[media]:
                yield f"{method} {path} {status}"


RULES: Final[dict[str, Rule]] = {
    "/core/doc-openapi": _version_3,
    "/core/doc-openapi-contact": _contact,
    "/core/doc-language": _doc_language,
    "/core/semver": _semver,
    "/core/uri-version": _uri_version,
    "/core/path-segments-kebab-case": _kebab_case,
    "/core/query-keys-camel-case": _camel_case,
    "/core/no-trailing-slash": _no_trailing_slash,
    "/core/http-methods": _http_methods,
    "/core/error-handling/problem-details": _problem_details,
}
"""The rules by their names. Those that only a running server can show are tests beside this."""
