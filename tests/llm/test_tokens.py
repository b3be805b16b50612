"""Counting tokens: exactly when the ranks are on this machine, never by a download."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kompasbot.chatmodel.tokens import estimate, token_counter
from tests.llm import proxy
from tests.shelf import ITEMS


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    token_counter.cache_clear()
    yield
    token_counter.cache_clear()


def test_without_ranks_tokens_are_estimated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    counter = token_counter("gpt-4o")
    assert not counter.exact
    assert counter.count("Hoe start ik een regionale samenwerking?") > 10


def test_damaged_ranks_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790").write_bytes(b"half")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    assert not token_counter("gpt-4o").exact
    assert (tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790").read_bytes() == b"half"


@pytest.mark.parametrize(
    ("model", "tokens"), [("gpt-4o", [13225, 2375]), ("gpt-4", [9906, 4435]), ("een-ander-model", [13225, 2375])]
)
def test_with_ranks_the_count_is_that_of_the_model(
    monkeypatch: pytest.MonkeyPatch, model: str, tokens: list[int]
) -> None:
    proxy.needed()
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(proxy.ranks()))
    counter = token_counter(model)
    assert counter.exact
    assert counter.count("Hello world") == len(tokens)


def test_the_estimate_is_on_the_safe_side(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy.needed()
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(proxy.ranks()))
    for model in ("gpt-4o", "gpt-4"):
        counter = token_counter(model)
        for item in ITEMS:
            assert counter.count(item.text) <= estimate(item.text) <= 3 * counter.count(item.text)


def test_a_text_with_special_tokens_is_counted_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy.needed()
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(proxy.ranks()))
    assert token_counter("gpt-4o").count("<|endoftext|>") > 1
