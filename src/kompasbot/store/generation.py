"""A published generation, open for reading."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.errors import IndexFailure, IndexMismatch, KompasbotError, NoIndex, UpstreamError, reason_of
from kompasbot.knowledge import ItemType, Knowledge
from kompasbot.settings import EXACT_SEARCH_UP_TO
from kompasbot.store.chroma import Collection
from kompasbot.store.exact import ExactSearch, Rows
from kompasbot.store.manifest import FORMAT, Manifest, chroma_version, damage, file_digest, read_manifest
from kompasbot.store.neighbours import Asking, Beside, Neighbours
from kompasbot.store.place import VECTORS, Place, Where, current, fetched
from kompasbot.store.written import read_knowledge

_HINT: Final = "Bouw de index opnieuw: kompasbot ingest --rebuild."


class Generation:
    """The knowledge and lexical arrays of a generation, and its vectors: up to ``exact_up_to`` passages by exact search
    over their file, above that in Chroma.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, url: str | None = None, exact_up_to: int = EXACT_SEARCH_UP_TO
    ) -> None:
        self.id = manifest.id
        self.manifest = manifest
        self.knowledge: Knowledge = read_knowledge(folder)
        self.arrays: Mapping[str, NDArray[np.generic]] = {
            path.stem: np.load(path, mmap_mode="r") for path in (folder / "arrays").glob("*.npy")
        }
        self._vectors = self._search(folder, url, exact_up_to)

    @classmethod
    def open(
        cls,
        where: Where,
        generation_id: str | None = None,
        embedder: str | None = None,
        exact_up_to: int = EXACT_SEARCH_UP_TO,
    ) -> "Generation":
        """Open a generation, by default the serving one.

        Raises :class:`NoIndex` when there is none, :class:`IndexMismatch` when it was built with another embedder
        (where one is given), format or Chroma version, and :class:`IndexFailure` when its files are damaged.
        """
        place = Place.of(where)
        name = generation_id or current(place)
        if name is None:
            raise NoIndex("Er is nog geen index.", "Bouw de index: kompasbot ingest.")
        return cls.open_folder(fetched(place, name), place.url, embedder, exact_up_to)

    @classmethod
    def open_folder(
        cls,
        folder: Path,
        url: str | None = None,
        embedder: str | None = None,
        exact_up_to: int = EXACT_SEARCH_UP_TO,
    ) -> "Generation":
        """Open the generation in a folder, which may be a draft; raises as :meth:`open` does."""
        manifest = read_manifest(folder)
        check_fit(manifest, embedder)
        # Where Chroma answers the file with the vectors is large, and little of it is read.
        harm = damage(folder, manifest, skip=() if is_exact(folder, manifest, exact_up_to) else (VECTORS,))
        if harm:
            raise IndexFailure(f"De index '{manifest.id}' is beschadigd: {harm}.", _HINT)
        try:
            return cls(folder, manifest, url, exact_up_to)
        except KompasbotError:
            raise
        except Exception as error:  # a damaged file shows itself in Chroma and numpy in any way
            raise IndexFailure(f"De index '{manifest.id}' is beschadigd: {reason_of(error)}.", _HINT) from error

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The numbers of the ``k`` passages of items, and of the ``k`` of documents, that are nearest to a vector, with
        their cosine likeness, nearest first. Apart, so that no number of documents crowds out the items.

        Raises :class:`~kompasbot.errors.UpstreamError` when only a Chroma server has the vectors, and it does not
        answer.
        """
        return self._vectors.nearest(vector, min(k, len(self.knowledge.passages)))

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of passages by their numbers, of length 1, as float32 of shape (rows, dimension); read from the
        mapped file, where this machine has it.

        Raises :class:`~kompasbot.errors.UpstreamError` as :meth:`nearest` does.
        """
        found = self._vectors.vectors(rows) if len(rows) else np.zeros((0, self.manifest.dimension), np.float32)
        if len(found) != len(rows):
            raise UpstreamError("De Chroma-server heeft niet alle vectoren.", _HINT)
        return found

    def _search(self, folder: Path, url: str | None, exact_up_to: int) -> Asking:
        path, groups = folder / VECTORS, self._rows()
        if is_exact(folder, self.manifest, exact_up_to):
            return ExactSearch(path, groups)
        if url is None:
            return Beside(ExactSearch(path, groups[:1]), Collection(folder))
        whole = path.is_file() and file_digest(path) == self.manifest.files.get(VECTORS)
        chroma = Neighbours(lambda: Collection(folder, url, brisk=True), ExactSearch(path, groups) if whole else None)
        return Beside(ExactSearch(path, groups[:1]), chroma) if whole else chroma

    def _rows(self) -> tuple[Rows, Rows]:
        """The rows of the passages of items, and those of documents."""
        documents = {item.id for item in self.knowledge.items if item.type is ItemType.DOCUMENT}
        second = np.asarray([passage.item_id in documents for passage in self.knowledge.passages], bool)
        return np.flatnonzero(~second), np.flatnonzero(second)

    def close(self) -> None:
        """Let go of the vectors; the generation can't be asked any more."""
        self._vectors.close()


def is_exact(folder: Path, manifest: Manifest, exact_up_to: int) -> bool:
    """Whether a generation is searched exactly; a package from a server leaves the vectors out when there are many."""
    return manifest.passages <= exact_up_to and (folder / VECTORS).is_file()


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
