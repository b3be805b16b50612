import pytest

from kompasbot.chatmodel.model import load_library


@pytest.fixture(scope="session", autouse=True)
def library() -> None:
    """Loaded once, as a server does when it starts; deadlines are measured without it."""
    load_library()
