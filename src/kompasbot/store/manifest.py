"""What a generation was built from and with. Read without importing Chroma or numpy, so that deciding is quick."""

import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from kompasbot.errors import IndexFailure

FORMAT: Final = 1
"""Changes whenever an older program could not read a newer generation, or the other way round."""

_POINTER: Final = "CURRENT"
_HINT: Final = "Bouw de index opnieuw: kompasbot ingest."


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
        raise IndexFailure(f"De generatie '{folder.name}' van de index is beschadigd: {error}.", _HINT) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; the last file of a generation."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def current(index_dir: Path) -> str | None:
    """The id of the serving generation, or None when nothing was ever published."""
    try:
        return (index_dir / _POINTER).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def pointer(index_dir: Path) -> Path:
    """The file that names the serving generation."""
    return index_dir / _POINTER


def generations(index_dir: Path) -> list[str]:
    """The ids of all published generations, oldest first."""
    if not index_dir.is_dir():
        return []
    return sorted(folder.name for folder in index_dir.iterdir() if (folder / "manifest.json").is_file())
