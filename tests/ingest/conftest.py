from pathlib import Path

import pytest

from tests.ingest.building import CorpusBuilder


@pytest.fixture
def corpus(tmp_path: Path) -> CorpusBuilder:
    """An empty corpus folder to write files into."""
    path = tmp_path / "corpus"
    path.mkdir()
    return CorpusBuilder(path)
