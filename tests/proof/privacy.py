"""Nothing of a visitor stays behind: ``python -m tests.proof.privacy``."""

import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Final

import httpx

from kompasbot.records.store import Records
from tests.collector import collecting
from tests.proof.book import Figure, run
from tests.proof.running import Running, serving

TITLE: Final = "Privacy: texts and addresses of visitors"
_NAME: Final = "Zwaluwstaart"
_ADDRESS: Final = "203.0.113.77"
_PLANTED: Final = (_NAME, "123456782", "NL91ABNA0417164300", "0612345678", "anna@voorbeeld.example", _ADDRESS)
_TEXT: Final = "Wie is {}, BSN {}, rekening {}, telefoon {}, mail {}?".format(*_PLANTED[:-1])
_TURNED_AWAY: Final = (404, 422, 429)
_LEAST_SPANS: Final = 8
_VISITOR: Final = {"x-forwarded-for": _ADDRESS, "x-request-id": _NAME}


def measure() -> list[Figure]:
    """With the default settings, the log as JSON and traces: what visitors sent, looked for in all of it."""
    settings = {
        "KOMPASBOT_LOG": "json",
        "KOMPASBOT_LIMIT_VISITOR": "60/minute",
        "KOMPASBOT_TRUSTED_PROXIES": "127.0.0.1",
    }
    with tempfile.TemporaryDirectory() as name, collecting() as collector:
        with serving(Path(name), settings={**settings, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}) as running:
            sent = _visit(running)
            _wait_counted(Path(name))
            figures = httpx.get(f"{running.address}/metrics").text
        log = running.log.read_text()
        kept = b"".join(path.read_bytes() for path in (Path(name) / "data").rglob("*") if path.is_file())
        spans = sum(span.attributes.get("http.response.status_code") in _TURNED_AWAY for span in collector.spans)
    texts = {"log": log.encode(), "figures": figures.encode(), "data": kept, "traces": b"".join(collector.raw)}
    places = {place: text.decode(errors="replace") for place, text in texts.items()}
    found = [f"{word} in the {place}" for place, text in places.items() for word in _PLANTED if word in text]
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    logged = sum(line["logger"] == "kompasbot.access" for line in lines)
    return [
        Figure(
            f"of {len(_PLANTED)} planted texts and addresses in {sent} requests, in log, figures, data and traces",
            "0",
            ", ".join(found) or "0",
            not found and logged > sent / 2 and spans >= _LEAST_SPANS,
        )
    ]


def _wait_counted(folder: Path, seconds: float = 60) -> None:
    """Wait until the statistics were written."""
    limit = time.monotonic() + seconds
    records = Records(folder / "data")
    while not records.answer_counts(date.min) and time.monotonic() < limit:
        time.sleep(0.2)
    records.close()


def _visit(running: Running) -> int:
    """Send the planted texts by every way in, also in ways that fail; how many requests that were."""
    message = [{"role": "user", "content": _TEXT}]
    feedback = {"answer_id": "x", "rating": "down", "include_question": False}
    statuses = []
    with httpx.Client(base_url=running.address, headers=_VISITOR, timeout=30) as client:
        for body in ({"messages": message}, {"messages": message, "stream": True}, {"messages": [_TEXT]}, [_TEXT]):
            statuses.append(client.post("/v1/chat", json=body).status_code)
        statuses.append(client.post("/v1/chat/completions", json={"model": "x", "messages": message}).status_code)
        statuses.append(client.post("/v1/feedback", json=feedback).status_code)
        for path in ("/", "/chat"):
            statuses.append(client.post(path, data={"vraag": _TEXT}).status_code)
        for path in ("/v1/search", "/v1/items", "/", "/nergens"):
            statuses.append(client.get(path, params={"q": _TEXT, "factsheet": _NAME, "vraag": _TEXT}).status_code)
        statuses += [client.get(f"/v1/items/{_NAME}").status_code, client.get(f"/{_NAME}").status_code]
        statuses += [client.get("/v1/items").status_code for _ in range(60)]  # the last of them refused
    assert {200, 404, 422, 429} <= set(statuses), statuses
    assert not any(status >= 500 for status in statuses), statuses
    return len(statuses)


if __name__ == "__main__":
    sys.exit(run(["privacy"]))
