"""Generations: written beside the serving one, checked, switched to, and never lost."""

import gc
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kompasbot.embedding import local_embedder
from kompasbot.errors import IndexFailure, IndexMismatch, NoIndex, PublicationStopped
from kompasbot.knowledge import ItemType, Passage, PassageKind
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.lexical import build_arrays
from kompasbot.retrieval.query import Synonyms
from kompasbot.store import Contents, Generation, child, current, generations, prune, publish, read_manifest, sweep
from kompasbot.store.live import Live
from kompasbot.store.publishing import switch
from kompasbot.store.written import read_knowledge, write_knowledge
from tests.shelf import knowledge

EMBEDDER = local_embedder()


def contents(sources: str = "0" * 32) -> Contents:
    known = knowledge()
    vectors = EMBEDDER.embed_matrix([passage.text for passage in known.passages])
    return Contents(known, vectors, build_arrays(known), EMBEDDER.name, EMBEDDER.dimension, sources)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one published generation; tests that write use a copy of their own."""
    index_dir = tmp_path_factory.mktemp("index")
    publish(index_dir, contents())
    return index_dir


@pytest.fixture
def own(published: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(published, tmp_path / "index"))


def test_a_question_of_a_sentence_is_read_as_it_was_written(tmp_path: Path) -> None:
    asked = Passage("0" * 32, knowledge().items[0].id, PassageKind.QUESTION, "Hoe dan?", answer="Zo.")
    known = replace(knowledge(), passages=(*knowledge().passages, asked))
    write_knowledge(tmp_path, known)
    assert read_knowledge(tmp_path) == known


def test_a_published_generation_gives_back_what_was_written(published: Path) -> None:
    generation = Generation.open(published, embedder=EMBEDDER.name)
    assert generation.knowledge == knowledge()
    generation.close()
    assert np.array_equal(np.load(published / generation.id / "vectors.npy"), contents().vectors)


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "chroma"])
def test_the_nearest_passage_is_found(published: Path, exact_up_to: int) -> None:
    generation = Generation.open(published, exact_up_to=exact_up_to)
    wanted = EMBEDDER.embed_matrix(["Kun je ergens spullen voor techniek lenen?"])[0]
    row, likeness = generation.nearest(wanted, 5)[0]
    generation.close()
    assert generation.knowledge.passages[row].text == "Kun je ergens spullen voor techniek lenen?"
    assert likeness == pytest.approx(1.0, abs=1e-4)


def test_the_manifest_counts_what_is_there(published: Path) -> None:
    manifest = read_manifest(published / str(current(published)))
    known = knowledge()
    assert (manifest.items, manifest.documents, manifest.passages) == (len(known.items), 0, len(known.passages))


def test_without_a_generation_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoIndex) as caught:
        Generation.open(tmp_path)
    assert "kompasbot ingest" in caught.value.hint


def test_an_index_of_another_embedder_is_refused(published: Path) -> None:
    with pytest.raises(IndexMismatch, match="embedder"):
        Generation.open(published, embedder="openai-3-small")


@pytest.mark.parametrize(
    ("field", "value", "says"), [("chroma", "0.1.0", "Chroma 0.1.0"), ("format", 99, "andere versie")]
)
def test_an_index_of_another_version_is_refused(own: Path, field: str, value: object, says: str) -> None:
    path = own / str(current(own)) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with pytest.raises(IndexMismatch, match=says):
        Generation.open(own)


def test_exact_search_and_chroma_find_the_same(published: Path) -> None:
    exact, chroma = Generation.open(published), Generation.open(published, exact_up_to=0)
    wanted = EMBEDDER.embed_matrix(["Hoe krijg ik bedrijven zover dat ze meedoen?"])[0]
    ours, theirs = exact.nearest(3 * wanted, 5), chroma.nearest(wanted, 5)
    exact.close()
    chroma.close()
    assert [row for row, _ in ours] == [row for row, _ in theirs]
    assert [likeness for _, likeness in ours] == pytest.approx([likeness for _, likeness in theirs], abs=1e-5)


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "chroma"])
def test_documents_do_not_crowd_out_items(tmp_path: Path, exact_up_to: int) -> None:
    known = knowledge()
    wanted = EMBEDDER.embed_matrix(["lenen"])[0]
    shelf = [replace(known.items[0], id="lessen/document/boek", type=ItemType.DOCUMENT)]
    pages = [
        Passage(f"{at:032x}", shelf[0].id, PassageKind.TEXT, "Spullen lenen." if at % 2 else "Lenen.")
        for at in range(50)
    ]
    more = replace(known, items=(*shelf, *known.items), passages=(*pages, *known.passages))
    vectors = EMBEDDER.embed_matrix([passage.text for passage in more.passages])
    publish(tmp_path, Contents(more, vectors, build_arrays(more), EMBEDDER.name, EMBEDDER.dimension, "0" * 32))
    generation = Generation.open(tmp_path, exact_up_to=exact_up_to)
    rows = [row for row, _ in generation.nearest(wanted, 5)]
    generation.close()
    assert len([row for row in rows if row >= len(pages)]) == 5
    assert len([row for row in rows if row < len(pages)]) >= 5


@pytest.mark.parametrize("exact_up_to", [10_000, 0], ids=["exact", "chroma"])
def test_the_vectors_of_passages_are_given_by_their_numbers(published: Path, exact_up_to: int) -> None:
    generation = Generation.open(published, exact_up_to=exact_up_to)
    rows = [3, 0, 3]
    assert np.array_equal(generation.vectors(rows), contents().vectors[rows])
    assert generation.vectors([]).shape == (0, EMBEDDER.dimension)
    generation.close()


def test_exact_search_gives_no_more_than_there_is(published: Path) -> None:
    generation = Generation.open(published)
    wanted = EMBEDDER.embed_matrix(["lenen"])[0]
    assert len(generation.nearest(wanted, 10_000)) == len(generation.knowledge.passages)
    assert generation.nearest(np.zeros_like(wanted), 3) == []
    generation.close()


@pytest.mark.parametrize(
    ("name", "exact_up_to"),
    [
        ("manifest.json", 10_000),
        ("knowledge.json", 10_000),
        ("arrays/items.units.npy", 10_000),
        ("vectors.npy", 10_000),
        ("chroma/chroma.sqlite3", 0),
    ],
)
def test_a_damaged_file_is_a_clear_error(own: Path, name: str, exact_up_to: int) -> None:
    (own / str(current(own)) / name).write_bytes(b"{kapot")
    with pytest.raises(IndexFailure, match="beschadigd"):
        Generation.open(own, exact_up_to=exact_up_to)


def test_a_damaged_chroma_does_not_touch_an_index_that_is_searched_exactly(own: Path) -> None:
    (own / str(current(own)) / "chroma" / "chroma.sqlite3").write_bytes(b"{kapot")
    generation = Generation.open(own)
    assert generation.nearest(EMBEDDER.embed_matrix(["lenen"])[0], 1)
    generation.close()


@pytest.mark.parametrize("failing", [child.BUILD, child.CHECK])
def test_a_failed_step_leaves_the_serving_generation_alone(
    own: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current(own)
    real = child.run

    def fail(step: str, folder: Path, passages: int, url: str | None) -> None:
        if step == failing:
            raise PublicationStopped("mislukt")
        if step == child.CHECK:
            real(step, folder, passages, url)

    monkeypatch.setattr(child, "run", fail)
    with pytest.raises(PublicationStopped):
        publish(own, contents("1" * 32))
    assert current(own) == before
    assert generations(own) == [before]
    assert not list(own.glob("*.tmp"))


def test_a_step_that_crashes_stops_the_publication(tmp_path: Path) -> None:
    with pytest.raises(PublicationStopped, match="build"):
        child.run(child.BUILD, tmp_path / "bestaat-niet", 1)


def test_a_check_notices_that_chroma_lost_passages(own: Path) -> None:
    folder = own / str(current(own))
    vectors = np.load(folder / "vectors.npy")
    np.save(folder / "vectors.npy", np.vstack([vectors, vectors[:1]]))
    with pytest.raises(PublicationStopped, match="Chroma heeft"):
        child.run(child.CHECK, folder, len(vectors))


def test_what_a_dead_ingestion_left_is_swept(own: Path) -> None:
    (own / "20260101-000000-dead.tmp" / "chroma").mkdir(parents=True)
    (own / "CURRENT.tmp").write_text("half")
    sweep(own)
    assert not list(own.glob("*.tmp"))


def test_pruning_keeps_the_last_and_the_serving_one(own: Path) -> None:
    serving = str(current(own))
    for name in ("29990101-000000-a", "29990102-000000-b", "29990103-000000-c"):
        (own / name).mkdir()
        (own / name / "manifest.json").write_text("{}")
    assert prune(own, 2) == ["29990101-000000-a"]
    assert generations(own) == [serving, "29990102-000000-b", "29990103-000000-c"]


def follow(index_dir: Path) -> tuple[Live[str], list[str]]:
    closed: list[str] = []

    def opened(name: str) -> str:
        if name == "kapot":
            raise IndexFailure("kapot")
        return name

    return Live(index_dir, opened, closed.append, poll=0.01), closed


def wait_for(live: Live[str], name: str) -> None:
    for _ in range(300):
        if live.current_id == name:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{name} never served")


def test_a_new_generation_is_picked_up_while_the_old_one_finishes(tmp_path: Path) -> None:
    switch(tmp_path, "een")
    live, closed = follow(tmp_path)
    live.start()
    with live.borrow() as serving:
        switch(tmp_path, "twee")
        wait_for(live, "twee")
        assert serving == "een"
        assert closed == []
    assert closed == ["een"]
    live.stop()
    assert closed == ["een", "twee"]


def test_a_generation_that_can_not_be_opened_leaves_the_old_one_serving(tmp_path: Path) -> None:
    switch(tmp_path, "een")
    live, _ = follow(tmp_path)
    live.start()
    switch(tmp_path, "kapot")
    for _ in range(300):
        if live.failure:
            break
        threading.Event().wait(0.01)
    with live.borrow() as serving:
        assert serving == "een"
    live.stop()


def test_an_index_that_comes_later_is_picked_up(tmp_path: Path) -> None:
    live, _ = follow(tmp_path)
    live.start()
    with pytest.raises(NoIndex), live.borrow():
        pass
    switch(tmp_path, "een")
    wait_for(live, "een")
    live.stop()


def test_switching_under_load_loses_no_request(tmp_path: Path) -> None:
    switch(tmp_path, "0")
    live, closed = follow(tmp_path)
    live.start()
    stop = threading.Event()
    failures: list[str] = []

    def ask() -> None:
        while not stop.is_set():
            with live.borrow() as serving:
                if serving in closed:
                    failures.append(serving)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 8):
        switch(tmp_path, str(number))
        wait_for(live, str(number))
    stop.set()
    for thread in threads:
        thread.join()
    live.stop()
    assert failures == []
    assert sorted(closed) == [str(number) for number in range(8)]  # one that is still borrowed closes later


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files as Linux shows them")
def test_a_closed_index_keeps_no_file_open_and_no_memory(published: Path) -> None:
    """Without waiting for Python's collector of circles, which rarely comes by what lives long."""

    def kept() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), sum(isinstance(one, Synonyms) for one in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = kept()
        for _ in range(3):
            index = Index(Generation.open(published), EMBEDDER)
            index.search("Hoe begin ik?")
            index.close()
            del index
        assert all(now <= then for now, then in zip(kept(), before, strict=True))
    finally:
        gc.enable()
