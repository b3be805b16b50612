"""Examples of replies for the OpenAPI document, whole, with every field; a test holds them against the shapes."""

from typing import Any, Final

_ENGINE: Final = {"name": "extractive", "model": None, "prompt": None, "fallback_reason": None}
_ASKED_BACK: Final = "Waarover wil je iets weten? Kies een vraag, of typ je eigen vraag."
_TOLD: Final = "In de regio leent de bibliotheek een kist met bouwdozen uit aan twaalf basisscholen. [1]"

ANSWER: Final[dict[str, Any]] = {
    "id": "4f6c1d0be7a94b0c8f4e2a7d5c3b9a10",
    "status": "answered",
    "answer": _TOLD,
    "blocks": [
        {
            "kind": "section",
            "heading": None,
            "list": False,
            "sentences": [{"text": _TOLD, "citations": [1], "origin": "item"}],
        }
    ],
    "citations": [
        {
            "number": 1,
            "item_id": "lesmateriaal/praktijkvoorbeeld/techkist",
            "factsheet": "lesmateriaal",
            "type": "praktijkvoorbeeld",
            "position": 1,
            "title": "De techkist",
            "quote": "In de regio leent de bibliotheek een kist met bouwdozen uit aan twaalf basisscholen.",
            "url": "https://techkist.example/",
            "known": "bekend",
            "origin": "factsheet",
            "updated": "2026-01-01",
            "linked_from": [],
            "document": None,
        }
    ],
    "suggestions": ["Wat zit er in de techkist?"],
    "complete": True,
    "engine": _ENGINE,
    "index": "20261124-190500-f0ce58f2",
    "usage": None,
}
CLARIFY: Final[dict[str, Any]] = {
    "id": "b0a7e3d2c1f84f6e9d5a4c3b2e1f0a99",
    "status": "clarify",
    "answer": _ASKED_BACK,
    "blocks": [
        {
            "kind": "intro",
            "heading": None,
            "list": False,
            "sentences": [{"text": _ASKED_BACK, "citations": [], "origin": "own"}],
        }
    ],
    "citations": [],
    "suggestions": ["Welke praktijkvoorbeelden zijn er?", "Wat zegt onderzoek over lesmateriaal?"],
    "complete": True,
    "engine": _ENGINE,
    "index": "20261124-190500-f0ce58f2",
    "usage": None,
}

REPLIES: Final[dict[str, dict[str, Any]]] = {
    "/v1/chat": {
        "antwoord": {"summary": "Een antwoord met zijn bron", "value": ANSWER},
        "vraag-terug": {"summary": "Een vraag terug, met keuzes", "value": CLARIFY},
    }
}
"""By the path whose replies they are."""
