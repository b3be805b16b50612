"""An index with vectors from an endpoint: built, searched, refused, and done without."""

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import ingest
from kompasbot.embedding import embedder_for
from kompasbot.endpoint import NO_KEY, EndpointFailure, embedding_key_of
from kompasbot.errors import EngineUnavailable, IndexMismatch
from kompasbot.retrieval.index import open_index
from kompasbot.settings import Settings
from kompasbot.store import current, read_manifest
from tests.ingest.building import CorpusBuilder
from tests.llm.faults import unauthorized
from tests.llm.scripted import Call, Script, serving

ASKED = "Waar bouwen leerlingen een brug van karton?"


def vector(text: str, dimension: int) -> list[float]:
    """A vector that depends on the text only."""
    return [((zlib.crc32(f"{text}{at}".encode()) % 2000) - 1000) / 1000 for at in range(dimension)]


def embedding(dimension: int | Callable[[], int] = 16) -> Script:
    async def script(call: Call) -> None:
        length = dimension() if callable(dimension) else dimension
        data = [
            {"object": "embedding", "index": at, "embedding": vector(text, length)}
            for at, text in enumerate(call.body["input"])
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        await call.reply(200, {"object": "list", "data": data, "model": "m", "usage": usage})

    return script


@dataclass(frozen=True)
class Built:
    """An index that was built with an endpoint's vectors of 16 numbers."""

    data: Path
    corpus: Path

    def settings(self, url: str, **more: object) -> Settings:
        given = {"embedding_model": "vectoren-1", "embedding_seconds": 0.5, "chat_connect_seconds": 0.4} | more
        return Settings(openai_base_url=url, **({"data": self.data} | given))  # type: ignore[arg-type]

    def best(self, url: str) -> str:
        index = open_index(self.settings(url))
        try:
            return index.search(ASKED, 1)[0].item.id
        finally:
            index.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("vectors")
    corpus = CorpusBuilder(folder / "corpus")
    corpus.factsheet()
    found = Built(folder / "data", corpus.path)
    answers = embedding()

    async def script(call: Call) -> None:
        # A failure that passes does not stop the building.
        await (call.error(500) if len(server.calls) == 2 else answers(call))

    with serving(script) as server:
        settings = found.settings(server.url)
        ingest(settings, found.corpus, embedder_for(settings), accept=True)
        assert len(server.calls) >= 3
    return found


def test_an_index_is_searched_with_the_endpoints_vectors(built: Built) -> None:
    with serving(embedding()) as server:
        assert built.best(server.url).endswith("zonneberg")
        assert [call.body["input"] for call in server.calls] == [[ASKED]]
        assert server.calls[0].body["model"] == "vectoren-1"
    index_dir = built.settings("").index_dir
    manifest = read_manifest(index_dir / str(current(index_dir)))
    assert (manifest.embedder, manifest.dimension) == ("endpoint:vectoren-1", 16)


def test_an_index_of_another_embedder_is_refused(built: Built) -> None:
    with pytest.raises(IndexMismatch, match="endpoint:vectoren-1"):
        open_index(Settings(data=built.data))
    with pytest.raises(IndexMismatch, match="vectoren-2"):
        open_index(built.settings("http://127.0.0.1:9/v1", embedding_model="vectoren-2"))


def test_when_the_endpoint_fails_the_search_goes_on_by_words_and_says_so(
    built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    began = time.monotonic()
    assert built.best("http://127.0.0.1:9/v1").endswith("zonneberg")
    assert time.monotonic() - began < 5
    assert "by words alone" in caplog.text


def test_an_endpoint_that_hangs_costs_one_deadline(built: Built) -> None:
    async def hang(call: Call) -> None:
        await call.hang()

    with serving(hang) as server:
        index = open_index(built.settings(server.url))
        began = time.monotonic()
        for question in (ASKED, "Wie ontwerpt lesmateriaal?", "Wat is het Vakhuis?"):
            assert index.search(question, 1)
        assert time.monotonic() - began < 2
        index.close()


def test_a_wrong_dimension_at_a_question_leaves_the_words(built: Built, caplog: pytest.LogCaptureFixture) -> None:
    with serving(embedding(8)) as server:
        assert built.best(server.url).endswith("zonneberg")
    assert "andere lengte (8)" in caplog.text


def test_a_wrong_dimension_is_a_clear_error_when_an_index_is_built(built: Built, tmp_path: Path) -> None:
    lengths = iter([16, *[8] * 50])
    with serving(embedding(lambda: next(lengths))) as server:
        settings = built.settings(server.url, data=tmp_path)
        with pytest.raises(EndpointFailure, match=r"andere lengte \(8\) dan die van de index \(16\)") as raised:
            ingest(settings, built.corpus, embedder_for(settings), accept=True)
    assert "KOMPASBOT_EMBEDDING_DIMENSION" in raised.value.hint
    assert current(settings.index_dir) is None


def test_the_length_can_be_asked_for(built: Built) -> None:
    with serving(embedding(32)) as server:
        embedder = embedder_for(built.settings(server.url, embedding_dimension=32))
        assert embedder.embed_matrix(["een", "twee"]).shape == (2, 32)
        assert server.calls[0].body["dimensions"] == 32


def test_an_embedding_model_without_an_endpoint_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="KOMPASBOT_EMBEDDING_MODEL"):
        embedder_for(Settings(data=tmp_path, embedding_model="vectoren-1"))


def own(url: str, **more: object) -> Settings:
    """Embeddings with an endpoint of their own, and no language model."""
    return Settings(embedding_base_url=url, **({"embedding_model": "vectoren-1"} | more))  # type: ignore[arg-type]


def test_embeddings_work_without_a_language_model_and_by_few_texts_at_once() -> None:
    with serving(embedding()) as server:
        embedder = embedder_for(own(server.url, embedding_batch=2, embedding_dimension=16))
        rows = embedder.embed_matrix(["een", "twee", "drie", "vier", "vijf"])
        assert [call.body["input"] for call in server.calls] == [["een", "twee"], ["drie", "vier"], ["vijf"]]
    assert rows.shape == (5, 16)
    assert not own(server.url).has_endpoint


def test_questions_and_passages_get_the_prefixes_that_the_model_wants() -> None:
    with serving(embedding()) as server:
        given = {
            "embedding_query_prefix": "query: ",
            "embedding_passage_prefix": "passage: ",
            "embedding_dimension": 16,
        }
        embedder = embedder_for(own(server.url, **given))
        embedder.embed_matrix(["een"])
        embedder.embed_question("twee")
        assert [call.body["input"] for call in server.calls] == [["passage: een"], ["query: twee"]]
    without = embedder_for(own(server.url, embedding_dimension=16))
    assert embedder.name != without.name == "endpoint:vectoren-1-16"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"openai_api_key": "van-chat"}, "van-chat"),
        ({"openai_api_key": "van-chat", "embedding_base_url": "http://elders/v1"}, NO_KEY),
        ({"openai_api_key": "van-chat", "embedding_api_key": "eigen"}, "eigen"),
        ({"embedding_base_url": "http://elders/v1", "embedding_api_key": "eigen"}, "eigen"),
        ({}, NO_KEY),
    ],
)
def test_the_key_of_the_language_model_goes_to_no_other_address(given: dict[str, Any], sent: str) -> None:
    assert embedding_key_of(Settings(**given)) == sent


def test_a_failure_names_the_embedding_model_and_its_settings() -> None:
    with (
        serving(unauthorized) as server,
        pytest.raises(EndpointFailure, match="sleutel van het embeddingmodel") as raised,
    ):
        embedder_for(own(server.url, embedding_dimension=16)).embed_question("een")
    assert "KOMPASBOT_EMBEDDING_API_KEY" in raised.value.hint
