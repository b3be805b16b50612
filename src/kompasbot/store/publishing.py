"""Writes a generation beside the serving one and switches to it; a crash at any point leaves the serving one
untouched.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from kompasbot import __version__
from kompasbot.errors import Busy, KompasbotError, reason_of
from kompasbot.knowledge import ItemType, Knowledge
from kompasbot.store import child, written
from kompasbot.store.manifest import FORMAT, Manifest, chroma_version, file_digest, write_manifest
from kompasbot.store.notes import Notes, write_notes
from kompasbot.store.place import DRAFT, VECTORS, WITHDRAWN, Place, Where, current, generations, local_generations
from kompasbot.store.written import write_knowledge


@dataclass(frozen=True, slots=True)
class Contents:
    """What a new generation holds. ``vectors`` has a row a passage; ``sources`` is the digest of the corpus's
    files.
    """

    knowledge: Knowledge
    vectors: NDArray[np.float32]
    arrays: Mapping[str, NDArray[np.generic]]
    embedder: str
    dimension: int
    sources: str


@dataclass(frozen=True, slots=True)
class Approved:
    """What is known only when a draft may serve: the digest of the corpus, to which ids may just have been added, and
    what the next ingestion should know.
    """

    sources: str
    notes: Notes


@contextmanager
def alone(where: Where) -> Iterator[None]:
    """Hold the lock of a place; raises :class:`Busy` at once when another process has it."""
    place = Place.of(where)
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(place.folder / "ingest.lock", timeout=0):
            if place.url:
                with place.server().alone():
                    yield
            else:
                yield
    except Timeout as error:
        raise Busy("Er loopt al een ingestie.", "Wacht tot die klaar is en probeer het opnieuw.") from error
    except OSError as error:
        raise KompasbotError(
            f"De map '{place.folder}' is niet te gebruiken: {reason_of(error)}.",
            "Controleer de schijfruimte en de rechten, of kies een andere map met KOMPASBOT_DATA.",
        ) from error


def publish(
    where: Where,
    contents: Contents,
    step: Callable[[str], None] = lambda _: None,
    approve: Callable[[Path], Approved | None] = lambda _: None,
) -> Manifest:
    """Write, build, check, have approved and switch; ``step`` is told each step's name. The caller holds the lock.

    ``approve`` gets the folder of the checked draft, and raises to stop; what it returns is kept with the generation.
    Raises :class:`PublicationStopped` when the
    new generation can't be built or does not pass its check.
    """
    place = Place.of(where)
    created = datetime.now(UTC)
    name = _new_name(place, created, contents)
    draft = place.folder / f"{name}{DRAFT}"
    try:
        step("schrijven")
        manifest = write_draft(draft, name, created, contents)
        step("bouwen")
        child.run(child.BUILD, draft, len(contents.vectors), place.url)
        step("controleren")
        child.run(child.CHECK, draft, len(contents.vectors), place.url)
        step("beoordelen")
        approved = approve(draft)
        if approved:
            write_notes(draft, approved.notes)
            manifest = replace(manifest, sources=approved.sources)
            write_manifest(draft, manifest)
        step("hernoemen")
        _settle(draft)
        if place.url:
            place.server().upload(name, draft)
        os.rename(draft, place.folder / name)
        _sync(place.folder)
        step("omzetten")
        switch(place, name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def _new_name(place: Place, created: datetime, contents: Contents) -> str:
    """Names sort by time; a name is never used twice."""
    taken = generations(place)
    name = f"{created:%Y%m%d-%H%M%S}-{contents.sources[:8]}"
    while name in taken or (place.folder / name).exists():
        name += "x"
    return name


def switch(where: Where, name: str, withdrawn: str | None = None) -> None:
    """Point at a generation, atomically; ``withdrawn`` are the sources that a person turns back from."""
    place = Place.of(where)
    if place.url:
        place.server().point({"current": name, **({"withdrawn": withdrawn} if withdrawn else {})})
        return
    if withdrawn:
        _write_line(place.folder / WITHDRAWN, withdrawn)
    _write_line(place.pointer, name)
    if not withdrawn:
        (place.folder / WITHDRAWN).unlink(missing_ok=True)


def _write_line(path: Path, line: str) -> None:
    draft = path.with_name(path.name + DRAFT)
    with draft.open("w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    _sync(path.parent)


def sweep(where: Where) -> None:
    """Remove what an ingestion that died left behind; only under the lock."""
    place = Place.of(where)
    for folder in place.folder.glob(f"*{DRAFT}"):
        shutil.rmtree(folder, ignore_errors=True) if folder.is_dir() else folder.unlink(missing_ok=True)
    if place.url:
        place.server().sweep()


def prune(where: Where, keep: int) -> list[str]:
    """Remove all but the last ``keep`` generations, never the serving one; returns the ids that went."""
    place = Place.of(where)
    serving = current(place)
    known = generations(place)
    gone = [name for name in known[:-keep] if name != serving]
    for name in gone:
        if place.url:
            place.server().drop(name)
    stale = gone if not place.url else [name for name in local_generations(place.folder) if name not in known[-keep:]]
    for name in stale:
        if name != serving and (place.folder / name).exists():
            # Renamed first: a folder that is half removed must not look like a generation.
            os.rename(place.folder / name, place.folder / f"{name}{DRAFT}")
            shutil.rmtree(place.folder / f"{name}{DRAFT}", ignore_errors=True)
    return gone


def write_draft(folder: Path, name: str, created: datetime, contents: Contents) -> Manifest:
    """Write everything of a generation but Chroma into a new folder."""
    (folder / "arrays").mkdir(parents=True)
    write_knowledge(folder, contents.knowledge)
    np.save(folder / VECTORS, contents.vectors.astype(np.float32, copy=False))
    for kind, array in contents.arrays.items():
        np.save(folder / "arrays" / f"{kind}.npy", array)
    manifest = _manifest(name, created, contents, folder)
    write_manifest(folder, manifest)
    return manifest


def _manifest(name: str, created: datetime, contents: Contents, folder: Path) -> Manifest:
    knowledge = contents.knowledge
    documents = sum(item.type is ItemType.DOCUMENT for item in knowledge.items)
    files = [folder / written.NAME, folder / VECTORS, *sorted((folder / "arrays").iterdir())]
    return Manifest(
        id=name,
        created=created.isoformat(timespec="seconds"),
        format=FORMAT,
        kompasbot=__version__,
        chroma=chroma_version(),
        embedder=contents.embedder,
        dimension=contents.dimension,
        factsheets=len(knowledge.factsheets),
        items=len(knowledge.items) - documents,
        documents=documents,
        passages=len(knowledge.passages),
        sources=contents.sources,
        files={file.relative_to(folder).as_posix(): file_digest(file) for file in files},
    )


def _settle(folder: Path) -> None:
    """Make everything in a folder durable before it gets its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for path in (folder, *(sub for sub in folder.rglob("*") if sub.is_dir())):
        _sync(path)


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
