"""Where the maintainers' page keeps its things: a folder beside the index, every file of it written atomically."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kompasbot.settings import Settings


@dataclass(frozen=True, slots=True)
class Room:
    """``folder`` is ours, ``corpus`` is the maintainers'."""

    folder: Path
    corpus: Path

    @classmethod
    def of(cls, settings: Settings) -> "Room":
        """The room by the settings; nothing is made yet."""
        return cls((settings.data / "beheer").absolute(), settings.corpus.absolute())

    @property
    def lock(self) -> Path:
        """Held by whoever changes something here."""
        return self.folder / "taak.lock"

    @property
    def job(self) -> Path:
        """The state of the running or last task."""
        return self.folder / "taak.json"

    @property
    def log(self) -> Path:
        """What the last task wrote to stderr."""
        return self.folder / "taak.log"

    @property
    def report(self) -> Path:
        """The report of the last task, as a page."""
        return self.folder / "verslag.html"

    @property
    def staged(self) -> Path:
        """Which files stand ready; their content stands in :attr:`contents`."""
        return self.folder / "klaar.json"

    @property
    def contents(self) -> Path:
        """The content of the files that stand ready."""
        return self.folder / "klaar"

    @property
    def trial(self) -> Path:
        """A copy of the corpus with those files in it: what an ingestion from here reads."""
        return self.folder / "proef"

    @property
    def kept(self) -> Path:
        """What was replaced in the corpus, a folder a task."""
        return self.folder / "kopie"

    def can_write(self) -> bool:
        """Whether the corpus can be changed; one that is not there yet can be made."""
        nearest = next(path for path in (self.corpus, *self.corpus.parents) if path.exists())
        return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def write_json(path: Path, value: Any) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it."""
    write_bytes(path, json.dumps(value, ensure_ascii=False, indent=1).encode())


def write_bytes(path: Path, content: bytes) -> None:
    """As :func:`write_json`, for bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.nieuw")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def read_json(path: Path) -> Any:
    """The value in a file; None when there is none that can be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
