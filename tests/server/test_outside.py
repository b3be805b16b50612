"""A visitor is told when a question goes to a language model outside, before it is asked and with the answer."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from kompasbot.answering.answer import Done, EngineUsed, Event, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.endpoint import outside
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running

ELSEWHERE = "https://llm.example.org/v1"
NOTICE = "Je vraag gaat naar een taalmodel buiten deze organisatie (llm.example.org)."


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, None),
        ({"openai_api_key": "sleutel"}, "api.openai.com"),
        ({"openai_base_url": ELSEWHERE}, "llm.example.org"),
        ({"openai_base_url": ELSEWHERE, "openai_api_key": "sleutel"}, "llm.example.org"),
        ({"openai_base_url": "https://user:wachtwoord@LLM.example.org:8443/v1"}, "llm.example.org"),
        ({"openai_base_url": "http://8.8.8.8/v1"}, "8.8.8.8"),
        ({"openai_base_url": "http://[2606:4700::1]/v1"}, "2606:4700::1"),
        ({"openai_base_url": "http://localhost:11434/v1"}, None),
        ({"openai_base_url": "http://127.0.0.1:11434/v1"}, None),
        ({"openai_base_url": "http://[::1]:11434/v1"}, None),
        ({"openai_base_url": "http://192.168.1.20/v1"}, None),
        ({"openai_base_url": "http://10.0.0.3/v1", "openai_api_key": "sleutel"}, None),
        ({"openai_base_url": "http://[fd00::3]/v1"}, None),
        ({"openai_base_url": "http://ollama:11434/v1"}, None),
        ({"openai_base_url": "http://gpu.school.internal/v1"}, None),
        ({"embedding_base_url": "https://vec.example.org/v1"}, None),
        ({"embedding_base_url": "https://vec.example.org/v1", "embedding_model": "m"}, "vec.example.org"),
        (
            {"openai_base_url": ELSEWHERE, "embedding_base_url": "https://vec.example.org/v1", "embedding_model": "m"},
            "llm.example.org en vec.example.org",
        ),
        (
            {"openai_base_url": ELSEWHERE, "embedding_base_url": "http://tei:80/v1", "embedding_model": "m"},
            "llm.example.org",
        ),
        ({"openai_api_key": "s", "embedding_model": "m"}, "api.openai.com"),
    ],
)
def test_outside_is_what_is_not_on_this_machine_or_its_network(settings: dict[str, Any], host: str | None) -> None:
    assert outside(Settings(**settings)) == host


class ByModel(Assistant):
    """Answers without the model that is configured, and says that it wrote them."""

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        async for event in super().events(index, replace(question, engine="extractive")):
            yield Done(replace(event.answer, engine=EngineUsed("llm", "m"))) if isinstance(event, Done) else event


@contextmanager
def visiting(folder: Path, url: str | None) -> Iterator[httpx.Client]:
    settings = Settings(data=folder, openai_base_url=url)
    app = make_app(settings, ByModel(settings, load_texts()))
    with running(app) as address, httpx.Client(base_url=address, timeout=10) as client:
        yield client


def test_the_page_the_form_and_the_widget_say_it_before_a_question_is_asked(tmp_path: Path) -> None:
    with visiting(tmp_path, ELSEWHERE) as client:
        assert NOTICE in unescape(client.get("/").text)
        assert NOTICE in unescape(client.get("/chat").text)
        assert 'KompasChat.outside = "llm.example.org";' in client.get("/kompas-chat.js").text


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9/v1"])
def test_without_a_model_outside_nothing_is_said(tmp_path: Path, url: str | None) -> None:
    with visiting(tmp_path, url) as client:
        assert "taalmodel" not in client.get("/").text + client.get("/chat").text
        assert 'KompasChat.outside = "";' in client.get("/kompas-chat.js").text


def test_what_a_browser_kept_is_not_kept_when_the_model_moves(tmp_path: Path) -> None:
    tags = []
    for url in (ELSEWHERE, None):
        with visiting(tmp_path, url) as client:
            tags.append([client.get(path).headers["etag"] for path in ("/", "/kompas-chat.js")])
    assert not set(tags[0]) & set(tags[1])


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (ELSEWHERE, "geschreven door een taalmodel buiten deze organisatie (llm.example.org). Elke zin"),
        ("http://127.0.0.1:9/v1", "geschreven door een taalmodel. Elke zin"),
    ],
)
def test_the_form_says_with_the_answer_whose_model_wrote_it(tmp_path: Path, url: str, says: str) -> None:
    with visiting(tmp_path, url) as client:
        page = unescape(client.post("/chat", data={"vraag": "Wat is de Kieswijzer?"}).text)
    assert says in page
    assert (NOTICE in page) == (url == ELSEWHERE)
