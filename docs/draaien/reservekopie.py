"""Maakt een reservekopie van de gegevens van kompasbot, ook terwijl die draait, of zet er een terug.

reservekopie.py maak GEGEVENS KOPIE.tar.gz
reservekopie.py terug KOPIE.tar.gz GEGEVENS

Een gepubliceerde index verandert nooit meer, dus die wordt gewoon gekopieerd. Databases kopieert SQLite zelf.
"""

import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

_SQLITE = b"SQLite format 3\0"
_PASSING = (".tmp", ".lock", "-wal", "-shm", "-journal")


def make(data: Path, copy: Path) -> None:
    """Pack the data; the copy gets its name when it is whole."""
    pointer = data / "index" / "CURRENT"
    serving = pointer.read_text(encoding="utf-8") if pointer.is_file() else None
    draft = copy.with_name(f"{copy.name}.nieuw")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "gegevens")
        shutil.copytree(data, work, ignore=_passing, copy_function=_copied)
        if serving:
            # Meanwhile there may be a newer index: the copy points at one that is in it whole.
            (work / "index" / "CURRENT").write_text(serving, encoding="utf-8")
        with tarfile.open(draft, "w:gz") as tar:
            tar.add(work, "gegevens")
    os.replace(draft, copy)
    print(f"Reservekopie gemaakt: {copy}")


def restore(copy: Path, data: Path) -> None:
    """Unpack a copy into an empty or new folder."""
    if data.exists() and any(data.iterdir()):
        sys.exit(f"De map {data} is niet leeg. Stop kompasbot en zet de map eerst opzij.")
    with tempfile.TemporaryDirectory(dir=data.absolute().parent) as folder:
        with tarfile.open(copy) as tar:
            tar.extractall(folder, filter="data")
        shutil.copytree(Path(folder, "gegevens"), data, dirs_exist_ok=True)
    print(f"Teruggezet in {data}. Controleer met: kompasbot doctor")


def _passing(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(_PASSING)]


def _copied(source: str, target: str) -> str:
    with open(source, "rb") as file:
        is_database = file.read(len(_SQLITE)) == _SQLITE
    if not is_database:
        return str(shutil.copy2(source, target))
    with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["maak", data, copy]:
            make(Path(data), Path(copy))
        case ["terug", copy, data]:
            restore(Path(copy), Path(data))
        case _:
            sys.exit(__doc__)
