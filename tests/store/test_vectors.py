"""Vectors by digest: what was embedded once is not embedded again."""

from pathlib import Path

import numpy as np
import pytest

from kompasbot.errors import KompasbotError
from kompasbot.store.vectors import Vectors

ONE, TWO = np.asarray([1.0, 0.0], np.float32), np.asarray([0.0, 1.0], np.float32)


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    Vectors(tmp_path, "lokaal", 2).add({"a": ONE, "b": TWO})
    found = Vectors(tmp_path, "lokaal", 2).get(["a", "b", "c"])
    assert {key: value.tolist() for key, value in found.items()} == {"a": [1.0, 0.0], "b": [0.0, 1.0]}


def test_another_embedder_or_dimension_has_vectors_of_its_own(tmp_path: Path) -> None:
    Vectors(tmp_path, "lokaal", 2).add({"a": ONE})
    assert Vectors(tmp_path, "endpoint:ander/model", 2).get(["a"]) == {}
    assert Vectors(tmp_path, "lokaal", 3).get(["a"]) == {}


def test_a_damaged_file_knows_nothing_and_is_replaced(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, "lokaal", 2)
    vectors.add({"a": ONE})
    next(tmp_path.iterdir()).write_bytes(b"kapot" * 1000)
    assert vectors.get(["a"]) == {}
    vectors.add({"b": TWO})
    assert list(vectors.get(["a", "b"])) == ["b"]


def test_what_no_generation_uses_can_be_forgotten(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, "lokaal", 2)
    vectors.add({"a": ONE, "b": TWO})
    assert vectors.keep(["b"]) == 1
    assert list(vectors.get(["a", "b"])) == ["b"]


def test_a_place_that_can_not_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "lokaal-2.sqlite").mkdir()
    with pytest.raises(KompasbotError, match="niet te bewaren"):
        Vectors(tmp_path, "lokaal", 2).add({"a": ONE})
