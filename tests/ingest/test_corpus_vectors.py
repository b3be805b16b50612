"""Vectors that stand with the corpus: used while text and embedder are the same, else computed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from ingest.corpusvectors import FOLDER, read_vectors, write_vectors
from ingest.passages import digest_of
from ingest.vectors import embed
from kompasbot.cli.index import app
from kompasbot.embedding import LocalEmbedder, Matrix
from kompasbot.store.vectors import Vectors
from tests.lesson import SHEET

TEXTS = ["Leerlingen bouwen een brug.", "Een bedrijf leent materiaal uit.", "Wat kost een bus?"]
DIGESTS = [digest_of(text) for text in TEXTS]
VECTORS = dict(zip(DIGESTS, LocalEmbedder().embed_matrix(TEXTS), strict=True))


@dataclass
class Counting(LocalEmbedder):
    """Counts what it embeds."""

    texts: list[str] = field(default_factory=list)

    def embed_matrix(self, texts: Sequence[str]) -> Matrix:
        self.texts += texts
        return super().embed_matrix(texts)


def embedded(folder: Path, texts: Sequence[str], name: str = "proef") -> list[str]:
    """The texts that had to be embedded, with the vectors that stand in the folder."""
    embedder = Counting()
    shipped = read_vectors(folder, name, embedder.dimension)
    found = embed(
        texts, embedder, Vectors(folder / "data", "proef", embedder.dimension), lambda *_: None, shipped=shipped
    )
    assert np.allclose(found.vectors, LocalEmbedder().embed_matrix(texts), atol=0.005)
    assert found.fresh == len(embedder.texts)
    return embedder.texts


def test_what_stands_with_the_corpus_is_not_computed(tmp_path: Path) -> None:
    write_vectors(tmp_path, "proef", VECTORS)
    assert embedded(tmp_path, TEXTS) == []
    assert embedded(tmp_path, [TEXTS[0], "Nieuw."]) == ["Nieuw."]


def test_vectors_of_another_embedder_are_not_used(tmp_path: Path) -> None:
    write_vectors(tmp_path, "ander", VECTORS)
    assert embedded(tmp_path, TEXTS) == TEXTS
    assert read_vectors(tmp_path, "ander", 3) == {}


@pytest.mark.parametrize("content", [b"", b"kapot" * 100, b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_told_and_does_no_harm(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    write_vectors(tmp_path, "proef", VECTORS).write_bytes(content)
    assert embedded(tmp_path, TEXTS) == TEXTS
    assert "computed anew" in caplog.text


def test_likeness_hardly_changes_by_keeping_numbers_small(tmp_path: Path) -> None:
    chance = np.random.default_rng(5).normal(size=(50, 384)).astype(np.float32)
    chance /= np.linalg.norm(chance, axis=1, keepdims=True)
    names = [f"{at:032x}" for at in range(50)]
    write_vectors(tmp_path, "proef", dict(zip(names, chance, strict=True)))
    kept = read_vectors(tmp_path, "proef", 384)
    again = np.stack([kept[name] for name in names])
    assert np.abs(again @ again.T - chance @ chance.T).max() < 0.003


def test_the_same_texts_in_any_order_give_the_same_file(tmp_path: Path) -> None:
    first = write_vectors(tmp_path, "proef", VECTORS).read_bytes()
    again = write_vectors(tmp_path, "proef", dict(reversed(VECTORS.items()))).read_bytes()
    assert again == first


def test_one_command_makes_the_file_and_the_next_ingestion_computes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "les"
    folder.mkdir(parents=True)
    (folder / "factsheet.md").write_text(SHEET, encoding="utf-8")
    before = sorted(path.name for path in folder.iterdir())
    said = CliRunner().invoke(app, ["vectors", "--corpus", str(tmp_path / "corpus")], catch_exceptions=False)
    assert said.exit_code == 0
    assert FOLDER in said.stdout
    assert sorted(path.name for path in folder.iterdir()) == before
    again = CliRunner().invoke(app, ["vectors", "--corpus", str(tmp_path / "corpus")], catch_exceptions=False)
    assert "; 0 zijn nieuw." in again.stdout
