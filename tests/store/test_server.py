"""Generations on a real Chroma server on loopback."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from kompasbot.cli import backing
from kompasbot.embedding import local_embedder
from kompasbot.errors import Busy, IndexFailure, UpstreamError
from kompasbot.settings import Settings
from kompasbot.store import Generation, Place, alone, current, generations, prune, publish, sweep, upkeep
from kompasbot.store.live import Live
from kompasbot.store.place import withdrawn
from kompasbot.store.server import ChromaServer
from tests.bench import free_port
from tests.store.test_store import contents

pytestmark = pytest.mark.timeout(400)
"""Whole ingestions, each with processes of its own: slow on a busy machine."""

NAME = local_embedder().name


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("chroma")
    port = free_port()
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                if httpx.get(f"{url}/api/v2/heartbeat").status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def published(address: str, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("bouwer"), address)
    with alone(place):
        publish(place, contents("1" * 32))
        publish(place, contents("2" * 32))
    return place


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "chroma"])
def test_a_replica_with_an_empty_folder_answers(published: Place, tmp_path: Path, exact_up_to: int) -> None:
    replica = Place(tmp_path / "replica", published.url)
    generation = Generation.open(replica, embedder=NAME, exact_up_to=exact_up_to)
    wanted = local_embedder().embed_matrix(["Kun je ergens spullen voor techniek lenen?"])[0]
    row, likeness = generation.nearest(wanted, 3)[0]
    generation.close()
    assert generation.knowledge.passages[row].text == "Kun je ergens spullen voor techniek lenen?"
    assert likeness == pytest.approx(1.0, abs=1e-3)


def test_a_replica_without_its_own_file_asks_the_server_for_the_vectors_of_passages(
    published: Place, tmp_path: Path
) -> None:
    replica = Place(tmp_path / "replica", published.url)
    name = str(current(published))
    Generation.open(replica, name).close()
    (replica.folder / name / "vectors.npy").unlink()
    generation = Generation.open(replica, name)
    rows = [5, 2, 5]
    assert np.allclose(generation.vectors(rows), contents().vectors[rows], atol=1e-6)
    with pytest.raises(UpstreamError, match="niet alle vectoren"):
        generation.vectors([0, 10_000])
    generation.close()


def test_every_replica_follows_the_pointer_of_the_server(published: Place, tmp_path: Path) -> None:
    older, newer = generations(published)
    replicas = [Place(tmp_path / name, published.url) for name in ("een", "twee")]
    following = [Live(place, lambda name: name, lambda _: None, poll=0.05) for place in replicas]
    for one in following:
        one.start()
    assert {one.current_id for one in following} == {newer}
    upkeep.rollback(published, NAME)
    limit = time.monotonic() + 10
    while {one.current_id for one in following} != {older} and time.monotonic() < limit:
        time.sleep(0.05)
    assert {one.current_id for one in following} == {older}
    assert withdrawn(published) == "2" * 32
    upkeep.activate(published, newer, NAME)
    assert (current(published), withdrawn(published)) == (newer, None)
    for one in following:
        one.stop()


def test_what_a_dead_ingestion_left_on_the_server_is_swept(published: Place, tmp_path: Path) -> None:
    server = ChromaServer.at(str(published.url))
    before = generations(published)
    server.create("20990101-000000-half", None)
    assert generations(published) == before
    sweep(published)
    with pytest.raises(UpstreamError):
        server.collection("20990101-000000-half")


def test_an_incomplete_generation_is_not_fetched(published: Place, tmp_path: Path) -> None:
    with pytest.raises(IndexFailure, match="helemaal"):
        Generation.open(Place(tmp_path, published.url), "20990101-000000-half")


def test_only_one_ingestion_at_a_time_on_all_machines(published: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "ander", published.url)
    with alone(published), pytest.raises(Busy), alone(other):
        pass
    with alone(other):
        pass


def test_the_lock_of_a_dead_ingestion_is_taken_over(published: Place) -> None:
    server = ChromaServer.at(str(published.url))
    server.client().create_collection("kompasbot.lock", metadata={"holder": "dood", "seen": time.time() - 1000})
    with alone(published):
        assert server.client().get_collection("kompasbot.lock").metadata["holder"] != "dood"


def test_pruning_removes_generations_from_the_server(published: Place, tmp_path: Path) -> None:
    builder = Place(Path(shutil.copytree(published.folder, tmp_path / "bouwer")), published.url)
    replica = Place(tmp_path / "replica", published.url)
    Generation.open(replica).close()
    third = publish(builder, contents("3" * 32)).id
    gone = prune(builder, 1)
    assert len(gone) == 2
    assert generations(builder) == [third]
    Generation.open(replica).close()
    assert [path.name for path in replica.folder.iterdir()] == [third]


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UpstreamError) as caught:
        current(Place(tmp_path, "http://127.0.0.1:9"))
    assert "CHROMA_URL" in caught.value.hint


def test_doctor_names_the_version_of_a_server_that_answers_and_the_fault_of_one_that_does_not(address: str) -> None:
    answering = backing.chroma(Settings(chroma_url=address))
    assert (answering.state, "versie " in answering.found) == ("goed", True)
    gone = backing.chroma(Settings(chroma_url="http://127.0.0.1:1"))
    assert (gone.state, "CHROMA_URL" in gone.hint) == ("fout", True)
