"""Where generations stand: in a folder, or as collections on a Chroma server with a folder as cache."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Union

from kompasbot.settings import Settings

if TYPE_CHECKING:
    from kompasbot.store.server import ChromaServer

DRAFT = ".tmp"
"""Ends the name of what is not finished: never a generation, removed by the next ingestion."""

VECTORS = "vectors.npy"
WITHDRAWN = "WITHDRAWN"
_POINTER = "CURRENT"
_LAST = "LAST"


@dataclass(frozen=True, slots=True)
class Place:
    """``folder`` holds the generations, or with ``url`` (of a Chroma server) what was fetched of them."""

    folder: Path
    url: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, where: "Where") -> "Place":
        """A folder is a place without a server."""
        return where if isinstance(where, Place) else cls(where)

    @property
    def pointer(self) -> Path:
        """The file that names the serving generation, where there is no server."""
        return self.folder / _POINTER

    def server(self) -> "ChromaServer":
        """The Chroma server of this place."""
        from kompasbot.store.server import ChromaServer

        assert self.url
        return ChromaServer.at(self.url)


Where = Union[Place, Path]  # noqa: UP007 - evaluated at run time, with a class that is not complete yet


def place_of(settings: Settings) -> Place:
    """Where the generations stand by the settings."""
    return Place(settings.index_dir, settings.chroma_url)


def current(where: Where) -> str | None:
    """The id of the serving generation, or None when nothing was ever published.

    Raises :class:`~kompasbot.errors.UpstreamError` when the Chroma server does not answer.
    """
    place = Place.of(where)
    if place.url:
        return place.server().pointer().get("current")
    return _line(place.pointer)


def remembered(where: Where) -> str | None:
    """The generation of a Chroma server that last served from this folder, if it is still here: what a machine that
    starts while the server is gone can answer from.
    """
    place = Place.of(where)
    name = _line(place.folder / _LAST) if place.url else None
    return name if name in local_generations(place.folder) else None


def remember(where: Where, name: str) -> None:
    """Note which generation of a Chroma server serves here."""
    place = Place.of(where)
    if place.url and _line(place.folder / _LAST) != name:
        draft = place.folder / f"{_LAST}.{os.getpid()}{DRAFT}"
        draft.write_text(name, encoding="utf-8")
        os.replace(draft, place.folder / _LAST)


def withdrawn(where: Where) -> str | None:
    """The digest of the sources that a person has turned back from, if that was the last thing that happened."""
    place = Place.of(where)
    if place.url:
        return place.server().pointer().get("withdrawn")
    return _line(place.folder / WITHDRAWN)


def _line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def generations(where: Where) -> list[str]:
    """The ids of all published generations, oldest first."""
    place = Place.of(where)
    if place.url:
        return place.server().generations()
    return local_generations(place.folder)


def local_generations(folder: Path) -> list[str]:
    """The ids of the generations in a folder, oldest first."""
    if not folder.is_dir():
        return []
    finished = (one for one in folder.iterdir() if not one.name.endswith(DRAFT))
    return sorted(one.name for one in finished if (one / "manifest.json").is_file())


def fetched(where: Where, name: str) -> Path:
    """The folder of a generation; from a server it is fetched first, if need be."""
    place = Place.of(where)
    folder = place.folder / name
    if place.url and not (folder / "manifest.json").is_file():
        place.server().download(name, folder)
        _forget(place)
    return folder


def _forget(place: Place) -> None:
    """Remove what was fetched of generations that the server no longer has: a replica must not fill its disk."""
    known = place.server().generations()
    for name in local_generations(place.folder):
        if name not in known:
            shutil.rmtree(place.folder / name, ignore_errors=True)


def earlier(where: Where, name: str) -> Sequence[str]:
    """The generations before ``name``, the newest first."""
    return [one for one in reversed(generations(where)) if one < name]
