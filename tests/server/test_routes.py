"""Items, search, pages and health as a client sees them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx
import pytest

from kompasbot.embedding import LocalEmbedder, Vector
from kompasbot.retrieval.index import Index
from kompasbot.server.app import create_app
from kompasbot.server.wire import ChatReply
from kompasbot.settings import Settings
from kompasbot.store.live import Live
from tests.server.conftest import running
from tests.shelf import ITEMS, Shelf, assistant, knowledge


def test_items_come_in_the_order_of_the_factsheet(client: httpx.Client) -> None:
    page = client.get("/v1/items").json()
    assert [one["id"] for one in page["items"]] == [one.id for one in ITEMS]
    assert page["total"] == len(ITEMS)


def test_items_can_be_filtered_and_paged(client: httpx.Client) -> None:
    page = client.get("/v1/items", params={"type": "tool", "limit": 1, "offset": 1}).json()
    assert [one["title"] for one in page["items"]] == ["Bouwplaat voor lessen"]
    assert page["total"] == 2


def test_an_item_can_be_fetched_by_its_id(client: httpx.Client) -> None:
    assert client.get(f"/v1/items/{ITEMS[1].id}").json()["links"] == [
        {
            "label": "Jansen & Pieters (2011)",
            "url": "https://example.org/jansen",
            "known": "vermoedelijk",
            "health": "unchecked",
        }
    ]


@pytest.mark.parametrize(
    "path", ["/v1/items/nergens/tool/niets", "/v1/items?factsheet=nergens", "/v1/niets", "/x.html"]
)
def test_what_does_not_exist_is_a_problem(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_search_ranks_items(client: httpx.Client) -> None:
    results = client.get("/v1/search", params={"q": "robot voor kleuters", "limit": 3}).json()["results"]
    assert results[0]["title"] == "De Wit: robots in de kleuterklas"
    found = client.get("/v1/search", params={"q": "lesmateriaal voor leraren", "limit": 3}).json()["results"]
    assert len(found) == 3
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)


@pytest.mark.parametrize("query", ["", "  ", "x" * 2001])
def test_a_search_without_a_usable_question_is_a_problem(client: httpx.Client, query: str) -> None:
    assert client.get("/v1/search", params={"q": query}).status_code == 422


def test_a_limit_out_of_range_is_a_problem(client: httpx.Client) -> None:
    response = client.get("/v1/search", params={"q": "robot", "limit": 51})
    assert response.json()["detail"] == "Bij 'limit': Dit getal is te groot."


def test_a_wrong_method_is_a_problem(client: httpx.Client) -> None:
    response = client.delete("/v1/chat")
    assert (response.status_code, response.headers["content-type"]) == (405, "application/problem+json")


def test_the_page_loads_only_from_this_server(client: httpx.Client) -> None:
    response = client.get("/")
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert "//" not in response.text.replace("http://www.w3.org", "").split("<body", 1)[0]


@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/%2e%2e/pyproject.toml", "/..%2fpyproject.toml", "/.git/config"]
)
def test_only_files_of_the_web_folder_are_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_widget_is_served_as_a_module(client: httpx.Client) -> None:
    assert client.get("/kompas-chat.js").headers["content-type"].startswith("text/javascript")


def test_the_interface_is_described_with_dutch_examples(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["components"]["schemas"]["ChatRequest"]["examples"]
    assert set(document["paths"]) == {
        "/v1/chat",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/models",
        "/v1/models/{name}",
        "/v1/feedback",
        "/v1/suggestions",
        "/v1/items",
        "/v1/items/{item_id}",
        "/v1/search",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    assert "Stel een vraag" in client.get("/docs").text


def test_the_examples_of_an_answer_have_its_shape(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    reply = document["paths"]["/v1/chat"]["post"]["responses"]["200"]["content"]["application/json"]
    examples = [example["value"] for example in reply["examples"].values()]
    assert {example["status"] for example in examples} == {"answered", "clarify"}
    for example in examples:
        read = ChatReply.model_validate({**example, "text": example["answer"]})
        assert read.model_dump(mode="json", by_alias=True) == example


@pytest.mark.parametrize("path", ["/a%0Ab", "/v1/items/a%0Ab", "/v1/items/%1DP%0Ak%24%C3%8D"])
def test_a_path_with_a_line_break_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_on_the_interface_shows_commands_for_the_address_that_its_reader_came_by(client: httpx.Client) -> None:
    page = client.get("/docs", headers={"host": "kompas.example:81"}).text
    assert "curl -s http://kompas.example:81/v1/items\n" in page.replace("</code>", "\n")
    assert "<code>stream: true</code>" in page
    assert "`" not in page
    unsafe = client.get("/docs", headers={"host": "x<b>'"}).text
    assert "<b>" not in unsafe


@pytest.mark.parametrize(
    "given", ["0af7651916cd43dd", "0AF7651916CD43DD8448EB211C80319C", "5c0b2b9e-6a5a-4a8e-9a57-7b1c2d3e4f50", "0" * 64]
)
def test_a_request_keeps_an_id_that_a_machine_gave_it(client: httpx.Client, given: str) -> None:
    assert client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["", "<b>", "Zwaluwstaart", "anna-jansen-0612345678", "0612345678", "0" * 15, "0" * 65, "0" * 16 + "-x"]
)
def test_any_other_id_gives_way_to_one_of_our_own(client: httpx.Client, given: str) -> None:
    found = client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"]
    assert (len(found), found != given) == (32, True)


def test_without_an_index_the_server_lives_but_is_not_ready(settings: Settings) -> None:
    with running(create_app(settings)) as address, httpx.Client(base_url=address) as client:
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
        assert (response.status_code, response.headers["retry-after"]) == (503, "5")
        chat = client.post("/v1/chat", json={"messages": [{"role": "user", "content": "Hoi"}]})
        assert (chat.status_code, chat.json()["type"]) == (503, "urn:kompasbot:probleem:geen-index")


class Waiting(LocalEmbedder):
    """Waits before it gives a vector."""

    def __init__(self) -> None:
        self.asked, self.answers = Event(), Event()

    def at_once(self, text: str) -> None:
        return None

    def embed_question(self, text: str) -> Vector:
        self.asked.set()
        self.answers.wait(20)
        return super().embed_question(text)


def test_a_search_that_waits_for_its_vector_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    embedder = Waiting()
    index = Index(Shelf(knowledge()), embedder)  # type: ignore[arg-type]
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_text("test")
    app = create_app(
        Settings(data=tmp_path), live=Live(tmp_path / "index", lambda _: index, lambda _: None), assistant=assistant()
    )
    with running(app) as address, ThreadPoolExecutor(1) as pool:
        searching = pool.submit(httpx.get, f"{address}/v1/search?q=lijm", timeout=60)
        assert embedder.asked.wait(20)
        assert httpx.get(f"{address}/v1/items", timeout=60).status_code == 200
        assert not searching.done()
        embedder.answers.set()
        assert searching.result().json()["results"]
        figures = httpx.get(f"{address}/metrics", timeout=60).text
        assert 'kompasbot_embedding_questions_total{outcome="embedded"} 1.0' in figures
