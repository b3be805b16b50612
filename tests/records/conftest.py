"""A database of each kind, new for every test."""

import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from kompasbot.records import connecting
from tests.cluster.part import Part
from tests.cluster.servers import database_url, postgres, program

Place = tuple[Path, str | None]
"""A folder and, for PostgreSQL, a URL."""


class Clock:
    """Time as the test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def server() -> Iterator[Part]:
    """A PostgreSQL in a folder that its own user may enter."""
    if program("postgres") is None:
        reason = "no PostgreSQL found; install it (Debian: apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        plain = postgres(folder)
        part = replace(plain, command=[*plain.command, "-c", "fsync=off"])
        part.start()
        try:
            yield part
        finally:
            os.kill(part.pid, signal.SIGQUIT)  # at once, without writing all of it to disk first
            part.stop()


def new_database(server: Part) -> str:
    """The URL of an empty database; a schema of its own, as a whole database takes long to copy and to remove."""
    name = f"kompas_{uuid4().hex}"
    url = database_url(server.port)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{url.replace('postgresql:', 'postgres:')}?options=-c%20search_path%3D{name}"


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no server that is away."""
    monkeypatch.setattr(connecting, "SERVER_SECONDS", 30)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, patient: None) -> Place:
    if request.param == "sqlite":
        return tmp_path, None
    return tmp_path, new_database(request.getfixturevalue("server"))
