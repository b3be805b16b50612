"""The server keeps to its own OpenAPI document."""

import pytest

from kompasbot.settings import Settings
from tests.contract.examining import examine
from tests.server.conftest import make_app, running


@pytest.mark.slow
def test_every_reply_is_as_the_document_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    with running(make_app(settings)) as address:
        told = examine(address, examples=12)
    assert sum(told.values()) > 60
    assert {key.rsplit(" ", 1)[1] for key in told} >= {"200", "422"}
