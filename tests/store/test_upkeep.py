"""Listing, activating, going back and cleaning up; what a damaged generation does to a server."""

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kompasbot.embedding import local_embedder
from kompasbot.errors import Busy, IndexFailure, IndexMismatch, NoIndex, NotFound
from kompasbot.store import alone, current, generations, upkeep
from kompasbot.store.live import Live
from kompasbot.store.place import withdrawn
from kompasbot.store.publishing import publish, switch
from kompasbot.store.vectors import Vectors
from tests.store.test_store import contents

pytestmark = pytest.mark.timeout(400)
"""Whole ingestions, each with processes of its own: slow on a busy machine."""

NAME = local_embedder().name


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two generations; tests use a copy of their own."""
    folder = tmp_path_factory.mktemp("index")
    publish(folder, contents("1" * 32))
    publish(folder, contents("2" * 32))
    return folder


@pytest.fixture
def own(two: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two, tmp_path / "index"))


def names(index: Path) -> tuple[str, str]:
    older, newer = generations(index)
    return older, newer


def test_the_list_shows_the_newest_first_and_what_serves(two: Path) -> None:
    older, newer = names(two)
    assert [(one.id, one.serving, one.harm) for one in upkeep.listed(two, NAME)] == [
        (newer, True, None),
        (older, False, None),
    ]


def test_the_list_says_which_generation_is_damaged(own: Path) -> None:
    (own / names(own)[1] / "knowledge.json").write_text("{")
    assert "knowledge.json" in str(upkeep.listed(own, NAME)[0].harm)


def test_rolling_back_serves_the_one_before_and_remembers_what_was_left(own: Path) -> None:
    older, _ = names(own)
    assert upkeep.rollback(own, NAME) == older
    assert current(own) == older
    assert withdrawn(own) == "2" * 32


def test_going_forward_again_forgets_the_rollback(own: Path) -> None:
    _, newer = names(own)
    upkeep.rollback(own, NAME)
    upkeep.activate(own, newer, NAME)
    assert (current(own), withdrawn(own)) == (newer, None)


def test_there_is_nothing_before_the_first(own: Path) -> None:
    upkeep.rollback(own, NAME)
    with pytest.raises(NoIndex, match="geen eerdere"):
        upkeep.rollback(own, NAME)


def test_an_unknown_generation_can_not_be_activated(own: Path) -> None:
    with pytest.raises(NotFound):
        upkeep.activate(own, "20000101-000000-x", NAME)


@pytest.mark.parametrize("name", ["knowledge.json", "chroma/chroma.sqlite3"])
def test_a_damaged_generation_is_not_activated(own: Path, name: str) -> None:
    older, newer = names(own)
    (own / older / name).write_bytes(b"kapot")
    with pytest.raises(IndexFailure):
        upkeep.activate(own, older, NAME)
    assert current(own) == newer


def test_cleaning_removes_old_generations_and_unused_vectors(own: Path, tmp_path: Path) -> None:
    older, newer = names(own)
    (own / "20260101-000000-dood.tmp").mkdir()
    known = contents()
    vectors = Vectors(tmp_path / "vectors", NAME, known.dimension)
    rows = {passage.digest: row for passage, row in zip(known.knowledge.passages, known.vectors, strict=True)}
    vectors.add({**rows, "ongebruikt": known.vectors[0]})
    assert upkeep.clean(own, 1, vectors) == upkeep.Cleaned((older,), 1)
    assert generations(own) == [newer]
    assert not list(own.glob("*.tmp"))


def test_a_draft_with_a_manifest_is_no_generation(own: Path) -> None:
    before = generations(own)
    shutil.copytree(own / before[0], own / "29990101-000000-half.tmp")
    assert generations(own) == before


def test_only_one_holds_the_lock(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Busy), alone(tmp_path):
        pass


def live(index: Path, damaged: set[str], failure: Exception) -> Live[str]:
    def open_(name: str) -> str:
        if name in damaged:
            raise failure
        return name

    return Live(index, open_, lambda _: None, poll=0.02)


def test_a_server_that_finds_the_newest_damaged_serves_the_one_before(own: Path) -> None:
    older, newer = names(own)
    damaged = {newer}
    following = live(own, damaged, IndexFailure("kapot"))
    following.start()
    assert following.current_id == older
    damaged.clear()
    limit = time.monotonic() + 5
    while following.current_id != newer and time.monotonic() < limit:
        threading.Event().wait(0.01)
    assert following.current_id == newer
    following.stop()


def test_a_server_with_another_embedder_does_not_serve_an_old_index_in_silence(own: Path) -> None:
    following = live(own, {names(own)[1]}, IndexMismatch("andere embedder"))
    following.start()
    with pytest.raises(IndexMismatch), following.borrow():
        pass
    following.stop()


def test_a_pointer_to_nothing_leaves_the_serving_generation(own: Path) -> None:
    from kompasbot.store import Generation

    following: Live[Generation] = Live(own, lambda name: Generation.open(own, name), Generation.close, poll=0.02)
    following.start()
    serving = following.current_id
    switch(own, "20990101-000000-weg")
    limit = time.monotonic() + 5
    while following.failure is None and time.monotonic() < limit:
        threading.Event().wait(0.01)
    assert following.current_id == serving
    following.stop()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks in /proc")
def test_a_builder_ends_when_the_ingestion_that_started_it_is_killed(tmp_path: Path) -> None:
    code = "from kompasbot.store import child; child._end_with_parent(); import time; time.sleep(60)"
    script = (
        "import subprocess, sys, os, signal;"
        f"one = subprocess.Popen([sys.executable, '-c', {code!r}], stdin=subprocess.PIPE);"
        "print(one.pid, flush=True); import time; time.sleep(1.5); os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=30)
    pid = int(parent.stdout)
    limit = time.monotonic() + 15
    while Path(f"/proc/{pid}/cmdline").is_file() and time.monotonic() < limit:
        time.sleep(0.05)
    command = Path(f"/proc/{pid}/cmdline")
    assert not command.is_file() or not command.read_bytes()
