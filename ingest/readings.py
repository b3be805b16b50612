"""Keeps what was read of the files, by the digest of their content: one that did not change is not read again."""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from ingest.blocks import SourceText
from ingest.sandbox import read_apart
from kompasbot.fetching import content

READERS: Final = ("blocks", "files", "findings", "hrefs", "markdown", "plaintext", "sections", "sitecodes", "yamlfiles")
"""The modules of this package that take part in reading, besides those in ``readers``."""
_LIBRARIES: Final = ("pdfminer.six", "pypdf", "trafilatura", "lxml", "markdown-it-py", "PyYAML")


class Readings:
    """Reads files apart, and keeps what came of it in ``folder``; without one nothing is kept.

    Only what succeeded is kept: a file that was too heavy on a busy day is tried again. ``writes`` is off for a
    rehearsal, which uses what is there. A folder that can't be read or written costs time, and nothing else.
    """

    def __init__(self, folder: Path | None = None, *, writes: bool = True) -> None:
        self._folder = folder
        self._writes = writes
        self._used: set[str] = set()

    def read(self, kind: str, path: Path, where: str, address: str | None = None) -> SourceText:
        """What :func:`~ingest.sandbox.read_apart` gives, from the folder where it is known; raises what that does."""
        name = self._name(kind, path, address)
        kept = self._load(name)
        if kept is None:
            source = read_apart(kind, path, where, address)
            if name == self._name(kind, path, address):  # else the file changed under the reader's hands
                self._keep(name, source.to_data())
            return source
        return SourceText.from_data(where, kept)

    def drop_unused(self) -> None:
        """Remove what this ingestion did not use: of files that are gone, of older readers, and half-written ones."""
        with suppress(OSError):
            for path in self._folder.iterdir() if self._folder else ():
                if path.name not in self._used:
                    path.unlink(missing_ok=True)

    def _name(self, kind: str, path: Path, address: str | None) -> str:
        """The name of the entry for a file; empty where nothing can be kept."""
        if self._folder is None:
            return ""
        try:
            with path.open("rb") as stream:
                content = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        except OSError:
            return ""
        return f"{_digest([content, kind, address, _readers()])}.json"

    def _load(self, name: str) -> Mapping[str, Any] | None:
        """An entry, or None when there is none that is whole."""
        if not (self._folder and name):
            return None
        self._used.add(name)
        try:
            entry = json.loads((self._folder / name).read_bytes())
            return entry["reading"] if entry["digest"] == _digest(entry["reading"]) else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def _keep(self, name: str, reading: Mapping[str, Any]) -> None:
        if not (self._folder and name and self._writes):
            return
        draft = self._folder / f"{name}.{uuid4().hex}.tmp"
        entry = json.dumps({"digest": _digest(reading), "reading": reading}, ensure_ascii=False)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                draft.write_text(entry, encoding="utf-8", errors="surrogatepass")
                os.replace(draft, self._folder / name)
            finally:
                draft.unlink(missing_ok=True)


def _digest(value: object) -> str:
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=16).hexdigest()


@cache
def _readers() -> str:
    """What tells one version of the readers from another: their source, and the libraries that they stand on."""
    here = Path(__file__).parent
    own = (*sorted((here / "readers").glob("*.py")), *(here / f"{name}.py" for name in READERS))
    modules = [*own, Path(content.__file__)]
    sources = [hashlib.blake2b(one.read_bytes(), digest_size=16).hexdigest() for one in modules]
    return _digest([sources, [_version(name) for name in _LIBRARIES], sys.version])


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
