"""A database of each kind, new for every test."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

Place = tuple[Path, str | None]
"""A folder and, for PostgreSQL, a URL."""


class Clock:
    """Time as the test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(params=["sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return tmp_path, None
