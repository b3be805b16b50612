"""What a maintainer can do with the generations that are there: list them, go to one, go back, clean up."""

from dataclasses import dataclass
from pathlib import Path

from kompasbot.errors import IndexFailure, NoIndex, NotFound
from kompasbot.store import child
from kompasbot.store.generation import check_fit
from kompasbot.store.manifest import Manifest, damage, read_manifest
from kompasbot.store.place import VECTORS, Place, Where, current, earlier, fetched, generations
from kompasbot.store.publishing import alone, prune, sweep, switch
from kompasbot.store.vectors import Vectors
from kompasbot.store.written import read_knowledge


@dataclass(frozen=True, slots=True)
class Listed:
    """A generation as it is listed; ``harm`` says why it can't be used, ``manifest`` is None when it can't be read."""

    id: str
    serving: bool
    manifest: Manifest | None
    harm: str | None
    size: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was removed: generations by id, and vectors that no generation uses any more."""

    generations: tuple[str, ...]
    vectors: int


def listed(where: Where, embedder: str) -> list[Listed]:
    """All generations, the newest first."""
    serving = current(where)
    return [_listed(where, name, name == serving, embedder) for name in reversed(generations(where))]


def _listed(where: Where, name: str, serving: bool, embedder: str) -> Listed:
    try:
        folder = fetched(where, name)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        manifest = read_manifest(folder)
    except (IndexFailure, OSError) as error:
        return Listed(name, serving, None, str(error), 0)
    return Listed(name, serving, manifest, _harm(Place.of(where), folder, manifest, embedder), size)


def _harm(place: Place, folder: Path, manifest: Manifest, embedder: str) -> str | None:
    try:
        check_fit(manifest, embedder)
    except IndexFailure as error:
        return str(error)
    return damage(folder, manifest, skip=_not_fetched(place, folder))


def activate(where: Where, name: str, embedder: str) -> str:
    """Let a generation serve, after a check; returns the id of the one that served.

    Raises :class:`NotFound` for an unknown id, :class:`IndexFailure` when the generation is not sound.
    """
    place = Place.of(where)
    with alone(place):
        before = current(place)
        if name not in generations(place):
            raise NotFound(f"Er is geen generatie '{name}'.", "Kijk welke er zijn: kompasbot index list.")
        _check(place, name, embedder)
        back = before if before and name < before else None
        switch(place, name, _sources(place, back) if back else None)
        return before or ""


def rollback(where: Where, embedder: str) -> str:
    """Go back to the generation before the serving one; returns its id.

    One that is damaged is passed over. Raises :class:`NoIndex` when there is none to go back to.
    """
    serving = current(where)
    if serving is None:
        raise NoIndex("Er is nog geen index.", "Bouw de index: kompasbot ingest.")
    for name in earlier(where, serving):
        if _listed(where, name, False, embedder).harm is None:
            activate(where, name, embedder)
            return name
    raise NoIndex("Er is geen eerdere generatie om naar terug te gaan.", "Kijk welke er zijn: kompasbot index list.")


def clean(where: Where, keep: int, vectors: Vectors) -> Cleaned:
    """Remove what died, all but the last ``keep`` generations, and the vectors that these do not use."""
    place = Place.of(where)
    with alone(place):
        sweep(place)
        gone = prune(place, keep)
        used: set[str] = set()
        for name in generations(place):
            try:
                used |= {passage.digest for passage in read_knowledge(fetched(place, name)).passages}
            except (IndexFailure, OSError, ValueError):
                continue
        return Cleaned(tuple(gone), vectors.keep(used) if used else 0)


def _check(place: Place, name: str, embedder: str) -> None:
    folder = fetched(place, name)
    manifest = read_manifest(folder)
    check_fit(manifest, embedder)
    harm = damage(folder, manifest, skip=_not_fetched(place, folder))
    if harm:
        raise IndexFailure(f"De generatie '{name}' is beschadigd: {harm}.", "Kies een andere: kompasbot index list.")
    if not _not_fetched(place, folder):
        child.run(child.CHECK, folder, manifest.passages, place.url)


def _not_fetched(place: Place, folder: Path) -> tuple[str, ...]:
    """The files that were left on the server: the vectors, where there are many."""
    return (VECTORS,) if place.url and not (folder / VECTORS).is_file() else ()


def _sources(place: Place, name: str) -> str | None:
    try:
        return read_manifest(fetched(place, name)).sources
    except IndexFailure:
        return None
