"""The copy of the corpus that an ingestion from the page reads, and how its changes get into the corpus itself.

The ingestion publishes from the copy. Only when it has, the corpus gets what stood ready; what that replaces is kept.
Placing twice does the same as placing once, so that a task that died between the two is finished by the next.
"""

import hashlib
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from kompasbot.errors import KompasbotError, reason_of
from kompasbot.server.manage.names import TABLES
from kompasbot.server.manage.room import Room, read_json, remove, write_bytes, write_json
from kompasbot.server.manage.staging import Staged

_KEPT: Final = 50
_TABLES: Final = "ids.json"
_ITEMS: Final = TABLES[2]


def assemble(room: Room, files: Sequence[Staged]) -> None:
    """Make the copy, with the files that stand ready in it. Raises :class:`KompasbotError` when that fails."""
    remove(room.trial)
    try:
        if room.corpus.is_dir():
            shutil.copytree(room.corpus, room.trial, ignore=_hidden)
        room.trial.mkdir(parents=True, exist_ok=True)
        for one in files:
            if one.replaces:
                remove(room.trial / one.replaces)
            write_bytes(room.trial / one.target, (room.contents / one.id).read_bytes())
    except (OSError, shutil.Error) as error:
        raise KompasbotError(
            f"De bestanden konden niet worden klaargezet: {reason_of(error)}.",
            "Controleer de schijfruimte en de rechten.",
        ) from error


def _hidden(_folder: str, names: list[str]) -> Collection[str]:
    return [name for name in names if name.startswith(".")]


def place(room: Room, files: Sequence[Staged], job: str) -> list[str]:
    """Put the files into the corpus, and the ids that the ingestion gave; returns what was replaced.

    Raises :class:`KompasbotError` when the corpus can't be written; what was placed until then stays, and placing again
    goes on from there.
    """
    copies = room.kept / job
    changed = [(one.target, one.replaces) for one in files] + [(path, "") for path in _new_ids(room)]
    try:
        replaced = [path for target, old in changed if (path := _place(room, copies, target, old))]
    except OSError as error:
        raise KompasbotError(
            f"De nieuwe index is in gebruik, maar de bestanden zijn niet bewaard: {reason_of(error)}.",
            f"Geef kompasbot het recht om te schrijven in de map {room.corpus}, en publiceer dan opnieuw.",
        ) from error
    _prune(room)
    return replaced


def _new_ids(room: Room) -> list[str]:
    """The tables of ids that the ingestion wrote into the copy, where nobody changed the corpus's own meanwhile."""
    found = []
    before = read_json(room.folder / _TABLES) or {}
    for path in room.trial.glob(f"*/{_ITEMS}"):
        where = path.relative_to(room.trial).as_posix()
        own = room.corpus / where
        now = _digest(own) if own.is_file() else ""
        if before.get(where, "") == now != _digest(path):
            found.append(where)
    return found


def note_ids(room: Room) -> None:
    """Note the tables of ids as they are in the corpus, before an ingestion adds to those of the copy."""
    paths = room.corpus.glob(f"*/{_ITEMS}")
    write_json(room.folder / _TABLES, {path.relative_to(room.corpus).as_posix(): _digest(path) for path in paths})


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _place(room: Room, copies: Path, target: str, replaced: str) -> str | None:
    """Place one file; returns what it replaced."""
    new, own = room.trial / target, room.corpus / target
    content = new.read_bytes()
    old = room.corpus / replaced if replaced else own
    gone = None
    if old.is_file() and not (old == own and old.read_bytes() == content):
        gone = old.relative_to(room.corpus).as_posix()
        (copies / gone).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(old, copies / gone)
    if own.is_file() and own != old and own.read_bytes() != content:
        (copies / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(own, copies / target)
    if not own.is_file() or own.read_bytes() != content:
        write_bytes(own, content)
    if old != own:
        remove(old)
    return gone


def _prune(room: Room) -> None:
    folders = sorted(room.kept.iterdir()) if room.kept.is_dir() else []
    for folder in folders[:-_KEPT]:
        remove(folder)
