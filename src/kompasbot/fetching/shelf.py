"""What is kept of the links: how each was found at the last check, and the last good copy of what it points at."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from filelock import FileLock, Timeout

from kompasbot.errors import Busy, KompasbotError
from kompasbot.knowledge import Health

KINDS: Final = ("html", "pdf", "docx", "md", "txt")
MOST_BYTES: Final = 2 * 1024 * 1024 * 1024
"""What all copies together may take."""
ORPHANED: Final = timedelta(days=30)
"""How long an address that no link has any more keeps its record and copy."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one page, by its address without a fragment.

    ``reason`` says in Dutch why it is not fine, or why an old copy serves; ``checked`` and ``fetched`` are ISO times,
    of the last check and of the copy; ``body`` is the copy's digest, ``kind`` one of :data:`KINDS`. ``letters``
    counts the characters of its text: 0 when it can't be read, None when nobody tried. ``doubted``: the last check
    found content that a person may take over, but that was not taken by itself. ``orphaned`` is the time of the first
    check without a link to it.
    """

    url: str
    health: Health = Health.UNCHECKED
    reason: str = ""
    checked: str = ""
    status: int | None = None
    moved_to: str | None = None
    etag: str | None = None
    modified: str | None = None
    kind: str | None = None
    body: str | None = None
    fetched: str | None = None
    letters: int | None = None
    doubted: bool = False
    orphaned: str | None = None


class Shelf:
    """The folder with the records and copies. Reading needs no lock; writing takes one."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self.folder = folder
        self._most = most
        self._state = folder / "state.json"

    def load(self) -> dict[str, Record]:
        """All records by address; none when nothing was ever checked, or when the file is damaged."""
        try:
            rows = json.loads(self._state.read_text(encoding="utf-8"))
            return {row["url"]: Record(**{**row, "health": Health(row["health"])}) for row in rows}
        except (OSError, ValueError, TypeError, KeyError):
            return {}

    def digest(self) -> str:
        """A digest over what an ingestion uses of the shelf: health and copies, not the time of a check. Empty for an
        empty shelf."""
        used = sorted((one.url, one.health, one.body or "", one.moved_to or "") for one in self.load().values())
        return hashlib.blake2b(json.dumps(used).encode(), digest_size=16).hexdigest() if used else ""

    def copy(self, record: Record) -> Path | None:
        """Where the last good copy of an address stands, or None."""
        path = self.folder / "copies" / f"{record.body}.{record.kind}" if record.body else None
        return path if path is not None and path.is_file() else None

    def room(self, records: Iterable[Record]) -> int:
        """How many bytes of copies still fit beside those of some records."""
        return self._most - sum(map(self._size, records))

    def _size(self, record: Record) -> int:
        path = self.copy(record)
        return path.stat().st_size if path else 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the shelf alone; raises :class:`Busy` at once when another process does."""
        try:
            (self.folder / "copies").mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "links.lock", timeout=0):
                for draft in self.folder.rglob("*.tmp"):  # of a check that was cut off
                    draft.unlink(missing_ok=True)
                yield
        except Timeout as error:
            raise Busy("Er loopt al een controle van de links.", "Wacht tot die klaar is.") from error
        except OSError as error:
            raise KompasbotError(
                f"De map '{self.folder}' is niet te gebruiken: {error.strerror or error}.",
                "Controleer de schijfruimte en de rechten, of kies een andere map met KOMPASBOT_DATA.",
            ) from error

    @staticmethod
    def digest_of(data: bytes) -> str:
        """The digest by which a copy is known."""
        return hashlib.blake2b(data, digest_size=16).hexdigest()

    def put(self, data: bytes, kind: str) -> Path:
        """Write what may become a copy; the next :meth:`save` drops it unless a record has it."""
        path = self.folder / "copies" / f"{self.digest_of(data)}.{kind}"
        if not path.exists():
            _write(path, data)
        return path

    def save(self, records: Mapping[str, Record], now: datetime) -> None:
        """Replace the records, and drop copies that none of them has.

        Records that are there already and not among these are orphans: a link that is gone for a day, or the check of
        another corpus, costs no copy. They go after :data:`ORPHANED`, or the oldest first where there is no room.
        """
        kept = {**self._orphans(records, now), **records}
        _write(
            self._state, json.dumps([asdict(kept[url]) for url in sorted(kept)], ensure_ascii=False, indent=1).encode()
        )
        used = {f"{one.body}.{one.kind}" for one in kept.values() if one.body}
        for path in (self.folder / "copies").iterdir():
            if path.name not in used:
                path.unlink(missing_ok=True)

    def _orphans(self, records: Mapping[str, Record], now: datetime) -> dict[str, Record]:
        stamp, oldest = (one.isoformat(timespec="seconds") for one in (now, now - ORPHANED))
        orphans = [
            replace(one, orphaned=one.orphaned or stamp) for one in self.load().values() if one.url not in records
        ]
        room = self.room(records.values())
        kept = {}
        for one in sorted(orphans, key=lambda one: one.orphaned or "", reverse=True):
            room -= self._size(one)
            if room < 0 or (one.orphaned or "") < oldest:
                break
            kept[one.url] = one
        return kept


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or the old one."""
    draft = path.with_name(f"{path.name}.{uuid4().hex}.tmp")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
