"""Writes a generation beside the serving one and switches to it; a crash at any point leaves the serving one
untouched.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from kompasbot import __version__
from kompasbot.knowledge import ItemType, Knowledge
from kompasbot.store import child
from kompasbot.store.manifest import FORMAT, Manifest, chroma_version, current, generations, pointer, write_manifest


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


def publish(index_dir: Path, contents: Contents, step: Callable[[str], None] = lambda _: None) -> Manifest:
    """Write, build, check and switch; ``step`` is told each step's name. The caller holds the ingestion's lock.

    Raises :class:`PublicationStopped` when the new generation can't be built or does not pass its check.
    """
    created = datetime.now(UTC)
    name = f"{created:%Y%m%d-%H%M%S}-{contents.sources[:8]}"
    while (index_dir / name).exists():
        name += "x"
    draft = index_dir / f"{name}.tmp"
    try:
        step("schrijven")
        _write(draft, contents)
        step("bouwen")
        child.run(child.BUILD, draft, len(contents.vectors))
        step("controleren")
        child.run(child.CHECK, draft, len(contents.vectors))
        manifest = _manifest(name, created, contents, draft)
        write_manifest(draft, manifest)
        step("publiceren")
        _settle(draft)
        os.rename(draft, index_dir / name)
        _sync(index_dir)
        switch(index_dir, name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def switch(index_dir: Path, name: str) -> None:
    """Point at a generation, atomically."""
    draft = index_dir / "CURRENT.tmp"
    with draft.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, pointer(index_dir))
    _sync(index_dir)


def sweep(index_dir: Path) -> None:
    """Remove what an ingestion that died left behind; only under the ingestion's lock."""
    for folder in index_dir.glob("*.tmp"):
        shutil.rmtree(folder, ignore_errors=True) if folder.is_dir() else folder.unlink(missing_ok=True)


def prune(index_dir: Path, keep: int) -> list[str]:
    """Remove all but the last ``keep`` generations, never the serving one; returns the ids that went."""
    serving = current(index_dir)
    gone = [name for name in generations(index_dir)[:-keep] if name != serving]
    for name in gone:
        # Renamed first: a folder that is half removed must not look like a generation.
        os.rename(index_dir / name, index_dir / f"{name}.tmp")
        shutil.rmtree(index_dir / f"{name}.tmp", ignore_errors=True)
    return gone


def _write(folder: Path, contents: Contents) -> None:
    (folder / "arrays").mkdir(parents=True)
    (folder / "knowledge.json").write_bytes(TypeAdapter(Knowledge).dump_json(contents.knowledge))
    np.save(folder / "vectors.npy", contents.vectors.astype(np.float32, copy=False))
    for name, array in contents.arrays.items():
        np.save(folder / "arrays" / f"{name}.npy", array)


def _manifest(name: str, created: datetime, contents: Contents, folder: Path) -> Manifest:
    knowledge = contents.knowledge
    documents = sum(item.type is ItemType.DOCUMENT for item in knowledge.items)
    files = [folder / "knowledge.json", folder / "vectors.npy", *sorted((folder / "arrays").iterdir())]
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
        files={str(file.relative_to(folder)): _digest(file) for file in files},
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
