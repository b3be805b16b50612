"""Limits, switches and keys as a client sees them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kompasbot.answering.answer import Event, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.server.guard.admission import duration
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running
from tests.shelf import assistant

HELLO = {"messages": [{"role": "user", "content": "Hallo!"}]}
TOKEN = "een-lange-sleutel-voor-beheer"


@contextmanager
def serving(
    folder: Path, bot: Assistant | None = None, proxy: str | None = None, **settings: Any
) -> Iterator[httpx.Client]:
    app = make_app(Settings(data=folder, **settings), bot)
    with (
        running(app, proxy_headers=bool(proxy), forwarded_allow_ips=proxy or "") as address,
        httpx.Client(base_url=address, timeout=10) as client,
    ):
        yield client


def test_too_many_requests_are_a_problem_that_says_when_to_come_back(tmp_path: Path) -> None:
    with serving(tmp_path, limit_visitor="2/minute") as client:
        replies = [client.post("/v1/chat", json=HELLO) for _ in range(3)]
    assert [one.status_code for one in replies] == [200, 200, 429]
    refused = replies[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["type"] == "urn:kompasbot:probleem:limiet"
    assert "Wacht" in refused.json()["detail"]


def test_questions_by_the_form_count_too(tmp_path: Path) -> None:
    with serving(tmp_path, limit_visitor="2/minute") as client:
        replies = [client.post("/chat", data={"vraag": "Hallo!"}) for _ in range(3)]
    assert [one.status_code for one in replies] == [200, 200, 429]
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 60
    assert "Wacht" in replies[-1].text
    assert ">Hallo!</textarea>" in replies[-1].text


def test_pages_health_and_figures_do_not_count(tmp_path: Path) -> None:
    with serving(tmp_path, limit_visitor="1/minute") as client:
        assert {client.get(path).status_code for path in ("/", "/healthz", "/readyz", "/metrics") * 3} == {200}
        assert client.get("/v1/items").status_code == 200


def test_an_untrusted_visitor_can_not_pose_as_another(tmp_path: Path) -> None:
    with serving(tmp_path, limit_visitor="1/minute") as client:
        found = [client.get("/v1/items", headers={"x-forwarded-for": f"192.0.2.{at}"}) for at in range(2)]
    assert [one.status_code for one in found] == [200, 429]


def test_behind_a_trusted_proxy_each_visitor_counts_alone(tmp_path: Path) -> None:
    with serving(tmp_path, proxy="127.0.0.0/8", limit_visitor="1/minute") as client:
        posing = "198.51.100.9, 192.0.2.1"
        found = [
            client.get("/v1/items", headers={"x-forwarded-for": one}) for one in ("192.0.2.1", "192.0.2.2", posing)
        ]
    assert [one.status_code for one in found] == [200, 200, 429]


class Held(Assistant):
    """Answers no one until it is told to."""

    def __init__(self) -> None:
        super().__init__(Settings(), load_texts())
        self.free = threading.Event()

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        await asyncio.to_thread(self.free.wait, 60)
        async for event in super().events(index, question):
            yield event


def in_order(bot: Held, number: int, refused: int, send: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The replies to requests that are sent at once, as they come; the bot is freed after so many."""
    found: list[httpx.Response] = []
    with ThreadPoolExecutor(number) as pool:
        for done in as_completed([pool.submit(send) for _ in range(number)]):
            found.append(done.result())
            if len(found) == refused:
                bot.free.set()
    return found


def test_more_at_once_than_set_is_refused_at_once(tmp_path: Path) -> None:
    bot = Held()
    with serving(tmp_path, bot, max_concurrent=2) as client:
        replies = in_order(bot, 4, 2, lambda: client.post("/v1/chat", json=HELLO, timeout=60))
        assert [one.status_code for one in replies] == [429, 429, 200, 200]
        assert client.post("/v1/chat", json=HELLO).status_code == 200


