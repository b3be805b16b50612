import pytest

from kompasbot.embedding.e5 import e5_embedder, why_not
from kompasbot.retrieval.index import Index
from tests.fullshelf import full_knowledge, open_index


@pytest.fixture(scope="session")
def meaning() -> Index:
    """The full fictional factsheet, embedded by the model that knows what words mean."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    return open_index(full_knowledge(), e5_embedder())
