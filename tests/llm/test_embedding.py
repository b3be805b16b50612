"""An index with vectors from an endpoint: built, searched, refused, and done without."""

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from kompasbot.embedding import embedder_for
from kompasbot.endpoint import EndpointFailure
from kompasbot.errors import EngineUnavailable, IndexMismatch
from kompasbot.retrieval.index import open_index
from kompasbot.settings import Settings
from kompasbot.store import current, read_manifest
from tests.ingest.building import CorpusBuilder
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


async def one_too_few(call: Call) -> None:
    data = [{"object": "embedding", "index": 0, "embedding": vector("", 16)}]
    await call.reply(
        200, {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    )


def test_too_few_vectors_are_told_as_that_and_not_as_a_wrong_length(built: Built) -> None:
    with serving(one_too_few) as endpoint:
        embedder = embedder_for(built.settings(endpoint.url, embedding_dimension=16))
        with pytest.raises(EndpointFailure, match="gaf 1 vectoren bij 2 teksten"):
            embedder.embed_matrix(["a", "b"])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 413, 418, 422, 429, 500])
def test_a_failure_of_the_embedder_does_not_blame_the_chat_model(status: int, built: Built) -> None:
    async def refusing(call: Call) -> None:
        await call.reply(status, {"error": {"message": "nee"}})

    with serving(refusing) as endpoint:
        embedder = embedder_for(built.settings(endpoint.url, embedding_dimension=16))
        with pytest.raises(EndpointFailure) as caught:
            embedder.embed_question("a")
    told = f"{caught.value} {caught.value.hint}"
    assert "embeddingmodel" in told
    assert "taalmodel" not in told.casefold()
    assert "KOMPASBOT_CHAT_MODEL" not in told


def test_an_embedder_that_is_not_reached_does_not_blame_the_chat_model(built: Built) -> None:
    embedder = embedder_for(built.settings("http://127.0.0.1:1/v1", embedding_dimension=16))
    with pytest.raises(EndpointFailure, match="verbinding met het embeddingmodel lukt niet") as caught:
        embedder.embed_question("a")
    assert "of het embeddingmodel draait" in caught.value.hint