def test_the_form_counts_among_those_at_once(tmp_path: Path) -> None:
    bot = Held()
    with serving(tmp_path, bot, max_concurrent=2) as client:
        replies = in_order(bot, 4, 2, lambda: client.post("/chat", data={"vraag": "Hallo!"}, timeout=60))
    assert [one.status_code for one in replies] == [429, 429, 200, 200]
    refused = replies[0]
    assert "Het is nu erg druk" in refused.text
    assert ">Hallo!</textarea>" in refused.text


def test_a_refusal_does_not_wait_for_those_who_were_let_in_before(tmp_path: Path) -> None:
    bot = Held()
    with serving(tmp_path, bot, limit_total="10/hour") as client:
        replies = in_order(bot, 15, 5, lambda: client.post("/v1/chat", json=HELLO, timeout=60))
    assert [one.status_code for one in replies] == [429] * 5 + [200] * 10


@pytest.mark.parametrize(("switch", "off", "on"), [("web", "/", "/v1/items"), ("api", "/v1/items", "/chat")])
def test_a_part_that_is_switched_off_says_so(tmp_path: Path, switch: str, off: str, on: str) -> None:
    with serving(tmp_path, None, None, **{switch: False}) as client:
        reply = client.get(off)
        assert (reply.status_code, client.get(on).status_code) == (503, 200)
        assert "staat nu uit" in reply.json()["detail"]
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("base_path", ["", "/kompas"])
def test_without_the_interface_the_pages_lead_to_the_form_that_needs_none(tmp_path: Path, base_path: str) -> None:
    with serving(tmp_path, api=False, base_path=base_path) as client:
        home = client.get(f"{base_path}/")
        assert (home.status_code, home.headers["location"]) == (303, f"{base_path}/chat")
        asked = client.post(home.headers["location"], data={"vraag": "Wat is de Kieswijzer?"})
        assert "Kieswijzer lesmateriaal" in asked.text
        embedding = client.get(f"{base_path}/insluiten")
    assert embedding.status_code == 503
    assert "Het chatvenster voor websites staat nu uit" in embedding.text
    assert "<kompas-chat" not in embedding.text + asked.text


@pytest.mark.parametrize("token", [None, ""])
def test_the_maintainers_routes_are_not_there_without_a_key(tmp_path: Path, token: str | None) -> None:
    with serving(tmp_path, admin_token=token) as client:
        assert client.get("/beheer/toestand").status_code == 404


def test_the_maintainers_routes_open_with_the_key_alone(tmp_path: Path) -> None:
    with serving(tmp_path, admin_token=TOKEN, limit_total="5/minute") as client:
        wrong = client.get("/beheer/toestand", headers=[(b"authorization", "Bearer é".encode())])
        assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, "Bearer")
        right = client.get("/beheer/toestand", headers={"authorization": f"Bearer {TOKEN}"})
        assert right.json()["grenzen"] == {"bezoeker": [], "totaal": ["5 per 1 minute"]}


def test_a_key_can_not_be_guessed_by_trying(tmp_path: Path) -> None:
    with serving(tmp_path, admin_token=TOKEN) as client:
        found = [client.get("/beheer/toestand").status_code for _ in range(11)]
    assert found == [401] * 10 + [429]


def test_behind_a_proxy_everything_stands_below_the_base_path(tmp_path: Path) -> None:
    with serving(tmp_path, assistant(), base_path="/kompas") as client:
        assert client.get("/kompas/v1/items").status_code == client.get("/v1/items").status_code == 200
        assert client.get("/kompas").status_code == 200
        assert client.get("/kompassen/v1/items").status_code == 404
        assert 'src="/kompas/kompas-chat.js"' in client.get("/kompas/").text
        assert client.get("/kompas/openapi.json").json()["servers"] == [{"url": "/kompas"}]
        counted = 'kompasbot_requests_total{method="GET",route="/v1/items",status="200"} 2.0'
        assert counted in client.get("/kompas/metrics").text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 seconde"), (60, "60 seconden"), (61, "2 minuten"), (3600, "60 minuten"), (7201, "3 uur")],
)
def test_a_waiting_time_is_said_as_people_do(seconds: int, said: str) -> None:
    assert duration(seconds) == said
