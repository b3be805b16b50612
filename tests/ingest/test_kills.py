"""An ingestion that is killed costs nothing: the short form of ``python -m tests.proof.kills``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kompasbot.embedding import local_embedder
from kompasbot.store import current, upkeep
from tests.proof.kills import linked_pages, lost, steps_of, victim
from tests.proof.rig import Home

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
"""Whole ingestions, each with processes of its own: slow on a busy machine."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A folder that was ingested once; the kills follow on one another, as they would in life."""
    with linked_pages(tmp_path_factory.mktemp("home")) as home:
        steps_of(home)
        yield home


@pytest.mark.parametrize("step", ["ophalen", "bouwen", "omzetten"])
def test_a_killed_ingestion_loses_no_generation(home: Home, step: str) -> None:
    before, number = home.current(), len(step)
    home.edit(number)
    assert victim(home, step, 0.3 if step == "ophalen" else 0).returncode == -9
    assert list(lost(home, [before])) == []
    assert home.current() == before


def test_the_run_after_the_kills_succeeds_and_leaves_nothing_behind(home: Home) -> None:
    home.edit(99)
    home.must("ingest")
    index = Path(home.index)
    assert [one.harm for one in upkeep.listed(index, local_embedder().name) if one.id == current(index)] == [None]
    assert not list(home.data.rglob("*.tmp"))
