"""What a generation was built from and with. Read without importing Chroma or numpy, so that deciding is quick."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from kompasbot.errors import IndexFailure, reason_of

FORMAT: Final = 2
"""Changes whenever an older program could not read a newer generation, or the other way round."""

_HINT: Final = "Bouw de index opnieuw: kompasbot ingest --rebuild."


@dataclass(frozen=True, slots=True)
class Manifest:
    """``sources`` is the digest of the corpus's files; ``files`` maps each file of the generation to its sha256."""

    id: str
    created: str
    format: int
    kompasbot: str
    chroma: str
    embedder: str
    dimension: int
    factsheets: int
    items: int
    documents: int
    passages: int
    sources: str
    files: dict[str, str]


def chroma_version() -> str:
    """The installed version of Chroma, without importing it."""
    return version("chromadb")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation's folder; raises :class:`IndexFailure` when it is missing or damaged."""
    path = folder / "manifest.json"
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexFailure(
            f"De generatie '{folder.name}' van de index is beschadigd: {reason_of(error)}.", _HINT
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; the last file of a generation."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def damage(folder: Path, manifest: Manifest, skip: Collection[str] = ()) -> str | None:
    """What is wrong with the files that a manifest lists, or None; those in ``skip`` are not looked at."""
    for name, digest in manifest.files.items():
        if name in skip:
            continue
        try:
            if file_digest(folder / name) != digest:
                return f"{name} is niet meer wat het was"
        except OSError as error:
            return f"{name}: {reason_of(error)}"
    return None


def file_digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
