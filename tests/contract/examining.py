"""Sends a server what its own OpenAPI document allows, and holds every reply against that document."""

from collections import Counter
from datetime import timedelta
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, checks
from schemathesis.generation import GenerationMode

from kompasbot.server.openai_wire import speaks_openai
from kompasbot.server.problems import MEDIA

_CHECKS: Final[list[Any]] = [
    checks.not_a_server_error,
    *(one for one in checks.CHECKS.get_all() if one.__name__ in {
        "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    }),
]  # fmt: skip


def examine(address: str, examples: int, seed: int = 0) -> Counter[str]:
    """Try every operation with so many valid and so many invalid requests; how many there were by status.

    Raises what schemathesis finds: a reply of 5xx, or a status, media type or shape that is not in the document.
    """
    told: Counter[str] = Counter()
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
                continue

            @settings(
                max_examples=examples,
                database=None,
                derandomize=True,
                deadline=timedelta(seconds=20),
                suppress_health_check=list(HealthCheck),
                phases=(Phase.explicit, Phase.generate),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def attempt(case: Case[Any]) -> None:
                reply = case.call(base_url=address, timeout=20)
                case.validate_response(reply, checks=_CHECKS)
                media = "application/json" if speaks_openai(case.path) else MEDIA
                assert reply.status_code < 400 or reply.headers["content-type"][0] == media
                told[f"{case.method} {case.path} {reply.status_code}"] += 1

            attempt()
    return told
