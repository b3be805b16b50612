"""The check of a new generation: it refuses an index that lost something, and no sound one."""

from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from numpy.typing import NDArray

from kompasbot.embedding import local_embedder
from kompasbot.store import child, chroma

SIZE = 300
DIMENSION = 64


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def built(folder: Path, vectors: NDArray[np.float32]) -> Path:
    folder.mkdir()
    np.save(folder / "vectors.npy", vectors)
    child.build(folder, None)
    return folder


def unlink(folder: Path) -> None:
    """Take every link out of the graph."""
    level = next((folder / "chroma").rglob("data_level0.bin"))
    elements = np.fromfile(level, np.uint8).reshape(SIZE, -1)
    elements[:, :4] = 0  # the number of links of each vector
    elements.tofile(level)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    vectors = np.random.default_rng(1).normal(size=(SIZE, DIMENSION))
    return built(tmp_path_factory.mktemp("check") / "sound", unit(vectors))


@pytest.fixture
def own(sound: Path, tmp_path: Path) -> Path:
    return Path(copytree(sound, tmp_path / "own"))


def test_a_sound_index_passes(sound: Path) -> None:
    child.check(sound, None)


def test_texts_that_are_nearly_the_same_are_no_reason_to_refuse(tmp_path: Path) -> None:
    chance = np.random.default_rng(2)
    alike = unit(chance.normal(size=DIMENSION) + 0.02 * chance.normal(size=(SIZE, DIMENSION)))
    child.check(built(tmp_path / "alike", alike), None)


@pytest.mark.parametrize("title", ["Verslag van het overleg", "Verslag van het overleg {}"])
def test_hundreds_of_titles_that_are_equal_or_differ_by_a_number_are_no_reason_to_refuse(
    title: str, tmp_path: Path
) -> None:
    vectors = local_embedder().embed_matrix([title.format(number) for number in range(500)])
    for number in range(10):
        child.check(built(tmp_path / str(number), vectors), None)


def test_a_graph_that_leads_nowhere_is_noticed_also_where_no_graph_leads_everywhere(tmp_path: Path) -> None:
    vectors = local_embedder().embed_matrix([f"Verslag van het overleg {number}" for number in range(SIZE)])
    folder = built(tmp_path / "own", vectors)
    unlink(folder)
    with pytest.raises(SystemExit, match="Chroma vindt"):
        child.check(folder, None)


def test_vectors_of_other_passages_are_noticed(own: Path) -> None:
    vectors = np.load(own / "vectors.npy")
    vectors[[7, 8]] = vectors[[8, 7]]
    np.save(own / "vectors.npy", vectors)
    with pytest.raises(SystemExit, match="passage 7 een andere vector"):
        child.check(own, None)


def test_one_passage_that_is_lost_is_noticed_though_the_number_is_right(own: Path) -> None:
    client = chroma.connect(own / "chroma")
    collection = client.get_collection("passages", embedding_function=None)
    collection.delete(ids=["5"])
    collection.add(ids=[str(SIZE)], embeddings=np.load(own / "vectors.npy")[:1])
    client.close()
    with pytest.raises(SystemExit, match="andere vector"):
        child.check(own, None)


def test_a_graph_that_leads_nowhere_is_noticed(own: Path) -> None:
    unlink(own)
    with pytest.raises(SystemExit, match="Chroma vindt"):
        child.check(own, None)
