"""The examples of docs/connecting.md, as they stand there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from kompasbot.embedding import local_embedder
from kompasbot.server.app import create_app
from kompasbot.settings import Settings
from tests.ingest.building import FACTSHEET
from tests.server.conftest import running

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "connecting.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Over a published index of a small factsheet."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus" / "lesmateriaal").mkdir(parents=True)
    (folder / "corpus" / "lesmateriaal" / "factsheet.md").write_text(FACTSHEET, encoding="utf-8")
    settings = Settings(data=folder / "data", corpus=folder / "corpus")
    ingest(settings, settings.corpus, local_embedder())
    return settings


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with running(create_app(settings)) as found:
        yield found


@pytest.mark.parametrize("example", EXAMPLES, ids=["openai", "responses", "langchain", "retriever"])
def test_an_example_runs_and_prints_a_tool(
    example: str,
    address: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KOMPASBOT_DATA", str(settings.data))
    exec(compile(example.replace("http://127.0.0.1:8000", address), "connecting.md", "exec"), {})
    assert "Vakhuis" in capsys.readouterr().out
