"""Errors of the HTTP interface: problem objects (RFC 9457) in Dutch, with a stable ``type`` and never a stack trace."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kompasbot.errors import (
    BadRequest,
    EngineUnavailable,
    IndexFailure,
    KompasbotError,
    LimitReached,
    NotFound,
    RecordsFailure,
    UpstreamError,
)
from kompasbot.server.body import Incomplete, TooLarge
from kompasbot.server.methods import allowed
from kompasbot.server.openai_wire import INSTEAD, error_of, speaks_openai
from kompasbot.server.paths import path_of
from kompasbot.server.wire import Problem

_log = logging.getLogger(__name__)
MEDIA: Final = "application/problem+json"
_STATUS: Final[tuple[tuple[type[KompasbotError], int], ...]] = (
    (BadRequest, 422),
    (NotFound, 404),
    (EngineUnavailable, 409),
    (IndexFailure, 503),
    (UpstreamError, 502),
    (LimitReached, 429),
    (RecordsFailure, 503),
    (Incomplete, 408),
    (TooLarge, 413),
)
_TITLES: Final = {
    400: "Het verzoek is ongeldig",
    401: "Je hebt een sleutel nodig",
    403: "Dit mag niet vanaf deze website",
    404: "Niet gevonden",
    405: "Deze methode kan hier niet",
    408: "Het verzoek kwam niet op tijd binnen",
    409: "Deze engine is niet beschikbaar",
    413: "Het verzoek is te groot",
    422: "De vraag kan zo niet worden verwerkt",
    429: "Het is nu te druk",
    500: "Er ging iets mis",
    502: "Een dienst buiten kompasbot geeft geen goed antwoord",
    503: "De assistent is nog niet klaar",
}
_TITLES_OF_KINDS: Final = {
    "bewaren": "Je bericht is niet bewaard",
    "uitgezet": "Dit staat nu uit",
    "stopt": "De server stopt",
}
_FIELD: Final = {
    "missing": "Dit veld ontbreekt.",
    "string_type": "Dit moet tekst zijn.",
    "list_type": "Dit moet een lijst zijn.",
    "dict_type": "Dit moet een object zijn, tussen accolades.",
    "model_attributes_type": "Dit moet een object zijn, tussen accolades.",
    "json_invalid": "Dit is geen geldige JSON.",
    "too_short": "Deze lijst mag niet leeg zijn.",
    "string_too_short": "Vul hier iets in.",
    "string_too_long": "Deze tekst is te lang.",
    "string_pattern_mismatch": "Deze waarde kan hier niet.",
    "bool_parsing": "Dit moet true of false zijn.",
    "bool_type": "Dit moet true of false zijn.",
    "int_parsing": "Dit moet een geheel getal zijn.",
    "int_type": "Dit moet een geheel getal zijn.",
    "int_from_float": "Dit moet een geheel getal zijn.",
    "less_than_equal": "Dit getal is te groot.",
    "greater_than_equal": "Dit getal is te klein.",
}
_UNREAD: Final = 400
"""What FastAPI makes of a body that Python's JSON reader gives up on otherwise than by saying that it is no JSON."""
UNREADABLE: Final = (
    "Deze JSON is niet te lezen. Stuur geldige JSON in UTF-8, zonder heel lange getallen en niet te diep genest."
)
_UNLABELLED: Final = "Zet 'Content-Type: application/json' bij het verzoek, en stuur JSON mee."
_EMPTY: Final = "Het verzoek is leeg. Stuur JSON mee; zie /docs."
_OF_FILES: Final = ("GET", "HEAD")
_CHOICE: Final = {"literal_error", "enum"}
_RETRY_SECONDS: Final = "5"


