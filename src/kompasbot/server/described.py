"""What the OpenAPI document says of the interface as a whole: what it is, whom to turn to, how it fails."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI

from kompasbot.server.examples import REPLIES
from kompasbot.server.openai_wire import speaks_openai
from kompasbot.server.problems import MEDIA
from kompasbot.server.wire import Problem

DESCRIPTION: Final = (
    "Een assistent die vragen over technologieonderwijs in de regio beantwoordt vanuit de factsheets van het "
    "Interventiekompas, en bij elke zin de bron noemt. Fouten zijn problem-objecten (RFC 9457) met een Nederlandse "
    "uitleg."
)
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": text, "content": {MEDIA: {}}}
    for status, text in {
        403: "Deze website mag de assistent niet gebruiken.",
        404: "Het item of de factsheet bestaat niet.",
        408: "Het verzoek kwam niet op tijd helemaal binnen.",
        409: "De gevraagde engine is niet beschikbaar.",
        413: "Het verzoek is te groot.",
        422: "De vraag kan zo niet worden verwerkt.",
        429: "Er komt nu te veel binnen; `Retry-After` zegt hoeveel seconden je wacht.",
        500: "Er ging iets mis.",
        503: "Er is nog geen index, de assistent staat uit, of de database is niet te bereiken.",
    }.items()
}


class Described(FastAPI):
    """FastAPI, with each error described by the media type that it is sent with, and examples as they are.

    FastAPI describes the model of a reply by the media type of the route, also where another type stands beside it; and
    the errors of all routes also where a route has its own, those of OpenAI. It leaves null out of examples.
    """

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if not self.openapi_schema:
            for path, methods in super().openapi()["paths"].items():
                for operation in methods.values():
                    operation["responses"] = dict(_described(path, operation["responses"]))
                    if path in REPLIES:
                        operation["responses"]["200"]["content"]["application/json"]["examples"] = REPLIES[path]
        return super().openapi()


def _described(path: str, responses: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for status, reply in responses.items():
        content = reply.get("content", {})
        if MEDIA not in content:
            yield status, reply
        elif not speaks_openai(path):
            schemas = [one["schema"] for one in content.values() if "schema" in one]
            yield status, {**reply, "content": {MEDIA: {"schema": schemas[0]}}}


def contact(given: str | None) -> dict[str, str]:
    """Whom users of the interface can turn to, as OpenAPI wants it."""
    name = {"name": "Beheer van deze kompasbot"}
    if not given:
        return name
    return {**name, ("email" if "@" in given and "://" not in given else "url"): given}
