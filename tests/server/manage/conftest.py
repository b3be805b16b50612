"""A maintainer at the pages of a real server on loopback."""

import html
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from kompasbot.server.app import create_app
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running

TOKEN = "een-lange-sleutel-voor-beheer"
SHEET = """# Lesmateriaal

## Inzichten uit onderzoek

- [Jansen (2011)](#) liet zien dat zelfgemaakt materiaal vaker wordt gebruikt.

## Praktijkvoorbeelden

- De bibliotheek van [Drentstad](#) leent een Techkist uit.

## Tools en handvatten

- De [Kieswijzer](#) helpt leraren om te kiezen.

- Het [Vakhuis](#) verzamelt lessen in een kast.
"""
PLATE = "\n- De [Bouwplaat](#) is een bouwdoos voor bruggen van karton.\n"


class Maintainer:
    """Someone with the key, in front of a browser."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.key = ""

    def sign_in(self, token: str = TOKEN) -> httpx.Response:
        reply = self.client.post("/beheer/inloggen", data={"sleutel": token})
        if reply.status_code == 303:
            found = re.search(r'name="sleutel" value="(\w+)"', self.client.get("/beheer/bijwerken").text)
            assert found
            self.key = found[1]
        return reply

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form, with the session's key in it."""
        return self.client.post(f"/beheer/{path}", data={"sleutel": self.key, **fields})

    def upload(self, name: str, content: bytes | str, **fields: str) -> httpx.Response:
        data = {"sleutel": self.key, **fields}
        return self.client.post("/beheer/bestand", data=data, files={"bestand": (name, content)})

    def read(self, part: str) -> str:
        """The text of a page, as a person reads it."""
        reply = self.client.get(f"/beheer/{part}".rstrip("/"))
        assert reply.status_code == 200, reply.text
        return shown(reply)

    def wait(self, seconds: float = 240) -> str:
        """Wait until the task has ended; gives the page with its outcome."""
        limit = time.monotonic() + seconds
        while self.client.get("/beheer/taak").json()["loopt"]:
            assert time.monotonic() < limit, self.read("bijwerken")
            time.sleep(0.1)
        return self.read("bijwerken")

    def asked(self, question: str, said: Callable[[str], bool], seconds: float = 60) -> str:
        """Ask until the answer is as meant: the server takes a moment to take over a new index."""
        limit = time.monotonic() + seconds
        while True:
            reply = self.client.post("/v1/chat", json={"messages": [{"role": "user", "content": question}]})
            answer = str(reply.json().get("answer", reply.text))
            if said(answer) or time.monotonic() > limit:
                return answer
            time.sleep(0.1)


def shown(reply: httpx.Response) -> str:
    """The text of a page without its markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", reply.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@contextmanager
def visiting(app: ASGIApp, sign_in: bool = True, **options: Any) -> Iterator[Maintainer]:
    with running(app, **options) as address, httpx.Client(base_url=address, timeout=30) as client:
        found = Maintainer(client)
        if sign_in:
            assert found.sign_in().status_code == 303
        yield found


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Settings with the pages on, and a corpus of one factsheet."""
    folder = tmp_path / "corpus" / "lesmateriaal"
    folder.mkdir(parents=True)
    (folder / "factsheet.md").write_text(SHEET, encoding="utf-8")
    return Settings(data=tmp_path / "data", corpus=tmp_path / "corpus", admin_token=TOKEN)


@pytest.fixture
def maintainer(own: Settings) -> Iterator[Maintainer]:
    """Someone signed in, over the small fictional index."""
    with visiting(make_app(own)) as found:
        yield found


@contextmanager
def real(settings: Settings) -> Iterator[Maintainer]:
    """Someone signed in at a server that follows the index in its folder."""
    with visiting(create_app(settings)) as found:
        yield found
