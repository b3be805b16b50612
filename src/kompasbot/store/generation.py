"""A published generation, open for reading."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from kompasbot.errors import IndexFailure, IndexMismatch, NoIndex
from kompasbot.knowledge import Knowledge
from kompasbot.store.chroma import Collection
from kompasbot.store.manifest import FORMAT, Manifest, chroma_version, current, read_manifest

_HINT: Final = "Bouw de index opnieuw: kompasbot ingest."


class Generation:
    """The knowledge, vectors and lexical arrays of a generation, and its Chroma collection."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.id = manifest.id
        self.manifest = manifest
        self.knowledge: Knowledge = read_knowledge(folder)
        self.vectors: NDArray[np.float32] = np.load(folder / "vectors.npy", mmap_mode="r")
        self.arrays: Mapping[str, NDArray[np.generic]] = {
            path.stem: np.load(path, mmap_mode="r") for path in (folder / "arrays").glob("*.npy")
        }
        self._collection = Collection(folder / "chroma")

    @classmethod
    def open(cls, index_dir: Path, generation_id: str | None = None, embedder: str | None = None) -> "Generation":
        """Open a generation, by default the serving one.

        Raises :class:`NoIndex` when there is none, :class:`IndexMismatch` when it was built with another embedder
        (where one is given), format or Chroma version, and :class:`IndexFailure` when its files are damaged.
        """
        name = generation_id or current(index_dir)
        if name is None:
            raise NoIndex("Er is nog geen index.", "Bouw de index: kompasbot ingest.")
        manifest = read_manifest(index_dir / name)
        check_fit(manifest, embedder)
        try:
            return cls(index_dir / name, manifest)
        except (OSError, ValueError, ValidationError) as error:
            raise IndexFailure(f"De index '{name}' is beschadigd: {error}.", _HINT) from error

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The numbers of the ``k`` passages nearest to a vector with their cosine likeness, nearest first."""
        return self._collection.nearest(vector, min(k, len(self.vectors)))

    def close(self) -> None:
        """Close the Chroma client; the generation can't be asked any more."""
        self._collection.close()


def read_knowledge(folder: Path) -> Knowledge:
    """The knowledge of a generation's folder, without opening Chroma."""
    return TypeAdapter(Knowledge).validate_json((folder / "knowledge.json").read_bytes())


def check_fit(manifest: Manifest, embedder: str | None) -> None:
    """Raise :class:`IndexMismatch` when this program can't use a generation."""
    if manifest.format != FORMAT:
        raise IndexMismatch("De index hoort bij een andere versie van kompasbot.", _HINT)
    if manifest.chroma != chroma_version():
        raise IndexMismatch(
            f"De index is gebouwd met Chroma {manifest.chroma}; geïnstalleerd is {chroma_version()}.", _HINT
        )
    if embedder is not None and manifest.embedder != embedder:
        raise IndexMismatch(
            f"De index is gebouwd met de embedder '{manifest.embedder}', maar ingesteld is '{embedder}'.", _HINT
        )