def problem(kind: str, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Problem:
    """A problem object; ``kind`` is the stable last part of its type."""
    title = _TITLES_OF_KINDS.get(kind) or _TITLES.get(status, "Er ging iets mis")
    return Problem(type=f"urn:kompasbot:probleem:{kind}", title=title, status=status, detail=detail, errors=errors)


def problem_of(error: Exception) -> Problem:
    """The problem object of any exception; one that was not raised on purpose tells nothing but that."""
    if not isinstance(error, KompasbotError):
        return problem("onverwacht", 500, "Er ging iets mis in kompasbot. Probeer het later opnieuw.")
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    field = error.field if isinstance(error, BadRequest) else ""
    errors = [{"field": field, "message": str(error)}] if field else None
    return problem(error.kind, status, f"{error} {error.hint}".strip(), errors)


def respond(found: Problem, headers: Mapping[str, str] | None = None, path: str = "") -> Response:
    """A response with a problem object; for a ``path`` of the OpenAI-compatible interface, with an error as there."""
    extra = {"Retry-After": _RETRY_SECONDS, **(headers or {})} if found.status == 503 else dict(headers or {})
    if speaks_openai(path):
        status, reply = error_of(found)
        return Response(reply.model_dump_json(), status, extra, "application/json")
    return Response(found.model_dump_json(exclude_none=True), found.status, extra, MEDIA)


def route_of(scope: Mapping[str, Any]) -> str:
    """The pattern of the route that a request took: a path itself can hold what a visitor typed."""
    return str(getattr(scope.get("route"), "path", "-"))


def install(app: FastAPI) -> None:
    """Answer every error of an app with a problem object."""
    app.add_exception_handler(KompasbotError, _on_known)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unexpected)


def wait_of(error: Exception) -> dict[str, str]:
    """The header that says when to come back, where an error says so."""
    return {"Retry-After": str(error.retry_after)} if isinstance(error, LimitReached) else {}


async def _on_known(request: Request, error: Exception) -> Response:
    return respond(problem_of(error), wait_of(error), path_of(request.scope))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    detail = _about_whole_body(request, errors[0]) if errors and errors[0]["loc"] == ("body",) else None
    if detail:
        found = [{"field": "", "message": detail}]
    else:
        # The first part of a place is where in the request it is: query, body, path.
        detail, found = told([{**one, "loc": one.get("loc", ())[1:]} for one in errors])
    return respond(problem("ongeldig-verzoek", 422, detail, found), path=path_of(request.scope))


def _about_whole_body(request: Request, error: Mapping[str, Any]) -> str | None:
    """What is wrong when none of the body could be read; None when that is told as of any field."""
    if error["type"] == "missing":
        return _EMPTY
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return None if media.endswith(("/json", "+json")) else _UNLABELLED


def told(errors: Sequence[Mapping[str, Any]]) -> tuple[str, list[dict[str, str]]]:
    """The errors that pydantic found, in Dutch: the first as a sentence, and the first ten by field."""
    found = [_field_error(one) for one in errors[:10]]
    first = found[0] if found else {"field": "", "message": ""}
    return (f"Bij '{first['field']}': {first['message']}" if first["field"] else first["message"]), found


def _field_error(error: Mapping[str, Any]) -> dict[str, str]:
    field = ".".join(str(part) for part in error.get("loc", ()))
    kind = str(error.get("type", ""))
    if kind == "json_invalid":
        return {"field": "", "message": _FIELD[kind]}
    if kind in _CHOICE:
        expected = str(error.get("ctx", {}).get("expected", "")).replace(" or ", " of ")
        return {"field": field, "message": f"Kies een van: {expected}."}
    return {"field": field, "message": _FIELD.get(kind, "Deze waarde kan hier niet.")}


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == _UNREAD:
        found = problem("ongeldig-verzoek", 422, UNREADABLE, [{"field": "", "message": UNREADABLE}])
        return respond(found, path=path_of(request.scope))
    details = {
        401: "Geef de sleutel van de beheerder mee: 'Authorization: Bearer …'.",
        404: "Deze pagina bestaat niet.",
        405: "Gebruik een andere methode; zie /docs.",
    }
    kinds = {401: "sleutel", 404: "niet-gevonden", 405: "methode"}
    headers = {"Allow": ", ".join(allowed(request) or _OF_FILES)} if error.status_code == 405 else error.headers
    detail = details.get(error.status_code, "Dit verzoek kan niet worden verwerkt. Zie /docs.")
    path = path_of(request.scope)
    if error.status_code == 404 and speaks_openai(path):
        detail = INSTEAD
    found = problem(kinds.get(error.status_code, "verzoek"), error.status_code, detail)
    return respond(found, headers, path)


async def _on_unexpected(request: Request, error: Exception) -> Response:
    _log.error("unexpected error on %s %s", request.method, route_of(request.scope), exc_info=error)
    return respond(problem_of(error), path=path_of(request.scope))
